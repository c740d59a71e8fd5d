//! Statements by the letters that their resources begin with.

use super::rows::{Bits, Row, Rows, RowsBuilder};
use crate::{
    compile::{resources::CompiledResources, subject::S3Subject},
    pattern::Rest,
};
use std::{collections::BTreeMap, collections::VecDeque, ops::Range};

/// A tree of the beginnings of all patterns for buckets and objects; a step down takes a letter at least.
#[derive(Clone, Debug)]
pub(in crate::compile) struct PrefixIndex {
    /// Children of one node stand together; the first node is the root.
    nodes: Box<[Node]>,
    /// The first letter of each node's label, to find a child by.
    first_bytes: Box<[u8]>,
    labels: Box<[u8]>,
}

#[derive(Clone, Debug)]
struct Node {
    /// Where in `labels` the letters stand that lead here from the node above.
    label: Range<u32>,
    children: Range<u32>,
    place: Place,
}

/// The statements that a resource leads to.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) struct Place {
    /// Those with a pattern that matches, whatever follows.
    pub(in crate::compile) sure: Row,
    /// Those with a pattern that begins so, and has to be asked.
    pub(in crate::compile) unsure: Row,
    /// Those with a pattern that is this very text.
    pub(in crate::compile) exact: Row,
}

impl Place {
    /// The statements of one word that have a pattern that matches.
    #[inline]
    pub(in crate::compile) fn sure(&self, rows: &Rows, word: usize) -> u64 {
        rows.word(self.sure, word) | rows.word(self.exact, word)
    }

    /// The same, and those that have to be asked.
    #[inline]
    pub(in crate::compile) fn any(&self, rows: &Rows, word: usize) -> u64 {
        self.sure(rows, word) | rows.word(self.unsure, word)
    }
}

/// What begins with some text, in the making.
#[derive(Clone, Debug)]
struct Marks {
    sure: Bits,
    unsure: Bits,
    exact: Bits,
}

impl PrefixIndex {
    /// Of every statement its resources, `None` where it has none.
    pub(in crate::compile) fn new<'a>(
        resources: impl Iterator<Item = Option<&'a CompiledResources>>,
        rows: &mut RowsBuilder,
    ) -> Self {
        let empty = Marks {
            sure: rows.empty(),
            unsure: rows.empty(),
            exact: rows.empty(),
        };
        let mut marks: BTreeMap<&[u8], Marks> = BTreeMap::from([(&b""[..], empty.clone())]);
        let mut at = |prefix: &'a str, mark: &mut dyn FnMut(&mut Marks)| {
            let found = marks.entry(prefix.as_bytes());
            mark(found.or_insert_with(|| empty.clone()));
        };
        for (index, resources) in resources.enumerate() {
            match resources.and_then(CompiledResources::listed_s3) {
                None if resources.is_none_or(CompiledResources::is_everything) => {
                    at("", &mut |marks| marks.sure.set(index));
                }
                None => at("", &mut |marks| marks.unsure.set(index)),
                Some(patterns) => {
                    for pattern in patterns {
                        at(pattern.prefix(), &mut |marks| match pattern.rest() {
                            Rest::End => marks.exact.set(index),
                            Rest::Run => marks.sure.set(index),
                            Rest::Suffix(_) | Rest::Contains(_) | Rest::General(_) => {
                                marks.unsure.set(index);
                            }
                        });
                    }
                }
            }
        }
        let entries: Vec<_> = marks.into_iter().collect();
        grow(&entries, rows)
    }

    /// What the resource leads to.
    pub(in crate::compile) fn find(&self, subject: &S3Subject<'_>) -> Place {
        let mut cursor = subject.cursor();
        let mut found = Place {
            sure: Row::NONE,
            unsure: Row::NONE,
            exact: Row::NONE,
        };
        let mut node = self.nodes.first();
        while let Some(here) = node {
            found = here.place;
            let Some(byte) = cursor.peek() else {
                return found;
            };
            found.exact = Row::NONE;
            node = self
                .child(here, byte)
                .filter(|child| cursor.strip(self.label(child)));
        }
        found
    }

    fn child(&self, node: &Node, byte: u8) -> Option<&Node> {
        let children = node.children.start as usize..node.children.end as usize;
        let at = self
            .first_bytes
            .get(children.clone())?
            .iter()
            .position(|first| *first == byte)?;
        self.nodes.get(children.start + at)
    }

    fn label(&self, node: &Node) -> &[u8] {
        let label = node.label.start as usize..node.label.end as usize;
        self.labels.get(label).unwrap_or_default()
    }
}

/// A node whose children are still to be made.
struct Open<'e> {
    node: usize,
    /// The letters from the root to here.
    depth: usize,
    /// What begins with these letters, sorted.
    entries: &'e [(&'e [u8], Marks)],
    sure: Bits,
    unsure: Bits,
}

fn grow(entries: &[(&[u8], Marks)], rows: &mut RowsBuilder) -> PrefixIndex {
    let (mut nodes, mut first_bytes, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    let mut push = |label: &[u8], nodes: &mut Vec<Node>| {
        let start = index(labels.len());
        labels.extend_from_slice(label);
        first_bytes.push(label.first().copied().unwrap_or_default());
        nodes.push(Node {
            label: start..index(labels.len()),
            children: 0..0,
            place: Place {
                sure: Row::NONE,
                unsure: Row::NONE,
                exact: Row::NONE,
            },
        });
    };
    push(b"", &mut nodes);
    let mut open = VecDeque::from([Open {
        node: 0,
        depth: 0,
        entries,
        sure: rows.empty(),
        unsure: rows.empty(),
    }]);
    while let Some(mut here) = open.pop_front() {
        let mut exact = rows.empty();
        let mut below = here.entries;
        if let [(prefix, marks), others @ ..] = below
            && prefix.len() == here.depth
        {
            here.sure.add(&marks.sure);
            here.unsure.add(&marks.unsure);
            exact.add(&marks.exact);
            below = others;
        }
        let first_child = nodes.len();
        let letter = |prefix: &[u8]| prefix.get(here.depth).copied();
        for group in below.chunk_by(|left, right| letter(left.0) == letter(right.0)) {
            let (Some((first, _)), Some((last, _))) = (group.first(), group.last()) else {
                continue;
            };
            let depth = first.iter().zip(*last).take_while(|(a, b)| a == b).count();
            open.push_back(Open {
                node: nodes.len(),
                depth,
                entries: group,
                sure: here.sure.clone(),
                unsure: here.unsure.clone(),
            });
            push(first.get(here.depth..depth).unwrap_or_default(), &mut nodes);
        }
        let children = index(first_child)..index(nodes.len());
        if let Some(node) = nodes.get_mut(here.node) {
            node.children = children;
            node.place = Place {
                sure: rows.row(here.sure),
                unsure: rows.row(here.unsure),
                exact: rows.row(exact),
            };
        }
    }
    PrefixIndex {
        nodes: nodes.into(),
        first_bytes: first_bytes.into(),
        labels: labels.into(),
    }
}

/// INVARIANT: documents are bounded in size, so that nothing here reaches 2^32.
fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
