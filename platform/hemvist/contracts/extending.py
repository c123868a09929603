"""Letting a fixed term go on by agreement (förlängning), as a month or three months at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.legality import findings, kinds, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.chain import HeadLease
from hemvist.contracts.forms import form_of
from hemvist.contracts.head_leases import covering, is_block
from hemvist.contracts.legality import check_waiver, legal_facts
from hemvist.contracts.models import Contract
from hemvist.contracts.term_ends import settle
from hemvist.contracts.terms import check_terms
from hemvist.errors import Conflict, Problem
from hemvist.identity import Action, Actor
from hemvist.policy import add_months
from hemvist.policy.months import LAST_DAY
from hemvist.policy.programmes import Contract as ContractRules
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

EXTENDED = "contract_extended"


def extend(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    expected_version: int,
    signed_on: date | None = None,
    ends_on: date | None = None,
    terms: Mapping[str, Any] | None = None,
    waiver: Mapping[str, Any] | None = None,
    went_on_because: str = "",
) -> Contract:
    """Register that the parties let a fixed term go on to ``ends_on``: the same lease, a later end.

    Without ``ends_on`` it goes on by the guideline's own length, counted from the contract's first
    day. What the form demands (who has signed, that there is insurance) is asked anew in ``terms``;
    what is voluntary stays as it was unless given. Guideline and law are asked of the
    whole time. Raises ``ValidationFailed`` (``no_term`` on a contract until further notice,
    ``too_early``, a demand that is not met), ``PolicyRefused``, ``Conflict`` when it has ended or
    notice was given, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.CONTRACT_SIGN)
    day = effective_day(signed_on, field="signedOn", not_before=contract.signed_on)
    rules = form_of(case, contract)
    until = ends_on or next_end(case, rules, contract, day)
    checked, problems = _terms(rules, contract, terms or {})
    problems += _check_days(contract, day, until) + check_waiver(waiver or {})
    raise_if(problems)
    session.change(contract, expected_version)
    if contract.state != "signed":
        raise Conflict("contract_ended", "the contract has ended", state=contract.state)
    if contract.notice_ends_on is not None:
        raise Conflict(
            "contract_notice_given", "notice has been given", day=str(contract.notice_given_on)
        )
    # Somebody may have let it go on while this one waited for the row.
    raise_if(_check_days(contract, day, until))
    assert contract.ends_on is not None
    assert until is not None
    waived = {**contract.waiver, **(waiver or {})}
    said = _law(session, case, rules, contract, until, checked, waived, day, went_on_because)
    before, contract.ends_on = contract.ends_on, until
    contract.terms, contract.waiver, contract.legal_findings = checked, waived, said
    if went_on_because.strip():
        contract.went_on_because = went_on_because.strip()
    settle(session, contract, day)
    record(
        session,
        actor,
        case,
        EXTENDED,
        day,
        action=Action.CONTRACT_SIGN,
        subject_type="contract",
        subject_id=contract.id,
        data={"from": before.isoformat(), "ends_on": until.isoformat()},
    )
    return contract


def next_end(case: Case, rules: ContractRules | None, contract: Contract, on: date) -> date | None:
    """The next end by the guideline's own length; None where it has none, or more than one.

    Whole lengths are counted from the contract's first day, so that a month from the 31st that
    ends on the 28th goes on to the 31st.
    """
    if rules is None or contract.ends_on is None or len(rules.lengths) != 1:
        return None
    length = rules.lengths[0].months
    if length is None or contract.ends_on >= LAST_DAY:
        return None
    months = pack_of(case).number(length, on)
    count = 1
    while add_months(contract.starts_on, count * months) <= contract.ends_on:
        count += 1
    return add_months(contract.starts_on, count * months)


def _terms(
    rules: ContractRules | None, contract: Contract, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """The terms from now on: what is demanded as given, the others as they were unless given."""
    if rules is None:
        return dict(contract.terms), []
    demanded = {term.id for term in rules.terms if term.required or term.must_be is not None}
    kept = {name: value for name, value in contract.terms.items() if name not in demanded}
    return check_terms(rules, {**kept, **given})


def _check_days(contract: Contract, signed: date, until: date | None) -> list[Problem]:
    if contract.ends_on is None:
        return [Problem("endsOn", "no_term", "the contract holds until further notice")]
    if until is None:
        return [Problem("endsOn", "required", "must be filled in")]
    problems: list[Problem] = []
    if until > LAST_DAY:
        problems.append(Problem("endsOn", "out_of_range", f"no later than {LAST_DAY}"))
    if until <= contract.ends_on:
        earliest = str(contract.ends_on)
        problems.append(Problem("endsOn", "too_early", f"after {earliest}", {"earliest": earliest}))
    if signed > contract.ends_on:
        latest = str(contract.ends_on)
        problems.append(
            Problem("signedOn", "term_has_run_out", f"no later than {latest}", {"latest": latest})
        )
    return problems


def _law(
    session: TenantSession,
    case: Case,
    rules: ContractRules | None,
    contract: Contract,
    until: date,
    terms: Mapping[str, Any],
    waiver: Mapping[str, Any],
    day: date,
    went_on_because: str,
) -> list[dict[str, Any]]:
    unit = session.find(Unit, contract.unit_id)
    head: HeadLease | None = None
    if contract.kind == "sublease":
        head = covering(session, unit, contract.starts_on, until)
    if rules is None:
        return list(contract.legal_findings)
    facts = legal_facts(
        session,
        pack_of(case),
        rules,
        case,
        unit,
        signed_on=day,
        starts_on=contract.starts_on,
        ends_on=until,
        terms=terms,
        clauses=kinds(contract.clauses),
        waiver=waiver,
        told_of_link_on=contract.told_of_link_on,
        owner_notified_on=contract.owner_notified_on,
        block=is_block(head) if head is not None else None,
    )
    # The tenant was told of the link, and the owner of the sublease, by the day it began.
    facts["contract_signed_on"] = contract.signed_on
    found = findings(pack_of(case), "contract", facts, day, contract.clauses, case.programme)
    return weigh(found, went_on_because)
