//! Presigned requests, sent without the SDK.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;

use crate::server::{Caller, Server};

#[tokio::test]
async fn a_presigned_get_needs_no_credentials() {
    let server = Server::start();
    server.open_bucket("presigned").await;
    let owner = server.client(Caller::OwnerRoot);
    owner
        .put_object()
        .bucket("presigned")
        .key("a key")
        .body(ByteStream::from_static(b"bytes"))
        .send()
        .await
        .unwrap();
    let minute = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let presigned = owner
        .get_object()
        .bucket("presigned")
        .key("a key")
        .presigned(minute)
        .await
        .unwrap();
    let answer = get(&server, presigned.uri());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nbytes"), "{answer}");

    let changed = presigned.uri().replace("a%20key", "b%20key");
    let answer = get(&server, &changed);
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(
        answer.contains("<Code>SignatureDoesNotMatch</Code>"),
        "{answer}"
    );
}

/// A plain `GET`, to the end of the connection.
fn get(server: &Server, uri: &str) -> String {
    let address = server.endpoint.strip_prefix("http://").unwrap();
    let target = uri.strip_prefix(&server.endpoint).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
