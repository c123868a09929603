"""What a guideline states against the law without saying so.

A pack may tell what the law no longer allows, since practice was so; then it says so with
``legal: {flag: …}`` and, where it must not be applied, ``active: false``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from hemvist.policy.clauses import CLAUSES, Clause, StatedTime
from hemvist.policy.labels import Label
from hemvist.policy.legal.findings import Finding, Lawfulness, check
from hemvist.policy.loading.parts import Parts
from hemvist.policy.loading.source import Mapping as MapNode
from hemvist.policy.loading.source import Node as Written
from hemvist.policy.loading.source import Place, Scalar, Sequence
from hemvist.policy.months import add_days, add_months
from hemvist.policy.pack import Pack
from hemvist.policy.programmes import Contract, Programme
from hemvist.policy.rules import LegalFlag, Node

#: Words of a demand for sobriety, in questions and rules.
_SOBRIETY = re.compile(r"nykter|drogfri|sober|drug[-_ ]?free|abstin", re.IGNORECASE)
_OLD_ACT = re.compile(r"2001:453")
_NEW_ACT = re.compile(r"2025:400")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something that the law speaks against, at its place. ``severity`` is "error" or "note"."""

    severity: str
    flag: str
    place: Place
    message: str
    cure: str

    def __str__(self) -> str:
        place = f"{self.place.file}:{self.place.line}:{self.place.column}"
        return f"{place}: {self.message} ({self.flag}); {self.cure}"


def contradictions(pack: Pack, parts: Parts, law: Pack) -> tuple[Contradiction, ...]:
    """Everything in ``pack`` that ``law`` speaks against and that carries no flag of it.

    ``parts`` are the files that the pack was loaded from. A pack of law has none.
    """
    if pack.status.kind == "law":
        return ()
    day = max(pack.in_force.start, law.in_force.start)
    found = _Static(pack, parts, law, day)
    return tuple(found.contradictions())


