"""Packs from strangers: whatever is wrong with the text, one error with its place, in bounded time.

``make fuzz`` does the same for as long as one likes, led by what the code has not yet run.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from hemvist.policy import load_pack
from hemvist.policy.registry import pack_folders
from hemvist_pack_mutations import HOSTILE, attempt, mutated

HERE = Path(__file__).parent / "packs"
#: A pack of a thousand lines loads in a fraction of this even on a busy machine.
MOST_SECONDS = 10.0


def texts(folder: Path) -> dict[str, str]:
    """The YAML files of a pack."""
    return {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))}


def test_a_mutated_pack_is_refused_or_judged_and_nothing_else() -> None:
    chance = random.Random(20140220)
    folders = [Path(str(folder)) for folder in pack_folders(HERE)]
    became: Counter[str] = Counter()
    for _ in range(800):
        files = mutated(texts(chance.choice(folders)), chance, chance.choice((1, 1, 1, 2, 4, 9)))
        began = time.process_time()
        became[attempt(files)] += 1
        assert time.process_time() - began < MOST_SECONDS
    # Otherwise the mutations would only ever meet the parser, or never meet an error at all.
    assert became["refused"] > 200 and became["judged"] > 40, became


@pytest.mark.parametrize("piece", HOSTILE, ids=range(len(HOSTILE)))
def test_every_hostile_piece_everywhere_in_a_head(piece: str) -> None:
    files = texts(HERE / "example")
    head = files["pack.yaml"].splitlines(keepends=True)
    for number in range(len(head)):
        changed = [*head[:number], f"{piece}\n", *head[number + 1 :]]
        attempt({**files, "pack.yaml": "".join(changed)})


def test_the_packs_here_hold_before_anything_is_changed() -> None:
    for folder in pack_folders(HERE):
        load_pack(folder)
        assert attempt(texts(Path(str(folder)))) == "judged"
