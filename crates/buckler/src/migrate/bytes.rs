//! The bytes, from one place to the other.

use buckler_blobs::{BlobLocation, Blobs};
use buckler_metadata::Store;
use buckler_server::{Arrival, CarriedBlob, Carrying, Damaged, carry};

use super::progress::{Progress, Unit, say};
use crate::cli::MigrateArguments;
use crate::error::Failure;

/// How to copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options(Carrying);

impl Options {
    pub(super) fn of(arguments: &MigrateArguments) -> Self {
        Self(Carrying {
            parallel: usize::from(arguments.parallel),
            arrival: if arguments.deep {
                Arrival::Read
            } else {
                Arrival::Measured
            },
            damaged: if arguments.keep_damage {
                Damaged::Carried
            } else {
                Damaged::Left
            },
        })
    }
}

/// Bytes on their way.
#[derive(Debug)]
pub(super) struct ByteMove {
    from: Blobs,
    to: Blobs,
}

/// What became of the blobs.
#[derive(Debug, Default)]
struct Count {
    arrived: u64,
    found: u64,
    damaged: u64,
    bytes: u64,
}

impl ByteMove {
    /// Opens both places; the target is then the store's of the name `new_id`.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(super) async fn begin(
        from: &BlobLocation,
        store_id: &str,
        to: &BlobLocation,
        new_id: &str,
    ) -> Result<Self, Failure> {
        let opened = from.inspect(store_id).await;
        let source =
            opened.map_err(|error| Failure::configuration(format!("the {from}: {error}")))?;
        let opened = to.open(new_id).await;
        let target =
            opened.map_err(|error| Failure::configuration(format!("the {to}: {error}")))?;
        Ok(Self {
            from: source,
            to: target,
        })
    }

    /// Copies what is not there yet; `false` if bytes are damaged and none of them may be.
    ///
    /// # Errors
    ///
    /// [`Failure`]: what has arrived stays, and the next process goes on.
    pub(super) async fn carry(&self, source: &Store, options: Options) -> Result<bool, Failure> {
        let (_, total) = source.promised_total().await.map_err(Failure::runtime)?;
        let mut progress = Progress::new("bytes", total, Unit::Bytes);
        let mut count = Count::default();
        let carried = carry(source, &self.from, &self.to, options.0, |blob| {
            let size_bytes = match blob {
                CarriedBlob::Arrived { size_bytes } => {
                    count.arrived += 1;
                    size_bytes
                }
                CarriedBlob::Found { size_bytes } => {
                    count.found += 1;
                    size_bytes
                }
                CarriedBlob::Damaged {
                    id,
                    damage,
                    size_bytes,
                } => {
                    count.damaged += 1;
                    say(&format!("blob {id} is damaged at the source: {damage}"));
                    size_bytes
                }
            };
            count.bytes += size_bytes;
            progress.is_at(count.bytes);
        });
        carried.await.map_err(Failure::runtime)?;
        let Count {
            arrived,
            found,
            damaged,
            bytes,
        } = count;
        progress.finish(&format!(
            "{arrived} blobs copied and compared with their checksums, {found} were there, {damaged} damaged \
             ({bytes} bytes)"
        ));
        if damaged > 0 && options.0.damaged == Damaged::Left {
            say(
                "`buckler doctor --deep` names the objects that are damaged; `--keep-damage` moves them as they are",
            );
            return Ok(false);
        }
        Ok(true)
    }
}
