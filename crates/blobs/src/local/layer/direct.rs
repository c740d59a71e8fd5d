//! Writing past the system's page cache.
//!
//! PERF: a body that goes through the page cache takes a fresh page for each 4 KiB, and gives nobody else's back before
//! it is full: on a virtual machine whose host takes back what is free, that was 40 % of what an upload cost. Copied into
//! a buffer that is used again, and written from there, 1 MiB costs half as much.

use std::{
    fs,
    io::{self, IoSlice, Write as _},
    mem,
    sync::{Mutex, PoisonError},
};

use rustix::{
    fs::{OFlags, fcntl_getfl, fcntl_setfl},
    io::Errno,
};

/// What addresses, offsets and lengths of direct writes are multiples of. Disks ask for 512 or 4,096.
const ALIGNMENT_BYTES: usize = 4096;
const BUFFER_BYTES: usize = 256 * 1024;
/// Buffers kept for the next write. There are as many under way as threads that write.
const SPARE_BUFFERS_MAX: usize = 8;

/// The end of a file that is being appended to.
#[derive(Debug)]
pub(super) enum Tail {
    /// Written directly; these bytes, fewer than [`ALIGNMENT_BYTES`], are still to come.
    Direct(Vec<u8>),
    /// Written through the page cache: the file system takes nothing else, or the file ends here.
    Cached,
}

impl Tail {
    /// Of a new file.
    pub(super) fn new(file: &fs::File) -> Self {
        match set_direct(file, true) {
            Ok(()) => Self::Direct(Vec::new()),
            Err(_) => Self::Cached,
        }
    }

