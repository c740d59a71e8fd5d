//! The two shapes that nearly every answer of IAM has.

use buckler_s3::xml::Writer;
use time::OffsetDateTime;
use time::macros::format_description;

use super::Page;
use crate::query::WriteResult;

/// Writes the members of a structure.
pub trait Members {
    /// Writes them, in AWS's order.
    fn write_members(&self, writer: &mut Writer);
}

/// Writes one `<member>` of a list.
pub trait Member {
    /// Writes the element.
    fn write_member(&self, writer: &mut Writer);
}

impl<T: Members> Member for T {
    fn write_member(&self, writer: &mut Writer) {
        writer.open("member");
        self.write_members(writer);
        writer.close("member");
    }
}

impl Member for String {
    fn write_member(&self, writer: &mut Writer) {
        writer.text("member", self);
    }
}

/// One structure: `<User>…</User>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Single<T> {
    /// The element's name.
    pub element: &'static str,
    /// What stands in it.
    pub value: T,
}

impl<T: Members> WriteResult for Single<T> {
    fn write(&self, writer: &mut Writer) {
        writer.open(self.element);
        self.value.write_members(writer);
        writer.close(self.element);
    }
}

/// A page of a listing: `<Users>…</Users><IsTruncated>…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The name of the list's element.
    pub element: &'static str,
    /// The page.
    pub page: Page<T>,
}

impl<T: Member> WriteResult for Listing<T> {
    fn write(&self, writer: &mut Writer) {
        write_list(writer, self.element, &self.page.items);
        write_end(writer, self.page.marker.as_deref());
    }
}

/// Writes a list in its element.
pub(super) fn write_list<T: Member>(writer: &mut Writer, element: &str, items: &[T]) {
    writer.open(element);
    for item in items {
        item.write_member(writer);
    }
    writer.close(element);
}

/// Writes a list in its element, unless it is empty.
pub(super) fn write_some<T: Member>(writer: &mut Writer, element: &str, items: &[T]) {
    if !items.is_empty() {
        write_list(writer, element, items);
    }
}

/// Writes how a page ends.
pub(super) fn write_end(writer: &mut Writer, marker: Option<&str>) {
    writer.boolean("IsTruncated", marker.is_some());
    writer.optional("Marker", marker);
}

/// Writes a time: `2026-07-06T12:34:56Z`.
pub(super) fn write_time(writer: &mut Writer, element: &str, time: OffsetDateTime) {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    writer.text(element, &time.format(&form).unwrap_or_default());
}

/// Writes the boundary of a user or role.
pub(super) fn write_boundary(writer: &mut Writer, arn: Option<&str>) {
    if let Some(arn) = arn {
        writer.open("PermissionsBoundary");
        writer.text("PermissionsBoundaryType", "Policy");
        writer.text("PermissionsBoundaryArn", arn);
        writer.close("PermissionsBoundary");
    }
}
