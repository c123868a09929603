"""A handover from either side: begun by the function, worked by its named handlers, told and taken in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day
from hemvist.clock import now, today
from hemvist.errors import Conflict, NotFound, ValidationFailed, too_long
from hemvist.handovers.access import handled, log
from hemvist.handovers.checklist import BEFORE_MOVING_IN, ITEM_STATES, ITEMS
from hemvist.handovers.content import Told, ToldPerson, problems_of
from hemvist.handovers.models import (
    GROUNDS,
    Handover,
    HandoverHandler,
    HandoverItem,
    HandoverParcel,
)
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.service import open_number
from hemvist.identity import Action, Actor, require
from hemvist.networks.service import code_of
from hemvist.tenancy import TenantSession
from hemvist.transfers import proposals
from hemvist.transfers.functions import require_able, require_named
from hemvist.transfers.locking import lock
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal
from hemvist.units.models import Unit

MAX_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Seen:
    """A handover as a handler sees it."""

    handover: Handover
    items: tuple[HandoverItem, ...]
    #: Code of the other kommun, as long as it is told.
    counterpart: str | None


def start(session: TenantSession, actor: Actor, *, proposal_id: UUID) -> Handover:
    """Begin the own half of a handover once both sides have said yes; the actor is its first handler.

    Raises ``NotFound`` to whoever is not named in the function, ``NotAllowed``, ``Conflict`` where
    nothing is agreed or it has begun.
    """
    proposal = session.find(TransferProposal, proposal_id)
    require_named(session, actor, proposal.network_id, "TransferProposal")
    require(actor, Action.TRANSFER_ANSWER)
    require_able(session, proposal.network_id)
    session.lock(proposal)
    _require_agreed(proposal)
    if session.scalar(select(Handover.id).where(Handover.proposal_id == proposal.id)):
        raise Conflict("handover_begun", "the handover has begun")
    sending = proposal.side == "sending"
    case_id = session.find(TransferRequest, proposal.request_id).case_id if sending else None
    assert actor.principal_id is not None
    row = session.save(
        Handover(
            proposal_id=proposal.id,
            side=proposal.side,
            state="prepared" if sending else "expected",
            case_id=case_id,
            started_on=today(),
            started_by=actor.principal_id,
            fields=[],
        )
    )
    session.flush()
    session.save(
        HandoverHandler(
            handover_id=row.id,
            principal_id=actor.principal_id,
            since=today(),
            named_by=actor.principal_id,
        )
    )
    for item in ITEMS[proposal.side]:
        session.save(HandoverItem(handover_id=row.id, item=item))
    log(session, actor, row, "begun")
    return row


def look(session: TenantSession, actor: Actor, *, handover_id: UUID) -> Seen:
    """A handover for one of its handlers, with the other kommun while it is told. The look is logged."""
    row = handled(session, actor, handover_id)
    proposal = session.find(TransferProposal, row.proposal_id)
    told = proposal.counterpart_id is not None and (
        row.counterpart_until is None or today() <= row.counterpart_until
    )
    items = session.scalars(
        select(HandoverItem).where(HandoverItem.handover_id == row.id).order_by(HandoverItem.id)
    ).all()
    log(session, actor, row, "looked", kind="read")
    assert proposal.counterpart_id is not None or not told
    code = code_of(session, proposal.counterpart_id) if told and proposal.counterpart_id else None
    return Seen(row, tuple(items), code)


def flat_of(session: TenantSession, row: Handover) -> Unit | None:
    """Receiving: the flat that the household is to move to, for whoever has looked; None else.

    Once it has moved, the address is the household's, and shown as any protected one is.
    """
    proposal = session.find(TransferProposal, row.proposal_id)
    over = row.state in ("moved", "cancelled")
    if row.side != "receiving" or over or proposal.offer_id is None:
        return None
    return session.find(Unit, session.find(TransferOffer, proposal.offer_id).unit_id)


def moved_on(session: TenantSession, actor: Actor, *, case_id: UUID) -> date | None:
    """All that the record in the origin says of it: the day on which the household moved, or None."""
    case = case_for(session, actor, case_id, Action.TRANSFER_PREPARE)
    return session.scalar(
        select(Handover.moved_on).where(
            Handover.case_id == case.id, Handover.side == "sending", Handover.state == "moved"
        )
    )


def settle_item(
    session: TenantSession,
    actor: Actor,
    *,
    handover_id: UUID,
    item: str,
    state: str,
    note: str = "",
    on: date | None = None,
    expected_version: int,
) -> HandoverItem:
    """Settle a line of the checklist, or open it again. Raises ``NotFound``, ``ValidationFailed``."""
    row = handled(session, actor, handover_id)
    found = session.scalar(
        select(HandoverItem).where(HandoverItem.handover_id == row.id, HandoverItem.item == item)
    )
    if found is None:
        raise NotFound("HandoverItem")
    if state not in ITEM_STATES:
        raise ValidationFailed.one("state", "choice", "unknown state", allowed=ITEM_STATES)
    problems = too_long("note", note, MAX_NOTE)
    if problems:
        raise ValidationFailed(problems)
    day = effective_day(on, not_before=row.started_on)
    session.change(found, expected_version)
    _require_state(row, "prepared", "sent", "expected", "opened", "taken_in", "moved")
    found.state = state
    found.settled_on = None if state == "open" else day
    found.settled_by = None if state == "open" else actor.principal_id
    found.note = note.strip() or None
    session.flush()
    log(session, actor, row, f"item_{state}")
    return found


def send(
    session: TenantSession,
    actor: Actor,
    *,
    handover_id: UUID,
    texts: Mapping[str, str],
    ground: str,
    consent_on: date | None = None,
    not_moving: Collection[UUID] = (),
    expected_version: int,
) -> Handover:
    """Tell the receiving kommun who the household is and what it needs, once and for good.

    ``not_moving`` are persons of the household who stay, such as the one it flees from: nothing is told
    of them. By a handler who may work in the case. Raises ``NotFound`` (also for somebody who is not
    in the household), ``NotAllowed``, ``ValidationFailed``, ``Conflict`` where it was told or nothing
    is agreed any more.
    """
    row = handled(session, actor, handover_id)
    if row.side != "sending":
        raise Conflict("not_sending", "the side that the household leaves tells")
    assert row.case_id is not None
    try:
        case = case_for(session, actor, row.case_id, Action.TRANSFER_PREPARE)
    except NotFound as hidden:
        raise NotFound("Handover") from hidden
    said = {name: text.strip() for name, text in texts.items() if text.strip()}
    problems = problems_of(said)
    if problems:
        raise ValidationFailed(problems)
    if ground not in GROUNDS:
        raise ValidationFailed.one("ground", "choice", "unknown ground", allowed=GROUNDS)
    if (ground == "consent") != (consent_on is not None):
        raise ValidationFailed.one("consentOn", "required", "a consent has its day, nothing else")
    if consent_on is not None and consent_on > today():
        raise ValidationFailed.one("consentOn", "future", "may not lie in the future")
    members, persons = _members(session, case.household_id, not_moving)
    # Whoever takes the move back locks the proposal, too.
    proposal = session.find(TransferProposal, row.proposal_id)
    session.lock(proposal)
    session.change(row, expected_version)
    _require_state(row, "prepared")
    _require_agreed(proposal)
    told = Told(members, said)
    assert proposal.counterpart_id is not None
    assert proposal.counterpart_slip is not None
    row.state = "sent"
    row.sent_on = today()
    row.ground, row.fields, row.consent_on = ground, told.fields, consent_on
    session.flush()
    session.save(
        HandoverParcel(
            proposal_id=proposal.id,
            direction="out",
            sealed=told.seal_to(
                proposal.counterpart_id, session.tenant_id, proposal.counterpart_slip
            ),
            written_at=now(),
        )
    )
    log(session, actor, row, "sent", persons=persons)
    return row


def open_parcel(session: TenantSession, actor: Actor, *, handover_id: UUID) -> Told:
    """What the sending kommun has told, for a handler of the receiving one. Each look is logged.

    Raises ``NotFound`` to everybody else, ``Conflict`` before it has come or when the move is off.
    """
    row = handled(session, actor, handover_id)
    told, _ = opened(session, row)
    session.lock(row)
    if row.state == "expected":
        row.state = "opened"
        row.opened_on = today()
        row.version += 1
        session.flush()
    log(session, actor, row, "parcel_opened", kind="read")
    return told


def told(session: TenantSession, actor: Actor, *, handover_id: UUID) -> Told | None:
    """What was told, to be read again by a handler once somebody has opened it. The look is logged.

    None before that, and when it is kept no longer. Raises ``NotFound``.
    """
    row = handled(session, actor, handover_id)
    if row.side != "receiving" or row.opened_on is None:
        return None
    proposal = session.find(TransferProposal, row.proposal_id)
    sealed = session.scalar(
        select(HandoverParcel.sealed).where(
            HandoverParcel.proposal_id == proposal.id, HandoverParcel.direction == "in"
        )
    )
    if not sealed or proposal.counterpart_id is None:
        return None
    log(session, actor, row, "parcel_read", kind="read")
    return Told.open(session.tenant_id, proposal.counterpart_id, proposal.slip, sealed)


def opened(session: TenantSession, row: Handover) -> tuple[Told, TransferProposal]:
    """The parcel's content and the locked proposal. Raises ``Conflict``."""
    if row.side != "receiving":
        raise Conflict("not_receiving", "the side that the household moves to is told")
    proposal = session.find(TransferProposal, row.proposal_id)
    session.lock(proposal)
    if proposal.state not in ("agreed", "moved") or proposal.counterpart_id is None:
        raise Conflict("not_agreed", "nothing is agreed any more", state=proposal.state)
    sealed = session.scalar(
        select(HandoverParcel.sealed).where(
            HandoverParcel.proposal_id == proposal.id, HandoverParcel.direction == "in"
        )
    )
    if not sealed:
        raise Conflict("not_arrived", "nothing has come yet")
    told = Told.open(session.tenant_id, proposal.counterpart_id, proposal.slip, sealed)
    return told, proposal


