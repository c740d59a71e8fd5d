//! The condition keys of session tags in a request.

use buckler_iam::SessionTag;

use crate::query::operation::Need;

/// A permission as it is judged on a request with these tags: `aws:RequestTag/…`, `aws:TagKeys` and
/// `sts:TransitiveTagKeys`.
pub(super) fn with_tags(mut need: Need, tags: &[SessionTag]) -> Need {
    for tag in tags {
        need = need.with(&format!("aws:RequestTag/{}", tag.key), Some(&tag.value));
    }
    let keys = |of: &dyn Fn(&&SessionTag) -> bool| -> Vec<String> {
        let tags = tags.iter().filter(|tag| of(tag));
        tags.map(|tag| tag.key.clone()).collect()
    };
    need.with_many("aws:TagKeys", keys(&|_| true))
        .with_many("sts:TransitiveTagKeys", keys(&|tag| tag.is_transitive))
}
