"""A rule as text with its sources, for people who ask what applies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hemvist.policy.pack import Pack
from hemvist.policy.pages.blocks import Line, Lines, Paragraph
from hemvist.policy.pages.rules import RuleReader, options_for, params_of
from hemvist.policy.pages.values import over_time
from hemvist.policy.rules import Node

_SOURCES = {"sv": "Källor", "en": "Sources"}
_VALUES = {"sv": "Värden", "en": "Values"}
_IN_FORCE = {"sv": "gäller från", "en": "in force from"}


def explain(pack: Pack, rule_id: str, lang: str = "sv", on: date | None = None) -> str:
    """The rule as indented text in ``lang`` (``sv`` or ``en``), with the rules that it refers to.

    Values in its sentences are those of ``on``, or of the pack's first day; at the end stand all of
    them with their days. Raises ``PolicyError`` on an unknown rule.
    """
    lang = "en" if lang == "en" else "sv"
    rule = pack.rule(rule_id)
    reader = RuleReader(pack, lang, on or pack.in_force.start, expand=True)
    lines = [
        f"{pack.title.text(lang)} {pack.version} ({_IN_FORCE[lang]} {pack.in_force.start})",
        "",
        _cited(rule.label.text(lang), rule.cite),
        *_body(reader, rule),
    ]
    mentioned = [rule, *(pack.rules[id] for id in reader.seen)]
    params = {param.name: param for one in mentioned for param in params_of(pack, one)}
    if params:
        lines += ["", f"{_VALUES[lang]}:"]
        for param in params.values():
            label = param.label.text(lang) if param.label else param.name
            values = over_time(param, lang, options_for(pack, param))
            lines.append(_cited(f"- {label}: {values}", param.cite))
    lines += ["", f"{_SOURCES[lang]}:"]
    cited = [*_cites(mentioned), *(cite for param in params.values() for cite in param.cite)]
    for key in dict.fromkeys(cite.partition(" ")[0] for cite in cited):
        source = pack.sources[key]
        file = f" ({source.file})" if source.file else ""
        lines.append(f"- {key}: {source.title.text(lang)}{file}")
    return "\n".join(lines)


def _body(reader: RuleReader, rule: Node) -> Iterator[str]:
    for block in reader.blocks(rule):
        if isinstance(block, Paragraph):
            yield f"  {_cited(block.text, block.cite)}"
        elif isinstance(block, Lines):
            if block.intro:
                yield f"  {block.intro}"
            for line in block.lines:
                yield from _line(line, 1)


def _line(line: Line, depth: int) -> Iterator[str]:
    pad = "  " * depth
    lead = f"{line.lead}: " if line.lead else ""
    yield f"{pad}- {lead}{_cited(line.text, line.cite)}"
    for note in line.notes:
        yield f"{pad}  {note}"
    for inner in line.lines:
        yield from _line(inner, depth + 1)


def _cited(text: str, cite: tuple[str, ...]) -> str:
    return f"{text} [{'; '.join(cite)}]" if cite else text


def _cites(rules: list[Node]) -> Iterator[str]:
    pending = list(rules)
    while pending:
        node = pending.pop(0)
        yield from node.cite
        pending = [*node.children, *node.unless, *pending]
