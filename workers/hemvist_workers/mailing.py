"""Handing a mail to the mail server, in the two steps that tell "not sent" from "may have been sent"."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from types import TracebackType

from hemvist.settings import Settings

#: Seconds that the server may be silent. Well under a task's time limit.
PATIENCE = 20.0


class NotNow(Exception):
    """The server does not take mail now; nothing was sent. ``code`` is what it said, if anything."""

    def __init__(self, code: str | None = None) -> None:
        super().__init__(code or "no answer")
        self.code = code


class Refused(Exception):
    """The server will never take this mail; nothing was sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unknown(Exception):
    """The connection broke when the text was on its way: it may have been taken."""


def _refusal(code: int) -> NotNow | Refused:
    return Refused(str(code)) if 500 <= code < 600 else NotNow(str(code))


@dataclass(slots=True)
class Postbox:
    """An open connection to the mail server."""

    server: smtplib.SMTP
    sender: str

    def address(self, to: str) -> None:
        """Say whom the next mail is for. Raises ``NotNow`` or ``Refused``: nothing was sent."""
        try:
            for reply in (self.server.mail(self.sender), self.server.rcpt(to)):
                code = reply[0]
                if not 200 <= code < 300:
                    with suppress(smtplib.SMTPException, OSError):
                        self.server.rset()
                    raise _refusal(code)
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow from error

    def let_be(self) -> None:
        """Take back whom the next mail is for."""
        with suppress(smtplib.SMTPException, OSError):
            self.server.rset()

    def hand_over(self, message: EmailMessage) -> str:
        """Send the text; the server's code. Raises ``NotNow``, ``Refused``, ``Unknown``."""
        try:
            code, _ = self.server.data(message.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            # It refused the command, before any of the text.
            raise _refusal(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unknown from error
        if not 200 <= code < 300:
            raise _refusal(code)
        return str(code)

    def __enter__(self) -> Postbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self.server.quit()
        self.server.close()


@contextmanager
def postbox(settings: Settings) -> Iterator[Postbox]:
    """A connection to the server of the settings. Raises ``NotNow`` when there is none to be had."""
    assert settings.smtp_host is not None and settings.mail_from is not None
    try:
        server = _connected(settings, settings.smtp_host)
    except (smtplib.SMTPException, OSError) as error:
        raise NotNow from error
    with Postbox(server, settings.mail_from) as box:
        yield box


def _connected(settings: Settings, host: str) -> smtplib.SMTP:
    context = ssl.create_default_context(
        cafile=str(settings.smtp_ca_file) if settings.smtp_ca_file else None
    )
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(host, settings.smtp_port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, settings.smtp_port, timeout=PATIENCE)
    try:
        if settings.smtp_security == "starttls":
            # Raises where the server does not offer it: nothing goes out in the clear.
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if settings.smtp_user is not None and settings.smtp_password is not None:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server
