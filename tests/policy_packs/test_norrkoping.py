"""The Norrköping pack: what the report of 2014 tells, whole, dated, and with the law beside it."""

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

NAME = "norrkoping/kommunala-kontrakt"
FOLDER = PACKS.joinpath("norrkoping", "kommunala-kontrakt")
SHORT = ("support_agreement", "three_month_agreement")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_on_every_day_of_the_practice(pack: Pack) -> None:
    """One version from 2012 on, said to be described practice."""
    assert discovered().in_force(NAME, date(2012, 1, 1)).name == NAME
    assert pack.in_force.end is None
    assert pack.status.kind == "described"
    assert set(pack.departments) == {"SOC", "BS"}
    assert list(pack.programmes) == ["municipal_contract", *SHORT, "bo_kvar"]


def test_covers_the_town_and_nothing_else(pack: Pack) -> None:
    """NKP-01 to NKP-26, each carried by something in the pack."""
    assert set(pack.covers) == ids("NKP", 26)


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


def test_relapse_is_history(pack: Pack) -> None:
    """LF-4: that a relapse ends the agreement is shown, never tried, never asked, in no contract."""
    read = {fact for id, rule in pack.rules.items() if rule.active for fact in pack.facts_of(id)}
    assert "relapsed" not in read
    with pytest.raises(PolicyError):
        evaluate(pack, "ends_on_relapse", {"relapsed": True}, date(2026, 9, 1))
    for name in SHORT:
        contract = pack.programme(name).contract
        assert contract is not None
        active = {clause.clause: clause.active for clause in contract.clauses}
        assert active == {"tenure_waiver": True, "sobriety": False}
    assert [(no.clause, no.effect, no.active) for no in pack.refused] == [
        ("sobriety", "block", True)
    ]


def test_three_parties_sign_the_short_agreements(pack: Pack) -> None:
    """Municipality, tenant and owner; for those without income three months and a surety."""
    day = date(2014, 2, 20)
    for name in SHORT:
        contract = pack.programme(name).contract
        assert contract is not None
        assert set(contract.signed_by) == {"property", "resident", "landlord"}
    three = pack.programme("three_month_agreement")
    assert three.contract is not None and three.contract.tenure_waiver is not None
    assert three.guarantee is not None
    (length,) = three.contract.lengths
    assert length.months is not None
    assert pack.number(length.months, day) == 3
    assert pack.number(three.contract.tenure_waiver.span.count, day) == 3
    assert three.guarantee.kind == "borgen"
    assert pack.programme("support_agreement").guarantee is None


def test_open_cards_are_a_setting() -> None:
    """Tension 7: a kommun that tells landlords nothing changes one parameter, from a day."""
    facts = {
        "landlord_name": "Willhem",
        "landlord_consents": [
            {"recipient": "Willhem", "given_on": "2026-01-01", "withdrawn": False}
        ],
    }
    with copied("norrkoping") as folder:
        other = rewritten(
            folder,
            "params.yaml",
            "{2012-01-01: with_consent}",
            "{2012-01-01: with_consent, 2027-01-01: not_told}",
        )
    setting = other.params["open_cards"].setting
    eve, new_year = date(2026, 12, 31), date(2027, 1, 1)

    assert setting is not None and setting.tension == 7
    assert evaluate(other, "landlord_may_be_told", facts, eve).outcome is Outcome.TRUE
    assert evaluate(other, "landlord_may_be_told", facts, new_year).outcome is Outcome.FALSE


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params.yaml", "{2012-01-01: 12}", "{2012-01-01: 11}"),
        ("params.yaml", "{2012-01-01: 12}", "{2012-01-01: 13}"),
        ("rules.yaml", " && c.given_on <= h.decision_date", ""),
        ("rules.yaml", " && !c.withdrawn", ""),
        ("rules.yaml", "c.recipient == h.landlord_name && ", ""),
        ("rules.yaml", "h.arrears_ore > 0", "h.arrears_ore > 1"),
        ("rules.yaml", "exists(c,", "all(c,"),
        ("municipal_contract.yaml", "until: [lease_taken_over, ", "until: ["),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("norrkoping") as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_leaf_turned_around_fails_a_sentence() -> None:
    """Each leaf that applies, in turn, says the opposite."""
    assert leaves_unnoticed("norrkoping") == []
