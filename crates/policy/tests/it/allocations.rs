//! A decision takes no memory, whatever it is.

use crate::world::World;
use allocation_counter::measure;
use buckler_policy::{authorize, authorize_action, authorize_missing_key};
use serde_json::Value;

#[track_caller]
fn takes_nothing(name: &Value, decide: impl FnOnce()) {
    let taken = measure(decide);
    assert_eq!(taken.count_total, 0, "{name}: {taken:?}");
}

#[test]
fn no_vector_takes_memory_to_decide() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../../tests/vectors/decision-vectors.json"
    ))
    .unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let world = World::new(vector);
        let caller = world.caller();
        let bucket = world.bucket();
        let permissions = world.permissions();
        let name = &vector["name"];
        // What is made once per process is made before.
        let _ = authorize(&caller, bucket.as_ref(), &permissions, &world.context);
        takes_nothing(name, || {
            let _ = authorize(&caller, bucket.as_ref(), &permissions, &world.context);
        });
        if let Some(bucket) = &bucket {
            takes_nothing(name, || {
                let _ = authorize_missing_key(&caller, bucket, "a/key", &world.context);
            });
        }
        takes_nothing(name, || {
            let arn = "arn:aws:iam::111111111111:user/bob";
            let _ = authorize_action(&caller, "iam:CreateUser", arn, &world.context);
        });
    }
}
