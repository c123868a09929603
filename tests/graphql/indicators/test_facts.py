"""What figures are made of, through the API: for those who see the case, and then as its rows are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.identity import Membership, Role
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.snapshots import month_of
from hemvist.policy import add_months
from hemvist_api import ask, command, failure
from hemvist_figures import write_fact
from hemvist_graphql.ids import global_id
from hemvist_graphql.indicators.seeing import DISCLOSED
from hemvist_world import MUNICIPAL, adult, new_world

WORKER, MANAGER, NEIGHBOUR = "caseworker SOF-VUX", "manager SOF-VUX", "caseworker VOF"
KEEPER = "caseworker AMF"
COLLEAGUE, SUPPORT = "another caseworker SOF-VUX", "support"
STEERING, COORDINATOR = "steering", "coordinator"
FACTS = """query F($code: String!, $on: Date, $from: Date, $to: Date, $programme: String, $step: String,
    $area: String, $group: String, $first: Int, $after: String) {
  indicatorFacts(code: $code, on: $on, fromMonth: $from, toMonth: $to, programme: $programme,
    step: $step, area: $area, group: $group, first: $first, after: $after) { totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { code case { id number } begins ends programme programmeLabel step stepLabel area
    amount met } } } }"""
NOW = """query N($code: String!, $on: Date, $programme: String, $area: String) { indicator(code: $code) {
  mayDrill now(on: $on, programme: $programme, area: $area) { fromOn toOn facts met amount middle } } }"""


class Place:
    """A kommun with four cases: one of a neighbour's, one disclosed to the property office, one shut to
    a circle, one of somebody protected; and facts of them."""

    def __init__(self) -> None:
        self.world = world = new_world()
        world.add(COLLEAGUE, Membership(Role.CASEWORKER, "SOF-VUX"))
        world.add(SUPPORT, Membership(Role.SUPPORT_WORKER, "SOF-VUX"))
        world.add(STEERING, Membership(Role.STEERING))
        world.add(COORDINATOR, Membership(Role.TRANSFER_COORDINATOR))
        self.shared: Case = world.case()
        world.submitted(self.shared)
        self.shut: Case = world.case()
        self.beside: Case = world.case(department="VOF")
        month = month_of(today())
        for case, amount in ((self.shared, 10), (self.shut, 20), (self.beside, 40)):
            write_fact(world, case, "waiting", begins=add_months(month, -3))
            write_fact(world, case, "time_to_home", amount=amount, programme=MUNICIPAL)
            write_fact(world, case, "returned")
        write_fact(
            world,
            self.shared,
            "waiting",
            begins=add_months(month, -8),
            ends=add_months(month, -5),
            area="Dalhem",
        )
        write_fact(world, self.shared, "offers_declined", met=True, groups=["sex:woman"])
        write_fact(world, self.shared, "offers_declined", met=False)
        self.protected: Case = world.case(adult(protection="secrecy_mark"), department="AMF")
        write_fact(world, self.protected, "waiting", area="Dalhem")
        worker = world[WORKER].principal_id
        assert worker is not None
        done = command(
            world[MANAGER],
            "closeToCircle",
            {
                "caseId": global_id("Case", self.shut.id),
                "members": [global_id("Principal", worker)],
                "reason": "Hot mot den sökande.",
                "expectedVersion": world.again(self.shut).version,
            },
            "caseCircle { id }",
        )
        assert done["__typename"] == "CloseToCircleDone", done

    def facts(self, who: str, code: str, **asked: Any) -> list[dict[str, Any]]:
        """The facts of an indicator that somebody sees."""
        found = ask(self.world[who], FACTS, code=code, **asked)["indicatorFacts"]
        assert found["totalCount"] >= len(found["edges"])
        return [one["node"] for one in found["edges"]]

    def cases(self, who: str, code: str, **asked: Any) -> set[str]:
        """The numbers of the cases whose facts somebody sees."""
        return {one["case"]["number"] for one in self.facts(who, code, **asked)}

    def now(self, who: str, code: str, **asked: Any) -> Any:
        """What is counted now of what somebody sees."""
        return ask(self.world[who], NOW, code=code, **asked)["indicator"]["now"]


@pytest.fixture(scope="module")
def place(database: str) -> Place:
    return Place()


def test_each_sees_facts_of_the_cases_that_they_see(place: Place) -> None:
    shared, shut, beside = place.shared.number, place.shut.number, place.beside.number
    for who, seen in (
        (WORKER, {shared, shut}),
        (MANAGER, {shared, shut}),
        # Outside the circle.
        (COLLEAGUE, {shared}),
        (SUPPORT, {shared}),
        (NEIGHBOUR, {beside}),
        ("property", {shared}),
    ):
        assert place.cases(who, "time_to_home") == seen, who
        live = place.now(who, "time_to_home")
        assert live["facts"] == len(seen), who
        amounts = {shared: 10, shut: 20, beside: 40}
        assert live["amount"] == sum(amounts[one] for one in seen), who
        assert live["middle"] == min(amounts[one] for one in seen), who


def test_whom_a_case_was_disclosed_to_sees_no_fact_of_the_investigation(place: Place) -> None:
    assert "returned" not in DISCLOSED
    assert place.cases(COLLEAGUE, "returned") == {place.shared.number}
    assert place.facts("property", "returned") == []
    assert place.now("property", "returned")["facts"] == 0
    assert place.cases("property", "waiting") == {place.shared.number}


@pytest.mark.parametrize("who", [STEERING, COORDINATOR])
@pytest.mark.parametrize("code", ["waiting", "moved_in"])
def test_who_reads_no_cases_gets_no_fact(place: Place, who: str, code: str) -> None:
    refused = failure(place.world[who], FACTS, code=code)
    assert refused["extensions"]["code"] == "NOT_ALLOWED"
    assert refused["extensions"]["action"] == "case.read"


def test_the_steering_group_gets_no_live_number(place: Place) -> None:
    found = ask(place.world[STEERING], NOW, code="waiting")["indicator"]
    assert found == {"mayDrill": False, "now": None}
    assert ask(place.world[WORKER], NOW, code="waiting")["indicator"]["mayDrill"] is True


def test_another_kommuns_facts_are_not_there(place: Place) -> None:
    beside = new_world()
    found = ask(beside[WORKER], FACTS, code="time_to_home")["indicatorFacts"]
    assert (found["totalCount"], found["edges"]) == (0, [])
    assert ask(beside[WORKER], NOW, code="time_to_home")["indicator"]["now"]["facts"] == 0


def test_a_stock_is_of_a_day_and_a_flow_of_its_month(place: Place) -> None:
    month = month_of(today())
    ended = add_months(month, -5)
    before = place.facts(COLLEAGUE, "waiting", on=str(ended - timedelta(days=1)))
    assert [(one["begins"], one["ends"], one["area"]) for one in before] == [
        (str(add_months(month, -8)), str(ended), "Dalhem")
    ]
    assert place.facts(COLLEAGUE, "waiting", on=str(ended)) == []
    assert place.now(COLLEAGUE, "waiting", on=str(ended))["facts"] == 0
    live = place.now(COLLEAGUE, "waiting")
    assert (live["facts"], live["fromOn"], live["toOn"]) == (1, str(today()), str(today()))
    declined = place.now(COLLEAGUE, "offers_declined")
    assert (declined["facts"], declined["met"]) == (2, 1)
    assert (declined["fromOn"], declined["toOn"]) == (str(month), str(today()))
    assert place.now(COLLEAGUE, "offers_declined", on=str(month - timedelta(days=1)))["facts"] == 0


def test_months_programme_area_and_group_narrow_it(place: Place) -> None:
    month = month_of(today())

    def begun(**asked: Any) -> list[date]:
        return [
            date.fromisoformat(one["begins"]) for one in place.facts(COLLEAGUE, "waiting", **asked)
        ]

    first, second = add_months(month, -8), add_months(month, -3)
    assert begun() == [second, first]
    assert begun(to=str(add_months(month, -4))) == [first]
    # It held until the month before the fifth back began.
    assert begun(**{"from": str(add_months(month, -6))}) == [second, first]
    assert begun(**{"from": str(add_months(month, -5))}) == [second]
    assert begun(area="Dalhem") == [first]
    assert begun(area="") == [second]
    assert begun(programme=MUNICIPAL) == []
    assert begun(step="elsewhere:") == []
    assert begun(step=":") == [second, first]
    [declined] = place.facts(COLLEAGUE, "offers_declined", group="sex:woman")
    assert declined["met"] is True
    [one] = place.facts(COLLEAGUE, "time_to_home", programme=MUNICIPAL)
    assert one["programmeLabel"] not in ("", MUNICIPAL)
    assert one["stepLabel"] == "Utan steg"
    assert place.now(COLLEAGUE, "time_to_home", programme="none")["facts"] == 0
    assert place.now(COLLEAGUE, "waiting", area="Dalhem")["facts"] == 0


def test_pages_go_on_where_they_ended(place: Place) -> None:
    first = ask(place.world[COLLEAGUE], FACTS, code="waiting", first=1)["indicatorFacts"]
    assert first["totalCount"] == 2 and first["pageInfo"]["hasNextPage"]
    after = first["pageInfo"]["endCursor"]
    second = place.facts(COLLEAGUE, "waiting", first=1, after=after)
    assert [one["node"]["begins"] for one in first["edges"]] > [one["begins"] for one in second]


def test_that_facts_are_read_is_logged_by_their_cases(place: Place) -> None:
    place.facts(NEIGHBOUR, "time_to_home")
    entries = [
        one
        for one in place.world.rows(AuditEntry, kind="read")
        if one.principal_id == place.world[NEIGHBOUR].principal_id
    ]
    assert entries[-1].case_id == place.beside.id


def test_where_somebody_protected_lives_is_not_told(place: Place) -> None:
    [one] = place.facts(KEEPER, "waiting")
    assert (one["case"]["number"], one["area"]) == (place.protected.number, None)
    assert place.facts(KEEPER, "waiting", area="Dalhem") == []
    assert place.now(KEEPER, "waiting")["facts"] == 1
    assert place.now(KEEPER, "waiting", area="Dalhem")["facts"] == 0


@pytest.mark.parametrize("field", ["on", "from", "to", "programme", "step", "area", "group"])
def test_transfers_are_asked_for_by_nothing(place: Place, field: str) -> None:
    value = "2026-01-01" if field in ("on", "from", "to") else ""
    error = failure(place.world[WORKER], FACTS, code="transfers", **{field: value})
    [problem] = error["extensions"]["problems"]
    name = {"from": "fromMonth", "to": "toMonth"}.get(field, field)
    assert (problem["field"], problem["rule"]) == (name, "not_of_transfers")


@pytest.mark.parametrize(
    ("asked", "field", "rule"),
    [
        ({"code": "nothing"}, "code", "unknown_indicator"),
        ({"code": "x" * 201}, "code", "too_long"),
        ({"code": "waiting", "area": "x" * 201}, "area", "too_long"),
        ({"code": "waiting", "from": "2026-03-01", "to": "2026-02-28"}, "toMonth", "before_from"),
    ],
)
def test_what_is_wrong_is_named(place: Place, asked: dict[str, str], field: str, rule: str) -> None:
    error = failure(place.world[WORKER], FACTS, **asked)
    [problem] = error["extensions"]["problems"]
    assert (problem["field"], problem["rule"]) == (field, rule)


def test_what_is_laid_open_is_defined() -> None:
    assert set(catalogue()) >= DISCLOSED
