"""The Jönköping pack: what the report of 2014 tells, whole, dated, and with the law beside it."""

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

NAME = "jonkoping/sociala-kontrakt"
FOLDER = PACKS.joinpath("jonkoping", "sociala-kontrakt")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"SOC", "TK"}
    assert list(pack.programmes) == ["social_contract", "category_home", "guarantee_flat"]


def test_covers_the_town_and_nothing_else(pack: Pack) -> None:
    """JKP-01 to JKP-34, each carried by something in the pack."""
    assert set(pack.covers) == ids("JKP", 34)


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


def test_visits_are_support_and_no_condition(pack: Pack) -> None:
    """LF-3: no clause, no condition of the recommendation, never asked; a visit is still offered."""
    contract = pack.programme("social_contract").contract
    assert contract is not None
    assert [(clause.clause, clause.active) for clause in contract.clauses] == [
        ("home_visits", False)
    ]
    assert "visits_accepted" not in pack.facts_of("may_be_recommended")
    assert [(no.clause, no.effect, no.active) for no in pack.refused] == [
        ("home_visits", "block", True)
    ]
    assert pack.programme("social_contract").obligation("consultants_in_contact").continuous
    with pytest.raises(PolicyError):
        evaluate(pack, "may_be_recommended/visits", {}, date(2026, 9, 1))


def test_social_services_recommend_and_the_owner_decides(pack: Pack) -> None:
    """JKP-25: a year after moving in, by the four conditions less the visits."""
    takeover = pack.programme("social_contract").takeover

    assert takeover is not None and takeover.after is not None
    assert pack.number(takeover.after.count, date(2014, 2, 20)) == 12
    assert (takeover.start, takeover.rule) == ("moved_in", "may_be_recommended")
    assert (takeover.recommended_by, takeover.decided_by) == (("referring",), ("landlord",))
    assert not takeover.owner_bound


def test_from_category_home_to_guarantee_flat(pack: Pack) -> None:
    """JKP-29 to JKP-32: visits every day, and the way to the ordinary stock."""
    home, flat = pack.programme("category_home"), pack.programme("guarantee_flat")

    assert [(way.id, way.to) for way in home.exits] == [("guarantee_flat", "guarantee_flat")]
    assert home.contract is None
    assert flat.contract is not None and flat.contract.kind == "sublease"
    assert len(home.obligation("visits").agenda) == 2


def test_the_four_ways_to_homes(pack: Pack) -> None:
    """JKP-10 to JKP-16: ten percent of new production; the rest is told in words, unfigured."""
    quotas = {quota.id: quota for quota in pack.quotas}
    share = quotas["new_production"].amount

    assert share is not None and share.percent
    assert pack.number(share.low, date(2014, 2, 20)) == 10
    for way in ("cooperation_agreements", "every_landlord", "exchanged_for_older"):
        assert quotas[way].amount is None and quotas[way].by is not None
    for way in ("bought_for_profit", "without_agreement"):
        assert (quotas[way].amount, quotas[way].kind) == (None, "observed")


def test_psychiatry_can_be_taken_in_from_a_day() -> None:
    """A kommun that adds municipal psychiatry changes one list, from its day on."""
    facts = {"has_case": True, "served_by": ["psychiatry"]}
    groups = "addiction_care, children_at_risk, disability_care, income_support"
    with copied("jonkoping") as folder:
        other = rewritten(
            folder,
            "params.yaml",
            f"{{2012-01-01: [{groups}]}}",
            f"{{2012-01-01: [{groups}], 2027-01-01: [{groups}, psychiatry]}}",
        )
    rule = "entitled_to_social_contract"

    assert evaluate(other, rule, facts, date(2026, 12, 31)).outcome is Outcome.FALSE
    assert evaluate(other, rule, facts, date(2027, 1, 1)).outcome is Outcome.TRUE


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params.yaml", "disability_care, income_support]", "disability_care]"),
        (
            "params.yaml",
            "disability_care, income_support]",
            "disability_care, income_support, psychiatry]",
        ),
        ("params.yaml", "{2012-01-01: 12}", "{2012-01-01: 11}"),
        ("params.yaml", "{2012-01-01: 12}", "{2012-01-01: 13}"),
        ("rules.yaml", "h.decision_date >= addMonths", "h.decision_date > addMonths"),
        (
            "rules.yaml",
            "p.recommendation_months) > h.decision_date",
            "p.recommendation_months) >= h.decision_date",
        ),
        ("rules.yaml", "one.confirmed && addMonths", "addMonths"),
        ("rules.yaml", "h.rent_paid_months >= p", "h.rent_paid_months > p"),
        (
            "social_contract.yaml",
            "within: {months: p.recommendation_months}",
            "within: {months: 11}",
        ),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("jonkoping") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_leaf_turned_around_fails_a_sentence() -> None:
    """Each leaf that applies, in turn, says the opposite."""
    assert leaves_unnoticed("jonkoping") == []
