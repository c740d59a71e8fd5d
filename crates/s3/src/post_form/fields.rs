//! The fields before the file.

use crate::{ErrorCode, S3Error};

/// Most bytes of names and values of all fields before the file.
/// Source: Amazon S3 API Reference, "POST Object" (20 KB of form data without the file).
pub const FORM_FIELDS_BYTES_MAX: usize = 20 * 1024;

/// The word in a key that stands for the file's name.
const FILENAME: &str = "${filename}";

/// Names, in lower case, and values, in the order of the form. No name is there twice: the values of a repeated field are
/// one text with commas between them, so that what a condition sees is what is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormFields {
    fields: Vec<(String, String)>,
    bytes: usize,
}

impl FormFields {
    /// Takes one more field.
    ///
    /// # Errors
    /// `MaxPostPreDataLengthExceededError` beyond [`FORM_FIELDS_BYTES_MAX`].
    pub fn push(&mut self, name: &str, value: &str) -> Result<(), S3Error> {
        // One byte more for each, so that fields of nothing are not free.
        self.bytes = self.bytes.saturating_add(name.len() + value.len() + 1);
        if self.bytes > FORM_FIELDS_BYTES_MAX {
            return Err(S3Error::new(ErrorCode::MaxPostPreDataLengthExceededError));
        }
        let name = name.to_ascii_lowercase();
        match self.fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => {
                values.push(',');
                values.push_str(value);
            }
            None => self.fields.push((name, value.to_owned())),
        }
        Ok(())
    }

    /// How many bytes a further value may have.
    pub fn bytes_left(&self) -> usize {
        FORM_FIELDS_BYTES_MAX.saturating_sub(self.bytes)
    }

    /// The value of a field, by its lower-case name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Lower-case names and values, in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of the field `key`.
    ///
    /// # Errors
    /// `InvalidArgument` without one.
    pub fn key(&self) -> Result<&str, S3Error> {
        self.get("key").ok_or_else(|| {
            S3Error::invalid_argument(
                "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
                "key",
                None,
            )
        })
    }

    /// Puts the file's name where the key says `${filename}`, before anything is judged. Browsers have sent whole
    /// paths, of which only the last part counts.
    pub fn name_file(&mut self, file_name: &str) {
        let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        if let Some((_, key)) = self.fields.iter_mut().find(|(name, _)| name == "key") {
            *key = key.replace(FILENAME, last);
        }
    }
}
