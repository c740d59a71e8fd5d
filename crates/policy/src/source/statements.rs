//! Where the statements of a policy stand in its text.

use super::{Lines, Node, Position, Span, scan};

/// Where a statement begins and ends, as the policy simulator of AWS tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatementSpan {
    /// Behind what stands before it: the bracket of the list, or the statement before. Of one that stands alone, in place
    /// of a list, it is behind its own brace.
    pub start: Position,
    /// Behind its last brace.
    pub end: Position,
}

/// The statements of a policy that was found valid, in order; none of a text that is no policy.
///
/// AWS: recorded answers of `SimulateCustomPolicy` and `SimulatePrincipalPolicy` have the place of AWS's own parser when it
/// begins to read a statement, and when it has read it, so that the white space before a statement belongs to it.
pub fn statement_spans(text: &str) -> Vec<StatementSpan> {
    let lines = Lines::new(text);
    let spans = scan(text).map(|root| spans(&root)).unwrap_or_default();
    spans
        .into_iter()
        .map(|span| StatementSpan {
            start: lines.position(span.start),
            end: lines.position(span.end),
        })
        .collect()
}

fn spans(root: &Node) -> Vec<Span> {
    let members = root.members().unwrap_or_default();
    let Some(statement) = members.iter().find(|member| member.name == "Statement") else {
        return Vec::new();
    };
    let mut start = statement.node.span.start + 1;
    let statements = statement.node.items().iter();
    statements
        .map(|node| {
            let span = Span {
                start,
                end: node.span.end,
            };
            start = node.span.end;
            span
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[[(usize, usize); 2]]) {
        let found: Vec<_> = statement_spans(text)
            .into_iter()
            .map(|span| [span.start, span.end].map(|at| (at.line, at.column)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_statement_in_place_of_a_list() {
        // Source: AWS CLI Command Reference, "simulate-custom-policy", example 1.
        check(
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}"#,
            &[[(1, 38), (1, 167)]],
        );
    }

    #[test]
    fn one_statement_of_a_list_over_several_lines() {
        // Recorded for AdministratorAccess.
        let text = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}"#;
        check(text, &[[(3, 17), (8, 6)]]);
    }

    #[test]
    fn a_statement_begins_where_the_one_before_ends() {
        // Recorded in this form: 41 to 198, 198 to 300, 485 to 695.
        check(
            r#"{"Version": "2012-10-17", "Statement": [{"Sid": "a"}, {"Sid": "b"}]}"#,
            &[[(1, 41), (1, 53)], [(1, 53), (1, 67)]],
        );
        check("no policy", &[]);
    }
}
