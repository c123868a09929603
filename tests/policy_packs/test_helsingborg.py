"""The Helsingborg pack as a whole: languages, dates without gaps, settings."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from importlib.resources import as_file, files
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import pytest

from hemvist.policy import (
    Label,
    Node,
    Num,
    Outcome,
    Pack,
    add_days,
    add_months,
    evaluate,
    load_pack,
)
from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.facts import FactKind
from hemvist.policy.leaf import Leaf
from hemvist_registry import discovered

T = TypeVar("T")

NAME = "helsingborg/bostadssociala-lagenheter"
PACKS = files("hemvist_policy_packs")
HOMELESS_IN_TRAINING_FLAT = {
    "lacks_roof": False,
    "current_housing": "training_flat",
    "current_contract_form": "none",
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack as the platform finds it."""
    return discovered().get(NAME)


def test_found_by_name_and_day() -> None:
    """The registry gives the version for a decision date."""
    pack = discovered().in_force(NAME, date(2026, 9, 1))

    assert pack.version == "2026.3.0"
    assert set(pack.programmes) == {"municipal_contract", "rent_guarantee"}
    assert set(pack.departments) == {"AMF", "SOF-BUF", "SOF-VUX", "VOF", "FF"}


# --- language


def _find(kind: type[T], value: object, seen: set[int]) -> Iterator[T]:
    """Everything of one kind anywhere inside a loaded pack, each object once."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, kind):
        yield value
    if is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _find(kind, getattr(value, part.name), seen)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _find(kind, inner, seen)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _find(kind, inner, seen)


def test_every_label_is_in_both_languages(pack: Pack) -> None:
    """Each text exists in Swedish and in English, and is not the same text copied over.

    The titles of the sources are the documents' own and stay as they are.
    """
    titles = {id(source) for source in pack.sources.values()}
    labels = list(_find(Label, pack, titles))

    assert len(labels) > 300
    assert [label for label in labels if not (label.sv.strip() and label.en.strip())] == []
    assert [label for label in labels if label.sv == label.en] == []


# --- nothing idle


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in (*node.children, *node.unless):
        yield from _nodes(child)


def test_no_fact_is_asked_in_vain(pack: Pack) -> None:
    """Every fact is read by a rule, a document, or the question whether another is relevant."""
    used = {name for leaf in _find(Leaf, pack, set()) for name in leaf.facts}

    assert set(pack.facts) - used == set()


def test_no_parameter_is_idle(pack: Pack) -> None:
    """Every parameter is read by a leaf, counted by a duty, or lists the guarantee's periods."""
    used = {name for leaf in _find(Leaf, pack, set()) for name in leaf.params}
    used |= {number.param for number in _find(Num, pack, set()) if number.param}
    used |= {form.guarantee.periods for form in pack.programmes.values() if form.guarantee}

    assert set(pack.params) - used == set()


def test_every_signed_choice_has_a_named_source(pack: Pack) -> None:
    """Each node cites the guideline or the law, through a source the pack declares."""
    for rule in pack.rules.values():
        for node in _nodes(rule):
            assert node.cite, node.path
            assert {cite.partition(" ")[0] for cite in node.cite} <= set(pack.sources), node.path


# --- dates


def _days(pack: Pack) -> list[date]:
    """The first, the last and a middle day of every month for twenty years, and the law's turns."""
    first = pack.in_force.start
    starts = [add_months(first, month) for month in range(240)]
    turns = [start for param in pack.params.values() for start, _ in param.values if start >= first]
    around = [add_days(turn, step) for turn in turns for step in (-1, 0, 1)]
    return [
        *starts,
        *(add_days(start, 14) for start in starts),
        *(add_days(start, -1) for start in starts[1:]),
        *around,
    ]


def test_no_parameter_has_a_gap(pack: Pack) -> None:
    """Every parameter has a value on every day the pack can be asked about."""
    for day in _days(pack):
        for name in pack.params:
            assert pack.param(name, day) is not None


def test_every_rule_answers_on_every_day(pack: Pack) -> None:
    """With nothing known no rule is ever a fault, and none is true for lack of answers."""
    for day in _days(pack):
        for rule in pack.rules:
            assert evaluate(pack, rule, {}, day).outcome is Outcome.UNKNOWN, (rule, day)


