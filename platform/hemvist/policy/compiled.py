"""Rules made ready once per pack: the nodes of a trace in order, and how each gets its answer.

Judging a case then is: every leaf's answer, then every other node's from those below it. All of
them, also those that can no longer decide, because the trace tells them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from hemvist.policy.facts import FactType
from hemvist.policy.leaf import Leaf, Values
from hemvist.policy.leaf.compiler import param_key
from hemvist.policy.outcomes import NodeText, Reason
from hemvist.policy.pack import Pack
from hemvist.policy.params import ParamType
from hemvist.policy.rules import Node, Op, Rule

#: True, false, or ``None`` for unknown: leaves first, then what is made of them.
Answers = list[bool | None]
Step = Callable[[Answers], bool | None]

_PLAIN_FACTS = frozenset(
    {FactType.BOOL, FactType.INT, FactType.MONEY, FactType.TEXT, FactType.CHOICE}
)
_OTHER_PARAMS = frozenset(
    {ParamType.DATE, ParamType.TEXT_LIST, ParamType.INT_LIST, ParamType.MONTHS_LIST}
)


class Row(NamedTuple):
    """A node of the trace: its text, what picks its reasons out of all by name, and the places of
    its answers before and after exceptions."""

    text: NodeText
    pick: Callable[[dict[str, Reason]], tuple[Reason, ...]] | None
    body: int
    outcome: int


@dataclass(frozen=True, slots=True)
class Asks:
    """What an unknown answer asks: its leaf, or those of its ``parts`` that are unknown."""

    place: int
    leaf: Leaf | None = None
    parts: tuple[Asks, ...] = ()

    def collect(self, values: Values, answers: Answers, asked: dict[str, None]) -> None:
        """Add the facts to the keys of ``asked``, in the order of the rule."""
        if answers[self.place] is not None:
            return
        if self.leaf is not None:
            self.leaf.add_asked(values, asked)
        for part in self.parts:
            part.collect(values, answers, asked)


class CompiledRule:
    """A rule with everything that is judged for it."""

    __slots__ = ("asks", "id", "leaves", "others", "outcome", "pack", "plain", "rows", "steps")

    def __init__(self, pack: Pack, rule: Rule) -> None:
        compiler = _Compiler(pack, rule)
        self.id = rule.id
        self.pack = pack
        self.asks = compiler.node(rule, None)
        self.outcome = self.asks.place
        self.rows = tuple(row for row in compiler.rows if row is not None)
        #: Every fact and parameter that some node looks at, with its kind: those whose values JSON
        #: has as they are, and the others.
        self.plain = tuple(compiler.plain.items())
        self.others = tuple(compiler.others.items())
        self.leaves = tuple(leaf.run for leaf in compiler.leaves.values())
        self.steps = tuple(compiler.steps)

    def answers(self, values: Values) -> Answers:
        """The answer of every leaf and node."""
        answers: Answers = [leaf(values) for leaf in self.leaves]
        for step in self.steps:
            answers.append(step(answers))
        return answers


class _Compiler:
    """One walk over a rule. Rules referred to are judged once, under their first reference."""

    def __init__(self, pack: Pack, rule: Rule) -> None:
        self.pack = pack
        self.leaves = dict(_leaves(pack, rule, set()))
        self.places = {path: place for place, path in enumerate(self.leaves)}
        self.steps: list[Step] = []
        self.rows: list[Row | None] = []
        self.known: dict[str, Asks] = {}
        self.plain: dict[str, str] = {}
        self.others: dict[str, str] = {}

    def node(self, node: Node, parent: str | None, exception: bool = False) -> Asks:
        if node.ref is not None and node.ref not in self.known and self.is_plain(node):
            self.known[node.ref] = self.node(self.pack.rules[node.ref], parent, exception)
            return self.known[node.ref]
        place = len(self.rows)
        self.rows.append(None)
        body = outcome = self.body(node)
        if node.unless:
            exceptions = self.below(node.unless, node.path, exception=True)
            outcome = self.step(_some, [body, *exceptions]) if exceptions else body
        kind = "exception" if exception else str(node.op)
        self.rows[place] = self.row(node, parent, kind, body.place, outcome.place)
        return outcome

    def row(self, node: Node, parent: str | None, kind: str, body: int, outcome: int) -> Row:
        text = NodeText(node.id, node.path, parent, kind, str(node.force), node.label, node.cite)
        leaf = node.leaf
        if leaf is None:
            return Row(text, None, body, outcome)
        for name in leaf.facts:
            fact = self.pack.facts[name]
            looked_at = self.plain if fact.type in _PLAIN_FACTS else self.others
            looked_at[name] = str(fact.kind)
        for name in leaf.params:
            plain = self.pack.params[name].type not in _OTHER_PARAMS
            (self.plain if plain else self.others)[param_key(name)] = "param"
        params = map(param_key, leaf.params)
        return Row(text, _picking((*leaf.facts, *params)), body, outcome)

    def below(self, nodes: tuple[Node, ...], path: str, exception: bool = False) -> list[Asks]:
        """Make all that apply ready, and give those that decide."""
        asks = [(child, self.node(child, path, exception)) for child in nodes if child.active]
        return [ask for child, ask in asks if child.decides]

    def is_plain(self, node: Node) -> bool:
        """Whether a reference adds nothing of its own, so that the rule can stand in its place."""
        assert node.ref is not None
        rule = self.pack.rules[node.ref]
        own = (node.id, node.label, node.cite, node.force, node.unless)
        return own == (rule.id, rule.label, rule.cite, rule.force, ())

    def body(self, node: Node) -> Asks:
        if node.leaf is not None:
            return Asks(self.places[node.path], leaf=node.leaf)
        if node.ref is not None:
            if node.ref not in self.known:
                self.known[node.ref] = self.node(self.pack.rules[node.ref], node.path)
            return self.known[node.ref]
        counted = self.below(node.children, node.path)
        match node.op:
            case Op.ALL:
                return self.step(_every, counted)
            case Op.ANY:
                return self.step(_some, counted)
            case _:
                return self.add(_opposite(counted[0].place), counted)

    def step(self, make: Callable[[list[int]], Step], parts: list[Asks]) -> Asks:
        # One part alone decides.
        if len(parts) == 1:
            return parts[0]
        return self.add(make([part.place for part in parts]), parts)

    def add(self, step: Step, parts: list[Asks]) -> Asks:
        self.steps.append(step)
        return Asks(len(self.leaves) + len(self.steps) - 1, parts=tuple(parts))


def _leaves(pack: Pack, node: Node, seen: set[str]) -> Iterator[tuple[str, Leaf]]:
    """Every leaf that is judged for a node, by its node's path."""
    if node.leaf is not None:
        yield node.path, node.leaf
    if node.ref is not None and node.ref not in seen:
        seen.add(node.ref)
        yield from _leaves(pack, pack.rules[node.ref], seen)
    for child in (*node.children, *node.unless):
        if child.active:
            yield from _leaves(pack, child, seen)


def _picking(names: tuple[str, ...]) -> Callable[[dict[str, Reason]], tuple[Reason, ...]] | None:
    if len(names) > 1:
        return itemgetter(*names)
    return (lambda reasons: (reasons[names[0]],)) if names else None


def _every(places: list[int]) -> Step:
    return _settling(places, False)


def _some(places: list[int]) -> Step:
    return _settling(places, True)


def _settling(places: list[int], deciding: bool) -> Step:
    """``deciding`` when one answer is; else unknown when one is; else the opposite."""
    pick = itemgetter(*places)
    opposite = not deciding

    def of_two(answers: Answers) -> bool | None:
        left, right = answers[first], answers[second]
        if left is deciding or right is deciding:
            return deciding
        return None if left is None or right is None else opposite

    def of_many(answers: Answers) -> bool | None:
        found = {*pick(answers)}
        return deciding if deciding in found else None if None in found else opposite

    if len(places) == 2:
        first, second = places
        return of_two
    return of_many


def _opposite(place: int) -> Step:
    def step(answers: Answers) -> bool | None:
        value = answers[place]
        return None if value is None else not value

    return step
