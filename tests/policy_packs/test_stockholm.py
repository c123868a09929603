"""The Stockholm pack: two wordings and the day between them, and two processes kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hemvist.policy import Outcome, Pack, Period, evaluate, missing_contents, next_stage
from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.locks import broken, read_lock
from hemvist.policy.sentences import read_sentences
from hemvist_packs import (
    PACKS,
    copied,
    days,
    decisions_out_of_time,
    facts_unused,
    facts_without_heading,
    ids,
    labels_wanting,
    leaves_unnoticed,
    noticed,
    params_unused,
    rewritten,
)
from hemvist_registry import discovered

NAME = "stockholm/forsoks-och-traningslagenheter"
GUIDELINE = "forsoks-och-traningslagenheter"
FOLDER = PACKS.joinpath("stockholm", GUIDELINE)
#: The present guideline was last updated; the default day of the revision.
PRESENT, REVISED = date(2014, 1, 14), date(2026, 1, 1)
EVE = date(2025, 12, 31)
SOCIAL_PROBLEMS = {
    "age": 31,
    "difficulties": ["serious_social_problems"],
    "long_standing": True,
    "in_exit_programme": False,
    "needs_support_in_home": True,
    "needs_extensive_support": True,
    "manages_with_support": True,
    "needed_for_reasonable_living": True,
    "own_ways_exhausted": True,
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_a_proposal_that_says_so(pack: Pack) -> None:
    """One version from the present guideline's day on, marked as proposed."""
    assert discovered().in_force(NAME, PRESENT).version == "2026.1.0"
    assert pack.in_force == Period(PRESENT, None)
    assert pack.status.kind == "proposed"
    assert pack.status.note is not None
    assert list(pack.programmes) == ["trial_flat", "housing_first_flat", "training_flat"]


def test_covers_the_proposal_and_nothing_else(pack: Pack) -> None:
    """STH-01 to STH-44, each carried by something in the pack."""
    assert set(pack.covers) == ids("STH", 44)


def test_nothing_is_idle_or_half_translated(pack: Pack) -> None:
    """Facts and parameters are read, questions stand under headings, labels are in two languages."""
    assert facts_unused(pack) == set()
    assert facts_without_heading(pack) == []
    assert params_unused(pack) == set()
    assert labels_wanting(pack) == []


def test_every_sentence_holds_and_is_locked(pack: Pack) -> None:
    """The cases, and the outcomes written down for this version."""
    sentences = read_sentences(pack, FOLDER)
    lock = read_lock(FOLDER)

    assert [sentence.name for sentence in sentences if sentence.judge()] == []
    assert len(sentences) >= 60
    assert lock is not None and lock.version == pack.version
    assert broken(lock, pack, sentences) == ()


# --- dates


def test_the_wording_changes_once(pack: Pack) -> None:
    """On every day of the pack one of the two wordings holds, and the day between them is one."""
    wordings = [(day, pack.param("revised", day)) for day in sorted(days()) if day >= PRESENT]

    assert {wording for day, wording in wordings if day < REVISED} == {False}
    assert {wording for day, wording in wordings if day >= REVISED} == {True}


def test_no_rule_is_settled_by_the_wording_alone(pack: Pack) -> None:
    """With nothing known, only what the present wording does not ask for is settled."""
    settled = {
        day: {
            id: evaluate(pack, id, {}, day).outcome
            for id in pack.rules
            if evaluate(pack, id, {}, day).outcome is not Outcome.UNKNOWN
        }
        for day in (PRESENT, EVE, REVISED, date(2030, 12, 31))
    }

    before = {
        "revised_wording": Outcome.FALSE,
        "long_standing_difficulty": Outcome.TRUE,
        "within_target_group": Outcome.TRUE,
        "entitled_to_housing_first": Outcome.FALSE,
        "may_grant_housing_first": Outcome.FALSE,
        "care_chain": Outcome.FALSE,
        "boendestod_in_decision": Outcome.TRUE,
        "decision_can_be_changed": Outcome.TRUE,
    }
    after = {"revised_wording": Outcome.TRUE, "may_go_direct_to_permanent": Outcome.TRUE}
    assert settled[PRESENT] == settled[EVE] == before
    assert settled[REVISED] == settled[date(2030, 12, 31)] == after


