"""The catalogue of indicators: whole, one word for one thing, and nothing in it that may not be compiled."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from hemvist.indicators.counting.every import MODULES
from hemvist.indicators.counting.groups import AGES
from hemvist.indicators.definitions import (
    LANGUAGES,
    Definition,
    DefinitionError,
    catalogue,
    fingerprint,
    parsed,
)

#: A rule of the sources, a note on the law beside them, a statute, or what an authority asks.
RULE = re.compile(r"[A-Z]{3}-\d{2,3}")
FLAG = re.compile(r"LF-\d{1,2}")
STATUTE = re.compile(r"SFS \d{4}:\d+( \d+(:\d+)?( [a-z])?)?")
AUTHORITY = re.compile(r"(Boverket|Socialstyrelsen|IVO|Kronofogden|Länsstyrelsen): \S.*")
SOUND: Mapping[str, Any] = {
    "version": 1,
    "kind": "flow",
    "measure": "count",
    "unit": "cases",
    "about": "households",
    "by": ["programme"],
    "source": ["HBG-102"],
    **{
        field: {"sv": "Ord", "en": "Words"} for field in ("label", "definition", "counts", "limits")
    },
}


def indicators() -> list[Definition]:
    """All of them, by name in what pytest prints."""
    return list(catalogue().values())


def written(module: Any) -> set[str]:
    """Every word that stands by itself in a module's source."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_what_is_defined_is_counted_in_its_chapter() -> None:
    """What is of no household is counted otherwise."""
    chapters = {module.__name__.rpartition(".")[2]: written(module) for module in MODULES}
    for one in indicators():
        counts = {chapter for chapter, words in chapters.items() if one.code in words}
        if one.about == "nobody":
            assert not counts, one.code
        else:
            # Some codes are words of decisions too, and stand elsewhere besides.
            assert one.chapter in counts, one.code


def test_what_is_counted_is_defined() -> None:
    found = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fact":
                first = node.args[0]
                found |= {first.value} if isinstance(first, ast.Constant) else set()
    assert len(found) > 20
    assert found <= set(catalogue())


@pytest.mark.parametrize("one", indicators(), ids=lambda one: one.code)
def test_each_says_what_its_numbers_are(one: Definition) -> None:
    unit = {"share": ("percent",), "median": ("days",), "sum": ("ore", "children", "persons")}
    assert one.unit in unit.get(one.measure, ("households", "homes", "cases", "decisions"))
    # Days, shares and sums of a stock would be those of a day, whatever it had been before.
    assert one.kind == "flow" or one.measure in ("count", "sum")
    if one.about != "households":
        assert not one.by
    for field in (one.label, one.definition, one.counts, one.limits):
        assert field["sv"].strip() != field["en"].strip()
        assert all(text == text.strip() for text in field.values())
    for text in (*one.definition.values(), *one.counts.values(), *one.limits.values()):
        assert text.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_are_called_the_same(language: str) -> None:
    called = Counter(one.label[language].casefold() for one in indicators())
    assert {label: times for label, times in called.items() if times > 1} == {}


def test_sources_are_there() -> None:
    table = resources.files("hemvist_policy_packs").joinpath("coverage.csv").read_text("utf-8")
    known = {row["id"] for row in csv.DictReader(table.splitlines())}
    for one in indicators():
        assert len(set(one.source)) == len(one.source), one.code
        for source in one.source:
            if RULE.fullmatch(source):
                assert source in known, (one.code, source)
            else:
                assert any(form.fullmatch(source) for form in (FLAG, STATUTE, AUTHORITY)), (
                    one.code,
                    source,
                )


def test_no_other_groups_are_compiled_than_the_law_lets_one() -> None:
    """SoLPUL 7 a §: sex, age and children, of equal treatment; nothing sensitive, no offences."""
    by = {one.code: set(one.by) - {"programme", "step", "area"} for one in indicators()}
    assert {code: groups for code, groups in by.items() if groups} == {
        "time_to_home": {"sex", "age", "children"},
        "homes_running": {"children"},
        "granted": {"sex", "age", "children"},
    }
    assert {name for _, name in AGES} == {"18-24", "25-44", "45-64", "65-"}


def test_protected_moves_are_told_by_nothing() -> None:
    (moves,) = [one for one in indicators() if one.about == "transfers"]
    assert (moves.code, moves.by) == ("transfers", ())


def test_a_sound_definition_is_read() -> None:
    one = parsed("code", "work", SOUND)
    assert (one.code, one.chapter, one.better, one.by) == ("code", "work", "", ("programme",))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(("kind", "trend"), ("measure", "mean"), ("unit", "kronor"), ("about", "persons")),
        *(("by", ["nationality"]), ("by", ["sex", "diagnosis"]), ("better", "higher")),
        *(("version", 0), ("version", "1"), ("source", [])),
        *(("label", {"sv": "Ord"}), ("label", "Ord"), ("counts", {"sv": "Ord", "en": ""})),
        *(("limits", {"sv": "Ord", "en": "Words", "fi": "Sanat"}), ("definition", {})),
        *(("colour", "red"), ("source", None), ("label", None)),
    ],
)
def test_a_broken_definition_is_refused_by_name(field: str, wrong: Any) -> None:
    """``None``: the field is missing."""
    raw = {**SOUND, field: wrong}
    if wrong is None:
        del raw[field]
    with pytest.raises(DefinitionError) as told:
        parsed("code", "work", raw)
    assert str(told.value).startswith("code")
    assert field in str(told.value)


def test_another_version_is_another_series(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts are made anew when any definition is another than they were made by."""
    from hemvist.indicators import definitions

    def told(version: int) -> str:
        one = parsed("code", "work", {**SOUND, "version": version})
        monkeypatch.setattr(definitions, "catalogue", lambda: {"code": one})
        return definitions.fingerprint.__wrapped__()

    assert told(1) == told(1) != told(2)
    assert fingerprint() == fingerprint()
