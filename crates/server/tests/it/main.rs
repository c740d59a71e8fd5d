//! The server's promises about itself.

mod readme;
mod rooms;
