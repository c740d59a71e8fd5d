//! From the parts that were uploaded to one object: pure, so that it can run within the rows' own transaction.
//!
//! Source: facts: s3-behaviour.md 10.2 and 10.3.

use buckler_checksum::{Algorithm, Checksum, ChecksumType, CompositeChecksum, FullObjectCombiner};

use super::{ChecksumPlan, CompletionFault, PART_BYTES_MIN};
use crate::{ETag, ObjectChecksum, PartNumber};

/// A part as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedPart {
    /// Its number.
    pub number: PartNumber,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// The MD5 of its bytes: its entity tag.
    pub md5: [u8; 16],
    /// Its checksum, by the algorithm of the upload's plan.
    pub checksum: Checksum,
}

/// A part as the client names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedPart {
    /// Its number, at least 1. One above 10,000 names a part that cannot be there.
    pub number: u32,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its checksum, where one was given.
    pub checksum: Option<Checksum>,
}

/// What a client says of the object it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The parts: 1 to 10,000, in ascending order of their numbers.
    pub parts: Vec<ClaimedPart>,
    /// `x-amz-checksum-<alg>`: the object's checksum, and, of a composite one, how many parts it says there are.
    pub checksum: Option<(Checksum, Option<u32>)>,
    /// `x-amz-checksum-type`.
    pub checksum_type: Option<ChecksumType>,
    /// `x-amz-mp-object-size`, in bytes.
    pub size_bytes: Option<u64>,
}

/// What the parts become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    /// The object's entity tag.
    pub etag: ETag,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// Its checksum.
    pub checksum: ObjectChecksum,
    /// The numbers of its parts, ascending: 1 to 10,000 of them.
    pub numbers: Vec<PartNumber>,
}

impl Completion {
    /// Whether the parts named are exactly these: a completion that was carried out already is repeated.
    pub fn names_exactly(&self, parts: &[UploadedPart]) -> bool {
        self.parts.len() == parts.len()
            && self.parts.iter().zip(parts).all(|(claimed, part)| {
                claimed.number == u32::from(part.number.get()) && claimed.etag == part.etag_text()
            })
    }

    /// Judges the parts of an upload, given in ascending order of their numbers.
    ///
    /// # Errors
    /// In AWS's order: an entity tag that differs beats the object's checksum, which beats a part that is missing.
    pub fn assemble(
        &self,
        plan: ChecksumPlan,
        parts: &[UploadedPart],
    ) -> Result<Assembly, CompletionFault> {
        self.check_checksum_claims(plan)?;
        let (found, missing) = self.find(parts)?;
        let checksum = aggregate(plan, &found);
        self.check_checksum(plan, checksum.as_ref())?;
        if let Some(claimed) = missing {
            return Err(claimed.invalid());
        }
        check_sizes(&found)?;
        let size_bytes = found.iter().map(|part| part.size_bytes).sum();
        match self.size_bytes {
            Some(claimed) if claimed != size_bytes => {
                return Err(CompletionFault::OtherSize {
                    claimed,
                    actual: size_bytes,
                });
            }
            _ => {}
        }
        Ok(Assembly {
            etag: etag(&found),
            size_bytes,
            // INVARIANT: one is made of all parts that are found, and all were.
            checksum: checksum.ok_or(CompletionFault::BadDigest(plan.algorithm()))?,
            numbers: found.iter().map(|part| part.number).collect(),
        })
    }

    fn check_checksum_claims(&self, plan: ChecksumPlan) -> Result<(), CompletionFault> {
        let expected = plan.asked().map(|(_, checksum_type)| checksum_type);
        // AWS: an upload without an algorithm has no type, although its object will be FULL_OBJECT.
        if self.checksum_type.is_some() && self.checksum_type != expected {
            return Err(CompletionFault::OtherChecksumType { expected });
        }
        let Some((algorithm, checksum_type)) = plan.asked() else {
            return Ok(());
        };
        for part in &self.parts {
            match part.checksum.map(|checksum| checksum.algorithm()) {
                Some(actual) if actual != algorithm => {
                    return Err(CompletionFault::OtherPartAlgorithm {
                        number: part.number,
                        actual,
                    });
                }
                _ => {}
            }
        }
        if checksum_type == ChecksumType::FullObject {
            return Ok(());
        }
        match self.parts.iter().find(|part| part.checksum.is_none()) {
            Some(part) => Err(CompletionFault::MissingPartChecksum {
                number: part.number,
                algorithm,
            }),
            None => Ok(()),
        }
    }

