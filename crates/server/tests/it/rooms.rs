//! Imports between the rooms point down: the table in ARCHITECTURE.md against the manifests.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const ARCHITECTURE: &str = include_str!("../../../../ARCHITECTURE.md");

/// Floors from the bottom; a room imports only from floors below its own, ground rooms also from
/// each other (plain types).
const FLOORS: [&str; 5] = ["ground", "first", "second", "roof", "dev"];

fn floors() -> BTreeMap<String, usize> {
    ARCHITECTURE
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim).skip(1);
            let room = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
            let floor = cells.next()?;
            let floor = FLOORS.iter().position(|known| *known == floor)?;
            Some((room.to_owned(), floor))
        })
        .collect()
}

fn room(package: &str) -> Option<&str> {
    if package == "buckler" {
        Some(package)
    } else {
        package.strip_prefix("buckler-")
    }
}

#[test]
fn imports_point_down() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
            "--manifest-path",
        ])
        .arg(manifest)
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let floors = floors();
    let mut seen = 0;
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let path = package["manifest_path"].as_str().expect("a path");
        let Some(from) = room(name).filter(|_| path.contains("/crates/")) else {
            continue;
        };
        let floor = *floors
            .get(from)
            .unwrap_or_else(|| panic!("{from} is not in the table"));
        seen += 1;
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let kind = dependency["kind"].as_str();
            let to = dependency["name"].as_str().and_then(room);
            let Some(below) = to.and_then(|to| floors.get(to)).filter(|_| kind.is_none()) else {
                continue;
            };
            let both_ground = floor == 0 && *below == 0;
            assert!(
                *below < floor || both_ground,
                "{from} imports {}",
                to.unwrap_or_default()
            );
        }
    }
    assert_eq!(
        seen,
        floors.len(),
        "the table names every room, and only rooms"
    );
}