def test_every_decision_has_a_legal_basis_on_every_day(pack: Pack) -> None:
    """The old act until 2025-06-30, the new one from the next day; never none, never both."""
    for programme in pack.programmes.values():
        for decision in programme.decisions:
            for day in _days(pack):
                acts = {basis.cite[0].split()[0] for basis in pack.bases(decision, day)}
                expected = "SoL2001" if day <= date(2025, 6, 30) else "SoL2025"
                assert acts == {expected}, (programme.id, decision.id, day)


def test_the_rule_and_the_decision_agree_on_the_legal_bases(pack: Pack) -> None:
    """What the decision offers as a basis is what the rule accepts, on every day."""
    support = pack.programme("municipal_contract").decision("support")
    for day in _days(pack):
        offered = {basis.id for basis in pack.bases(support, day)}
        accepted = pack.param("support_legal_bases", day)
        assert isinstance(accepted, tuple)
        assert offered == set(accepted), day


def test_a_change_of_law_changes_the_answer(pack: Pack) -> None:
    """The same facts, one day apart, under the old act and under the new one."""
    facts = {"legal_basis": "sol_2001_4_1"}

    before = evaluate(pack, "legal_basis_in_force", facts, date(2025, 6, 30))
    after = evaluate(pack, "legal_basis_in_force", facts, date(2025, 7, 1))

    assert (before.outcome, after.outcome) == (Outcome.TRUE, Outcome.FALSE)


# --- settings that the sources leave open


def _with(tmp_path: Path, old: str, new: str) -> Pack:
    """The pack with one setting written otherwise, loaded from a copy."""
    with as_file(PACKS.joinpath("helsingborg")) as folder:
        copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    params = copy / "params.yaml"
    text = params.read_text(encoding="utf-8")
    assert text.count(old) == 1
    params.write_text(text.replace(old, new), encoding="utf-8")
    return load_pack(copy)


def test_the_reading_of_the_exemption_is_a_setting(pack: Pack, tmp_path: Path) -> None:
    """From the day the other reading is set, a training flat no longer meets the criterion."""
    other = _with(
        tmp_path,
        "{2018-02-12: need_not_be_roofless}",
        "{2018-02-12: need_not_be_roofless, 2027-01-01: is_left_out}",
    )
    new_year, eve = date(2027, 1, 1), date(2026, 12, 31)

    def answer(of: Pack, day: date) -> Outcome:
        return evaluate(of, "completely_homeless", HOMELESS_IN_TRAINING_FLAT, day).outcome

    assert answer(pack, new_year) is Outcome.TRUE
    assert answer(other, eve) is Outcome.TRUE
    assert answer(other, new_year) is Outcome.FALSE


def test_the_guarantee_periods_are_a_setting(pack: Pack, tmp_path: Path) -> None:
    """A kommun that gives two years only refuses one year from its day on."""
    other = _with(tmp_path, "{2018-02-12: [12, 24]}", "{2018-02-12: [12, 24], 2027-01-01: [24]}")

    def answer(of: Pack, day: date) -> Outcome:
        return evaluate(of, "guarantee_period_allowed", {"guarantee_months": 12}, day).outcome

    assert answer(pack, date(2027, 1, 1)) is Outcome.TRUE
    assert answer(other, date(2026, 12, 31)) is Outcome.TRUE
    assert answer(other, date(2027, 1, 1)) is Outcome.FALSE


# --- terms that the law refuses


def test_conditions_the_law_refuses_can_never_be_agreed(pack: Pack) -> None:
    """Sobriety, visits and treatment are no terms of the contract; the link must have been told."""
    contract = pack.programme("municipal_contract").contract
    assert contract is not None
    terms = {term.id: term for term in contract.terms}

    for refused in ("sobriety_required", "visits_required", "treatment_required"):
        assert terms[refused].must_be is False
        assert terms[refused].legal is not None
    assert terms["informed_of_link"].must_be is True
    assert terms["notice_months"].minimum == 3


# --- the form


def test_every_question_stands_under_a_heading_of_the_form(pack: Pack) -> None:
    """A person is never asked outside the groups, and the groups are met one after the other."""
    asked = [fact for fact in pack.facts.values() if fact.kind is not FactKind.DERIVED]

    assert [fact.name for fact in asked if fact.group is None] == []
    met = [fact.group for fact in pack.facts.values() if fact.group]
    assert [group for group, _ in groupby(met)] == list(pack.groups)


@pytest.mark.parametrize("seed", range(3))
def test_no_rule_waits_for_a_question_that_is_hidden(pack: Pack, seed: int) -> None:
    """Whoever answers what the form shows gets an answer from every rule of the case."""
    assert dead_ends(pack, samples=300, seed=seed) == ()
