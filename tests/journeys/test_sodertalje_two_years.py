"""Södertälje over the API: a municipal contract that the resident takes over after two years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.policy import add_days, add_months
from hemvist_api_office import Voice
from hemvist_kommun_api import Trail, open_kommun
from hemvist_world import HOUSING

PEOPLE = {
    "caseworker": "filip.hagman",
    "manager": "gabriella.nasser",
    "officer": "hanna.bergdahl",
}
CONTENT = {
    "household": "Ensam vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Får inte hyra på den vanliga marknaden.",
}
#: Two years to the day have passed three days ago.
STARTS = add_days(add_months(today(), -24), -3)
TWO_YEARS = add_months(STARTS, 24)
TAKEOVER = """ id state version earliestOn eligibleOn takenOverOn lease { kind state startsOn rentOre }
    checks { code label outcome way } """


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[dict[str, Voice]]:
    with open_kommun("sodertalje", PEOPLE) as people:
        yield people


def housed(office: dict[str, Voice], owner: str, stock: str) -> tuple[Trail, dict[str, Any]]:
    """In a flat by a municipal contract since more than two years."""
    way = Trail(office, "SOC", "0181", "municipal_contract", CONTENT)
    signed_on = add_days(STARTS, -7)
    way.open(add_days(signed_on, -60), barred_from_market=True, home_owner=owner)
    contract = way.signed(
        way.contract(
            way.accepted(signed_on),
            signed_on,
            terms={"stock": stock},
            toldOfLinkOn=str(signed_on),
            ownerNotifiedOn=str(signed_on),
        )
    )
    way.let_the_worker_work()
    return way, contract


def takeover_of(way: Trail, who: str = "officer") -> dict[str, Any]:
    [found] = way.read(f"takeovers {{ {TAKEOVER} }}", who)["takeovers"]
    return found  # type: ignore[no-any-return]


def carried(takeover: dict[str, Any], on: date, **changes: Any) -> dict[str, Any]:
    return {
        "takeoverId": takeover["id"],
        "expectedVersion": takeover["version"],
        "on": str(on),
        "parties": ["resident", "landlord"],
        "told": ["tribunal_or_owner"],
        **changes,
    }


def test_taken_over_after_two_years_in_the_public_stock(office: dict[str, Voice]) -> None:
    """SOD-07, SOD-11: sublet for two years, then the resident's own, not a day before."""
    way, contract = housed(office, "public_company", "public_company")
    assert (contract["formLabel"], contract["case"]["stage"]) == (
        "Kommunkontrakt i andra hand",
        "Hyr i andra hand",
    )
    # The kommun is the tenant of the company and lets on: it signs, and the company does not.
    assert {one["role"]: one["signs"] for one in contract["parties"]} == {
        "tenant": True,
        "kommun": True,
    }
    assert way.due("takeover_tried") == [str(TWO_YEARS)]
    # LF-2: somebody decides before two years second-hand give a right to extension (JB 12:45).
    [alarm] = way.due("tenure_alarm")
    assert alarm < str(TWO_YEARS)

    takeover = takeover_of(way)
    assert (takeover["state"], takeover["earliestOn"]) == ("waiting", str(TWO_YEARS))
    assert [(one["label"], one["outcome"], one["way"]) for one in takeover["checks"]] == [
        ("Bostaden ägs av allmännyttan", "true", "manual"),
        ("Två år har gått", "true", "auto"),
    ]
    day_before = TWO_YEARS - timedelta(days=1)
    early = office["officer"].refused("carryOutTakeover", **carried(takeover, day_before))
    assert (early["__typename"], early["rule"]) == ("PolicyRefused", "takeover_too_early")
    assert "R14 Södertälje" in early["cite"]
    untold = office["officer"].refused("carryOutTakeover", **carried(takeover, today(), told=[]))
    assert [(one["field"], one["params"]["item"]) for one in untold["problems"]] == [
        ("told", "tribunal_or_owner")
    ]
    done = office["officer"].do(
        "carryOutTakeover", f"takeover {{ {TAKEOVER} }}", **carried(takeover, TWO_YEARS)
    )
    assert (done["state"], done["takenOverOn"]) == ("done", str(TWO_YEARS))
    assert done["lease"] == {
        "kind": "first_hand",
        "state": "signed",
        "startsOn": str(TWO_YEARS),
        "rentOre": contract["rentOre"],
    }
    after = way.read("stage contracts { kind state endedOn endReason }")
    assert after["stage"] == "Eget kontrakt"
    held = {
        one["kind"]: (one["state"], one["endedOn"], one["endReason"]) for one in after["contracts"]
    }
    assert held["sublease"] == ("ended", str(TWO_YEARS), "taken_over")
    # Nothing of the two years is left to do.
    assert way.due("takeover_tried") == way.due("tenure_alarm") == []


def test_no_takeover_where_the_owner_has_no_such_order(office: dict[str, Voice]) -> None:
    """SOD-10, SOD-11: at Graflunds two years alone give nothing."""
    way, _ = housed(office, "graflunds", "on_request")
    takeover = takeover_of(way)
    assert {one["label"]: one["outcome"] for one in takeover["checks"]} == {
        "Bostaden ägs av allmännyttan": "false",
        "Två år har gått": "true",
    }
    refused = office["officer"].refused("carryOutTakeover", **carried(takeover, today()))
    assert refused["__typename"] == "PolicyRefused"
    assert "R14 Södertälje" in str(refused["trace"])
    assert way.read("stage")["stage"] == "Hyr i andra hand"


def test_owners_with_queues_of_their_own_are_not_part_of_it(office: dict[str, Voice]) -> None:
    """SOD-12: a home of Akelius or HSB speaks against the decision on the housing."""
    way = Trail(office, "SOC", "0181", "municipal_contract", CONTENT)
    signed_on = today() - timedelta(days=5)
    way.open(add_days(signed_on, -60), barred_from_market=True, home_owner="own_queue")
    way.accepted(signed_on, housing=False)
    refused = office["caseworker"].refused(
        "proposeDecision", **way.proposal(HOUSING, add_days(signed_on, -2))
    )
    assert [one["field"] for one in refused["problems"]] == ["departureReason"]
    way.answer(home_owner="public_company")
    assert way.decided(HOUSING, add_days(signed_on, -2))["advice"] == "true"
