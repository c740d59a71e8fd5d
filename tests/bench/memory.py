"""Measures the server's resident memory while large objects are uploaded all at once.

    BUCKLER_BIN=… python tests/bench/memory.py [--uploads 8] [--mebibytes 1024] [--signed]

Streams random bytes from memory (one block, repeated) and prints the highest resident memory during
the uploads. The data folder needs uploads x mebibytes of disk; `--folder` says where.
"""

import argparse
import hashlib
import os
import pathlib
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))

from harness.callers import OWNER_ROOT, seed  # noqa: E402
from harness.server import Server  # noqa: E402
from harness.sigv4 import Request, sign  # noqa: E402
from harness.wire import Connection, host_of  # noqa: E402

BLOCK = os.urandom(1 << 20)


def upload(server, number, mebibytes, payload, barrier, failures):
    request = Request("PUT", f"/memory/{number}")
    sign(request, OWNER_ROOT, host_of(server), payload=payload)
    request.headers.append(("Content-Length", str(mebibytes << 20)))
    with Connection(server, seconds=600) as connection:
        connection.send(request.to_bytes())
        barrier.wait()
        for _ in range(mebibytes):
            connection.send(BLOCK)
        answer = connection.answer()
        if answer.status != 200:
            failures.append(answer)


def highest_resident(server, stop):
    """The largest of the samples; VmHWM would include the start."""
    highest = 0
    while not stop.wait(0.02):
        highest = max(highest, server.resident_bytes())
    return highest


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uploads", type=int, default=8)
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--signed", action="store_true", help="sign the hash of the body, so that the server verifies it")
    parser.add_argument("--folder", default=None)
    options = parser.parse_args()
    payload = "UNSIGNED-PAYLOAD"
    if options.signed:
        digest = hashlib.sha256()
        for _ in range(options.mebibytes):
            digest.update(BLOCK)
        payload = digest.hexdigest()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        pathlib.Path(folder, "seed.toml").write_text(seed())
        with Server(folder, "--accounts", "seed.toml", "--data", "data") as server:
            server.client(OWNER_ROOT).create_bucket(Bucket="memory")
            at_rest = server.resident_bytes()
            barrier, failures, stop, result = threading.Barrier(options.uploads), [], threading.Event(), []
            sampler = threading.Thread(target=lambda: result.append(highest_resident(server, stop)))
            sampler.start()
            uploads = [
                threading.Thread(target=upload, args=(server, number, options.mebibytes, payload, barrier, failures))
                for number in range(options.uploads)
            ]
            start = time.monotonic()
            for thread in uploads:
                thread.start()
            for thread in uploads:
                thread.join()
            seconds = time.monotonic() - start
            stop.set()
            sampler.join()
            after = server.resident_bytes()
    total = options.uploads * options.mebibytes
    print(f"uploads          {options.uploads} x {options.mebibytes} MiB in {seconds:.1f} s ({total / seconds:.0f} MiB/s)")
    for name, value in (("at rest", at_rest), ("highest", result[0]), ("afterwards", after)):
        print(f"{name:<16} {value / (1 << 20):.1f} MiB resident")
    if failures:
        sys.exit(f"{len(failures)} uploads failed: {failures[0]}")


if __name__ == "__main__":
    main()
