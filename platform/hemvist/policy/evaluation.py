"""Judging one case by one rule: the outcome, its reasons, and what to ask.

Pure: the same pack, facts and date give the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import Value, as_json, check_answer
from hemvist.policy.labels import Label
from hemvist.policy.leaf import Env, Leaf
from hemvist.policy.months import FIRST_DAY, LAST_DAY
from hemvist.policy.pack import Pack
from hemvist.policy.rules import Node, Op


class Outcome(StrEnum):
    """Kleene's three values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Outcome:
        """From a truth value; ``None`` is unknown."""
        return cls.UNKNOWN if value is None else cls.TRUE if value else cls.FALSE


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact or parameter (``p.name``) that a node looked at. ``value`` is JSON data."""

    fact: str
    value: object
    kind: str

    def as_json(self) -> dict[str, object]:
        """``{"fact", "value", "kind"}``."""
        return {"fact": self.fact, "value": self.value, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class TraceNode:
    """One node's answer. ``value`` is the body's, before exceptions; ``outcome`` after them.

    ``parent`` is the path of the node above; ``kind`` the node's operation, or ``exception``.
    """

    id: str
    path: str
    parent: str | None
    kind: str
    force: str
    label: Label
    cite: tuple[str, ...]
    outcome: Outcome
    value: bool | None
    because: tuple[Reason, ...]

    def as_json(self) -> dict[str, object]:
        """The node as JSON data."""
        return {
            "id": self.id,
            "cite": list(self.cite),
            "label": self.label.as_json(),
            "outcome": self.outcome.value,
            "value": self.value,
            "because": [reason.as_json() for reason in self.because],
            "path": self.path,
            "parent": self.parent,
            "kind": self.kind,
            "force": self.force,
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer of a rule. ``ask`` names the missing facts that would settle an unknown one."""

    rule: str
    outcome: Outcome
    ask: tuple[str, ...]
    version: str
    trace: tuple[TraceNode, ...]

    def node(self, id: str) -> TraceNode:
        """The first node of the trace with this id. Raises ``PolicyError`` when there is none."""
        for node in self.trace:
            if node.id == id:
                return node
        raise PolicyError(f"the trace of {self.rule} has no node {id}", rule="unknown_node")

    def as_json(self) -> dict[str, object]:
        """``{"outcome", "ask", "version", "trace"}``."""
        return {
            "outcome": self.outcome.value,
            "ask": list(self.ask),
            "version": self.version,
            "trace": [node.as_json() for node in self.trace],
        }


def evaluate(pack: Pack, rule_id: str, facts: Mapping[str, object], on: date) -> Evaluation:
    """Judge a case by a rule on a date.

    Facts may be JSON data or typed values; ``None`` and absent mean not known. Raises
    ``PolicyError`` on an unknown rule or fact, an answer that does not hold, a date before the
    pack is in force, or a parameter without a value on the date.
    """
    rule = pack.rule(rule_id)
    if not rule.active:
        raise PolicyError(f"the rule {rule_id} is off by its legal flag", rule="rule_off")
    run = _Run(pack, environment(pack, facts, on))
    outcome, ask = run.node(rule, None)
    trace = tuple(node for node in run.trace if node is not None)
    return Evaluation(rule_id, Outcome.of(outcome), ask, pack.version, trace)


def environment(pack: Pack, facts: Mapping[str, object], on: date) -> Env:
    """Checked facts and the parameters of the day, as leaves read them."""
    # A datetime is a date to Python, but its day depends on a time zone.
    if type(on) is not date:
        raise PolicyError(f"the date must be a date, not {type(on).__name__}", rule="wrong_date")
    if on < pack.in_force.start:
        raise PolicyError(
            f"{pack.name} {pack.version} is in force from {pack.in_force.start}, not on {on}",
            rule="not_in_force",
        )
    if not FIRST_DAY <= on <= LAST_DAY:
        raise PolicyError(f"{on} is outside the calendar", rule="date_range")
    checked: dict[str, Value] = {}
    for name, raw in facts.items():
        definition = pack.fact(name)
        if raw is not None:
            checked[name] = check_answer(definition, raw)
    if DECISION_DATE in pack.facts and checked.setdefault(DECISION_DATE, on) != on:
        raise PolicyError(
            f"{DECISION_DATE} is {checked[DECISION_DATE]}, but the question is for {on}",
            rule="wrong_date",
            fact=DECISION_DATE,
        )
    return Env(checked, {name: param.on(on) for name, param in pack.params.items()})


