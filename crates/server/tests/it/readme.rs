//! The table of operations in the README is the dispatcher's.

use buckler_server::OPERATIONS;

const README: &str = include_str!("../../../../README.md");

#[test]
fn readme_names_exactly_the_operations_that_are_in() {
    let row = README
        .lines()
        .find_map(|line| line.strip_prefix("| in | "))
        .expect("the table has a row `in`");
    let mut named: Vec<&str> = row.trim_end_matches(" |").split(", ").collect();
    named.sort_unstable();
    let mut dispatched: Vec<&str> = OPERATIONS
        .iter()
        .map(|operation| operation.name())
        .collect();
    dispatched.sort_unstable();
    assert_eq!(named, dispatched);
}
