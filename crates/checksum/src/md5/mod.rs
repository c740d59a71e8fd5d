//! MD5 of several texts at once.
//!
//! An entity tag is an MD5, whose steps each wait for the one before: one text keeps a core busy with a fifth of what it
//! could do. Eight texts, hashed in step with each other, are eight lanes of the same registers.
//!
//! PERF: 630 MiB/s for one text and 3,300 MiB/s for eight together on the same core (SSE2, which every x86-64 has).
//!
//! Source: RFC 1321. MD5 protects nothing here: it is what S3 calls an entity tag.

mod lanes;
mod steps;

pub use self::steps::MD5_LANES;
use self::steps::{BLOCK_BYTES, Block, compress};

/// The MD5 of one text, in the making.
#[derive(Clone)]
pub struct Md5 {
    state: [u32; 4],
    /// What is left of the text behind its last whole block.
    rest: Block,
    rest_bytes: usize,
    text_bytes: u64,
}

impl Default for Md5 {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for Md5 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Md5").finish_non_exhaustive()
    }
}

impl Md5 {
    /// Of no bytes yet.
    pub const fn new() -> Self {
        Self {
            state: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476],
            rest: [0; BLOCK_BYTES],
            rest_bytes: 0,
            text_bytes: 0,
        }
    }

    /// Takes more of the text.
    pub fn update(&mut self, bytes: &[u8]) {
        let (blocks, rest) = self.fill(bytes).as_chunks();
        compress(&mut self.state, blocks);
        self.keep(rest);
    }

    /// Takes more of several texts, as many together as there are lanes. What is taken of each is what
    /// [`update`](Self::update) would take of its pieces one after the other.
    pub fn update_together<'t, P>(texts: impl IntoIterator<Item = (&'t mut Self, P)>)
    where
        P: IntoIterator<Item = &'t [u8]>,
    {
        lanes::update_together(texts.into_iter());
    }

    /// The MD5 of all that was taken.
    pub fn finish(mut self) -> [u8; 16] {
        let text_bits = self.text_bytes.wrapping_mul(8).to_le_bytes();
        let mut end = [0; 2 * BLOCK_BYTES];
        if let Some(first) = end.first_mut() {
            *first = 0x80;
        }
        // As many zeros as leave room for the length at the end of a block.
        let zeros = (2 * BLOCK_BYTES - 9 - self.rest_bytes) % BLOCK_BYTES;
        if let Some(length) = end.get_mut(1 + zeros..9 + zeros) {
            length.copy_from_slice(&text_bits);
        }
        self.update(end.get(..9 + zeros).unwrap_or_default());
        let mut digest = [0; 16];
        for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(self.state) {
            *bytes = word.to_le_bytes();
        }
        digest
    }

    /// Takes bytes up to the end of a block that was begun, and returns the others: all of them if none was.
    fn fill<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        self.text_bytes = self.text_bytes.wrapping_add(bytes.len() as u64);
        if self.rest_bytes == 0 {
            return bytes;
        }
        let room = self.rest.get_mut(self.rest_bytes..).unwrap_or_default();
        let taken = room.len().min(bytes.len());
        let (taken, behind) = bytes.split_at(taken);
        for (place, byte) in room.iter_mut().zip(taken) {
            *place = *byte;
        }
        self.rest_bytes += taken.len();
        if self.rest_bytes == BLOCK_BYTES {
            self.rest_bytes = 0;
            compress(&mut self.state, &[self.rest]);
        }
        behind
    }

    /// Keeps what is less than a block.
    fn keep(&mut self, bytes: &[u8]) {
        if let Some(room) = self
            .rest
            .get_mut(..bytes.len())
            .filter(|room| !room.is_empty())
        {
            room.copy_from_slice(bytes);
            self.rest_bytes = bytes.len();
        }
    }
}
