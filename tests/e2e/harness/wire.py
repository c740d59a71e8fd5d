"""Requests byte by byte over a socket, and answers as they came."""

import re
import socket
from dataclasses import dataclass
from html import unescape

from .sigv4 import Request, sign

SECONDS = 30


class Closed(Exception):
    """The server closed the connection before a whole answer."""


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes

    def header(self, name):
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    def element(self, name):
        """The text of the first element of that name in an XML body."""
        found = re.search(rf"<{name}>(.*?)</{name}>", self.body.decode("utf-8", "replace"), re.S)
        return unescape(found[1]) if found else None

    @property
    def code(self):
        return self.element("Code")

    @property
    def message(self):
        return self.element("Message")


class Connection:
    """One TCP connection to the server."""

    def __init__(self, server, seconds=SECONDS):
        self._socket = socket.create_connection((server.host, server.port), seconds)
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def send(self, data):
        """Sends; a server that has answered and closed is no error here."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return self

    def shut_writing(self):
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            # Closed by the server already.
            pass
        return self

    def reset(self):
        """Closes with a reset, as a client that died does."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._socket.close()

    def answer(self, method="GET"):
        """The next answer, its body whole; 100 Continue is passed over."""
        while True:
            head = self._until(b"\r\n\r\n").decode("latin-1")
            status = int(head.split(" ", 2)[1])
            if status >= 200:
                break
        lines = head.split("\r\n")[1:]
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines if line)]
        answer = Answer(status, headers, b"")
        if method == "HEAD" or status in (204, 304):
            return answer
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            answer.body = self._chunked()
        elif answer.header("content-length") is not None:
            answer.body = self._exactly(int(answer.header("content-length")))
        else:
            answer.body = self._to_end()
        return answer

    def interim(self):
        """The status of the next answer of any kind, 1xx included."""
        return int(self._until(b"\r\n\r\n").split(b" ", 2)[1])

    def is_closed_by_server(self):
        """Waits for the end of the stream; data instead of it is an answer to something never asked."""
        try:
            rest = self._buffer + self._socket.recv(4096)
        except ConnectionResetError:
            return True
        assert rest == b"", f"more than one answer: {rest[:200]!r}"
        return True

    def _receive(self):
        try:
            data = self._socket.recv(65536)
        except ConnectionResetError as error:
            raise Closed(self._buffer) from error
        if not data:
            raise Closed(self._buffer)
        self._buffer += data

    def _until(self, mark):
        while mark not in self._buffer:
            self._receive()
        head, _, self._buffer = self._buffer.partition(mark)
        return head

    def _exactly(self, count):
        while len(self._buffer) < count:
            self._receive()
        body, self._buffer = self._buffer[:count], self._buffer[count:]
        return body

    def _chunked(self):
        body = b""
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self._exactly(size)
            self._exactly(2)
        self._until(b"\r\n")
        return body

    def _to_end(self):
        try:
            while True:
                self._receive()
        except Closed:
            body, self._buffer = self._buffer, b""
            return body


def host_of(server):
    return f"{server.host}:{server.port}"


def exchange(server, request):
    """Sends a request as it stands on a connection of its own."""
    with Connection(server) as connection:
        return connection.send(request.to_bytes()).answer(request.method)


def ask(server, method, target, caller=None, body=b"", headers=(), **signing):
    """A request with the framing of its body, signed if there is a caller."""
    request = Request(method, target, list(headers), body)
    request.set("Host", host_of(server))
    if (body or method in ("PUT", "POST")) and request.header("content-length") is None:
        request.set("Content-Length", str(len(body)))
    if caller is not None:
        sign(request, caller, host_of(server), **signing)
    return exchange(server, request)
