"""A mail server as a process of its own: takes mail with TLS, keeps it in files, and can misbehave.

``python hemvist_smtp.py FOLDER`` listens on a free port and writes it to ``FOLDER/port``. What it is to do
wrong stands in ``FOLDER/behaviour`` (JSON), read anew for each mail.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import ipaddress
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any


def _certificate(folder: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(day - dt.timedelta(days=1))
        .not_valid_after(day + dt.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class _Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    async def serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        (self.folder / "port.new").write_text(str(server.sockets[0].getsockname()[1]))
        (self.folder / "port.new").rename(self.folder / "port")
        await server.serve_forever()

    def _behaviour(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "behaviour").read_text())
        return found

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._session(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        secure, to = False, ""
        await say("220 mail.test")
        while line := await reader.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            wrong = self._behaviour()
            match verb.upper():
                case "EHLO":
                    offer = [] if secure or wrong.get("no_tls") else ["STARTTLS"]
                    for one in ["mail.test", *offer]:
                        await say(f"250-{one}")
                    await say("250 8BITMIME")
                case "STARTTLS":
                    await say("220 go ahead")
                    await writer.start_tls(self.context)
                    secure = True
                case "MAIL" if not secure:
                    await say("530 say STARTTLS first")
                case "MAIL" | "RSET" | "NOOP":
                    await say("250 ok")
                case "RCPT":
                    to = rest
                    (self.folder / "asked").write_text(to)
                    await asyncio.sleep(wrong.get("hold_rcpt", 0))
                    await say(wrong.get("rcpt", {}).get(to, "250 ok"))
                case "DATA" if "data" in wrong:
                    await say(wrong["data"])
                case "DATA":
                    await say("354 go ahead")
                    body = await reader.readuntil(b"\r\n.\r\n")
                    if "after_text" not in wrong:
                        self._keep(to, body[:-5])
                    await asyncio.sleep(wrong.get("hold_text", 0))
                    await say(wrong.get("after_text", "250 taken"))
                case "QUIT":
                    await say("221 bye")
                    return
                case _:
                    await say("502 no")

    def _keep(self, to: str, body: bytes) -> None:
        self.count += 1
        name = self.folder / f"mail-{self.count:04d}"
        name.with_suffix(".new").write_bytes(f"X-To: {to}\r\n".encode() + body)
        name.with_suffix(".new").rename(name.with_suffix(".eml"))


class MailServer:
    """The running server: where it is, what it has taken, what it is to do wrong."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a process that sends through it."""
        return {
            "HEMVIST_SMTP_HOST": "127.0.0.1",
            "HEMVIST_SMTP_PORT": str(self.port),
            "HEMVIST_SMTP_CA_FILE": str(self.folder / "cert.pem"),
            "HEMVIST_MAIL_FROM": "hemvist@kommun.test",
        }

    def behave(self, **wrong: Any) -> None:
        """From the next command on; nothing means as it should."""
        new = self.folder / "behaviour.new"
        new.write_text(json.dumps(wrong))
        new.rename(self.folder / "behaviour")

    def mails(self) -> list[Message]:
        """Every mail that it took, the earliest first."""
        files = sorted(self.folder.glob("mail-*.eml"))
        return [email.message_from_bytes(file.read_bytes()) for file in files]

    def asked(self) -> bool:
        """Whether somebody has named a receiver."""
        return (self.folder / "asked").exists()


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """A mail server that keeps its things in ``folder``, ended with the block."""
    _certificate(folder)
    (folder / "behaviour").write_text("{}")
    process = subprocess.Popen([sys.executable, __file__, str(folder)])
    try:
        deadline = time.monotonic() + 30
        while not (folder / "port").exists():
            assert process.poll() is None and time.monotonic() < deadline, "no mail server"
            time.sleep(0.02)
        yield MailServer(folder, int((folder / "port").read_text()))
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_Server(Path(sys.argv[1])).serve())
