"""A document as one HTML file that needs nothing beside it: to send, to print, to keep."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from hemvist.policy.pages.blocks import Block, Line, Lines, Page, Paragraph, Part, Table

_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.55 "Open Sans", system-ui, sans-serif; color: #1b1e23; background: #fff;
  max-width: 50rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; } h2 { font-size: 1.45rem; margin-top: 2.5rem;
  border-bottom: 2px solid #1b1e23; } h3 { font-size: 1.15rem; margin-top: 1.75rem; }
h4 { font-size: 1rem; margin-top: 1.25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; }
.cite { color: #55585f; font-size: .875em; white-space: nowrap; }
.note { border-left: 4px solid #8d6708; background: #fdf6e3; padding: .5rem .75rem; }
.quiet { color: #55585f; } .lead { font-weight: 600; } del { text-decoration-thickness: 1px; }
.notes { display: block; font-size: .925em; color: #3b3e45; }
ul { padding-left: 1.25rem; } li { margin: .25rem 0; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .925em; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid #c9ccd1; }
nav ul { columns: 2; } a { color: #0b5394; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }
  h2, h3, h4 { break-after: avoid; } li, tr { break-inside: avoid; } a { color: inherit; } }
@page { size: A4; margin: 18mm; }
""".strip()
_CONTENTS = {"sv": "Innehåll", "en": "Contents"}


def web_page(page: Page) -> str:
    """The page as a whole HTML document, its style inside it and nothing fetched."""
    terms = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in page.terms)
    links = "".join(f'<li><a href="#{p.id}">{escape(p.title)}</a></li>' for p in page.parts)
    lines = [
        "<!doctype html>",
        f'<html lang="{page.lang}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(page.title)}</title>",
        f"<style>{_STYLE}</style></head>",
        "<body><main>",
        f"<h1>{escape(page.title)}</h1>",
        f"<dl>{terms}</dl>",
        *(html for block in page.blocks for html in _block(block)),
        f'<nav aria-label="{_CONTENTS[page.lang]}"><ul>{links}</ul></nav>',
        *(html for part in page.parts for html in _part(part, 2)),
        "</main></body></html>",
    ]
    return "\n".join(lines) + "\n"


def _part(part: Part, level: int) -> Iterator[str]:
    heading = f"h{min(level, 6)}"
    yield f'<section id="{part.id}"><{heading}>{escape(part.title)}</{heading}>'
    if part.cite:
        yield f"<p>{_cited(part.cite)}</p>"
    for block in part.blocks:
        yield from _block(block)
    for inner in part.parts:
        yield from _part(inner, level + 1)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            kind = "" if block.tone == "plain" else f' class="{block.tone}"'
            yield f"<p{kind}>{_linked(block.text, block.to)} {_cited(block.cite)}</p>"
        case Lines():
            if block.intro:
                yield f"<p>{escape(block.intro)}</p>"
            yield from _lines(block.lines)
        case Table():
            head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.head)
            yield '<div class="scroll" tabindex="0"><table>'
            yield f"<caption>{escape(block.caption)}</caption><thead><tr>{head}</tr></thead><tbody>"
            for row in block.rows:
                yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
            yield "</tbody></table></div>"


def _lines(lines: tuple[Line, ...]) -> Iterator[str]:
    yield "<ul>"
    for line in lines:
        lead = f'<span class="lead">{escape(line.lead)}:</span> ' if line.lead else ""
        text = _linked(line.text, line.to)
        said = f"<del>{text}</del>" if line.off else text
        notes = f'<span class="notes">{escape(" ".join(line.notes))}</span>' if line.notes else ""
        yield f"<li>{lead}{said} {_cited(line.cite)}{notes}"
        if line.lines:
            yield from _lines(line.lines)
        yield "</li>"
    yield "</ul>"


def _linked(text: str, to: str | None) -> str:
    return escape(text) if to is None else f'<a href="#{escape(to)}">{escape(text)}</a>'


def _cited(cite: tuple[str, ...]) -> str:
    return f'<span class="cite">[{escape("; ".join(cite))}]</span>' if cite else ""
