"""A Postgres server of the suite's own: Debian's binaries, a private port, an unprivileged user."""

import glob
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from .wait import until

START_SECONDS = 60


class Postgres:
    """One cluster; `new_database` gives each server a database of its own."""

    def __init__(self):
        self._binaries = _binaries()
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self._password = secrets.token_hex(16)
        self._port = _free_port()
        self._count = 0
        self._process = None
        # An unprivileged user must be able to reach it, which is not so in every TMPDIR of root.
        place = "/tmp" if self._user else None
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="buckler-postgres-", dir=place))

    def __enter__(self):
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        if self._user:
            for path in (self._folder, password_file):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        self._run(
            "initdb", "--no-sync", "--auth=scram-sha-256", "--username=buckler", "--encoding=UTF8",
            "--locale=C.UTF-8", f"--pwfile={password_file}", "-D", self._folder / "data",
        )  # fmt: skip
        self.start()
        return self

    def start(self):
        """Starts the server, after `kill` as well; it recovers by itself."""
        # What is tested survives the end of our process, not of the machine: fsync would only cost time.
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": 200,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._log = open(self._folder / "log", "ab")
        self._process = subprocess.Popen(
            self._command("postgres", "-D", self._folder / "data", *options),
            cwd=self._folder, env=self._env(), stdout=self._log, stderr=self._log,
            start_new_session=True,
        )  # fmt: skip
        self._wait_until_ready()

    def __exit__(self, *_):
        if self._process:
            # Setpriv hands its process over, so this is Postgres itself.
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self):
        """SIGKILL to all of its processes, as when the machine's power goes. Each of them is a session of its own."""
        self._process.send_signal(signal.SIGSTOP)
        children = _children(self._process.pid)
        for child in children:
            os.kill(child, signal.SIGKILL)
        self._process.kill()
        self._process.wait(30)
        # It would not start beside them.
        until(lambda: not any(_lives(child) for child in children))
        self._log.close()

    def stop(self):
        """Its fast shutdown."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)
        self._log.close()

    def new_database(self):
        """The URL of an empty database."""
        self._count += 1
        name = f"buckler_{self._count}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name):
        return f"postgres://buckler:{self._password}@127.0.0.1:{self._port}/{name}"

    def sql(self, database, statement):
        """Runs a statement; returns its rows as psql prints them."""
        target = self.url(database) if "://" not in database else database
        return self._run("psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-d", target, "-c", statement).strip()

    def program(self, name):
        """The command that runs one of its programs."""
        return self._command(name)

    @property
    def folder(self):
        """A folder that its programs may write to."""
        return self._folder

    def run_file(self, database, path):
        """Runs the statements of a file."""
        self._run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", path)

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        # Postgres has no readiness event of its own: its clients poll, and so does this.
        while True:
            ready = subprocess.run(
                self._command("pg_isready", "-q", "-h", "127.0.0.1", "-p", self._port, "-t", "5"), env=self._env(),
                cwd=self._folder,
            )  # fmt: skip
            if ready.returncode == 0:
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.05)

    def _run(self, program, *arguments):
        command = self._command(program, *arguments)
        done = subprocess.run(command, cwd=self._folder, env=self._env(), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr}")
        return done.stdout

    def _command(self, program, *arguments):
        # Postgres refuses to run as root; setpriv (util-linux) replaces itself by the program.
        drop = []
        if self._user:
            drop = ["setpriv", f"--reuid={self._user.pw_uid}", f"--regid={self._user.pw_gid}", "--clear-groups"]
        return [*drop, f"{self._binaries}/{program}", *map(str, arguments)]

    def _env(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}


def _children(parent):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True)
    return [int(pid) for pid in listed.stdout.split()]


def _lives(pid):
    """Whether a process is there that has not ended, waited for or not."""
    try:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def _unprivileged_user():
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _binaries():
    named = os.environ.get("BUCKLER_TEST_POSTGRES_BIN")
    found = [named] if named else sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_version)
    if not found:
        raise RuntimeError("no Postgres: `tests/install` installs it, BUCKLER_TEST_POSTGRES_BIN names another")
    return found[-1]


def _version(path):
    return float(pathlib.Path(path).parent.name)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
