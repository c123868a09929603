"""A version that was locked never answers otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hemvist.policy import PackError, PolicyError, load_pack
from hemvist.policy.locks import LOCK, Lock, broken, read_lock, write_lock
from hemvist.policy.sentences import read_sentences

CASES = """
- {name: Adult, given: {group: addiction}, as_of: 2026-09-01, rule: for_adults, expect: true}
- name: Nobody knows
  given: {roofless: null}
  as_of: 2026-09-01
  rule: homeless
  expect: unknown
  ask: [current_contract_form, roofless]
- name: Dates
  schedule: municipal_contract
  anchors: {decision_granted: 2026-08-31}
  until: 2026-12-31
  expect: {first_follow_up: [2026-09-30], follow_up: [2026-11-30]}
- name: Papers
  contents: municipal_contract
  of: plan
  as_of: 2026-09-01
  content: {goal: Eget, steps: []}
  missing: [steps]
"""
LATER = ("expect: {first_follow_up: [2026-09-30]", "expect: {first_follow_up: [2026-10-31]")
MONTHS = ("within: {months: 1}, by", "within: {months: 2}, by")


@pytest.fixture
def folder(changed: Callable[..., Path]) -> Path:
    """The example with a few cases, locked."""
    folder = changed()
    (folder / "cases.yaml").write_text(CASES, "utf-8")
    assert lock(folder)
    return folder


def lock(folder: Path, *, force: bool = False) -> bool:
    pack = load_pack(folder)
    return write_lock(folder, pack, read_sentences(pack, folder), force=force)


def faults(folder: Path) -> tuple[str, ...]:
    pack, found = load_pack(folder), read_lock(folder)
    assert found is not None
    return broken(found, pack, read_sentences(pack, folder))


def change(folder: Path, file: str, old: str, new: str) -> None:
    content = (folder / file).read_text("utf-8")
    assert content.count(old) == 1
    (folder / file).write_text(content.replace(old, new), "utf-8")


def test_what_was_locked_holds(folder: Path) -> None:
    found = read_lock(folder)
    assert found is not None and found.version == "2026.2.0"
    assert sorted(found.outcomes.values()) == [
        "first_follow_up 2026-09-30; follow_up 2026-11-30",
        "steps",
        "true",
        "unknown: current_contract_form, roofless",
    ]
    assert faults(folder) == ()
    assert lock(folder) is False


def test_a_changed_outcome_needs_a_new_version_also_when_its_case_was_changed(folder: Path) -> None:
    change(folder, "programmes.yaml", *MONTHS)
    change(folder, "cases.yaml", *LATER)
    (fault,) = faults(folder)
    assert fault.startswith("Dates: was 'first_follow_up 2026-09-30;")
    assert "raise the version" in fault
    with pytest.raises(PolicyError, match=r"2026\.2\.0 is locked; raise the version"):
        lock(folder)
    change(folder, "pack.yaml", "version: 2026.2.0", "version: 2026.3.0")
    assert faults(folder) == ()
    assert lock(folder)
    assert faults(folder) == ()


def test_what_is_asked_counts_as_outcome(folder: Path) -> None:
    change(folder, "cases.yaml", "{roofless: null}", "{roofless: true}")
    assert "are gone or ask something else" in faults(folder)[0]
    change(folder, "cases.yaml", "{roofless: true}", "{roofless: null}")
    assert faults(folder) == ()
    # A name, an expectation or an answer left open explicitly is not the question.
    change(
        folder,
        "cases.yaml",
        "{name: Adult, given: {group: addiction}",
        "{name: A, given: {group: addiction, roofless: null}",
    )
    assert faults(folder) == ()


def test_a_locked_case_may_not_be_taken_out_but_others_may_come(folder: Path) -> None:
    (folder / "cases.yaml").write_text(
        CASES
        + "- {name: More, as_of: 2026-09-01, rule: for_adults, expect: unknown, ask: [group]}\n"
    )
    assert faults(folder) == ()
    (folder / "cases.yaml").write_text(CASES.split("- name: Dates")[0])
    assert faults(folder) == (
        "2 of the cases locked with 2026.2.0 are gone or ask something else; "
        "keep them or raise the version",
    )


def test_force_is_for_what_nobody_has_decided_by(folder: Path) -> None:
    change(folder, "programmes.yaml", *MONTHS)
    with pytest.raises(PolicyError, match="Dates: expected"):
        lock(folder, force=True)
    change(folder, "cases.yaml", *LATER)
    assert lock(folder, force=True)
    assert faults(folder) == ()


def test_versions_only_go_up(folder: Path) -> None:
    change(folder, "pack.yaml", "version: 2026.2.0", "version: 2026.1.9")
    assert faults(folder) == ("version 2026.1.9 is lower than the locked 2026.2.0",)
    with pytest.raises(PolicyError, match="is locked"):
        lock(folder)


def test_a_pack_without_a_record_has_none(changed: Callable[..., Path]) -> None:
    assert read_lock(changed()) is None


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": "x", "content_hash": "", "outcomes": {}}', "[" * 9999]
)
def test_a_record_that_is_none_is_named(folder: Path, content: str) -> None:
    (folder / LOCK).write_text(content)
    with pytest.raises(PackError, match=r"outcomes\.lock:1:1"):
        read_lock(folder)


def test_the_file_reads_back(folder: Path) -> None:
    found = Lock("1.2.3", "ab", {"q": "sant: å"})
    (folder / LOCK).write_text(found.text(), "utf-8")
    assert read_lock(folder) == found
    assert json.loads(found.text())["outcomes"] == {"q": "sant: å"}
