"""The binary as a process."""

import os
import pathlib
import re
import signal
import subprocess
import threading

import boto3
import botocore.config
from botocore import UNSIGNED

from .callers import ANONYMOUS

START_SECONDS = 30
REGION = "us-east-1"


def binary():
    """The binary under test."""
    path = os.environ.get("BUCKLER_BIN")
    if not path:
        raise RuntimeError("BUCKLER_BIN names the binary under test; `tests/run e2e` builds it and sets it")
    return str(pathlib.Path(path).resolve())


def environment(folder, extra=None):
    """Nothing of the caller's own environment that could configure a server or a client."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **(extra or {})}


def run_to_end(folder, *arguments, env=None, seconds=START_SECONDS):
    """Runs the binary, which is expected to end by itself."""
    return subprocess.run(
        [binary(), *map(str, arguments)],
        cwd=folder,
        env=environment(folder, env),
        capture_output=True,
        text=True,
        timeout=seconds,
    )


def faulty_binary():
    """The same server with faults at chosen steps: the example program beside the binary under test."""
    return str(pathlib.Path(binary()).parent / "examples" / "faulty")


class StartFailed(Exception):
    """The server ended before it was ready."""

    def __init__(self, status, stderr):
        super().__init__(f"exit {status}: {stderr}")
        self.status = status
        self.stderr = stderr


class _Lines(threading.Thread):
    """Reads a stream to its end, keeps its lines, and tells when one of them matches."""

    def __init__(self, stream, pattern):
        super().__init__(daemon=True)
        self.lines = []
        self.match = None
        self.settled = threading.Event()
        self._grown = threading.Condition()
        self._stream = stream
        self._pattern = re.compile(pattern)
        self.start()

    def run(self):
        for line in self._stream:
            with self._grown:
                self.lines.append(line.rstrip("\n"))
                self._grown.notify_all()
            self.match = self.match or self._pattern.fullmatch(self.lines[-1])
            if self.match:
                self.settled.set()
        self._stream.close()
        self.settled.set()

    def wait_for(self, pattern, seconds=START_SECONDS):
        """Waits for a line in which the pattern is found."""
        with self._grown:
            found = self._grown.wait_for(lambda: any(re.search(pattern, line) for line in self.lines), seconds)
        assert found, self.text

    @property
    def text(self):
        return "\n".join(self.lines)


class Server:
    """`buckler serve` in a folder; `start` returns when it listens."""

    def __init__(self, folder, *arguments, env=None, listen="127.0.0.1:0"):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.arguments = [str(argument) for argument in arguments]
        self.env = env
        self._listen = listen
        self.binary = binary()
        self._clients = {}
        self.process = None

    @property
    def storage(self):
        """The arguments that name its data, for other commands."""
        named = ("--data", "--database", "--blobs")
        pairs = zip(self.arguments, self.arguments[1:])
        return [part for name, value in pairs if name in named for part in (name, value)]

    def start(self, **env):
        """Starts it and waits for its readiness line; raises `StartFailed`."""
        listen = ["--listen", self._listen] if self._listen else []
        self.process = subprocess.Popen(
            [self.binary, "serve", *listen, *self.arguments],
            cwd=self.folder,
            env=environment(self.folder, {**(self.env or {}), **env}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._clients = {}
        self.stdout = _Lines(self.process.stdout, r"secret key .*")
        self.stderr = _Lines(self.process.stderr, r"listening on http://([0-9.]+):(\d+)")
        if not self.stderr.settled.wait(START_SECONDS) or not self.stderr.match:
            self.process.kill()
            raise StartFailed(self.process.wait(), self.stderr.text)
        self.host, self.port = self.stderr.match[1], int(self.stderr.match[2])
        self.endpoint = f"http://{self.host}:{self.port}"
        return self

    def stop(self, seconds=30):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait(seconds)

    def kill(self):
        """SIGKILL: no time to tidy."""
        self.process.kill()
        return self.wait(10)

    def wait(self, seconds):
        status = self.process.wait(seconds)
        self.stderr.join(seconds)
        self.stdout.join(seconds)
        return status

    def __enter__(self):
        return self if self.process else self.start()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()

    def client(self, caller, service="s3", region=REGION, **config):
        """A boto3 client of `caller`, without retries: a test wants the first answer."""
        key = (caller, service, region, repr(sorted(config.items())))
        if key not in self._clients:
            # Left to itself, boto3 presigns with Signature Version 2.
            config["signature_version"] = UNSIGNED if caller == ANONYMOUS else "s3v4"
            self._clients[key] = boto3.session.Session().client(
                service,
                endpoint_url=self.endpoint,
                region_name=region,
                aws_access_key_id=caller.access_key or None,
                aws_secret_access_key=caller.secret_key or None,
                aws_session_token=caller.session_token or None,
                config=botocore.config.Config(
                    retries={"total_max_attempts": 1},
                    s3={"addressing_style": "path"},
                    max_pool_connections=32,
                    connect_timeout=10,
                    read_timeout=30,
                    **config,
                ),
            )
        return self._clients[key]

    def resident_bytes(self, which="VmRSS"):
        """Resident memory now (`VmRSS`) or at its highest (`VmHWM`)."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(re.search(rf"^{which}:\s+(\d+) kB$", status, re.M)[1])
