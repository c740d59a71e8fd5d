//! The policy simulator. Source: facts: authorization.md 7.8.

use buckler_s3::xml::Writer;

use super::answers::{Members, write_end, write_list};
use super::{Page, PageRequest, read};
use crate::query::{FromInput, Input, QueryError, WriteResult};

/// What both simulations are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationInput {
    /// `PolicyInputList`.
    pub policies: Vec<String>,
    /// `PermissionsBoundaryPolicyInputList`.
    pub boundaries: Vec<String>,
    /// `ActionNames`.
    pub actions: Vec<String>,
    /// `ResourceArns`; `*` by default.
    pub resources: Vec<String>,
    /// `ResourcePolicy`.
    pub resource_policy: Option<String>,
    /// `ResourceOwner`.
    pub resource_owner: Option<String>,
    /// `CallerArn`.
    pub caller_arn: Option<String>,
    /// `ContextEntries`.
    pub context: Vec<ContextEntry>,
    /// Which page.
    pub page: PageRequest,
}

/// A context key with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextEntry {
    /// `ContextKeyName`.
    pub name: String,
    /// `ContextKeyValues`.
    pub values: Vec<String>,
    /// Whether `ContextKeyType` is one of a list.
    pub is_list: bool,
}

/// What `SimulateCustomPolicy` is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulateCustomInput(pub SimulationInput);

/// What `SimulatePrincipalPolicy` is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatePrincipalInput {
    /// `PolicySourceArn`.
    pub source_arn: String,
    /// The rest.
    pub simulation: SimulationInput,
}

/// What `GetContextKeysForCustomPolicy` is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextKeysInput {
    /// `PolicyInputList`.
    pub policies: Vec<String>,
}

/// What `GetContextKeysForPrincipalPolicy` is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextKeysOfPrincipalInput {
    /// `PolicySourceArn`.
    pub source_arn: String,
    /// `PolicyInputList`.
    pub policies: Vec<String>,
}

impl FromInput for SimulationInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        let mut resources = read::texts(input, "ResourceArns")?;
        if resources.is_empty() {
            resources.push("*".to_owned());
        }
        let mut context = Vec::new();
        for entry in input.structures("ContextEntries") {
            context.push(ContextEntry {
                name: entry.required("ContextKeyName")?.to_owned(),
                values: read::texts(entry, "ContextKeyValues")?,
                is_list: entry
                    .text("ContextKeyType")
                    .is_some_and(|kind| kind.ends_with("List")),
            });
        }
        Ok(Self {
            policies: read::texts(input, "PolicyInputList")?,
            boundaries: read::texts(input, "PermissionsBoundaryPolicyInputList")?,
            actions: read::texts(input, "ActionNames")?,
            resources,
            resource_policy: read::optional(input, "ResourcePolicy")?,
            resource_owner: read::optional(input, "ResourceOwner")?,
            caller_arn: read::optional(input, "CallerArn")?,
            context,
            page: read::page(input)?,
        })
    }
}

impl FromInput for SimulateCustomInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        SimulationInput::from_input(input).map(Self)
    }
}

impl FromInput for SimulatePrincipalInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            source_arn: read::text(input, "PolicySourceArn")?,
            simulation: SimulationInput::from_input(input)?,
        })
    }
}

impl FromInput for ContextKeysInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            policies: read::texts(input, "PolicyInputList")?,
        })
    }
}

impl FromInput for ContextKeysOfPrincipalInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            source_arn: read::text(input, "PolicySourceArn")?,
            policies: read::texts(input, "PolicyInputList")?,
        })
    }
}

/// What `GetContextKeysFor…Policy` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextKeysOutput {
    /// Names of condition keys, each once.
    pub names: Vec<String>,
}

impl WriteResult for ContextKeysOutput {
    fn write(&self, writer: &mut Writer) {
        write_list(writer, "ContextKeyNames", &self.names);
    }
}

/// A statement that applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedStatement {
    /// The name or ARN of its policy, or `PolicyInputList.1`.
    pub policy_id: String,
    /// `IAM Policy` or `Resource Policy`.
    pub policy_type: &'static str,
    /// Line and column of its beginning, and of its end, counted from one.
    pub span: Option<((usize, usize), (usize, usize))>,
}

impl Members for MatchedStatement {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("SourcePolicyId", &self.policy_id);
        writer.text("SourcePolicyType", self.policy_type);
        if let Some((start, end)) = self.span {
            write_position(writer, "StartPosition", start);
            write_position(writer, "EndPosition", end);
        }
    }
}

fn write_position(writer: &mut Writer, element: &str, (line, column): (usize, usize)) {
    writer.open(element);
    writer.number("Line", line as u64);
    writer.number("Column", column as u64);
    writer.close(element);
}

/// The decision on one action and one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationResult {
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// `allowed`, `explicitDeny` or `implicitDeny`.
    pub decision: &'static str,
    /// What applied.
    pub matched: Vec<MatchedStatement>,
    /// Keys that were asked for and not given.
    pub missing_context: Vec<String>,
    /// Whether a boundary, if there is one, allows it.
    pub allowed_by_boundary: Option<bool>,
    /// Whether the call named the resource. AWS: the result is there once more then, as that of the resource (recorded).
    pub names_resource: bool,
}

impl Members for EvaluationResult {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("EvalActionName", &self.action);
        writer.text("EvalResourceName", &self.resource);
        writer.text("EvalDecision", self.decision);
        write_list(writer, "MatchedStatements", &self.matched);
        write_list(writer, "MissingContextValues", &self.missing_context);
        if let Some(allowed) = self.allowed_by_boundary {
            writer.open("PermissionsBoundaryDecisionDetail");
            writer.boolean("AllowedByPermissionsBoundary", allowed);
            writer.close("PermissionsBoundaryDecisionDetail");
        }
        if self.names_resource {
            writer.open("ResourceSpecificResults");
            writer.open("member");
            writer.text("EvalResourceName", &self.resource);
            writer.text("EvalResourceDecision", self.decision);
            write_list(writer, "MatchedStatements", &self.matched);
            write_list(writer, "MissingContextValues", &self.missing_context);
            writer.close("member");
            writer.close("ResourceSpecificResults");
        }
    }
}

/// What a simulation answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationOutput {
    /// A page of results.
    pub page: Page<EvaluationResult>,
}

impl WriteResult for SimulationOutput {
    fn write(&self, writer: &mut Writer) {
        write_list(writer, "EvaluationResults", &self.page.items);
        write_end(writer, self.page.marker.as_deref());
    }
}
