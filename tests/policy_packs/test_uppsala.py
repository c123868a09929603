"""The Uppsala pack: what the report of 2014 tells, whole, dated, and with the law beside it."""

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

NAME = "uppsala/bostadssociala-kontrakt"
FOLDER = PACKS.joinpath("uppsala", "bostadssociala-kontrakt")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"ALN", "HVO", "SBU", "UAN", "MBS"}
    assert list(pack.programmes) == ["social_contract"]


def test_covers_the_town_and_nothing_else(pack: Pack) -> None:
    """UPP-01 to UPP-10, each carried by something in the pack."""
    assert set(pack.covers) == ids("UPP", 10)


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


def test_four_boards_refer_and_one_authority_coordinates(pack: Pack) -> None:
    """UPP-01 and UPP-02: the list of boards and the roles agree, on every day."""
    referring = {code for code, unit in pack.departments.items() if "referring" in unit.roles}
    boards = pack.param("boards_served", date(2026, 9, 1))

    assert isinstance(boards, tuple)
    assert referring == set(boards)
    assert set(pack.departments) - referring == {"MBS"}


def test_supply_is_recorded_with_and_without_agreement(pack: Pack) -> None:
    """UPP-06 to UPP-08: three kinds of stock; the quota by directive has no made-up figure."""
    contract = pack.programme("social_contract").contract
    quotas = {quota.id: quota for quota in pack.quotas}
    own = quotas["own_flats"].amount

    assert contract is not None
    (stock,) = contract.terms
    assert stock.options is not None
    assert set(stock.options) == {"own_flat", "quota_flat", "without_agreement"}
    assert own is not None and own.low.value == 450
    assert quotas["quota_flats"].kind == "binding"
    assert quotas["quota_flats"].amount is None and quotas["quota_flats"].by is not None


def test_meetings_to_come_have_no_interval(pack: Pack) -> None:
    """UPP-09: continuous meetings are a next step; how often is not said."""
    (companies,) = pack.meetings

    assert companies.every is None and companies.times is None


def test_a_fifth_board_can_be_served_from_a_day() -> None:
    """The authority's own cases count when its code is put on the list, from that day."""
    facts = {"department": "MBS"}
    with copied("uppsala") as folder:
        other = rewritten(
            folder,
            "pack.yaml",
            "{2012-01-01: [ALN, HVO, SBU, UAN]}",
            "{2012-01-01: [ALN, HVO, SBU, UAN], 2027-01-01: [ALN, HVO, SBU, UAN, MBS]}",
        )
    rule = "from_a_board_served"

    assert evaluate(other, rule, facts, date(2026, 12, 31)).outcome is Outcome.FALSE
    assert evaluate(other, rule, facts, date(2027, 1, 1)).outcome is Outcome.TRUE


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.yaml", "{2012-01-01: [ALN, HVO, SBU, UAN]}", "{2012-01-01: [ALN, HVO, SBU]}"),
        (
            "pack.yaml",
            "{2012-01-01: [ALN, HVO, SBU, UAN]}",
            "{2012-01-01: [ALN, HVO, SBU, UAN, MBS]}",
        ),
        ("rules.yaml", "      - {rule: from_a_board_served}\n", ""),
        ("rules.yaml", "      - {rule: cannot_rent_on_the_market}\n", ""),
        ("rules.yaml", "'h.department in p.boards_served'", "'h.department == \"HVO\"'"),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("uppsala") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_leaf_turned_around_fails_a_sentence() -> None:
    """Each leaf that applies, in turn, says the opposite."""
    assert leaves_unnoticed("uppsala") == []
