//! Condition operators.

use std::fmt;

/// A condition operator: `ForAnyValue:StringLikeIfExists` in parts.
///
/// Source: facts: authorization.md 4.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// The prefix, if any.
    pub set: Option<SetOperator>,
    /// The test of one value.
    pub test: Test,
    /// Whether the name ends in `IfExists`.
    pub if_exists: bool,
}

/// How a key with many values is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetOperator {
    /// `ForAllValues:` every value of the request passes; holds when there is none.
    ForAllValues,
    /// `ForAnyValue:` some value of the request passes.
    ForAnyValue,
}

macro_rules! tests {
    ($($variant:ident = $negated:literal;)*) => {
        /// The test of one value of the request against the values of the policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Test {
            $(
                #[doc = concat!("`", stringify!($variant), "`.")]
                $variant,
            )*
        }

        impl Test {
            /// Every test there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The operator's name as AWS writes it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// Whether the test holds when no policy value matches, and so on absent keys.
            pub const fn is_negated(self) -> bool {
                match self { $(Self::$variant => $negated,)* }
            }
        }
    };
}

tests! {
    StringEquals = false;
    StringNotEquals = true;
    StringEqualsIgnoreCase = false;
    StringNotEqualsIgnoreCase = true;
    StringLike = false;
    StringNotLike = true;
    NumericEquals = false;
    NumericNotEquals = true;
    NumericLessThan = false;
    NumericLessThanEquals = false;
    NumericGreaterThan = false;
    NumericGreaterThanEquals = false;
    DateEquals = false;
    DateNotEquals = true;
    DateLessThan = false;
    DateLessThanEquals = false;
    DateGreaterThan = false;
    DateGreaterThanEquals = false;
    Bool = false;
    BinaryEquals = false;
    IpAddress = false;
    NotIpAddress = true;
    ArnEquals = false;
    ArnLike = false;
    ArnNotEquals = true;
    ArnNotLike = true;
    Null = false;
}

impl Operator {
    /// Reads an operator's name; it must be spelled exactly. `Null` takes neither prefix nor `IfExists`.
    pub fn parse(name: &str) -> Option<Self> {
        let (set, name) = if let Some(rest) = name.strip_prefix("ForAllValues:") {
            (Some(SetOperator::ForAllValues), rest)
        } else if let Some(rest) = name.strip_prefix("ForAnyValue:") {
            (Some(SetOperator::ForAnyValue), rest)
        } else {
            (None, name)
        };
        let (if_exists, name) = match name.strip_suffix("IfExists") {
            Some(rest) => (true, rest),
            None => (false, name),
        };
        let test = Test::ALL.iter().copied().find(|test| test.name() == name)?;
        if test == Test::Null && (if_exists || set.is_some()) {
            return None;
        }
        Some(Self {
            set,
            test,
            if_exists,
        })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Some(SetOperator::ForAllValues) => f.write_str("ForAllValues:")?,
            Some(SetOperator::ForAnyValue) => f.write_str("ForAnyValue:")?,
            None => {}
        }
        f.write_str(self.test.name())?;
        if self.if_exists {
            f.write_str("IfExists")?;
        }
        Ok(())
    }
}
