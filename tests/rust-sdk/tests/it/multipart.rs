//! An upload in parts, with the CRC32 of each in its trailer.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart,
};

use crate::server::{Caller, Server};

const PART_BYTES: usize = 5 * 1024 * 1024;

#[tokio::test]
async fn parts_become_an_object_and_are_read_one_by_one() {
    let server = Server::start();
    server.open_bucket("parts").await;
    let owner = server.client(Caller::OwnerRoot);
    let created = owner
        .create_multipart_upload()
        .bucket("parts")
        .key("big")
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .send()
        .await
        .unwrap();
    let upload_id = created.upload_id().unwrap();
    let bodies = [vec![1_u8; PART_BYTES], vec![2; PART_BYTES], vec![3; 17]];
    let mut parts = Vec::new();
    for (number, body) in (1..).zip(&bodies) {
        let part = owner
            .upload_part()
            .bucket("parts")
            .key("big")
            .upload_id(upload_id)
            .part_number(number)
            .body(ByteStream::from(body.clone()))
            .send()
            .await
            .unwrap();
        parts.push(
            CompletedPart::builder()
                .part_number(number)
                .e_tag(part.e_tag().unwrap())
                .set_checksum_crc32(part.checksum_crc32().map(str::to_owned))
                .build(),
        );
    }
    let document = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    let completed = owner
        .complete_multipart_upload()
        .bucket("parts")
        .key("big")
        .upload_id(upload_id)
        .multipart_upload(document)
        .send()
        .await
        .unwrap();
    assert!(completed.e_tag().unwrap().ends_with("-3\""));
    assert_eq!(completed.checksum_type(), Some(&ChecksumType::Composite));

    let got = owner
        .get_object()
        .bucket("parts")
        .key("big")
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert_eq!(got.checksum_crc32(), completed.checksum_crc32());
    assert_eq!(got.body.collect().await.unwrap().to_vec(), bodies.concat());
    for (number, body) in (1..).zip(&bodies) {
        let part = owner
            .get_object()
            .bucket("parts")
            .key("big")
            .part_number(number)
            .send()
            .await
            .unwrap();
        assert_eq!(part.parts_count(), Some(3));
        assert_eq!(part.body.collect().await.unwrap().to_vec(), *body);
    }
}
