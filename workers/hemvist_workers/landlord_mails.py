"""Mails to landlords' people: at once for new offers, else one a day; how one goes out is in ``posting``.

Items wait until a mail takes them with it. A mail and its items are made in one transaction, so who
dies before it has been handed over leaves it to the next, with the same items.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, false, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import SWEDISH_TIME, real_now
from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.landlord_mails.contents import worded
from hemvist.landlord_mails.models import LandlordMail, LandlordMailItem
from hemvist.landlord_mails.recipients import address_for
from hemvist.landlord_mails.service import wish_of
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant, TenantSession, tenant_session
from hemvist.tenancy.platform import PLATFORM_SLUG, PLATFORM_TENANT
from hemvist_workers.mailing import NotNow, postbox
from hemvist_workers.posting import SILENT, Claimed, send
from hemvist_workers.telling import CLOSED, door_open, landlords_session

#: Mails of one task: with a server that answers slowly still under a task's time limit.
SLICE = 20
#: The day's mail goes from seven in the morning on, Swedish time.
FIRST_HOUR = 7
#: Offers made one after another go in one mail: the next one at once goes so long after the last.
PAUSE = timedelta(minutes=15)
#: How long mails and what they told of are kept.
KEPT = timedelta(days=60)


def send_landlord_mails(at: datetime | None = None) -> int:
    """Send what landlords' people are to be mailed of; how many mails were tried.

    At most ``SLICE`` at a time. Does nothing without a mail server.
    """
    settings, instant = get_settings(), at or real_now()
    if settings.smtp_host is None:
        return 0
    waiting = _waiting(instant)
    if not waiting:
        return 0
    tried, until = 0, time.monotonic() + settings.task_time_limit / 2
    try:
        with postbox(settings) as box:
            for principal_id in waiting:
                if time.monotonic() > until:
                    break
                claimed = _claim(principal_id, instant)
                if claimed is not None:
                    tried += 1
                    send(PLATFORM_TENANT, box, claimed, instant)
    except NotNow:
        # Nothing of what is left was sent: the next time will do.
        return tried
    return tried


def prune(at: datetime) -> int:
    """Remove mails older than ``KEPT`` with what they told of; how many mails."""
    old = at - KEPT
    with landlords_session() as session:
        session.execute(
            delete(LandlordMailItem).where(
                LandlordMailItem.tenant_id == PLATFORM_TENANT, LandlordMailItem.made_at < old
            )
        )
        left = exists().where(
            LandlordMailItem.tenant_id == LandlordMail.tenant_id,
            LandlordMailItem.mail_id == LandlordMail.id,
        )
        result = session.execute(
            delete(LandlordMail).where(
                LandlordMail.tenant_id == PLATFORM_TENANT, LandlordMail.made_at < old, ~left
            )
        )
    assert isinstance(result, CursorResult)
    return result.rowcount


def _waiting(at: datetime) -> Sequence[UUID]:
    """Who is to have a mail now: somebody's was left lying, an offer is new, or it is the day's time."""
    item, mail = LandlordMailItem, LandlordMail
    with landlords_session() as session:
        left = session.scalars(
            select(mail.principal_id).where(mail.state == "claimed", mail.claimed_at <= at - SILENT)
        ).all()
        due = session.scalars(
            select(item.principal_id)
            .where(item.mail_id.is_(None), or_(*_due(at)))
            .group_by(item.principal_id)
            .order_by(item.principal_id)
            .limit(SLICE)
        ).all()
    return list(dict.fromkeys([*left, *due]))[:SLICE]


def _due(at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which items are due: those at once, after a pause; all, once a day."""
    item = LandlordMailItem

    def mailed(kind: str, since: datetime) -> ColumnElement[bool]:
        return exists().where(
            LandlordMail.tenant_id == item.tenant_id,
            LandlordMail.principal_id == item.principal_id,
            LandlordMail.kind == kind,
            LandlordMail.made_at > since,
        )

    local = at.astimezone(SWEDISH_TIME)
    morning = local.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    at_once = and_(item.at_once, ~mailed("at_once", at - PAUSE))
    # What came after seven waits for the next morning, and goes with it.
    before = item.made_at < morning if morning <= local else false()
    daily = and_(before, ~mailed("daily", midnight - timedelta(microseconds=1)))
    return at_once, daily


