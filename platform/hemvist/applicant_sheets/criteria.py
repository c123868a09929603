"""A stored trace as criteria in plain words: what was asked for, what was known, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hemvist.applicant_sheets.answers import (
    HOW_KNOWN,
    HOW_TO_GIVE,
    answer_in_words,
    figure,
    is_shown,
)
from hemvist.policy import Pack


@dataclass(frozen=True, slots=True)
class Known:
    """Something that was known: the question, the answer in words, and from what."""

    question: str
    answer: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not known, and how to give it."""

    question: str
    help: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. ``state``: met, not_met, not_known, or not_needed where it settles nothing.

    ``kind``: condition, exception or advice. ``needs``: all or any of the ones below it
    (``level`` one deeper), or none where it is judged by itself.
    """

    label: str
    state: str
    kind: str
    level: int
    needs: str
    sources: tuple[str, ...]
    known: tuple[Known, ...]
    missing: tuple[Missing, ...]


@dataclass
class _Node:
    data: Mapping[str, Any]
    children: list[_Node] = field(default_factory=list)


_STATES = {"true": "met", "false": "not_met", "unknown": "not_known"}


def criteria_of(
    pack: Pack, trace: Iterable[Mapping[str, Any]], lang: str, *, protected: bool, main: str | None
) -> tuple[Criterion, ...]:
    """The criteria of a trace, those above first; the rule itself is the first."""
    teller = _Teller(pack, lang, protected, main)
    return tuple(teller.tell(_tree(trace), 0, settled=False))


def missing_facts(
    pack: Pack, asked: Iterable[str] | None, criteria: Iterable[Criterion], lang: str
) -> tuple[Missing, ...]:
    """What would settle the matter: ``asked`` by the engine, or what the criteria lack."""
    if asked is None:
        found = (one for criterion in criteria for one in criterion.missing)
        return tuple(dict.fromkeys(found))
    return tuple(missing(pack, name, lang) for name in asked if is_shown(name))


def missing(pack: Pack, name: str, lang: str) -> Missing:
    """A fact that is not known."""
    fact = pack.facts[name]
    return Missing(
        fact.label.text(lang),
        fact.help.text(lang) if fact.help else None,
        HOW_TO_GIVE[fact.kind].text(lang),
    )


def sources(pack: Pack, cite: Iterable[str], lang: str, main: str | None = None) -> tuple[str, ...]:
    """Citations in words: the document's title and the section in it.

    The document with the key ``main`` is called the guideline: the sheet names it once.
    """
    found = []
    for one in cite:
        key, _, section = one.partition(" ")
        source = pack.sources.get(key)
        title = source.title.text(lang) if source else key
        if key == main:
            title = {"sv": "riktlinjen", "en": "the guideline"}[lang]
        found.append(f"{title}, {section}" if section else title)
    return tuple(found)


def _tree(trace: Iterable[Mapping[str, Any]]) -> list[_Node]:
    roots: list[_Node] = []
    known: dict[str, _Node] = {}
    for data in trace:
        node = known[data["path"]] = _Node(data)
        above = known.get(data.get("parent") or "")
        (roots if above is None else above.children).append(node)
    return roots


@dataclass(frozen=True, slots=True)
class _Teller:
    pack: Pack
    lang: str
    protected: bool
    main: str | None

    def tell(self, nodes: Iterable[_Node], level: int, *, settled: bool) -> Iterator[Criterion]:
        """Criteria of ``nodes``; ``settled`` when what stands above them is known already."""
        told: set[Known] = set()
        for node in nodes:
            data = node.data
            unknown = data["outcome"] == "unknown"
            moot = settled and unknown
            below = [] if data["kind"] == "not" else self.shown(node)
            reasons = list(data["because"])
            if data["kind"] == "not":
                # What must not be the case is told by the condition above; only its facts matter.
                reasons += [one for child in _all_below(node) for one in child.data["because"]]
            known = tuple(one for one in self.known(reasons) if one not in told)
            # What has been said of one condition is not said again of the next beside it.
            told.update(known)
            yield Criterion(
                data["label"][self.lang],
                "not_needed" if moot else _STATES[data["outcome"]],
                _kind(data),
                level,
                _needs(data, below),
                sources(self.pack, data["cite"], self.lang, self.main),
                known,
                tuple(self.missing(reasons)) if unknown and not moot else (),
            )
            yield from self.tell(below, level + 1, settled=moot or not unknown)

    def shown(self, node: _Node) -> list[_Node]:
        """What stands under a node. Exceptions are of interest where the condition was not met."""
        needed = node.data["value"] is not True
        return [one for one in node.children if needed or one.data["kind"] != "exception"]

    def known(self, reasons: Iterable[Mapping[str, Any]]) -> Iterator[Known]:
        seen: set[str] = set()
        for reason in reasons:
            name, value = reason["fact"], reason["value"]
            if name in seen or value is None or not is_shown(name):
                continue
            seen.add(name)
            if name.startswith("p."):
                told = figure(self.pack, name[2:], value, self.lang)
                if told is not None:
                    yield Known(*told, {"sv": "riktlinjen", "en": "the guideline"}[self.lang])
                continue
            fact = self.pack.facts[name]
            answer = answer_in_words(fact, value, self.lang, protected=self.protected)
            yield Known(fact.label.text(self.lang), answer, HOW_KNOWN[fact.kind].text(self.lang))

    def missing(self, reasons: Iterable[Mapping[str, Any]]) -> Iterator[Missing]:
        names = dict.fromkeys(
            reason["fact"]
            for reason in reasons
            if reason["value"] is None and not reason["fact"].startswith("p.")
        )
        for name in names:
            if is_shown(name):
                yield missing(self.pack, name, self.lang)


def _all_below(node: _Node) -> Iterator[_Node]:
    for child in node.children:
        yield child
        yield from _all_below(child)


def _kind(data: Mapping[str, Any]) -> str:
    if data["force"] == "advice":
        return "advice"
    return "exception" if data["kind"] == "exception" else "condition"


def _needs(data: Mapping[str, Any], below: list[_Node]) -> str:
    conditions = [one for one in below if _kind(one.data) == "condition"]
    return data["kind"] if data["kind"] in ("all", "any") and len(conditions) > 1 else ""
