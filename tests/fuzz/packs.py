"""Coverage-guided fuzzing of what a stranger may upload: files of a pack, and all that follows.

``make fuzz SECONDS=600``. Every input is a pack's files in one text; atheris leads the changes to
code that has not run. Anything but the error made for a bad pack, or more than ``MOST_SECONDS`` of
processor time for one input, stops the run and leaves the input in a file.
"""

from __future__ import annotations

import atexit
import random
import re
import sys
import time
from importlib.resources import files
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hemvist.policy"]):
    from hemvist_pack_mutations import attempt, mutated

from hemvist.policy.registry import pack_folders

MOST_SECONDS = 10.0
_SEPARATOR = "\n#### {}\n"
_HEADING = re.compile(r"^#### ([A-Za-z0-9_-]+\.yaml)$", re.MULTILINE)
_counts = {"refused": 0, "judged": 0}


def joined(contents: dict[str, str]) -> bytes:
    """The files as one input."""
    return "".join(_SEPARATOR.format(name) + text for name, text in contents.items()).encode()


def split(data: bytes) -> dict[str, str]:
    """One input as files."""
    pieces = _HEADING.split(data.decode("utf-8", errors="replace"))
    return dict(zip(pieces[1::2], pieces[2::2], strict=True)) or {"pack.yaml": pieces[0]}


def change(data: bytes, max_size: int, seed: int) -> bytes:
    """A change in the grammar's terms half of the time, in bytes otherwise."""
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return atheris.Mutate(data, max_size)
    return joined(mutated(split(data), chance, chance.choice((1, 1, 2, 4))))[:max_size]


def one_input(data: bytes) -> None:
    """Try one pack; errors that are not the pack's own end the run."""
    began = time.process_time()
    _counts[attempt(split(data))] += 1
    spent = time.process_time() - began
    if spent > MOST_SECONDS:
        raise RuntimeError(f"one input took {spent:.1f} s of processor time")


def seeds(folder: Path) -> None:
    """The packs that are there, as first inputs."""
    folder.mkdir(parents=True, exist_ok=True)
    small = Path(__file__).parents[1] / "platform" / "policy" / "packs"
    found = [*pack_folders(small), *pack_folders(files("hemvist_policy_packs"))]
    for number, pack in enumerate(found):
        contents = {
            entry.name: entry.read_text("utf-8")
            for entry in sorted(pack.iterdir(), key=lambda entry: entry.name)
            if entry.name.endswith(".yaml")
        }
        folder.joinpath(f"pack-{number}").write_bytes(joined(contents))


if __name__ == "__main__":
    corpus = Path(sys.argv.pop())
    seeds(corpus)
    atexit.register(lambda: print(f"packs refused and judged: {_counts}", file=sys.stderr))
    atheris.Setup([*sys.argv, str(corpus)], one_input, custom_mutator=change)
    atheris.Fuzz()
