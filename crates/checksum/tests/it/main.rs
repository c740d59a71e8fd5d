//! The tests of `buckler-checksum`: published check values, the names on the wire, properties.

mod check_values;
mod combining;
mod names;
mod properties;
