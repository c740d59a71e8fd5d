//! Who began an upload, and who will own its object, as documents show them: an id and no name.

use crate::xml::Writer;

/// Writes `Initiator` (the ARN of a user, or the canonical id of an account) and `Owner`.
pub(crate) fn write_people(writer: &mut Writer, initiator: &str, owner: &str) {
    for (element, id) in [("Initiator", initiator), ("Owner", owner)] {
        writer.open(element);
        writer.text("ID", id);
        writer.close(element);
    }
}
