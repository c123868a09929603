"""Claims, payments, recourse and write-offs: by whom, how much, and what the ledger says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.guarantees import claims, recourse
from hemvist_guarantees import (
    CAP,
    OFFICER,
    OTHER,
    RENT,
    STATEMENT,
    accounts,
    claim,
    day,
    decide,
    demand,
    entries,
    give_up,
    guaranteed,
    paid,
    pay,
    repay,
    settle,
)
from hemvist_world import World, caseworker_of


def refused(problem: pytest.ExceptionInfo[ValidationFailed]) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in problem.value.problems]


def test_from_claim_to_write_off_the_ledger_balances(world: World) -> None:
    row = guaranteed(world)
    first = claim(world, row, 2 * RENT)
    assert accounts(world, row.id) == {}
    approved = decide(world, first, RENT + 50_000)
    assert accounts(world, row.id) == {"liability": RENT + 50_000, "landlord": -RENT - 50_000}
    pay(world, pay(world, approved, RENT), 50_000)
    owed = demand(world, row, RENT)
    repay(world, owed, 100_000)
    settle(world, give_up(world, owed, RENT - 100_000))
    assert entries(world, row.id) == [
        ("approval", RENT + 50_000),
        ("payment", RENT),
        ("payment", 50_000),
        ("demand", RENT),
        ("recovery", 100_000),
        ("write_off", RENT - 100_000),
    ]
    found = accounts(world, row.id)
    assert found == {
        "liability": 50_000,
        "landlord": 0,
        "household": 0,
        "loss": RENT - 100_000,
        "bank": 100_000 - RENT - 50_000,
    }
    assert sum(found.values()) == 0
    now = world.again(row)
    assert (now.approved_ore, now.paid_ore, now.demanded_ore) == (RENT + 50_000,) * 2 + (RENT,)
    assert (now.recovered_ore, now.written_off_ore) == (100_000, RENT - 100_000)
    assert world.again(owed).state == "settled"
    assert world.again(first).state == "paid"


def test_every_act_leaves_its_line_and_its_audit(world: World) -> None:
    row = guaranteed(world)
    owed = demand(world, row, paid(world, row).paid_ore)
    settle(world, give_up(world, owed, 1_000), "refused")
    kinds = [one.kind for one in world.rows(CaseEvent, case_id=row.case_id)]
    assert kinds[-6:] == [
        "guarantee_claimed",
        "guarantee_claim_decided",
        "guarantee_claim_paid",
        "recourse_demanded",
        "write_off_proposed",
        "write_off_decided",
    ]
    logged = [one.action for one in world.rows(AuditEntry, case_id=row.case_id)]
    assert logged.count("guarantee.decide") == 2
    assert logged.count("guarantee.manage") == 4


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"amount_ore": 0}, ("amountOre", "amount")),
        ({"amount_ore": -1}, ("amountOre", "amount")),
        ({"kind": "furniture"}, ("kind", "unknown_choice")),
        ({"documents": []}, ("documents", "required")),
        ({"documents": [STATEMENT | {"title": " "}]}, ("documents[0].title", "required")),
        ({"documents": [STATEMENT | {"kind": "x"}]}, ("documents[0].kind", "unknown_choice")),
        ({"documents": [STATEMENT | {"dated_on": day(1)}]}, ("documents[0].datedOn", "future")),
        ({"received_on": day(1)}, ("receivedOn", "future")),
        ({"period_from": day(-400)}, ("periodFrom", "before_guarantee")),
        ({"period_to": day(400)}, ("periodTo", "after_guarantee")),
        ({"notes": "x" * 10_001}, ("notes", "too_long")),
    ],
)
def test_a_claim_that_cannot_be(
    world: World, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    row = guaranteed(world)
    with pytest.raises(ValidationFailed) as raised:
        claim(world, row, **changes)
    assert problem in refused(raised)


def test_the_condition_of_the_flat_is_covered_where_the_guideline_says(world: World) -> None:
    """HBG-11."""
    protocol = STATEMENT | {"kind": "inspection_protocol", "title": "Besiktning"}
    assert (
        claim(world, guaranteed(world), kind="condition", documents=[protocol]).kind == "condition"
    )


def test_nobody_decides_on_what_they_registered(world: World) -> None:
    row = claim(world, guaranteed(world))
    with pytest.raises(NotAllowed):
        world.act(
            OFFICER,
            claims.decide_claim,
            claim_id=row.id,
            outcome="approved",
            approved_ore=RENT,
            motivation="Jag själv.",
            expected_version=row.version,
        )
    # The department's manager may, the caseworker may not, another department sees nothing.
    with pytest.raises(NotAllowed):
        world.act(
            caseworker_of("SOF-VUX"),
            claims.decide_claim,
            claim_id=row.id,
            outcome="refused",
            motivation="Nej.",
            expected_version=row.version,
        )
    with pytest.raises(NotFound):
        world.act(
            caseworker_of("AMF"),
            claims.decide_claim,
            claim_id=row.id,
            outcome="refused",
            motivation="Nej.",
            expected_version=row.version,
        )


def test_nobody_grants_their_own_write_off(world: World) -> None:
    row = guaranteed(world)
    proposal = give_up(world, demand(world, row, paid(world, row).paid_ore), RENT)
    with pytest.raises(NotAllowed):
        world.act(
            OFFICER,
            recourse.decide_write_off,
            write_off_id=proposal.id,
            outcome="granted",
            expected_version=proposal.version,
        )


def test_no_claim_goes_beyond_the_cap_or_itself(world: World) -> None:
    row = guaranteed(world)
    whole = claim(world, row, CAP + 1)
    with pytest.raises(ValidationFailed) as raised:
        decide(world, whole, CAP + 1)
    assert refused(raised) == [("approvedOre", "beyond_cap")]
    with pytest.raises(ValidationFailed) as raised:
        decide(world, whole, CAP + 2)
    assert refused(raised) == [("approvedOre", "beyond_claim")]
    decide(world, whole, CAP)
    second = claim(world, row, 1)
    with pytest.raises(ValidationFailed) as raised:
        decide(world, second, 1)
    assert raised.value.problems[0].params["left"] == 0
    decide(world, second, 0, outcome="refused")
    assert world.again(row).approved_ore == CAP


def test_no_payment_goes_beyond_the_approval(world: World) -> None:
    approved = decide(world, claim(world, guaranteed(world)), 10_000)
    with pytest.raises(ValidationFailed) as raised:
        pay(world, approved, 10_001)
    assert refused(raised) == [("amountOre", "beyond_approval")]
    whole = pay(world, approved, 10_000)
    with pytest.raises(Conflict):
        pay(world, whole, 1)


def test_the_same_payment_is_entered_once(world: World) -> None:
    approved = decide(world, claim(world, guaranteed(world)), RENT)
    part = pay(world, approved, 10_000, reference="BG 77")
    with pytest.raises(Conflict) as raised:
        pay(world, part, 10_000, reference=" BG 77 ")
    assert raised.value.rule == "already_entered"
    assert world.again(part).paid_ore == 10_000


def test_more_is_never_asked_back_than_was_paid_nor_paid_than_is_owed(world: World) -> None:
    row = guaranteed(world)
    with pytest.raises(ValidationFailed) as raised:
        demand(world, row, 1)
    assert refused(raised) == [("amountOre", "beyond_paid")]
    paid(world, row)
    owed = demand(world, row, RENT)
    with pytest.raises(ValidationFailed) as raised:
        demand(world, row, 1)
    assert refused(raised) == [("amountOre", "beyond_paid")]
    for act in (repay, give_up):
        with pytest.raises(ValidationFailed) as raised:
            act(world, owed, RENT + 1)
        assert refused(raised) == [("amountOre", "beyond_owed")]


def test_a_write_off_that_is_too_late(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    owed = demand(world, row, RENT)
    proposal = give_up(world, owed, RENT)
    with pytest.raises(Conflict):
        give_up(world, owed, 1)
    repay(world, owed, 1)
    with pytest.raises(Conflict) as raised:
        settle(world, proposal)
    assert raised.value.rule == "less_is_owed"
    assert settle(world, proposal, "refused").state == "refused"
    assert world.again(owed).written_off_ore == 0


def test_instalments_come_to_the_whole_and_follow_one_another(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    half = [
        {"due_on": day(30), "amount_ore": RENT // 2},
        {"due_on": day(60), "amount_ore": RENT // 2},
    ]
    for wrong in ([], half[:1], half[::-1], [*half, {"due_on": day(90), "amount_ore": 0}]):
        with pytest.raises(ValidationFailed):
            demand(world, row, RENT, instalments=wrong)
    owed = demand(world, row, RENT, instalments=half)
    assert [one["due_on"] for one in owed.instalments] == [str(day(30)), str(day(60))]
    repay(world, owed, RENT // 2)
    anew = world.act(
        OFFICER,
        recourse.agree_instalments,
        recourse_id=owed.id,
        instalments=[{"due_on": day(200), "amount_ore": RENT - RENT // 2}],
        expected_version=world.again(owed).version,
    )
    assert len(anew.instalments) == 1


def test_claims_for_the_time_that_it_held_come_after_its_end_too(world: World) -> None:
    from hemvist.guarantees.ending import end_guarantee

    row = guaranteed(world)
    ended = world.act(
        OFFICER,
        end_guarantee,
        guarantee_id=row.id,
        reason="dialogue",
        dialogue_on=today() - timedelta(days=3),
        parties=["landlord", "property"],
        told=["referrer_told_guarantee_ended"],
        motivation="Hushållet flyttar till en annan stad.",
        expected_version=row.version,
    )
    assert (ended.state, ended.ended_on) == ("ended", today())
    paid(world, ended)
    with pytest.raises(ValidationFailed) as raised:
        claim(world, ended, period_to=today(), received_on=today())
    assert refused(raised) == [("periodTo", "after_guarantee")]
    assert OTHER in world.people
