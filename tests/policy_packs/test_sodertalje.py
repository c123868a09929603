"""The Södertälje pack: what the report of 2014 tells, whole, dated, and with the law beside it."""

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

NAME = "sodertalje/kommunkontrakt"
FOLDER = PACKS.joinpath("sodertalje", "kommunkontrakt")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"SOC", "SOC-KK"}
    assert list(pack.programmes) == ["municipal_contract", "outreach"]


def test_covers_the_town_and_nothing_else(pack: Pack) -> None:
    """SOD-01 to SOD-20, each carried by something in the pack."""
    assert set(pack.covers) == ids("SOD", 20)


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


def test_two_years_then_the_lease_in_the_public_stock(pack: Pack) -> None:
    """SOD-11, with what the law adds: leave of the tribunal or the owner's consent (LF-7)."""
    takeover = pack.programme("municipal_contract").takeover

    assert takeover is not None and takeover.after is not None
    assert pack.number(takeover.after.count, date(2014, 2, 20)) == 24
    assert (takeover.start, takeover.rule) == ("moved_in", "may_take_over")
    assert [(notice.id, notice.before) for notice in takeover.notices] == [
        ("tribunal_or_owner", "lease_taken_over")
    ]


def test_the_letter_comes_before_the_visit(pack: Pack) -> None:
    """SOD-04 to SOD-06: letter, visit with an instalment plan, and the line of income support."""
    outreach = pack.programme("outreach")
    letter, visit = outreach.obligation("letter_first"), outreach.obligation("home_visit")

    assert letter.until == visit.anchor == outreach.milestone("letter").event
    assert [item.id for item in visit.agenda] == ["instalments", "support_line"]
    assert outreach.plan is not None and outreach.plan.made_at == "home_visit"
    assert outreach.decisions == ()


def test_a_protected_move_is_a_way_out_of_both(pack: Pack) -> None:
    """SOD-13 and SOD-14: Kompotten, for those who must move away from violence."""
    for programme in pack.programmes.values():
        (move,) = [way for way in programme.exits if way.id == "protected_move"]
        assert move.rule == "may_move_through_kompotten"
    assert "kompotten" in {item.id for item in pack.standing}


def test_homes_and_meetings(pack: Pack) -> None:
    """About 400 contracts observed, the rest told in words; a meeting every quarter."""
    quotas = {quota.id: quota for quota in pack.quotas}
    contracts = quotas["municipal_contracts"].amount
    (network,) = pack.meetings

    assert contracts is not None and contracts.low.value == 400
    assert quotas["own_homes"].by is not None and quotas["graflunds"].by is not None
    assert network.every is not None
    assert (network.every.unit, network.every.count.value) == ("months", 3)


def test_an_owner_can_join_from_a_day() -> None:
    """When the owners with queues of their own join, one list changes, from their day on."""
    facts = {"home_owner": "own_queue"}
    with copied("sodertalje") as folder:
        other = rewritten(
            folder,
            "params.yaml",
            "{2012-01-01: [public_company, graflunds, kommun]}",
            "{2012-01-01: [public_company, graflunds, kommun],"
            " 2027-01-01: [public_company, graflunds, kommun, own_queue]}",
        )

    assert evaluate(other, "owner_takes_part", facts, date(2026, 12, 31)).outcome is Outcome.FALSE
    assert evaluate(other, "owner_takes_part", facts, date(2027, 1, 1)).outcome is Outcome.TRUE


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params.yaml", "{2012-01-01: 24}", "{2012-01-01: 25}"),
        ("params.yaml", "{2012-01-01: 24}", "{2012-01-01: 23}"),
        ("params.yaml", "{2012-01-01: 65}", "{2012-01-01: 64}"),
        ("params.yaml", "graflunds, kommun]", "kommun]"),
        ("rules.yaml", "h.age < p.young_below", "h.age <= p.young_below"),
        ("rules.yaml", "h.age > p.old_above", "h.age >= p.old_above"),
        ("rules.yaml", "h.age <= p.contacted_up_to_age", "h.age < p.contacted_up_to_age"),
        ("rules.yaml", "h.household_income_ore < h", "h.household_income_ore <= h"),
        ("rules.yaml", "h.decision_date >= addMonths", "h.decision_date > addMonths"),
        ("municipal_contract.yaml", "within: {months: p.takeover_months}", "within: {months: 23}"),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("sodertalje") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_leaf_turned_around_fails_a_sentence() -> None:
    """Each leaf that applies, in turn, says the opposite."""
    assert leaves_unnoticed("sodertalje") == []