_Answer = tuple[bool | None, tuple[str, ...]]
_OUTCOMES = {value: Outcome.of(value) for value in (True, False, None)}


class _Run:
    """One evaluation. Each rule is judged once, however often it is referred to."""

    def __init__(self, pack: Pack, env: Env) -> None:
        self.pack = pack
        self.env = env
        self.trace: list[TraceNode | None] = []
        self.known: dict[str, _Answer] = {}
        self.reasons: dict[str, Reason] = {}

    def node(self, node: Node, parent: str | None, exception: bool = False) -> _Answer:
        if node.ref is not None and node.ref not in self.known and self.is_plain(node):
            self.known[node.ref] = self.node(self.pack.rules[node.ref], parent, exception)
            return self.known[node.ref]
        place = len(self.trace)
        self.trace.append(None)
        body = answer = self.body(node)
        if node.unless:
            exceptions = self.below(node.unless, node.path, exception=True)
            answer = _any([body, *exceptions]) if exceptions else body
        self.trace[place] = TraceNode(
            node.id,
            node.path,
            parent,
            "exception" if exception else str(node.op),
            str(node.force),
            node.label,
            node.cite,
            _OUTCOMES[answer[0]],
            body[0],
            () if node.leaf is None else self.because(node.leaf),
        )
        return answer

    def below(self, nodes: tuple[Node, ...], path: str, exception: bool = False) -> list[_Answer]:
        """Judge all that apply, and give the answers of those that decide."""
        answers = [(child, self.node(child, path, exception)) for child in nodes if child.active]
        return [answer for child, answer in answers if child.decides]

    def is_plain(self, node: Node) -> bool:
        """Whether a reference adds nothing of its own, so that the rule can stand in its place."""
        assert node.ref is not None
        rule = self.pack.rules[node.ref]
        own = (node.id, node.label, node.cite, node.force, node.unless)
        return own == (rule.id, rule.label, rule.cite, rule.force, ())

    def body(self, node: Node) -> _Answer:
        if node.leaf is not None:
            value = node.leaf.value(self.env)
            return value, () if value is not None else node.leaf.ask(self.env)
        if node.ref is not None:
            return self.reference(node, node.ref)
        counted = self.below(node.children, node.path)
        match node.op:
            case Op.ALL:
                return _all(counted)
            case Op.ANY:
                return _any(counted)
            case _:
                value, ask = counted[0]
                return (None if value is None else not value), ask

    def reference(self, node: Node, ref: str) -> _Answer:
        """The rule's own answer; its nodes stand under the first reference to it."""
        if ref not in self.known:
            self.known[ref] = self.node(self.pack.rules[ref], node.path)
        return self.known[ref]

    def because(self, leaf: Leaf) -> tuple[Reason, ...]:
        return (
            *[self.reasons.get(name) or self.fact(name) for name in leaf.facts],
            *[self.reasons.get(f"p.{name}") or self.param(name) for name in leaf.params],
        )

    # What several leaves look at is told once.

    def fact(self, name: str) -> Reason:
        value = as_json(self.env.facts.get(name))
        reason = Reason(name, value, str(self.pack.facts[name].kind))
        return self.reasons.setdefault(name, reason)

    def param(self, name: str) -> Reason:
        reason = Reason(f"p.{name}", as_json(self.env.params[name]), "param")
        return self.reasons.setdefault(reason.fact, reason)


def _all(answers: list[_Answer]) -> _Answer:
    return _settle(answers, False)


def _any(answers: list[_Answer]) -> _Answer:
    return _settle(answers, True)


def _settle(answers: list[_Answer], deciding: bool) -> _Answer:
    """``deciding`` when one answer is; else unknown with what its unknown parts ask, in order."""
    asked: dict[str, None] | None = None
    for value, ask in answers:
        if value is deciding:
            return deciding, ()
        if value is None:
            asked = {} if asked is None else asked
            asked.update(dict.fromkeys(ask))
    return (not deciding, ()) if asked is None else (None, tuple(asked))
