//! XML documents of requests. Source: facts: s3-behaviour.md 9, 13, 20; limits of ours.

use buckler_s3::ops::{create_bucket, delete_objects, put_object_tagging, put_public_access_block};
use buckler_s3::xml::{ELEMENTS_MAX, XmlError, read};
use buckler_s3::{PublicAccessBlock, resolve_location};

use crate::requests::refused;

#[track_caller]
fn check_delete(body: &str, code: &str) {
    let found = delete_objects::Document::parse(body.as_bytes())
        .err()
        .map_or("", |error| error.code.name());
    assert_eq!(found, code, "{body}");
}

#[test]
fn delete_documents_are_strict() {
    check_delete("", "MissingRequestBodyError");
    check_delete("<Delete/>", "MalformedXML");
    check_delete("<Delete><Object><Key>a</Key></Object></Delete>", "");
    check_delete(
        "<Delete xmlns='urn:x'>\n <Object>\n<Key>a</Key></Object> <Quiet>true</Quiet></Delete>",
        "",
    );
    check_delete("<Delete><Object/></Delete>", "MalformedXML");
    check_delete(
        "<Delete><Object><Key></Key></Object></Delete>",
        "UserKeyMustBeSpecified",
    );
    check_delete(
        "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
        "MalformedXML",
    );
    check_delete(
        "<Delete><Object><Key>a</Key><Size>1</Size></Object></Delete>",
        "MalformedXML",
    );
    check_delete(
        "<Delete><Quiet>true</Quiet><Quiet>true</Quiet><Object><Key>a</Key></Object></Delete>",
        "MalformedXML",
    );
    check_delete(
        "<Delete><Object><Key>a</Key></Object><x/></Delete>",
        "MalformedXML",
    );
    check_delete(
        "<Remove><Object><Key>a</Key></Object></Remove>",
        "MalformedXML",
    );
    check_delete(
        "<Delete>text<Object><Key>a</Key></Object></Delete>",
        "MalformedXML",
    );
    check_delete(
        &format!(
            "<Delete><Object><Key>{}</Key></Object></Delete>",
            "k".repeat(1025)
        ),
        "KeyTooLongError",
    );
    let entry = "<Object><Key>a</Key></Object>";
    check_delete(&format!("<Delete>{}</Delete>", entry.repeat(1000)), "");
    check_delete(
        &format!("<Delete>{}</Delete>", entry.repeat(1001)),
        "MalformedXML",
    );
}

#[test]
fn keys_keep_white_space_and_references() {
    let body = "<Delete><Object><Key> a&amp;b&#x4;&#252; </Key><VersionId>bogus</VersionId></Object></Delete>";
    let document = delete_objects::Document::parse(body.as_bytes()).unwrap();
    assert_eq!(document.objects[0].key.as_str(), " a&b\u{4}\u{fc} ");
    assert_eq!(
        document.objects[0].version,
        delete_objects::EntryVersion::Malformed("bogus".to_owned())
    );
    assert!(!document.quiet);
}

#[track_caller]
fn check_xml(body: &[u8], expected: Result<(), XmlError>) {
    assert_eq!(
        read(body, "a").map(drop),
        expected,
        "{:?}",
        String::from_utf8_lossy(body)
    );
}

#[test]
fn documents_are_read_flat_and_without_what_xml_offers_for_attacks() {
    check_xml(
        b"<?xml version=\"1.0\" encoding=\"utf-8\"?><!-- c --><a x=\"1\"><![CDATA[<]]></a>\n",
        Ok(()),
    );
    check_xml(b"\xef\xbb\xbf<a/>", Ok(()));
    for malformed in [
        &b""[..],
        b"<a>",
        b"</a>",
        b"<a></b>",
        b"<a/><a/>",
        b"<a/>x",
        b"x<a/>",
        b"<a>&unknown;</a>",
        b"<a>&#0;</a>",
        b"<a>&#xD800;</a>",
        b"<a>\x01</a>",
        b"<a>\xff</a>",
        b"<a x=1/>",
        b"<a><?php ?></a>",
        b" <?xml version=\"1.0\"?><a/>",
        b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>",
        b"<!DOCTYPE a><a/>",
        b"<!DOCTYPE a [<!ENTITY x \"xxxxxxxx\"><!ENTITY y \"&x;&x;&x;\">]><a>&y;</a>",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
    ] {
        check_xml(malformed, Err(XmlError::Malformed));
    }
    check_xml(b"<b/>", Err(XmlError::WrongRoot));
}

