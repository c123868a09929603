"""Inspections of a home (besiktningar): when somebody moves in, while they live there, at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.assessments.guarding import ask_guard
from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.packs import pack_of
from hemvist.contracts.models import Contract
from hemvist.errors import Problem, too_long
from hemvist.homes.models import CONDITIONS, COST_BEARERS, INSPECTIONS, Inspection
from hemvist.identity import Action, Actor
from hemvist.policy.programmes import PARTIES
from hemvist.tenancy import TenantSession

EVENT = "inspection_done"
MAX_ITEMS = 200
MAX_WORDS = 200
MAX_NOTE = 2_000
MAX_NOTES = 10_000
MAX_COST_ORE = 100_000_000


def record_inspection(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    kind: str,
    held_on: date | None = None,
    present: Sequence[str] = (),
    items: Sequence[Mapping[str, Any]] = (),
    signed_by_tenant: bool = False,
    notes: str = "",
) -> Inspection:
    """Keep the protocol of an inspection; the case is told (``inspection_done``).

    ``kind`` is "move_in", "status" or "move_out"; ``present`` parties in the pack's words. Each of
    ``items`` has ``room``, ``part`` and ``condition`` (good, worn, damaged, missing), and may have
    ``note``, ``cost_bearer`` (none, tenant, landlord) and ``cost_ore``. Raises
    ``ValidationFailed``, ``PolicyRefused``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.HOME_KEEP)
    day = effective_day(held_on, field="heldOn", not_before=contract.signed_on)
    problems: list[Problem] = []
    if kind not in INSPECTIONS:
        problems.append(Problem("kind", "unknown_choice", "not one of the inspections"))
    problems += [
        Problem("present", "unknown_item", "not one of the parties", {"item": one[:60]})
        for one in present
        if one not in PARTIES
    ]
    if not present:
        problems.append(Problem("present", "required", "say who was there"))
    problems += too_long("notes", notes, MAX_NOTES)
    kept, wrong = checked_items(items)
    raise_if(problems + wrong)
    session.lock(case)
    if case.programme is not None:
        ask_guard(session, case, pack_of(case).programme(case.programme), EVENT, day)
    row = session.save(
        Inspection(
            contract_id=contract.id,
            case_id=case.id,
            kind=kind,
            held_on=day,
            present=sorted(set(present)),
            items=kept,
            signed_by_tenant=signed_by_tenant,
            notes=notes.strip(),
            recorded_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        EVENT,
        day,
        action=Action.HOME_KEEP,
        subject_type="inspection",
        subject_id=row.id,
        data={"kind": kind, "items": len(kept)},
    )
    return row


def checked_items(
    items: Sequence[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The protocol's lines as they are kept, and what is wrong with them."""
    if not items:
        return [], [Problem("items", "required", "a protocol has at least one line")]
    if len(items) > MAX_ITEMS:
        return [], [Problem("items", "count", f"at most {MAX_ITEMS}", {"limit": MAX_ITEMS})]
    kept: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number, one in enumerate(items):
        line, wrong = _line(one, f"items[{number}]")
        kept.append(line)
        problems += wrong
    return kept, problems


def _line(given: Mapping[str, Any], at: str) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    texts = {"room": MAX_WORDS, "part": MAX_WORDS, "note": MAX_NOTE}
    line: dict[str, Any] = {}
    for name, limit in texts.items():
        value = given.get(name) or ""
        line[name] = value.strip() if isinstance(value, str) else ""
        if name != "note" and not line[name]:
            problems.append(Problem(f"{at}.{name}", "required", "must be filled in"))
        problems += too_long(f"{at}.{name}", line[name], limit)
    line["condition"] = given.get("condition")
    if line["condition"] not in CONDITIONS:
        problems.append(Problem(f"{at}.condition", "unknown_choice", "not one of the conditions"))
    line["cost_bearer"] = given.get("cost_bearer") or "none"
    if line["cost_bearer"] not in COST_BEARERS:
        problems.append(Problem(f"{at}.costBearer", "unknown_choice", "none, tenant or landlord"))
    cost = given.get("cost_ore") or 0
    if type(cost) is not int or not 0 <= cost <= MAX_COST_ORE:
        problems.append(
            Problem(f"{at}.costOre", "range", "out of bounds", {"min": 0, "max": MAX_COST_ORE})
        )
        cost = 0
    if cost and line["cost_bearer"] == "none":
        problems.append(Problem(f"{at}.costBearer", "required", "who bears the cost"))
    line["cost_ore"] = cost
    return line, problems
