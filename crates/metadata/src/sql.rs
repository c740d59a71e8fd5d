//! Statements, each written once for both databases.

/// One statement. Only [`statements!`] makes them, so that all of them are known.
///
/// INVARIANT: parameters first appear in the order of their numbers. To Postgres `$2` is the second parameter; to
/// `SQLite` it is a name, and names are numbered as they appear. A test looks at all statements.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql(pub(crate) &'static str);

/// Declares the statements of a file, and `ALL` of them for the check against the schema.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* const $name: $crate::sql::Sql = $crate::sql::Sql($text);)*
        pub(crate) const ALL: &[$crate::sql::Sql] = &[$($name),*];
    };
}
pub(crate) use statements;

/// A parameter of a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Some(value))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(Some(value))
    }
}

impl<'a> From<Option<&'a [u8]>> for Value<'a> {
    fn from(value: Option<&'a [u8]>) -> Self {
        Self::Bytes(value)
    }
}

/// The parameters of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Value::from($value)),*] };
}
pub(crate) use values;

#[cfg(test)]
mod tests {
    use crate::store::every_statement;

    #[test]
    fn parameters_first_appear_in_the_order_of_their_numbers() {
        for sql in every_statement() {
            let mut seen = 0;
            for rest in sql.0.split('$').skip(1) {
                let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
                let number: usize = digits.unwrap().parse().unwrap();
                assert!(number <= seen + 1, "${number} comes too early in {}", sql.0);
                seen = seen.max(number);
            }
        }
    }
}
