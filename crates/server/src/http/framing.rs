//! Watches the framing of the requests on one connection, to find the ones that declare their
//! length twice.
//!
//! A request with both `Content-Length` and `Transfer-Encoding` means one thing to one server and
//! another to the next (request smuggling; RFC 9112, 6.3). hyper follows `Transfer-Encoding` and
//! may drop the other header before anyone sees it, so the bytes are watched on their way in. The
//! watch never changes a byte; it only raises a flag that the pipeline answers with 400.

use std::mem::MaybeUninit;

/// Most header lines of a request. hyper is given the same bound. The 8 KB that a block of headers may have hold fewer
/// `x-amz-meta-` lines.
///
/// PERF: hyper clears room for all of them with every request; 2,048 took a tenth of the instructions of a GET.
pub(crate) const HEADERS_MAX: usize = 512;
/// Most bytes of a request head that are kept while it is incomplete. hyper's own buffer has the
/// same bound, so that a longer head fails there.
pub(crate) const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Longest chunk-size line, in bytes, that is followed.
const CHUNK_LINE_BYTES_MAX: usize = 4096;

/// Follows heads and bodies on one connection.
#[derive(Debug)]
pub(crate) struct FramingWatch {
    state: State,
}

#[derive(Debug)]
enum State {
    /// Inside a head, of which these bytes have come.
    Head(Vec<u8>),
    /// Inside a body of known length.
    Sized { bytes_left: u64 },
    /// Inside a chunked body.
    Chunked(Chunked),
    /// Not followed any longer: hyper refuses what came, and closes.
    Lost,
}

#[derive(Debug)]
enum Chunked {
    SizeLine(Vec<u8>),
    Data {
        bytes_left: u64,
    },
    DataEnd {
        bytes_left: u8,
    },
    /// The trailer section: ends with an empty line.
    Trailers {
        line_bytes: usize,
    },
}

/// What a stretch of bytes showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nothing wrong so far.
    Clear,
    /// A head with both `Content-Length` and `Transfer-Encoding`.
    TwoLengths,
}

enum Framing {
    Sized(u64),
    Chunked,
    TwoLengths,
    Unknown,
}

impl FramingWatch {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Head(Vec::new()),
        }
    }

    /// Takes in the next bytes of the connection.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) -> Seen {
        while !bytes.is_empty() {
            let state = std::mem::replace(&mut self.state, State::Lost);
            self.state = match state {
                State::Lost => return Seen::Clear,
                State::Head(head) => match read_head(head, &mut bytes) {
                    Head::Incomplete(head) => State::Head(head),
                    Head::Ended(Framing::Sized(0)) => State::Head(Vec::new()),
                    Head::Ended(Framing::Sized(bytes_left)) => State::Sized { bytes_left },
                    Head::Ended(Framing::Chunked) => State::Chunked(Chunked::SizeLine(Vec::new())),
                    Head::Ended(Framing::TwoLengths) => return Seen::TwoLengths,
                    Head::Ended(Framing::Unknown) => State::Lost,
                },
                State::Sized { bytes_left } => match skip(bytes_left, &mut bytes) {
                    0 => State::Head(Vec::new()),
                    bytes_left => State::Sized { bytes_left },
                },
                State::Chunked(chunked) => read_chunked(chunked, &mut bytes),
            };
        }
        Seen::Clear
    }
}

enum Head {
    Incomplete(Vec<u8>),
    Ended(Framing),
}

/// Reads on in a head; takes from `bytes` what belongs to it.
fn read_head(mut head: Vec<u8>, bytes: &mut &[u8]) -> Head {
    // PERF: the usual head arrives whole, and is then parsed where it lies.
    if head.is_empty() {
        return match parse_head(bytes) {
            Some((length, framing)) => {
                *bytes = bytes.get(length..).unwrap_or_default();
                Head::Ended(framing)
            }
            None => Head::Incomplete(std::mem::take(bytes).to_vec()),
        };
    }
    let known = head.len();
    head.extend_from_slice(bytes);
    if let Some((length, framing)) = parse_head(&head) {
        *bytes = bytes
            .get(length.saturating_sub(known)..)
            .unwrap_or_default();
        return Head::Ended(framing);
    }
    *bytes = &[];
    if head.len() > HEAD_BYTES_MAX {
        Head::Ended(Framing::Unknown)
    } else {
        Head::Incomplete(head)
    }
}

/// The length and framing of the head at the start of `bytes`, or `None` if it is incomplete.
fn parse_head(bytes: &[u8]) -> Option<(usize, Framing)> {
    // PERF: 16 KiB that are neither allocated nor cleared.
    let mut headers = [const { MaybeUninit::uninit() }; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut []);
    match request.parse_with_uninit_headers(bytes, &mut headers) {
        Ok(httparse::Status::Complete(length)) => Some((length, framing(request.headers))),
        Ok(httparse::Status::Partial) => None,
        Err(_) => Some((bytes.len(), Framing::Unknown)),
    }
}

