"""What two versions of a guideline say differently, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist.policy import Label, Pack, explain
from hemvist.policy.loading.parts import LISTS, MAPS, Parts, read_parts
from hemvist.policy.loading.source import Mapping as MappingNode
from hemvist.policy.loading.source import Node, Scalar, Sequence
from hemvist.policy.params import Param
from hemvist.policy.texts import TextFolder

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item of a section (params, rules, facts, programmes …) that came, went or changed."""

    section: str
    id: str
    change: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter with its values over time before and after."""

    item: ItemChange
    before: Param | None
    after: Param | None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that changed, or a parameter that it uses did. ``words`` takes a language."""

    item: ItemChange
    old: Pack
    new: Pack
    #: The parameters with new values that the rule reads, itself or through rules it refers to.
    parameters: tuple[str, ...]

    def before(self, lang: str, on: date | None = None) -> str | None:
        """The rule in words as it was."""
        return explain(self.old, self.item.id, lang, on) if self.item.change != ADDED else None

    def after(self, lang: str, on: date | None = None) -> str | None:
        """The rule in words as it becomes."""
        return explain(self.new, self.item.id, lang, on) if self.item.change != REMOVED else None


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that differs between two versions."""

    old: Pack
    new: Pack
    parameters: tuple[ParameterChange, ...]
    rules: tuple[RuleChange, ...]
    others: tuple[ItemChange, ...]


def differences(
    old: Pack, old_files: Mapping[str, str], new: Pack, new_files: Mapping[str, str]
) -> Differences:
    """Compare two versions by what is written in them. The files are those of the packs."""
    before, after = read_parts(TextFolder(old_files)), read_parts(TextFolder(new_files))
    items = [
        ItemChange(section, id, change, _label(section, id, old, new))
        for section in (*MAPS, *LISTS)
        for id, change in _changes(_written(before, section), _written(after, section))
    ]
    parameters = tuple(
        ParameterChange(item, old.params.get(item.id), new.params.get(item.id))
        for item in items
        if item.section == "params"
    )
    return Differences(
        old,
        new,
        parameters,
        tuple(_rules(items, old, new)),
        tuple(item for item in items if item.section not in ("params", "rules")),
    )


def _rules(items: list[ItemChange], old: Pack, new: Pack) -> Iterator[RuleChange]:
    rewritten = {item.id: item for item in items if item.section == "rules"}
    valued = {item.id for item in items if item.section == "params"}
    for id in dict.fromkeys((*new.rules, *rewritten)):
        used = tuple(sorted(valued & _parameters_of(new, id))) if id in new.rules else ()
        if id in rewritten:
            yield RuleChange(rewritten[id], old, new, used)
        elif used and id in old.rules:
            item = ItemChange("rules", id, CHANGED, new.rules[id].label)
            yield RuleChange(item, old, new, used)


def _parameters_of(pack: Pack, rule: str) -> set[str]:
    """Every parameter that a rule reads, itself or through the rules that it refers to."""
    found: set[str] = set()
    waiting: list[Any] = [pack.rules[rule]]
    seen = {rule}
    while waiting:
        node = waiting.pop()
        if node.leaf is not None:
            found.update(node.leaf.params)
        if node.ref is not None and node.ref not in seen:
            seen.add(node.ref)
            waiting.append(pack.rules[node.ref])
        waiting += [*node.children, *node.unless]
    return found


def _written(parts: Parts, section: str) -> dict[str, object]:
    if section in MAPS:
        return {key.text: _plain(node) for key, node in parts.entries(section)}
    return {_id(node, place): _plain(node) for place, node in enumerate(parts.items(section))}


def _id(node: Node, place: int) -> str:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.text in ("id", "fact", "rule") and isinstance(value, Scalar):
                return value.text
    return str(place + 1)


def _plain(node: Node) -> object:
    """What is written, whatever the layout and the place."""
    if isinstance(node, Scalar):
        return (node.text, node.is_null)
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def _changes(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    for id in dict.fromkeys((*after, *before)):
        if id not in before:
            yield id, ADDED
        elif id not in after:
            yield id, REMOVED
        elif before[id] != after[id]:
            yield id, CHANGED


def _label(section: str, id: str, old: Pack, new: Pack) -> Label | None:
    for pack in (new, old):
        known = getattr(pack, section, None)
        item = known.get(id) if isinstance(known, Mapping) else None
        label = item if isinstance(item, Label) else getattr(item, "label", None)
        if isinstance(label, Label):
            return label
    return None
