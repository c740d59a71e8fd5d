//! The HTTP side below the protocol: connections, framing, proxies, the ids of an answer.

pub(crate) mod answer_ids;
pub(crate) mod framing;
pub(crate) mod guarded_io;
pub(crate) mod listen;
pub(crate) mod trusted_proxies;
