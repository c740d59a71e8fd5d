//! Writes documents: no white space between elements, AWS's escapes.

use bytes::Bytes;

/// The namespace of S3's documents. Source: facts: s3-behaviour.md 1.2.
pub const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Builds one document. The caller names elements in the order of the document; the writer escapes what they hold.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    out: String,
}

impl Writer {
    /// Begins with the declaration and a newline.
    pub fn with_declaration() -> Self {
        Self {
            out: DECLARATION.to_owned(),
        }
    }

    /// Begins without a declaration.
    pub fn bare() -> Self {
        Self::default()
    }

    /// Begins a success document: declaration, newline, the root with S3's namespace.
    pub fn document(root: &str) -> Self {
        let mut writer = Self::with_declaration();
        writer.push(&["<", root, " xmlns=\"", NAMESPACE, "\">"]);
        writer
    }

    /// A success document with nothing in it: the root closes itself.
    pub fn empty_document(root: &str) -> Bytes {
        let mut writer = Self::with_declaration();
        writer.push(&["<", root, " xmlns=\"", NAMESPACE, "\"/>"]);
        writer.finish()
    }

    /// A success document whose root has nothing but a text.
    pub fn text_document(root: &str, text: &str) -> Bytes {
        let mut writer = Self::document(root);
        escape_into(&mut writer.out, text);
        writer.close(root);
        writer.finish()
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str) {
        self.push(&["<", name, ">"]);
    }

    /// Opens an element that has an `xsi:type`.
    pub fn open_typed(&mut self, name: &str, schema_type: &str) {
        self.push(&[
            "<",
            name,
            " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"",
            schema_type,
            "\">",
        ]);
    }

    /// Closes an element.
    pub fn close(&mut self, name: &str) {
        self.push(&["</", name, ">"]);
    }

    /// An element that closes itself.
    pub fn empty(&mut self, name: &str) {
        self.push(&["<", name, "/>"]);
    }

    /// An element with a text, escaped. An empty text leaves both tags: `<Prefix></Prefix>`.
    pub fn text(&mut self, name: &str, text: &str) {
        self.open(name);
        escape_into(&mut self.out, text);
        self.close(name);
    }

    /// An element with a text, when there is one.
    pub fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// An element whose text is written as it stands: numbers, or text escaped by the caller.
    pub fn raw(&mut self, name: &str, text: &str) {
        self.push(&["<", name, ">", text, "</", name, ">"]);
    }

    /// An element with a number.
    pub fn number(&mut self, name: &str, number: u64) {
        use std::fmt::Write as _;
        self.open(name);
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{number}");
        self.close(name);
    }

    /// An element with an entity tag in quotes, which are escaped.
    pub fn quoted(&mut self, name: &str, tag: &str) {
        self.open(name);
        self.out.push_str("&quot;");
        escape_into(&mut self.out, tag);
        self.out.push_str("&quot;");
        self.close(name);
    }

    /// An element with a sentence, in which quotation marks stand as they are.
    pub fn sentence(&mut self, name: &str, text: &str) {
        self.open(name);
        for (place, piece) in text.split('"').enumerate() {
            if place > 0 {
                self.out.push('"');
            }
            escape_into(&mut self.out, piece);
        }
        self.close(name);
    }

    /// Makes room for so many bytes more, where the length of a document is known to be large.
    pub fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// An element with `true` or `false`.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.raw(name, if value { "true" } else { "false" });
    }

    /// The document.
    pub fn finish(self) -> Bytes {
        Bytes::from(self.out)
    }

    fn push(&mut self, pieces: &[&str]) {
        for piece in pieces {
            self.out.push_str(piece);
        }
    }
}

/// A text with its markup escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}

/// Escapes the five characters of markup, and as numeric references what a reader would change (`\r`, and inside
/// texts nothing else) or what XML 1.0 forbids.
///
/// AWS: characters that XML forbids are sent as references all the same (`&#x4;`); readers that obey XML 1.0 to the
/// letter refuse those, which is why listings offer `encoding-type=url`. Source: facts: s3-behaviour.md 12.2.
fn escape_into(out: &mut String, text: &str) {
    use std::fmt::Write as _;
    // PERF: a listing of 1,000 objects has 7,000 texts, and nearly all stand as they are.
    if !text.bytes().any(may_need_escape) {
        out.push_str(text);
        return;
    }
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "&#x{:x};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
}

/// Bytes that may begin what [`escape_into`] changes; 0xEF begins U+FFFE and U+FFFF, among others.
const fn may_need_escape(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\r' | 0..=8 | 0x0B..=0x1F | 0xEF)
}
