"""Receives Hemvist's webhooks: checks the signature, does each event once, answers at once.

    WEBHOOK_SECRET=whsec_… python webhook_receiver.py 8080 events.sqlite

Python's standard library is all it needs. Put it behind a web server that speaks https. Replace
``handle`` by what your system does with an event; the rest can stay as it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Seconds that the sender's clock and ours may differ: an old message that somebody sends again is refused.
TOLERANCE = 300
LARGEST = 100_000


class Refused(Exception):
    """The message is not from Hemvist, or not fit to be taken."""


def verify(secret: str, headers: dict[str, str], body: bytes, now: float) -> str:
    """The message's id, if it was signed with ``secret`` lately. Raises ``Refused``."""
    try:
        message_id = headers["webhook-id"]
        timestamp = headers["webhook-timestamp"]
        signatures = headers["webhook-signature"].split()
        age = now - int(timestamp)
    except (KeyError, ValueError) as error:
        raise Refused("headers are missing") from error
    if abs(age) > TOLERANCE:
        raise Refused("too old, or from the future")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    # There are two while a new secret takes over from the one before.
    for signature in signatures:
        version, _, value = signature.partition(",")
        try:
            given = base64.b64decode(value, validate=True)
        except binascii.Error:
            continue
        if version == "v1" and hmac.compare_digest(given, expected):
            return message_id
    raise Refused("the signature does not fit")


class Inbox:
    """Which messages were handled: the same one may be sent more than once, and does nothing then."""

    def __init__(self, path: str) -> None:
        self._path = path
        with self._open() as database:
            database.execute("CREATE TABLE IF NOT EXISTS handled (id TEXT PRIMARY KEY, event TEXT)")

    def take(self, message_id: str, event: dict[str, object]) -> bool:
        """Handle the event unless it was handled; the note of it and its effect stand or fall together."""
        with self._open() as database:
            new = database.execute(
                "INSERT OR IGNORE INTO handled VALUES (?, ?)", (message_id, json.dumps(event))
            ).rowcount
            if new:
                handle(event)
        return bool(new)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)


def handle(event: dict[str, object]) -> None:
    """Your own work: look the subject up in the API (``node(id: …)``) and go on from there."""
    print(json.dumps({"type": event["type"], "subject": event.get("subject")}), flush=True)


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 when a message is taken (or was before), 400 when it is refused."""

    inbox: Inbox
    secret: str

    def do_POST(self) -> None:
        """Take one message."""
        length = int(self.headers.get("content-length") or 0)
        if not 0 < length <= LARGEST:
            self._answer(413)
            return
        body = self.rfile.read(length)
        names = {name.lower(): value for name, value in self.headers.items()}
        try:
            message_id = verify(self.secret, names, body, time.time())
        except Refused:
            self._answer(400)
            return
        self.inbox.take(message_id, json.loads(body))
        self._answer(204)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


def main() -> None:
    """Serve until stopped."""
    port, path = int(sys.argv[1]), sys.argv[2]
    Receiver.secret, Receiver.inbox = os.environ["WEBHOOK_SECRET"], Inbox(path)
    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
