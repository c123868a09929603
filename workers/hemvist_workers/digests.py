"""The weekly mail: each week at most once to each person, whatever dies on the way.

A row is claimed, the receiver is told to the server, and the row says ``handed_over`` before the first
byte of the text goes. Whoever dies before that has sent nothing, and another takes over; whoever dies
after it may have sent, and nobody sends again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from hemvist import audit
from hemvist.calendar_feeds.service import LOGIN_HOLDS
from hemvist.clock import SWEDISH_TIME, now, real_now
from hemvist.db import Audience
from hemvist.digests.contents import count, week_of, worded
from hemvist.digests.models import DigestMail, DigestSubscription
from hemvist.digests.service import address_of
from hemvist.identity import Actor
from hemvist.identity.models import Principal
from hemvist.identity.principals import actor_for, memberships_of
from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant, TenantSession, tenant_session
from hemvist_workers.mailing import NotNow, Postbox, Refused, Unknown, postbox

#: Mails of one task: with a server that answers slowly still under a task's time limit.
SLICE = 20
#: From Monday at six until Wednesday: later in the week it is no help any more.
FIRST_HOUR, LAST_WEEKDAY = 6, 2
#: A claim that has been silent for so long is another's to take.
SILENT = timedelta(minutes=10)
MOST_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this process may send."""

    mail_id: UUID
    claim: UUID
    to: str
    subject: str
    text: str
    week: str


def send_digests(tenant_id: UUID, at: datetime | None = None) -> int:
    """Send this week's mail to whoever has asked for it and not had it; returns how many were tried.

    At most ``SLICE`` at a time. Does nothing without a mail server, and outside the days for it.
    """
    settings = get_settings()
    instant = at or now()
    local = instant.astimezone(SWEDISH_TIME)
    early = local.weekday() == 0 and local.hour < FIRST_HOUR
    if settings.smtp_host is None or local.weekday() > LAST_WEEKDAY or early:
        return 0
    waiting = _waiting(tenant_id, week_of(local.date()), instant)
    if not waiting:
        return 0
    tried, until = 0, time.monotonic() + settings.task_time_limit / 2
    try:
        with postbox(settings) as box:
            for principal_id in waiting:
                if time.monotonic() > until:
                    break
                claimed = _claim(tenant_id, principal_id, instant)
                if claimed is not None:
                    tried += 1
                    _send(tenant_id, box, claimed, instant)
    except NotNow:
        # Nothing of what is left was sent: the next time will do.
        return tried
    return tried


def _waiting(tenant_id: UUID, week: str, at: datetime) -> list[UUID]:
    mail = exists().where(
        DigestMail.tenant_id == DigestSubscription.tenant_id,
        DigestMail.principal_id == DigestSubscription.principal_id,
        DigestMail.week == week,
        or_(DigestMail.state != "claimed", DigestMail.claimed_at > at - SILENT),
    )
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return list(
            session.scalars(
                select(DigestSubscription.principal_id)
                .join(
                    Principal,
                    (Principal.tenant_id == DigestSubscription.tenant_id)
                    & (Principal.id == DigestSubscription.principal_id),
                )
                .where(
                    DigestSubscription.state == "on",
                    Principal.status == "active",
                    # Who has left must not go on being told.
                    Principal.memberships_refreshed_at > real_now() - LOGIN_HOLDS,
                    ~mail,
                )
                .order_by(DigestSubscription.id)
                .limit(SLICE)
            )
        )


def _claim(tenant_id: UUID, principal_id: UUID, at: datetime) -> Claimed | None:
    """Make the week's mail this process's to send, and write it; None when another has it."""
    day = at.astimezone(SWEDISH_TIME).date()
    week, claim = week_of(day), new_id()
    with tenant_session(Audience.WORKER, tenant_id) as session:
        row = session.execute(
            insert(DigestMail)
            .values(
                tenant_id=tenant_id,
                id=new_id(),
                principal_id=principal_id,
                week=week,
                state="claimed",
                claim=claim,
                claimed_at=at,
                attempts=1,
            )
            .on_conflict_do_update(
                index_elements=["tenant_id", "principal_id", "week"],
                set_={"claim": claim, "claimed_at": at, "attempts": DigestMail.attempts + 1},
                where=(DigestMail.state == "claimed") & (DigestMail.claimed_at <= at - SILENT),
            )
            .returning(DigestMail.id)
        ).first()
        if row is None:
            return None
        wish = session.scalar(
            select(DigestSubscription).where(
                DigestSubscription.principal_id == principal_id, DigestSubscription.state == "on"
            )
        )
        principal = session.get(Principal, (tenant_id, principal_id))
        if wish is None or principal is None:
            return None
        actor = actor_for(principal, memberships_of(session, principal_id), "digest")
        slug = session.scalar(select(Tenant.slug).where(Tenant.id == tenant_id))
        place = f"{get_settings().base_url.rstrip('/')}/{slug}"
        subject, text = worded(count(session, actor, day), week, wish.language, place)
        return Claimed(row.id, claim, address_of(wish), subject, text, week)


def _send(tenant_id: UUID, box: Postbox, mail: Claimed, at: datetime) -> None:
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
        row = session.get(DigestMail, (tenant_id, mail.mail_id))
        tired = row is not None and row.attempts >= MOST_ATTEMPTS
    changes: dict[str, Any] = {"code": code}
    if tired:
        changes["state"] = "refused"
    _become(tenant_id, mail, "claimed", changes)


def _become(tenant_id: UUID, mail: Claimed, before: str, values: Mapping[str, Any]) -> bool:
    """Change the row if it is still ours and in state ``before``; whether it was."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        changed = session.execute(
            update(DigestMail)
            .where(
                DigestMail.tenant_id == tenant_id,
                DigestMail.id == mail.mail_id,
                DigestMail.claim == mail.claim,
                DigestMail.state == before,
            )
            .values(**values)
            .returning(DigestMail.id)
        ).first()
        if changed is not None and values.get("state") == "sent":
            _log(session, mail)
        return changed is not None


def _log(session: TenantSession, mail: Claimed) -> None:
    audit.record(
        session,
        Actor.system(session.tenant_id),
        "digest.send",
        subject_type="digest_mail",
        subject_id=mail.mail_id,
    )


def _message(mail: Claimed, sender: str, at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    # The same whoever sends it: a server that sees it twice can tell.
    message["Message-ID"] = f"<{mail.mail_id.hex}.{mail.week}@hemvist>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
