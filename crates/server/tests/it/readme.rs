//! The table of operations in the README is the dispatcher's.

use buckler_server::OPERATIONS;

const README: &str = include_str!("../../../../README.md");

#[test]
fn readme_names_exactly_the_operations_that_are_in() {
    let (_, table) = README
        .split_once("<!-- operations")
        .expect("the table has its mark");
    let mut named: Vec<&str> = table
        .lines()
        .skip(4)
        .take_while(|line| line.starts_with('|') && !line.starts_with("| not yet"))
        .filter_map(|line| line.trim_end_matches(" |").rsplit_once("| "))
        .flat_map(|(_, operations)| operations.split(", "))
        .collect();
    named.sort_unstable();
    let mut dispatched: Vec<&str> = OPERATIONS
        .iter()
        .map(|operation| operation.name())
        .collect();
    dispatched.sort_unstable();
    assert_eq!(named, dispatched);
}
