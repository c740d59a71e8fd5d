//! Comparing a blob with its checksum while it is read.

use buckler_checksum::{Checksum, Hasher};

use crate::{BlobError, BlobId};

/// The checksum that all bytes read must have, if one is known.
#[derive(Debug)]
pub(crate) struct Verification {
    id: BlobId,
    pending: Option<(Hasher, Checksum)>,
}

impl Verification {
    pub(crate) fn of(id: BlobId, expected: Option<Checksum>) -> Self {
        let pending = expected.map(|expected| (Hasher::new(expected.algorithm()), expected));
        Self { id, pending }
    }

    /// Takes a piece into account; when none is `left`, compares. That piece is then not yielded: whoever streams the
    /// blob to a client cannot complete it.
    pub(crate) fn take(&mut self, piece: &[u8], left: u64) -> Result<(), BlobError> {
        let Some((hasher, _)) = &mut self.pending else {
            return Ok(());
        };
        hasher.update(piece);
        if left > 0 {
            return Ok(());
        }
        let compared = self.pending.take();
        let is_right = compared.is_none_or(|(hasher, expected)| hasher.finish() == expected);
        is_right
            .then_some(())
            .ok_or(BlobError::WrongChecksum(self.id))
    }
}
