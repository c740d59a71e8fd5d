//! `HeadObject`: what `GetObject` would answer, without the bytes.
//!
//! Source: facts: s3-behaviour.md 6.

use buckler_s3::ops::head_object::Input;
use buckler_s3::{Answer, IntoAnswer as _, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::InObject;
use crate::read::{Read, read_head, read_permission};

/// Marks the operation.
pub(crate) enum HeadObject {}

impl Operation for HeadObject {
    type Input = Input;
    type Subject = InObject;
    type Output = Answer;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, subject: &'a InObject) -> Vec<Need<'a>> {
        vec![read_permission(input, subject)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Answer, S3Error> {
        Ok(
            match read_head(request.judge(), &request.input, &request.subject)? {
                Read::NotModified(answer) => answer,
                Read::Head(head) => head.into_answer(),
            },
        )
    }
}
