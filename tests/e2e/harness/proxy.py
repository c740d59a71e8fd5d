"""An HTTP proxy in front of a server that does on demand what networks and overloaded stores do."""

import contextlib
import http.client
import http.server
import re
import ssl
import threading

SLOW_DOWN = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.'
    b"</Message><RequestId>0</RequestId></Error>"
)
ALWAYS = 1_000_000


class Fault:
    """What happens to the next `left` requests of this method that have this pattern in their path and query, or at the
    start of their body.

    - `throttled`: 503 SlowDown, and the store never hears of it;
    - `unread`: half of the request's body is read, then the connection is reset;
    - `lost`: the store does it, and the connection is closed before its answer;
    - `failed`: the store does it, and the answer is 500;
    - `cut`: half of the answer's body, then the connection is reset;
    - `ended`: half of the answer's body, and its end in due form;
    - `silent`: the store does it, and nothing is heard of it until the client gives up.
    """

    def __init__(self, kind, method, pattern, left):
        self.kind, self.method, self.pattern, self.left = kind, method, re.compile(pattern), left


class Proxy:
    """Forwards requests as they come, but for those that meet a fault. Over TLS, if it has a certificate: a file with
    key and chain of `localhost`."""

    def __init__(self, server, certificate=None):
        self._lock = threading.Lock()
        self._faults = []
        self.requests = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self):
                length = int(self.headers.get("Content-Length", 0))
                start = self.rfile.read(length // 2)
                fault = proxy._meet(self.command, self.path + "\n" + start[:1000].decode("latin-1"))
                if fault == "unread":
                    return self.reset()
                body = start + self.rfile.read(length - len(start))
                if fault == "throttled":
                    return self.answer(503, [("Content-Type", "application/xml")], SLOW_DOWN)
                proxy.requests.append((self.command, self.path))
                status, headers, content, length = self.ask(body)
                if fault in ("lost", "silent"):
                    if fault == "silent":
                        self.rfile.read(1)
                    self.close_connection = True
                    return None
                if fault == "failed":
                    return self.answer(500, [], b"")
                if fault == "cut":
                    self.head(status, [*headers, ("Content-Length", str(len(content)))])
                    self.wfile.write(content[: len(content) // 2])
                    return self.reset()
                if fault == "ended":
                    self.head(status, [*headers, ("Transfer-Encoding", "chunked")])
                    half = content[: len(content) // 2]
                    self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(half), half) if half else b"0\r\n\r\n")
                    return None
                return self.answer(status, headers, content, length)

            def ask(self, body):
                upstream = http.client.HTTPConnection(server.host, server.port, timeout=30)
                with contextlib.closing(upstream):
                    upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                    for name, value in self.headers.items():
                        upstream.putheader(name, value)
                    upstream.endheaders(body)
                    answer = upstream.getresponse()
                    content = answer.read()
                headers = [
                    (name, value) for name, value in answer.getheaders()
                    if name.lower() not in ("connection", "transfer-encoding", "content-length")
                ]  # fmt: skip
                length = answer.getheader("Content-Length") if self.command == "HEAD" else None
                return answer.status, headers, content, length

            def head(self, status, headers):
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()

            def answer(self, status, headers, content, length=None):
                self.head(status, [*headers, ("Content-Length", length or str(len(content)))])
                self.wfile.write(content)

            def reset(self):
                self.close_connection = True
                self.wfile.flush()
                # Closed with unread data or so, this is a reset; without, an end: both are to be lived with.
                self.connection.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SOL_SOCKET, SO_LINGER

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = forward

            def log_message(self, *_):
                pass

        self._listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Connections that break off are the test's matter, not something to print.
        self._listener.handle_error = lambda *_: None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # The handshake takes place in the thread of its connection.
            self._listener.socket = context.wrap_socket(
                self._listener.socket, server_side=True, do_handshake_on_connect=False
            )
        port = self._listener.server_port
        self.endpoint = f"https://localhost:{port}" if certificate else f"http://127.0.0.1:{port}"
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()

    def fault(self, kind, method, pattern="", times=ALWAYS):
        """Orders one."""
        with self._lock:
            self._faults.append(Fault(kind, method, pattern, times))

    @property
    def left(self):
        """Requests that were to meet a fault and have not been made."""
        with self._lock:
            return sum(fault.left for fault in self._faults)

    def mend(self):
        """No fault from now on."""
        with self._lock:
            self._faults.clear()

    def _meet(self, method, request):
        with self._lock:
            for fault in self._faults:
                if fault.left and fault.method in ("", method) and fault.pattern.search(request):
                    fault.left -= 1
                    return fault.kind
        return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown()
        self._listener.server_close()
