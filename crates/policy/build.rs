//! Generates `Action` and `ConditionKey` from `data/s3-actions.json`.

#[path = "build/actions.rs"]
mod actions;
#[path = "build/keys.rs"]
mod keys;

use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    const DATA: &str = "data/s3-actions.json";
    println!("cargo::rerun-if-changed={DATA}");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=build.rs");
    let data: serde_json::Value = serde_json::from_slice(&fs::read(DATA)?)?;
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let keys = keys::read(&data)?;
    fs::write(Path::new(&out).join("keys.rs"), keys::generate(&keys)?)?;
    fs::write(
        Path::new(&out).join("actions.rs"),
        actions::generate(&data, &keys)?,
    )?;
    Ok(())
}
