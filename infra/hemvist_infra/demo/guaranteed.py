"""Landlords that claim on a guarantee: one that waits, and one that was paid and is being paid back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.guarantees import claims, recourse
from hemvist.guarantees.models import Guarantee, GuaranteeClaim
from hemvist_infra.demo import words

if TYPE_CHECKING:
    from hemvist_infra.demo.life import Life

#: In so many instalments, a month apart, a household pays back what was paid for it.
_INSTALMENTS, _APART = 10, 30


def claim(life: Life, case: Case) -> None:
    """Two weeks ago the landlord claimed the rent of a month; nobody has decided on it yet.

    Nothing is claimed on a guarantee that began later than that rent was due.
    """
    guarantee = _guarantee(life, case)
    last = today() - timedelta(days=20)
    if guarantee.starts_on > last:
        return
    first = max(guarantee.starts_on, last - timedelta(days=29))
    _claimed(life, guarantee, first, last, today() - timedelta(days=14))


def paid_back(life: Life, case: Case) -> None:
    """The rent of the third month was claimed and paid, and is paid back in instalments since."""
    guarantee = _guarantee(life, case)
    first = guarantee.starts_on + timedelta(days=60)
    last = first + timedelta(days=29)
    row = _claimed(life, guarantee, first, last, last + timedelta(days=10))
    day = row.received_on + timedelta(days=6)
    claims.decide_claim(
        life.session,
        life.manager,
        claim_id=row.id,
        outcome="approved",
        approved_ore=row.amount_ore,
        motivation=words.CLAIM_APPROVED,
        expected_version=row.version,
        on=day,
    )
    day += timedelta(days=5)
    claims.pay_claim(
        life.session,
        life.staff.property_officer,
        claim_id=row.id,
        amount_ore=row.amount_ore,
        reference=f"HG-{case.number}",
        expected_version=row.version,
        on=day,
    )
    _asked_back(life, guarantee, row.amount_ore, day + timedelta(days=7))


def _asked_back(life: Life, guarantee: Guarantee, amount: int, day: date) -> None:
    part = amount // _INSTALMENTS
    parts = [part] * (_INSTALMENTS - 1) + [amount - part * (_INSTALMENTS - 1)]
    due = [day + timedelta(days=_APART * (place + 1)) for place in range(_INSTALMENTS)]
    row = recourse.demand_recourse(
        life.session,
        life.staff.property_officer,
        guarantee_id=guarantee.id,
        amount_ore=amount,
        instalments=[{"due_on": on, "amount_ore": one} for on, one in zip(due, parts, strict=True)],
        notes=words.INSTALMENTS,
        expected_version=guarantee.version,
        on=day,
    )
    for on, one in zip(due, parts, strict=True):
        if on <= today():
            recourse.record_recourse_payment(
                life.session,
                life.staff.property_officer,
                recourse_id=row.id,
                amount_ore=one,
                expected_version=row.version,
                on=on,
            )


def _claimed(
    life: Life, guarantee: Guarantee, first: date, last: date, received: date
) -> GuaranteeClaim:
    return claims.register_claim(
        life.session,
        life.staff.property_officer,
        guarantee_id=guarantee.id,
        kind="rent",
        amount_ore=life.session.find(Contract, guarantee.contract_id).rent_ore,
        period_from=first,
        period_to=last,
        documents=[{"kind": "rent_statement", "title": "Hyresavi och påminnelse"}],
        received_on=received,
    )


def _guarantee(life: Life, case: Case) -> Guarantee:
    return life.session.scalars(select(Guarantee).where(Guarantee.case_id == case.id)).one()