class _Static:
    def __init__(self, pack: Pack, parts: Parts, law: Pack, day: date) -> None:
        self.pack = pack
        self.parts = parts
        self.law = law
        self.day = day

    def contradictions(self) -> Iterator[Contradiction]:
        for programme in self.pack.programmes.values():
            if programme.contract is not None:
                yield from self.contract(programme, programme.contract)
        yield from self.citations()
        for rule in self.pack.rules.values():
            yield from self.rule(rule)

    # --- contracts

    def contract(self, programme: Programme, contract: Contract) -> Iterator[Contradiction]:
        at = ("contract",)
        if contract.notice is not None:
            yield from self.notice(programme, contract, contract.notice)
        waiver = contract.tenure_waiver
        if waiver is not None and not _flagged(waiver.legal, "LF-2"):
            yield self.note(
                "LF-2",
                self.place(programme, *at, "tenure_waiver"),
                "a waiver of tenure needs a document of its own and mostly the tribunal's approval",
            )
        for clause in contract.clauses:
            yield from self.clause(programme, clause)

    def notice(
        self, programme: Programme, contract: Contract, stated: StatedTime
    ) -> Iterator[Contradiction]:
        if stated.legal is not None and stated.legal.flag == "LF-1":
            return
        for day in self.days(stated):
            for finding in self.notices(contract, stated, day):
                if finding.outcome is Lawfulness.VIOLATED:
                    yield self.error(
                        finding.flag,
                        self.place(programme, "contract", "notice"),
                        f"the notice of {stated.span.count} {stated.span.unit} is shorter than the "
                        f"law's; the earliest lawful end of a notice on {day} is {finding.earliest}",
                    )
                    return

    def notices(self, contract: Contract, stated: StatedTime, day: date) -> Iterator[Finding]:
        """What the law says of a notice on ``day``, for every length that the form can have."""
        count = self.pack.number(stated.span.count, day)
        shift = add_months if stated.span.unit == "months" else add_days
        ends = shift(day, count)
        for months in self.lengths(contract, day):
            facts: dict[str, object] = {
                "tenancy": True,
                "notice_stated": True,
                "open_ended": months is None,
                "notice_given_on": day,
                "notice_ends_on": ends,
            }
            if months is not None:
                facts |= {"term_starts_on": day, "term_ends_on": add_months(day, months)}
            yield from (
                one for one in check(self.law, "contract", facts, day) if one.flag == "LF-1"
            )

    def lengths(self, contract: Contract, day: date) -> Iterator[int | None]:
        """Lengths in months; None is until further notice, also where the form says nothing."""
        if not contract.lengths:
            yield None
        for length in contract.lengths:
            yield None if length.months is None else self.pack.number(length.months, day)

    def days(self, stated: StatedTime) -> Iterator[date]:
        """The day of the check, and every later day from which the stated time is another."""
        yield self.day
        name = stated.span.count.param
        end = self.pack.in_force.end
        if name is not None:
            for start, _ in self.pack.params[name].values:
                if start > self.day and (end is None or start <= end):
                    yield start

    def clause(self, programme: Programme, clause: Clause) -> Iterator[Contradiction]:
        if clause.legal is not None:
            return
        facts: dict[str, object] = {"clauses": [clause.clause]}
        for finding in check(self.law, "contract", facts, self.day):
            if finding.rule.endswith("_terms") and finding.outcome is Lawfulness.VIOLATED:
                yield self.error(
                    finding.flag,
                    self.item(programme, "clauses", clause.id),
                    f"the clause {clause.id}: {finding.message.en}",
                )
        related = {"short_notice": "LF-1", "tenure_waiver": "LF-2", "ends_with_support": "LF-13"}
        if clause.clause in related:
            yield self.note(
                related[clause.clause],
                self.item(programme, "clauses", clause.id),
                f"the law limits the clause {clause.id}: {CLAUSES[clause.clause].en.lower()}",
            )

    # --- citations

    def citations(self) -> Iterator[Contradiction]:
        first = self.law.param("sol_2025_from", self.day)
        assert isinstance(first, date)
        written = self.parts.maps.get("legal_bases", {})
        for id, basis in self.pack.legal_bases.items():
            words = " ".join(
                [basis.label.sv, basis.label.en, *basis.cite, *self.titles(basis.cite)]
            )
            place = written[id][0].place
            if _OLD_ACT.search(words) and (basis.end is None or basis.end >= first):
                yield self.error(
                    "LF-5", place, f"{id} cites the act of 2001, which ended before {first}", "to"
                )
            if _NEW_ACT.search(words) and basis.start < first:
                yield self.error(
                    "LF-5", place, f"{id} cites the act of 2025 before {first}", "from"
                )

    def titles(self, cites: Iterable[str]) -> Iterator[str]:
        for cite in cites:
            source = self.pack.sources.get(cite.partition(" ")[0])
            if source is not None:
                yield source.title.sv

    # --- rules

    def rule(self, rule: Node) -> Iterator[Contradiction]:
        for node in _deciding(rule, rule.legal):
            words = [node.label.sv, node.label.en]
            if node.leaf is not None:
                words += [self.words_of(name) for name in node.leaf.facts]
            if _SOBRIETY.search(" ".join(words)):
                yield self.error(
                    "LF-4",
                    self.node_place(rule.id, node.id),
                    f"{node.path} asks for sobriety: assistance may not be conditioned on it",
                )
                return

    def words_of(self, fact: str) -> str:
        label: Label = self.pack.facts[fact].label
        return f"{fact} {label.sv} {label.en}"

    # --- places

    def error(self, flag: str, place: Place, message: str, key: str = "") -> Contradiction:
        cure = (
            f"end it in time with `{key}`"
            if key == "to"
            else f"begin it in time with `{key}`"
            if key
            else f"say so with legal: {{flag: {flag}, note: …}} and active: false where it is history"
        )
        return Contradiction("error", flag, place, message, cure)

    def note(self, flag: str, place: Place, message: str) -> Contradiction:
        return Contradiction(
            "note", flag, place, message, f"say so with legal: {{flag: {flag}, note: …}}"
        )

    def place(self, programme: Programme, *keys: str) -> Place:
        key, node = self.parts.maps["programmes"][programme.id]
        place = key.place
        for step in keys:
            found = _entry(node, step)
            if found is None:
                return place
            place, node = found[0].place, found[1]
        return place

    def item(self, programme: Programme, section: str, id: str) -> Place:
        _, node = self.parts.maps["programmes"][programme.id]
        for step in ("contract", section):
            found = _entry(node, step)
            if found is None:
                return self.place(programme)
            node = found[1]
        place = _by_id(node.items if isinstance(node, Sequence) else (), id)
        return place or self.place(programme, "contract", section)

    def node_place(self, rule: str, id: str) -> Place:
        for written in self.parts.items("rules"):
            if _id_of(written) == rule:
                return _anywhere(written, id) or written.place
        return self.parts.place


def _deciding(node: Node, legal: LegalFlag | None) -> Iterator[Node]:
    """The nodes that decide and carry no flag, nor stand under one that does."""
    if legal is not None or node.legal is not None or not node.decides:
        return
    yield node
    for child in (*node.children, *node.unless):
        yield from _deciding(child, legal)


def _flagged(legal: LegalFlag | None, flag: str) -> bool:
    return legal is not None and legal.flag == flag


def _entry(node: Written, key: str) -> tuple[Scalar, Written] | None:
    entries = node.entries if isinstance(node, MapNode) else ()
    return next((pair for pair in entries if pair[0].text == key), None)


def _id_of(node: Written) -> str | None:
    found = _entry(node, "id")
    return found[1].text if found is not None and isinstance(found[1], Scalar) else None


def _by_id(nodes: Iterable[Written], id: str) -> Place | None:
    return next((node.place for node in nodes if _id_of(node) == id), None)


def _anywhere(node: Written, id: str) -> Place | None:
    """The place of the item with this id, at any depth."""
    if _id_of(node) == id:
        return node.place
    inner: Iterable[Written] = ()
    if isinstance(node, MapNode):
        inner = [value for _, value in node.entries]
    elif isinstance(node, Sequence):
        inner = node.items
    return next((place for one in inner if (place := _anywhere(one, id)) is not None), None)
