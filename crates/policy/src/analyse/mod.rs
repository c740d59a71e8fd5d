//! What is wrong, dangerous or useless in a policy, in the manner of IAM Access Analyzer's policy validation.
//!
//! The parser says whether AWS accepts a policy, and names one fault. Here every fault has a finding with its place, and
//! so has what AWS accepts and nobody can have meant. Decisions never ask this module.

mod access;
mod actions;
mod analysis;
mod codes;
mod conditions;
mod cover;
mod document;
mod finding;
mod iam_actions;
mod overlap;
mod pass_role;
mod principals;
mod reach;
mod refusal;
mod report;
mod resources;
mod statement;
mod trust;
mod variables;
mod view;

pub use analysis::{Analysis, AnalysisOptions, PolicyKind, analyse};
pub use codes::{FindingType, IssueCode};
pub use finding::{Finding, Location};
