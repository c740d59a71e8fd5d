//! The account as a whole.

use buckler_s3::xml::Writer;

use super::answers::{write_end, write_list};
use super::read::inputs;
use crate::query::WriteResult;

inputs! {
    /// What `CreateAccountAlias` and `DeleteAccountAlias` are asked.
    AliasInput {
        alias: String = text("AccountAlias"),
    }
}

/// What `ListAccountAliases` answers: an account has one at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasList {
    /// The alias.
    pub alias: Option<String>,
}

impl WriteResult for AliasList {
    fn write(&self, writer: &mut Writer) {
        let aliases: Vec<_> = self.alias.iter().cloned().collect();
        write_list(writer, "AccountAliases", &aliases);
        write_end(writer, None);
    }
}

/// What `GetAccountSummary` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryOutput {
    /// Names and numbers.
    pub entries: Vec<(&'static str, i64)>,
}

impl WriteResult for SummaryOutput {
    fn write(&self, writer: &mut Writer) {
        writer.open("SummaryMap");
        for (key, value) in &self.entries {
            writer.open("entry");
            writer.text("key", key);
            writer.text("value", &value.to_string());
            writer.close("entry");
        }
        writer.close("SummaryMap");
    }
}
