//! `PostObject`: writes an object from a browser's form.
//!
//! Source: Amazon S3 API Reference, "POST Object"; facts: s3-behaviour.md 22.

use http::{StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::put_object;
use crate::request::header_text;
use crate::xml::Writer;
use crate::{Answer, BucketName, FromRequest, IntoAnswer, ObjectKey, Request, S3Error};

/// What stands in a query as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// What stands in the path of a `Location` as it is.
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// What the form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What it writes, as PutObject would.
    pub object: put_object::Input,
    /// How it wants to be answered.
    pub answer: FormAnswer,
}

/// How a form wants its success to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormAnswer {
    /// 204: nothing else is named, or nothing that is known.
    NoContent,
    /// 200, empty.
    Empty,
    /// 201, with a document.
    Document,
    /// 303, to this URL, which can be used.
    Redirect(String),
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        Ok(Self {
            object: put_object::Input::of_form(request)?,
            answer: FormAnswer::of(request),
        })
    }
}

impl FormAnswer {
    fn of(request: &Request<'_>) -> Self {
        let field = |name| header_text(request.headers(), name);
        let redirect = field("success_action_redirect").or_else(|| field("redirect"));
        if let Some(url) = redirect.filter(|url| is_usable(url)) {
            return Self::Redirect(url);
        }
        match field("success_action_status").as_deref() {
            Some("200") => Self::Empty,
            Some("201") => Self::Document,
            _ => Self::NoContent,
        }
    }
}

fn is_usable(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        uri.authority().is_some() && matches!(uri.scheme_str(), Some("http" | "https"))
    })
}

/// The new object, and how to say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The object.
    pub object: put_object::Output,
    /// Its bucket.
    pub bucket: BucketName,
    /// Its key.
    pub key: ObjectKey,
    /// The URL that the form was sent to, without a slash at its end.
    pub bucket_url: String,
    /// How the form wants to be answered.
    pub answer: FormAnswer,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let Self {
            object,
            bucket,
            key,
            bucket_url,
            answer,
        } = self;
        let etag = object.etag.clone();
        let mut reply = object.into_answer();
        let location = format!("{bucket_url}/{}", utf8_percent_encode(key.as_str(), PATH));
        reply = match &answer {
            FormAnswer::Redirect(url) => {
                let separator = if url.contains('?') { '&' } else { '?' };
                let encode = |text| utf8_percent_encode(text, QUERY).to_string();
                let (bucket, key) = (encode(bucket.as_str()), encode(key.as_str()));
                let etag = encode(&etag.quoted());
                reply.with(
                    "location",
                    &format!("{url}{separator}bucket={bucket}&key={key}&etag={etag}"),
                )
            }
            _ => reply.with("location", &location),
        };
        reply.status = match answer {
            FormAnswer::NoContent => StatusCode::NO_CONTENT,
            FormAnswer::Empty => StatusCode::OK,
            FormAnswer::Document => StatusCode::CREATED,
            FormAnswer::Redirect(_) => StatusCode::SEE_OTHER,
        };
        if answer == FormAnswer::Document {
            let mut writer = Writer::with_declaration();
            writer.open("PostResponse");
            writer.text("Location", &location);
            writer.text("Bucket", bucket.as_str());
            writer.text("Key", key.as_str());
            writer.quoted("ETag", etag.as_str());
            writer.close("PostResponse");
            reply.body = writer.finish();
            reply = reply.with("content-type", "application/xml");
        }
        reply
    }
}
