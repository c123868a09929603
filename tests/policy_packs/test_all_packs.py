"""What every installed pack must hold: its kind of text, its sentences, its languages, its dates."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import as_file
from pathlib import Path

import pytest

from hemvist.policy import Outcome, Pack, add_months, evaluate
from hemvist.policy.locks import broken, read_lock
from hemvist.policy.sentences import Sentence, read_sentences
from hemvist_packs import NEW_ACT, PACKS, facts_without_heading, labels_wanting
from hemvist_registry import discovered

#: Each guideline: what kind of text it is, and how many sentences it has at least.
EXPECTED = {
    "helsingborg/bostadssociala-lagenheter": ("guideline", 25),
    "goteborg/bostad-forst": ("guideline", 25),
    "goteborg/kommunala-kontrakt": ("described", 8),
    "stockholm/forsoks-och-traningslagenheter": ("proposed", 25),
    "norrkoping/kommunala-kontrakt": ("described", 25),
    "karlstad/sociala-kontrakt": ("described", 25),
    "vasteras/boendetrappa": ("described", 25),
    "jonkoping/sociala-kontrakt": ("described", 8),
    "nynashamn/andrahandskontrakt": ("described", 8),
    "sodertalje/kommunkontrakt": ("described", 8),
    "uppsala/bostadssociala-kontrakt": ("described", 8),
    "rapporten/samverkan-2014": ("described", 8),
    "law/sweden": ("law", 8),
}
REGISTRY = discovered()
PACK = pytest.mark.parametrize("pack", REGISTRY.packs(), ids=lambda pack: pack.name)
FIRST, LAST = date(2010, 1, 1), date(2030, 12, 31)


def _days(pack: Pack) -> list[date]:
    """The first and last day of every month of 2010–2030 and the turn of the law, from the pack's
    first day on; and that day itself."""
    months = [add_months(FIRST, count) for count in range(12 * 21 + 1)]
    ends = [start - timedelta(days=1) for start in months[1:]]
    turns = [NEW_ACT - timedelta(days=1), NEW_ACT]
    start = max(FIRST, _first_day(pack))
    return sorted({start, *(day for day in (*months, *ends, *turns) if start <= day <= LAST)})


def _first_day(pack: Pack) -> date:
    """When the guideline first came into force, in whichever version."""
    return min(other.in_force.start for other in REGISTRY.packs() if other.name == pack.name)


def _on(pack: Pack, day: date) -> Pack:
    return REGISTRY.in_force(pack.name, day)


def _folder(pack: Pack) -> Path:
    """Where the pack lies; found by its content, since a folder's name says nothing."""
    with as_file(PACKS) as root:
        for found in sorted(root.rglob("pack.yaml")):
            lines = found.read_text(encoding="utf-8").splitlines()
            if f"pack: {pack.name}" in lines and f"version: {pack.version}" in lines:
                return found.parent
    raise AssertionError(f"no folder of {pack.name} {pack.version}")


def _sentences(pack: Pack) -> tuple[Sentence, ...]:
    return read_sentences(pack, _folder(pack))


def test_these_are_the_packs() -> None:
    """Every guideline of the sources, and the law beside them."""
    assert {pack.name for pack in REGISTRY.packs()} == set(EXPECTED)


@PACK
def test_says_what_kind_of_text_it_is(pack: Pack) -> None:
    """Described practice, a proposal and the law say so in a note for those who read them."""
    kind, _ = EXPECTED[pack.name]

    assert pack.status.kind == kind
    assert kind == "guideline" or pack.status.note is not None


@PACK
def test_has_its_sentences_and_they_are_locked(pack: Pack) -> None:
    """Enough of them, all true, and what they gave written down for this very version."""
    sentences, lock = _sentences(pack), read_lock(_folder(pack))

    assert len(sentences) >= EXPECTED[pack.name][1]
    assert [sentence.name for sentence in sentences if sentence.judge()] == []
    assert lock is not None and lock.version == pack.version
    assert broken(lock, pack, sentences) == ()


@PACK
def test_each_label_is_there_in_both_languages(pack: Pack) -> None:
    """Neither empty nor copied over; every question stands under a heading."""
    assert labels_wanting(pack) == []
    assert pack.groups == {} or facts_without_heading(pack) == []


@PACK
def test_a_version_is_in_force_on_every_day(pack: Pack) -> None:
    """From the guideline's first day to the end of 2030."""
    assert [day for day in _days(pack) if _on(pack, day).name != pack.name] == []
    newest = max(REGISTRY.packs(), key=lambda one: (one.name == pack.name, one.version_key))
    assert newest.in_force.end is None


@PACK
def test_no_parameter_has_a_gap(pack: Pack) -> None:
    """Each has a value on every one of those days."""
    for day in _days(pack):
        current = _on(pack, day)
        assert [name for name in current.params if current.param(name, day) is None] == []


@PACK
def test_every_rule_answers_on_every_day(pack: Pack) -> None:
    """With nothing known no rule is a fault, and nobody comes in for lack of answers.

    A rule that a later wording brings can be true before it; the way in never is.
    """
    for day in _days(pack):
        current = _on(pack, day)
        rules = [id for id, rule in current.rules.items() if rule.active]
        met = {id for id in rules if evaluate(current, id, {}, day).outcome is Outcome.TRUE}
        assert not met & {programme.entry for programme in current.programmes.values()}, day
        assert len(met) < len(rules), day


@PACK
def test_every_decision_rests_on_the_act_of_the_day(pack: Pack) -> None:
    """One legal basis or more on every day; the Social Services Act of 2025 from its first."""
    for day in _days(pack):
        current = _on(pack, day)
        for programme in current.programmes.values():
            for decision in programme.decisions:
                acts = {basis.cite[0].split()[0] for basis in current.bases(decision, day)}
                gone = "SoL2001" if day >= NEW_ACT else "SoL2025"
                assert acts and gone not in acts, (programme.id, decision.id, day)
