//! Work that one of several gateways does at a time.

use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    sql::{statements, values},
    times,
};

statements! {
    TAKE = "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
        WHERE leases.holder = excluded.holder OR leases.expires_at <= $4";
}

impl Store {
    /// Takes or prolongs a lease until `until`; `false` while another holder's has not run out.
    ///
    /// Clocks of gateways may differ: a lease saves work, it must not be what correctness rests on.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let arguments = (name.to_owned(), holder.to_owned(), now, until);
        let write = self
            .engine
            .write(arguments, |c, (name, holder, now, until)| {
                Box::pin(async move {
                    let until = times::to_micros(*until);
                    let row = values![
                        name.as_str(),
                        holder.as_str(),
                        until,
                        times::to_micros(*now)
                    ];
                    Ok(c.execute(TAKE, row).await? > 0)
                })
            });
        write.await
    }
}