def moved(
    session: TenantSession,
    actor: Actor,
    *,
    handover_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Handover:
    """The household has moved in: the ledger books it, and the origin learns the day.

    By a handler who is in the transfer function, since it answers to the network. Raises ``Conflict``
    before the household is taken in, or while what must be seen to first is not.
    """
    row = handled(session, actor, handover_id)
    if row.side != "receiving":
        raise Conflict("not_receiving", "the side that the household moves to says so")
    proposal = session.find(TransferProposal, row.proposal_id)
    # The flat before the proposal, since the flat is changed too.
    lock(session, proposal)
    session.change(row, expected_version)
    _require_state(row, "taken_in")
    open_items = session.scalars(
        select(HandoverItem.item).where(
            HandoverItem.handover_id == row.id,
            HandoverItem.state == "open",
            HandoverItem.item.in_(BEFORE_MOVING_IN),
        )
    ).all()
    if open_items:
        raise Conflict("checklist_open", "not all is seen to", items=sorted(open_items))
    done = proposals.moved(
        session, actor, proposal_id=proposal.id, expected_version=proposal.version, on=on
    )
    row.state = "moved"
    row.moved_on = done.moved_on
    session.flush()
    log(session, actor, row, "moved")
    return row


def _members(
    session: TenantSession, household_id: UUID, not_moving: Collection[UUID]
) -> tuple[tuple[ToldPerson, ...], list[UUID]]:
    """Whoever moves, one of them as the applicant. Raises ``NotFound``, ``ValidationFailed``."""
    everybody = session.execute(
        select(Person, HouseholdMember.role)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Person.tenant_id)
            & (HouseholdMember.person_id == Person.id),
        )
        .where(HouseholdMember.household_id == household_id, HouseholdMember.until.is_(None))
        .order_by(HouseholdMember.id)
    ).all()
    if set(not_moving) - {one.id for one, _ in everybody}:
        raise NotFound("Person")
    rows = [(one, role) for one, role in everybody if one.id not in not_moving]
    if all(role == "child" for _, role in rows):
        raise ValidationFailed.one("notMoving", "nobody_left", "somebody who is no child moves")
    # Where the applicant stays, whoever moves applies in the new kommun.
    first = next((one for one, role in rows if role == "applicant"), None) or next(
        one for one, role in rows if role != "child"
    )
    members = tuple(
        ToldPerson(
            "applicant" if one is first else role,
            one.given_name,
            one.family_name,
            open_number(one),
            one.protection,
        )
        for one, role in rows
    )
    return members, [one.id for one, _ in rows]


def _require_agreed(proposal: TransferProposal) -> None:
    if proposal.state != "agreed":
        raise Conflict("not_agreed", "both sides have to agree first", state=proposal.state)


def _require_state(row: Handover, *states: str) -> None:
    if row.state not in states:
        raise Conflict("handover_state", f"the handover is {row.state}", state=row.state)
