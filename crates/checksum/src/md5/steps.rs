//! The steps of MD5, for one text or for a lane of each of several.

#![allow(
    clippy::inline_always,
    reason = "a call for each of these would cost more than what it does"
)]

use std::ops::{BitAnd, BitOr, BitXor, Not};

use wide::u32x8;

/// Texts that are hashed in step.
pub const MD5_LANES: usize = 8;

/// Bytes that one round of steps takes.
pub(super) const BLOCK_BYTES: usize = 64;

pub(super) type Block = [u8; BLOCK_BYTES];

/// A word of one text, or of all lanes.
pub(super) trait Word:
    Copy + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self> + Not<Output = Self>
{
    fn splat(word: u32) -> Self;
    /// The sum, which wraps.
    fn plus(self, other: Self) -> Self;
    fn rotate_left<const BITS: u32>(self) -> Self;
}

impl Word for u32 {
    #[inline(always)]
    fn splat(word: u32) -> Self {
        word
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn rotate_left<const BITS: u32>(self) -> Self {
        self.rotate_left(BITS)
    }
}

impl Word for u32x8 {
    #[inline(always)]
    fn splat(word: u32) -> Self {
        Self::splat(word)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn rotate_left<const BITS: u32>(self) -> Self {
        (self << BITS) | (self >> (u32::BITS - BITS))
    }
}

/// Takes blocks of one text.
pub(super) fn compress(state: &mut [u32; 4], blocks: &[Block]) {
    let mut now = *state;
    for block in blocks {
        let mut text = [0; 16];
        for (word, bytes) in text.iter_mut().zip(block.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        now = step_all(now, &text);
    }
    *state = now;
}

/// Takes blocks of each lane, as many as the shortest has. `state` is turned: the first word of each lane comes first.
pub(super) fn compress_lanes(state: &mut [[u32; MD5_LANES]; 4], blocks: [&[Block]; MD5_LANES]) {
    let count = blocks.iter().map(|lane| lane.len()).min().unwrap_or(0);
    let mut now = state.map(u32x8::new);
    for index in 0..count {
        let mut text = [[0; MD5_LANES]; 16];
        for (at, lane) in blocks.iter().enumerate() {
            let Some(block) = lane.get(index) else {
                continue;
            };
            for (words, bytes) in text.iter_mut().zip(block.as_chunks().0) {
                if let Some(word) = words.get_mut(at) {
                    *word = u32::from_le_bytes(*bytes);
                }
            }
        }
        now = step_all(now, &text.map(u32x8::new));
    }
    *state = now.map(u32x8::to_array);
}

/// All steps for one block. PERF: written out, with the state in registers.
#[allow(clippy::many_single_char_names, reason = "those of the RFC")]
#[inline(always)]
fn step_all<W: Word>(state: [W; 4], text: &[W; 16]) -> [W; 4] {
    let [mut a, mut b, mut c, mut d] = state;
    let first = |sum: W, x: W, y: W, z: W| sum.plus(z ^ (x & (y ^ z)));
    // The two halves have no bit in common: added apart, only the second waits for the step before.
    let second = |sum: W, x: W, y: W, z: W| sum.plus(!z & y).plus(z & x);
    let third = |sum: W, x: W, y: W, z: W| sum.plus(x ^ (y ^ z));
    let fourth = |sum: W, x: W, y: W, z: W| sum.plus(y ^ (x | !z));

    macro_rules! step {
        ($mix:ident, $a:ident, $b:ident, $c:ident, $d:ident, $word:literal, $sine:expr, $left:literal) => {
            let sum = $a.plus(text[$word]).plus(W::splat(SINES[$sine]));
            $a = $mix(sum, $b, $c, $d).rotate_left::<$left>().plus($b);
        };
    }
    macro_rules! four_steps {
        ($mix:ident, $sine:literal, [$w0:literal, $w1:literal, $w2:literal, $w3:literal],
            [$l0:literal, $l1:literal, $l2:literal, $l3:literal]) => {
            step!($mix, a, b, c, d, $w0, $sine, $l0);
            step!($mix, d, a, b, c, $w1, $sine + 1, $l1);
            step!($mix, c, d, a, b, $w2, $sine + 2, $l2);
            step!($mix, b, c, d, a, $w3, $sine + 3, $l3);
        };
    }
    four_steps!(first, 0, [0, 1, 2, 3], [7, 12, 17, 22]);
    four_steps!(first, 4, [4, 5, 6, 7], [7, 12, 17, 22]);
    four_steps!(first, 8, [8, 9, 10, 11], [7, 12, 17, 22]);
    four_steps!(first, 12, [12, 13, 14, 15], [7, 12, 17, 22]);
    four_steps!(second, 16, [1, 6, 11, 0], [5, 9, 14, 20]);
    four_steps!(second, 20, [5, 10, 15, 4], [5, 9, 14, 20]);
    four_steps!(second, 24, [9, 14, 3, 8], [5, 9, 14, 20]);
    four_steps!(second, 28, [13, 2, 7, 12], [5, 9, 14, 20]);
    four_steps!(third, 32, [5, 8, 11, 14], [4, 11, 16, 23]);
    four_steps!(third, 36, [1, 4, 7, 10], [4, 11, 16, 23]);
    four_steps!(third, 40, [13, 0, 3, 6], [4, 11, 16, 23]);
    four_steps!(third, 44, [9, 12, 15, 2], [4, 11, 16, 23]);
    four_steps!(fourth, 48, [0, 7, 14, 5], [6, 10, 15, 21]);
    four_steps!(fourth, 52, [12, 3, 10, 1], [6, 10, 15, 21]);
    four_steps!(fourth, 56, [8, 15, 6, 13], [6, 10, 15, 21]);
    four_steps!(fourth, 60, [4, 11, 2, 9], [6, 10, 15, 21]);
    let [a0, b0, c0, d0] = state;
    [a0.plus(a), b0.plus(b), c0.plus(c), d0.plus(d)]
}

/// RFC 1321, section 3.4: the integer part of 2^32 times the sine of 1 to 64, without its sign.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];