    /// The parts that were named, as far as they are there, and the first that is not.
    fn find<'p>(
        &self,
        parts: &'p [UploadedPart],
    ) -> Result<(Vec<&'p UploadedPart>, Option<&ClaimedPart>), CompletionFault> {
        let mut found = Vec::with_capacity(self.parts.len());
        let mut missing = None;
        let mut rest = parts.iter().peekable();
        for claimed in &self.parts {
            while rest
                .next_if(|part| u32::from(part.number.get()) < claimed.number)
                .is_some()
            {}
            match rest.next_if(|part| u32::from(part.number.get()) == claimed.number) {
                Some(part) if claimed.is(part) => found.push(part),
                Some(_) => return Err(claimed.invalid()),
                None => missing = missing.or(Some(claimed)),
            }
        }
        Ok((found, missing))
    }

    /// AWS: a checksum without a type is one of its algorithm's default type, and of an upload without an algorithm
    /// only the checksum that it gets by itself is compared. Recorded by LocalStack's tests, 2025.
    fn check_checksum(
        &self,
        plan: ChecksumPlan,
        computed: Option<&ObjectChecksum>,
    ) -> Result<(), CompletionFault> {
        let Some((claimed, claimed_parts)) = &self.checksum else {
            return Ok(());
        };
        let algorithm = plan.algorithm();
        if plan == ChecksumPlan::Default && claimed.algorithm() != algorithm {
            return Ok(());
        }
        let claimed_type = self.checksum_type.unwrap_or(algorithm.default_type());
        let is_right = match computed {
            _ if claimed_type != plan.checksum_type() => false,
            None => false,
            Some(ObjectChecksum::Composite(composite)) => {
                composite.checksum() == claimed
                    && claimed_parts.is_none_or(|parts| parts == composite.part_count())
            }
            Some(ObjectChecksum::FullObject(checksum) | ObjectChecksum::Part(checksum, _)) => {
                checksum == claimed && claimed_parts.is_none()
            }
        };
        if is_right {
            Ok(())
        } else {
            Err(CompletionFault::BadDigest(algorithm))
        }
    }
}

impl UploadedPart {
    fn etag_text(&self) -> String {
        hex::encode(self.md5)
    }
}

impl ClaimedPart {
    fn is(&self, part: &UploadedPart) -> bool {
        self.etag == part.etag_text()
            && self
                .checksum
                .is_none_or(|checksum| checksum == part.checksum)
    }

    fn invalid(&self) -> CompletionFault {
        CompletionFault::InvalidPart {
            number: self.number,
            etag: self.etag.clone(),
        }
    }
}

/// The object's checksum from those of its parts; `None` without parts.
fn aggregate(plan: ChecksumPlan, parts: &[&UploadedPart]) -> Option<ObjectChecksum> {
    match plan.checksum_type() {
        ChecksumType::FullObject => full_object(parts).map(ObjectChecksum::FullObject),
        ChecksumType::Composite => composite(plan.algorithm(), parts),
    }
}

fn full_object(parts: &[&UploadedPart]) -> Option<Checksum> {
    let (first, rest) = parts.split_first()?;
    let mut whole = FullObjectCombiner::new(&first.checksum).ok()?;
    for part in rest {
        whole.push(&part.checksum, part.size_bytes).ok()?;
    }
    Some(whole.checksum())
}

fn composite(algorithm: Algorithm, parts: &[&UploadedPart]) -> Option<ObjectChecksum> {
    let checksums = parts.iter().map(|part| &part.checksum);
    CompositeChecksum::of(algorithm, checksums)
        .ok()
        .map(ObjectChecksum::Composite)
}

/// The MD5 over the parts' MD5s.
fn etag(parts: &[&UploadedPart]) -> ETag {
    let mut digests = Vec::with_capacity(parts.len() * 16);
    for part in parts {
        digests.extend_from_slice(&part.md5);
    }
    let whole = buckler_checksum::Hasher::digest(Algorithm::Md5, &digests);
    let mut md5 = [0; 16];
    for (to, from) in md5.iter_mut().zip(whole.digest()) {
        *to = *from;
    }
    ETag::multipart(md5, u16::try_from(parts.len()).unwrap_or(u16::MAX))
}

fn check_sizes(parts: &[&UploadedPart]) -> Result<(), CompletionFault> {
    let Some((_, all_but_last)) = parts.split_last() else {
        return Ok(());
    };
    match all_but_last
        .iter()
        .find(|part| part.size_bytes < PART_BYTES_MIN)
    {
        Some(part) => Err(CompletionFault::TooSmall {
            number: part.number.get().into(),
            etag: part.etag_text(),
            size_bytes: part.size_bytes,
        }),
        None => Ok(()),
    }
}
