"""Times for viewing a home (visning) and signing its lease: proposed by one side, agreed by the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import raise_if
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.contracts.models import Contract
from hemvist.dealings.models import PLACES, TIME_KINDS, LandlordTime
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor, require
from hemvist.landlord_events import tell_landlord
from hemvist.offers.models import Offer
from hemvist.offers.shown_models import LandlordOffer
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: How far ahead a time may lie.
MOST_DAYS = 366
MAX_NOTE = 500
KOMMUN, LANDLORD = "kommun", "landlord"
OPEN = ("proposed", "agreed")


def propose(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    kind: str,
    starts_at: datetime,
    place: str = "home",
) -> LandlordTime:
    """Propose a time to the landlord from the kommun's side; an earlier one of the kind gives way.

    No words go with it: what kind of meeting, when and where. Raises ``ValidationFailed``,
    ``Conflict`` when the offer is no longer open, ``NotFound``, ``NotAllowed``.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.LANDLORD_TIME)
    return _propose(session, actor, case, offer, KOMMUN, kind, starts_at, place, "")


def propose_as_landlord(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    offer_id: UUID,
    kind: str,
    starts_at: datetime,
    place: str = "home",
    note: str = "",
) -> LandlordTime:
    """Propose a time to the kommun from the landlord's side; ``note`` is the landlord's own words."""
    offer, case = _of_landlord(session, actor, landlord_id, offer_id)
    return _propose(session, actor, case, offer, LANDLORD, kind, starts_at, place, note)


def answer(
    session: TenantSession, actor: Actor, *, time_id: UUID, agrees: bool, expected_version: int
) -> LandlordTime:
    """Agree to the landlord's time from the kommun's side, or decline it.

    An agreed viewing is the offer's. Raises ``Conflict`` where it is the kommun's own proposal or
    answered, ``NotFound``, ``NotAllowed``.
    """
    row, case = open_matter(session, actor, LandlordTime, time_id, Action.LANDLORD_TIME)
    return _answer(session, actor, case, row, KOMMUN, agrees, expected_version)


def answer_as_landlord(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    time_id: UUID,
    agrees: bool,
    expected_version: int,
) -> LandlordTime:
    """Agree to the kommun's time from the landlord's side, or decline it."""
    row, case = _time_of_landlord(session, actor, landlord_id, time_id)
    return _answer(session, actor, case, row, LANDLORD, agrees, expected_version)


def withdraw(
    session: TenantSession, actor: Actor, *, time_id: UUID, expected_version: int
) -> LandlordTime:
    """Take a proposal of the kommun's back, or call an agreed time off."""
    row, case = open_matter(session, actor, LandlordTime, time_id, Action.LANDLORD_TIME)
    return _withdraw(session, actor, case, row, KOMMUN, expected_version)


def withdraw_as_landlord(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    time_id: UUID,
    expected_version: int,
) -> LandlordTime:
    """Take a proposal of the landlord's back, or call an agreed time off."""
    row, case = _time_of_landlord(session, actor, landlord_id, time_id)
    return _withdraw(session, actor, case, row, LANDLORD, expected_version)


def _of_landlord(
    session: TenantSession, actor: Actor, landlord_id: UUID, offer_id: UUID
) -> tuple[Offer, Case]:
    home = session.scalars(
        select(LandlordOffer).where(
            LandlordOffer.offer_id == offer_id, LandlordOffer.landlord_id == landlord_id
        )
    ).first()
    if home is None:
        raise NotFound("Offer")
    require(actor, Action.LANDLORD_ANSWER, landlord=landlord_id)
    return session.find(Offer, offer_id), session.find(Case, home.case_id)


def _time_of_landlord(
    session: TenantSession, actor: Actor, landlord_id: UUID, time_id: UUID
) -> tuple[LandlordTime, Case]:
    row = session.scalars(
        select(LandlordTime).where(
            LandlordTime.id == time_id, LandlordTime.landlord_id == landlord_id
        )
    ).first()
    if row is None:
        raise NotFound("LandlordTime")
    require(actor, Action.LANDLORD_ANSWER, landlord=landlord_id)
    return row, session.find(Case, row.case_id)


