"""An OpenID Connect provider on this machine: a discovery document, a key set, and tokens."""

import base64
import hashlib
import http.server
import json
import ssl
import threading
import time

# A key for these tests alone: RSA, 2048 bits.
EXPONENT = 65537
MODULUS = int(
    "bc9ca218b7923b1b2b17900b9a6e2e50a864dbb9fff78205e76dcb7b6de185edda2334094532f79e01afc51de391504c"
    "5b90a3bf3acaeedc9ba3437b2259ac0751b9a5ceff6e16e2040997435df550f6f2bd16154bec00488deb44d2e98e5d02"
    "33453e64e4528a4661e82e6eccc7c2d9be18ce49f7408abf91e40fd6e0dc26dbf2ca68d5035fb23019621d082a50db5f"
    "7ae265becf604739242d3c360c07fb88488868edcb5769d9264dbbc34b7a57c7ead3ffd41ae5292392f5f79f9708e40a"
    "01bad82e71567f998d021d8bb9ee5c7641b880d1311365ecbf540d9bffd7165b9ef957744dd5cb719a4b29fa9b8b1030"
    "abd3b3ce454423a37c56c4654fe59e5f",
    16,
)
PRIVATE_EXPONENT = int(
    "1cfe0ec4b1e31e86cc96f0a377f79bd2f62f9abefaa3b72ee526317325aed7017ad892752257f54c2a823450a5dc7e75"
    "5e55db75d7b9be01d742bf6abc1b00a097656c21678e2aa24f7091f9df05888e8d3d97996a743a8eec91cfa0841a481d"
    "c077d2617bdf5c35f972d14062e60a03a27ef9a6d104f0cf05c402d34af94c579b067521ded63a079ab790e43e5cab4a"
    "6436f71e602e996cf9a84790dba4d380d6da8242e0051a257ca746055944877ec1540bdc73aa0bf22fc3a99d2fa85f99"
    "5d74f71cdd386166bcdd353e8ee6b240817fd54c88217e7288568c62116f55cef9fe788c4e992dc43b12f3ef8fae1348"
    "ba7ebd34aa262653999edf9c8c1a3561",
    16,
)
# DigestInfo of SHA-256. Source: RFC 8017, 9.2.
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def as_bytes(number):
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def rs256(message):
    """RSASSA-PKCS1-v1_5 with SHA-256."""
    length = len(as_bytes(MODULUS))
    digest = DIGEST_INFO + hashlib.sha256(message).digest()
    padded = b"\x00\x01" + b"\xff" * (length - 3 - len(digest)) + b"\x00" + digest
    return pow(int.from_bytes(padded, "big"), PRIVATE_EXPONENT, MODULUS).to_bytes(length, "big")


class IdentityProvider:
    """Serves its documents until it is closed; counts how often its keys were asked for."""

    def __init__(self, path="/realms/test", certificate=None, host="127.0.0.1"):
        """Over TLS if it has a certificate: a file with key and chain."""
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # A handshake that fails is the test's matter, not one to print.
        self._server.handle_error = lambda *_: None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # The handshake takes place in the thread of its connection.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.name = f"{host}:{self._server.server_port}{path}"
        self.issuer = f"{'https' if certificate else 'http'}://{self.name}"
        self.key_id = "first"
        self.key_requests = 0
        self.keys_at = None
        self.is_broken = False
        # What it answers instead, and the paths it was asked for.
        self.instead = None
        self.requests = []
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler):
        path = self.issuer.split("://")[0] + "://" + self.name.split("/")[0] + handler.path
        self.requests.append(handler.path)
        if self.instead:
            return self.instead(handler)
        if self.is_broken:
            return handler.send_error(500)
        if path == self.issuer + "/.well-known/openid-configuration":
            document = {"issuer": self.issuer, "jwks_uri": self.keys_at or self.issuer + "/keys"}
        elif path == self.issuer + "/keys":
            self.key_requests += 1
            key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id}
            key |= {"n": encoded(as_bytes(MODULUS)), "e": encoded(as_bytes(EXPONENT))}
            document = {"keys": [key]}
        else:
            return handler.send_error(404)
        body = json.dumps(document).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def token(self, *, header=None, **claims):
        """A token for `app` about `alice`, unless the claims say otherwise."""
        now = int(time.time())
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key_id} | (header or {})
        claims = {"iss": self.issuer, "sub": "alice", "aud": "app", "iat": now, "exp": now + 300} | claims
        parts = [encoded(json.dumps(part).encode()) for part in (header, claims)]
        message = ".".join(parts)
        return f"{message}.{encoded(rs256(message.encode()))}"