#[test]
fn nesting_and_number_of_elements_are_bounded() {
    check_xml("<a>".repeat(100_000).as_bytes(), Err(XmlError::TooLarge));
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    check_xml(deep.as_bytes(), Err(XmlError::TooLarge));
    let wide = format!("<a>{}</a>", "<b/>".repeat(ELEMENTS_MAX));
    check_xml(wide.as_bytes(), Err(XmlError::TooLarge));
}

#[test]
fn what_a_public_access_block_leaves_out_is_off() {
    let parse = |body: &str| put_public_access_block::Document::parse(body.as_bytes());
    let all = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>TRUE</IgnorePublicAcls>\
               <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>1</RestrictPublicBuckets></PublicAccessBlockConfiguration>";
    assert_eq!(parse(all).unwrap().settings, PublicAccessBlock::ALL);
    assert_eq!(
        parse("<PublicAccessBlockConfiguration/>").unwrap().settings,
        PublicAccessBlock::NONE
    );
    let bad = "<PublicAccessBlockConfiguration><BlockPublicAcls>yes</BlockPublicAcls></PublicAccessBlockConfiguration>";
    assert_eq!(refused(parse(bad)).0, "MalformedXML");
}

#[track_caller]
fn check_tags(tags: &str, expected: &str) {
    let body = format!("<Tagging><TagSet>{tags}</TagSet></Tagging>");
    let found = put_object_tagging::Document::parse(body.as_bytes())
        .err()
        .map_or(String::new(), |error| error.message.into_owned());
    assert_eq!(found, expected, "{tags}");
}

#[test]
fn tags_obey_their_rules() {
    let tag = |key: &str, value: &str| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    check_tags("", "");
    check_tags(&tag("a", ""), "");
    check_tags(&tag("", "x"), "The TagKey you have provided is invalid");
    check_tags(
        &tag(&"k".repeat(129), "x"),
        "The TagKey you have provided is invalid",
    );
    check_tags(&tag("a*", "x"), "The TagKey you have provided is invalid");
    check_tags(
        &tag("a", &"v".repeat(257)),
        "The TagValue you have provided is invalid",
    );
    check_tags(
        &tag("aws:a", "x"),
        "Your TagKey cannot be prefixed with aws:",
    );
    check_tags(
        &tag("a", "x").repeat(2),
        "Cannot provide multiple Tags with the same key",
    );
    let eleven: String = (0..11)
        .map(|number| tag(&number.to_string(), "x"))
        .collect();
    check_tags(&eleven, "Object tags cannot be greater than 10");
    check_tags(
        "<Tag><Key>a</Key></Tag>",
        &refused(put_object_tagging::Document::parse(b"<")).1,
    );
}

#[track_caller]
fn check_location(endpoint: &str, constraint: Option<&str>, expected: &str) {
    let found = match resolve_location(endpoint, constraint) {
        Ok(region) => region.to_string(),
        Err(error) => format!("{}: {}", error.code.name(), error.message),
    };
    assert_eq!(found, expected);
}

#[test]
fn locations_are_judged_by_the_endpoints_region() {
    let illegal = |name: &str| {
        format!(
            "IllegalLocationConstraintException: The {name} location constraint is incompatible for the region specific endpoint this request was sent to."
        )
    };
    let invalid = "InvalidLocationConstraint: The specified location-constraint is not valid";
    check_location("us-east-1", None, "us-east-1");
    check_location("us-east-1", Some(""), "us-east-1");
    check_location("us-east-1", Some("us-east-1"), invalid);
    check_location("us-east-1", Some("mars-1"), invalid);
    check_location("us-east-1", Some("eu-central-1"), "eu-central-1");
    check_location("us-east-1", Some("EU"), "eu-west-1");
    check_location("eu-west-1", Some("EU"), "eu-west-1");
    check_location("eu-west-1", None, &illegal("unspecified"));
    check_location("eu-west-1", Some("eu-central-1"), &illegal("eu-central-1"));
    check_location("eu-west-1", Some("bar"), &illegal("bar"));
    check_location("us-west-1", Some("EU"), &illegal("EU"));
    check_location("us-west-1", Some("us-east-1"), &illegal("us-east-1"));
    check_location("garage", Some("garage"), "garage");
}

#[test]
fn a_bucket_may_be_made_without_a_document() {
    assert_eq!(
        create_bucket::Document::parse(b"")
            .unwrap()
            .location_constraint,
        None
    );
    let body = b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    assert_eq!(
        create_bucket::Document::parse(body)
            .unwrap()
            .location_constraint
            .as_deref(),
        Some("eu-west-1")
    );
    assert_eq!(
        refused(create_bucket::Document::parse(b"<x/>")).0,
        "MalformedXML"
    );
}
