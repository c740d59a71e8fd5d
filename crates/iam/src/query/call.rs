//! A call as it comes: its parameters, and which operation they name.

use std::collections::BTreeMap;

use buckler_s3::Query;

use super::{Operation, QueryError, QueryErrorCode, Service};

/// Longest body of a call, in bytes. The longest document has 131,072 characters, each of at most six bytes in a form.
/// Source: facts: authorization.md 7.5.
pub const BODY_BYTES_MAX: u64 = 1024 * 1024;
/// Most parameters of a call. AWS names no number; a full simulation has some thousands.
pub const PARAMETERS_MAX: usize = 10_000;

/// The decoded parameters of a call. Of several with one name the first counts.
#[derive(Debug, Clone, Default)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a form: the body of a `POST`, or what stands behind the `?` of a `GET`.
    ///
    /// # Errors
    /// 400 `MalformedQueryString`.
    pub fn parse(form: &str) -> Result<Self, QueryError> {
        let malformed = |message| QueryError::new(QueryErrorCode::MalformedQueryString, message);
        if form.bytes().filter(|byte| *byte == b'&').count() >= PARAMETERS_MAX {
            return Err(malformed("The query string has too many parameters."));
        }
        let query = Query::parse(form).map_err(|_| malformed("The query string is malformed."))?;
        let mut parameters = BTreeMap::new();
        for (name, value) in query.iter() {
            parameters
                .entry(name.to_owned())
                .or_insert_with(|| value.to_owned());
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a parameter begins with `prefix`.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        self.0
            .range(prefix.to_owned()..)
            .next()
            .is_some_and(|(name, _)| name.starts_with(prefix))
    }

    /// The service whose API `Version` names.
    pub fn service(&self) -> Option<Service> {
        let version = self.get("Version")?;
        Service::ALL
            .into_iter()
            .find(|service| service.version() == version)
    }

    /// The operation that `Action` and `Version` name.
    ///
    /// # Errors
    /// `MissingAction`; `InvalidAction` for an operation or a version that `service` does not have.
    pub fn operation(&self, service: Service) -> Result<Operation, QueryError> {
        let action = self.get("Action").filter(|action| !action.is_empty());
        let action = action.ok_or_else(|| {
            QueryError::new(QueryErrorCode::MissingAction, "Missing Action parameter")
        })?;
        let version = self.get("Version").unwrap_or("NO_VERSION_SPECIFIED");
        Operation::find(service, action)
            .filter(|_| version == service.version())
            .ok_or_else(|| {
                QueryError::new(
                    QueryErrorCode::InvalidAction,
                    format!("Could not find operation {action} for version {version}"),
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(form: &str) -> QueryError {
        let parameters = Parameters::parse(form).unwrap();
        parameters.operation(Service::Iam).unwrap_err()
    }

    #[test]
    fn action_and_version_name_the_operation() {
        let form = "Action=CreateUser&Version=2010-05-08&UserName=a%2Bb+c";
        let parameters = Parameters::parse(form).unwrap();
        assert_eq!(parameters.get("UserName"), Some("a+b c"));
        assert_eq!(parameters.service(), Some(Service::Iam));
        let operation = parameters.operation(Service::Iam).unwrap();
        assert_eq!(operation.action(), "iam:CreateUser");
        assert!(operation.has_result() && !operation.is_unsigned());
    }

    #[test]
    fn what_is_no_operation_is_refused_by_name() {
        assert_eq!(
            refused("Version=2010-05-08").code,
            QueryErrorCode::MissingAction
        );
        assert_eq!(
            refused("Action=Nope&Version=2010-05-08").message,
            "Could not find operation Nope for version 2010-05-08"
        );
        assert_eq!(
            refused("Action=CreateUser").message,
            "Could not find operation CreateUser for version NO_VERSION_SPECIFIED"
        );
    }

    #[test]
    fn forms_that_cannot_be_read_are_refused() {
        for form in [
            "a=%zz".to_owned(),
            "a=%ff".to_owned(),
            "a&".repeat(PARAMETERS_MAX),
        ] {
            let error = Parameters::parse(&form).unwrap_err();
            assert_eq!(error.code, QueryErrorCode::MalformedQueryString);
        }
    }
}
