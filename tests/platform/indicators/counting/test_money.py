"""Guarantees, what they cost, and rent that is owed: by lives made by hand."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from hemvist.cases import closing
from hemvist.clock import today
from hemvist.guarantees import ending, reversing
from hemvist.guarantees.ledger_models import GuaranteeEntry
from hemvist.guarantees.models import Guarantee
from hemvist.indicators.fact import Fact
from hemvist_arrears import account, imported, row
from hemvist_guarantees import CAP, OFFICER, OTHER, RENT, day, demand, guaranteed, paid, repay
from hemvist_indicators import counted
from hemvist_world import World, a_number, adult, new_world

WHO, DEPARTMENT = "caseworker SOF-VUX", "SOF-VUX"


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


def entry(world: World, guarantee: Guarantee, kind: str) -> GuaranteeEntry:
    """The latest entry of a kind."""
    rows = world.rows(GuaranteeEntry, guarantee_id=guarantee.id, kind=kind)
    return rows[-1]  # type: ignore[no-any-return]


def take_back(world: World, guarantee: Guarantee, kind: str, on: date) -> UUID:
    """The latest entry of a kind, reversed by who did not make it; the entry that does so."""
    world.act(
        OTHER,
        reversing.reverse_entry,
        entry_id=entry(world, guarantee, kind).id,
        reason="Bokförd på fel garanti.",
        expected_version=world.again(guarantee).version,
        on=on,
    )
    found: UUID = entry(world, guarantee, kind).id
    return found


def end(world: World, guarantee: Guarantee, on: date) -> None:
    """Ended after a dialogue with the landlord."""
    world.act(
        OFFICER,
        ending.end_guarantee,
        guarantee_id=guarantee.id,
        reason="dialogue",
        dialogue_on=on,
        parties=["landlord", "property"],
        told=["referrer_told_guarantee_ended"],
        motivation="Hushållet har skött sig.",
        expected_version=world.again(guarantee).version,
        on=on,
    )


def test_a_guarantee_is_out_until_somebody_ends_it(world: World) -> None:
    guarantee = guaranteed(world)
    of, first = guarantee.id, guarantee.starts_on
    codes = ("guarantees_out", "guarantee_exposure")
    assert counted(world, guarantee.case_id, *codes) == [
        Fact("guarantee_exposure", of, first, amount=CAP),
        Fact("guarantees_out", of, first),
    ]
    end(world, guarantee, day(-3))
    assert counted(world, guarantee.case_id, *codes) == [
        Fact("guarantee_exposure", of, first, day(-3), amount=CAP),
        Fact("guarantees_out", of, first, day(-3)),
    ]


def test_one_ended_on_its_first_day_was_never_out(world: World) -> None:
    guarantee = guaranteed(world)
    end(world, guarantee, guarantee.starts_on)
    assert not counted(world, guarantee.case_id, "guarantees_out", "guarantee_exposure")


def test_what_is_paid_is_no_longer_at_risk(world: World) -> None:
    guarantee = guaranteed(world)
    of, first = guarantee.id, guarantee.starts_on
    paid(world, guarantee)
    payment = entry(world, guarantee, "payment")
    assert payment.booked_on == day(-10)
    assert counted(world, guarantee.case_id, "guarantee_exposure", "guarantee_claims") == [
        Fact("guarantee_claims", payment.id, day(-10), amount=RENT),
        Fact("guarantee_exposure", of, first, day(-10), amount=CAP),
        Fact("guarantee_exposure", of, day(-10), amount=CAP - RENT),
    ]
    back = take_back(world, guarantee, "payment", day(-2))
    assert counted(world, guarantee.case_id, "guarantee_exposure", "guarantee_claims") == [
        Fact("guarantee_claims", payment.id, day(-10), amount=RENT),
        Fact("guarantee_claims", back, day(-2), amount=-RENT),
        Fact("guarantee_exposure", of, first, day(-10), amount=CAP),
        Fact("guarantee_exposure", of, day(-10), day(-2), amount=CAP - RENT),
        Fact("guarantee_exposure", of, day(-2), amount=CAP),
    ]


def test_nothing_is_at_risk_when_the_cap_is_paid(world: World) -> None:
    guarantee = guaranteed(world)
    paid(world, guarantee, CAP)
    assert counted(world, guarantee.case_id, "guarantee_exposure") == [
        Fact("guarantee_exposure", guarantee.id, guarantee.starts_on, day(-10), amount=CAP)
    ]


def test_recourse_is_what_the_household_paid(world: World) -> None:
    guarantee = guaranteed(world)
    paid(world, guarantee)
    repay(world, demand(world, guarantee, RENT), RENT // 2, on=day(-4))
    paid_back = entry(world, guarantee, "recovery")
    assert counted(world, guarantee.case_id, "guarantee_recourse") == [
        Fact("guarantee_recourse", paid_back.id, day(-4), amount=RENT // 2)
    ]
    wrong = take_back(world, guarantee, "recovery", day(-1))
    assert counted(world, guarantee.case_id, "guarantee_recourse") == [
        Fact("guarantee_recourse", paid_back.id, day(-4), amount=RENT // 2),
        Fact("guarantee_recourse", wrong, day(-1), amount=-(RENT // 2)),
    ]


def owe(world: World, reference: str, number: str, on: date, owed: str = "7 450,50") -> None:
    """The landlord's list as of a day."""
    told = {"Personnummer": number, "Restbelopp": owed}
    told |= {"Betaldatum": str(on)} if owed == "0" else {}
    imported(world, WHO, DEPARTMENT, [row(reference, 2, **told)], position_on=on)


def test_rent_is_owed_from_the_list_that_says_so_to_the_one_that_says_no_more(
    world: World,
) -> None:
    number = a_number(date(1985, 3, 14))
    case = world.case(adult(personal_number=number))
    codes = ("arrears", "arrears_new")
    assert not counted(world, case.id, *codes)
    owe(world, "A-1", number, day(-20))
    assert counted(world, case.id, *codes) == [
        Fact("arrears", case.id, day(-20)),
        Fact("arrears_new", case.id, day(-20)),
    ]
    # Of two accounts the one that owes longest says how long.
    owe(world, "A-2", number, day(-15))
    assert account(world, "A-2").case_id == case.id
    owe(world, "A-1", number, day(-10), "0")
    assert counted(world, case.id, *codes) == [
        Fact("arrears", case.id, day(-20)),
        Fact("arrears_new", case.id, day(-20)),
    ]
    owe(world, "A-2", number, day(-5), "0")
    owe(world, "A-3", number, day(-4))
    assert counted(world, case.id, *codes) == [
        Fact("arrears", case.id, day(-20), day(-5)),
        Fact("arrears", case.id, day(-4)),
        Fact("arrears_new", case.id, day(-20)),
        Fact("arrears_new", case.id, day(-4)),
    ]


def test_a_closed_case_owes_nothing(world: World) -> None:
    number = a_number(date(1985, 3, 14))
    case = world.case(adult(personal_number=number))
    owe(world, "B-1", number, day(-20))
    world.act(
        WHO,
        closing.close,
        case_id=case.id,
        reason="own_home",
        expected_version=world.again(case).version,
        on=day(-6),
    )
    assert counted(world, case.id, "arrears") == [Fact("arrears", case.id, day(-20), day(-6))]


def test_what_is_settled_on_the_same_day_was_never_owed(world: World) -> None:
    number = a_number(date(1985, 3, 14))
    case = world.case(adult(personal_number=number))
    owe(world, "C-1", number, today())
    owe(world, "C-1", number, today(), "0")
    assert not counted(world, case.id, "arrears", "arrears_new")
