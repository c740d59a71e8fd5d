//! Objects as the SDK sends them by default: streamed, with a checksum in the trailer.

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode};

use crate::server::{Caller, Server};

/// Larger than any buffer on the way.
const BODY_BYTES: usize = 3 * 1024 * 1024 + 17;

fn body() -> Vec<u8> {
    (0..BODY_BYTES)
        .map(|index| u8::try_from(index % 251).unwrap())
        .collect()
}

#[tokio::test]
async fn a_streamed_file_comes_back_whole() {
    let server = Server::start();
    server.open_bucket("streams").await;
    let owner = server.client(Caller::OwnerRoot);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, body()).unwrap();

    let put = owner
        .put_object()
        .bucket("streams")
        .key("file")
        .body(ByteStream::from_path(&path).await.unwrap())
        .send()
        .await
        .unwrap();
    assert!(put.checksum_crc32().is_some(), "{put:?}");

    let got = owner
        .get_object()
        .bucket("streams")
        .key("file")
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert_eq!(got.checksum_crc32(), put.checksum_crc32());
    assert_eq!(got.e_tag(), put.e_tag());
    // Collecting compares with the checksum.
    assert_eq!(got.body.collect().await.unwrap().to_vec(), body());
}

#[tokio::test]
async fn each_checksum_of_the_sdk_is_verified_and_stored() {
    let server = Server::start();
    server.open_bucket("checksums").await;
    let owner = server.client(Caller::OwnerRoot);
    for algorithm in [
        ChecksumAlgorithm::Crc32,
        ChecksumAlgorithm::Crc32C,
        ChecksumAlgorithm::Crc64Nvme,
        ChecksumAlgorithm::Sha1,
        ChecksumAlgorithm::Sha256,
    ] {
        let key = algorithm.as_str();
        owner
            .put_object()
            .bucket("checksums")
            .key(key)
            .checksum_algorithm(algorithm.clone())
            .body(ByteStream::from(body()))
            .send()
            .await
            .unwrap_or_else(|error| panic!("{key}: {error:?}"));
        let got = owner
            .get_object()
            .bucket("checksums")
            .key(key)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await
            .unwrap();
        let sums = [
            got.checksum_crc32(),
            got.checksum_crc32_c(),
            got.checksum_crc64_nvme(),
            got.checksum_sha1(),
            got.checksum_sha256(),
        ];
        assert_eq!(sums.iter().flatten().count(), 1, "{key}: {sums:?}");
        assert_eq!(got.body.collect().await.unwrap().to_vec(), body(), "{key}");
    }
}

#[tokio::test]
async fn a_wrong_checksum_is_refused_and_nothing_stored() {
    let server = Server::start();
    server.open_bucket("refused").await;
    let owner = server.client(Caller::OwnerRoot);
    let refused = owner
        .put_object()
        .bucket("refused")
        .key("k")
        .checksum_crc32("AAAAAA==")
        .body(ByteStream::from_static(b"bytes"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("BadDigest"));
    let missing = owner.head_object().bucket("refused").key("k").send().await;
    let missing = missing.unwrap_err().into_service_error();
    assert!(
        matches!(missing, HeadObjectError::NotFound(_)),
        "{missing:?}"
    );
}

#[tokio::test]
async fn a_missing_key_is_a_typed_error() {
    let server = Server::start();
    server.open_bucket("typed").await;
    let owner = server.client(Caller::OwnerRoot);
    let missing = owner.get_object().bucket("typed").key("k").send().await;
    let missing = missing.unwrap_err().into_service_error();
    assert!(
        matches!(missing, GetObjectError::NoSuchKey(_)),
        "{missing:?}"
    );
    assert_eq!(missing.message(), Some("The specified key does not exist."));
}
