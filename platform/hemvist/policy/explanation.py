"""A rule as text with its sources, for people who ask what applies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hemvist.policy.facts import as_json
from hemvist.policy.pack import Pack
from hemvist.policy.params import ParamType, ParamValue
from hemvist.policy.rules import Force, Node, Op

_WORDS = {
    "all": {"sv": "alla följande ska vara uppfyllda", "en": "all of these must hold"},
    "any": {"sv": "minst en av följande ska vara uppfylld", "en": "at least one must hold"},
    "not": {"sv": "följande får inte vara uppfyllt", "en": "this must not hold"},
    "unless": {"sv": "undantag", "en": "exception"},
    "advice": {"sv": "rekommendation, avgör inte", "en": "advice, does not decide"},
    "off": {"sv": "tillämpas inte", "en": "not applied"},
    "sources": {"sv": "Källor", "en": "Sources"},
    "see": {"sv": "se ovan", "en": "see above"},
    "months": {"sv": "månader", "en": "months"},
    "days": {"sv": "dagar", "en": "days"},
    "in_force": {"sv": "gäller från", "en": "in force from"},
}


def explain(pack: Pack, rule_id: str, lang: str = "sv", on: date | None = None) -> str:
    """The rule as indented text in ``lang`` (``sv`` or ``en``), with parameters' values.

    Values are those of ``on``, or of the pack's first day. Raises ``PolicyError`` on an unknown
    rule.
    """
    return _Explainer(pack, lang, on or pack.in_force.start).text(rule_id)


class _Explainer:
    def __init__(self, pack: Pack, lang: str, on: date) -> None:
        self.pack = pack
        self.lang = lang
        self.on = on
        self.seen: set[str] = set()
        self.cited: dict[str, None] = {}

    def text(self, rule_id: str) -> str:
        rule = self.pack.rule(rule_id)
        lines = list(self.node(rule, 0, ""))
        head = (
            f"{self.pack.title.text(self.lang)} {self.pack.version} "
            f"({self.word('in_force')} {self.pack.in_force.start})"
        )
        sources = [
            f"- {key}: {self.pack.sources[key].title.text(self.lang)}"
            + (f" ({self.pack.sources[key].file})" if self.pack.sources[key].file else "")
            for key in self.cited
        ]
        return "\n".join([head, "", *lines, "", f"{self.word('sources')}:", *sources])

    def word(self, key: str) -> str:
        return _WORDS[key]["en" if self.lang == "en" else "sv"]

    def node(self, node: Node, depth: int, prefix: str) -> Iterator[str]:
        if node.ref is not None:
            yield from self.reference(node, node.ref, depth, prefix)
            return
        yield self.line(node, depth, prefix)
        yield from self.inside(node, depth + 1)

    def reference(self, node: Node, ref: str, depth: int, prefix: str) -> Iterator[str]:
        rule = self.pack.rules[ref]
        if ref in self.seen:
            yield f"{self.line(node, depth, prefix)} ({self.word('see')})"
        else:
            self.seen.add(ref)
            yield self.line(node, depth, prefix)
            yield from self.inside(rule, depth + 1)
        yield from self.exceptions(node, depth + 1)

    def inside(self, node: Node, depth: int) -> Iterator[str]:
        pad = "  " * depth
        if node.help is not None:
            yield f"{pad}{node.help.text(self.lang)}"
        if node.op in (Op.ALL, Op.ANY, Op.NOT):
            yield f"{pad}{self.word(node.op)}:"
        for child in node.children:
            yield from self.node(child, depth, "- ")
        if node.ref is not None:
            yield from self.reference(node, node.ref, depth, "- ")
        else:
            yield from self.exceptions(node, depth)
        for name in node.leaf.params if node.leaf is not None else ():
            yield f"{pad}{self.param(name)}"

    def exceptions(self, node: Node, depth: int) -> Iterator[str]:
        for exception in node.unless:
            yield from self.node(exception, depth, f"{self.word('unless')}: ")

    def line(self, node: Node, depth: int, prefix: str) -> str:
        notes = []
        if node.force is Force.ADVICE:
            notes.append(self.word("advice"))
        if node.legal is not None:
            note = f"{node.legal.flag}: {node.legal.note.text(self.lang)}"
            notes.append(note if node.legal.active else f"{self.word('off')}, {note}")
        for cite in node.cite:
            self.cited[cite.partition(" ")[0]] = None
        suffix = f" ({'; '.join(notes)})" if notes else ""
        text = f"{node.label.text(self.lang)} [{'; '.join(node.cite)}]{suffix}"
        return f"{'  ' * depth}{prefix}{text}"

    def param(self, name: str) -> str:
        param = self.pack.params[name]
        label = param.label.text(self.lang) if param.label is not None else name
        return f"{label}: {self.value(param.type, param.on(self.on))} [{'; '.join(param.cite)}]"

    def value(self, type: ParamType, value: ParamValue) -> str:
        if type is ParamType.MONEY and isinstance(value, int):
            return f"{value / 100:.2f} kr"
        if type in (ParamType.MONTHS, ParamType.DAYS):
            return f"{value} {self.word(type)}"
        if isinstance(value, tuple):
            return ", ".join(str(item) for item in value)
        return str(as_json(value))
