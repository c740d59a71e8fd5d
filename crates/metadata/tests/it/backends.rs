//! Running a rule on each database.

use buckler_metadata::{DatabaseLocation, Store};

/// Makes a test of each rule for each database.
macro_rules! on_every_database {
    ($($rule:ident),* $(,)?) => {
        mod on_sqlite_file {
            $(#[test] fn $rule() { $crate::backends::on_sqlite_file(super::$rule); })*
        }
        mod on_sqlite_memory {
            $(#[test] fn $rule() { $crate::backends::on_sqlite_memory(super::$rule); })*
        }
        mod on_postgres {
            $(#[test] fn $rule() { $crate::backends::on_postgres(super::$rule); })*
        }
    };
}
pub(crate) use on_every_database;

pub(crate) fn on_sqlite_file(rule: impl AsyncFnOnce(Store)) {
    let folder = tempfile::tempdir().unwrap();
    run(
        &DatabaseLocation::sqlite(folder.path().join("rows.db")),
        rule,
    );
}

pub(crate) fn on_sqlite_memory(rule: impl AsyncFnOnce(Store)) {
    run(&DatabaseLocation::parse("sqlite::memory:").unwrap(), rule);
}

pub(crate) fn on_postgres(rule: impl AsyncFnOnce(Store)) {
    let url = buckler_testkit::postgres::database().unwrap();
    run(&DatabaseLocation::parse(&url).unwrap(), rule);
}

fn run(location: &DatabaseLocation, rule: impl AsyncFnOnce(Store)) {
    block_on(async {
        let store = Store::open(location).await.unwrap();
        rule(store.clone()).await;
        store.close().await.unwrap();
    });
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
