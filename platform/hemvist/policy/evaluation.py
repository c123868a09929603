"""Judging one case by one rule: the outcome, its reasons, and what to ask.

Pure: the same pack, facts and date give the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hemvist.policy.compiled import Answers, CompiledRule
from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import as_json
from hemvist.policy.leaf import Env, Values
from hemvist.policy.leaf.compiler import param_key
from hemvist.policy.outcomes import Outcome, Reason, TraceNode
from hemvist.policy.pack import Pack
from hemvist.policy.readiness import ready

__all__ = ["Evaluation", "Outcome", "Reason", "TraceNode", "environment", "evaluate"]

_OUTCOMES = {value: Outcome.of(value) for value in (True, False, None)}


class Evaluation:
    """The answer of a rule, never changed.

    Every node has been judged; what there is to ask and the trace are put into words when they are
    first read.
    """

    __slots__ = ("_answers", "_ask", "_rule", "_trace", "_values")

    def __init__(self, rule: CompiledRule, values: Values) -> None:
        self._rule = rule
        self._values = values
        self._answers: Answers = rule.answers(values)
        self._ask: tuple[str, ...] | None = None
        self._trace: tuple[TraceNode, ...] | None = None

    @property
    def rule(self) -> str:
        """The rule that was asked."""
        return self._rule.id

    @property
    def version(self) -> str:
        """The version of the pack that answered."""
        return self._rule.pack.version

    @property
    def outcome(self) -> Outcome:
        """True, false or unknown."""
        return _OUTCOMES[self._answers[self._rule.outcome]]

    @property
    def ask(self) -> tuple[str, ...]:
        """The missing facts that would settle an unknown answer."""
        if self._ask is None:
            if self._answers[self._rule.outcome] is not None:
                return ()
            asked: dict[str, None] = {}
            self._rule.asks.collect(self._values, self._answers, asked)
            self._ask = tuple(asked)
        return self._ask

    @property
    def trace(self) -> tuple[TraceNode, ...]:
        """Every node that was judged, parents first."""
        if self._trace is None:
            self._trace = _told(self._rule, self._values, self._answers)
        return self._trace

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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Evaluation):
            return NotImplemented
        mine = (self.rule, self.outcome, self.ask, self.version, self.trace)
        return mine == (other.rule, other.outcome, other.ask, other.version, other.trace)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        # Without the facts: an answer may be shown in a log.
        return f"Evaluation({self.rule!r}, {self.outcome}, version={self.version!r})"


def evaluate(pack: Pack, rule_id: str, facts: Mapping[str, object], on: date) -> Evaluation:
    """Judge a case by a rule on a date.

    Facts may be JSON data or typed values; ``None`` and absent mean not known. Raises
    ``PolicyError`` on an unknown rule or fact, an answer that does not hold, a date before the
    pack is in force, or a parameter without a value on the date.
    """
    engine = ready(pack)
    return Evaluation(engine.rule(rule_id), engine.values(facts, on))


def environment(pack: Pack, facts: Mapping[str, object], on: date) -> Env:
    """Checked facts and the parameters of the day, as leaves read them. Raises as ``evaluate``."""
    values = ready(pack).values(facts, on)
    known = {name: values[name] for name in pack.facts if values[name] is not None}
    return Env(known, {name: values[param_key(name)] for name in pack.params})


def _told(rule: CompiledRule, values: Values, answers: Answers) -> tuple[TraceNode, ...]:
    """The nodes of a rule with their answers. What several leaves look at is told once."""
    # What the classes' own constructors do, at half the cost.
    new = tuple.__new__
    reasons: dict[str, Reason] = {
        name: new(Reason, (name, values[name], kind)) for name, kind in rule.plain
    }
    for name, kind in rule.others:
        reasons[name] = new(Reason, (name, as_json(values[name]), kind))
    trace: list[TraceNode] = []
    for text, pick, body, outcome in rule.rows:
        because = () if pick is None else pick(reasons)
        trace.append(new(TraceNode, (text, _OUTCOMES[answers[outcome]], answers[body], because)))
    return tuple(trace)
