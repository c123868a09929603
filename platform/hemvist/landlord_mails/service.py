"""Choosing which mails one wants, and putting in what somebody is to be mailed of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hemvist import audit
from hemvist.clock import now
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.landlord_mails.contents import AT_ONCE
from hemvist.landlord_mails.models import LANGUAGES, LandlordMailItem, LandlordMailWish
from hemvist.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is mailed of."""

    at_once: bool = True
    daily: bool = True
    language: str = "sv"
    version: int = 0


def wish_of(session: TenantSession, principal_id: UUID) -> Wish:
    """What the person has chosen, or what holds for who has chosen nothing (version 0)."""
    row = _row(session, principal_id)
    if row is None:
        return Wish()
    return Wish(row.at_once, row.daily, row.language, row.version)


def choose(
    session: TenantSession,
    actor: Actor,
    *,
    at_once: bool,
    daily: bool,
    language: str,
    expected_version: int,
) -> LandlordMailWish:
    """The actor wants these mails and no others, from now on. ``expected_version`` 0 is: none chosen yet.

    Raises ``ValidationFailed`` for another language than Swedish and English, ``Conflict``.
    """
    if language not in LANGUAGES:
        raise ValidationFailed.one(
            "language", "unknown_choice", "sv or en", allowed=list(LANGUAGES)
        )
    assert actor.principal_id is not None
    row = _row(session, actor.principal_id)
    if row is None:
        if expected_version != 0:
            raise Conflict("stale_version", "nothing was chosen", expected=expected_version)
        row = session.save(
            LandlordMailWish(
                principal_id=actor.principal_id,
                at_once=at_once,
                daily=daily,
                language=language,
                changed_at=now(),
            )
        )
    else:
        session.change(row, expected_version)
        row.at_once, row.daily, row.language = at_once, daily, language
        row.changed_at = now()
        session.flush()
    audit.record(
        session,
        actor,
        "landlord_mail.choose",
        subject_type="landlord_mail_wish",
        subject_id=row.id,
    )
    return row


def put_in(
    session: TenantSession,
    principal_id: UUID,
    *,
    landlord_id: UUID,
    kommun_id: UUID | None,
    event_id: UUID,
    type_: str,
    at: datetime,
) -> None:
    """The person is to be mailed of the event, unless they do not want to; once, however often called."""
    wish = wish_of(session, principal_id)
    at_once = type_ in AT_ONCE and wish.at_once
    if not (at_once or wish.daily):
        return
    session.execute(
        insert(LandlordMailItem)
        .values(
            tenant_id=session.tenant_id,
            id=new_id(),
            principal_id=principal_id,
            landlord_id=landlord_id,
            kommun_id=kommun_id,
            event_id=event_id,
            type=type_,
            at_once=at_once,
            made_at=at,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "principal_id", "event_id"])
    )


def _row(session: TenantSession, principal_id: UUID) -> LandlordMailWish | None:
    return session.scalar(
        select(LandlordMailWish).where(LandlordMailWish.principal_id == principal_id)
    )
