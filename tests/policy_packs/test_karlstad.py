"""The Karlstad pack: what the report of 2014 tells, whole, dated, and with the law beside it."""

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

NAME = "karlstad/sociala-kontrakt"
FOLDER = PACKS.joinpath("karlstad", "sociala-kontrakt")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"ASF", "BG"}
    assert list(pack.programmes) == [
        *("roof_over_head", "social_contract", "assigned_refugee"),
        *("hyresgaranti", "kommunal_hyresgaranti", "bostad_forst"),
    ]


def test_covers_the_town_and_nothing_else(pack: Pack) -> None:
    """KSD-01 to KSD-30, each carried by something in the pack."""
    assert set(pack.covers) == ids("KSD", 30)


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
    """LF-4: shown, never tried, never asked, and no clause of a contract."""
    assert pack.facts_of("entitled_to_social_contract") == ("barred_from_market",)
    with pytest.raises(PolicyError):
        evaluate(pack, "drug_free", {"months_without_drugs": 12}, date(2026, 9, 1))
    contract = pack.programme("social_contract").contract
    assert contract is not None
    assert [(clause.clause, clause.active) for clause in contract.clauses] == [("sobriety", False)]
    refused = {no.clause: (no.effect, no.active, no.programmes) for no in pack.refused}
    assert refused == {
        "accept_support": ("block", True, ("bostad_forst",)),
        "alcohol_in_home": ("block", True, ("roof_over_head",)),
        "sobriety": ("block", True, ()),
    }


def test_the_weekly_contact_is_support_and_no_condition(pack: Pack) -> None:
    """LF-3: the meeting has a date; the demand is off."""
    programme = pack.programme("bostad_forst")

    assert programme.obligation("weekly_contact").by == ("support_worker",)
    assert not pack.rule("contact_kept").active
    assert pack.facts_of(programme.entry) == ("homeless",)


def test_what_the_contract_and_the_guarantees_say(pack: Pack) -> None:
    """The waiver of three years, the guarantee of one year and three months' rent, 48 hours."""
    day = date(2014, 2, 20)
    contract = pack.programme("social_contract").contract
    guarantee = pack.programme("hyresgaranti").guarantee
    (call_out,) = pack.service_levels

    assert contract is not None and contract.tenure_waiver is not None
    assert contract.kind == "sublease"
    assert pack.number(contract.tenure_waiver.span.count, day) == 36
    assert contract.tenure_waiver.legal is not None
    assert contract.tenure_waiver.legal.flag == "LF-2"
    assert guarantee is not None and guarantee.rent_months is not None
    assert pack.param(guarantee.periods, day) == (12,)
    assert pack.number(guarantee.rent_months, day) == 3
    assert (call_out.on, call_out.within.unit) == ("problem_reported", "hours")
    assert pack.number(call_out.within.count, day) == 48


def test_the_debt_limit_can_be_raised_from_a_day() -> None:
    """A kommun that allows SEK 15 000 from a date changes one parameter and nothing before it."""
    facts = {"has_income_support": True, "debts_ore": 1_200_000}
    with copied("karlstad") as folder:
        other = rewritten(
            folder,
            "params.yaml",
            "{2012-01-01: 1000000}",
            "{2012-01-01: 1000000, 2027-01-01: 1500000}",
        )
        entry = other.programme("hyresgaranti").entry
        eve, new_year = date(2026, 12, 31), date(2027, 1, 1)

        assert evaluate(other, entry, facts, eve).outcome is Outcome.FALSE
        assert evaluate(other, entry, facts, new_year).outcome is Outcome.TRUE
        assert not noticed(other, folder)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params.yaml", "{2012-01-01: 1000000}", "{2012-01-01: 1000001}"),
        ("params.yaml", "{2012-01-01: 1000000}", "{2012-01-01: 999999}"),
        (
            "rules.yaml",
            "h.contract_signed_on, p.takeover_months)",
            "h.contract_signed_on, p.takeover_months + 1)",
        ),
        (
            "social_contract.yaml",
            "within: {months: p.support_after_takeover_months}",
            "within: {months: 13}",
        ),
        ("bostad_forst.yaml", "every: {days: p.weekly_contact_days}", "every: {days: 8}"),
        ("bostad_forst.yaml", "until: support_ended", "until: contract_ended"),
        ("rules.yaml", "h.debts_ore > 0 && h.rent_debts_ore == 0", "h.debts_ore > 0"),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("karlstad") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_leaf_turned_around_fails_a_sentence() -> None:
    """Each leaf that applies, in turn, says the opposite."""
    assert leaves_unnoticed("karlstad") == []
