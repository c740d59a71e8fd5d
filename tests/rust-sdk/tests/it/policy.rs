//! Bucket policies through the SDK's typed operations and errors.

use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_s3::primitives::ByteStream;

use crate::server::{Caller, OWNER, STRANGER, Server};

fn allow(principal: &str, action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"arn:aws:s3:::{resource}"}}]}}"#
    )
}

#[tokio::test]
async fn a_policy_governs_the_next_request() {
    let server = Server::start();
    server.open_bucket("governed").await;
    let owner = server.client(Caller::OwnerRoot);
    owner
        .put_object()
        .bucket("governed")
        .key("k")
        .body(ByteStream::from_static(b"bytes"))
        .send()
        .await
        .unwrap();

    for caller in [Caller::OwnerBob, Caller::StrangerRoot] {
        let refused = server
            .client(caller)
            .get_object()
            .bucket("governed")
            .key("k")
            .send()
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Some("AccessDenied"), "{caller:?}");
        assert_eq!(status_of(&refused), Some(403), "{caller:?}");
    }

    let principals = format!(r#"{{"AWS":["arn:aws:iam::{OWNER}:user/bob","{STRANGER}"]}}"#);
    owner
        .put_bucket_policy()
        .bucket("governed")
        .policy(allow(&principals, "s3:GetObject", "governed/*"))
        .send()
        .await
        .unwrap();

    for caller in [Caller::OwnerBob, Caller::StrangerRoot] {
        let answer = server
            .client(caller)
            .get_object()
            .bucket("governed")
            .key("k")
            .send()
            .await
            .unwrap();
        let bytes = answer.body.collect().await.unwrap().into_bytes();
        assert_eq!(bytes.as_ref(), b"bytes", "{caller:?}");
    }

    owner
        .delete_bucket_policy()
        .bucket("governed")
        .send()
        .await
        .unwrap();
    let refused = server
        .client(Caller::StrangerRoot)
        .get_object()
        .bucket("governed")
        .key("k")
        .send()
        .await
        .unwrap_err();
    assert_eq!(status_of(&refused), Some(403));
}

#[tokio::test]
async fn a_policy_comes_back_in_normal_form() {
    let server = Server::start();
    server.open_bucket("normal-form").await;
    let owner = server.client(Caller::OwnerRoot);
    let sent = format!(
        r#"{{ "Statement": {{ "Resource": ["arn:aws:s3:::normal-form"], "Action": ["s3:ListBucket"],
            "Principal": {{"AWS": ["{STRANGER}"]}}, "Effect": "Allow", "Sid": "One" }}, "Version": "2012-10-17" }}"#
    );
    owner
        .put_bucket_policy()
        .bucket("normal-form")
        .policy(sent)
        .send()
        .await
        .unwrap();
    let got = owner
        .get_bucket_policy()
        .bucket("normal-form")
        .send()
        .await
        .unwrap();
    let expected = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"One","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{STRANGER}:root"}},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::normal-form"}}]}}"#
    );
    assert_eq!(got.policy(), Some(expected.as_str()));
}

#[tokio::test]
async fn a_permitted_stranger_gets_405_on_the_policy() {
    let server = Server::start();
    server.open_bucket("foreign").await;
    let everything = allow(
        &format!(r#"{{"AWS":"{STRANGER}"}}"#),
        "s3:GetBucketPolicy*",
        "foreign",
    );
    server
        .client(Caller::OwnerRoot)
        .put_bucket_policy()
        .bucket("foreign")
        .policy(everything)
        .send()
        .await
        .unwrap();
    let stranger = server.client(Caller::StrangerRoot);
    let refused = stranger
        .get_bucket_policy()
        .bucket("foreign")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("MethodNotAllowed"));
    assert_eq!(status_of(&refused), Some(405));
    let status = stranger
        .get_bucket_policy_status()
        .bucket("foreign")
        .send()
        .await
        .unwrap();
    let public = status
        .policy_status()
        .and_then(aws_sdk_s3::types::PolicyStatus::is_public);
    assert_eq!(public, Some(false));
}

#[tokio::test]
async fn no_policy_is_an_error_of_its_own() {
    let server = Server::start();
    server.open_bucket("without").await;
    let missing = server
        .client(Caller::OwnerRoot)
        .get_bucket_policy()
        .bucket("without")
        .send()
        .await
        .unwrap_err();
    assert_eq!(missing.code(), Some("NoSuchBucketPolicy"));
    assert_eq!(missing.message(), Some("The bucket policy does not exist"));
    assert_eq!(status_of(&missing), Some(404));
}

fn status_of<E>(error: &SdkError<E, aws_sdk_s3::config::http::HttpResponse>) -> Option<u16> {
    error.raw_response().map(|answer| answer.status().as_u16())
}
