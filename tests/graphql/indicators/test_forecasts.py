"""Forecasts through the API: the same for all who read figures, and out of told numbers alone."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.identity import Membership, Role
from hemvist.indicators.forecasting import service
from hemvist.tenancy import tenant_session
from hemvist_api import ask, failure
from hemvist_figures import write_fact
from hemvist_forecasts import tell, tell_years, told_month
from hemvist_world import World, new_world

READERS = {
    "steering": Membership(Role.STEERING),
    "policy": Membership(Role.POLICY_OFFICER),
    "support": Membership(Role.SUPPORT_WORKER, "SOF-VUX"),
}
OTHERS = {
    "coordinator": Membership(Role.TRANSFER_COORDINATOR),
    "reviewer": Membership(Role.LOG_REVIEWER),
    "administrator": Membership(Role.TENANT_ADMIN),
    "agent": Membership(Role.LANDLORD_AGENT),
    "provider": Membership(Role.SUPPORT_PROVIDER, "stödet"),
}
BANDS = "{ low middle high }"
OUTLOOK = (
    f"{{ months {{ month waiting {BANDS} homes {BANDS} }} year {{ need {BANDS} arrivals {BANDS}"
    f" coming {BANDS} lacking {BANDS} unused {BANDS} left {BANDS} }} }}"
)
FORECAST = f"""query F($homes: Int! = 0, $guarantees: Int! = 0, $sooner: Int! = 0) {{
  forecast(moreHomesPerMonth: $homes, moreGuaranteesPerMonth: $guarantees, monthsSooner: $sooner) {{
    model covers basis {{ fromMonth toMonth months waiting arrivals movedIn movedOn left agreed }}
    lacks {{ code label(lang: "en") }} goingOn {OUTLOOK} asked {OUTLOOK}
    assumptions(lang: "en") limits }} }}"""
KEPT = f"""{{ forecasts {{ model madeOn firstMonth basis {{ waiting }} come inside meanError
  year {{ need {BANDS} }} months {{ month said {BANDS} came error inside }} }} }}"""


@pytest.fixture(scope="module")
def place(database: str) -> World:
    """A kommun of which three years are told, and last year's forecast was kept."""
    world = new_world()
    for name, membership in (READERS | OTHERS).items():
        world.add(name, membership)
    tell_years(world.tenant_id, today(), months=49)
    return world


def forecast(world: World, who: str = "steering", **variables: Any) -> dict[str, Any]:
    """The forecast as somebody is told it."""
    return ask(world[who], FORECAST, **variables)["forecast"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("who", [*READERS, "caseworker SOF-VUX", "property"])
def test_who_reads_figures_is_told_the_same(place: World, who: str) -> None:
    found = forecast(place, who, homes=2)
    assert found == forecast(place, "steering", homes=2)
    assert found["lacks"] == [] and found["basis"]["months"] == 36
    assert [one["month"] for one in found["asked"]["months"]] == [
        str(told_month(today(), -number)) for number in range(12)
    ]


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("asked", ["forecast { model }", "forecasts { model }"])
def test_others_are_refused(place: World, who: str, asked: str) -> None:
    refused = failure(place[who], f"{{ {asked} }}")
    assert refused["extensions"]["code"] == "NOT_ALLOWED"
    assert refused["extensions"]["action"] == "figures.read"


def test_two_flats_more_a_month(place: World) -> None:
    found = forecast(place, homes=2)
    plain, more = (found[name]["year"] for name in ("goingOn", "asked"))
    assert plain["lacking"]["middle"] - more["lacking"]["middle"] in (20, 25)
    assert plain["need"] == more["need"]
    assert found["goingOn"] == forecast(place)["asked"]
    for month in (*found["goingOn"]["months"], *found["asked"]["months"]):
        for one in (month["waiting"], month["homes"]):
            assert all(value % 5 == 0 for value in one.values())
            assert one["low"] <= one["middle"] <= one["high"]


@pytest.mark.parametrize(
    ("variables", "fields"),
    [
        ({"homes": 51}, ["moreHomesPerMonth"]),
        ({"homes": -51, "sooner": 25}, ["moreHomesPerMonth", "monthsSooner"]),
        ({"guarantees": -1}, ["moreGuaranteesPerMonth"]),
        ({"sooner": -1}, ["monthsSooner"]),
    ],
    ids=str,
)
def test_what_cannot_be_asked_names_its_field(
    place: World, variables: dict[str, int], fields: list[str]
) -> None:
    refused = failure(place["steering"], FORECAST, **variables)
    assert refused["extensions"]["code"] == "BAD_INPUT", refused
    problems = refused["extensions"]["problems"]
    assert [(one["field"], one["rule"]) for one in problems] == [
        (field, "range") for field in fields
    ]


def test_too_little_says_what_is_missing(database: str) -> None:
    world = new_world()
    world.add("steering", READERS["steering"])
    assert forecast(world)["basis"] is None
    tell_years(world.tenant_id, today(), months=9)
    found = forecast(world, homes=5)
    assert [one["code"] for one in found["lacks"]] == ["months"]
    assert "12 months" in found["lacks"][0]["label"]
    assert found["goingOn"] is None and found["asked"] is None


def test_facts_that_are_not_told_change_nothing(place: World) -> None:
    """However a forecast is asked for, it depends on told numbers only."""
    before = [forecast(place, homes=number) for number in (-3, 0, 3)]
    case = place.case()
    for _ in range(4):
        write_fact(place, case, "waiting")
    assert [forecast(place, homes=number) for number in (-3, 0, 3)] == before


def test_last_years_is_shown_beside_what_came(place: World) -> None:
    assert ask(place["steering"], KEPT) == {"forecasts": []}
    last_year = told_month(today(), 12)
    kommun = new_world()
    kommun.add("steering", READERS["steering"])
    tell_years(kommun.tenant_id, today(), until=13)
    with tenant_session(Audience.WORKER, kommun.tenant_id) as session:
        assert service.keep_due(session, last_year.replace(day=25))
    month = last_year
    tell(kommun.tenant_id, [("waiting", month, month, 175)])
    [kept] = ask(kommun["steering"], KEPT)["forecasts"]
    assert kept["firstMonth"] == str(month) == kept["months"][0]["month"]
    assert kept["come"] == 1 and len(kept["months"]) == 12
    first = kept["months"][0]
    assert first["came"] == 175 and first["error"] == abs(first["said"]["middle"] - 175)
    assert kept["meanError"] == first["error"] and kept["inside"] == int(first["inside"])
    assert kept["months"][1]["came"] is None and kept["months"][1]["inside"] is None