def _propose(
    session: TenantSession,
    actor: Actor,
    case: Case,
    offer: Offer,
    side: str,
    kind: str,
    starts_at: datetime,
    place: str,
    note: str,
) -> LandlordTime:
    moment = _moment(starts_at)
    raise_if(
        _choice("kind", kind, TIME_KINDS)
        + _choice("place", place, PLACES)
        + too_long("note", note, MAX_NOTE)
    )
    session.lock(offer)
    _require_open(session, offer, kind, side)
    for earlier in session.scalars(
        select(LandlordTime).where(
            LandlordTime.offer_id == offer.id,
            LandlordTime.kind == kind,
            LandlordTime.state.in_(OPEN),
        )
    ):
        _close(earlier)
    session.flush()
    unit = session.find(Unit, offer.unit_id)
    row = session.save(
        LandlordTime(
            offer_id=offer.id,
            case_id=case.id,
            landlord_id=unit.landlord_id,
            kind=kind,
            state="proposed",
            side=side,
            starts_at=moment,
            place=place,
            note=note.strip(),
            proposed_at=now(),
            proposed_by=actor.principal_id,
            answered_at=None,
            answered_by=None,
            version=1,
        )
    )
    _told(session, actor, case, row, "landlord_time_proposed", side)
    return row


def _answer(
    session: TenantSession,
    actor: Actor,
    case: Case,
    row: LandlordTime,
    side: str,
    agrees: bool,
    expected_version: int,
) -> LandlordTime:
    offer = session.find(Offer, row.offer_id)
    session.lock(offer)
    session.change(row, expected_version)
    if row.state != "proposed":
        raise Conflict("time_answered", "the time is no longer proposed", state=row.state)
    if row.side == side:
        raise Conflict("own_proposal", "the other side answers it")
    _require_open(session, offer, row.kind, side)
    if agrees and row.starts_at <= now():
        raise Conflict("time_past", "the time has passed")
    row.state = "agreed" if agrees else "declined"
    row.answered_at, row.answered_by = now(), actor.principal_id
    if agrees and row.kind == "viewing":
        offer.viewing_on = row.starts_at.astimezone(SWEDISH_TIME).date()
        offer.version += 1
    event = "landlord_time_agreed" if agrees else "landlord_time_declined"
    _told(session, actor, case, row, event, side)
    return row


def _withdraw(
    session: TenantSession,
    actor: Actor,
    case: Case,
    row: LandlordTime,
    side: str,
    expected_version: int,
) -> LandlordTime:
    offer = session.find(Offer, row.offer_id)
    session.lock(offer)
    session.change(row, expected_version)
    if row.state not in OPEN:
        raise Conflict("time_closed", "the time is no longer open", state=row.state)
    if row.state == "proposed" and row.side != side:
        raise Conflict("others_proposal", "the other side's proposal is declined instead")
    if row.state == "agreed" and row.kind == "viewing" and offer.viewing_held_on is None:
        offer.viewing_on = None
        offer.version += 1
    _close(row, counted=True)
    _told(session, actor, case, row, "landlord_time_withdrawn", side)
    return row


def _close(row: LandlordTime, *, counted: bool = False) -> None:
    row.state = "withdrawn"
    row.answered_at = row.answered_by = None
    if not counted:
        row.version += 1


def _require_open(session: TenantSession, offer: Offer, kind: str, side: str) -> None:
    """One conflict for every reason: why an offer is no longer open is not the landlord's to know."""
    wanted = ("accepted",) if kind == "signing" else ("made", "accepted")
    signed = select(Contract.id).where(Contract.offer_id == offer.id).limit(1)
    if offer.state in wanted and session.scalar(signed) is None:
        return
    if side == LANDLORD:
        raise Conflict("offer_closed", "nothing can be agreed on it now")
    raise Conflict("offer_closed", "nothing can be agreed on it now", state=offer.state)


def _moment(starts_at: datetime) -> datetime:
    if starts_at.tzinfo is None:
        raise ValidationFailed.one("startsAt", "no_time_zone", "the instant has no time zone")
    moment = starts_at.astimezone(UTC).replace(second=0, microsecond=0)
    if moment <= now():
        raise ValidationFailed.one("startsAt", "past", "must lie ahead")
    if moment > now() + timedelta(days=MOST_DAYS):
        raise ValidationFailed.one("startsAt", "too_far", "at most a year ahead")
    return moment


def _choice(field: str, value: str, allowed: tuple[str, ...]) -> list[Problem]:
    if value in allowed:
        return []
    return [Problem(field, "unknown_choice", "not one of the choices", {"allowed": list(allowed)})]


def _told(
    session: TenantSession, actor: Actor, case: Case, row: LandlordTime, event: str, side: str
) -> None:
    session.flush()
    record(
        session,
        actor,
        case,
        event,
        today(),
        action=Action.LANDLORD_TIME if side == KOMMUN else Action.LANDLORD_ANSWER,
        subject_type="offer",
        subject_id=row.offer_id,
        data={"kind": row.kind, "side": side},
    )
    if side == KOMMUN:
        offer = session.find(Offer, row.offer_id)
        tell_landlord(
            session,
            f"{row.kind}.set",
            landlord_id=row.landlord_id,
            subject_id=row.offer_id,
            property_designation=session.find(Unit, offer.unit_id).property_designation,
        )
