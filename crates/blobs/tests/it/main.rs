//! The rules every blob store keeps, and what each does when its disk or its network fails.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod forgetful_disk;
#[cfg(test)]
mod power_loss;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod watched_store;
