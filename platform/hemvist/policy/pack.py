"""A pack: one version of one kommun's guideline, loaded and checked. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from hemvist.policy.campaigns import Campaign
from hemvist.policy.clauses import Refusal
from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import FactDef
from hemvist.policy.items import Item
from hemvist.policy.labels import Label
from hemvist.policy.levels import ServiceLevel
from hemvist.policy.params import Num, Param, ParamValue
from hemvist.policy.programmes import DecisionDef, LegalBasis, Programme
from hemvist.policy.quotas import Indicator, Measure, Meeting, Quota
from hemvist.policy.rules import Node, Rule

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, both included; no end means for now."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether ``day`` is in the period."""
        return self.start <= day and (self.end is None or day <= self.end)


#: What a pack's text is: a kommun's guideline, practice told in a report, a proposal, or law.
STATUSES = ("guideline", "described", "proposed", "law")


@dataclass(frozen=True, slots=True)
class Status:
    """What kind of text a pack carries, out of ``STATUSES``, and a note for those who read it."""

    kind: str = "guideline"
    note: Label | None = None


@dataclass(frozen=True, slots=True)
class LegalCheck:
    """Which rule of law is asked ``at`` which act, and what follows when it does not hold."""

    rule: str
    at: str
    effect: str
    flag: str
    message: Label


@dataclass(frozen=True, slots=True)
class Source:
    """A document that the pack cites."""

    id: str
    title: Label
    file: str | None
    adopted: date | None
    sha256: str | None
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Department:
    """A department or board of the kommun; ``responsible`` is the rule that says when it is."""

    code: str
    label: Label
    board: Label | None
    help: Label | None
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    roles: tuple[str, ...]
    responsible: str | None


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything one version says. ``content_hash`` is the SHA-256 of its files.

    ``facts`` stand in the order of a form: those without a group, then group by group as ``groups``
    has them, each in the order written. ``covers`` maps every rule-catalogue id to what carries it,
    such as ``rule:entitled``.
    """

    name: str
    version: str
    in_force: Period
    title: Label
    sources: Mapping[str, Source]
    legal_bases: Mapping[str, LegalBasis]
    params: Mapping[str, Param]
    groups: Mapping[str, Label]
    facts: Mapping[str, FactDef]
    rules: Mapping[str, Rule]
    departments: Mapping[str, Department]
    programmes: Mapping[str, Programme]
    covers: Mapping[str, tuple[str, ...]]
    content_hash: str
    status: Status = Status()
    #: Responsibilities and process facts that no date or rule checks.
    standing: tuple[Item, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()
    quotas: tuple[Quota, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    measures: tuple[Measure, ...] = ()
    refused: tuple[Refusal, ...] = ()
    #: Whom it reaches out to before the home is lost.
    campaigns: tuple[Campaign, ...] = ()
    #: Only in a pack of law.
    checks: tuple[LegalCheck, ...] = ()
    #: What engines made of the pack and keep with it; says nothing that the rest does not say.
    ready: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def version_key(self) -> tuple[int, ...]:
        """The version as numbers, for ordering."""
        return tuple(int(part) for part in self.version.split("."))

    def rule(self, id: str) -> Rule:
        """A rule by its id. Raises ``PolicyError`` with a suggestion."""
        return self._find("rule", self.rules, id)

    def fact(self, name: str) -> FactDef:
        """A fact by its name. Raises ``PolicyError`` with a suggestion."""
        return self._find("fact", self.facts, name)

    def options_of(self, name: str) -> Mapping[str, Label]:
        """The words of a fact's codes; none for a fact that has no codes, or that is not known."""
        if name == "programme":
            return {id: one.label for id, one in self.programmes.items() if one.label is not None}
        return self.facts[name].options if name in self.facts else {}

    def programme(self, id: str) -> Programme:
        """A programme by its id. Raises ``PolicyError`` with a suggestion."""
        return self._find("programme", self.programmes, id)

    def campaign(self, id: str) -> Campaign:
        """A campaign by its id. Raises ``PolicyError`` with a suggestion."""
        return self._find("campaign", {one.id: one for one in self.campaigns}, id)

    def department(self, code: str) -> Department:
        """A department by its code. Raises ``PolicyError`` with a suggestion."""
        return self._find("department", self.departments, code)

    def param(self, name: str, on: date) -> ParamValue:
        """A parameter's value on a day. Raises ``PolicyError`` when there is none."""
        return self._find("parameter", self.params, name).on(on)

    def number(self, number: Num, on: date) -> int:
        """A number of the pack on a day. Raises ``PolicyError`` on a gap in its parameter."""
        if number.param is None:
            assert number.value is not None
            return number.value
        value = self.param(number.param, on)
        assert isinstance(value, int)
        return value

    def bases(self, decision: DecisionDef, on: date) -> tuple[LegalBasis, ...]:
        """The decision's legal bases in force on a day."""
        bases = (self.legal_bases[id] for id in decision.legal_bases)
        return tuple(basis for basis in bases if basis.valid_on(on))

    def facts_of(self, rule_id: str) -> tuple[str, ...]:
        """Every fact the rule can need, in the order it mentions them."""
        found: dict[str, None] = {}
        self._collect(self.rule(rule_id), found, set())
        return tuple(found)

    def _collect(self, node: Node, found: dict[str, None], seen: set[str]) -> None:
        if node.leaf is not None:
            found.update(dict.fromkeys(node.leaf.facts))
        if node.ref is not None and node.ref not in seen:
            seen.add(node.ref)
            self._collect(self.rules[node.ref], found, seen)
        for child in (*node.children, *node.unless):
            if child.active:
                self._collect(child, found, seen)

    def _find(self, what: str, known: Mapping[str, T], name: str) -> T:
        if name in known:
            return known[name]
        close = get_close_matches(name, list(known), n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise PolicyError(
            f"{self.name} has no {what} {name[:60]!r}{hint}",
            rule=f"unknown_{what}",
            fact=name if what == "fact" else None,
        )
