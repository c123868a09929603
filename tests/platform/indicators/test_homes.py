"""Getting a home: who waits, how long each step takes, and homes that are lived in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts import correcting, ending
from hemvist.contracts.models import Contract
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import Registry
from hemvist.referrals import service as referrals
from hemvist_counted import agree, counted, counted_on
from hemvist_made_up import a_number, adult, child
from hemvist_world import MUNICIPAL, PACK, World, content

CASEWORKER = "caseworker SOF-VUX"


def ago(days: int) -> date:
    """A day so many days ago."""
    return today() - timedelta(days=days)


def told(world: World, case: Case) -> dict[str, list[tuple[Any, ...]]]:
    """What the case gives each indicator: begins, ends, step, area, groups, amount, met; the
    programme where it is not the municipal contract."""
    if counted_on(world.tenant_id) is None:
        counted(world.tenant_id)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for one in sorted(agree(world.tenant_id), key=lambda one: (one[3], one[6])):
        if one[0] == case.id:
            assert one[5] in ("", MUNICIPAL)
            found.setdefault(one[1], []).append((*one[3:5], *one[6:]))
    return found


def contract_of(world: World, case: Case) -> Contract:
    [contract] = world.rows(Contract, case_id=case.id)
    return contract  # type: ignore[no-any-return]


def sex_of(world: World, case: Case) -> str:
    number = int(open_number(world.rows(Person, id=world.applicant(case))[0])[-2])
    return "man" if number % 2 else "woman"


def housed_with_a_child(world: World) -> Case:
    """On the days of ``Ways.housed``; the decision says what it means to the child."""
    case = world.case(adult(), child())
    world.grant(case, child_assessment="Barnet får en egen plats att sova.")
    row = world.sign(world.draft(case, content=content(children=True)), case)
    ways = (
        (CASEWORKER, referrals.submit, ago(130)),
        ("property", referrals.register, ago(120)),
    )
    for who, verb, on in ways:
        version = world.again(row).version
        world.act(who, verb, referral_id=row.id, expected_version=version, on=on)
    world.contract(world.accepted(case, row))
    return case


def test_the_way_to_a_home_by_its_days(world: World) -> None:
    case = housed_with_a_child(world)
    found = told(world, case)
    groups = (f"sex:{sex_of(world, case)}", "age:25-44", "children:yes")
    assert found["waiting"] == [(ago(130), ago(90), "", "", (), None, None)]
    assert found["time_to_home"] == [(ago(85), None, "", "", groups, 115, None)]
    assert [(step, begins, days) for begins, _, step, _, _, days, _ in found["step_time"]] == [
        ("assessment", ago(130), 70),
        ("registration", ago(120), 10),
        ("offer", ago(100), 20),
        ("answer", ago(95), 5),
        ("contract", ago(90), 5),
        ("move_in", ago(85), 5),
    ]
    assert found["homes_running"] == [(ago(85), None, "", "Prov", ("children:yes",), None, None)]
    assert found["moved_in"] == [(ago(85), None, "", "Prov", (), None, None)]
    assert found["offers_declined"] == [(ago(95), None, "", "", (), None, False)]


@pytest.mark.parametrize(
    ("born", "coordination", "groups"),
    [
        (date(1961, 1, 1), False, "age:65-"),
        (date(1975, 1, 1), True, "age:45-64"),
        (date(2006, 1, 1), True, "age:18-24"),
    ],
)
def test_who_the_applicant_is(world: World, born: date, coordination: bool, groups: str) -> None:
    """A co-ordination number tells no sex."""
    case = world.case(adult(personal_number=a_number(born, coordination=coordination)))
    world.housed(case)
    [(*_, there, _, _)] = told(world, case)["time_to_home"]
    sex = () if coordination else (f"sex:{sex_of(world, case)}",)
    assert there == (*sex, groups, "children:no")


def test_a_draft_does_not_wait_and_neither_does_who_is_to_complete_it(world: World) -> None:
    case = world.case()
    world.grant(case)
    world.draft(case)
    assert "waiting" not in told(world, case)
    case = world.case()
    row = world.submitted(case)
    assert told(world, case)["waiting"] == [(ago(130), None, "", "", (), None, None)]
    words = {"referral_id": row.id, "expected_version": row.version, "request": "Mer om stödet."}
    world.act("property", referrals.return_for_completion, **words, on=ago(125))
    assert told(world, case)["waiting"] == [(ago(130), ago(125), "", "", (), None, None)]


def test_who_stops_waiting_on_the_first_day_never_waited(world: World) -> None:
    case = world.case()
    row = world.submitted(case)
    words = {"referral_id": row.id, "expected_version": row.version, "request": "Mer om stödet."}
    world.act("property", referrals.return_for_completion, **words, on=ago(130))
    assert "waiting" not in told(world, case)


def test_an_offer_counts_when_it_is_answered(world: World) -> None:
    case = world.case()
    referral = world.registered(case)
    offer = world.offer(referral)
    assert "offers_declined" not in told(world, case)
    words = {"offer_id": offer.id, "expected_version": offer.version, "on": ago(96)}
    world.act("property", offers.withdraw, **words, reason="Bostaden skadades.")
    assert "offers_declined" not in told(world, case)
    again = world.offer(referral, on=ago(90))
    words = {"offer_id": again.id, "expected_version": again.version, "on": ago(88)}
    code = _decline_code()
    world.act(CASEWORKER, offers.decline, **words, code=code, reason="Trappor.")
    found = told(world, case)
    assert found["offers_declined"] == [(ago(88), None, "", "", (), None, True)]
    steps = [(step, begins, days) for begins, _, step, _, _, days, _ in found["step_time"]]
    assert ("offer", ago(100), 20) in steps and ("answer", ago(88), 2) in steps


def _decline_code() -> str:
    offer = Registry.discover().get(PACK).programme(MUNICIPAL).offers
    assert offer is not None
    return offer.decline_reasons[0].id


def test_a_corrected_day_moves_what_is_counted(world: World) -> None:
    case = world.case()
    world.housed(case)
    told(world, case)
    contract = contract_of(world, case)
    world.act(
        "property",
        correcting.correct_contract_days,
        contract_id=contract.id,
        expected_version=contract.version,
        reason="moved_in_other_day",
        starts_on=ago(80),
    )
    found = told(world, case)
    assert [one[0] for one in found["homes_running"]] == [ago(80)]
    assert [one[5] for one in found["time_to_home"]] == [120]
    assert [one[0] for one in found["moved_in"]] == [ago(80)]


def test_a_contract_that_never_began_is_no_home(world: World) -> None:
    case = world.case()
    offer = world.accepted(case, world.registered(case))
    contract = world.contract(offer, starts_on=today() + timedelta(days=20))
    assert told(world, case)["moved_in"][0][0] == today() + timedelta(days=20)
    world.act(
        "property",
        ending.end,
        contract_id=contract.id,
        expected_version=world.again(contract).version,
        reason="never_began",
        ended_on=today(),
    )
    found = told(world, case)
    assert not {"moved_in", "homes_running", "time_to_home", "ended", "moved_on"} & set(found)
    assert {one[2] for one in found["step_time"]} == {
        *("assessment", "registration", "offer", "answer")
    }
    assert world.rows(Offer, case_id=case.id)[0].state == "accepted"
