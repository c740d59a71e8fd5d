"""Waiting for a state that announces itself to nobody."""

import time


def until(condition, seconds=30):
    """Asks again until it is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never became so"
        time.sleep(0.02)
