"""What the documents say: their blocks of code, the commands in them, and the tool that builds the site."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
#: Languages of blocks that hold what somebody types.
_TYPED = ("", "sh", "console", "bash")
_FENCE = re.compile(r"^[ ]*```(\w*)[^\n]*\n(.*?)^[ ]*```", re.M | re.S)
#: ``NAME=value`` before a command, and what shows that a person shall put something there.
_SETS = re.compile(r"^[A-Z][A-Z0-9_]*=")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code in a document."""

    page: str
    line: int
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command that a document tells somebody to type: what it sets, and its words."""

    place: str
    sets: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def program(self) -> str:
        """Its first word, without the environment's folder."""
        return self.words[0].removeprefix(".venv/bin/").removeprefix("/opt/hemvist/bin/")


def documents() -> list[Path]:
    """README, CONTRIBUTING and every page of ``docs/`` that a person wrote."""
    pages = [path for path in (ROOT / "docs").rglob("*.md") if "packs" not in path.parts]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(pages)]


def blocks(path: Path, text: str | None = None) -> Iterator[Block]:
    """The blocks of a document, in order."""
    whole = path.read_text() if text is None else text
    name = path.relative_to(ROOT).as_posix()
    for found in _FENCE.finditer(whole):
        yield Block(name, whole[: found.start()].count("\n") + 1, found[1], found[2])


def commands(block: Block) -> Iterator[Command]:
    """What a block tells one to type, line by line; continued lines and quotes are one."""
    if block.language not in _TYPED:
        return
    waiting = ""
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        waiting += line.strip().removeprefix("$ ") + "\n"
        if waiting.endswith("\\\n"):
            waiting = waiting[:-2] + " "
            continue
        for part in _parts(waiting):
            if part is None:
                break
            words = list(part)
            sets = [words.pop(0) for word in part if words and _SETS.match(words[0])]
            if words:
                yield Command(f"{block.page}:{number}", tuple(sets), tuple(words))
        else:
            waiting = ""


def _parts(text: str) -> Iterator[list[str] | None]:
    """The commands of a line (``a && b``); ``None`` where a quote is still open."""
    text = re.sub(r"^(\w+)=\$\((.*)\)$", r"\2", text.strip())
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        yield None
        return
    part: list[str] = []
    for word in [*words, "&&"]:
        if word in ("&&", "|", ";"):
            yield part
            part = []
        else:
            part.append(word)


def inline(path: Path, text: str | None = None) -> Iterator[Command]:
    """The commands that stand in a sentence, between single backticks."""
    whole = _FENCE.sub("", path.read_text() if text is None else text)
    name = path.relative_to(ROOT).as_posix()
    for found in re.findall(
        r"(?<!`)`((?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(?:hemvist|make) [^`\\]+)`", whole
    ):
        for words in _parts(" ".join(found.split())):
            if words:
                left = list(words)
                sets = [left.pop(0) for word in words if left and _SETS.match(left[0])]
                if left:
                    yield Command(name, tuple(sets), tuple(left))


def tool(name: str) -> ModuleType:
    """A program of ``tools/`` as a module, without starting it."""
    spec = importlib.util.spec_from_file_location(f"tool_{name}", ROOT / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
