"""A planted fault in any rule of the Helsingborg pack is caught by one of its sentences."""

from __future__ import annotations

import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from hemvist.policy import load_pack
from hemvist.policy.sentences import read_sentences

RULES = ("rules.yaml", "responsibility.yaml", "progress.yaml", "plan_rules.yaml")
LEAF = re.compile(r"(?<!ask_)when: '([^']*)'")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the pack to plant faults in."""
    with as_file(files("hemvist_policy_packs").joinpath("helsingborg")) as original:
        return Path(shutil.copytree(original, tmp_path / "pack"))


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_a_leaf_turned_around_fails_a_sentence(folder: Path, name: str) -> None:
    """Each leaf in turn says the opposite; some sentence must notice."""
    file = folder / name
    original = file.read_text(encoding="utf-8")
    leaves = list(LEAF.finditer(original))
    unnoticed = []
    for leaf in leaves:
        start, end = leaf.span(1)
        file.write_text(f"{original[:start]}!({leaf[1]}){original[end:]}", encoding="utf-8")
        sentences = read_sentences(load_pack(folder), folder)
        if not any(sentence.judge() for sentence in sentences):
            unnoticed.append(leaf[1])

    assert len(leaves) >= 10
    assert unnoticed == []
