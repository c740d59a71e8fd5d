//! Texts that are hashed in step with each other.

use super::Md5;
use super::steps::{Block, MD5_LANES, compress, compress_lanes};

/// Hashes several texts, as many in step as there are lanes.
pub(super) fn update_together<'t, P>(texts: impl Iterator<Item = (&'t mut Md5, P)>)
where
    P: IntoIterator<Item = &'t [u8]>,
{
    let mut waiting = texts.map(|(md5, pieces)| Lane {
        md5,
        pieces: pieces.into_iter(),
        blocks: &[],
    });
    let mut lanes: Vec<_> = waiting.by_ref().take(MD5_LANES).collect();
    loop {
        lanes.retain_mut(Lane::has_blocks);
        while lanes.len() < MD5_LANES
            && let Some(mut next) = waiting.next()
        {
            if next.has_blocks() {
                lanes.push(next);
            }
        }
        match lanes.as_mut_slice() {
            [] => return,
            [only] => compress(&mut only.md5.state, core::mem::take(&mut only.blocks)),
            several => in_step(several),
        }
    }
}

/// One of the texts that are hashed in step.
struct Lane<'t, I> {
    md5: &'t mut Md5,
    pieces: I,
    /// Whole blocks of the piece under way.
    blocks: &'t [Block],
}

impl<'t, I: Iterator<Item = &'t [u8]>> Lane<'t, I> {
    /// Goes on to the next piece that has whole blocks, if there is none under way; false at the end.
    fn has_blocks(&mut self) -> bool {
        while self.blocks.is_empty() {
            let Some(piece) = self.pieces.next() else {
                return false;
            };
            let (blocks, rest) = self.md5.fill(piece).as_chunks();
            // INVARIANT: a block that was begun and not filled has taken all of the piece.
            self.md5.keep(rest);
            self.blocks = blocks;
        }
        true
    }
}

/// Hashes as many blocks of each as the shortest has.
fn in_step<I>(lanes: &mut [Lane<'_, I>]) {
    let shortest = lanes.iter().map(|lane| lane.blocks.len()).min();
    let count = shortest.unwrap_or(0);
    let mut state = [[0; MD5_LANES]; 4];
    let mut blocks: [&[Block]; MD5_LANES] = [&[]; MD5_LANES];
    for (at, (lane, place)) in lanes.iter_mut().zip(&mut blocks).enumerate() {
        for (words, word) in state.iter_mut().zip(lane.md5.state) {
            if let Some(place) = words.get_mut(at) {
                *place = word;
            }
        }
        (*place, lane.blocks) = lane.blocks.split_at(count);
    }
    // Lanes that nobody needs hash what the first has.
    let [first, ..] = blocks;
    for place in blocks.iter_mut().skip(lanes.len()) {
        *place = first;
    }
    compress_lanes(&mut state, blocks);
    for (at, lane) in lanes.iter_mut().enumerate() {
        for (words, word) in state.iter().zip(&mut lane.md5.state) {
            if let Some(value) = words.get(at) {
                *word = *value;
            }
        }
    }
}
