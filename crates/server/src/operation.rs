//! What an operation of S3 is to the pipeline.

use buckler_metadata::ObjectRow;
use buckler_policy::{Action, Resource};
use buckler_s3::{S3Error, TagSet};

use crate::context::Context;
use crate::pipeline::authorize::Authorized;
use crate::pipeline::context_keys::View;
use crate::pipeline::load::{Bucket, Subject};
use crate::pipeline::respond::Reply;

/// One operation: how it is read, which permissions it needs, and its work.
///
/// A value of the operation is never made; the trait ties the pieces together.
pub(crate) trait Operation: Send + Sync + Sized + 'static {
    /// Its typed input, read from the request once.
    type Input: Send + Sync;
    /// What is loaded before it is decided on.
    type Subject: Subject<Self::Input>;
    /// What it answers.
    type Output: Into<Reply>;

    /// What it does with a body.
    const BODY: BodyUse;

    /// Every permission it needs; all must be allowed.
    fn permissions<'a>(input: &'a Self::Input, subject: &'a Self::Subject) -> Vec<Need<'a>>;

    /// Tags that it would write, for conditions on them.
    fn request_tags<'a>(_: &'a Self::Input, _: &'a Self::Subject) -> Option<&'a TagSet> {
        None
    }

    /// The encryption that was asked for by name when the upload that it is about was created.
    fn inherited_encryption<'a>(_: &'a Self::Input, _: &'a Self::Subject) -> Option<&'a str> {
        None
    }

    /// The region that it would make a bucket in, for conditions on it.
    fn location_constraint<'a>(_: &'a Self::Input, _: &'a Self::Subject) -> Option<&'a str> {
        None
    }

    /// Its work.
    fn run(
        cx: &Context,
        request: Authorized<'_, Self>,
    ) -> impl Future<Output = Result<Self::Output, S3Error>> + Send;
}

/// What an operation does with a request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyUse {
    /// It takes none: 400 `UnexpectedContent` for one.
    None,
    /// It takes none, and one that comes is passed over.
    Ignored,
    /// It reads a document.
    Document,
    /// It reads an object or a document that may come in signed or trailing chunks.
    Chunks,
}

/// One permission that an operation needs, and what it is judged on.
#[derive(Debug, Clone)]
pub(crate) struct Need<'a> {
    /// The action.
    pub(crate) action: Action,
    /// The resource.
    pub(crate) resource: Resource<'a>,
    /// The bucket whose policy speaks; `None` where only identities do.
    pub(crate) bucket: Option<&'a Bucket>,
    /// The object as it is before the request, if there is one.
    pub(crate) object: Option<&'a ObjectRow>,
    /// Whether it is about the object that the request makes, which its writer will own, and not about `object`.
    pub(crate) of_new_object: bool,
    /// From which side it looks at the request.
    pub(crate) view: View<'a>,
    /// Whether it is allowed as long as nothing denies it: to the initiator of an upload (facts: authorization.md 4.4).
    pub(crate) unless_denied: bool,
}
