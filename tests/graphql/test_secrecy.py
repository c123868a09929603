"""Consents and disclosures at the API: on the case, in the department's list, and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.households.models import HouseholdMember
from hemvist_api import ask, command, failure
from hemvist_graphql.ids import global_id
from hemvist_world import World, new_world

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
CASE = """query Q($id: ID!) { case(id: $id) {
  secrecyConsents { id recipient scope given givenOn withdrawnOn withdrawnHow inForce version
    person { id } registeredBy { name } }
  secrecyDisclosures { id ground cite recipientKind recipient fields purpose disclosedOn
    consent { id } disclosedBy { name } case { id } } } }"""
LIST = """query Q($ground: String, $kind: String) {
  secrecyDisclosures(ground: $ground, recipientKind: $kind) { totalCount
    edges { node { id recipient } } } }"""
NODE = "query Q($id: ID!) { node(id: $id) { __typename } }"
FRIDHEM = {"recipientKind": "provider", "recipient": "Fridhem"}


@pytest.fixture(scope="module")
def place(database: str) -> World:
    """A kommun of its own: lists are counted here."""
    return new_world()


@pytest.fixture
def case(place: World) -> Case:
    found: Case = place.case()
    return found


def consent(world: World, case: Case, **more: Any) -> dict[str, Any]:
    [member] = world.rows(HouseholdMember, household_id=case.household_id)
    given = {
        "caseId": global_id("Case", case.id),
        "personId": global_id("Person", member.person_id),
        **FRIDHEM,
        "scope": ["contact", "support"],
        "given": "written",
        **more,
    }
    done = command(
        world[CASEWORKER], "giveSecrecyConsent", given, "secrecyConsent { id version inForce }"
    )
    found: dict[str, Any] = done["secrecyConsent"]
    return found


def told(world: World, case: Case, **more: Any) -> dict[str, Any]:
    given = {
        "caseId": global_id("Case", case.id),
        "ground": "consent",
        **FRIDHEM,
        "fields": ["contact"],
        **more,
    }
    return command(
        world[CASEWORKER], "discloseOverBorder", given, "secrecyDisclosure { id cite purpose }"
    )


def of(world: World, who: str, case: Case) -> Any:
    return ask(world[who], CASE, id=global_id("Case", case.id))["case"]


def test_a_consent_and_what_is_told_by_it(place: World, case: Case) -> None:
    held = consent(place, case)
    assert held["inForce"] is True
    done = told(place, case, secrecyConsentId=held["id"])["secrecyDisclosure"]
    assert (done["cite"], done["purpose"]) == ("OSL 10:1, 12:2", None)
    for who in (CASEWORKER, MANAGER):
        found = of(place, who, case)
        [one] = found["secrecyConsents"]
        assert (one["recipient"], one["scope"]) == ("Fridhem", ["contact", "support"])
        assert one["registeredBy"] == {"name": CASEWORKER}
        [line] = found["secrecyDisclosures"]
        assert (line["fields"], line["consent"]) == (["contact"], {"id": held["id"]})
        assert line["case"] == {"id": global_id("Case", case.id)}


def test_without_a_consent_it_is_refused_in_words(place: World, case: Case) -> None:
    refused = told(place, case)
    assert (refused["__typename"], refused["rule"]) == ("PolicyRefused", "consent_needed")
    assert refused["cite"] == ["OSL 10:1, 12:2"] or refused["cite"] == "OSL 10:1, 12:2"
    narrow = consent(place, case)
    refused = told(place, case, secrecyConsentId=narrow["id"], fields=["health"])
    assert refused["rule"] == "consent_too_narrow"
    refused = told(place, case, ground="necessity")
    assert refused["problems"][0]["field"] == "purpose"


def test_withdrawn_it_carries_nothing_more(place: World, case: Case) -> None:
    held = consent(place, case)
    given = {
        "secrecyConsentId": held["id"],
        "how": "oral",
        "expectedVersion": held["version"],
    }
    done = command(
        place[CASEWORKER],
        "withdrawSecrecyConsent",
        given,
        "secrecyConsent { inForce withdrawnOn withdrawnHow }",
    )["secrecyConsent"]
    assert done == {
        "inForce": False,
        "withdrawnOn": today().isoformat(),
        "withdrawnHow": "oral",
    }
    assert told(place, case, secrecyConsentId=held["id"])["rule"] == "consent_over"
    again = command(
        place[CASEWORKER],
        "withdrawSecrecyConsent",
        {**given, "expectedVersion": held["version"] + 1},
        "__typename",
    )
    assert again["rule"] == "already_withdrawn"


def test_one_that_has_run_out_is_not_in_force(place: World, case: Case) -> None:
    earlier = today() - timedelta(days=30)
    held = consent(
        place,
        case,
        givenOn=earlier.isoformat(),
        until=(today() - timedelta(days=1)).isoformat(),
    )
    assert held["inForce"] is False


def test_the_list_is_the_departments(place: World, case: Case) -> None:
    before = ask(place[CASEWORKER], LIST)["secrecyDisclosures"]["totalCount"]
    purpose = "Socialtjänsten behöver ett läkarintyg."
    done = told(
        place,
        case,
        ground="necessity",
        recipientKind="authority",
        recipient="Region Skåne",
        purpose=purpose,
    )["secrecyDisclosure"]
    assert done["purpose"] == purpose
    listed = ask(place[MANAGER], LIST)["secrecyDisclosures"]
    assert listed["totalCount"] == before + 1
    assert listed["edges"][0]["node"] == {"id": done["id"], "recipient": "Region Skåne"}
    by_ground = ask(place[MANAGER], LIST, ground="necessity", kind="authority")
    assert done["id"] in [edge["node"]["id"] for edge in by_ground["secrecyDisclosures"]["edges"]]
    assert ask(place[MANAGER], LIST, ground="no such")["secrecyDisclosures"]["totalCount"] == 0
    assert ask(place["caseworker AMF"], LIST)["secrecyDisclosures"] == {
        "totalCount": 0,
        "edges": [],
    }
    assert failure(place["property"], LIST)["extensions"]["code"] == "NOT_ALLOWED"


def test_another_department_finds_neither(place: World, case: Case) -> None:
    held = consent(place, case)
    done = told(place, case, secrecyConsentId=held["id"])["secrecyDisclosure"]
    for who in ("caseworker AMF", "property"):
        for row_id in (held["id"], done["id"]):
            assert ask(place[who], NODE, id=row_id) == {"node": None}
    refused = command(
        place["caseworker AMF"],
        "withdrawSecrecyConsent",
        {"secrecyConsentId": held["id"], "how": "oral", "expectedVersion": 1},
        "__typename",
    )
    assert refused["__typename"] == "NotFound"
