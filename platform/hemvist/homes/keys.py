"""Keys and tags of a home (nycklar och brickor): who has how many, and on what terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.guarding import ask_guard
from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.packs import pack_of
from hemvist.contracts.models import Contract
from hemvist.errors import Problem, too_long
from hemvist.homes.models import HOLDERS, KEY_KINDS, MOVES, KeyMovement
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

MAX_TERMS = 2_000
MAX_KEYS = 50
#: The case's event when the tenant has no key any more.
ALL_BACK = "keys_returned"

Held = Counter[tuple[str, str]]


def move_keys(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    move: str,
    key_kind: str,
    holder: str = "tenant",
    quantity: int = 1,
    moved_on: date | None = None,
    terms: str = "",
    terms_agreed_on: date | None = None,
    receipt_signed: bool = False,
) -> KeyMovement:
    """Register keys handed out, returned or lost.

    A spare key, or any that support or property hold, has terms of use that were agreed with the
    tenant by the day it is handed out. No more can come back or be lost than were out. When the
    tenant's last key is back the case is told (``keys_returned``). Raises ``ValidationFailed``,
    ``PolicyRefused``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.HOME_KEEP)
    day = effective_day(moved_on, field="movedOn", not_before=contract.signed_on)
    problems = _check(move, key_kind, holder, quantity)
    problems += _check_terms(move, key_kind, holder, terms, terms_agreed_on, day)
    raise_if(problems)
    # One at a time: what is out is counted and changed in one go.
    session.lock(contract)
    held = held_keys(_movements(session, contract.id))
    if move != "handed_out" and held[holder, key_kind] < quantity:
        raise_if(
            [
                Problem(
                    "quantity",
                    "more_than_out",
                    f"{held[holder, key_kind]} are out",
                    {"out": held[holder, key_kind]},
                )
            ]
        )
    row = session.save(
        KeyMovement(
            contract_id=contract.id,
            case_id=case.id,
            move=move,
            key_kind=key_kind,
            holder=holder,
            quantity=quantity,
            moved_on=day,
            terms=terms.strip(),
            terms_agreed_on=terms_agreed_on,
            receipt_signed=receipt_signed,
            registered_by=actor.principal_id,
        )
    )
    left = held_keys([*_movements(session, contract.id)])
    tenants = sum(count for (who, _), count in left.items() if who == "tenant")
    last = move == "returned" and holder == "tenant" and tenants == 0
    event = ALL_BACK if last else f"keys_{move}" if move != "returned" else "key_returned"
    if last and case.programme is not None:
        session.lock(case)
        ask_guard(session, case, pack_of(case).programme(case.programme), event, day)
    record(
        session,
        actor,
        case,
        event,
        day,
        action=Action.HOME_KEEP,
        subject_type="contract",
        subject_id=contract.id,
        data={"kind": key_kind, "holder": holder, "quantity": quantity},
    )
    return row


def held_keys(movements: Iterable[KeyMovement]) -> Held:
    """How many keys of each kind each holder has."""
    held: Held = Counter()
    for one in movements:
        sign = 1 if one.move == "handed_out" else -1
        held[one.holder, one.key_kind] += sign * one.quantity
    return held


def _movements(session: TenantSession, contract_id: UUID) -> list[KeyMovement]:
    return list(session.scalars(select(KeyMovement).where(KeyMovement.contract_id == contract_id)))


def _check(move: str, kind: str, holder: str, quantity: int) -> list[Problem]:
    problems: list[Problem] = []
    for field, value, known in (
        ("move", move, MOVES),
        ("keyKind", kind, KEY_KINDS),
        ("holder", holder, HOLDERS),
    ):
        if value not in known:
            problems.append(Problem(field, "unknown_choice", f"one of {', '.join(known)}"))
    if not 1 <= quantity <= MAX_KEYS:
        problems.append(Problem("quantity", "range", "out of bounds", {"min": 1, "max": MAX_KEYS}))
    return problems


def _check_terms(
    move: str, kind: str, holder: str, terms: str, agreed: date | None, day: date
) -> list[Problem]:
    needed = move == "handed_out" and (kind == "spare" or holder != "tenant")
    problems: list[Problem] = []
    if needed:
        problems += required_text("terms", terms, MAX_TERMS)
        if agreed is None:
            problems.append(Problem("termsAgreedOn", "required", "when the tenant agreed to them"))
    else:
        problems += too_long("terms", terms, MAX_TERMS)
    if agreed is not None and agreed > day:
        problems.append(Problem("termsAgreedOn", "after_handing", "agreed in advance"))
    return problems
