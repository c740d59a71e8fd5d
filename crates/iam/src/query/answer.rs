//! The documents that answer a call. Form: facts: authorization.md 7.1.

use buckler_s3::xml::Writer;
use bytes::Bytes;

use super::{Operation, QueryError, Service};

/// Writes what stands in `<XResult>`.
pub trait WriteResult {
    /// Writes the members of the result.
    fn write(&self, writer: &mut Writer);
}

/// The result of an operation that has none to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoResult;

impl WriteResult for NoResult {
    fn write(&self, _: &mut Writer) {}
}

/// The document of an operation that succeeded.
pub fn success_document(operation: Operation, result: &dyn WriteResult, request_id: &str) -> Bytes {
    let name = operation.name();
    let root = format!("{name}Response");
    let mut writer = Writer::bare();
    open_root(&mut writer, &root, operation.service());
    if operation.has_result() {
        let element = format!("{name}Result");
        writer.open(&element);
        result.write(&mut writer);
        writer.close(&element);
    }
    writer.open("ResponseMetadata");
    writer.text("RequestId", request_id);
    writer.close("ResponseMetadata");
    writer.close(&root);
    writer.finish()
}

/// The document of a call that failed.
pub fn error_document(service: Service, error: &QueryError, request_id: &str) -> Bytes {
    let mut writer = Writer::bare();
    open_root(&mut writer, "ErrorResponse", service);
    writer.open("Error");
    let is_ours = error.code.status().is_server_error();
    writer.text("Type", if is_ours { "Receiver" } else { "Sender" });
    writer.text("Code", error.code.name());
    writer.text("Message", &error.message);
    writer.close("Error");
    writer.text("RequestId", request_id);
    writer.close("ErrorResponse");
    writer.finish()
}

/// Opens the root with its namespace; the writer's own `open` has no attributes.
fn open_root(writer: &mut Writer, root: &str, service: Service) {
    writer.open(&format!("{root} xmlns=\"{}\"", service.namespace()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_awss_form() {
        let delete = Operation::find(Service::Iam, "DeleteUser").unwrap();
        assert_eq!(
            success_document(delete, &NoResult, "id"),
            r#"<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DeleteUserResponse>"#
        );
        let error = QueryError::no_such_entity("The user with name <x> cannot be found.");
        assert_eq!(
            error_document(Service::Iam, &error, "id"),
            r#"<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The user with name &lt;x&gt; cannot be found.</Message></Error><RequestId>id</RequestId></ErrorResponse>"#
        );
    }
}
