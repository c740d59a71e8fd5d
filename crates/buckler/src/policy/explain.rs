//! `buckler policy explain`.

use std::process::ExitCode;

use buckler_policy::{AccountId, ObjectOwnership, PublicAccessBlock};
use serde_json::json;

use super::arguments::{ExplainArguments, Format};
use super::output::{pretty, print};
use super::principal::Principal;
use super::question::{
    Bucket, ObjectAccess, Question, Target, bucket_and_key, check_action, is_in_bucket,
};
use super::{context, files, stored};
use crate::error::Failure;

/// Decides one request, from files or from the rows of a store, and says why.
///
/// # Errors
///
/// [`Failure::Configuration`] for a question that makes no sense.
pub(crate) fn explain(arguments: &ExplainArguments) -> Result<ExitCode, Failure> {
    check_action(&arguments.action)?;
    let principal = Principal::parse(&arguments.principal)?;
    let mut question = if arguments.data.is_some() || arguments.database.is_some() {
        stored::question(arguments, principal)?
    } else {
        from_files(arguments, principal)?
    };
    if !arguments.session_policy.is_empty() {
        let policies = arguments.session_policy.iter();
        let policies = policies.map(|path| files::session_policy(path));
        question.session = Some(policies.collect::<Result<_, _>>()?);
    }
    question.add_known_keys();
    context::add(&mut question.context, &arguments.context)?;
    Ok(answer(&question, arguments.format))
}

fn answer(question: &Question, format: Format) -> ExitCode {
    let explanation = question.explain();
    let message = explanation.access_denied_message();
    print(&match format {
        Format::Text if message.is_empty() => explanation.to_string(),
        Format::Text => format!("{explanation}  message   {message}\n"),
        Format::Json => pretty(&json!({
            "allowed": explanation.is_allow(),
            "message": message,
            "explanation": explanation,
        })),
    });
    if explanation.is_allow() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn from_files(arguments: &ExplainArguments, principal: Principal) -> Result<Question, Failure> {
    let identity = arguments.identity_policy.iter();
    let identity = identity.map(|path| files::identity_policy(path));
    let boundary = arguments.boundary.as_deref();
    Ok(Question {
        identity: identity.collect::<Result<_, _>>()?,
        boundary: boundary.map(files::identity_policy).transpose()?,
        session: None,
        action: arguments.action.clone(),
        target: target(arguments, &principal)?,
        context: buckler_policy::ContextMap::new(),
        principal,
    })
}

fn target(arguments: &ExplainArguments, principal: &Principal) -> Result<Target, Failure> {
    let resource = arguments.resource.as_str();
    let owner = owner(arguments, principal)?;
    if let Some(path) = &arguments.trust_policy {
        return Ok(Target::Role {
            arn: resource.to_owned(),
            account: role_account(resource)?,
            trust_policy: files::trust_policy(path)?,
        });
    }
    let place = bucket_and_key(resource).filter(|_| is_in_bucket(&arguments.action, resource));
    let Some((name, key)) = place else {
        if arguments.bucket_policy.is_some() {
            return Err(Failure::configuration(format!(
                "`--bucket-policy` goes with an action of S3 on a bucket, not with {} on `{resource}`",
                arguments.action
            )));
        }
        return Ok(Target::Other(resource.to_owned()));
    };
    let policy = arguments.bucket_policy.as_deref();
    Ok(Target::Bucket {
        bucket: Bucket {
            name: name.to_owned(),
            owner,
            policy: policy
                .map(|path| files::bucket_policy(path, name))
                .transpose()?,
            public_access_block: block(&arguments.block_public_access)?,
            object_ownership: arguments
                .object_ownership
                .unwrap_or(ObjectOwnership::BucketOwnerEnforced),
            acl: Vec::new(),
            object: arguments.object_owner.map(|owner| ObjectAccess {
                owner: Some(owner),
                acl: Vec::new(),
            }),
        },
        key: key.map(str::to_owned),
    })
}

/// The owner that was named, else the principal's account.
fn owner(arguments: &ExplainArguments, principal: &Principal) -> Result<AccountId, Failure> {
    let own = principal.account().map(|account| account.id);
    match arguments.bucket_owner.or(own) {
        Some(owner) => Ok(owner),
        // Who asks is of no account, so that any owner is another one.
        None => AccountId::parse("000000000000").map_err(Failure::runtime),
    }
}

/// The account of a role's ARN.
fn role_account(arn: &str) -> Result<AccountId, Failure> {
    let parsed = buckler_policy::Arn::parse(arn).ok();
    let account = parsed.filter(|arn| arn.resource().starts_with("role/"));
    account
        .and_then(|arn| AccountId::parse(arn.account()).ok())
        .ok_or_else(|| {
            Failure::configuration(format!(
                "`--resource` is `{arn}`, and a trust policy is that of a role"
            ))
        })
}

fn block(flags: &[String]) -> Result<PublicAccessBlock, Failure> {
    let mut block = PublicAccessBlock::NONE;
    for flag in flags {
        match flag.as_str() {
            "all" => block = PublicAccessBlock::ALL,
            "BlockPublicAcls" => block.block_public_acls = true,
            "IgnorePublicAcls" => block.ignore_public_acls = true,
            "BlockPublicPolicy" => block.block_public_policy = true,
            "RestrictPublicBuckets" => block.restrict_public_buckets = true,
            _ => {
                return Err(Failure::configuration(format!(
                    "`--block-public-access` is `{flag}` but takes all, BlockPublicAcls, IgnorePublicAcls, \
                     BlockPublicPolicy or RestrictPublicBuckets"
                )));
            }
        }
    }
    Ok(block)
}
