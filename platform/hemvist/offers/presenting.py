"""A landlord chooses (hyresvärden väljer): households presented without names, then one offer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.errors import Conflict, NotFound, PolicyRefused, ValidationFailed
from hemvist.households.protection import hold_still, size_outside
from hemvist.identity import Action, Actor, require
from hemvist.landlord_events import tell_landlord
from hemvist.offers import service as offers
from hemvist.offers.matching.models import Presentation, PresentedHousehold
from hemvist.offers.models import Offer
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: Days for the landlord's choice.
ANSWER_DAYS = 7
ALIASES = "ABCDEFGHIJ"


def present(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    referral_ids: Sequence[UUID],
    on: date | None = None,
) -> Presentation:
    """Present households to the landlord of a vacant home under letters drawn for this time.

    The landlord learns a letter and how many adults and children, no more. Raises ``PolicyRefused``
    where the guideline gives the landlord no choice, ``Conflict`` when the home is taken or already
    presented, ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    # Whose referrals they are comes first: to others there are none.
    matters: list[tuple[Referral, Case]] = [
        open_matter(session, actor, Referral, one, Action.OFFER_MAKE) for one in referral_ids
    ]
    require(actor, Action.UNIT_READ)
    day = effective_day(on)
    if len(set(referral_ids)) < 2 or len(set(referral_ids)) != len(referral_ids):
        raise ValidationFailed.one("referralIds", "count", "two or more, each once", min=2)
    for referral, case in matters:
        _require_choice(referral, case, len(matters), day)
    unit = session.find(Unit, unit_id)
    session.lock(unit)
    if unit.state != "vacant":
        raise Conflict("unit_taken", "the unit is no longer vacant", state=unit.state)
    if _open(session, unit_id) is not None:
        raise Conflict("presented_already", "households are presented for the unit already")
    row = session.save(
        Presentation(
            unit_id=unit.id,
            landlord_id=unit.landlord_id,
            state="presented",
            presented_on=day,
            presented_by=actor.principal_id,
            answer_by=day + timedelta(days=ANSWER_DAYS),
            version=1,
        )
    )
    session.flush()
    # The letter must not tell who is first in line.
    secrets.SystemRandom().shuffle(matters)
    for alias, (referral, case) in zip(ALIASES, matters, strict=False):
        hold_still(session, case.household_id)
        size = size_outside(session, case.household_id, day)
        facts = derived_facts(session, case, day)
        session.add(
            PresentedHousehold(
                presentation_id=row.id,
                case_id=case.id,
                referral_id=referral.id,
                alias=alias,
                adults=facts["adults"],
                children=facts["children_under_18"],
                chosen=False,
                size_shown=size is not None,
            )
        )
        audit.record(
            session,
            actor,
            Action.OFFER_MAKE,
            case_id=case.id,
            subject_type="presentation",
            subject_id=row.id,
            details={"event": "presented_to_landlord"},
        )
    session.flush()
    tell_landlord(
        session,
        "households.presented",
        landlord_id=unit.landlord_id,
        subject_id=row.id,
        property_designation=unit.property_designation,
    )
    return row


def choose(
    session: TenantSession,
    actor: Actor,
    *,
    presentation_id: UUID,
    alias: str,
    expected_version: int,
    on: date | None = None,
) -> Offer:
    """Register whom the landlord chose; the home is offered to that household.

    Raises ``Conflict`` when it was answered before, ``ValidationFailed`` for a letter that was not
    presented, and whatever ``offers.make`` refuses.
    """
    row, picked = _answered(session, actor, presentation_id, alias)
    day = effective_day(on, not_before=row.presented_on)
    session.change(row, expected_version)
    _require_open(row)
    row.state = "chosen"
    row.answered_on = day
    picked.chosen = True
    session.flush()
    return offers.make(session, actor, referral_id=picked.referral_id, unit_id=row.unit_id, on=on)


def close(
    session: TenantSession,
    actor: Actor,
    *,
    presentation_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Presentation:
    """The landlord chose nobody, or the home is presented no more. Nothing counts against anybody."""
    row, _ = _answered(session, actor, presentation_id, None)
    day = effective_day(on, not_before=row.presented_on)
    session.change(row, expected_version)
    _require_open(row)
    row.state = "closed"
    row.answered_on = day
    session.flush()
    return row


def _answered(
    session: TenantSession, actor: Actor, presentation_id: UUID, alias: str | None
) -> tuple[Presentation, PresentedHousehold]:
    row = session.find(Presentation, presentation_id)
    shown = session.scalars(
        select(PresentedHousehold)
        .where(PresentedHousehold.presentation_id == row.id)
        .order_by(PresentedHousehold.alias)
    ).all()
    _require_sight(session, actor, shown)
    picked = next((one for one in shown if alias is None or one.alias == alias), None)
    if picked is None:
        raise ValidationFailed.one(
            "alias", "unknown_choice", "not presented", allowed=[one.alias for one in shown]
        )
    open_matter(session, actor, Referral, picked.referral_id, Action.OFFER_MAKE)
    return row, picked


def _require_sight(
    session: TenantSession, actor: Actor, shown: Sequence[PresentedHousehold]
) -> None:
    """Raise ``NotFound`` before anything is said of what was presented to somebody else's landlord."""
    if not shown:
        raise NotFound("Presentation")
    try:
        open_matter(session, actor, Referral, shown[0].referral_id, Action.OFFER_MAKE)
    except NotFound as hidden:
        raise NotFound("Presentation") from hidden


def _open(session: TenantSession, unit_id: UUID) -> UUID | None:
    return session.scalar(
        select(Presentation.id).where(
            Presentation.unit_id == unit_id, Presentation.state == "presented"
        )
    )


def _require_open(row: Presentation) -> None:
    if row.state != "presented":
        raise Conflict("presentation_answered", f"it is {row.state}", state=row.state)


def _require_choice(referral: Referral, case: Case, presented: int, day: date) -> None:
    pack = pack_of(case)
    rules = offers.rules_of(pack.programme(referral.programme))
    if rules.landlord_picks is None:
        raise PolicyRefused(
            "no_landlord_choice",
            "the guideline gives the landlord no choice",
            cite=", ".join(rules.cite),
        )
    most = pack.number(rules.landlord_picks, day)
    if presented > most:
        raise PolicyRefused(
            "presented_at_a_time",
            f"at most {most} households may be presented",
            cite=", ".join(rules.cite),
        )
    if referral.state not in IN_FORCE:
        raise PolicyRefused("referral_not_in_force", "the referral is not in force")
