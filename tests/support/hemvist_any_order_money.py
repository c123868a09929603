"""Any order: guarantees, the claims on them, and what the household pays back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hemvist.contracts.models import Contract
from hemvist.guarantees import claims, recourse
from hemvist.guarantees import ending as guarantee_ending
from hemvist.guarantees import service as guarantees
from hemvist.guarantees.models import (
    Guarantee,
    GuaranteeClaim,
    GuaranteeRecourse,
    GuaranteeWriteOff,
)
from hemvist_any_order import REASON, Act, Draw, Town, act, seen
from hemvist_guarantees import OTHER, STATEMENT
from hemvist_world import PACK as HELSINGBORG


@act
def issue(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, Contract, kind="first_hand")
    if row is None:
        return None
    programmes = sorted(town.pack.programmes.values(), key=lambda one: one.id)
    giving = [one.id for one in programmes if one.guarantee is not None]
    words = {
        "contract_id": row.id,
        "programme": draw.of(*giving) if giving and draw.below(8) else programmes[0].id,
        "months": draw.of(12, 12, 24, 7),
        "cap_ore": draw.of(None, 100_000),
        "issued_on": day,
        "went_on_because": REASON,
    }
    return Act("property", guarantees.issue_guarantee, words)


def _guarantee(town: Town, draw: Draw, day: date) -> tuple[Any, dict[str, Any]]:
    row = town.one(draw, Guarantee, state="active")
    if row is None:
        return None, {}
    return row, {"guarantee_id": row.id, "expected_version": seen(draw, row), "on": day}


@act
def claim(town: Town, draw: Draw, day: date) -> Act | None:
    row, _ = _guarantee(town, draw, day)
    if row is None:
        return None
    first = row.starts_on + timedelta(days=draw.below(20))
    words = {
        "guarantee_id": row.id,
        "kind": "rent",
        "amount_ore": draw.of(1, 550_000, 550_000, row.cap_ore, row.cap_ore + 1),
        "period_from": first,
        "period_to": first + timedelta(days=29),
        "documents": [STATEMENT],
        "received_on": day,
    }
    return Act("property", claims.register_claim, words)


def _claim(town: Town, draw: Draw, day: date, state: str) -> tuple[Any, dict[str, Any]]:
    row = town.one(draw, GuaranteeClaim, state=state)
    if row is None:
        return None, {}
    return row, {"claim_id": row.id, "expected_version": seen(draw, row), "on": day}


@act
def decide_claim(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _claim(town, draw, day, "received")
    if row is None:
        return None
    words |= {"outcome": "approved", "approved_ore": row.amount_ore, "motivation": REASON}
    if draw.once_in(4):
        words |= {"outcome": "refused", "approved_ore": 0}
    return Act(draw.of(OTHER, OTHER, "property"), claims.decide_claim, words)


@act
def pay_claim(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _claim(town, draw, day, "approved")
    if row is None:
        return None
    left = row.approved_ore - row.paid_ore
    words |= {"amount_ore": draw.of(1, left, left, left + 1), "reference": draw.of("", "BG 1")}
    return Act("property", claims.pay_claim, words)


@act
def ask_back(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _guarantee(town, draw, day)
    if row is None:
        return None
    amount = max(1, row.paid_ore - row.demanded_ore) - draw.below(2)
    due = [{"due_on": day + timedelta(days=30), "amount_ore": amount}]
    words |= {"amount_ore": amount, "instalments": due}
    return Act("property", recourse.demand_recourse, words)


def _recourse(town: Town, draw: Draw, day: date) -> tuple[Any, dict[str, Any]]:
    row = town.one(draw, GuaranteeRecourse, state="open")
    if row is None:
        return None, {}
    return row, {"recourse_id": row.id, "expected_version": seen(draw, row), "on": day}


def _left(row: GuaranteeRecourse) -> int:
    return row.amount_ore - row.paid_ore - row.written_off_ore


@act
def agree_instalments(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _recourse(town, draw, day)
    if row is None:
        return None
    first = _left(row) // 2
    amounts = [first, _left(row) - first + draw.once_in(5)]
    words["instalments"] = [
        {"due_on": day + timedelta(days=30 * number), "amount_ore": amount}
        for number, amount in enumerate(amounts, 1)
    ]
    return Act("property", recourse.agree_instalments, words)


@act
def repay(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _recourse(town, draw, day)
    if row is None:
        return None
    words["amount_ore"] = draw.of(1, 1, _left(row), _left(row) + 1)
    return Act("property", recourse.record_recourse_payment, words)


@act
def propose_write_off(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _recourse(town, draw, day)
    if row is None:
        return None
    words |= {"amount_ore": draw.of(1, _left(row), _left(row) + 1), "reason": REASON}
    return Act("property", recourse.propose_write_off, words)


@act
def write_off(town: Town, draw: Draw, day: date) -> Act | None:
    row = town.one(draw, GuaranteeWriteOff, state="proposed")
    if row is None:
        return None
    words = {
        "write_off_id": row.id,
        "outcome": draw.of("granted", "refused"),
        "motivation": REASON,
        "expected_version": seen(draw, row),
        "on": day,
    }
    return Act(draw.of(OTHER, OTHER, "property"), recourse.decide_write_off, words)


@act
def reassess(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _guarantee(town, draw, day)
    words |= {"motivation": REASON, "months": draw.of(None, None, 24)}
    return None if row is None else Act("property", guarantee_ending.reassess_guarantee, words)


@act
def guarantors_notice(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _guarantee(town, draw, day)
    words["motivation"] = REASON
    return None if row is None else Act("property", guarantee_ending.give_guarantor_notice, words)


@act
def end_guarantee(town: Town, draw: Draw, day: date) -> Act | None:
    row, words = _guarantee(town, draw, day)
    # With it all that can be done on it ends too: now and then is enough.
    if row is None or draw.below(6):
        return None
    words |= {"reason": draw.of("dialogue", "expired", "notice", "contract_ended")}
    words |= {"dialogue_on": day, "parties": ["landlord", "property"], "motivation": REASON}
    words["told"] = ["referrer_told_guarantee_ended"] if town.pack.name == HELSINGBORG else []
    return Act("property", guarantee_ending.end_guarantee, words)