def test_the_right_act_on_every_day_and_no_dead_end(pack: Pack) -> None:
    """Decisions rest on the act of their day; no question is hidden while a rule needs it."""
    assert decisions_out_of_time(pack) == []
    assert dead_ends(pack, samples=300) == ()
    assert dead_ends(replace(pack, in_force=Period(REVISED, None)), samples=300) == ()


def test_the_day_of_the_revision_is_a_setting(pack: Pack) -> None:
    """A city that decides on another day writes it in one place, and everything follows."""
    setting = pack.params["revised"].setting
    assert setting is not None
    assert setting.choices == (True, False)
    with copied("stockholm") as folder:
        other = rewritten(folder, "params.yaml", "2026-01-01: true", "2026-09-01: true")

        def answers(of: Pack, day: date) -> tuple[Outcome, Outcome]:
            return (
                evaluate(of, "entitled_to_permanent", SOCIAL_PROBLEMS, day).outcome,
                evaluate(of, "boendestod_in_decision", {"boendestod_granted": False}, day).outcome,
            )

        assert answers(pack, EVE) == (Outcome.TRUE, Outcome.TRUE)
        assert answers(pack, REVISED) == (Outcome.FALSE, Outcome.FALSE)
        assert answers(other, REVISED) == (Outcome.TRUE, Outcome.TRUE)
        assert answers(other, date(2026, 9, 1)) == (Outcome.FALSE, Outcome.FALSE)
        assert noticed(other, folder)


def test_a_proposal_that_is_never_adopted() -> None:
    """Without the second value the present wording goes on."""
    with copied("stockholm") as folder:
        other = rewritten(folder, "params.yaml", "      2026-01-01: true\n", "")
        after = evaluate(other, "entitled_to_permanent", SOCIAL_PROBLEMS, date(2030, 1, 1))

        assert after.outcome is Outcome.TRUE


def test_whether_a_chain_is_ground_enough_is_a_setting(pack: Pack) -> None:
    """Read the other way, the person exposed to violence also needs one of the difficulties."""
    facts = {
        "difficulties": [],
        "chain_situation": "violence",
        "nearness_matters": True,
        "benefits_more_with_flat": True,
    }
    with copied("stockholm") as folder:
        other = rewritten(
            folder, "params.yaml", "{2014-01-14: true}", "{2014-01-14: true, 2026-06-01: false}"
        )
        day = date(2026, 6, 1)

        assert evaluate(pack, "ground_for_training_flat", facts, day).outcome is Outcome.TRUE
        assert evaluate(other, "ground_for_training_flat", facts, EVE).outcome is Outcome.FALSE
        assert evaluate(other, "ground_for_training_flat", facts, REVISED).outcome is Outcome.TRUE
        assert evaluate(other, "ground_for_training_flat", facts, day).outcome is Outcome.FALSE


# --- what the law and the proposal refuse


def test_clauses_that_nobody_may_write(pack: Pack) -> None:
    """LF-4: no sobriety, no alcohol clause, no treatment, under either wording."""
    refused = {(no.clause, no.where, no.effect) for no in pack.refused if no.active}

    assert refused == {
        ("alcohol_in_home", ("contract",), "block"),
        ("sobriety", ("contract", "decision"), "block"),
        ("treatment", ("contract", "decision"), "block"),
        ("earlier_step", ("decision",), "block"),
    }
    # Nobody need have practised first: by the revised wording, and from its day (STH-22).
    (first,) = (no for no in pack.refused if no.clause == "earlier_step")
    assert first.while_param == "revised"
    for condition in ("drug_free", "treatment_plan"):
        for day in (PRESENT, EVE, REVISED):
            said = evaluate(
                pack, "no_forbidden_condition", {"conditions_in_decision": [condition]}, day
            )
            assert said.outcome is Outcome.FALSE, (condition, day)


