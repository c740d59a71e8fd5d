//! The XML of errors. Source: facts: s3-behaviour.md 1.3.

use buckler_s3::{Detail, ErrorCode, ObjectKey, Operation, S3Error, SignatureMismatch};

fn xml(error: &S3Error) -> String {
    String::from_utf8(error.to_xml("REQUEST", "HOST", true).to_vec()).unwrap()
}

#[test]
fn errors_have_typed_elements_no_resource_and_no_namespace() {
    let error =
        S3Error::new(ErrorCode::NoSuchBucket).with_detail(Detail::BucketName("b".to_owned()));
    insta::assert_snapshot!(xml(&error), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><BucketName>b</BucketName><RequestId>REQUEST</RequestId><HostId>HOST</HostId></Error>
    "#);
}

#[test]
fn a_wrong_signature_is_shown_in_text_and_bytes() {
    let error = S3Error::new(ErrorCode::SignatureDoesNotMatch).with_detail(
        Detail::SignatureMismatch(Box::new(SignatureMismatch {
            access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            string_to_sign: "AWS4\nx".to_owned(),
            signature_provided: "0f".to_owned(),
            canonical_request: Some("GET\n/".to_owned()),
        })),
    );
    insta::assert_snapshot!(xml(&error), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your key and signing method.</Message><AWSAccessKeyId>AKIAIOSFODNN7EXAMPLE</AWSAccessKeyId><StringToSign>AWS4
    x</StringToSign><SignatureProvided>0f</SignatureProvided><StringToSignBytes>41 57 53 34 0a 78</StringToSignBytes><CanonicalRequest>GET
    /</CanonicalRequest><CanonicalRequestBytes>47 45 54 0a 2f</CanonicalRequestBytes><RequestId>REQUEST</RequestId><HostId>HOST</HostId></Error>
    "#);
}

#[test]
fn characters_of_markup_and_those_xml_forbids_are_escaped() {
    let error = S3Error::no_such_key(&ObjectKey::parse("a<&>\"\u{4}\r\u{ffff}b").unwrap());
    assert!(xml(&error).contains("<Key>a&lt;&amp;&gt;&quot;&#x4;&#13;&#xffff;b</Key>"));
}

#[test]
fn quotation_marks_of_messages_stand_as_they_are() {
    let error = S3Error::invalid_request(r#"Condition failed: ["eq", "$key", "<&>"]"#);
    let message = r#"<Message>Condition failed: ["eq", "$key", "&lt;&amp;&gt;"]</Message>"#;
    assert!(xml(&error).contains(message), "{}", xml(&error));
}

#[test]
fn some_operations_and_codes_go_without_the_declaration() {
    let bare = S3Error::new(ErrorCode::NoSuchKey).to_xml(
        "R",
        "H",
        Operation::CopyObject.error_has_declaration(),
    );
    assert!(bare.starts_with(b"<Error>"));
    assert!(xml(&S3Error::new(ErrorCode::NoSuchLifecycleConfiguration)).starts_with("<Error>"));
    assert!(Operation::PutBucketPolicy.error_has_declaration());
}

#[test]
fn codes_are_found_by_their_names() {
    for &code in ErrorCode::ALL {
        assert_eq!(ErrorCode::from_name(code.name()), Some(code));
        assert!(!code.status().is_success(), "{code:?}");
        assert!(!code.default_message().is_empty(), "{code:?}");
    }
}

#[test]
fn a_method_that_is_not_there_is_named_and_the_others_allowed() {
    let error = S3Error::method_not_allowed(&http::Method::POST, "CORS", "DELETE, PUT, GET");
    insta::assert_snapshot!(xml(&error), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <Error><Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Message><Method>POST</Method><ResourceType>CORS</ResourceType><RequestId>REQUEST</RequestId><HostId>HOST</HostId></Error>
    "#);
    assert_eq!(error.headers[0].0, "allow");
    assert_eq!(error.headers[0].1, "DELETE, PUT, GET");
}
