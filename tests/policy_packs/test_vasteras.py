"""The Västerås pack: what the report of 2014 tells, whole, dated, and with the law beside it."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import Outcome, Pack, PolicyError, evaluate
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

NAME = "vasteras/boendetrappa"
FOLDER = PACKS.joinpath("vasteras", "boendetrappa")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"SKV", "INT", "FK"}
    assert list(pack.programmes) == ["training_flat", "support_lease", "temporary_housing"]


def test_covers_the_town_and_nothing_else(pack: Pack) -> None:
    """VAS-01 to VAS-35, each carried by something in the pack."""
    assert set(pack.covers) == ids("VAS", 35)


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


def test_being_drug_free_is_history(pack: Pack) -> None:
    """LF-4: shown, never tried, never asked, no clause, and sends nobody to lesser housing."""
    read = {fact for id, rule in pack.rules.items() if rule.active for fact in pack.facts_of(id)}
    assert "months_without_drugs" not in read
    with pytest.raises(PolicyError):
        evaluate(pack, "drug_free", {"months_without_drugs": 12}, date(2026, 9, 1))
    contract = pack.programme("training_flat").contract
    assert contract is not None
    assert [(clause.clause, clause.active) for clause in contract.clauses] == [("sobriety", False)]
    refused = {no.clause: (no.effect, no.active) for no in pack.refused}
    assert refused == {"sobriety": ("block", True), "short_notice": ("warn", True)}


def test_the_steps_of_the_staircase(pack: Pack) -> None:
    """Sublease with a day's notice under a warning, then an own lease with a surety of a year."""
    day = date(2014, 2, 20)
    first, second = pack.programme("training_flat"), pack.programme("support_lease")
    assert first.contract is not None and second.contract is not None
    assert (first.contract.kind, second.contract.kind) == ("sublease", "first_hand")
    notice = first.contract.notice
    assert notice is not None and notice.legal is not None
    assert (notice.span.unit, pack.number(notice.span.count, day)) == ("days", 1)
    assert (notice.legal.flag, notice.legal.active) == ("LF-1", True)
    assert second.contract.notice is None
    assert first.guarantee is None
    assert second.guarantee is not None and second.guarantee.reassess is not None
    assert second.guarantee.kind == "borgen"
    assert pack.param(second.guarantee.periods, day) == (12,)
    assert pack.number(second.guarantee.reassess.count, day) == 12
    assert [(way.rule, way.to) for way in first.exits] == [("may_step_up", "support_lease")]


def test_the_quota_is_each_owners_own(pack: Pack) -> None:
    """No figure is made up for the quotas per owner; Mimer's share is a range of percent."""
    quotas = {quota.id: quota for quota in pack.quotas}
    share = quotas["mimer_share"].amount

    assert quotas["quota_per_owner"].amount is None
    assert quotas["quota_per_owner"].by is not None
    assert share is not None and share.percent
    assert (share.low.value, share.high.value) == (60, 70)
    (network,) = pack.meetings
    assert network.times is not None
    assert (network.times.low.value, network.times.high.value, network.times.per) == (2, 2, "year")


def test_who_gets_a_training_flat_is_a_setting() -> None:
    """A kommun that opens the training flats to all adults changes one parameter, from a day."""
    facts = {
        "homeless": True,
        "cannot_get_flat_ordinarily": True,
        "needs_support_and_follow_up": True,
        "problems_bar_tenancy": False,
        "children_under_18": 0,
        "former_misuse": False,
    }
    with copied("vasteras") as folder:
        other = rewritten(
            folder,
            "params.yaml",
            "{2012-01-01: former_misusers}",
            "{2012-01-01: former_misusers, 2027-01-01: all_adults}",
        )
    eve, new_year = date(2026, 12, 31), date(2027, 1, 1)

    assert evaluate(other, "entitled_to_training_flat", facts, eve).outcome is Outcome.FALSE
    assert evaluate(other, "entitled_to_training_flat", facts, new_year).outcome is Outcome.TRUE


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules.yaml", "h.moved_in_on, p.training_months", "h.moved_in_on, p.training_months + 1"),
        (
            "rules.yaml",
            "h.decision_date >= addMonths(h.moved_in_on",
            "h.decision_date > addMonths(h.moved_in_on",
        ),
        (
            "rules.yaml",
            "h.decision_date >= addMonths(h.contract_signed_on",
            "h.decision_date > addMonths(h.contract_signed_on",
        ),
        ("rules.yaml", "h.children_under_18 > 0", "h.children_under_18 > 1"),
        ("rules.yaml", "h.children_under_18 == 0", "h.children_under_18 <= 1"),
        (
            "rules.yaml",
            "'!h.has_income_support || h.flat_owner == \"mimer\"'",
            "'h.flat_owner == \"mimer\"'",
        ),
        ("rules.yaml", "      - {rule: drug_free}\n", "      - {rule: home_managed}\n"),
        ("support_lease.yaml", "within: {months: p.support_lease_months}", "within: {months: 11}"),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("vasteras") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_leaf_turned_around_fails_a_sentence() -> None:
    """Each leaf that applies, in turn, says the opposite."""
    assert leaves_unnoticed("vasteras") == []
