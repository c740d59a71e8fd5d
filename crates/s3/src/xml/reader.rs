//! Reads documents: bounded, flat, strict.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Element;
use crate::{ErrorCode, S3Error};

/// Deepest nesting of elements. Source: ours; the deepest document of S3 has 7.
pub const DEPTH_MAX: usize = 32;
/// Most elements in one document. Source: ours; 10,000 parts of an upload have about 50,000.
pub const ELEMENTS_MAX: usize = 65_536;

/// The bytes are no document this crate reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not well-formed, not UTF-8, or with what is refused on purpose: a DTD, other entities than XML's five and
    /// character references, processing instructions.
    #[error("the document is not well-formed XML")]
    Malformed,
    /// Deeper than [`DEPTH_MAX`] or with more elements than [`ELEMENTS_MAX`].
    #[error("the document is too deep or has too many elements")]
    TooLarge,
    /// The root element has another name than the operation's document.
    #[error("the root element has another name")]
    WrongRoot,
}

impl From<XmlError> for S3Error {
    fn from(_: XmlError) -> Self {
        Self::malformed_xml()
    }
}

/// Reads a document whose size the caller has bounded. Namespaces and attributes are ignored, but for
/// `xsi:type`, by whatever prefix.
///
/// # Errors
/// [`XmlError`]. Memory and time grow with the size of the document only, and there is no recursion.
pub fn read(body: &[u8], root: &str) -> Result<Element, XmlError> {
    let text = std::str::from_utf8(body).map_err(|_| XmlError::Malformed)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    let mut builder = Builder::default();
    loop {
        match reader.read_event().map_err(|_| XmlError::Malformed)? {
            Event::Start(start) => builder.open(&start)?,
            Event::Empty(start) => {
                builder.open(&start)?;
                builder.close()?;
            }
            Event::End(_) => builder.close()?,
            Event::Text(text) => builder.text(&text.xml10_content())?,
            Event::CData(data) => builder.character_data(&data.xml10_content())?,
            Event::GeneralRef(reference) => builder.reference(&reference)?,
            Event::Decl(declaration) => builder.declaration(&declaration)?,
            Event::Comment(_) => builder.comment(),
            Event::DocType(_) | Event::PI(_) => return Err(XmlError::Malformed),
            Event::Eof => break,
        }
    }
    let element = builder
        .root
        .filter(|_| builder.open.is_empty())
        .ok_or(XmlError::Malformed)?;
    if element.name() == root {
        Ok(element)
    } else {
        Err(XmlError::WrongRoot)
    }
}

/// Reads a document that must be there.
///
/// # Errors
/// `MissingRequestBodyError` for no body, `MalformedXML` otherwise. Source: facts: s3-behaviour.md 1.4.
pub(crate) fn read_required(body: &[u8], root: &str) -> Result<Element, S3Error> {
    if body.is_empty() {
        return Err(S3Error::new(ErrorCode::MissingRequestBodyError));
    }
    Ok(read(body, root)?)
}

#[derive(Default)]
struct Builder {
    /// From the root down to the element that is open.
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    /// Whether anything stood before: a declaration must come first.
    begun: bool,
}

impl Builder {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        self.begun = true;
        self.elements += 1;
        if self.open.len() >= DEPTH_MAX || self.elements > ELEMENTS_MAX {
            return Err(XmlError::TooLarge);
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(XmlError::Malformed);
        }
        let name: &str = start.local_name().into_inner();
        if name.is_empty() || !name.chars().all(is_name_character) {
            return Err(XmlError::Malformed);
        }
        let schema_type = read_attributes(start)?;
        self.open.push(Element::new(name, schema_type.as_deref()));
        Ok(())
    }

    fn close(&mut self) -> Result<(), XmlError> {
        let element = self.open.pop().ok_or(XmlError::Malformed)?;
        if !element.is_tidy() {
            return Err(XmlError::Malformed);
        }
        match self.open.last_mut() {
            Some(parent) => parent.push_child(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        self.begun = true;
        if self.open.is_empty() {
            return if text.chars().all(is_white) {
                Ok(())
            } else {
                Err(XmlError::Malformed)
            };
        }
        self.character_data(text)
    }

    fn character_data(&mut self, text: &str) -> Result<(), XmlError> {
        if text.contains(is_forbidden) {
            return Err(XmlError::Malformed);
        }
        self.open
            .last_mut()
            .ok_or(XmlError::Malformed)?
            .push_text(text);
        Ok(())
    }

    /// One of XML's five entities, or a character reference. AWS: keys with characters that XML forbids can be
    /// written as references only, so those are read; NUL is not.
    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), XmlError> {
        let character = match reference.resolve_char_ref() {
            Ok(Some('\0')) | Err(_) => return Err(XmlError::Malformed),
            Ok(Some(character)) => character,
            Ok(None) => match &**reference {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                _ => return Err(XmlError::Malformed),
            },
        };
        let mut buffer = [0; 4];
        self.open
            .last_mut()
            .ok_or(XmlError::Malformed)?
            .push_text(character.encode_utf8(&mut buffer));
        Ok(())
    }

    fn declaration(
        &mut self,
        declaration: &quick_xml::events::BytesDecl<'_>,
    ) -> Result<(), XmlError> {
        if self.begun {
            return Err(XmlError::Malformed);
        }
        self.begun = true;
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("UTF-8") => Ok(()),
            Some(_) => Err(XmlError::Malformed),
        }
    }

    const fn comment(&mut self) {
        self.begun = true;
    }
}

/// Attributes must be well-formed; only `xsi:type` says anything of interest. Duplicates are not searched for, which
/// would cost the square of their number.
fn read_attributes<'s>(start: &'s BytesStart<'_>) -> Result<Option<Cow<'s, str>>, XmlError> {
    let mut schema_type = None;
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    for attribute in attributes {
        let attribute = attribute.map_err(|_| XmlError::Malformed)?;
        let (name, prefix) = attribute.key.decompose();
        if prefix.is_some() && name.into_inner() == "type" {
            schema_type = Some(attribute.value);
        }
    }
    Ok(schema_type)
}

const fn is_white(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

/// What XML 1.0 forbids in a document as it stands.
const fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}