def _claim(principal_id: UUID, at: datetime) -> Claimed | None:
    """Make the person's mail this process's to send, and write it; None when there is none to be had."""
    claim = new_id()
    with landlords_session() as session:
        mail_id = _left_lying(session, principal_id, claim, at) or _begun(
            session, principal_id, claim, at
        )
        if mail_id is None:
            return None
        items = session.scalars(
            select(LandlordMailItem).where(LandlordMailItem.mail_id == mail_id)
        ).all()
        told = [one for one in items if _still_open(one)]
        to = address_for(session, principal_id, list({one.landlord_id for one in told}))
        if not told or to is None:
            # Nothing is left of it, or nobody to tell: whoever it was for has no right to it any more.
            session.execute(
                update(LandlordMail)
                .where(LandlordMail.tenant_id == PLATFORM_TENANT, LandlordMail.id == mail_id)
                .values(state="refused", code="closed")
            )
            return None
        wish = wish_of(session, principal_id)
        place = f"{get_settings().base_url.rstrip('/')}/{PLATFORM_SLUG}"
        subject, text = worded(_news(session, told), wish.language, place)
        return Claimed(
            LandlordMail, "landlord_mail.send", mail_id, claim, to, subject, text, "landlord"
        )


def _left_lying(
    session: TenantSession, principal_id: UUID, claim: UUID, at: datetime
) -> UUID | None:
    """Take over a mail that another has left lying."""
    return session.execute(
        update(LandlordMail)
        .where(
            LandlordMail.tenant_id == PLATFORM_TENANT,
            LandlordMail.principal_id == principal_id,
            LandlordMail.state == "claimed",
            LandlordMail.claimed_at <= at - SILENT,
        )
        .values(claim=claim, claimed_at=at, attempts=LandlordMail.attempts + 1)
        .returning(LandlordMail.id)
    ).scalar_one_or_none()


def _begun(session: TenantSession, principal_id: UUID, claim: UUID, at: datetime) -> UUID | None:
    """Begin a mail with all that is due for the person."""
    at_once, daily = _due(at)
    item = LandlordMailItem
    # Is it the day's mail? Then it takes everything with it.
    own = (item.principal_id == principal_id, item.mail_id.is_(None))
    whole = session.scalar(select(item.id).where(*own, daily).limit(1)) is not None
    if not whole and session.scalar(select(item.id).where(*own, at_once).limit(1)) is None:
        return None
    mail_id = session.execute(
        insert(LandlordMail)
        .values(
            tenant_id=PLATFORM_TENANT,
            id=new_id(),
            principal_id=principal_id,
            kind="daily" if whole else "at_once",
            made_at=at,
            state="claimed",
            claim=claim,
            claimed_at=at,
            attempts=1,
        )
        .on_conflict_do_nothing(
            index_elements=["tenant_id", "principal_id"],
            index_where=LandlordMail.state == "claimed",
        )
        .returning(LandlordMail.id)
    ).scalar_one_or_none()
    if mail_id is None:
        return None
    session.execute(
        update(item)
        .where(
            item.tenant_id == PLATFORM_TENANT,
            *own,
            *(() if whole else (item.at_once,)),
        )
        .values(mail_id=mail_id)
    )
    return mail_id


def _still_open(item: LandlordMailItem) -> bool:
    """Whether the kommun's door is still open: of one that has closed, only that is told."""
    if item.kommun_id is None or item.type == CLOSED:
        return True
    with tenant_session(Audience.WORKER, item.kommun_id) as session:
        return door_open(session, item.landlord_id)


def _news(
    session: TenantSession, items: Sequence[LandlordMailItem]
) -> list[tuple[str | None, str, int]]:
    names = dict(
        session.execute(
            select(Tenant.id, Tenant.name).where(Tenant.id.in_({one.kommun_id for one in items}))
        )
        .tuples()
        .all()
    )
    counted: dict[tuple[str | None, str], int] = {}
    for one in items:
        key = (None if one.kommun_id is None else names[one.kommun_id], one.type)
        counted[key] = counted.get(key, 0) + 1
    return [(place, type_, number) for (place, type_), number in counted.items()]