    /// Appends what it can of the slices, and returns how many bytes that was.
    pub(super) fn append(
        &mut self,
        file: &mut fs::File,
        slices: &[IoSlice<'_>],
    ) -> io::Result<usize> {
        let rest = match self {
            Self::Cached => return file.write_vectored(slices),
            Self::Direct(rest) => mem::take(rest),
        };
        let mut buffer = Buffer::take();
        buffer.fill(&rest);
        let mut taken = 0;
        for slice in slices {
            let mut bytes: &[u8] = slice;
            while !bytes.is_empty() {
                let copied = buffer.fill(bytes);
                taken += copied;
                bytes = bytes.get(copied..).unwrap_or_default();
                if buffer.is_full() {
                    self.write(file, buffer.filled())?;
                    buffer.clear();
                }
            }
        }
        let whole_bytes = buffer.filled().len() / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
        let (whole, rest) = buffer.filled().split_at(whole_bytes);
        self.write(file, whole)?;
        match self {
            Self::Direct(kept) => kept.extend_from_slice(rest),
            Self::Cached => file.write_all(rest)?,
        }
        Ok(taken)
    }

    /// Writes what is left. It need not be aligned, and so goes through the page cache.
    pub(super) fn finish(&mut self, file: &mut fs::File) -> io::Result<()> {
        match mem::replace(self, Self::Cached) {
            Self::Cached => Ok(()),
            Self::Direct(rest) => {
                set_direct(file, false)?;
                file.write_all(&rest)
            }
        }
    }

    /// Writes all of some bytes whose length is aligned.
    fn write(&mut self, file: &mut fs::File, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match file.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The disk asks for another alignment than any that is known.
                Err(error) if Errno::from_io_error(&error) == Some(Errno::INVAL) => {
                    if matches!(self, Self::Cached) {
                        return Err(error);
                    }
                    set_direct(file, false)?;
                    *self = Self::Cached;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn set_direct(file: &fs::File, is_direct: bool) -> io::Result<()> {
    let mut flags = fcntl_getfl(file)?;
    flags.set(OFlags::DIRECT, is_direct);
    Ok(fcntl_setfl(file, flags)?)
}

static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// Memory at an aligned address, used again and again.
struct Buffer {
    memory: Vec<u8>,
    first: usize,
    bytes: usize,
}

impl Buffer {
    fn take() -> Self {
        let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let memory = spare.unwrap_or_else(|| vec![0; BUFFER_BYTES + ALIGNMENT_BYTES]);
        let first = memory.as_ptr().align_offset(ALIGNMENT_BYTES);
        Self {
            memory,
            // INVARIANT: an address of bytes can always be aligned; where it could not, the disk would refuse the write.
            first: first.min(ALIGNMENT_BYTES),
            bytes: 0,
        }
    }

    /// Takes bytes as far as there is room, and returns how many.
    fn fill(&mut self, bytes: &[u8]) -> usize {
        let start = self.first + self.bytes;
        let room = self.memory.get_mut(start..self.first + BUFFER_BYTES);
        let room = room.unwrap_or_default();
        let count = room.len().min(bytes.len());
        if let (Some(room), Some(bytes)) = (room.get_mut(..count), bytes.get(..count)) {
            room.copy_from_slice(bytes);
        }
        self.bytes += count;
        count
    }

    fn filled(&self) -> &[u8] {
        let filled = self.memory.get(self.first..self.first + self.bytes);
        filled.unwrap_or_default()
    }

    fn is_full(&self) -> bool {
        self.bytes == BUFFER_BYTES
    }

    fn clear(&mut self) {
        self.bytes = 0;
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < SPARE_BUFFERS_MAX {
            spare.push(mem::take(&mut self.memory));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(tail: impl FnOnce(&fs::File) -> Tail, appends: &[Vec<Vec<u8>>]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut file = fs::File::create_new(&path).unwrap();
        let mut tail = tail(&file);
        for slices in appends {
            let mut slices: Vec<_> = slices.iter().map(|slice| IoSlice::new(slice)).collect();
            let mut rest = slices.as_mut_slice();
            IoSlice::advance_slices(&mut rest, 0);
            while !rest.is_empty() {
                let taken = tail.append(&mut file, rest).unwrap();
                IoSlice::advance_slices(&mut rest, taken);
            }
        }
        tail.finish(&mut file).unwrap();
        fs::read(path).unwrap()
    }

    fn appends() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
        let bytes = prop_oneof![
            Just(1),
            Just(ALIGNMENT_BYTES),
            Just(BUFFER_BYTES),
            0..3 * BUFFER_BYTES
        ];
        let slice = (any::<u8>(), bytes).prop_map(|(first, bytes)| {
            let numbers = (0_u8..=250).cycle().skip(usize::from(first));
            numbers.take(bytes).collect::<Vec<_>>()
        });
        prop::collection::vec(prop::collection::vec(slice, 0..4), 0..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn all_bytes_come_in_order(appends in appends()) {
            let whole: Vec<u8> = appends.iter().flatten().flatten().copied().collect();
            prop_assert!(written(Tail::new, &appends) == whole);
            prop_assert!(written(|_| Tail::Cached, &appends) == whole);
        }

        /// As behind a direct write that the disk has refused.
        #[test]
        fn a_writer_that_turns_to_the_cache_half_way_loses_nothing(appends in appends(), turn in 0_usize..4) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("file");
            let mut file = fs::File::create_new(&path).unwrap();
            let mut tail = Tail::new(&file);
            for (at, slices) in appends.iter().enumerate() {
                if at == turn {
                    tail.finish(&mut file).unwrap();
                }
                for slice in slices.iter().filter(|slice| !slice.is_empty()) {
                    let mut rest = slice.as_slice();
                    while !rest.is_empty() {
                        let taken = tail.append(&mut file, &[IoSlice::new(rest)]).unwrap();
                        rest = &rest[taken..];
                    }
                }
            }
            tail.finish(&mut file).unwrap();
            let whole: Vec<u8> = appends.iter().flatten().flatten().copied().collect();
            prop_assert!(fs::read(path).unwrap() == whole);
        }
    }

    #[test]
    fn buffers_are_aligned() {
        let buffers = [Buffer::take(), Buffer::take(), Buffer::take()];
        for mut buffer in buffers {
            assert_eq!(buffer.fill(&vec![1; BUFFER_BYTES + 1]), BUFFER_BYTES);
            assert!(buffer.is_full());
            assert_eq!(buffer.filled().as_ptr().align_offset(ALIGNMENT_BYTES), 0);
        }
    }
}
