"""`buckler doctor` as a process."""

import json

from .server import run_to_end

CLEAN, FINDINGS, USAGE = 0, 1, 2


def examine(server, *arguments, seconds=60):
    """The exit status and the report of an examination of the server's data."""
    done = run_to_end(server.folder, "doctor", "--format", "json", *server.storage, *arguments,
                      env=server.env, seconds=seconds)  # fmt: skip
    assert done.returncode in (CLEAN, FINDINGS), done.stderr
    return done.returncode, json.loads(done.stdout)


def kinds(report):
    """What was found, by kind, in order."""
    return sorted(finding["kind"] for finding in report["findings"])
