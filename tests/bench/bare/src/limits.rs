//! The rates that no object store of this machine can pass.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use md5::Md5;
use sha2::Sha256;

const SMALL: [u8; 4096] = [b'x'; 4096];
const LARGE_BYTES: usize = 1 << 20;

pub(crate) fn run(folder: &Path, seconds: f64) {
    let time = Duration::from_secs_f64(seconds);
    fs::create_dir_all(folder).unwrap();
    let appended = append_and_sync(folder, time);
    let [one, sixteen] = [1, 16].map(|threads| files_and_sync(folder, time, threads));
    let md5 = hash::<Md5>(time);
    let sha256 = hash::<Sha256>(time);
    println!(
        "{{\"append_and_sync_s\":{appended:.0},\"file_and_folder_synced_x1_s\":{one:.0},\
         \"file_and_folder_synced_x16_s\":{sixteen:.0},\"md5_mib_s\":{md5:.0},\"sha256_mib_s\":{sha256:.0}}}"
    );
}

/// How often a second `work` can be done.
fn rate(time: Duration, mut work: impl FnMut(u64)) -> f64 {
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < time {
        work(count.into());
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

fn append_and_sync(folder: &Path, time: Duration) -> f64 {
    let mut file = File::create(folder.join("appended")).unwrap();
    rate(time, |_| {
        file.write_all(&SMALL).unwrap();
        file.sync_data().unwrap();
    })
}

fn files_and_sync(folder: &Path, time: Duration, threads: u64) -> f64 {
    let write = |thread: u64| {
        let folder = folder.join(format!("files-{threads}-{thread}"));
        fs::create_dir_all(&folder).unwrap();
        rate(time, |number| {
            let (new, name) = (folder.join("new"), folder.join(format!("{number}")));
            let mut file = File::create(&new).unwrap();
            file.write_all(&SMALL).unwrap();
            file.sync_data().unwrap();
            #[expect(clippy::disallowed_methods, reason = "the folder is synced here")]
            fs::rename(&new, &name).unwrap();
            File::open(&folder).unwrap().sync_all().unwrap();
        })
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || write(thread)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    })
}

fn hash<H: md5::Digest>(time: Duration) -> f64 {
    let large = vec![b'x'; LARGE_BYTES];
    rate(time, |_| {
        std::hint::black_box(H::digest(std::hint::black_box(&large)));
    })
}
