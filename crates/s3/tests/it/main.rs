//! The protocol as a client sees it: requests in, answers out.

#[cfg(test)]
mod acls;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod conditions;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod multipart;
#[cfg(test)]
mod post_forms;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod routing;
mod versions;
