//! Rows of bits, one bit per statement; equal rows stand once.

use std::collections::HashMap;

/// A row, by the place of its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compile) struct Row(u32);

impl Row {
    /// The row of no statement at all: the first that is made.
    pub(in crate::compile) const NONE: Self = Self(0);
}

/// All rows of a policy.
#[derive(Clone, Debug)]
pub(in crate::compile) struct Rows {
    words: usize,
    bits: Box<[u64]>,
}

impl Rows {
    /// How many words a row has: one for every 64 statements.
    pub(in crate::compile) fn words(&self) -> usize {
        self.words
    }

    /// The statements from `64 * word` on that are in the row, the first of them in the lowest bit.
    #[inline]
    pub(in crate::compile) fn word(&self, row: Row, word: usize) -> u64 {
        let at = row.0 as usize + word;
        self.bits.get(at).copied().unwrap_or_default()
    }
}

/// A row in the making.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::compile) struct Bits(Box<[u64]>);

impl Bits {
    pub(in crate::compile) fn set(&mut self, statement: usize) {
        if let Some(word) = self.0.get_mut(statement / 64) {
            *word |= 1 << (statement % 64);
        }
    }

    pub(in crate::compile) fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

/// Rows in the making.
#[derive(Debug)]
pub(in crate::compile) struct RowsBuilder {
    words: usize,
    bits: Vec<u64>,
    known: HashMap<Bits, Row>,
}

impl RowsBuilder {
    pub(in crate::compile) fn new(statements: usize) -> Self {
        let words = statements.div_ceil(64).max(1);
        let mut builder = Self {
            words,
            bits: Vec::new(),
            known: HashMap::new(),
        };
        let none = builder.empty();
        // INVARIANT: the first row is `Row::NONE`.
        builder.row(none);
        builder
    }

    /// A row without statements.
    pub(in crate::compile) fn empty(&self) -> Bits {
        Bits(vec![0; self.words].into())
    }

    /// The place of a row with these bits.
    pub(in crate::compile) fn row(&mut self, bits: Bits) -> Row {
        if let Some(row) = self.known.get(&bits) {
            return *row;
        }
        // INVARIANT: documents are bounded in size, so that their rows are far from 2^32 words.
        let row = Row(u32::try_from(self.bits.len()).unwrap_or_default());
        self.bits.extend(&bits.0);
        self.known.insert(bits, row);
        row
    }

    pub(in crate::compile) fn finish(self) -> Rows {
        Rows {
            words: self.words,
            bits: self.bits.into(),
        }
    }
}
