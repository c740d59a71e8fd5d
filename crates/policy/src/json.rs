//! JSON as policies are written in it: bounded in depth, members in the order sent, repeated members noticed.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use std::{cell::Cell, fmt};

/// Deepest nesting of arrays and objects that is read.
///
/// A policy needs six levels; what is deeper is refused before it can exhaust the stack.
const DEPTH_MAX: usize = 32;

/// One JSON value. A number is kept as its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Why a text is not the JSON of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonFault {
    /// Not JSON, not UTF-8, or nested too deeply.
    Invalid,
    /// An object names a member twice, which last-wins parsers would hide.
    RepeatedMember,
}

/// Reads all of `bytes` as one value.
pub(crate) fn parse(bytes: &[u8]) -> Result<Json, JsonFault> {
    let repeated = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let seed = Seed {
        depth: 0,
        repeated: &repeated,
    };
    let json = seed
        .deserialize(&mut deserializer)
        .map_err(|_| JsonFault::Invalid)?;
    deserializer.end().map_err(|_| JsonFault::Invalid)?;
    if repeated.get() {
        Err(JsonFault::RepeatedMember)
    } else {
        Ok(json)
    }
}

/// Where a text stops being JSON: line and column in bytes, both from one; `None` if it ends too early, or is JSON.
pub(crate) fn fault_place(bytes: &[u8]) -> Option<(usize, usize)> {
    let repeated = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let seed = Seed {
        depth: 0,
        repeated: &repeated,
    };
    let end = seed
        .deserialize(&mut deserializer)
        .and_then(|_| deserializer.end());
    let error = end.err().filter(|error| !error.is_eof())?;
    Some((error.line(), error.column()))
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    depth: usize,
    repeated: &'a Cell<bool>,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH_MAX {
            return Err(E::custom("nested too deeply"));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        let number = serde_json::Number::from_f64(value).ok_or_else(|| E::custom("not finite"))?;
        Ok(Json::Number(number.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let deeper = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(deeper)? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let deeper = self.deeper()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some(name) = access.next_key::<String>()? {
            members.push((name, access.next_value_seed(deeper)?));
        }
        if has_repeated(&members) {
            self.repeated.set(true);
        }
        Ok(Json::Object(members))
    }
}

/// Whether two members have one name; objects can be as wide as a body is long.
fn has_repeated(members: &[(String, Json)]) -> bool {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair.first() == pair.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_refused_flat_at_any_depth() {
        for depth in [33, 10_000, 100_000, 1_000_000] {
            assert_eq!(parse("[".repeat(depth).as_bytes()), Err(JsonFault::Invalid));
            assert_eq!(
                parse("{\"a\":".repeat(depth).as_bytes()),
                Err(JsonFault::Invalid)
            );
        }
    }

    #[test]
    fn members_keep_their_order_and_may_not_repeat() {
        let json = parse(br#"{"b":1,"a":[true,null,"x"]}"#).unwrap();
        let Json::Object(members) = json else {
            panic!("an object")
        };
        assert_eq!(members[0], ("b".into(), Json::Number("1".into())));
        assert_eq!(
            parse(br#"{"a":{"b":1,"b":1}}"#),
            Err(JsonFault::RepeatedMember)
        );
        assert_eq!(parse(br#"{"a":1,"a":}"#), Err(JsonFault::Invalid));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_not_json() {
        assert_eq!(parse(b"{\"a\":\"\xff\"}"), Err(JsonFault::Invalid));
        assert_eq!(parse(b"{} x"), Err(JsonFault::Invalid));
    }
}
