"""What a pack says outside its rules, over the API."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hemvist.policy import load_pack
from hemvist_graphql.packs import entries as shown
from hemvist_graphql.packs.types import Pack, Programme

TRAINING = Path(__file__).parents[1] / "platform" / "policy" / "packs" / "training"
DAY = date(2014, 1, 1)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Pack(model=load_pack(TRAINING))


@pytest.fixture(scope="module")
def programme(pack: Pack) -> Programme:
    return Programme(pack=pack.model, model=pack.model.programme("training_flat"))


def details(entry: shown.PackEntry | None) -> Any:
    assert entry is not None
    return entry.details


def test_a_described_practice_says_so(pack: Pack) -> None:
    status = pack.status()
    assert (status.kind, status.note("en")) == ("described", "Practice as described")


def test_a_setting_shows_its_value_and_its_choices(pack: Pack) -> None:
    [setting] = pack.settings(DAY)
    assert setting.id == "flats_shown"
    assert setting.help("en") == "The sources pull apart"
    assert (details(setting)["value"], details(setting)["choices"]) == (2, [1, 2])


def test_numbers_are_those_of_the_day(pack: Pack, programme: Programme) -> None:
    homes = pack.quotas(DAY)[0]
    assert details(homes)["amount"] == {"low": 40, "high": 40, "percent": False}
    assert details(pack.service_levels(DAY)[0])["within"] == {"unit": "hours", "count": 24}
    assert programme.offer_count(DAY) == 2


def test_every_list_is_there(pack: Pack) -> None:
    lists = ("standing", "service_levels", "quotas", "indicators", "meetings", "measures")
    for name in (*lists, "refused"):
        found = getattr(pack, name)()
        assert [one.id for one in found] == [one.id for one in getattr(pack.model, name)]
        assert all(one.label("sv") and one.cite for one in found)


def test_a_programme_shows_its_way_out(programme: Programme) -> None:
    takeover = programme.takeover(DAY)
    assert details(takeover)["after"] == {"unit": "months", "count": 18}
    assert details(takeover)["owner_bound"] is True
    assert [one.id for one in programme.milestones()] == ["planning", "inspection", "ended"]
    assert details(programme.notice())["span"] == {"unit": "days", "count": 14}
    assert details(programme.tenure_waiver())["span"]["count"] == 36
    assert [details(one)["clause"] for one in programme.contract_clauses()] == [
        "sobriety",
        "ends_with_support",
    ]
