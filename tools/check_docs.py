"""Checks the documents: links within the project lead somewhere, and so do their headings.

Run by ``make docs``; prints every broken link with its line and exits 1 if there is one.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")


def documents() -> list[Path]:
    """Every Markdown file that belongs to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.md"],  # noqa: S607 - the git of whoever runs it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


def plain_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, without blocks of code."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            yield number, line


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    found = set()
    for _, line in plain_lines(path.read_text()):
        if heading := _HEADING.match(line):
            words = re.sub(r"[^\w\- ]", "", heading[1].lower())
            found.add(words.replace(" ", "-"))
    return found


def broken(path: Path) -> Iterator[str]:
    """What is wrong in one document."""
    for number, line in plain_lines(path.read_text()):
        for target in _LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = unquote(target).partition("#")
            place = (path.parent / name).resolve() if name else path
            if not place.exists():
                yield f"{path.relative_to(ROOT)}:{number}: {target} does not exist"
            elif anchor and place.suffix == ".md" and anchor not in anchors(place):
                yield f"{path.relative_to(ROOT)}:{number}: no heading #{anchor} in {name or 'it'}"


def main() -> int:
    """Check all; the number of documents, or what is broken."""
    found = documents()
    problems = [problem for path in found for problem in broken(path)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{len(found)} documents, every link leads somewhere")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
