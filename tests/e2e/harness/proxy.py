"""An HTTP proxy in front of a server that throttles and breaks off on demand."""

import contextlib
import http.client
import http.server
import threading

SLOW_DOWN = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.'
    b"</Message><RequestId>0</RequestId></Error>"
)


class Proxy:
    """Forwards requests as they come; `throttled` of the next are answered 503, `broken` of the next GETs of more than
    100,000 bytes break off in the middle of their body."""

    def __init__(self, server):
        self._lock = threading.Lock()
        self.throttled = 0
        self.broken = 0
        self.requests = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if proxy.take("throttled"):
                    return self.answer(503, [("Content-Type", "application/xml")], SLOW_DOWN)
                proxy.requests.append((self.command, self.path))
                upstream = http.client.HTTPConnection(server.host, server.port, timeout=30)
                upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    upstream.putheader(name, value)
                upstream.endheaders(body)
                answer = upstream.getresponse()
                content = answer.read()
                upstream.close()
                headers = [
                    (name, value) for name, value in answer.getheaders()
                    if name.lower() not in ("connection", "transfer-encoding", "content-length")
                ]  # fmt: skip
                length = answer.getheader("Content-Length") if self.command == "HEAD" else None
                self.answer(answer.status, headers, content, length)

            def answer(self, status, headers, content, length=None):
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", length or str(len(content)))
                self.end_headers()
                if self.command == "GET" and len(content) > 100_000 and proxy.take("broken"):
                    self.wfile.write(content[: len(content) // 2])
                    self.close_connection = True
                    return
                self.wfile.write(content)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = forward

            def log_message(self, *_):
                pass

        self._listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._listener.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._listener.server_port}"
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()

    def __setattr__(self, name, value):
        # Not in the middle of `take`, which would undo it.
        with self.__dict__.get("_lock", contextlib.nullcontext()):
            super().__setattr__(name, value)

    def take(self, what):
        """Whether one of those that were ordered is still to come."""
        with self._lock:
            left = getattr(self, what)
            self.__dict__[what] = max(0, left - 1)
            return left > 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown()
        self._listener.server_close()
