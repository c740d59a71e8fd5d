//! The way of one user through all kinds of policies, with the SDK's clients of IAM, STS and S3 together: each step is
//! refused before and allowed after, for its reason.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;

use crate::server::{Caller, OWNER, STRANGER, Server};

const USER: &str = "arn:aws:iam::111111111111:user/carl";
const ROLE: &str = "arn:aws:iam::222222222222:role/reader";
const SESSION: &str = "arn:aws:sts::222222222222:assumed-role/reader/story";

fn granting(action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}]}}"#
    )
}

/// Makes a bucket with the object `k`.
async fn fill(client: &Client, bucket: &str) {
    client.create_bucket().bucket(bucket).send().await.unwrap();
    client
        .put_object()
        .bucket(bucket)
        .key("k")
        .body(ByteStream::from_static(b"bytes"))
        .send()
        .await
        .unwrap();
}

/// Reads `k`, or says why not.
async fn read(client: &Client, bucket: &str) -> Result<Vec<u8>, String> {
    let answer = client.get_object().bucket(bucket).key("k").send().await;
    let answer = answer.map_err(|error| why(&error))?;
    Ok(answer.body.collect().await.unwrap().to_vec())
}

fn why(error: &impl ProvideErrorMetadata) -> String {
    assert_eq!(error.code(), Some("AccessDenied"));
    error.message().unwrap_or_default().to_owned()
}

#[track_caller]
fn check_refused(result: &Result<Vec<u8>, String>, caller: &str, bucket: &str, reason: &str) {
    let expected = format!(
        r#"User: {caller} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::{bucket}/k" {reason}"#
    );
    assert_eq!(result, &Err(expected));
}

#[track_caller]
fn check_read(result: &Result<Vec<u8>, String>) {
    assert_eq!(result, &Ok(b"bytes".to_vec()));
}

const NO_IDENTITY: &str = "because no identity-based policy allows the s3:GetObject action";
const NO_BOUNDARY: &str = "because no permissions boundary allows the s3:GetObject action";
const NO_SESSION: &str = "because no session policy allows the s3:GetObject action";

#[tokio::test]
async fn a_user_on_the_way_through_all_kinds_of_policies() {
    let server = Server::start();
    let root = server.iam(Caller::OwnerRoot.credentials());
    fill(&server.client(Caller::OwnerRoot), "near").await;
    fill(&server.client(Caller::StrangerRoot), "far").await;
    let carl = new_user(&root).await;
    inline_and_boundary(&root, &server.client_with(carl.clone())).await;
    role_abroad(&server, &root, &carl).await;
}

async fn new_user(root: &aws_sdk_iam::Client) -> Credentials {
    root.create_user().user_name("carl").send().await.unwrap();
    let made = root.create_access_key().user_name("carl").send().await;
    let key = made.unwrap().access_key.unwrap();
    Credentials::new(key.access_key_id, key.secret_access_key, None, None, "iam")
}

async fn inline_and_boundary(root: &aws_sdk_iam::Client, carl: &Client) {
    check_refused(&read(carl, "near").await, USER, "near", NO_IDENTITY);
    root.put_user_policy()
        .user_name("carl")
        .policy_name("read")
        .policy_document(granting("s3:*", "arn:aws:s3:::near/*"))
        .send()
        .await
        .unwrap();
    check_read(&read(carl, "near").await);
    let fence = root
        .create_policy()
        .policy_name("fence")
        .policy_document(granting("s3:PutObject", "*"))
        .send()
        .await
        .unwrap();
    root.put_user_permissions_boundary()
        .user_name("carl")
        .permissions_boundary(fence.policy.unwrap().arn.unwrap())
        .send()
        .await
        .unwrap();
    check_refused(&read(carl, "near").await, USER, "near", NO_BOUNDARY);
    root.delete_user_permissions_boundary()
        .user_name("carl")
        .send()
        .await
        .unwrap();
    check_read(&read(carl, "near").await);
}

/// Assumes the role, or says why not.
async fn assume(sts: &aws_sdk_sts::Client, policy: Option<String>) -> Result<Credentials, String> {
    let answer = sts
        .assume_role()
        .role_arn(ROLE)
        .role_session_name("story")
        .set_policy(policy)
        .send()
        .await
        .map_err(|error| why(&error))?;
    let given = answer.credentials.unwrap();
    let token = Some(given.session_token);
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        token,
        None,
        "sts",
    ))
}

async fn role_abroad(server: &Server, root: &aws_sdk_iam::Client, carl: &Credentials) {
    let there = server.iam(Caller::StrangerRoot.credentials());
    let sts = server.sts(carl.clone());
    let refusal =
        format!("User: {USER} is not authorized to perform: sts:AssumeRole on resource: {ROLE}");
    assert_eq!(assume(&sts, None).await.err().as_ref(), Some(&refusal));
    root.put_user_policy()
        .user_name("carl")
        .policy_name("assume")
        .policy_document(granting("sts:AssumeRole", ROLE))
        .send()
        .await
        .unwrap();
    assert_eq!(assume(&sts, None).await.err().as_ref(), Some(&refusal));
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"AWS":"{USER}"}},"Action":"sts:AssumeRole"}}}}"#
    );
    there
        .create_role()
        .role_name("reader")
        .assume_role_policy_document(trust)
        .send()
        .await
        .unwrap();
    let worker = assume(&sts, None).await.unwrap();
    let told = server
        .sts(worker.clone())
        .get_caller_identity()
        .send()
        .await;
    let told = told.unwrap();
    assert_eq!(told.arn.as_deref(), Some(SESSION));
    assert_eq!(told.account.as_deref(), Some(STRANGER));
    assert_ne!(STRANGER, OWNER);
    let worker = server.client_with(worker);
    check_refused(&read(&worker, "far").await, SESSION, "far", NO_IDENTITY);
    there
        .put_role_policy()
        .role_name("reader")
        .policy_name("read")
        .policy_document(granting("s3:*", "arn:aws:s3:::far/*"))
        .send()
        .await
        .unwrap();
    check_read(&read(&worker, "far").await);
    let narrow = granting("s3:PutObject", "arn:aws:s3:::far/*");
    let narrow = server.client_with(assume(&sts, Some(narrow)).await.unwrap());
    check_refused(&read(&narrow, "far").await, SESSION, "far", NO_SESSION);
    let wide = granting("s3:GetObject", "arn:aws:s3:::far/*");
    let wide = server.client_with(assume(&sts, Some(wide)).await.unwrap());
    check_read(&read(&wide, "far").await);
}
