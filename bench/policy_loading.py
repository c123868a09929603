"""All packs that come with the platform: loaded, and every sentence of theirs judged."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from policy_timing import cpu

from hemvist.policy import load_pack
from hemvist.policy.registry import pack_folders
from hemvist.policy.sentences import read_sentences


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many packs and sentences there are, and the CPU seconds they took."""

    packs: int
    rules: int
    sentences: int
    load: float
    check: float


def measured(rounds: int = 3) -> Loaded:
    """Load and check all packs; the best of the rounds."""
    folders = [Path(str(found)) for found in pack_folders(files("hemvist_policy_packs"))]
    packs = [load_pack(folder) for folder in folders]
    read = [read_sentences(pack, folder) for pack, folder in zip(packs, folders, strict=True)]

    def check() -> None:
        for pack, folder in zip(packs, folders, strict=True):
            for sentence in read_sentences(pack, folder):
                problem = sentence.judge()
                assert problem is None, f"{sentence.name}: {problem}"

    return Loaded(
        len(packs),
        sum(len(pack.rules) for pack in packs),
        sum(map(len, read)),
        min(cpu(lambda: [load_pack(folder) for folder in folders]) for _ in range(rounds)),
        min(cpu(check) for _ in range(rounds)),
    )
