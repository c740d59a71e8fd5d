"""Azurite, the emulator of Azure Blob Storage, where it is installed: `tests/install` does so where there is npm."""

import base64
import email.utils
import hashlib
import hmac
import http.client
import os
import subprocess
import time
import urllib.parse

from .server import START_SECONDS, _Lines, environment

# The account that every Azurite has. Source: Microsoft, "Use the Azurite emulator for local Azure Storage development".
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
IS_INSTALLED = bool(os.environ.get("TEST_AZURITE"))


class Azurite:
    """Keeps what it has in a folder; it comes back where it was."""

    def __init__(self, folder):
        self._folder = folder
        self._port = 0
        self._process = None

    def start(self):
        command = ["--blobHost", "127.0.0.1", "--blobPort", str(self._port), "--location", str(self._folder)]
        self._process = subprocess.Popen(
            [os.environ["TEST_AZURITE"], *command, "--disableTelemetry"],
            env=environment(self._folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = _Lines(self._process.stdout, r"Azurite Blob service successfully listens on http://127.0.0.1:(\d+)")
        assert lines.settled.wait(START_SECONDS) and lines.match, lines.text
        self.host, self._port = "127.0.0.1", int(lines.match[1])
        self.port = self._port
        self.endpoint = f"http://127.0.0.1:{self._port}/{ACCOUNT}"

    def stop(self):
        """With time to write down what it has: it is an emulator."""
        self._process.terminate()
        self._process.wait(START_SECONDS)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(START_SECONDS)

    def create(self, container):
        status, answer = self.ask("PUT", f"/{container}", ("restype", "container"))
        assert status == 201, answer

    def blobs(self, container, prefix):
        """The text of a listing of what is there."""
        query = [("comp", "list"), ("prefix", prefix), ("restype", "container")]
        status, answer = self.ask("GET", f"/{container}", *query)
        assert status == 200, answer
        return answer.decode()

    def remove(self, path):
        status, answer = self.ask("DELETE", path)
        assert status == 202, answer

    def shared_access_signature(self):
        """Of the account, for an hour and all of its blobs. Source: Azure, "Create an account SAS"."""
        ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        version, services, kinds, permissions = "2019-12-12", "b", "sco", "rwdlac"
        text = "\n".join([ACCOUNT, permissions, services, kinds, "", ends, "", "", version, ""])
        query = {"sv": version, "ss": services, "srt": kinds, "sp": permissions, "se": ends, "sig": self._sign(text)}
        return urllib.parse.urlencode(query)

    @staticmethod
    def _sign(text):
        return base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()).decode()

    def ask(self, method, path, *query):
        """A request without a body, signed. Source: Azure, "Authorize with Shared Key"."""
        own = {"x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
        headers = "".join(f"{name}:{value}\n" for name, value in sorted(own.items()))
        resource = f"/{ACCOUNT}/{ACCOUNT}{path}" + "".join(f"\n{name}:{value}" for name, value in sorted(query))
        text = method + "\n" * 12 + headers + resource
        signature = self._sign(text)
        target = f"/{ACCOUNT}{path}?" + "&".join(f"{name}={value}" for name, value in query)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request(method, target, headers={**own, "Authorization": f"SharedKey {ACCOUNT}:{signature}"})
        answer = connection.getresponse()
        return answer.status, answer.read()
