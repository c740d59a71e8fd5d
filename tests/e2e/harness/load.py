"""A load that keeps a journal: what each thing that it changes may hold, whatever happens to the server."""

import threading
from collections import namedtuple

from .callers import OWNER_ROOT
from .journal import Gone, Unsure

Clients = namedtuple("Clients", ["s3", "iam"])


def clients_of(server):
    return Clients(server.client(OWNER_ROOT), server.client(OWNER_ROOT, "iam"))


class Load:
    """Writers at work, each in a thread of its own, until the server goes away or they are told to stop."""

    def __init__(self, writers):
        self.writers = writers

    def prepare(self, server):
        """Makes what the writers change."""
        for writer in self.writers:
            writer.prepare(clients_of(server))

    def start(self, server):
        self._clients = clients_of(server)
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self.acknowledged = 0
        self.unsure = 0
        self._failure = None
        self._threads = [threading.Thread(target=self._run, args=(writer,), daemon=True) for writer in self.writers]
        self._running = len(self._threads)
        for thread in self._threads:
            thread.start()
        return self

    def _run(self, writer):
        try:
            while not self._stop.is_set():
                try:
                    writer.step(self._clients)
                    self._count(acknowledged=1)
                except Unsure:
                    self._count(unsure=1)
        except Gone:
            pass
        except Exception as error:
            self._failure = error
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def _count(self, acknowledged=0, unsure=0):
        with self._changed:
            self.acknowledged += acknowledged
            self.unsure += unsure
            self._changed.notify_all()

    def wait(self, acknowledged=0, unsure=0, seconds=60):
        """Waits for so many answers, or until the server is gone for every writer."""
        with self._changed:
            enough = self._changed.wait_for(
                lambda: not self._running or (self.acknowledged >= acknowledged and self.unsure >= unsure), seconds
            )
        assert enough, "the load came to a halt"

    def stop(self):
        """Lets the changes under way end, or fail with the server."""
        self._stop.set()
        self.join()

    def join(self):
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()
        if self._failure:
            raise self._failure

    def verify(self, server):
        for writer in self.writers:
            writer.verify(clients_of(server))
