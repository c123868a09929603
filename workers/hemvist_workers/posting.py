"""One mail, at most once, whatever dies on the way; for every kind of mail that the platform sends.

A row is claimed, the receiver is told to the server, and the row says ``handed_over`` before the first
byte of the text goes. Whoever dies before that has sent nothing, and another takes over; whoever dies
after it may have sent, and nobody sends again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from hemvist import audit
from hemvist.clock import now
from hemvist.db import Audience
from hemvist.digests.models import DigestMail
from hemvist.identity import Actor
from hemvist.landlord_mails.models import LandlordMail
from hemvist.tenancy import tenant_session
from hemvist_workers.mailing import NotNow, Postbox, Refused, Unknown

#: A claim that has been silent for so long is another's to take.
SILENT = timedelta(minutes=10)
MOST_ATTEMPTS = 8
#: Tables whose rows are mails: each has a state, a claim, attempts, the server's code and when it went.
MailTable = type[DigestMail] | type[LandlordMail]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this process may send. ``kept_in`` has its row, ``action`` is the log's word for it."""

    kept_in: MailTable
    action: str
    mail_id: UUID
    claim: UUID
    to: str
    subject: str
    text: str
    #: What tells the mail from others of its row's kind, for its Message-ID.
    mark: str


def send(tenant_id: UUID, box: Postbox, mail: Claimed, at: datetime) -> None:
    """Send the mail and keep what became of it. Raises ``NotNow`` when the server takes none now."""
    try:
        box.address(mail.to)
    except Refused as refused:
        _become(tenant_id, mail, "claimed", {"state": "refused", "code": refused.code})
        return
    except NotNow as not_now:
        # The claim stays, and is another's when it has been silent for long enough.
        _let_go(tenant_id, mail, not_now.code)
        raise
    if not _become(tenant_id, mail, "claimed", {"state": "handed_over"}):
        # We were away for so long that somebody else took over.
        box.let_be()
        return
    try:
        code = box.hand_over(_message(mail, box.sender, at))
    except Refused as refused:
        _become(tenant_id, mail, "handed_over", {"state": "refused", "code": refused.code})
    except NotNow as not_now:
        # It said that it has not taken it: the one way back.
        _become(tenant_id, mail, "handed_over", {"state": "claimed", "code": not_now.code})
        raise
    except Unknown as unknown:
        # Left as it is: it may have gone, so it goes no more.
        raise NotNow from unknown
    else:
        sent = {"state": "sent", "code": code, "sent_at": now()}
        _become(tenant_id, mail, "handed_over", sent)


def _let_go(tenant_id: UUID, mail: Claimed, code: str | None) -> None:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        row: Any = session.get(mail.kept_in, (tenant_id, mail.mail_id))
        tired = row is not None and row.attempts >= MOST_ATTEMPTS
    changes: dict[str, Any] = {"code": code}
    if tired:
        changes["state"] = "refused"
    _become(tenant_id, mail, "claimed", changes)


def _become(tenant_id: UUID, mail: Claimed, before: str, values: Mapping[str, Any]) -> bool:
    """Change the row if it is still ours and in state ``before``; whether it was."""
    table = mail.kept_in
    with tenant_session(Audience.WORKER, tenant_id) as session:
        changed = session.execute(
            update(table)
            .where(
                table.tenant_id == tenant_id,
                table.id == mail.mail_id,
                table.claim == mail.claim,
                table.state == before,
            )
            .values(**values)
            .returning(table.id)
        ).first()
        if changed is not None and values.get("state") == "sent":
            audit.record(
                session,
                Actor.system(session.tenant_id),
                mail.action,
                subject_type=table.__tablename__.removesuffix("s"),
                subject_id=mail.mail_id,
            )
        return changed is not None


def _message(mail: Claimed, sender: str, at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    # The same whoever sends it: a server that sees it twice can tell.
    message["Message-ID"] = f"<{mail.mail_id.hex}.{mail.mark}@hemvist>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
