"""A network that a test can really cut: a proxy between a browser and the platform."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: What is said of one connection only.
_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length"}


class Network(ThreadingHTTPServer):
    """Passes requests on while it is whole.

    ``cut`` lets nothing through; ``deaf`` lets requests through and drops what is answered, as when the
    connection breaks after the platform has done its work.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.cut = False
        self.deaf = False
        #: Addresses of the forms that came through to the platform.
        self.sent: list[str] = []

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news here."""


class _Passing(BaseHTTPRequestHandler):
    server: Network
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""

    def do_GET(self) -> None:
        """Pass on."""
        self._pass_on()

    do_POST = do_GET

    def _pass_on(self) -> None:
        if self.server.cut:
            self.connection.close()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        inner = http.client.HTTPConnection(target.hostname or "", target.port or 80, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        where = target.path + (f"?{target.query}" if target.query else "")
        with closing(inner):
            inner.request(self.command, where, body or None, headers)
            answer = inner.getresponse()
            content = answer.read()
        if self.command == "POST":
            self.server.sent.append(target.path)
            if self.server.deaf:
                self.connection.close()
                return
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in (*_HOP, "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def network() -> Iterator[Network]:
    """A whole network, until the test cuts it."""
    made = Network()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join()
