"""A register of one's own over HTTP: answers from a file with Navet's term codes.

For a kommun that gets deliveries of files, and for trying things out: it is asked as any other
service is, and knows nobody but whom the file names. Nothing that it is asked is ever logged.
"""

from __future__ import annotations

import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from hemvist.clock import today
from hemvist.registers import FileRegister, NoAnswer, navet
from hemvist.registers.remote import PATH

#: Numbers in one question; and the bytes that they take.
MOST = 5_000
_MAX_BODY = 200_000


class RegisterServer(ThreadingHTTPServer):
    """Listens on ``port`` of ``host`` (0: a free one), for those who hold ``token``."""

    daemon_threads = True

    def __init__(self, file: Path, token: str, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if not token:
            raise ValueError("a register without a token would answer anybody")
        self.register = FileRegister(file, "file")
        self.token = token
        super().__init__((host, port), _Handler)

    @property
    def address(self) -> str:
        """Where it is asked."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: RegisterServer
    server_version = "HemvistRegister"
    sys_version = ""
    #: Who is silent for so many seconds is not listened to any longer.
    timeout = 10

    def do_POST(self) -> None:
        """One question: numbers, answered with the posts of those who are in the file."""
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            return self._say(401, "")
        if self.path != PATH:
            return self._say(404, "")
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MAX_BODY:
            return self._say(413, "")
        try:
            numbers = json.loads(self.rfile.read(int(length)))["numbers"]
        except (ValueError, KeyError, TypeError):
            return self._say(400, "")
        if not isinstance(numbers, list) or len(numbers) > MOST:
            return self._say(400, "")
        try:
            found = self.server.register.look_up([one for one in numbers if isinstance(one, str)])
        except NoAnswer:
            return self._say(503, "")
        # The day of the oldest answer: none is told to be newer than it is.
        day = min((answer.on for answer in found.values()), default=today())
        levels = {number: answer.level for number, answer in found.items()}
        return self._say(200, navet.written(levels, day))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a question is about somebody."""

    def _say(self, status: int, text: str) -> None:
        body = text.encode("latin-1")
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=iso-8859-1")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
