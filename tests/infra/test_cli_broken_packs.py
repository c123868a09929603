"""``hemvist policy check`` on broken packs: the file, the line, the column and the cure of each."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from hemvist_infra.cli_policy import app

EXAMPLE = Path(__file__).parents[1] / "platform" / "policy" / "packs" / "example"

#: File, what stands there, what somebody wrote instead (the fault is at ¤), words of the cure.
CASES = """\
- {name: Entitled, rule: entitled, given: {}, as_of: 2026-09-01, expect: unknown, ask: []}
"""
BROKEN = {
    "a tab": ("pack.yaml", "version: 2026.2.0", "version: 2026.2.0\n¤\tx: 1", "indent with spaces"),
    "an alias": ("pack.yaml", "[12, 24]", "¤&periods [12, 24]", "write the value out"),
    "a tag": ("pack.yaml", "2026.2.0", "¤!!python/name:os.system x", "write the plain value"),
    "a misspelt key": ("pack.yaml", "version: 2", "¤versoin: 2", "did you mean 'version'"),
    "a key twice": ("pack.yaml", "version: 2", "version: 1.0.0\n¤version: 2", "keep one of them"),
    "one language": ("pack.yaml", "{sv: Exempelriktlinje, en:", "¤{sv: Ex, no:", "key 'en'"),
    "a file elsewhere": ("pack.yaml", "[facts.yaml,", "[¤../x.yaml,", "in the same folder"),
    "a file missing": ("pack.yaml", "[facts.yaml,", "[¤fact.yaml,", "no file fact.yaml"),
    "no such source": ("pack.yaml", "6}, cite: RL §3", "6}, cite: ¤LR §3", "there are RL, SOL"),
    "a gap in time": (
        *("pack.yaml", "{2018-02-12: 12, 2027-01-01: 6}", "¤{2027-01-01: 6}"),
        "no value on 2026-07-01",
    ),
    "half a month": (
        *("pack.yaml", "{2018-02-12: 12, 2027-01-01: 6}", "{2018-02-12: ¤12.5}"),
        "must be a whole number",
    ),
    "no such type": (
        *("facts.yaml", "has_own_lease: {type: bool,", "has_own_lease: {type: ¤boolean,"),
        "did you mean 'bool'",
    ),
    "yes for true": ("facts.yaml", "assessment: true", "assessment: ¤yes", "true or false"),
    "no such fact": (
        *("rules.yaml", "when: '!h.has_own_lease'", "when: '!h.¤has_own_leese'"),
        "did you mean 'has_own_lease'",
    ),
    "words compared by size": (
        *("rules.yaml", "registered_kommun == p.kommun", "registered_kommun ¤< p.kommun"),
        "needs numbers",
    ),
    "a choice that is none": (
        *("rules.yaml", '"SOF-BUF" &&', '¤"SOF-BOF" &&'),
        "did you mean 'SOF-BUF'",
    ),
    "an unclosed bracket": (
        *("rules.yaml", "when: '!h.has_own_lease'", "when: '(!h.has_own_lease¤'"),
        "')'",
    ),
    "two rules of one name": ("rules.yaml", "- id: homeless", "- id: ¤registered", "written twice"),
    "rules in a circle": (
        *("rules.yaml", "when: h.group in p.groups", "rule: ¤target_group"),
        "refer in a circle",
    ),
    "no such rule": ("programmes.yaml", "entry: entitled", "entry: ¤entiteld", "mean 'entitled'"),
    "no such event": (
        *("programmes.yaml", "before: referral_submitted", "before: ¤referral_sent"),
        "before cannot be",
    ),
    "an interval of nothing": (
        *("programmes.yaml", "every: {months: 3}", "¤every: {months: 0}"),
        "at least 1",
    ),
    "a way to nowhere": ("programmes.yaml", "to: rent_guarantee", "to: ¤guarantee", "cannot be"),
    "a case about no rule": ("cases.yaml", "rule: entitled", "rule: ¤entitlled", "mean 'entitled'"),
    "a case on no day": ("cases.yaml", "as_of: 2026-09-01", "as_of: ¤2026-09-31", "a date such as"),
}


@pytest.mark.parametrize(("file", "old", "new", "cure"), BROKEN.values(), ids=BROKEN)
def test_a_broken_pack_is_named_with_its_place_and_cure(
    tmp_path: Path, file: str, old: str, new: str, cure: str
) -> None:
    folder = tmp_path / "pack"
    copytree(EXAMPLE, folder)
    folder.joinpath("cases.yaml").write_text(CASES, "utf-8")
    text = folder.joinpath(file).read_text("utf-8")
    assert old in text
    broken = text.replace(old, new, 1)
    before = broken[: broken.index("¤")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    folder.joinpath(file).write_text(broken.replace("¤", ""), "utf-8")
    result = CliRunner().invoke(app, ["check", str(folder)], catch_exceptions=False)
    assert result.exit_code == 2
    first = result.stderr.strip().splitlines()[0]
    assert first.startswith(f"{folder}/{file}:{line}:{column}: "), first
    assert cure in first


def test_there_are_at_least_twenty() -> None:
    assert len(BROKEN) >= 20
