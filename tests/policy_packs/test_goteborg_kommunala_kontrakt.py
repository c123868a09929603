"""Göteborg's kommunala kontrakt as the report of 2014 tells of them: a trial, and an owner who is bound."""

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

NAME = "goteborg/kommunala-kontrakt"
GUIDELINE = "kommunala-kontrakt-2014"
FOLDER = PACKS.joinpath("goteborg", GUIDELINE)


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"SDN", "FK"}


def test_covers_the_chapter_and_nothing_else(pack: Pack) -> None:
    """GBK-01 to GBK-19, each carried by something in the pack."""
    assert set(pack.covers) == ids("GBK", 19)


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
    assert len(sentences) >= 25
    assert lock is not None and lock.version == pack.version
    assert broken(lock, pack, sentences) == ()


def test_the_owner_is_bound_and_that_is_a_setting(pack: Pack) -> None:
    """Tension 6: here the owner may not refuse; set the other way, the owner decides."""
    takeover = pack.programme("municipal_contract").takeover
    setting = pack.params["owner_is_bound"].setting
    assert takeover is not None and takeover.owner_bound
    assert (takeover.rule, takeover.start) == ("may_take_over", "moved_in")
    assert setting is not None and setting.tension == 6

    day = date(2027, 1, 1)
    quiet = {
        "moved_in_on": date(2025, 1, 1),
        "other_trial_agreed": False,
        "problems_in_trial": False,
        "owner_agrees": False,
    }
    with copied("goteborg", GUIDELINE) as folder:
        written = "{2012-01-01: true}\n    cite: R14 Göteborg – Överlåtelser\n    covers: [GBK-18]"
        other = rewritten(
            folder, "params.yaml", written, written.replace("true}", "true, 2027-01-01: false}")
        )

        assert evaluate(pack, "may_take_over", quiet, day).outcome is Outcome.TRUE
        assert evaluate(other, "may_take_over", quiet, day).outcome is Outcome.FALSE
        assert evaluate(other, "may_take_over", quiet, date(2026, 12, 31)).outcome is Outcome.TRUE
        agreed = {**quiet, "owner_agrees": True}
        assert evaluate(other, "may_take_over", agreed, day).outcome is Outcome.TRUE
        assert dead_ends(other) == ()


def test_figures_of_the_report(pack: Pack) -> None:
    """What the report counted: a range keeps both its ends, a wish is no fact."""
    seen = {item.id: item.observed[0] for item in pack.indicators}
    quotas = {item.id: item for item in pack.quotas}

    assert (seen["takeovers"].low, seen["takeovers"].high) == (250, 300)
    assert (seen["private_flats"].year, seen["private_flats"].low) == (2012, 14)
    assert seen["cost"].low == 50_000_000_000
    assert quotas["private_flats_wanted"].kind == "target"
    assert quotas["flats_in_agreement"].amount is None
    assert quotas["flats_in_agreement"].by is not None


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params.yaml", "{2012-01-01: 18}", "{2012-01-01: 17}"),
        ("params.yaml", "{2012-01-01: 18}", "{2012-01-01: 19}"),
        ("rules.yaml", "h.agreed_trial_months)", "p.trial_months)"),
        ("rules.yaml", "!h.problems_in_trial'", "true || h.problems_in_trial'"),
        (
            "municipal_contract.yaml",
            "from: moved_in\n        within",
            "from: contract_signed\n        within",
        ),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """The length of the trial and what binds the owner: some sentence fails when written wrong."""
    with copied("goteborg", GUIDELINE) as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_every_leaf_turned_around_is_noticed() -> None:
    """Each leaf in turn says the opposite; some sentence must notice."""
    assert leaves_unnoticed("goteborg", GUIDELINE) == []
