//! A real Postgres for tests, one for each test binary, on a Unix socket in a temporary folder.
//!
//! It is stopped, and its folder removed, when the test binary ends, however it ends: a shell that holds the other end
//! of a pipe does it.

use std::{
    fs, io,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

/// Where Debian keeps the servers, one folder for each version.
const INSTALLED: &str = "/usr/lib/postgresql";
/// Tries to reach a server that starts, 20 ms apart.
const START_TRIES_MAX: u32 = 1500;

/// Runs the server, and cleans up when its input ends. Arguments: programs, folder.
const KEEPER: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=400 >"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$2"
"#;

/// No Postgres could be started. Tests that need one must fail with this, not pass without it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("these tests need a Postgres server (Debian: `apt install postgresql`): {0}")]
pub struct PostgresError(String);

struct Server {
    programs: PathBuf,
    folder: PathBuf,
    databases: AtomicU32,
    // Its input ends when this process does.
    _keeper: Child,
}

/// Makes a new, empty database and returns its URL.
///
/// # Errors
/// If no server is installed or it does not start.
pub fn database() -> Result<String, PostgresError> {
    static SERVER: OnceLock<Result<Server, PostgresError>> = OnceLock::new();
    let server = SERVER.get_or_init(start).as_ref().map_err(Clone::clone)?;
    let name = format!("test{}", server.databases.fetch_add(1, Ordering::Relaxed));
    let mut create = Command::new(server.programs.join("createdb"));
    create
        .arg("-h")
        .arg(&server.folder)
        .args(["-U", "buckler", &name]);
    run(&mut create)?;
    let folder = server.folder.display();
    Ok(format!("postgres://buckler@localhost/{name}?host={folder}"))
}

fn start() -> Result<Server, PostgresError> {
    let programs = programs()?;
    let folder = tempfile::Builder::new()
        .prefix("buckler-postgres-")
        .tempdir()
        .map_err(|error| failed("no temporary folder", &error))?
        .keep();
    // Postgres refuses to run as root.
    let user = if id(&["-u"])? == 0 {
        let (user, group) = (id(&["-u", "postgres"])?, id(&["-g", "postgres"])?);
        chown(&folder, Some(user), Some(group))
            .map_err(|error| failed("cannot give the folder away", &error))?;
        Some((user, group))
    } else {
        None
    };
    let mut init = command(user, &programs.join("initdb"));
    init.args([
        "-A",
        "trust",
        "-U",
        "buckler",
        "-E",
        "UTF8",
        "--no-sync",
        "-D",
    ]);
    run(init.arg(folder.join("data")))?;
    let mut keeper = command(user, Path::new("/bin/sh"));
    let keeper = keeper
        .args(["-c", KEEPER, "keeper"])
        .args([&programs, &folder])
        .current_dir("/")
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| failed("cannot start the server", &error))?;
    wait_until_ready(&programs, &folder)?;
    Ok(Server {
        programs,
        folder,
        databases: AtomicU32::new(0),
        _keeper: keeper,
    })
}

fn programs() -> Result<PathBuf, PostgresError> {
    let versions = fs::read_dir(INSTALLED).map_err(|error| failed(INSTALLED, &error))?;
    versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|programs| programs.join("initdb").is_file())
        .max()
        .ok_or_else(|| PostgresError(format!("{INSTALLED} holds no server")))
}

/// A command that runs as this user, if one is given.
fn command(user: Option<(u32, u32)>, program: &Path) -> Command {
    let Some((user, group)) = user else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={user}"))
        .arg(format!("--regid={group}"))
        .arg("--clear-groups")
        .arg(program);
    command
}

fn id(arguments: &[&str]) -> Result<u32, PostgresError> {
    let output = run(Command::new("id").args(arguments))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .map_err(|_| PostgresError(format!("`id` answers `{text}`")))
}

fn wait_until_ready(programs: &Path, folder: &Path) -> Result<(), PostgresError> {
    let mut last = PostgresError(String::new());
    for _ in 0..START_TRIES_MAX {
        let mut ask = Command::new(programs.join("pg_isready"));
        match run(ask.arg("-h").arg(folder).args(["-U", "buckler"])) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
        thread::sleep(Duration::from_millis(20));
    }
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    Err(PostgresError(format!("{last}; its log: {log}")))
}

fn run(command: &mut Command) -> Result<Output, PostgresError> {
    let output = command
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(&format!("cannot run {command:?}"), &error))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(PostgresError(format!("{command:?} failed: {said}")))
}

fn failed(what: &str, error: &io::Error) -> PostgresError {
    PostgresError(format!("{what}: {error}"))
}
