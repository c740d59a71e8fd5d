//! Any policies and any request, as `lines.rs` reads them: the engine neither panics nor differs from the oracle.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code)]
#[path = "../../tests/it/both.rs"]
mod both;
#[path = "../../tests/it/lines.rs"]
mod lines;
#[allow(dead_code)]
#[path = "../../../policy/tests/it/world.rs"]
mod world;

/// The oracle takes its time with long texts.
const INPUT_BYTES_MAX: usize = 4096;

fuzz_target!(|text: &str| {
    if text.len() > INPUT_BYTES_MAX {
        return;
    }
    let request = lines::request(text);
    assert_eq!(request.engine(), request.oracle(), "{request:#?}");
});
