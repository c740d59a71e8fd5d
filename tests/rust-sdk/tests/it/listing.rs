//! Listings through the SDK's paginator.

use aws_sdk_s3::primitives::ByteStream;

use crate::server::{Caller, Server};

#[tokio::test]
async fn the_paginator_sees_every_key_once_and_in_order() {
    let server = Server::start();
    server.open_bucket("listed").await;
    let owner = server.client(Caller::OwnerRoot);
    let mut keys: Vec<String> = (0..25)
        .map(|number| format!("folder {number:02}/ä+&<key>"))
        .collect();
    for key in &keys {
        owner
            .put_object()
            .bucket("listed")
            .key(key)
            .body(ByteStream::from_static(b""))
            .send()
            .await
            .unwrap();
    }
    let mut pages = owner
        .list_objects_v2()
        .bucket("listed")
        .max_keys(10)
        .into_paginator()
        .send();
    let mut seen = Vec::new();
    let mut page_lengths = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        page_lengths.push(page.contents().len());
        seen.extend(
            page.contents()
                .iter()
                .filter_map(|object| object.key().map(str::to_owned)),
        );
    }
    keys.sort();
    assert_eq!(seen, keys);
    assert_eq!(page_lengths, [10, 10, 5]);
}

#[tokio::test]
async fn a_delimiter_groups_keys() {
    let server = Server::start();
    server.open_bucket("grouped").await;
    let owner = server.client(Caller::OwnerRoot);
    for key in ["a", "b/1", "b/2", "c/1"] {
        owner
            .put_object()
            .bucket("grouped")
            .key(key)
            .body(ByteStream::from_static(b"x"))
            .send()
            .await
            .unwrap();
    }
    let page = owner
        .list_objects_v2()
        .bucket("grouped")
        .delimiter("/")
        .send()
        .await
        .unwrap();
    let keys: Vec<_> = page
        .contents()
        .iter()
        .filter_map(|object| object.key())
        .collect();
    let groups: Vec<_> = page
        .common_prefixes()
        .iter()
        .filter_map(|group| group.prefix())
        .collect();
    assert_eq!((keys, groups), (vec!["a"], vec!["b/", "c/"]));
    assert_eq!(page.key_count(), Some(3));
}
