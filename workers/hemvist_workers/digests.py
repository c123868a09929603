"""The weekly mail: each week at most once to each person, whatever dies on the way.

How one mail goes out, and only once, is told in ``hemvist_workers.posting``.
"""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from hemvist.calendar_feeds.service import LOGIN_HOLDS
from hemvist.clock import SWEDISH_TIME, now, real_now
from hemvist.db import Audience
from hemvist.digests.contents import count, week_of, worded
from hemvist.digests.models import DigestMail, DigestSubscription
from hemvist.digests.service import address_of
from hemvist.identity.models import Principal
from hemvist.identity.principals import actor_for, memberships_of
from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant, tenant_session
from hemvist_workers.mailing import NotNow, postbox
from hemvist_workers.posting import SILENT, Claimed, send

#: Mails of one task: with a server that answers slowly still under a task's time limit.
SLICE = 20
#: From Monday at six until Wednesday: later in the week it is no help any more.
FIRST_HOUR, LAST_WEEKDAY = 6, 2


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
                    send(tenant_id, box, claimed, instant)
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
    # In the reader's name: what is closed to them is not counted.
    with tenant_session(Audience.WORKER, tenant_id, principal_id) as session:
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
        return Claimed(
            DigestMail, "digest.send", row.id, claim, address_of(wish), subject, text, week
        )
