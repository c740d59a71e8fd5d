//! What holds for all inputs: no parser panics, and what is written is read back.

use buckler_s3::ops::{create_bucket, delete_objects, put_object_tagging, put_public_access_block};
use buckler_s3::xml::{Writer, read};
use buckler_s3::{
    ByteRange, ContinuationToken, CopySource, EntityTags, IntoAnswer, ObjectKey, Query,
    ResolvedRange, Tag, TagSet, VersionId, dates,
};
use proptest::prelude::*;

use crate::requests::sample;

proptest! {
    #[test]
    fn documents_never_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        drop(read(&body, "a"));
        drop(create_bucket::Document::parse(&body));
        drop(delete_objects::Document::parse(&body));
        drop(put_object_tagging::Document::parse(&body));
        drop(put_public_access_block::Document::parse(&body));
    }

    #[test]
    fn documents_of_markup_never_panic(body in "[<>/a?!&;#x\\[\\]'\" =-]{0,80}") {
        drop(read(body.as_bytes(), "a"));
    }

    #[test]
    fn requests_never_panic(path in "/[ -~]{0,60}", query in "[ -~]{0,60}", value in "[ -~]{0,60}") {
        let mut request = sample("PUT /", &[("x-amz-copy-source", &value), ("x-amz-tagging", &value), ("if-match", &value)]);
        request.path = path;
        request.query = query;
        drop(request.route());
        drop(CopySource::from_headers(&request.headers));
        drop(Query::parse(&request.query));
        drop(EntityTags::from_headers(&request.headers, "if-match"));
        drop(request.input::<buckler_s3::ops::put_object::Input>());
    }

    #[test]
    fn texts_survive_xml(text in "[^\\x00\\n\\t\\x01-\\x1f\\u{fffe}\\u{ffff}]{0,40}") {
        let mut writer = Writer::document("Root");
        writer.text("Key", &text);
        writer.close("Root");
        let root = read(&writer.finish(), "Root").unwrap();
        prop_assert_eq!(root.required_text("Key").unwrap(), text);
    }

    #[test]
    fn keys_survive_xml_with_every_character_but_nul(key in "[^\\x00]{1,40}") {
        let mut writer = Writer::document("Root");
        writer.text("Key", &key);
        writer.close("Root");
        let root = read(&writer.finish(), "Root").unwrap();
        prop_assert_eq!(root.required_text("Key").unwrap(), key);
    }

    #[test]
    fn keys_survive_a_path(key in "[^\\x00]{1,100}") {
        prop_assume!(ObjectKey::parse(&key).is_ok());
        let encoded: String = percent_encoding::utf8_percent_encode(&key, percent_encoding::NON_ALPHANUMERIC).collect();
        let route = sample(&format!("GET /bucket/{encoded}"), &[]).route().unwrap();
        prop_assert_eq!(route.target.key().unwrap().as_str(), key);
    }

    #[test]
    fn ranges_name_bytes_that_exist(text in "bytes=[0-9]{0,21}-[0-9]{0,21}", size in any::<u64>()) {
        if let Some(ResolvedRange::Part { first, last }) = ByteRange::parse(&text).map(|range| range.resolve(size)) {
            prop_assert!(first <= last && last < size);
        }
    }

    #[test]
    fn tokens_survive(text in "[^\\x00]{1,200}", prefix in any::<bool>()) {
        let token = if prefix { ContinuationToken::AfterPrefix(text) } else { ContinuationToken::AfterKey(text) };
        prop_assert_eq!(ContinuationToken::decode(&token.encode()), Some(token));
    }

    #[test]
    fn foreign_tokens_are_refused_or_harmless(text in "[ -~]{0,80}") {
        if let Some(token) = ContinuationToken::decode(&text) {
            prop_assert_eq!(ContinuationToken::decode(&token.encode()), Some(token));
        }
    }

    #[test]
    fn tags_survive_their_document(tags in proptest::collection::btree_map("[a-z :/@]{1,20}", "[a-z +=._-]{0,20}", 0..10)) {
        prop_assume!(!tags.keys().any(|key| key.starts_with("aws:")));
        let tags = TagSet::from_stored(tags.into_iter().map(|(key, value)| Tag { key, value }));
        let answer = buckler_s3::ops::get_object_tagging::Output { tags: tags.clone(), version_id: None }.into_answer();
        prop_assert_eq!(put_object_tagging::Document::parse(&answer.body).unwrap().tags, tags);
    }

    #[test]
    fn version_ids_of_any_bytes_are_read_back(bytes in any::<[u8; 24]>()) {
        let id = VersionId::from_bytes(bytes);
        prop_assert_eq!(VersionId::parse(id.as_str()).unwrap(), id);
    }

    #[test]
    fn http_dates_are_read_back(seconds in 0_i64..4_102_444_800) {
        let at = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let text = dates::http_date(at);
        prop_assert_eq!(text.len(), 29);
        prop_assert_eq!(dates::parse_http_date(&text), Some(at));
    }
}