def test_sobriety_is_never_asked_for_the_right(pack: Pack) -> None:
    """No rule of entitlement reads a fact about drugs, treatment, market or children."""
    for programme in pack.programmes.values():
        read = set(pack.facts_of(programme.entry))
        assert not read & {
            *("conditions_in_decision", "market_weighed", "homelessness_only"),
            *("children_under_18", "childs_best_considered", "practised_in"),
        }, programme.id


def test_the_link_is_told_and_proved(pack: Pack) -> None:
    """LF-13: every contract carries the term, its proof, and the flag that says why."""
    for programme in pack.programmes.values():
        contract = programme.contract
        assert contract is not None and contract.kind == "sublease"
        terms = {term.id: term for term in contract.terms}
        told = terms["informed_of_link"]
        assert told.must_be is True
        assert told.legal is not None and told.legal.flag == "LF-13"
        assert terms["fixed_term_until"].required
        (clause,) = contract.clauses
        assert clause.clause == "ends_with_support"
        assert clause.legal is not None and clause.legal.flag == "LF-13"


# --- two processes


def test_the_decision_comes_before_the_contract(pack: Pack) -> None:
    """The contract carries the decision out (tension 5: the other way round than Helsingborg)."""
    for programme in pack.programmes.values():
        assert programme.comes_before("support", "contract"), programme.id
        assert programme.decision("support").grants == "support_granted"


def test_assistance_and_tenancy_end_each_by_itself(pack: Pack) -> None:
    """The end of one leaves the other; only both together close the case."""
    for id in pack.programmes:

        def after(stage: str, event: str, programme: str = id) -> str | None:
            return next_stage(pack, programme, stage, event, {}, REVISED)

        assert after("housed", "right_ended") == "tenancy_only"
        assert after("tenancy_only", "contract_ended") == "closed"
        assert after("housed", "contract_ended") == "granted"
        assert after("granted", "right_ended") == "closed"


def test_a_training_flat_never_becomes_a_first_hand_lease(pack: Pack) -> None:
    """STH-20: no takeover, no such stage, and the term says so."""
    training, trial = pack.programme("training_flat"), pack.programme("trial_flat")

    assert training.takeover is None and training.contract is not None
    assert {term.id: term.must_be for term in training.contract.terms}["may_be_taken_over"] is False
    assert training.stages is not None and "first_hand" not in training.stages.states
    assert trial.takeover is not None
    assert (trial.takeover.rule, trial.takeover.after) == ("may_take_over_lease", None)


def test_support_is_ordered_with_the_flat(pack: Pack) -> None:
    """STH-30: from the revision the order of a flat holds the personal support, in every form."""
    content = {"decision": "Bifall", "home_need": "Ett rum"}
    facts = {"children_under_18": 0, "has_children_elsewhere": False}
    for id in pack.programmes:
        before = missing_contents(pack, id, content, facts, EVE)
        after = missing_contents(pack, id, content, facts, REVISED)

        assert [item.id for item in before] == []
        assert [item.id for item in after] == ["boendestod"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params.yaml", "2026-01-01: true", "2026-01-02: true"),
        ("params.yaml", "2026-01-01: true", "2025-12-31: true"),
        ("params.yaml", "2024-07-01: true", "2024-07-02: true"),
        ("params.yaml", "values: {2014-01-14: 18}", "values: {2014-01-14: 19}"),
        ("params.yaml", "values: {2014-01-14: 18}", "values: {2014-01-14: 17}"),
        ("params.yaml", "values: {2014-01-14: 3}", "values: {2014-01-14: 4}"),
        (
            "params.yaml",
            "crime_in_flat, other_42_46",
            "crime_in_flat, alcohol_or_drugs, other_42_46",
        ),
        ("decision.yaml", "    force: advice\n", ""),
        ("trial_flat.yaml", "when: p.revised", "when: '!p.revised'"),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """Dates, limits and lists that matter: some sentence fails when they are written wrong."""
    with copied("stockholm") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


@pytest.mark.slow
def test_every_leaf_turned_around_is_noticed() -> None:
    """Each leaf in turn says the opposite; some sentence must notice."""
    names = ("assistance.yaml", "decision.yaml", "tenancy.yaml")
    assert leaves_unnoticed("stockholm", GUIDELINE, names) == []
