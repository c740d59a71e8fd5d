//! What a first start prints: the keys, once, and a line to copy that works.

use std::io::Write as _;
use std::net::SocketAddr;

use buckler_iam::SeedKey;
use buckler_policy::AccountId;

/// The account that a first start made.
#[derive(Debug)]
pub(crate) struct FirstStart {
    pub(crate) account_id: AccountId,
    pub(crate) root: SeedKey,
    /// Whether the keys are random and known to nobody else.
    pub(crate) generated: bool,
}

/// Prints the account and how to talk to it.
pub(crate) fn print(first: &FirstStart, address: SocketAddr, region: &str) {
    let mut stdout = std::io::stdout().lock();
    // A closed stdout is no reason not to serve.
    let _ = stdout.write_all(text(first, address, region).as_bytes());
    let _ = stdout.flush();
}

fn text(first: &FirstStart, address: SocketAddr, region: &str) -> String {
    let FirstStart {
        account_id,
        root,
        generated,
    } = first;
    let id = &root.id;
    let secret = root.secret.expose();
    let note = if *generated { "  (shown once)" } else { "" };
    let location = match region {
        "us-east-1" => String::new(),
        other => format!(" --create-bucket-configuration LocationConstraint={other}"),
    };
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{account_id}"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::first-bucket/*"}}]}}"#
    );
    format!(
        "account         {account_id}\n\
         access key      {id}\n\
         secret key      {secret}{note}\n\
         \n\
         Try it:\n\
         \n\
         export AWS_ACCESS_KEY_ID={id} AWS_SECRET_ACCESS_KEY='{secret}' AWS_DEFAULT_REGION={region}\n\
         aws --endpoint-url http://{address} s3api create-bucket --bucket first-bucket{location}\n\
         aws --endpoint-url http://{address} s3api put-bucket-policy --bucket first-bucket --policy '{policy}'\n\
         aws --endpoint-url http://{address} s3api get-bucket-policy --bucket first-bucket\n\
         \n"
    )
}
