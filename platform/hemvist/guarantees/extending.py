"""Letting a lease with a fixed term go on, and with it the guarantee that is as long as the lease."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.journal import record
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.contracts import extending
from hemvist.contracts.models import Contract
from hemvist.errors import ValidationFailed
from hemvist.guarantees.legality import legal_facts
from hemvist.guarantees.models import Guarantee
from hemvist.guarantees.terms import programme_of
from hemvist.guarantees.watching import cancel_duty
from hemvist.identity import Action, Actor
from hemvist.policy import add_months
from hemvist.tenancy import TenantSession


def extend_contract(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    guarantee_months: int | None = None,
    signed_on: date | None = None,
    went_on_because: str = "",
    **values: Any,
) -> Contract:
    """Let a fixed term go on, and with ``guarantee_months`` its guarantee too, by so many months.

    ``guarantee_months`` is one of the guideline's periods; the new end is counted from the
    guarantee's first day and the cap stays what was agreed. Raises as
    ``contracts.extending.extend``, and ``ValidationFailed`` on ``guaranteeMonths``.
    """
    contract = extending.extend(
        session,
        actor,
        contract_id=contract_id,
        signed_on=signed_on,
        went_on_because=went_on_because,
        **values,
    )
    if guarantee_months is not None:
        _prolong(session, actor, contract, guarantee_months, signed_on, went_on_because)
    return contract


def _prolong(
    session: TenantSession,
    actor: Actor,
    contract: Contract,
    months: int,
    signed_on: date | None,
    went_on_because: str,
) -> None:
    case = session.find(Case, contract.case_id)
    day = signed_on or today()
    found = select(Guarantee).where(
        Guarantee.contract_id == contract.id, Guarantee.state == "active"
    )
    guarantee = session.scalars(found.with_for_update()).first()
    if guarantee is None:
        raise ValidationFailed.one("guaranteeMonths", "no_guarantee", "there is none that runs")
    programme = programme_of(case, guarantee.kind)
    rules = programme.guarantee if programme is not None else None
    allowed = pack_of(case).param(rules.periods, day) if rules is not None else ()
    assert isinstance(allowed, tuple)
    if months not in allowed:
        raise ValidationFailed.one(
            "guaranteeMonths",
            "guarantee_period",
            "not a period that the guideline gives",
            allowed=list(allowed),
        )
    whole = guarantee.months + months
    facts = legal_facts(
        session, case, contract, whole, guarantee.cap_rent_months, guarantee.starts_on
    )
    guarantee.legal_findings = weigh(
        findings(pack_of(case), "guarantee", facts, day), went_on_because
    )
    session.change(guarantee, guarantee.version)
    cancel_duty(session, guarantee)
    guarantee.months, guarantee.ends_on = whole, add_months(guarantee.starts_on, whole)
    cancel_duty(session, guarantee)
    guarantee.reviews = [
        *guarantee.reviews,
        {
            "on": str(day),
            "months": whole,
            "ends_on": str(guarantee.ends_on),
            "motivation": went_on_because.strip(),
            "by": actor.name,
        },
    ]
    session.flush()
    record(
        session,
        actor,
        case,
        "guarantee_reassessed",
        day,
        action=Action.GUARANTEE_ISSUE,
        subject_type="guarantee",
        subject_id=guarantee.id,
        data={"kind": guarantee.kind, "ends_on": str(guarantee.ends_on)},
    )
