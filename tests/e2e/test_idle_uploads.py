"""An upload that stalls is given up after about 20 s: the one test that has to wait for time itself."""

from conftest import seeded_server
from harness.callers import OWNER_ROOT
from harness.expect import answered
from harness.sigv4 import Request, sign
from harness.wire import Connection, host_of


def test_an_upload_that_stalls_is_given_up(tmp_path):
    with seeded_server(tmp_path) as server:
        server.client(OWNER_ROOT).create_bucket(Bucket="stalled")
        request = Request("PUT", "/stalled/k")
        sign(request, OWNER_ROOT, host_of(server), payload="UNSIGNED-PAYLOAD")
        request.headers.append(("Content-Length", "10"))
        with Connection(server, seconds=60) as connection:
            connection.send(request.to_bytes() + b"01234")
            answered(
                connection.answer(),
                400, "RequestTimeout",
                "Your socket connection to the server was not read from or written to within the timeout period. "
                "Idle connections will be closed.",
            )  # fmt: skip
            assert connection.is_closed_by_server()
        assert server.client(OWNER_ROOT).list_objects_v2(Bucket="stalled")["KeyCount"] == 0
