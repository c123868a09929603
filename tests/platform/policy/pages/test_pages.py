"""Every pack as a document: all that it says is there, and it can be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hemvist.policy import Pack, load_pack
from hemvist.policy.pages import Line, Lines, Page, Paragraph, Part, Table, page_of
from hemvist.policy.pages.data import page_data
from hemvist.policy.pages.markdown import markdown
from hemvist.policy.pages.web import web_page
from hemvist.policy.rules import Node
from hemvist_registry import discovered

EXAMPLE = load_pack(Path(__file__).parents[1] / "packs" / "example")
PACKS = [EXAMPLE, *discovered().packs()]
LANGUAGES = ("sv", "en")
BOTH = [
    pytest.param(pack, lang, id=f"{pack.name}@{pack.version}-{lang}")
    for pack in PACKS
    for lang in LANGUAGES
]
#: What belongs to files and not to sentences.
_CODE = re.compile(r"\b[hp]\.[a-z_]+|&&|\|\||True|False|Label\(|\bsv=|\{|\}")


def texts(page: Page) -> Iterator[str]:
    """Everything that is read on a page, but for sources."""
    yield page.title
    for block in page.blocks:
        yield from of_block(block)
    for part in page.walk():
        yield part.title
        for block in part.blocks:
            yield from of_block(block)


def of_block(block: object) -> Iterator[str]:
    match block:
        case Paragraph(text=text):
            yield text
        case Lines(lines=lines, intro=intro):
            yield intro
            for line in lines:
                yield from of_line(line)
        case Table(head=head, rows=rows):
            yield from head
            for row in rows:
                yield from row


def of_line(line: Line) -> Iterator[str]:
    yield line.lead
    yield line.text
    yield from line.notes
    for inner in line.lines:
        yield from of_line(inner)


def targets(page: Page) -> Iterator[str]:
    def of(line: Line) -> Iterator[str]:
        if line.to:
            yield line.to
        for inner in line.lines:
            yield from of(inner)

    for part in page.walk():
        for block in part.blocks:
            if isinstance(block, Paragraph) and block.to:
                yield block.to
            if isinstance(block, Lines):
                for line in block.lines:
                    yield from of(line)


def nodes(pack: Pack) -> Iterator[Node]:
    pending: list[Node] = list(pack.rules.values())
    while pending:
        node = pending.pop()
        yield node
        pending += [*node.children, *node.unless]


@pytest.mark.parametrize(("pack", "lang"), BOTH)
def test_all_that_a_pack_says_is_there(pack: Pack, lang: str) -> None:
    page = page_of(pack, lang)
    found = "\n".join(texts(page))
    said = [node.label for node in nodes(pack) if node.ref is None]
    said += [node.legal.note for node in nodes(pack) if node.legal]
    said += [node.help for node in nodes(pack) if node.help]
    said += [fact.label for name, fact in pack.facts.items() if name != "decision_date"]
    said += [param.label for param in pack.params.values() if param.label]
    said += [source.title for source in pack.sources.values()]
    for items in (pack.quotas, pack.meetings, pack.measures, pack.indicators, pack.standing):
        said += [item.label for item in items]
    said += [item.label for item in (*pack.service_levels, *pack.refused)]
    for programme in pack.programmes.values():
        said += [programme.label]
        said += [item.label for item in programme.obligations]
        said += [point.label for item in programme.obligations for point in item.agenda]
        said += [item.label for item in (*programme.decisions, *programme.exits)]
        said += [item.label for item in (*programme.standing, *programme.milestones)]
        for document in (programme.referral, programme.plan):
            if document is not None:
                said += [item.label for item in (*document.requires, *document.optional)]
        if programme.contract is not None:
            said += [
                item.label for item in (*programme.contract.terms, *programme.contract.clauses)
            ]
        if programme.offers is not None:
            said += [item.label for item in programme.offers.decline_reasons]
        if programme.stages is not None:
            said += list(programme.stages.states.values())
    # None of the texts below is Python's word for nothing.
    assert "None." not in found and "(None" not in found
    missing = {label.text(lang) for label in said if label.text(lang) not in found}
    # A stage that nothing leads to is not on the way that the table shows.
    stages = {
        state.text(lang)
        for programme in pack.programmes.values()
        if programme.stages
        for state in programme.stages.states.values()
    }
    assert missing <= stages


@pytest.mark.parametrize(("pack", "lang"), BOTH)
def test_every_value_stands_with_its_day(pack: Pack, lang: str) -> None:
    page = page_of(pack, lang)
    tables = [
        block
        for part in page.parts
        if part.id == "values"
        for block in part.blocks
        if isinstance(block, Table)
    ]
    rows = [row for table in tables for row in table.rows]
    assert len(rows) == sum(len(param.values) for param in pack.params.values())
    days = Counter(str(start) for param in pack.params.values() for start, _ in param.values)
    assert Counter(row[1] for row in rows) == days


@pytest.mark.parametrize(("pack", "lang"), BOTH)
def test_it_is_a_text_and_no_code(pack: Pack, lang: str) -> None:
    ours = "\n".join(texts(page_of(pack, lang)))
    written = {label for node in nodes(pack) for label in (node.label.text(lang),)}
    for line in ours.splitlines():
        assert line in written or not _CODE.search(line), line
        assert "  " not in line and " ." not in line and ".." not in line, line
        assert "? är" not in line and "?” ”" not in line, line


@pytest.mark.parametrize(("pack", "lang"), BOTH)
def test_links_lead_somewhere_and_ids_are_unique(pack: Pack, lang: str) -> None:
    page = page_of(pack, lang)
    ids = Counter(part.id for part in page.walk())
    assert {id for id, count in ids.items() if count > 1} == set()
    assert set(targets(page)) <= set(ids)


@pytest.mark.parametrize(("pack", "lang"), BOTH)
def test_every_source_key_stands_among_the_sources(pack: Pack, lang: str) -> None:
    for part in page_of(pack, lang).walk():
        for cite in part.cite:
            assert cite.partition(" ")[0] in pack.sources


class Checker(HTMLParser):
    """Tags that open and close as they should, headings without gaps, tables with heads."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.level = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            assert int(tag[1]) <= self.level + 1, f"{tag} after h{self.level}"
            self.level = int(tag[1])
        names = dict(attrs)
        assert not {"onclick", "style"} & set(names)
        assert not (names.get("src") or "").startswith("http")
        assert tag != "script"
        if tag == "th":
            assert names.get("scope") == "col"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("pack", "lang"), BOTH)
