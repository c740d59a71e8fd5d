//! The clients of the services, through the `object_store` crate.

use std::{fs, str::FromStr, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, Certificate, ClientOptions, Error, HeaderValue, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    azure::{AzureConfigKey, MicrosoftAzureBuilder},
    gcp::{GoogleCloudStorageBuilder, GoogleConfigKey},
};

use super::{
    Backend,
    location::{LocationError, RemoteLocation, Service},
};

/// A backend that sends or takes nothing for so long has failed. There is no bound on a whole request: a large body
/// takes as long as its client.
const SILENCE: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);
/// Tries of a request that failed in passing or was throttled. With the pauses below they take some five seconds:
/// a client waits longer than that for an answer, and comes back to a 503 anyway.
const RETRIES: usize = 8;
/// No further try begins so long after the first.
const RETRIES_END: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// An option of ours: a file of certificate authorities (PEM) that are trusted beside the machine's.
const CA_FILE: &str = "ca_file";

impl RemoteLocation {
    /// Makes a client. Nothing is asked of the network yet.
    pub(super) fn backend(&self) -> Result<Arc<dyn Backend>, LocationError> {
        // TLS by the crate that the rest of the workspace has. Another one that is there already is as good.
        _ = rustls::crypto::ring::default_provider().install_default();
        let client = self.client()?;
        match self.service {
            Service::S3 => {
                let builder = AmazonS3Builder::new().with_client_options(client);
                let builder = builder.with_retry(retries()).with_bucket_name(&self.bucket);
                let builder = self
                    .configure(builder, |builder, key: AmazonS3ConfigKey, value| {
                        builder.with_config(key, value)
                    })?;
                Ok(Arc::new(builder.build().map_err(|error| unfit(&error))?))
            }
            Service::Gcs => {
                let builder = GoogleCloudStorageBuilder::new().with_client_options(client);
                let builder = builder.with_retry(retries()).with_bucket_name(&self.bucket);
                let builder = self.configure(builder, |builder, key: GoogleConfigKey, value| {
                    builder.with_config(key, value)
                })?;
                Ok(Arc::new(builder.build().map_err(|error| unfit(&error))?))
            }
            Service::Azure => {
                let builder = MicrosoftAzureBuilder::new().with_client_options(client);
                let builder = builder
                    .with_retry(retries())
                    .with_container_name(&self.bucket);
                let builder = self.configure(builder, |builder, key: AzureConfigKey, value| {
                    builder.with_config(key, value)
                })?;
                Ok(Arc::new(builder.build().map_err(|error| unfit(&error))?))
            }
        }
    }

    fn client(&self) -> Result<ClientOptions, LocationError> {
        let authorities = match self.options.0.get(CA_FILE) {
            Some(file) => authorities(file)?,
            None => Vec::new(),
        };
        let options = authorities.into_iter();
        Ok(options.fold(unlimited(), ClientOptions::with_root_certificate))
    }

    fn configure<B, K: FromStr>(
        &self,
        mut builder: B,
        set: impl Fn(B, K, String) -> B,
    ) -> Result<B, LocationError> {
        let options = self.options.0.iter();
        for (name, value) in options.filter(|(name, _)| *name != CA_FILE) {
            let key = K::from_str(name);
            let key = key.map_err(|_| LocationError::UnknownOption(name.clone()))?;
            builder = set(builder, key, value.as_str().to_owned());
        }
        Ok(builder)
    }
}

/// The text names options, not their values.
fn unfit(error: &Error) -> LocationError {
    LocationError::Options(error.to_string())
}

fn unlimited() -> ClientOptions {
    let agent = concat!("buckler/", env!("CARGO_PKG_VERSION"));
    ClientOptions::new()
        .with_user_agent(HeaderValue::from_static(agent))
        .with_timeout_disabled()
        .with_read_timeout(SILENCE)
        .with_connect_timeout(CONNECT)
}

fn authorities(file: &str) -> Result<Vec<Certificate>, LocationError> {
    let refused = |reason: String| LocationError::CaFile {
        file: file.to_owned(),
        reason,
    };
    let pem = fs::read(file).map_err(|error| refused(error.to_string()))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(refused("it holds no certificates in PEM form".to_owned())),
    }
}

fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: FIRST_PAUSE,
            max_backoff: LONGEST_PAUSE,
            base: 2.0,
        },
        max_retries: RETRIES,
        retry_timeout: RETRIES_END,
    }
}
