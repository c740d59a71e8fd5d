//! Everything that is bytes: streamed, durable before they are named.
