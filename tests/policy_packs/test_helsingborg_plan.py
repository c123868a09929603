"""Helsingborg's action plan: part of the guideline's pack, adding ways out and changing no right."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from hemvist.policy import Label, Outcome, Pack, evaluate, load_pack
from hemvist.policy.sentences import read_sentences
from hemvist_packs import find, ids, labels_wanting, noticed
from hemvist_registry import discovered

NAME = "helsingborg/bostadssociala-lagenheter"
FOLDER = files("hemvist_policy_packs").joinpath("helsingborg")
#: Rules and questions that the plan brings.
RULES = {
    *("flat_despite_demands", "may_join_moving_chain", "measure_in_programme"),
    *("settlement_act_applies", "property_settles_newcomer"),
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.3.0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the pack to plant faults in."""
    with as_file(FOLDER) as original:
        return Path(shutil.copytree(original, tmp_path / "pack"))


def test_covers_the_whole_plan(pack: Pack) -> None:
    """HBP-01 to HBP-61, each carried by something in the pack."""
    assert {id for id in pack.covers if id.startswith("HBP-")} == ids("HBP", 61)


def test_what_the_plan_brings_is_in_both_languages(pack: Pack) -> None:
    """No label of the pack lacks a language or says the same in both."""
    assert labels_wanting(pack) == []
    assert len(list(find(Label, (pack.measures, pack.meetings, pack.standing)))) > 60


def test_the_plan_changes_no_right(pack: Pack) -> None:
    """Nothing of the guideline reads the plan's questions, and no entry rests on its rules."""
    plan = {fact.name for fact in pack.facts.values() if fact.group == "plan"}
    assert len(plan) == 9
    for id in set(pack.rules) - RULES:
        assert not plan & set(pack.facts_of(id)), id


def test_newly_arrived_are_judged_as_others(pack: Pack) -> None:
    """HBP-17: no rule of a right reads whether somebody is newly arrived."""
    for programme in pack.programmes.values():
        read = set(pack.facts_of(programme.entry))
        assert not read & {"newcomer_status", "newly_arrived", "establishment_began_on"}


def test_measures_with_owner_time_and_follow_up(pack: Pack) -> None:
    """Ten headings of the plan; every measure has an owner, a time, and is followed up."""
    sections = {cite for measure in pack.measures for cite in measure.cite}

    assert sections == {f"HP §3:{number}" for number in range(1, 11)}
    for measure in pack.measures:
        assert measure.owners.sv and (measure.due or measure.when), measure.id
        assert measure.followed_up_by is not None, measure.id
    due = {measure.id: measure.due for measure in pack.measures}
    assert due["guideline"] == date(2018, 6, 30)
    assert due["move_out_in_spite_of_debts"] == date(2017, 12, 31)
    assert [measure.id for measure in pack.measures if not measure.history] == ["moving_chains"]


def test_meetings_as_often_as_the_plan_says(pack: Pack) -> None:
    """Half-yearly, as needed, four to five times a half-year, and twice a year's turn."""
    meetings = {meeting.id: meeting for meeting in pack.meetings}
    day = date(2018, 9, 1)

    def months(id: str) -> int | None:
        every = meetings[id].every
        return None if every is None else pack.number(every.count, day)

    assert months("steering_group") == 6
    assert months("plan_revision") == months("housing_plan") == 12
    assert meetings["management_group"].as_needed
    often = meetings["cooperation_group"].times
    assert often is not None and often.per == "half_year"
    assert (pack.number(often.low, day), pack.number(often.high, day)) == (4, 5)


def test_quotas_and_figures(pack: Pack) -> None:
    """Ten percent of the land, five flats a year, and a share that has no figure."""
    quotas = {quota.id: quota for quota in pack.quotas}
    day = date(2018, 9, 1)
    land, flats = quotas["land_allocation"].amount, quotas["exception_flats"].amount

    assert land is not None and flats is not None
    assert land.percent and pack.number(land.low, day) == 10
    assert (pack.number(flats.low, day), pack.number(flats.high, day)) == (5, 5)
    assert quotas["moving_chain_share"].amount is None
    goals = {item.id: item.goal for item in pack.indicators}
    assert goals["discharged_to_homelessness"] == goals["homeless_families"] == "decrease"
    assert goals["on_to_ordinary_market"] == "increase"


def test_ways_out_of_the_municipal_contract(pack: Pack) -> None:
    """The exception and the moving chain are exits, judged in the tenant's own case."""
    exits = {way.id: way for way in pack.programme("municipal_contract").exits}

    assert exits["flat_despite_demands"].rule == "flat_despite_demands"
    assert exits["moving_chain"].to == "rent_guarantee"
    assert exits["lease_outside_quota"].rule is None


def test_open_readings_are_settings(pack: Pack) -> None:
    """Tensions 1 and 3 of the guideline, and the number of flats that is decided year by year."""
    settings = {name: param.setting for name, param in pack.params.items() if param.setting}

    assert {name: setting.tension for name, setting in settings.items()} == {
        "criterion_1_reading": 3,
        "guarantee_periods": 1,
        "exception_flats": None,
    }


def test_the_number_of_a_later_year(folder: Path, pack: Pack) -> None:
    """When the two parties decide on eight from a year, the sixth flat is possible from its day."""
    file = folder / "plan_rules.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count("{2018-02-12: 5}") == 1
    file.write_text(
        text.replace("{2018-02-12: 5}", "{2018-02-12: 5, 2027-01-01: 8}"), encoding="utf-8"
    )
    other = load_pack(folder)
    facts = {
        "current_contract_form": "kommunalt_kontrakt",
        "meets_company_demands": False,
        "present_rents_paid": True,
        "disturbances_or_problems": False,
        "property_vouches": True,
        "exception_number_decided": True,
        "exception_flats_given": 5,
    }

    def answer(of: Pack, day: date) -> Outcome:
        return evaluate(of, "flat_despite_demands", facts, day).outcome

    assert answer(pack, date(2027, 1, 1)) is Outcome.FALSE
    assert answer(other, date(2026, 12, 31)) is Outcome.FALSE
    assert answer(other, date(2027, 1, 1)) is Outcome.TRUE
    assert [one.name for one in read_sentences(other, folder) if one.judge()] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{2018-02-12: 5}", "{2018-02-12: 4}"),
        ("{2018-02-12: 5}", "{2018-02-12: 6}"),
        ("{2018-02-12: 24}", "{2018-02-12: 23}"),
        ("{2018-02-12: 24}", "{2018-02-12: 25}"),
        ("< addMonths(h.establishment", "<= addMonths(h.establishment"),
        (">= h.establishment_began_on", "> h.establishment_began_on"),
        ("rent_guarantee, newcomer_home]", "rent_guarantee, newcomer_home, hvb]"),
        ("quota_refugee, unaccompanied_quota_refugee]", "quota_refugee]"),
    ],
)
def test_a_planted_fault_is_noticed(folder: Path, old: str, new: str) -> None:
    """Numbers, days and lists of the plan: some sentence fails when they are written wrong."""
    file = folder / "plan_rules.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")

    assert noticed(load_pack(folder), folder)
