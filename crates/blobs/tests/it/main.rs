//! The rules every blob store keeps, and what a local one does when its disk fails.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod suite;
