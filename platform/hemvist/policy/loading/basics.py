"""Sources, legal bases, parameters and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from hemvist.policy.catalogue import CATALOGUE
from hemvist.policy.facts import MAX_INT, MAX_ORE, FactDef, FactKind, FactType
from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.context import Context, options
from hemvist.policy.loading.parts import Parts
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Mapping as MappingNode
from hemvist.policy.loading.source import Node
from hemvist.policy.months import FIRST_DAY, LAST_DAY
from hemvist.policy.pack import Source
from hemvist.policy.params import Param, ParamType, ParamValue, Setting
from hemvist.policy.programmes import LegalBasis

T = TypeVar("T")

_FIELD_TYPES = ("bool", "int", "money_ore", "date", "text", "choice")
_RANGES = {
    ParamType.MONTHS: (0, 1200),
    ParamType.DAYS: (0, 36_600),
    ParamType.INT: (-MAX_INT, MAX_INT),
    ParamType.MONEY: (0, MAX_ORE),
}


def read_sources(parts: Parts, context: Context) -> None:
    """Fill ``context.sources``."""
    for key, node in parts.entries("sources"):
        id = r.code(key, "a source")
        with r.reading(node, f"source {id}") as keys:
            sections = keys.get("sections")
            context.sources[id] = Source(
                id,
                _title(keys.need("title")),
                optional(keys, "file", r.text),
                optional(keys, "adopted", r.day),
                optional(keys, "sha256", r.text),
                tuple(r.text(item, "a section") for item in r.items(sections, "sections"))
                if sections is not None
                else (),
            )


def _title(node: Node) -> Label:
    if isinstance(node, MappingNode):
        return r.label(node, "title")
    written = r.text(node, "title")
    return Label(written, written)


def optional(keys: Keys, key: str, read: Callable[[Node, str], T]) -> T | None:
    """``read`` the value of an optional key."""
    node = keys.get(key)
    return None if node is None else read(node, key)


def read_legal_bases(parts: Parts, context: Context) -> Mapping[str, LegalBasis]:
    """The provisions that decisions rest on."""
    found: dict[str, LegalBasis] = {}
    for key, node in parts.entries("legal_bases"):
        id = r.name(key, "a legal basis")
        with r.reading(node, f"legal basis {id}") as keys:
            found[id] = LegalBasis(
                id,
                context.label(keys),
                context.cite(keys),
                r.day(keys.need("from"), "from"),
                optional(keys, "to", r.day),
            )
    return found


def read_params(parts: Parts, context: Context) -> None:
    """Fill ``context.params``; each must have a value from the pack's first day on."""
    for key, node in parts.entries("params"):
        name = r.name(key, "a parameter")
        with r.reading(node, f"parameter {name}") as keys:
            type = ParamType(r.choice(keys.need("type"), "type", ParamType))
            written = keys.need("values")
            values = _values(written, type, parts.in_force.start)
            context.params[name] = Param(
                name,
                type,
                values,
                context.cite(keys),
                optional(keys, "label", r.label),
                context.covers(keys, f"param:{name}"),
                _setting(keys.get("setting"), type, values, written),
            )


def _setting(
    node: Node | None,
    type: ParamType,
    values: tuple[tuple[date, ParamValue | None], ...],
    written: Node,
) -> Setting | None:
    """``{tension: 4, why: …, choices: […]}``: every value over time is one of the choices."""
    if node is None:
        return None
    with r.reading(node, "setting") as keys:
        tension = optional(keys, "tension", r.integer)
        if tension is not None and not 1 <= tension <= 99:
            keys.fail("tension", "tension must be between 1 and 99")
        why = r.label(keys.need("why"), "why")
        given = keys.get("choices")
        choices: tuple[ParamValue, ...] = ()
        if given is not None:
            choices = _distinct(given, tuple(_value(item, type) for item in _members(given)))
            for day, value in values:
                if value is not None and value not in choices:
                    written.place.fail(f"the value of {day} is none of the setting's choices")
        return Setting(tension, why, choices)


def _values(node: Node, type: ParamType, start: date) -> tuple[tuple[date, ParamValue | None], ...]:
    found: list[tuple[date, ParamValue | None]] = []
    for key, value in r.entries(node, "values"):
        day = r.day(key, "a value's date")
        if found and day <= found[-1][0]:
            key.place.fail("values must be in order of date")
        gap = getattr(value, "is_null", False)
        if gap and (not found or day > start):
            key.place.fail(f"from {day} there is no value while the pack is in force: a gap")
        found.append((day, None if gap else _value(value, type)))
    in_force = [value for day, value in found if day <= start]
    if not in_force or in_force[-1] is None:
        node.place.fail(f"there is no value on {start}, when the pack comes into force: a gap")
    return tuple(found)


def _value(node: Node, type: ParamType) -> ParamValue:
    match type:
        case ParamType.BOOL:
            return r.boolean(node, "the value")
        case ParamType.TEXT:
            return r.text(node, "the value")
        case ParamType.DATE:
            day = r.day(node, "the value")
            if not FIRST_DAY <= day <= LAST_DAY:
                node.place.fail(f"the value must be between {FIRST_DAY} and {LAST_DAY}")
            return day
        case ParamType.TEXT_LIST:
            # Names may be missing: those that the source leaves to the kommun to write.
            texts = _members(node, fewest=0)
            return _distinct(node, tuple(r.text(item, "a value") for item in texts))
        case ParamType.INT_LIST:
            found = tuple(_number(item, ParamType.INT) for item in _members(node))
            return _distinct(node, found)
        case ParamType.MONTHS_LIST:
            found = tuple(_number(item, ParamType.MONTHS) for item in _members(node))
            return _distinct(node, found)
        case _:
            return _number(node, type)


