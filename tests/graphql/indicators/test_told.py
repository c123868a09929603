"""Told numbers through the API: the same for everybody with the right, and nothing beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.identity import Membership, Role
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.suppression.series import margins
from hemvist.policy import add_months
from hemvist_api import ask, failure
from hemvist_figures import last_month, write_run, write_told
from hemvist_world import MUNICIPAL, World, new_world

READERS = {
    "steering": Membership(Role.STEERING),
    "policy": Membership(Role.POLICY_OFFICER),
    "support": Membership(Role.SUPPORT_WORKER, "SOF-VUX"),
}
OTHERS = {
    "coordinator": Membership(Role.TRANSFER_COORDINATOR),
    "reviewer": Membership(Role.LOG_REVIEWER),
    "administrator": Membership(Role.TENANT_ADMIN),
    "operator": Membership(Role.OPERATOR),
    "agent": Membership(Role.LANDLORD_AGENT),
    "provider": Membership(Role.SUPPORT_PROVIDER, "stödet"),
}
IN_OFFICE = ("caseworker SOF-VUX", "manager SOF-VUX", "property")
TOLD = """query T($codes: [String!], $margin: String! = "all", $from: Date, $to: Date, $version: Int) {
  indicators(codes: $codes) { code version versions told(margin: $margin, fromMonth: $from, toMonth: $to,
    version: $version) { indicator version margin cells { code label } label(lang: "en") fromMonth
    toMonth facts metLeast metMost shareLeast shareMost amount middle } } }"""


@pytest.fixture(scope="module")
def place(database: str) -> World:
    """A kommun in which numbers of two years have been told, and everything is counted."""
    world = new_world()
    for name, membership in (READERS | OTHERS).items():
        world.add(name, membership)
    last = last_month()
    for back in range(30):
        month = add_months(last, -back)
        write_told(world, "waiting", from_month=month, to_month=month, facts=30 - back)
    write_told(world, "waiting", margin="programme", cells=[MUNICIPAL], facts=20)
    write_told(world, "waiting", margin="programme", cells=["", "gone"], facts=0)
    write_told(world, "time_to_home", margin="sex", cells=["sex:woman"], middle=80)
    write_told(world, "step_time", margin="step", cells=[f"{MUNICIPAL}:assessment"], middle=30)
    write_told(world, "offers_declined", facts=16, met_least=5, met_most=8)
    write_told(world, "waiting", version=999, facts=5)
    write_run(world, differed=3)
    return world


def told(world: World, who: str, *codes: str, **variables: Any) -> list[dict[str, Any]]:
    """The told numbers of the first of some indicators."""
    return ask(world[who], TOLD, codes=[*codes], **variables)["indicators"][0]["told"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("who", [*READERS, *IN_OFFICE])
def test_who_reads_figures_reads_the_same(place: World, who: str) -> None:
    found = told(place, who, "waiting")
    assert [one["facts"] for one in found] == list(range(7, 31))
    assert found[-1]["fromMonth"] == found[-1]["toMonth"] == str(last_month())
    assert found == told(place, "steering", "waiting")


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize(
    "asked",
    ["indicators { code }", 'indicator(code: "waiting") { code }', "figuresState { differed }"],
)
def test_others_read_none(place: World, who: str, asked: str) -> None:
    refused = failure(place[who], f"{{ {asked} }}")
    assert refused["extensions"]["code"] == "NOT_ALLOWED"
    assert refused["extensions"]["action"] == "figures.read"


def test_months_bound_what_is_told(place: World) -> None:
    last = last_month()
    some = told(
        place, "steering", "waiting", **{"from": str(add_months(last, -2)), "to": str(last)}
    )
    assert [one["facts"] for one in some] == [28, 29, 30]
    # Any day of a month stands for it.
    day = add_months(last, -1) + timedelta(days=9)
    [one] = told(place, "steering", "waiting", **{"from": str(day), "to": str(day)})
    assert one["facts"] == 29
    assert told(place, "steering", "waiting", to=str(add_months(last, -40))) == []


def test_a_version_is_a_series_of_its_own(place: World) -> None:
    [said] = ask(place["steering"], TOLD, codes=["waiting"], version=999)["indicators"]
    assert [one["facts"] for one in said["told"]] == [5]
    assert said["version"] == catalogue()["waiting"].version
    assert said["versions"] == [999, catalogue()["waiting"].version]
    [never] = ask(place["steering"], TOLD, codes=["evicted"])["indicators"]
    assert (never["told"], never["versions"]) == ([], [never["version"]])


def test_cells_are_called_as_people_call_them(place: World) -> None:
    several, one = told(place, "steering", "waiting", margin="programme")
    assert several["cells"] == [
        {"code": "", "label": "Utan boendeform"},
        {"code": "gone", "label": "gone"},
    ]
    assert several["label"] == "No programme, gone"
    assert (several["facts"], one["facts"]) == (0, 20)
    [cell] = one["cells"]
    assert cell["code"] == MUNICIPAL
    assert cell["label"] not in ("", MUNICIPAL)
    assert told(place, "steering", "waiting")[0]["cells"] == []
    assert told(place, "steering", "waiting")[0]["label"] == "All"
    [step] = told(place, "steering", "step_time", margin="step")
    assert step["label"].endswith(": Assessment")
    [women] = told(place, "steering", "time_to_home", margin="sex")
    assert (women["label"], women["cells"][0]["label"], women["middle"]) == ("Women", "Kvinnor", 80)


def test_a_share_lies_between_two_bounds(place: World) -> None:
    [one] = told(place, "steering", "offers_declined")
    assert (one["metLeast"], one["metMost"], one["facts"]) == (5, 8, 16)
    assert (one["shareLeast"], one["shareMost"]) == (31.2, 50.0)


def test_how_far_it_is_counted(place: World, database: str) -> None:
    asked = "{ figuresState { countedTo fullAt differed } }"
    state = ask(place["steering"], asked)["figuresState"]
    assert state["differed"] == 3 and state["countedTo"] and state["fullAt"]
    beside = new_world()
    beside.add("steering", Membership(Role.STEERING))
    assert ask(beside["steering"], asked) == {"figuresState": None}


def test_another_kommuns_numbers_are_not_there(place: World) -> None:
    beside = new_world()
    beside.add("steering", Membership(Role.STEERING))
    assert told(beside, "steering", "waiting") == []


def test_definitions_are_told_in_both_languages(place: World) -> None:
    found = ask(
        place["steering"],
        """{ indicators { code chapter kind measure unit about by better source label chapterLabel
        unitLabel definition counts limits english: label(lang: "en") unit_en: unitLabel(lang: "en")
        chapter_en: chapterLabel(lang: "en") } }""",
    )["indicators"]
    assert [one["code"] for one in found] == list(catalogue())
    # Not by what it is never told of.
    by = {one["code"]: one["by"] for one in found}
    assert by["homes_running"] == ["children"] and by["takeovers_done"] == []
    for one in found:
        definition = catalogue()[one["code"]]
        assert one["label"] == definition.label["sv"]
        assert one["english"] == definition.label["en"]
        assert one["definition"] == definition.definition["sv"]
        assert one["counts"] == definition.counts["sv"]
        assert one["limits"] == definition.limits["sv"]
        assert one["by"] == list(margins(definition))
        assert one["better"] == (definition.better or None)
        assert one["chapterLabel"] != one["chapter"] != one["chapter_en"]
        assert one["unitLabel"] and one["unit_en"]


@pytest.mark.parametrize(
    ("document", "field", "rule"),
    [
        ('{ indicators(codes: ["waiting", "nothing"]) { code } }', "codes", "unknown_indicator"),
        (
            '{ indicator(code: "waiting") { told(margin: "sex") { facts } } }',
            "margin",
            "not_told_by",
        ),
        ('{ indicator(code: "waiting") { told(version: 0) { facts } } }', "version", "range"),
        (
            '{ indicator(code: "waiting") { told(fromMonth: "2026-03-01", toMonth: "2026-02-28")'
            " { facts } } }",
            "toMonth",
            "before_from",
        ),
    ],
)
def test_what_is_wrong_is_named(place: World, document: str, field: str, rule: str) -> None:
    error = failure(place["steering"], document)
    assert error["extensions"]["problems"][0]["field"] == field, error
    assert error["extensions"]["problems"][0]["rule"] == rule


def test_an_unknown_code_is_nothing(place: World) -> None:
    assert ask(place["steering"], '{ indicator(code: "nothing") { code } }') == {"indicator": None}
    assert ask(place["steering"], '{ indicator(code: "waiting") { code } }') == {
        "indicator": {"code": "waiting"}
    }
