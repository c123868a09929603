"""Comparison of kommuner through the API: two people, give to get, and nothing for others."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist_api import ask, command, failure
from hemvist_compared import (
    ADMIN,
    POLICY,
    STEERING,
    STRANGER,
    WAYS,
    YEAR,
    carried,
    code_of,
    joined,
    kommun_in_comparisons,
    told,
)
from hemvist_kommun import Kommun

SHARING = """indicatorSharing { id comparison state version mayAgree mayEnd proposedBy { name }
  agreedBy { name } }"""
SHARINGS = (
    """{ indicatorSharings { edges { node { id comparison state version mayAgree mayEnd } } } }"""
)
ALL = """{ comparisons { code label(lang: "en") mayPropose indicators { code } members { code } years
  figures { year } given { year } } }"""
ONE = """query Q($year: Int) { comparison(code: "ways", year: $year) { members { code own } years
  figures { year version indicator { code measure unitLabel } figures { kommun own fromMonth toMonth facts
  rate inhabitants } } given { indicator { code } year } } }"""


@pytest.fixture
def three(database: str) -> list[Kommun]:
    """Three that take part, and have told a year."""
    found = [kommun_in_comparisons() for _ in range(3)]
    for number, one in enumerate(found):
        told(one, "moved_on", 10 + number)
        joined(one)
    carried(*found)
    return found


def proposed(kommun: Kommun) -> dict[str, Any]:
    made = command(kommun[ADMIN], "proposeComparison", {"comparison": WAYS}, SHARING)
    found: dict[str, Any] = made["indicatorSharing"]
    return found


def named(sharing: dict[str, Any]) -> dict[str, Any]:
    return {"indicatorSharingId": sharing["id"], "expectedVersion": sharing["version"]}


def test_one_proposes_another_agrees_and_one_ends(database: str) -> None:
    kommun = kommun_in_comparisons()
    sharing = proposed(kommun)
    assert (sharing["state"], sharing["mayAgree"], sharing["mayEnd"]) == ("proposed", False, True)
    refused = command(kommun[ADMIN], "joinComparison", named(sharing), SHARING)
    assert refused["__typename"] == "NotAllowed"
    [edge] = ask(kommun[POLICY], SHARINGS)["indicatorSharings"]["edges"]
    assert edge["node"]["mayAgree"] is True
    given = {**named(sharing), "idempotencyKey": "join-once-0001"}
    agreed = command(kommun[POLICY], "joinComparison", given, SHARING)
    assert agreed["indicatorSharing"]["state"] == "open"
    # Sent again it is answered the same, and done once.
    assert command(kommun[POLICY], "joinComparison", given, SHARING) == agreed
    stale = command(kommun[ADMIN], "leaveComparison", named(sharing), SHARING)
    assert stale["__typename"] == "Conflict"
    ended = command(kommun[ADMIN], "leaveComparison", named(agreed["indicatorSharing"]), SHARING)
    assert ended["indicatorSharing"]["state"] == "ended"


def test_an_unknown_comparison_names_its_field(database: str) -> None:
    kommun = kommun_in_comparisons()
    wrong = command(kommun[ADMIN], "proposeComparison", {"comparison": "everything"}, SHARING)
    assert wrong["__typename"] == "ValidationFailed"
    assert ask(kommun[ADMIN], '{ comparison(code: "everything") { code } }')["comparison"] is None
    assert failure(kommun[STEERING], ONE, year=12)["extensions"]["problems"][0]["field"] == "year"


def test_who_takes_part_sees_the_others(three: list[Kommun]) -> None:
    found = ask(three[0][STEERING], ONE, year=YEAR)["comparison"]
    codes = [code_of(one) for one in three]
    assert {one["code"] for one in found["members"]} == set(codes)
    assert [one["code"] for one in found["members"] if one["own"]] == codes[:1]
    [indicator] = found["figures"]
    assert indicator["indicator"]["code"] == "moved_on"
    assert {one["kommun"]: one["facts"] for one in indicator["figures"]} == dict(
        zip(codes, (10, 11, 12), strict=True)
    )
    assert found["given"] == [{"indicator": {"code": "moved_on"}, "year": YEAR}]
    assert ask(three[0][STEERING], ONE)["comparison"]["figures"] == found["figures"]
    assert ask(three[0][STEERING], ONE, year=YEAR - 1)["comparison"]["figures"] == []


def test_who_takes_no_part_sees_what_it_would_give_and_nothing_of_others(
    three: list[Kommun],
) -> None:
    outside = kommun_in_comparisons()
    told(outside, "moved_on", 99)
    carried(*three, outside)
    for who in (STEERING, POLICY, ADMIN):
        ways = ask(outside[who], ALL)["comparisons"][0]
        assert (ways["code"], "moved_on" in str(ways["indicators"])) == ("ways", True)
        assert [ways[one] for one in ("members", "years", "figures", "given")] == [[]] * 4
        assert ways["mayPropose"] is (who != STEERING)


def test_who_decides_without_reading_figures_is_shown_none(three: list[Kommun]) -> None:
    """An administrator lets the kommun in and out; figures are others' matter."""
    found = ask(three[0][ADMIN], ONE)["comparison"]
    assert (found["members"], found["figures"]) == ([], [])


def test_strangers_are_told_of_nothing(three: list[Kommun]) -> None:
    stranger = three[0][STRANGER]
    assert failure(stranger, ONE)["extensions"]["code"] == "NOT_ALLOWED"
    assert ask(stranger, SHARINGS)["indicatorSharings"]["edges"] == []
    [edge] = ask(three[0][POLICY], SHARINGS)["indicatorSharings"]["edges"]
    sharing = edge["node"]
    asked = "query Q($id: ID!) { node(id: $id) { id } }"
    assert ask(stranger, asked, id=sharing["id"])["node"] is None
    for act in ("joinComparison", "leaveComparison"):
        refused = command(stranger, act, named(sharing), SHARING)
        assert refused["__typename"] == "NotFound"
    # Another kommun's is nothing, whatever the role.
    other = three[1][POLICY]
    assert ask(other, asked, id=sharing["id"])["node"] is None
    refused = command(other, "leaveComparison", named(sharing), SHARING)
    assert refused["__typename"] == "NotFound"
    assert state_of(three[0]) == "open"


def state_of(kommun: Kommun) -> str:
    [edge] = ask(kommun[POLICY], SHARINGS)["indicatorSharings"]["edges"]
    found: str = edge["node"]["state"]
    return found