def _members(node: Node, fewest: int = 1) -> tuple[Node, ...]:
    members = r.items(node, "the value")
    if not fewest <= len(members) <= 1000:
        node.place.fail(f"the list must hold between {fewest} and 1000 values")
    return members


def _distinct(node: Node, found: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(found)) != len(found):
        node.place.fail("the list holds a value twice")
    return found


def _number(node: Node, type: ParamType) -> int:
    value = r.integer(node, "the value")
    low, high = _RANGES[type]
    if not low <= value <= high:
        node.place.fail(f"the value must be between {low} and {high}")
    return value


def read_groups(parts: Parts, context: Context) -> None:
    """Fill ``context.groups``: the headings of a form."""
    for key, node in parts.entries("groups"):
        id = r.name(key, "a group")
        context.groups[id] = r.label(node, f"group {id}")


def read_facts(
    parts: Parts, context: Context, own_options: Mapping[str, Mapping[str, Label]]
) -> None:
    """Fill ``context.facts``: the catalogue's that the pack uses, then the pack's own, by group."""
    for item in parts.items("uses"):
        fact = _used(item, context, own_options)
        name = fact.name
        if name in context.facts:
            item.place.fail(f"{name!r} is used twice")
        context.facts[name] = fact
        if context.facts[name].type is FactType.CHOICE and not context.facts[name].options:
            item.place.fail(f"{name!r} has no options in this pack")
    conditions: dict[str, Node] = {}
    for key, node in parts.entries("facts"):
        name = r.name(key, "a fact")
        if name in CATALOGUE:
            key.place.fail(f"{name!r} is in the catalogue; list it under uses")
        with r.reading(node, f"fact {name}") as keys:
            context.facts[name] = _fact(name, keys, context)
            condition = keys.get("ask_when")
            if condition is not None:
                conditions[name] = condition
    # After all facts, since a question may depend on any other.
    for name, condition in conditions.items():
        leaf = context.leaf(condition)
        if name in leaf.facts:
            condition.place.fail(f"ask_when of {name!r} depends on its own answer")
        context.facts[name] = replace(context.facts[name], ask_when=leaf)
    place = {id: number for number, id in enumerate(context.groups)}
    by_group = sorted(context.facts.values(), key=lambda fact: place.get(fact.group or "", -1))
    context.facts = {fact.name: fact for fact in by_group}


def _used(node: Node, context: Context, own_options: Mapping[str, Mapping[str, Label]]) -> FactDef:
    """``name``, or ``{fact: name, group: id, cite: …, covers: …}``; the last three optional."""
    if not isinstance(node, MappingNode):
        return CATALOGUE[r.choice(node, "uses", CATALOGUE)].definition(own_options)
    with r.reading(node, "uses") as keys:
        name = r.choice(keys.need("fact"), "fact", CATALOGUE)
        return replace(
            CATALOGUE[name].definition(own_options),
            group=_group(keys, context),
            cite=context.cite(keys) if keys.has("cite") else (),
            covers=context.covers(keys, f"fact:{name}"),
        )


def _group(keys: Keys, context: Context) -> str | None:
    return optional(keys, "group", lambda node, what: r.choice(node, what, context.groups))


def _fact(name: str, keys: Keys, context: Context) -> FactDef:
    type = FactType(r.choice(keys.need("type"), "type", FactType))
    kind = optional(keys, "kind", lambda node, what: r.choice(node, what, ("asked", "assessment")))
    assessment = optional(keys, "assessment", r.boolean)
    if kind is not None and assessment is not None:
        keys.fail("assessment", "give either kind or assessment")
    cite = context.cite(keys) if keys.has("cite") else ()
    return replace(
        _typed(name, type, keys),
        kind=FactKind.ASSESSMENT if assessment else FactKind(kind or "asked"),
        help=context.help(keys),
        cite=cite or _no_cite(keys),
        covers=context.covers(keys, f"fact:{name}"),
        group=_group(keys, context),
    )


def _no_cite(keys: Keys) -> tuple[str, ...]:
    keys.get("cite")
    return ()


def _typed(name: str, type: FactType, keys: Keys) -> FactDef:
    """The parts that a fact and a field of a record share."""
    label = r.label(keys.need("label"), "label")
    fact = FactDef(name, type, label)
    if type in (FactType.CHOICE, FactType.CHOICE_LIST):
        return replace(fact, options=MappingProxyType(dict(options(keys.need("options")))))
    if type is FactType.RECORDS:
        return replace(fact, fields=MappingProxyType(_fields(keys.need("fields"))))
    if type in (FactType.INT, FactType.MONEY):
        return _bounded(fact, keys)
    return fact


def _bounded(fact: FactDef, keys: Keys) -> FactDef:
    low, high = fact.bounds
    minimum, maximum = optional(keys, "min", r.integer), optional(keys, "max", r.integer)
    for key, value in (("min", minimum), ("max", maximum)):
        if value is not None and not low <= value <= high:
            keys.fail(key, f"{key} must be between {low} and {high}")
    bounded = replace(fact, minimum=minimum, maximum=maximum)
    if bounded.bounds[0] > bounded.bounds[1]:
        keys.fail("max", "max is smaller than min")
    return bounded


def _fields(node: Node) -> dict[str, FactDef]:
    found: dict[str, FactDef] = {}
    for key, value in r.entries(node, "fields"):
        name = r.name(key, "a field")
        with r.reading(value, f"field {name}") as keys:
            type = FactType(r.choice(keys.need("type"), "type", _FIELD_TYPES))
            may_miss = optional(keys, "optional", r.boolean) or False
            found[name] = replace(_typed(name, type, keys), optional=may_miss)
    if not found or len(found) > 40:
        node.place.fail("fields must hold between 1 and 40 names")
    return found
