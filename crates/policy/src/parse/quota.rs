//! How long the documents of IAM may be. Source: facts: authorization.md 7.5.
//!
//! The parsers keep only the bound of what is read at all; which of the others holds depends on what the document is
//! for, which the caller knows.

/// Longest policy document that IAM reads, in characters.
pub const POLICY_DOCUMENT_CHARACTERS_MAX: usize = 131_072;

/// Longest policy document that IAM reads, in bytes: every character that IAM allows takes at most two.
pub const IDENTITY_POLICY_BYTES_MAX: usize = 2 * POLICY_DOCUMENT_CHARACTERS_MAX;

/// Longest managed policy, in characters without white space.
pub const MANAGED_POLICY_CHARACTERS_MAX: usize = 6_144;

/// All inline policies of a user together, in characters without white space.
pub const USER_INLINE_POLICIES_CHARACTERS_MAX: usize = 2_048;

/// All inline policies of a group together, in characters without white space.
pub const GROUP_INLINE_POLICIES_CHARACTERS_MAX: usize = 5_120;

/// All inline policies of a role together, in characters without white space.
pub const ROLE_INLINE_POLICIES_CHARACTERS_MAX: usize = 10_240;

/// Longest trust policy of a role, in characters without white space; AWS raises it to 4,096 on request.
pub const TRUST_POLICY_CHARACTERS_MAX: usize = 2_048;

/// Longest session policy, in characters, white space included.
pub const SESSION_POLICY_CHARACTERS_MAX: usize = 2_048;

/// The length of a document as IAM's quotas count it: characters, white space left out.
///
/// ```
/// assert_eq!(buckler_policy::policy_characters("{ \"Statement\" :\n[] }"), 16);
/// ```
pub fn policy_characters(document: &str) -> usize {
    let is_space = |letter: &char| matches!(letter, '\t' | '\n' | '\r' | ' ');
    document.chars().filter(|letter| !is_space(letter)).count()
}

/// Whether a document has only the characters that IAM's API takes: tab, line ends, and U+0020 to U+00FF.
///
/// What has others is refused as `ValidationError`, before the policy is looked at.
pub fn is_policy_text(document: &str) -> bool {
    let allowed = |letter| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    document.chars().all(allowed)
}

/// Whether a document is short enough to be read at all.
pub(super) fn is_within_reading_bounds(body: &[u8]) -> bool {
    // In UTF-8, every character has one byte that does not continue another.
    let characters = || body.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    body.len() <= POLICY_DOCUMENT_CHARACTERS_MAX
        || body.len() <= IDENTITY_POLICY_BYTES_MAX && characters() <= POLICY_DOCUMENT_CHARACTERS_MAX
}
