"""The Nynäshamn pack: what the report of 2014 tells, whole, dated, and with the law beside it."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import Outcome, Pack, evaluate
from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.locks import broken, read_lock
from hemvist.policy.sentences import read_sentences
from hemvist_packs import (
    PACKS,
    copied,
    decisions_out_of_time,
    facts_unused,
    facts_without_heading,
    ids,
    labels_wanting,
    leaves_unnoticed,
    noticed,
    params_unused,
    rewritten,
    rules_not_open,
)
from hemvist_registry import discovered

NAME = "nynashamn/andrahandskontrakt"
FOLDER = PACKS.joinpath("nynashamn", "andrahandskontrakt")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"SOC", "BT"}
    assert list(pack.programmes) == ["second_hand_contract", "arrears_round"]


def test_covers_the_town_and_nothing_else(pack: Pack) -> None:
    """NYN-01 to NYN-32, each carried by something in the pack."""
    assert set(pack.covers) == ids("NYN", 32)


def test_nothing_is_idle_or_half_translated(pack: Pack) -> None:
    """Facts and parameters are read, questions stand under headings, labels are in two languages."""
    assert facts_unused(pack) == set()
    assert facts_without_heading(pack) == []
    assert params_unused(pack) == set()
    assert labels_wanting(pack) == []


def test_no_gap_and_the_right_act_on_every_day(pack: Pack) -> None:
    """2012 to 2030: with nothing known nothing is settled, and the act of the day carries."""
    assert rules_not_open(pack) == []
    assert decisions_out_of_time(pack) == []
    assert dead_ends(pack, samples=300) == ()


def test_every_sentence_holds_and_is_locked(pack: Pack) -> None:
    """The cases, and the outcomes written down for this version."""
    sentences = read_sentences(pack, FOLDER)
    lock = read_lock(FOLDER)

    assert [sentence.name for sentence in sentences if sentence.judge()] == []
    assert len(sentences) >= 20
    assert lock is not None and lock.version == pack.version
    assert broken(lock, pack, sentences) == ()


def test_a_month_with_a_week_of_notice_under_a_warning(pack: Pack) -> None:
    """NYN-11 to NYN-13, LF-1: the terms as told, and what the law says of them."""
    day = date(2014, 2, 20)
    contract = pack.programme("second_hand_contract").contract
    assert contract is not None and contract.kind == "sublease"
    (length,) = contract.lengths
    assert length.months is not None and pack.number(length.months, day) == 1
    notice = contract.notice
    assert notice is not None and notice.legal is not None
    assert (notice.span.unit, pack.number(notice.span.count, day)) == ("days", 7)
    assert (notice.legal.flag, notice.legal.active) == ("LF-1", True)
    insurance, *evidence = contract.terms
    assert (insurance.id, insurance.must_be) == ("home_insurance", True)
    # NYN-14: which company it was, and when it was asked.
    assert [(one.id, one.required) for one in evidence] == [
        ("insurance_company", True),
        ("insurance_checked_on", True),
    ]
    assert [(no.clause, no.effect) for no in pack.refused] == [("short_notice", "warn")]


def test_the_decisions_ask_for_the_rules(pack: Pack) -> None:
    """The economy alone gives a refusal; the housing needs the judgement that the owner relies on."""
    programme = pack.programme("second_hand_contract")

    assert programme.decision("support").rule == "entitled_to_second_hand_contract"
    assert programme.decision("housing").rule == "judged_to_manage"
    assert programme.takeover is not None
    assert programme.takeover.decided_by == ("landlord",)
    assert pack.programme("arrears_round").decisions == ()


def test_contact_ends_with_the_contract_but_support_may_stay(pack: Pack) -> None:
    """NYN-20 and NYN-21."""
    programme = pack.programme("second_hand_contract")

    assert programme.obligation("housing_team_in_contact").until == "contract_ended"
    assert programme.milestone("housing_support_over").event == "support_ended"
    assert pack.facts_of("housing_support_may_stay") == ("needs_housing_support",)


def test_meetings_rounds_and_the_clock(pack: Pack) -> None:
    """Six to seven and three to four a year, a round a month, action on the same day."""
    day = date(2014, 2, 20)
    meetings = {meeting.id: meeting for meeting in pack.meetings}
    public, everyone = meetings["with_public_company"].times, meetings["all_landlords"].times
    (disturbance,) = pack.service_levels

    assert public is not None and everyone is not None
    assert (public.low.value, public.high.value, public.per) == (6, 7, "year")
    assert (everyone.low.value, everyone.high.value, everyone.per) == (3, 4, "year")
    every = meetings["round_in_osmo"].every
    assert every is not None and pack.number(every.count, day) == 1
    assert (disturbance.on, pack.number(disturbance.within.count, day)) == (
        "disturbance_reported",
        0,
    )


def test_whether_owners_come_first_is_a_setting() -> None:
    """A kommun that no longer asks for refusals changes one parameter, from a day."""
    facts = {"refused_by_owners": False, "only_economic_problems": False}
    with copied("nynashamn") as folder:
        other = rewritten(
            folder,
            "params.yaml",
            "{2012-01-01: true}",
            "{2012-01-01: true, 2027-01-01: false}",
        )
    rule = "entitled_to_second_hand_contract"

    assert evaluate(other, rule, facts, date(2026, 12, 31)).outcome is Outcome.FALSE
    assert evaluate(other, rule, facts, date(2027, 1, 1)).outcome is Outcome.TRUE


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params.yaml", "{2012-01-01: 3}", "{2012-01-01: 2}"),
        ("params.yaml", "{2012-01-01: [permanent]}", "{2012-01-01: [permanent, project]}"),
        ("params.yaml", "{2012-01-01: [permanent, project]}", "{2012-01-01: [permanent]}"),
        ("params.yaml", "{2012-01-01: true}", "{2012-01-01: false}"),
        (
            "rules.yaml",
            "'h.children_under_18 > 0 && h.child",
            "'h.children_under_18 > 1 && h.child",
        ),
        (
            "rules.yaml",
            "h.children_under_18 > 0 && h.child_would_come_to_harm",
            "h.children_under_18 > 0",
        ),
        ("owners.yaml", "h.gross_pay_ore >= p", "h.gross_pay_ore > p"),
        (
            "arrears_round.yaml",
            "every: {months: p.round_months}\n        until",
            "every: {months: 2}\n        until",
        ),
        (
            "arrears_round.yaml",
            "until: case_closed\n        by: [property, landlord]",
            "until: contract_ended\n        by: [property, landlord]",
        ),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("nynashamn") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_leaf_turned_around_fails_a_sentence() -> None:
    """Each leaf that applies, in turn, says the opposite."""
    assert leaves_unnoticed("nynashamn", names=("rules.yaml", "owners.yaml")) == []
