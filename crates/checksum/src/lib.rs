//! The ten checksum algorithms of Amazon S3: streaming, composite, full-object. Pure.
