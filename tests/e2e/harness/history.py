"""Whether what several clients saw can be explained by one register that each operation reached at one moment.

The search is that of Wing and Gong with the memory of Lowe: an operation may be taken next if no operation ended before
it began; a set of taken operations together with a value is tried once.
"""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Operation:
    """One call: when it began and ended, and what it would have done to the register.

    `apply` takes the value before and returns the value after, or `IMPOSSIBLE` if the call could not have answered as it
    did. An operation without an end may have taken effect at any time, or never.
    """

    name: str
    began: float
    apply: callable
    ended: float = float("inf")

    @property
    def is_open(self):
        return self.ended == float("inf")


IMPOSSIBLE = object()


@dataclass
class History:
    """What clients did to one register, as each saw it."""

    operations: list = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, name, call):
        """Makes a call. It returns what it does to the register, and whether it is known to have been carried out."""
        began = time.monotonic()
        apply, is_known = call()
        ended = time.monotonic() if is_known else float("inf")
        with self._lock:
            self.operations.append(Operation(name() if callable(name) else name, began, apply, ended))

    def explanation(self, value):
        """An order that explains the history from `value` on, or None."""
        operations = sorted(self.operations, key=lambda operation: operation.began)
        everything = sum(1 << index for index, operation in enumerate(operations) if not operation.is_open)
        tried = set()
        stack = [(0, value, ())]
        while stack:
            taken, value, order = stack.pop()
            if taken & everything == everything:
                return order
            if (taken, value) in tried:
                continue
            tried.add((taken, value))
            first_end = min(
                operation.ended for index, operation in enumerate(operations) if not taken >> index & 1
            )
            for index, operation in enumerate(operations):
                if operation.began > first_end:
                    break
                if taken >> index & 1:
                    continue
                after = operation.apply(value)
                if after is not IMPOSSIBLE:
                    stack.append((taken | 1 << index, after, (*order, operation.name)))
        return None

    def check(self, value):
        """Fails with the history if no order explains it."""
        if self.explanation(value) is None:
            start = min(operation.began for operation in self.operations)
            lines = [
                f"{(operation.began - start) * 1000:9.2f} to {(operation.ended - start) * 1000:9.2f} ms  {operation.name}"
                for operation in sorted(self.operations, key=lambda operation: operation.began)
            ]
            raise AssertionError("no order explains\n" + "\n".join(lines))
