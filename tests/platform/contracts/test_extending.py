"""A fixed term that goes on by agreement: its days, its demands, the law, and its surety."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.contracts.extending import extend, next_end
from hemvist.contracts.forms import form_of
from hemvist.contracts.models import Contract
from hemvist.contracts.term_ends import CODE
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, HemvistError, ValidationFailed
from hemvist.guarantees.extending import extend_contract
from hemvist.guarantees.models import Guarantee
from hemvist.guarantees.watching import raise_duties
from hemvist.policy import add_months
from hemvist_pack_cases import Walk
from hemvist_workers import chores
from hemvist_world import at_once

CONTENT = {"household": "En vuxen.", "home_needed": "Ett rum.", "reasons": "Saknar bostad."}
INSURED = {
    "home_insurance": True,
    "insurance_company": "Provförsäkring",
    "insurance_checked_on": (today() - timedelta(days=27)).isoformat(),
}
THREE = {"signed_by_landlord": True, "signed_by_tenant": True, "signed_by_kommun": True}
STARTS = today() - timedelta(days=20)


@pytest.fixture(scope="module")
def nynashamn(database: str) -> Walk:
    """Subleases of a month, with home insurance."""
    return Walk.of("nynashamn/andrahandskontrakt", "SOC", "BT", "0192", CONTENT)


@pytest.fixture(scope="module")
def norrkoping(database: str) -> Walk:
    """Leases of three months between three parties, with a surety."""
    return Walk.of("norrkoping/kommunala-kontrakt", "SOC", "BS", "0581", CONTENT)


def monthly(walk: Walk, starts: date = STARTS, **changes: Any) -> Contract:
    signed = starts - timedelta(days=7)
    case = walk.opened(
        signed - timedelta(days=60),
        refused_by_owners=True,
        only_economic_problems=False,
        will_manage=True,
    )
    offer = walk.taken(case, "second_hand_contract", signed)
    words: dict[str, Any] = {"terms": INSURED, "ends_on": add_months(starts, 1)}
    return walk.sign(offer, signed, **(words | changes))


def on_with(walk: Walk, contract: Contract, **values: Any) -> Contract:
    version = walk.world.again(contract).version
    found: Contract = walk.world.act(
        "property",
        values.pop("verb", extend),
        contract_id=contract.id,
        expected_version=version,
        **values,
    )
    return found


def wrong(run: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        run()
    return {(one.field, one.rule) for one in refused.value.problems}


def test_a_month_is_added_and_the_demand_is_asked_anew(nynashamn: Walk) -> None:
    contract = monthly(nynashamn)
    assert wrong(lambda: on_with(nynashamn, contract)) == {
        (f"terms.{name}", "required") for name in INSURED
    }
    lapsed = INSURED | {"home_insurance": False}
    assert wrong(lambda: on_with(nynashamn, contract, terms=lapsed)) == {
        ("terms.home_insurance", "must_be")
    }
    assert nynashamn.world.again(contract).ends_on == add_months(STARTS, 1)
    longer = on_with(nynashamn, contract, terms=INSURED)
    assert (longer.id, longer.ends_on, longer.state) == (
        contract.id,
        add_months(STARTS, 2),
        "signed",
    )
    (line,) = nynashamn.world.rows(CaseEvent, case_id=contract.case_id, kind="contract_extended")
    assert line.data == {
        "from": add_months(STARTS, 1).isoformat(),
        "ends_on": add_months(STARTS, 2).isoformat(),
    }


def test_beyond_three_months_the_law_asks_for_longer_notice(nynashamn: Walk) -> None:
    """NYN-12 and LF-1: a week's notice holds for at most three months (JB 12:4)."""
    contract = monthly(nynashamn)
    assert contract.legal_findings == [] or all(
        one["outcome"] != "violated" for one in contract.legal_findings
    )
    on_with(nynashamn, contract, terms=INSURED, ends_on=add_months(STARTS, 3))
    assert wrong(lambda: on_with(nynashamn, contract, terms=INSURED)) == {
        ("wentOnBecause", "say_why_you_go_on")
    }
    longer = on_with(
        nynashamn, contract, terms=INSURED, went_on_because="Lagens tid gäller mot hyresgästen."
    )
    flags = {one["flag"] for one in longer.legal_findings if one["outcome"] == "violated"}
    assert (longer.ends_on, flags) == (add_months(STARTS, 4), {"LF-1"})


def test_what_has_no_term_has_ended_or_is_given_notice_of_is_not_extended(nynashamn: Walk) -> None:
    because = {"went_on_because": "Lagens tid gäller."}
    open_ended = monthly(nynashamn, ends_on=None, **because)
    assert wrong(lambda: on_with(nynashamn, open_ended, terms=INSURED)) == {("endsOn", "no_term")}

    contract = monthly(nynashamn)
    same = {"terms": INSURED, "ends_on": add_months(STARTS, 1)}
    assert wrong(lambda: on_with(nynashamn, contract, **same)) == {("endsOn", "too_early")}
    far = {"terms": INSURED, "ends_on": date.max}
    assert ("endsOn", "out_of_range") in wrong(lambda: on_with(nynashamn, contract, **far))
    version = nynashamn.world.again(contract).version
    nynashamn.world.act(
        "property",
        ending.notice,
        contract_id=contract.id,
        expected_version=version,
        given_by="tenant",
    )
    with pytest.raises(Conflict) as noticed:
        on_with(nynashamn, contract, terms=INSURED)
    assert noticed.value.rule == "contract_notice_given"
    version = nynashamn.world.again(contract).version
    nynashamn.world.act(
        "property",
        ending.end,
        contract_id=contract.id,
        expected_version=version,
        reason="agreement",
    )
    with pytest.raises(Conflict) as ended:
        on_with(nynashamn, contract, terms=INSURED)
    assert ended.value.rule == "contract_ended"


