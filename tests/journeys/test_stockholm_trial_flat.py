"""Stockholm over the API: a trial flat with no training flat before it, and conditions refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.policy import add_months
from hemvist_api_office import Voice
from hemvist_kommun_api import DECISION, Trail, open_kommun
from hemvist_world import SUPPORT

PEOPLE = {"caseworker": "maryam.ekholm", "manager": "niklas.storm", "officer": "oskar.vikander"}
CONTENT = {
    "decision": "Försökslägenhet med boendestöd.",
    "home_need": "Ett rum och kök.",
    "boendestod": True,
}
#: Nobody is asked where they practised: no question of a training flat stands in the way.
ADULT: dict[str, Any] = {
    "difficulties": ["harmful_use"],
    "long_standing": True,
    "in_exit_programme": False,
    "needs_support_in_home": True,
    "needs_extensive_support": True,
    "manages_with_support": True,
    "needed_for_reasonable_living": True,
    "own_ways_exhausted": True,
    "market_weighed": False,
    "homelessness_only": False,
    "has_children_elsewhere": False,
    "boendestod_granted": True,
    "conditions_in_decision": [],
    "change_described": True,
}
SIGNED_ON = today() - timedelta(days=10)
UNTIL = add_months(SIGNED_ON, 12)
#: What a caseworker may write, and what guideline and law say of it: flag, rule, source.
FORBIDDEN = [
    ("sobriety", "LF-4", "drug_clause", "TU Socialtjänsten som hyresvärd"),
    ("treatment", "LF-4", "treatment_condition", "JO 8958-2020"),
    ("earlier_step", "", "training_flat_first", "TU Bistånd till tillfällig bostadsanskaffning"),
]


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[dict[str, Voice]]:
    with open_kommun("stockholm", PEOPLE) as people:
        yield people


def trail(office: dict[str, Voice]) -> Trail:
    return Trail(office, "SDN-BIST", "0180", "trial_flat", CONTENT, resident_signs=False)


def condition(kind: str, text: str = "Som villkor för biståndet.") -> list[dict[str, str]]:
    return [{"kind": kind, "text": text}]


def test_a_trial_flat_without_a_training_flat_and_without_conditions(
    office: dict[str, Voice],
) -> None:
    """STH-01, 05, 17, 22: refused with the reason and its source; without it, on to the contract."""
    way, day = trail(office), SIGNED_ON - timedelta(days=40)
    way.open(SIGNED_ON - timedelta(days=60), **ADULT)
    asked = way.read("questions { fact } criteria { rule outcome trace { id outcome } }")
    assert "practised_in" not in {one["fact"] for one in asked["questions"]}
    entry = {one["rule"]: one["outcome"] for one in asked["criteria"]}
    assert entry["may_grant_trial_flat"] == "true"

    for kind, flag, rule, source in FORBIDDEN:
        refused = office["caseworker"].refused(
            "proposeDecision", **way.proposal(SUPPORT, day, conditions=condition(kind))
        )
        assert refused["__typename"] == "PolicyRefused"
        said = {one["flag"]: one for one in refused["items"]}[flag]
        assert (said["rule"], said["effect"]) == (rule, "block")
        assert source in said["cite"][0] or source in said["cite"]
        assert said["message"]["sv"]
    # In other words it is seen too: the person names it, or says why it is something else.
    words = condition("other", "Ska först ha klarat ett år i träningslägenhet.")
    warned = office["caseworker"].refused(
        "proposeDecision", **way.proposal(SUPPORT, day, conditions=words)
    )
    assert {one["field"] for one in warned["problems"]} == {"wentOnBecause"}
    assert "Sedan revideringen" in warned["problems"][0]["params"]["sv"]
    assert way.read("decisions { id }")["decisions"] == []

    _nobody_decides_alone(way, day)
    contract = _to_the_contract(way)
    assert contract["formLabel"] == "Andrahandskontrakt för försökslägenhet"
    assert (contract["kind"], contract["case"]["stage"]) == ("sublease", "Boende med bistånd")
    assert contract["endsOn"] == str(UNTIL)
    assert [one["kind"] for one in contract["clauses"]] == ["ends_with_support"]
    # Carried out: nothing is left to report as not executed.
    assert way.due("execute_decision") == []


def _nobody_decides_alone(way: Trail, day: date) -> None:
    """The proposal without the condition: advised, and decided by somebody else."""
    proposed = way.office["caseworker"].do(
        "proposeDecision", f"decision {{ {DECISION} }}", **way.proposal(SUPPORT, day)
    )
    assert (proposed["advice"], proposed["conditions"]) == ("true", [])
    given = {"decisionId": proposed["id"], "expectedVersion": proposed["version"], "on": str(day)}
    own = way.office["caseworker"].refused("decide", **given)
    assert (own["__typename"], own["action"]) == ("NotAllowed", "decision.decide")
    decided = way.office["manager"].do("decide", f"decision {{ {DECISION} }}", **given)
    assert (decided["state"], decided["decidedBy"]["name"]) == ("decided", "Niklas Storm")
    assert way.read("stage")["stage"] == "Bistånd beviljat, ännu ingen lägenhet"
    assert way.due("execute_decision") == [str(add_months(day, 3))]


def _to_the_contract(way: Trail) -> dict[str, Any]:
    """The one who lets: no clause on drugs or alcohol, and the link told, dated and signed."""
    offer = way.offered(
        way.referred(SIGNED_ON - timedelta(days=36)), SIGNED_ON - timedelta(days=20)
    )
    given = way.contract(
        offer,
        SIGNED_ON,
        endsOn=str(UNTIL),
        terms={"fixed_term_until": str(UNTIL), "informed_of_link": True},
        toldOfLinkOn=str(SIGNED_ON),
        ownerNotifiedOn=str(SIGNED_ON),
    )
    for kind in ("sobriety", "alcohol_in_home"):
        refused = way.office["officer"].refused(
            "signContract", **given | {"clauses": condition(kind)}
        )
        assert (refused["__typename"], refused["rule"]) == ("PolicyRefused", "against_law")
        assert {one["flag"] for one in refused["items"]} == {"LF-4"}
    untold = {name: value for name, value in given.items() if name != "toldOfLinkOn"}
    refused = way.office["officer"].refused("signContract", **untold)
    assert [(one["field"], one["rule"]) for one in refused["problems"]] == [
        ("toldOfLinkOn", "link_not_told")
    ]
    return way.signed(given)


def test_a_training_flat_before_is_no_condition_by_the_day_of_the_revision(
    office: dict[str, Voice],
) -> None:
    """STH-22: the older wording is not clear, so the guideline refuses from the revision's day on."""
    way = trail(office)
    way.open(date(2025, 12, 1), **ADULT)
    given = condition("earlier_step")
    refused = office["caseworker"].refused(
        "proposeDecision", **way.proposal(SUPPORT, date(2026, 1, 1), conditions=given)
    )
    assert refused["rule"] == "refused_by_guideline"
    before = office["caseworker"].do(
        "proposeDecision",
        f"decision {{ {DECISION} }}",
        **way.proposal(SUPPORT, date(2025, 12, 31), conditions=given),
    )
    assert [one["kind"] for one in before["conditions"]] == ["earlier_step"]
