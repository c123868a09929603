"""Every sentence of the Helsingborg pack's cases.yaml, through the real engine."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml

from hemvist.policy import Outcome, Pack, evaluate
from hemvist.policy.locks import broken, read_lock
from hemvist.policy.sentences import Sentence, read_sentences
from hemvist_registry import discovered

NAME = "helsingborg/bostadssociala-lagenheter"
FOLDER = files("hemvist_policy_packs").joinpath("helsingborg")
SENTENCES = read_sentences(discovered().get(NAME, "2026.3.0"), FOLDER)
TESTED = {sentence.tests for sentence in SENTENCES}
BOOK: dict[str, Any] = yaml.safe_load(FOLDER.joinpath("cases.yaml").read_text(encoding="utf-8"))
RULE_CASES: list[dict[str, Any]] = [case for case in BOOK["cases"] if "rule" in case]


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the cases are written for."""
    return discovered().get(NAME, "2026.3.0")


def _facts(case: dict[str, Any]) -> dict[str, object]:
    """The named household with the case's own answers on top."""
    return {**BOOK["households"].get(case.get("household"), {}), **case.get("given", {})}


def _outcome(written: object) -> str:
    """YAML reads true and false as booleans, unknown as text."""
    return str(written).lower()


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.name)
def test_sentence(sentence: Sentence) -> None:
    """The engine agrees with the sentence: outcome and questions, due days, or missing items."""
    assert sentence.judge() is None


def test_there_are_sentences_of_every_kind() -> None:
    """Outcomes of all three values, schedules, and contents of both documents."""
    assert len(SENTENCES) >= 60
    assert {_outcome(case["expect"]) for case in RULE_CASES} == {"true", "false", "unknown"}
    assert {"schedule:municipal_contract", "schedule:rent_guarantee"} <= TESTED
    assert {"contents:municipal_contract.referral", "contents:municipal_contract.plan"} <= TESTED


def test_every_rule_has_a_case_on_both_sides(pack: Pack) -> None:
    """A rule that is never false, or never true, in a sentence is not shown to decide anything."""
    seen: dict[str, set[Outcome]] = {rule: set() for rule in pack.rules}
    for case in RULE_CASES:
        for node in evaluate(pack, case["rule"], _facts(case), case["as_of"]).trace:
            if node.id in seen:
                seen[node.id].add(node.outcome)

    one_sided = [rule for rule, found in seen.items() if not {"true", "false"} <= found]
    assert one_sided == []


def test_every_exception_is_used_and_refused(pack: Pack) -> None:
    """Each exception has turned an outcome in some sentence, and failed to in another."""
    seen: dict[str, set[Outcome]] = {
        exception.path: set() for rule in pack.rules.values() for exception in rule.unless
    }
    assert seen
    for case in RULE_CASES:
        for node in evaluate(pack, case["rule"], _facts(case), case["as_of"]).trace:
            if node.path in seen:
                seen[node.path].add(node.outcome)

    assert [path for path, found in seen.items() if not {"true", "false"} <= found] == []


def test_the_locked_version_answers_as_it_did(pack: Pack) -> None:
    """Whoever changes an outcome raises the version and locks it: ``hemvist policy lock``."""
    lock = read_lock(FOLDER)
    assert lock is not None and lock.version == pack.version
    assert len(lock.outcomes) >= 160
    assert broken(lock, pack, SENTENCES) == ()
