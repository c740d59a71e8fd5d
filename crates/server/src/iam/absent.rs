//! What no user or role has here: passwords, devices, certificates, instance profiles. Listings are empty, and asking
//! for one finds none, as with a user or role of AWS's that has none.

use std::marker::PhantomData;

use buckler_iam::ops::{Listing, OptionalUserInput, Page, RoleInput, RoleKind, UserKind};
use buckler_iam::query::{NoResult, QueryError};

use super::on_identity::OnIdentity;
use super::target::Target;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `GetLoginProfile` and `DeleteLoginProfile`.
pub(crate) struct LoginProfile;

impl OnIdentity for LoginProfile {
    type Kind = UserKind;
    type Input = OptionalUserInput;
    type Output = NoResult;

    fn name(input: &OptionalUserInput) -> Option<&str> {
        input.name.as_deref()
    }

    /// Errors: `NoSuchEntity`, always.
    async fn run(
        _: &Call<'_>,
        _: OptionalUserInput,
        target: Target<UserKind>,
    ) -> Result<NoResult, QueryError> {
        let user = target.found()?;
        let message = format!("Login Profile for User {} cannot be found.", user.name);
        Err(QueryError::no_such_entity(message))
    }
}

/// What a listing lists.
pub(crate) trait Listed: Send + Sync + 'static {
    /// The name of the list's element.
    const ELEMENT: &'static str;
}

/// Declares the kinds of things that are listed.
macro_rules! listed {
    ($($name:ident = $element:literal;)+) => {$(
        #[doc = concat!("`", $element, "`.")]
        pub(crate) struct $name;

        impl Listed for $name {
            const ELEMENT: &'static str = $element;
        }
    )+};
}

listed! {
    Certificates = "Certificates";
    InstanceProfiles = "InstanceProfiles";
    MfaDevices = "MFADevices";
    PublicKeys = "SSHPublicKeys";
    ServerCertificates = "ServerCertificateMetadataList";
    ServiceCredentials = "ServiceSpecificCredentials";
    VirtualMfaDevices = "VirtualMFADevices";
}

/// A listing of what a user has: `ListMFADevices` and its like.
pub(crate) struct OfUser<L>(PhantomData<L>);
/// A listing of what a role has: `ListInstanceProfilesForRole`.
pub(crate) struct OfRole<L>(PhantomData<L>);
/// A listing of what the account has: `ListInstanceProfiles` and its like.
pub(crate) struct OfAccount<L>(PhantomData<L>);

fn nothing<L: Listed>() -> Listing<String> {
    Listing {
        element: L::ELEMENT,
        page: Page {
            items: Vec::new(),
            marker: None,
        },
    }
}

impl<L: Listed> OnIdentity for OfUser<L> {
    type Kind = UserKind;
    type Input = OptionalUserInput;
    type Output = Listing<String>;

    fn name(input: &OptionalUserInput) -> Option<&str> {
        input.name.as_deref()
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        _: &Call<'_>,
        _: OptionalUserInput,
        target: Target<UserKind>,
    ) -> Result<Self::Output, QueryError> {
        target.found()?;
        Ok(nothing::<L>())
    }
}

impl<L: Listed> OnIdentity for OfRole<L> {
    type Kind = RoleKind;
    type Input = RoleInput;
    type Output = Listing<String>;

    fn name(input: &RoleInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        _: &Call<'_>,
        _: RoleInput,
        target: Target<RoleKind>,
    ) -> Result<Self::Output, QueryError> {
        target.found()?;
        Ok(nothing::<L>())
    }
}

impl<L: Listed> QueryOperation for OfAccount<L> {
    type Input = ();
    type Subject = ();
    type Output = Listing<String>;

    async fn load(_: &Call<'_>, (): &()) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, (): &(), (): &()) -> Needs {
        Need::on(call, "*").into()
    }

    async fn run(_: &Call<'_>, _: Authorized<Self>) -> Result<Self::Output, QueryError> {
        Ok(nothing::<L>())
    }
}
