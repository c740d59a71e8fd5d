//! The rules every blob store keeps, and what a local one does when its disk fails.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod forgetful_disk;
#[cfg(test)]
mod power_loss;
#[cfg(test)]
mod suite;