fn framing(headers: &[httparse::Header<'_>]) -> Framing {
    let named = |name: &'static str| {
        headers
            .iter()
            .filter(move |header| header.name.eq_ignore_ascii_case(name))
    };
    let length = named("content-length").next();
    let Some(encoding) = named("transfer-encoding").next_back() else {
        let Some(length) = length else {
            return Framing::Sized(0);
        };
        return parse_digits(length.value.trim_ascii(), 10)
            .map_or(Framing::Unknown, Framing::Sized);
    };
    if length.is_some() {
        return Framing::TwoLengths;
    }
    let last = encoding
        .value
        .rsplit(|byte| *byte == b',')
        .next()
        .unwrap_or_default();
    if last.trim_ascii().eq_ignore_ascii_case(b"chunked") {
        Framing::Chunked
    } else {
        Framing::Unknown
    }
}

fn read_chunked(state: Chunked, bytes: &mut &[u8]) -> State {
    match state {
        Chunked::SizeLine(mut line) => {
            if !take_line(&mut line, bytes) {
                return bounded(line);
            }
            let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
            match parse_digits(digits.trim_ascii(), 16) {
                Some(0) => State::Chunked(Chunked::Trailers { line_bytes: 0 }),
                Some(bytes_left) => State::Chunked(Chunked::Data { bytes_left }),
                None => State::Lost,
            }
        }
        Chunked::Data { bytes_left } => State::Chunked(match skip(bytes_left, bytes) {
            0 => Chunked::DataEnd { bytes_left: 2 },
            bytes_left => Chunked::Data { bytes_left },
        }),
        Chunked::DataEnd { bytes_left } => {
            *bytes = bytes.get(1..).unwrap_or_default();
            match bytes_left {
                2.. => State::Chunked(Chunked::DataEnd { bytes_left: 1 }),
                _ => State::Chunked(Chunked::SizeLine(Vec::new())),
            }
        }
        Chunked::Trailers { line_bytes } => read_trailers(line_bytes, bytes),
    }
}

fn bounded(line: Vec<u8>) -> State {
    if line.len() > CHUNK_LINE_BYTES_MAX {
        State::Lost
    } else {
        State::Chunked(Chunked::SizeLine(line))
    }
}

fn read_trailers(mut line_bytes: usize, bytes: &mut &[u8]) -> State {
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        match byte {
            b'\n' if line_bytes == 0 => return State::Head(Vec::new()),
            b'\n' => line_bytes = 0,
            b'\r' => {}
            _ => line_bytes += 1,
        }
    }
    State::Chunked(Chunked::Trailers { line_bytes })
}

/// Moves bytes up to and with the next line feed from `bytes` to `line`; true if it was there.
fn take_line(line: &mut Vec<u8>, bytes: &mut &[u8]) -> bool {
    let end = memchr::memchr(b'\n', bytes);
    let (taken, rest) = bytes.split_at(end.map_or(bytes.len(), |at| at + 1));
    line.extend_from_slice(taken);
    *bytes = rest;
    end.is_some()
}

/// Takes at most `bytes_left` bytes away; gives how many are then left.
fn skip(bytes_left: u64, bytes: &mut &[u8]) -> u64 {
    let taken = usize::try_from(bytes_left)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    *bytes = bytes.get(taken..).unwrap_or_default();
    bytes_left - taken as u64
}

fn parse_digits(digits: &[u8], radix: u32) -> Option<u64> {
    let text = str::from_utf8(digits).ok()?;
    let plain = !text.starts_with('+');
    u64::from_str_radix(text, radix).ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn feed_in_steps(bytes: &[u8], step: usize) -> Seen {
        let mut watch = FramingWatch::new();
        bytes
            .chunks(step)
            .map(|chunk| watch.feed(chunk))
            .find(|seen| *seen == Seen::TwoLengths)
            .unwrap_or(Seen::Clear)
    }

    #[track_caller]
    fn check(bytes: &str, expected: Seen) {
        for step in [1, 2, 7, bytes.len()] {
            assert_eq!(
                feed_in_steps(bytes.as_bytes(), step),
                expected,
                "in steps of {step}"
            );
        }
    }

    #[test]
    fn both_headers_are_seen_in_either_order() {
        check(
            "PUT /b/k HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            Seen::TwoLengths,
        );
        check(
            "PUT /b/k HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n",
            Seen::TwoLengths,
        );
        check(
            "PUT /b/k HTTP/1.1\r\ntransfer-encoding: identity\r\ncontent-length: 5\r\n\r\n",
            Seen::TwoLengths,
        );
    }

    #[test]
    fn a_body_that_looks_like_a_head_is_a_body() {
        let body = "PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
        check(
            &format!(
                "PUT /b/k HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
            Seen::Clear,
        );
        check(
            &format!(
                "PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{:x};ext=1\r\n{body}\r\n0\r\nt: v\r\n\r\n",
                body.len()
            ),
            Seen::Clear,
        );
    }

    #[test]
    fn the_request_after_a_body_is_watched() {
        let bad = "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
        check(
            &format!("GET / HTTP/1.1\r\nHost: h\r\n\r\n{bad}"),
            Seen::TwoLengths,
        );
        check(
            &format!("PUT /b/k HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc{bad}"),
            Seen::TwoLengths,
        );
        check(
            &format!(
                "PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n{bad}"
            ),
            Seen::TwoLengths,
        );
        check(
            &format!(
                "PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n{bad}"
            ),
            Seen::TwoLengths,
        );
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_steps_are_followed_alike(bytes in proptest::collection::vec(any::<u8>(), 0..300), step in 1usize..50) {
            prop_assert_eq!(feed_in_steps(&bytes, step), feed_in_steps(&bytes, bytes.len().max(1)));
        }
    }
}
