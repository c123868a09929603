"""What a part of a pack needs to know of the others while the pack is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hemvist.policy.events import EVENTS, MILESTONES
from hemvist.policy.facts import FactDef, FactType
from hemvist.policy.labels import Label
from hemvist.policy.leaf import Leaf, LeafError, Scope, compile_leaf
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node, Scalar, Sequence
from hemvist.policy.pack import Department, Source
from hemvist.policy.params import Num, Param, ParamType, Span
from hemvist.policy.rules import LegalFlag, Rule

COUNTS = (ParamType.MONTHS, ParamType.DAYS, ParamType.INT)
#: The type of parameter that counts a unit of time.
_UNITS = {
    "months": ParamType.MONTHS,
    "days": ParamType.DAYS,
    "working_days": ParamType.DAYS,
    "hours": ParamType.INT,
}
_FLAG = re.compile(r"[A-Z]{1,6}-[0-9]{1,3}")
#: Units of the calendar, for everything but service levels.
CALENDAR = ("months", "days")


@dataclass(slots=True)
class Context:
    """Filled in the order sources, params, groups, facts, rules, departments, programmes."""

    sources: dict[str, Source] = field(default_factory=dict)
    params: dict[str, Param] = field(default_factory=dict)
    groups: dict[str, Label] = field(default_factory=dict)
    facts: dict[str, FactDef] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    carriers: dict[str, list[str]] = field(default_factory=dict)
    #: Milestones that somebody records or decides in the programme being read.
    milestones: frozenset[str] = frozenset()

    def cite(self, keys: Keys, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The citations under ``cite``; ``default`` when not given, required when that is empty."""
        node = keys.get("cite") if default else keys.need("cite")
        if node is None:
            return default
        parts = node.items if isinstance(node, Sequence) else (node,)
        found = tuple(self._citation(part) for part in parts)
        if not found:
            node.place.fail("cite must not be empty")
        return found

    def _citation(self, node: Node) -> str:
        written = r.text(node, "cite")
        assert isinstance(node, Scalar)
        key, _, rest = written.partition(" ")
        source = self.sources.get(key)
        if source is None:
            hint = r.suggest(key, self.sources) or f"; there are {', '.join(self.sources)}"
            node.place.fail(f"no source {key!r}{hint}")
        section = rest.split()[0] if rest.split() else ""
        if source.sections and section not in source.sections:
            hint = r.suggest(section, source.sections)
            hint = hint or f"; there are {', '.join(source.sections)}"
            node.place.fail(f"{key} has no section {section!r}{hint}")
        return written

    def covers(self, keys: Keys, carrier: str) -> tuple[str, ...]:
        """The rule-catalogue ids under ``covers``, noted as carried by ``carrier``."""
        found = r.covers(keys.get("covers"))
        for id in found:
            self.carriers.setdefault(id, []).append(carrier)
        return found

    def label(self, keys: Keys) -> Label:
        """The required ``label``."""
        return r.label(keys.need("label"), "label")

    def help(self, keys: Keys) -> Label | None:
        """The optional ``help``."""
        node = keys.get("help")
        return None if node is None else r.label(node, "help")

    def leaf(self, node: Node) -> Leaf:
        """A compiled leaf; a fault is placed at its character."""
        written = r.scalar(node, "an expression")
        try:
            return compile_leaf(written.text, Scope(self.facts, self.params))
        except LeafError as error:
            written.at(error.offset).fail(error.message)

    def optional_leaf(self, keys: Keys, key: str) -> Leaf | None:
        """The leaf under an optional key."""
        node = keys.get(key)
        return None if node is None else self.leaf(node)

    def num(self, node: Node, what: str, types: Iterable[ParamType] = COUNTS) -> Num:
        """A whole number of 0 or more, or ``p.name`` of a parameter of one of ``types``."""
        written = r.scalar(node, what)
        if not written.text.startswith("p."):
            value = r.integer(node, what)
            if not 0 <= value <= 100_000:
                written.place.fail(f"{what} must be between 0 and 100000")
            return Num(value=value)
        name = self.param_name(node, what, types)
        return Num(param=name)

    def param_name(self, node: Node, what: str, types: Iterable[ParamType]) -> str:
        """The name in ``p.name``, of a parameter of one of ``types``."""
        written = r.scalar(node, what)
        prefix, _, name = written.text.partition(".")
        if prefix != "p" or name not in self.params:
            hint = r.suggest(name, self.params)
            written.place.fail(f"{what}: no parameter {written.text!r}{hint}")
        wanted = tuple(types)
        if self.params[name].type not in wanted:
            written.place.fail(f"{what} needs a parameter of type {' or '.join(wanted)}")
        return name

    def span(self, node: Node, what: str, units: tuple[str, ...] = CALENDAR) -> Span:
        """``{months: n}`` or ``{days: n}``, or another of ``units``."""
        with r.reading(node, what) as keys:
            return self.span_of(keys, what, units)

    def span_of(self, keys: Keys, what: str, units: tuple[str, ...] = CALENDAR) -> Span:
        """The span among the keys of a map that holds more."""
        found = [unit for unit in units if keys.has(unit)]
        if len(found) != 1:
            keys.place.fail(f"{what} needs {'either ' * (len(units) > 1)}{' or '.join(units)}")
        unit = found[0]
        types = (_UNITS[unit], ParamType.INT)
        return Span(unit, self.num(keys.need(unit), f"{what}.{unit}", types))

    def optional_span(self, keys: Keys, key: str) -> Span | None:
        """The span under an optional key."""
        node = keys.get(key)
        return None if node is None else self.span(node, key)

    def event(self, node: Node, what: str) -> str:
        """An event; a milestone only where the programme being read has somebody record it."""
        event = r.choice(node, what, EVENTS)
        if event in MILESTONES and event not in self.milestones:
            node.place.fail(
                f"{what}: nobody records {event!r} in this programme; add it under milestones"
            )
        return event

    def rule(self, node: Node, what: str) -> str:
        """The id of a rule that applies."""
        written = r.scalar(node, what)
        rule = self.rules.get(written.text)
        if rule is None:
            hint = r.suggest(written.text, self.rules)
            written.place.fail(f"{what}: no rule {written.text!r}{hint}")
        if not rule.active:
            written.place.fail(f"{what}: the rule {written.text!r} is off by its legal flag")
        return written.text

    def optional_rule(self, keys: Keys, key: str) -> str | None:
        """The rule under an optional key."""
        node = keys.get(key)
        return None if node is None else self.rule(node, key)

    def optional_fact(self, keys: Keys, key: str, type: FactType) -> str | None:
        """The pack's question of a type, under an optional key."""
        node = keys.get(key)
        if node is None:
            return None
        return r.choice(node, key, [name for name, one in self.facts.items() if one.type is type])

    def legal(self, keys: Keys) -> LegalFlag | None:
        """The optional ``legal`` flag."""
        node = keys.get("legal")
        if node is None:
            return None
        with r.reading(node, "legal") as flag:
            active = flag.get("active")
            return LegalFlag(
                self.legal_flag(flag),
                r.label(flag.need("note"), "note"),
                True if active is None else r.boolean(active, "active"),
            )

    def legal_flag(self, keys: Keys) -> str:
        """The required ``flag``: an id such as ``LF-4``."""
        return r.pattern(keys.need("flag"), "flag", _FLAG, "an id such as LF-4")


def options(node: Node | None) -> Mapping[str, Label]:
    """The options of a choice: code to label, in order; at least one."""
    if node is None:
        return {}
    found = {
        r.code(key, "an option"): r.label(value, f"option {key.text}")
        for key, value in r.entries(node, "options")
    }
    if not found:
        node.place.fail("options must not be empty")
    return found


def words(node: Node | None, what: str, known: Iterable[str]) -> tuple[str, ...]:
    """A list of words out of ``known``, none twice; empty when not given."""
    if node is None:
        return ()
    options = tuple(known)
    found: list[str] = []
    for item in r.items(node, what):
        word = r.choice(item, what, options)
        if word in found:
            item.place.fail(f"{word!r} is listed twice")
        found.append(word)
    return tuple(found)