def test_a_term_that_has_run_out_is_not_extended_afterwards(nynashamn: Walk) -> None:
    contract = monthly(nynashamn, starts=add_months(today(), -1) - timedelta(days=10))
    assert wrong(lambda: on_with(nynashamn, contract, terms=INSURED)) == {
        ("signedOn", "term_has_run_out")
    }
    in_time = today() - timedelta(days=11)
    assert on_with(nynashamn, contract, terms=INSURED, signed_on=in_time).state == "signed"


def test_a_month_from_the_31st_goes_on_to_the_31st(nynashamn: Walk) -> None:
    contract = monthly(nynashamn)
    (case,) = nynashamn.world.rows(Case, id=contract.case_id)
    contract.starts_on, ends = date(2027, 1, 31), []
    contract.ends_on = date(2027, 2, 28)
    for _ in range(3):
        contract.ends_on = next_end(case, form_of(case, contract), contract, date(2027, 2, 1))
        ends.append(contract.ends_on)
    assert ends == [date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


def test_the_surety_goes_on_with_the_lease_of_three_parties(norrkoping: Walk) -> None:
    """NKP-08, NKP-11: all three sign again, and the surety is as long as the lease."""
    signed = STARTS - timedelta(days=7)
    case = norrkoping.opened(
        signed - timedelta(days=60), target_groups=["unaccompanied_young"], has_income=False
    )
    offer = norrkoping.taken(case, "three_month_agreement", signed)
    contract = norrkoping.sign(
        offer,
        signed,
        terms=THREE,
        ends_on=add_months(STARTS, 3),
        guarantee_months=3,
        waiver={"own_document": True, "needs_approval": True, "approved": True},
        went_on_because="Borgen enligt modellen.",
    )

    def go_on(**values: Any) -> Contract:
        words = {"terms": THREE, "went_on_because": "Borgen enligt modellen."}
        return on_with(norrkoping, contract, verb=extend_contract, **(words | values))

    until = add_months(STARTS, 3)
    norrkoping.world.read(lambda session: raise_duties(session, add_months(until, -1), 10))
    assert norrkoping.due(case, "guarantee_period_over") == [until]
    two = {name: THREE[name] for name in ("signed_by_tenant", "signed_by_kommun")}
    assert wrong(lambda: go_on(terms=two)) == {("terms.signed_by_landlord", "required")}
    assert wrong(lambda: go_on(guarantee_months=6)) == {("guaranteeMonths", "guarantee_period")}
    assert norrkoping.world.again(contract).ends_on == add_months(STARTS, 3)
    assert go_on(guarantee_months=3).ends_on == add_months(STARTS, 6)
    (surety,) = norrkoping.world.rows(Guarantee, contract_id=contract.id)
    assert (surety.months, surety.starts_on) == (6, STARTS)
    assert surety.ends_on == add_months(STARTS, 6)
    assert [one["months"] for one in surety.reviews] == [6]
    # Nothing runs out on the day that was.
    assert norrkoping.due(case, "guarantee_period_over") == []


def test_a_month_ahead_somebody_is_to_extend_or_end_it(nynashamn: Walk) -> None:
    """Nothing ends by itself: the duty is done by an extension, and again by the end."""
    contract = monthly(nynashamn)
    tenant, case = nynashamn.world.tenant_id, SimpleNamespace(id=contract.case_id)
    ends = add_months(STARTS, 1)
    for _ in range(2):
        chores.watch_terms(tenant)
    # A lease of a month is watched from its first day, once.
    assert nynashamn.due(case, CODE) == [ends]
    (duty,) = nynashamn.world.rows(Obligation, anchor_id=contract.id, code=CODE)
    assert (duty.departments, duty.cite) == (["BT"], "JB 12:3")
    on_with(nynashamn, contract, terms=INSURED, ends_on=add_months(STARTS, 3))
    assert nynashamn.due(case, CODE, "done") == [ends]

    before = add_months(add_months(STARTS, 3), -1)
    chores.watch_terms(tenant, before - timedelta(days=1))
    assert nynashamn.due(case, CODE) == []
    chores.watch_terms(tenant, before)
    assert nynashamn.due(case, CODE) == [add_months(STARTS, 3)]
    on_with(nynashamn, contract, verb=ending.notice, given_by="tenant")
    # By the notice it ends; there is nothing to choose any more.
    assert nynashamn.due(case, CODE) == []
    chores.watch_terms(tenant, before)
    assert nynashamn.due(case, CODE) == []


@pytest.mark.parametrize("other", ["extend", "notice", "end"])
def test_of_two_acts_at_once_one_wins(nynashamn: Walk, other: str) -> None:
    """The other gets a conflict, and its day changes nothing."""
    contract, world = monthly(nynashamn), nynashamn.world
    given = {"contract_id": contract.id, "expected_version": world.again(contract).version}
    longer = {**given, "terms": INSURED}
    acts = {
        "extend": lambda: world.act("property", extend, **longer, ends_on=add_months(STARTS, 3)),
        "notice": lambda: world.act("property", ending.notice, **given, given_by="tenant"),
        "end": lambda: world.act("property", ending.end, **given, reason="agreement"),
    }
    said = at_once(lambda: world.act("property", extend, **longer), acts[other])
    [lost] = [one for one in said if isinstance(one, HemvistError)]
    assert isinstance(lost, Conflict)
    now = world.again(contract)
    assert now.version == given["expected_version"] + 1
    events = world.rows(CaseEvent, case_id=contract.case_id)
    wrote = [one.kind for one in events if one.subject_id == contract.id]
    assert len([kind for kind in wrote if kind not in ("contract_signed", "moved_in")]) == 1
