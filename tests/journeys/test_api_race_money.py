"""Two act on one guarantee's money at once, over the API: it is set aside and paid once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hemvist.guarantees.models import Guarantee, GuaranteeClaim
from hemvist_graphql.ids import global_id
from hemvist_guarantees import (
    CAP,
    RENT,
    accounts,
    claim,
    day,
    decide,
    demand,
    entries,
    guaranteed,
    paid,
)
from hemvist_race import People, Sent, open_race
from hemvist_world import World, peopled

EVA, FRED = "eva hv-property-ff", "fred hv-property-ff"
DONE = "PayGuaranteeClaimDone"


@pytest.fixture(scope="module")
def people(database: str) -> Iterator[People]:
    with open_race("helsingborg") as race:
        yield race["helsingborg"]


@pytest.fixture(scope="module")
def world(people: People) -> World:
    return peopled(people.tenant_id, ["SOF-VUX"])


@pytest.fixture
def guarantee(world: World) -> Guarantee:
    return guaranteed(world)


def on_claim(row: GuaranteeClaim, **words: Any) -> dict[str, Any]:
    return {
        "guaranteeClaimId": global_id("GuaranteeClaim", row.id),
        "expectedVersion": row.version,
        "on": str(day(-10)),
        **words,
    }


def approving(row: GuaranteeClaim, amount: int) -> dict[str, Any]:
    words = {"outcome": "approved", "approvedOre": amount, "motivation": "Obetald hyra."}
    return on_claim(row, **words)


@pytest.mark.parametrize("approved_first", [True, False])
def test_a_claim_decided_by_two(
    people: People, world: World, guarantee: Guarantee, approved_first: bool
) -> None:
    row = claim(world, guarantee)
    yes = approving(row, RENT)
    no = on_claim(row, outcome="refused", motivation="Hyran är betald, se kvitto.")
    words = (yes, no) if approved_first else (no, yes)
    one, other = (
        Sent(who, "decideGuaranteeClaim", given)
        for who, given in zip((EVA, FRED), words, strict=True)
    )
    held = ("guarantee_claims", row.id)
    people.one_wins(held, one, other, ["guarantee_claim_decided"], "stale_version")
    now = world.again(row)
    assert now.motivation == words[0]["motivation"]
    assert world.again(guarantee).approved_ore == (RENT if approved_first else 0)
    assert entries(world, guarantee.id) == ([("approval", RENT)] if approved_first else [])


def test_two_claims_on_what_is_left(people: People, world: World, guarantee: Guarantee) -> None:
    """Each within the cap, both beyond it: the second is told how much is left."""
    rows = [claim(world, guarantee, CAP - RENT), claim(world, guarantee, 2 * RENT)]
    sendings = [
        Sent(who, "decideGuaranteeClaim", approving(row, row.amount_ore))
        for who, row in zip((EVA, FRED), rows, strict=True)
    ]
    won, lost = people.together("guarantees", guarantee.id, *sendings)
    assert won["__typename"] == "DecideGuaranteeClaimDone"
    assert lost["__typename"] == "ValidationFailed"
    [problem] = lost["problems"]
    assert (problem["field"], problem["rule"]) == ("approvedOre", "beyond_cap")
    assert problem["params"]["left"] == RENT, problem
    assert world.again(guarantee).approved_ore == CAP - RENT
    assert world.again(rows[1]).state == "received"
    assert people.left_by(FRED) == people.left_by(FRED.replace("fred", "nobody"))


def paying(row: GuaranteeClaim, amount: int, **words: Any) -> dict[str, Any]:
    return on_claim(row, amountOre=amount, **words)


def ledger(world: World, guarantee: Guarantee) -> list[tuple[str, int]]:
    """What was paid, with both sides of it in the books."""
    now = world.again(guarantee)
    assert sum(accounts(world, guarantee.id).values()) == 0
    assert accounts(world, guarantee.id).get("bank", 0) == now.recovered_ore - now.paid_ore
    return [one for one in entries(world, guarantee.id) if one[0] == "payment"]


def test_a_payment_sent_twice_is_made_once(
    people: People, world: World, guarantee: Guarantee
) -> None:
    """The same key by one person: the button pressed twice, the network that tried again."""
    row = decide(world, claim(world, guarantee), RENT)
    one = Sent(EVA, "payGuaranteeClaim", paying(row, RENT // 2))
    events = people.events()
    answers = people.together("guarantees", guarantee.id, one, one, one)
    assert [answer["__typename"] for answer in answers] == [DONE] * 3
    assert ledger(world, guarantee) == [("payment", RENT // 2)]
    assert (world.again(row).paid_ore, people.events() - events) == (RENT // 2, 1)
    # Under that key nothing else can be paid, then or later.
    more = people.send(replace(one, given=paying(world.again(row), RENT // 2)))
    assert (more["__typename"], more["rule"]) == ("Conflict", "idempotency_key_reused")
    assert ledger(world, guarantee) == [("payment", RENT // 2)]


def test_a_payment_by_two_is_made_once(people: People, world: World, guarantee: Guarantee) -> None:
    """Keys of their own, and half of it each: still the second has not seen the first's."""
    row = decide(world, claim(world, guarantee), RENT)
    one, other = (Sent(who, "payGuaranteeClaim", paying(row, RENT // 2)) for who in (EVA, FRED))
    held = ("guarantees", guarantee.id)
    people.one_wins(held, one, other, ["guarantee_claim_paid"], "stale_version")
    assert ledger(world, guarantee) == [("payment", RENT // 2)]
    # Having read it again the other pays the rest: nothing of theirs was lost.
    rest = replace(other, given=paying(world.again(row), RENT // 2))
    assert people.send(rest)["__typename"] == DONE
    assert ledger(world, guarantee) == [("payment", RENT // 2)] * 2


def test_one_bank_payment_entered_on_two_claims(
    people: People, world: World, guarantee: Guarantee
) -> None:
    """Its number is known once, whichever claim it was entered on."""
    rows = [decide(world, claim(world, guarantee), RENT) for _ in range(2)]
    one, other = (
        Sent(who, "payGuaranteeClaim", paying(row, RENT, reference="BG 77-1"))
        for who, row in zip((EVA, FRED), rows, strict=True)
    )
    held = ("guarantees", guarantee.id)
    people.one_wins(held, one, other, ["guarantee_claim_paid"], "already_entered")
    assert ledger(world, guarantee) == [("payment", RENT)]


def test_what_the_household_pays_back_is_entered_once(
    people: People, world: World, guarantee: Guarantee
) -> None:
    paid(world, guarantee)
    row = demand(world, guarantee, RENT)
    given = {
        "guaranteeRecourseId": global_id("GuaranteeRecourse", row.id),
        "expectedVersion": row.version,
        "amountOre": RENT,
    }
    one, other = (Sent(who, "recordRecoursePayment", given) for who in (EVA, FRED))
    held, lines = ("guarantees", guarantee.id), ["recourse_paid"]
    people.one_wins(held, one, other, lines, "stale_version")
    assert world.again(guarantee).recovered_ore == RENT
    assert accounts(world, guarantee.id).get("bank", 0) == 0
