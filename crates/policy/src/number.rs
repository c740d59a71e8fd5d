//! Numbers of conditions.

/// A decimal number, exact: 18 digits before the point fit always, 18 after it.
///
/// Source: facts: authorization.md 4.2 ("integers or decimals compared as numbers").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// In units of 10⁻¹⁸.
    scaled: i128,
}

/// Digits after the point that count.
const FRACTION_DIGITS: usize = 18;
/// Ten to the power of [`FRACTION_DIGITS`].
const ONE: i128 = 1_000_000_000_000_000_000;

impl Number {
    /// Reads `-12.5`, `+3`, `.5`; `None` for anything else, exponents included, and for what does not fit.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > FRACTION_DIGITS {
            return None;
        }
        let missing = u32::try_from(FRACTION_DIGITS - fraction.len()).ok()?;
        let scaled = read(whole)?
            .checked_mul(ONE)?
            .checked_add(read(fraction)?.checked_mul(10_i128.checked_pow(missing)?)?)?;
        Some(Self {
            scaled: if negative { -scaled } else { scaled },
        })
    }
}

fn read(digits: &str) -> Option<i128> {
    if digits.is_empty() {
        return Some(0);
    }
    digits.parse().ok()
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self {
            scaled: i128::from(value) * ONE,
        }
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self {
            scaled: i128::from(value) * ONE,
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.scaled < 0 { "-" } else { "" };
        let size = self.scaled.unsigned_abs();
        let one = ONE.unsigned_abs();
        let (whole, mut fraction) = (size / one, size % one);
        write!(f, "{sign}{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let mut width = FRACTION_DIGITS;
        while fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn decimals_compare_as_numbers() {
        let read = |text| Number::parse(text).unwrap();
        assert!(read("10") > read("9"));
        assert_eq!(read("1.50"), read("1.5"));
        assert_eq!(read("-0"), read("0"));
        assert!(read("-1.5") < read("-1"));
        assert!(read("18446744073709551615") > read("18446744073709551614"));
    }

    #[test]
    fn what_is_no_decimal_is_no_number() {
        for text in [
            "",
            "-",
            ".",
            "1e3",
            "0x1",
            " 1",
            "1 ",
            "1.2.3",
            "9".repeat(60).as_str(),
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_without_needless_zeros() {
        for text in ["0", "12", "-3.25", "0.001"] {
            assert_eq!(Number::parse(text).unwrap().to_string(), text);
        }
    }
}
