//! Accounts, users, access keys and the seed file, as a domain. No sockets.
