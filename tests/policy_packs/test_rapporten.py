"""The general part of the report of 2014 as a pack that no kommun has adopted."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import Pack
from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.locks import broken, read_lock
from hemvist.policy.rules import Force
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

NAME = "rapporten/samverkan-2014"
FOLDER = PACKS.joinpath("rapporten", "samverkan-2014")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_covers_the_general_part_and_nothing_else(pack: Pack) -> None:
    """RPT-01 to RPT-12, each carried by something in the pack, as a description."""
    assert set(pack.covers) == ids("RPT", 12)
    assert pack.status.kind == "described"
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME


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
    assert len(sentences) >= 8
    assert lock is not None and lock.version == pack.version
    assert broken(lock, pack, sentences) == ()


def test_what_an_agreement_should_describe_is_advice(pack: Pack) -> None:
    """RPT-05 says should: shown to whoever writes the agreement, deciding nothing."""
    assert pack.rule("agreement_is_clear").force is Force.ADVICE


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.yaml", "{2012-01-01: 36}", "{2012-01-01: 35}"),
        ("pack.yaml", "{2012-01-01: 36}", "{2012-01-01: 37}"),
        ("rules.yaml", "!h.ground_for_remark", "h.landlord_saw_rent"),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """The three years and the ground for remark: some sentence fails when written wrong."""
    with copied("rapporten") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_every_leaf_turned_around_is_noticed() -> None:
    """Each leaf in turn says the opposite; some sentence must notice."""
    assert leaves_unnoticed("rapporten") == []
