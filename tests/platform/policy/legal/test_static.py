"""A guideline against the law: found with its place and its cure, unless it says so itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from hemvist.policy import Pack, Programme, load_pack
from hemvist.policy.legal import (
    Contradiction,
    Finding,
    check,
    contradictions,
    law_pack,
    refusals,
)
from hemvist.policy.loading.parts import read_parts
from hemvist.policy.programmes import Contract
from hemvist.policy.registry import pack_folders
from hemvist.policy.review import review
from hemvist_policy_texts import TRAINING
from hemvist_registry import discovered

Change = Callable[..., Path]
PROGRAMME = "programme.yaml"
_FLAG = ", legal: {flag: LF-1, note: {sv: Kortare än lagen, en: Shorter than the law}}"
_HISTORY = ", legal: {flag: LF-4, note: {sv: Historia, en: History}, active: false}"


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    def change(*changes: tuple[str, str, str]) -> Path:
        folder = copytree(TRAINING, tmp_path / "pack", dirs_exist_ok=True)
        for file, old, new in changes:
            content = (folder / file).read_text("utf-8")
            assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file}"
            (folder / file).write_text(content.replace(old, new), "utf-8")
        return folder

    return change


def found(folder: Path, severity: str = "error") -> list[Contradiction]:
    every = contradictions(load_pack(folder), read_parts(folder), law_pack())
    return [one for one in every if one.severity == severity]


def test_what_says_so_itself_is_left_alone(changed: Change) -> None:
    assert found(changed()) == []


def test_notes_on_what_the_law_limits(changed: Change) -> None:
    assert [one.flag for one in found(changed(), "note")] == ["LF-2", "LF-13"]


@pytest.mark.parametrize(
    ("file", "old", "new", "flag", "at", "words"),
    [
        (PROGRAMME, _FLAG, "", "LF-1", "notice:", "shorter than the law's"),
        (PROGRAMME, _HISTORY, "", "LF-4", "{id: sober", "clause sober"),
        (
            PROGRAMME,
            "clause: ends_with_support",
            "clause: home_visits",
            "LF-3",
            "{id: link",
            "clause link",
        ),
        (
            "pack.yaml",
            "when: h.homeless}",
            "when: h.homeless, unless: [{id: clean, cite: RP Start, "
            "label: {sv: Drogfri i ett halvår, en: Sober for half a year}, when: h.homeless}]}",
            "LF-4",
            "{id: clean",
            "entitled/clean",
        ),
        (
            "pack.yaml",
            "uses:",
            "legal_bases:\n  old: {label: {sv: SoL (2001:453), en: Act}, from: 2012-01-01, "
            "cite: RP Start}\nuses:",
            "LF-5",
            "old: {label",
            "cites the act of 2001",
        ),
        (
            "pack.yaml",
            "uses:",
            "legal_bases:\n  new: {label: {sv: SoL (2025:400), en: Act}, from: 2025-06-30, "
            "cite: RP Start}\nuses:",
            "LF-5",
            "new: {label",
            "before 2025-07-01",
        ),
    ],
)
def test_what_is_against_the_law(
    changed: Change, file: str, old: str, new: str, flag: str, at: str, words: str
) -> None:
    folder = changed((file, old, new))
    [one] = found(folder)
    assert one.flag == flag
    assert words in one.message and one.cure
    lines = (folder / file).read_text("utf-8").splitlines()
    assert Path(one.place.file).name == file
    assert lines[one.place.line - 1][one.place.column - 1 :].startswith(at)


def test_a_notice_that_becomes_too_short_with_time(changed: Change) -> None:
    """Three months are enough until the parameter changes."""
    folder = changed(
        (PROGRAMME, f"{{days: 14, covers: [EX-101]{_FLAG}}}", "{months: p.notice}"),
        (
            "pack.yaml",
            "params:\n",
            "params:\n  notice: {type: months, values: {2012-01-01: 3, 2020-01-01: 1}, "
            "cite: RP Avtal}\n",
        ),
    )
    [one] = found(folder)
    assert "on 2020-01-01 is 2020-04-01" in one.message


def test_a_short_notice_of_a_short_lease_is_lawful(changed: Change) -> None:
    folder = changed(
        (
            PROGRAMME,
            f"notice: {{days: 14, covers: [EX-101]{_FLAG}}}",
            "lengths: [{id: short, label: {sv: Tre månader, en: Three months}, months: 3}]\n"
            "      notice: {days: 7}",
        )
    )
    assert found(folder) == []


def test_an_uploaded_pack_is_judged_alike(changed: Change) -> None:
    folder = changed((PROGRAMME, _FLAG, ""))
    texts = {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")}
    report = review(texts)
    [fault] = [
        one for one in report.problems if one.code == "against_the_law" and one.severity == "error"
    ]
    assert (fault.file, fault.line) == (PROGRAMME, 17)
    assert not report.passed


def test_every_installed_pack_is_lawful_or_says_so() -> None:
    from importlib.resources import files

    law = law_pack()
    wrong = [
        str(one)
        for folder in pack_folders(files("hemvist_policy_packs"))
        for one in contradictions(load_pack(folder), read_parts(folder), law)
        if one.severity == "error"
    ]
    assert wrong == []


def test_no_installed_form_carries_what_the_law_stops() -> None:
    """What practice once demanded is kept as history, so every form can be signed today."""
    law, day = law_pack(), date(2026, 9, 1)
    stopped = [
        (pack.name, programme.id, finding.rule)
        for pack in discovered().packs()
        for programme in pack.programmes.values()
        if programme.contract is not None
        for finding in _of_form(law, pack, programme, programme.contract, day)
        if finding.stops
    ]
    assert stopped == []


def _of_form(
    law: Pack, pack: Pack, programme: Programme, contract: Contract, day: date
) -> tuple[Finding, ...]:
    kinds = [clause.clause for clause in contract.clauses if clause.active]
    facts: dict[str, object] = {"clauses": list(dict.fromkeys(kinds)), "linked": False}
    return (*refusals(pack, "contract", kinds, programme.id), *check(law, "contract", facts, day))
