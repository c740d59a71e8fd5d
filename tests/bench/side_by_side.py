"""Buckler, a peer, and what the machine allows at all, one after the other on the same machine and disk: one table.

    cargo build --release -p buckler -p buckler-bench-bare && cargo install s3s-fs --features binary
    python tests/bench/side_by_side.py --load S3LOAD [--sizes 4K,1M] [--operations put,get] [--connections 16]

`--load` names a load generator for S3 with the options that `Load` below gives it; it prints one JSON document a run. Its
own work is done on the same cores, so that rates are lower than a network would see and ratios count.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACCESS, SECRET = "AKIABENCHBENCHBENCHB", "secret-of-the-bench"
OPERATIONS = ("put", "get", "head", "list", "delete", "mixed")
SIZES = ("4K", "64K", "1M", "64M")
# Objects that are read, listed and deleted, by size.
KEYS = {"4K": 1000, "64K": 1000, "1M": 128, "64M": 4}
DELETED = {"4K": 4000, "64K": 2000, "1M": 256, "64M": 8}
# Large objects are counted whole: a second would hold none at all.
LONGER = {"64M": 3}


@dataclass
class Contender:
    """A server to be measured: its name, how it starts, and what its answer to a PUT is worth."""

    name: str
    command: list
    durability: str
    env: dict = field(default_factory=dict)
    operations: tuple = OPERATIONS
    sizes: tuple = SIZES
    # Where it says that it listens; None if it was told.
    listens: str | None = r"listening on http://([0-9.]+:\d+)"
    # Its readers of small objects wait for a timer that this client can stop.
    options: tuple = ()


def contenders(options, folder):
    """Those whose programs were given."""
    port = options.port
    bare = [options.bare, "serve"]
    known = [
        Contender(
            "Buckler", [options.buckler, "serve", "--listen", "127.0.0.1:0", "--data", f"{folder}/buckler"],
            "on disk when answered: file and folder synced, then the row, in WAL with synchronous=FULL",
            {"BUCKLER_ROOT_ACCESS_KEY": ACCESS, "BUCKLER_ROOT_SECRET_KEY": SECRET, "BUCKLER_SCRUB_BYTES_PER_SECOND": "0"},
        ),
        Contender(
            "s3s-fs",
            [options.s3s_fs, "--host", "127.0.0.1", "--port", str(port), "--access-key", ACCESS, "--secret-key", SECRET,
             f"{folder}/s3s-fs"],
            "in the page cache when answered: nothing is ever synced; a power loss takes what it takes",
            listens=None,
        ),
        Contender(
            "file each", [*bare, "files", f"{folder}/files"],
            "on disk when answered: a file for each object, file and folder synced; no check, no hash, no row",
            operations=("put", "get", "head", "delete", "mixed"),
        ),
        Contender(
            "row each", [*bare, "sqlite", f"{folder}/rows"],
            "on disk when answered: a row of SQLite with the bytes in it, commits shared; no check, no hash",
            operations=("put", "get", "head", "delete", "mixed"), sizes=("4K", "64K"),
        ),
        Contender(
            "memory", [*bare, "memory", folder], "in memory only: what HTTP alone allows",
            operations=("get", "head"),
        ),
    ]  # fmt: skip
    chosen = options.servers.split(",") if options.servers else None
    return [one for one in known if one.command[0] and (chosen is None or one.name in chosen)]


class Running:
    """A contender's process."""

    def __init__(self, contender, folder, port):
        self.contender = contender
        self._folder = folder
        self.endpoint = f"127.0.0.1:{port}"

    def __enter__(self):
        folder = self._folder
        for name in ("buckler", "s3s-fs", "files", "rows"):
            pathlib.Path(folder, name).mkdir(exist_ok=True)
        self._log = open(pathlib.Path(folder, "log"), "w+")
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), **self.contender.env}
        self._process = subprocess.Popen(
            self.contender.command, cwd=folder, env=env, stdout=self._log, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + 30
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{self.contender.name} did not start: {pathlib.Path(folder, 'log').read_text()}")
            time.sleep(0.05)
        return self

    def _listens(self):
        text = pathlib.Path(self._folder, "log").read_text()
        if self.contender.listens:
            said = re.search(self.contender.listens, text)
            self.endpoint = said[1] if said else self.endpoint
            return bool(said)
        host, port = self.endpoint.split(":")
        probe = ["bash", "-c", f"exec 3<>/dev/tcp/{host}/{port}"]
        return subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


class Load:
    """The load generator against one server."""

    def __init__(self, options, running):
        self._options = options
        self._running = running

    def run(self, operation, size, connections, prefix, keys, seconds, *more):
        command = [
            self._options.load, "--endpoint", self._running.endpoint, "--access", ACCESS, "--secret", SECRET,
            "--bucket", f"bench-{size.lower()}", "--op", operation, "--size", size, "--conns", str(connections),
            "--prefix", prefix, "--keys", str(keys), "--duration", str(seconds), "--warmup", str(seconds / 5),
            *more, *self._running.contender.options,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode or not done.stdout.strip():
            return {"error": (done.stderr.strip().splitlines() or ["no answer"])[-1]}
        return json.loads(done.stdout.strip().splitlines()[-1])

    def measure(self, operation, size, connections):
        seconds = self._options.seconds * LONGER.get(size, 1)
        match operation:
            case "put":
                return self.run("put", size, connections, f"put{connections}/", 1, seconds, "--no-prefill")
            case "get" | "head" | "list":
                return self.run(operation, size, connections, "read/", KEYS[size], seconds, "--no-prefill")
            case _:
                keys = DELETED[size] if operation == "delete" else max(KEYS[size], connections)
                return self.run(operation, size, connections, f"{operation}{connections}/", keys, seconds)


def measure(options, contender, folder):
    """Rates by operation, size and connections."""
    found = {}
    with Running(contender, folder, options.port) as running:
        load = Load(options, running)
        for size in (size for size in options.sizes if size in contender.sizes):
            operations = [operation for operation in options.operations if operation in contender.operations]
            if {"get", "head", "list"} & set(operations):
                load.run("prefill", size, 1, "read/", KEYS[size], 1)
            for operation in operations:
                for connections in options.connections:
                    row = load.measure(operation, size, connections)
                    found[operation, size, connections] = row
                    print(contender.name, operation, size, f"x{connections}", told(row, size, operation), file=sys.stderr)
    return found


def rate(row):
    """Operations a second; None where it was not measured, or where answers were errors."""
    if not row or "error" in row or row.get("errors"):
        return None
    return row.get("ops_s")


def told(row, size, operation):
    """A rate for people: MiB/s where bytes are what counts."""
    value = rate(row)
    if value is None:
        return "failed" if row else "-"
    if size in ("1M", "64M") and operation in ("put", "get"):
        return f"{value * (1 if size == '1M' else 64):,.0f} MiB/s"
    return f"{value:,.0f}/s" if value >= 10 else f"{value:.1f}/s"


def ratio(ours, theirs):
    ours, theirs = rate(ours), rate(theirs)
    return f"{ours / theirs:.2f}" if ours and theirs else "-"


def table(options, results, machine, servers):
    """Markdown."""
    names = list(results)
    others = [name for name in names if name != "Buckler"] if "Buckler" in results else []
    lines = ["| | " + " | ".join(names) + "".join(f" | / {name}" for name in others) + " |"]
    lines.append("|---" * (1 + len(names) + len(others)) + "|")
    for size in options.sizes:
        for operation in options.operations:
            for connections in options.connections:
                place = (operation, size, connections)
                rows = {name: results[name].get(place) for name in names}
                if not any(rows.values()):
                    continue
                cells = [told(rows[name], size, operation) for name in names]
                cells += [ratio(rows["Buckler"], rows[name]) for name in others]
                lines.append(f"| {operation.upper()} {size} x{connections} | " + " | ".join(cells) + " |")
    lines += ["", "What an answer to a PUT is worth:", ""]
    lines += [f"- {server.name}: {server.durability}." for server in servers]
    if machine:
        lines += [
            "",
            f"The machine: {machine['append_and_sync_s']}/s appends of 4 KiB, synced, on one thread; "
            f"{machine['file_and_folder_synced_x1_s']}/s new files, synced with their folder, on one thread and "
            f"{machine['file_and_folder_synced_x16_s']}/s on sixteen; one core makes "
            f"{machine['md5_mib_s']} MiB/s of MD5 and {machine['sha256_mib_s']} MiB/s of SHA-256. "
            f"{os.cpu_count()} cores, which the load shares; {options.seconds} s a row.",
        ]
    return "\n".join(lines) + "\n"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    release = ROOT / "target" / "release"
    listed = lambda kind: lambda text: [kind(part) for part in text.split(",")]  # noqa: E731
    parser.add_argument("--load", required=True, help="the load generator")
    parser.add_argument("--buckler", default=release / "buckler")
    parser.add_argument("--bare", default=release / "bare")
    parser.add_argument("--s3s-fs", default=shutil.which("s3s-fs"), help="left out if there is none")
    parser.add_argument("--servers", help="some of them by name, such as `Buckler,file each`")
    parser.add_argument("--operations", type=listed(str), default=list(OPERATIONS))
    parser.add_argument("--sizes", type=listed(str), default=list(SIZES))
    parser.add_argument("--connections", type=listed(int), default=[1, 16, 64])
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each row is measured; 64 MiB three times as long")
    parser.add_argument("--folder", help="a folder on the disk to be measured")
    parser.add_argument("--port", type=int, default=18014, help="for servers that take no free one by themselves")
    parser.add_argument("--output", help="where the table goes, and beside it everything measured, as JSON")
    return parser.parse_args()


def main():
    options = arguments()
    results, servers, begun = {}, [], time.monotonic()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        limits = subprocess.run(
            [options.bare, "limits", f"{folder}/limits", str(options.seconds)], capture_output=True, text=True
        )
        machine = json.loads(limits.stdout) if limits.returncode == 0 else None
    for contender in contenders(options, "."):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            contender = next(one for one in contenders(options, folder) if one.name == contender.name)
            results[contender.name] = measure(options, contender, folder)
            servers.append(contender)
    text = table(options, results, machine, servers)
    print(text)
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    if options.output:
        pathlib.Path(options.output).write_text(text)
        measured = {name: [[*place, row] for place, row in rows.items()] for name, rows in results.items()}
        document = {"machine": machine, "measured": measured}
        pathlib.Path(options.output).with_suffix(".json").write_text(json.dumps(document))


if __name__ == "__main__":
    main()
