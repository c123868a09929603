"""A document as Markdown, as it lies in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hemvist.policy.pages.blocks import Block, Line, Lines, Page, Paragraph, Part, Table

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")


def markdown(page: Page, note: str = "") -> str:
    """The page; ``note`` is a comment at the top, such as how the file came to be."""
    lines = [f"<!-- {note} -->", ""] if note else []
    lines += [f"# {_text(page.title)}", ""]
    lines += [f"- {_text(term)}: {_text(value)}" for term, value in page.terms] + [""]
    for block in page.blocks:
        lines += [*_block(block), ""]
    for part in page.parts:
        lines += _part(part, 2)
    return "\n".join(lines).rstrip("\n") + "\n"


def _part(part: Part, level: int) -> Iterator[str]:
    yield f"{'#' * min(level, 6)} {_text(part.title)}"
    yield ""
    if part.cite:
        yield _cited(part.cite)
        yield ""
    for block in part.blocks:
        yield from _block(block)
        yield ""
    for inner in part.parts:
        yield from _part(inner, level + 1)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text=text, cite=cite, tone=tone):
            said = _join(_text(text), _cited(cite))
            yield f"> {said}" if tone == "note" else said
        case Lines(lines=lines, intro=intro):
            if intro:
                yield _text(intro)
                yield ""
            for line in lines:
                yield from _line(line, 0)
        case Table(caption=caption, head=head, rows=rows):
            yield f"{_text(caption)}:"
            yield ""
            yield _row(head)
            yield "|" + "---|" * len(head)
            for row in rows:
                yield _row(row)


def _line(line: Line, depth: int) -> Iterator[str]:
    pad = "  " * depth
    lead = f"**{_text(line.lead)}:** " if line.lead else ""
    text = f"~~{_text(line.text)}~~" if line.off else _text(line.text)
    notes = " ".join(_text(note) for note in line.notes)
    head = f"{lead}{_join(text, _cited(line.cite))}"
    # A question mark ends a sentence as well as a full stop does.
    stop = "" if not notes else " " if head.endswith(("?", ".", "!", ":")) else ". "
    yield f"{pad}- {head}{stop}{notes}"
    for inner in line.lines:
        yield from _line(inner, depth + 1)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(_text(cell) for cell in cells)} |"


def _cited(cite: tuple[str, ...]) -> str:
    return f"\\[{_text('; '.join(cite))}\\]" if cite else ""


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split(" ")).replace("\n", " "))
