"""A document as JSON data, for those who lay it out themselves."""

from __future__ import annotations

from typing import Any

from hemvist.policy.pages.blocks import Block, Line, Lines, Page, Paragraph, Part, Table


def page_data(page: Page) -> dict[str, Any]:
    """The page: ``{"title", "terms", "blocks", "parts"}``, every key always there."""
    return {
        "lang": page.lang,
        "title": page.title,
        "terms": [{"term": term, "value": value} for term, value in page.terms],
        "blocks": [_block(block) for block in page.blocks],
        "parts": [_part(part) for part in page.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "title": part.title,
        "cite": list(part.cite),
        "blocks": [_block(block) for block in part.blocks],
        "parts": [_part(inner) for inner in part.parts],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {
                "kind": "paragraph",
                "text": block.text,
                "cite": list(block.cite),
                "tone": block.tone,
                "to": block.to,
            }
        case Lines():
            return {
                "kind": "lines",
                "intro": block.intro,
                "lines": [_line(line) for line in block.lines],
            }
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "head": list(block.head),
                "rows": [list(row) for row in block.rows],
            }


def _line(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "cite": list(line.cite),
        "lead": line.lead,
        "to": line.to,
        "off": line.off,
        "notes": list(line.notes),
        "lines": [_line(inner) for inner in line.lines],
    }
