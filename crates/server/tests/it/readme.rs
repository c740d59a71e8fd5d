//! The tables of operations in the README are the dispatchers'.

use buckler_server::{OPERATIONS, QUERY_OPERATIONS};

const README: &str = include_str!("../../../../README.md");

/// The operations that the table behind a mark names, sorted; none without the mark.
fn named(mark: &str) -> Vec<&'static str> {
    let Some((_, table)) = README.split_once(mark) else {
        return Vec::new();
    };
    let mut named: Vec<&str> = table
        .lines()
        .skip(4)
        .take_while(|line| line.starts_with('|') && !line.starts_with("| not yet"))
        .filter_map(|line| line.trim_end_matches(" |").rsplit_once("| "))
        .flat_map(|(_, operations)| operations.split(", "))
        .collect();
    named.sort_unstable();
    named
}

#[test]
fn readme_names_exactly_the_operations_that_are_in() {
    let mut dispatched: Vec<&str> = OPERATIONS
        .iter()
        .map(|operation| operation.name())
        .collect();
    dispatched.sort_unstable();
    assert_eq!(named("<!-- operations"), dispatched);
}

#[test]
fn readme_names_exactly_the_calls_that_are_in() {
    let mut dispatched: Vec<&str> = QUERY_OPERATIONS.iter().map(|(_, name)| *name).collect();
    dispatched.sort_unstable();
    assert_eq!(named("<!-- calls"), dispatched);
}