def test_the_web_page_is_whole_and_needs_nothing(pack: Pack, lang: str) -> None:
    html = web_page(page_of(pack, lang))
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    assert f'<html lang="{lang}">' in html
    assert "http" not in html and "<link" not in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize(("pack", "lang"), BOTH)
def test_the_markdown_has_whole_tables(pack: Pack, lang: str) -> None:
    text = markdown(page_of(pack, lang), "how it came to be")
    assert text.startswith("<!-- how it came to be -->\n\n# ")
    width = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        width = width or cells
        assert cells == width, line
    assert not re.search(r"\n\n\n", text)


def test_what_a_pack_says_cannot_become_markup() -> None:
    page = Page(
        "sv",
        "<script>alert(1)</script>",
        (("a<b", "c|d"),),
        (Part("x", "*T* [l](u)", (Lines((Line("`code` | <b>", ("R&D",)),)),)),),
    )
    html = web_page(page)
    assert "<script>" not in html and "<b>" not in html
    assert "R&amp;D" in html
    text = markdown(page)
    assert "\\<script\\>" in text and "\\*T\\* \\[l\\](u)" in text and "\\`code\\` \\|" in text


def test_data_has_every_key() -> None:
    data = page_data(page_of(EXAMPLE))
    assert set(data) == {"lang", "title", "terms", "blocks", "parts"}
    assert {part["id"] for part in data["parts"]} >= {"rules", "facts", "values", "sources"}


def test_sentences_use_the_values_of_a_day() -> None:
    before, after = (page_of(EXAMPLE, "sv", day) for day in (date(2026, 9, 1), date(2027, 2, 1)))
    assert "Gäller i 12 månader från registreringen." in set(texts(before))
    assert "Gäller i 6 månader från registreringen." in set(texts(after))
    assert set(texts(page_of(EXAMPLE))) == set(texts(after))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_what_is_never_asked_is_not_said_to_be_needed(pack: Pack) -> None:
    """Conditions kept as history are shown, but what they read need not be known."""
    read = {fact for id, rule in pack.rules.items() if rule.active for fact in pack.facts_of(id)}
    idle = {fact.label.sv for name, fact in pack.facts.items() if name not in read}
    needed = [
        line.text
        for part in page_of(pack, "sv").walk()
        for block in part.blocks
        if isinstance(block, Lines) and block.intro.startswith("Detta behöver vara känt")
        for line in block.lines
    ]
    assert needed
    assert [text for text in needed if any(text.startswith(label) for label in idle)] == []
