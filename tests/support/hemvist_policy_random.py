"""Random leaves over every construct of the language, random rules of them, and random cases.

Cases stand on the edges: ends of months, empty lists, records with fields left out, numbers on
either side of what a leaf compares with, the largest that a fact can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random
from types import MappingProxyType
from typing import Any

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.facts import MAX_ORE, FactDef, FactKind, FactType, check_answer
from hemvist.policy.labels import Label
from hemvist.policy.leaf import Env, Leaf, LeafError, Scope, compile_leaf
from hemvist.policy.pack import Pack, Period
from hemvist.policy.params import Param, ParamType
from hemvist.policy.rules import Force, LegalFlag, Node, Op

ON = date(2026, 8, 31)
LATER = date(2028, 2, 29)
_LABEL = Label("x", "x")


def _fact(name: str, type: FactType, **more: Any) -> FactDef:
    return FactDef(name, type, _LABEL, **more)


def _choice(name: str, codes: str, type: FactType = FactType.CHOICE, **more: Any) -> FactDef:
    return _fact(name, type, options=dict.fromkeys(codes, _LABEL), **more)


_FIELDS = {
    "k": _choice("k", "abc"),
    "n": _fact("n", FactType.INT, minimum=-3, maximum=9, optional=True),
    "m": _fact("m", FactType.MONEY, minimum=0, optional=True),
    "on": _fact("on", FactType.DATE, optional=True),
    "yes": _fact("yes", FactType.BOOL, optional=True),
    "note": _fact("note", FactType.TEXT, optional=True),
}
FACTS: dict[str, FactDef] = {
    fact.name: fact
    for fact in (
        _fact("b1", FactType.BOOL),
        _fact("b2", FactType.BOOL, kind=FactKind.ASSESSMENT),
        _fact("n1", FactType.INT, minimum=-5, maximum=20),
        _fact("n2", FactType.INT),
        _fact("m1", FactType.MONEY),
        _fact("d1", FactType.DATE),
        _fact("d2", FactType.DATE),
        _choice("c1", "abc"),
        _choice("c2", "bcd"),
        _fact("t1", FactType.TEXT),
        _choice("l1", "abc", FactType.CHOICE_LIST),
        _choice("l2", "cd", FactType.CHOICE_LIST),
        _fact("r1", FactType.RECORDS, fields=_FIELDS),
        _fact("r2", FactType.RECORDS, fields={"on": _FIELDS["on"], "k": _FIELDS["k"]}),
        _fact(DECISION_DATE, FactType.DATE, kind=FactKind.DERIVED),
    )
}
_START = date(2020, 1, 1)
_CHANGE = date(2027, 1, 1)
#: Type, value, and for some the value from ``_CHANGE``.
_VALUES: dict[str, tuple[Any, ...]] = {
    "three": (ParamType.INT, 3, 2),
    "below": (ParamType.INT, -4),
    "months": (ParamType.MONTHS, 6, 5),
    "limit": (ParamType.MONEY, 1_000_000),
    "most": (ParamType.MONEY, MAX_ORE),
    "feb": (ParamType.DATE, date(2026, 2, 28)),
    "leap": (ParamType.DATE, date(2028, 2, 29)),
    "end": (ParamType.DATE, date(2026, 4, 30), date(2027, 2, 28)),
    "word": (ParamType.TEXT, "b", "c"),
    "words": (ParamType.TEXT_LIST, ("a", "c"), ("b", "c")),
    "odd": (ParamType.INT_LIST, (1, 3, -4)),
    "yes": (ParamType.BOOL, True),
    "no": (ParamType.BOOL, False),
}
PARAMS = {
    name: Param(name, type, tuple(zip((_START, _CHANGE), values, strict=False)), ())
    for name, (type, *values) in _VALUES.items()
}
SCOPE = Scope(FACTS, PARAMS)
_ENDS = (
    *(date(2026, 1, 31), date(2028, 1, 31), date(2026, 3, 31), date(2028, 3, 31)),
    *(date(2026, 8, 31), date(2027, 8, 31), date(2027, 2, 28), date(2028, 2, 29)),
    *(date(2025, 2, 28), date(2026, 5, 31), date(2025, 10, 31), date(2027, 3, 31)),
)
_DAYS = (
    *(date(2026, 2, 27), date(2026, 3, 1), date(2026, 12, 31), date(2026, 4, 30)),
    *(date(1850, 1, 1), date(2200, 12, 31), date(2000, 2, 29), date(1900, 2, 28)),
)
_COMPARE = ("==", "!=", "<", "<=", ">", ">=")


class Leaves:
    """Random leaves, as text."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def leaf(self, depth: int = 3) -> Leaf:
        """A leaf that the checker takes."""
        while True:
            try:
                return compile_leaf(self.truth(depth, ""), SCOPE)
            except LeafError:
                # Options that can never match, numbers that could grow too large.
                continue

    def pick(self, *ways: Any) -> Any:
        return self.random.choice(ways)

    def truth(self, depth: int, loop: str) -> str:
        """A truth value; ``loop`` is the list that ``x`` is an element of."""
        random = self.random
        if depth > 0:
            match random.randrange(12):
                case 0 | 1:
                    return f"!({self.truth(depth - 1, loop)})"
                case 2 | 3 | 4:
                    parts = [self.truth(depth - 1, loop) for _ in range(self.pick(2, 2, 3))]
                    return "(" + self.pick(" && ", " || ").join(parts) + ")"
                case 5:
                    left, right = self.truth(depth - 1, loop), self.truth(depth - 1, loop)
                    return f"({left}) {self.pick('==', '!=')} ({right})"
                case 6 | 7 if not loop:
                    source = self.pick("l1", "l2", "r1", "r2")
                    return f"h.{source}.{self.pick('all', 'exists')}(x, {self.truth(2, source)})"
        return self.atom(depth, loop)

    def atom(self, depth: int, loop: str) -> str:
        """A truth value without truth values in it."""
        match self.random.randrange(7):
            case 0:
                own = ["x.yes"] if loop == "r1" else []
                return str(self.pick("h.b1", "h.b2", "p.yes", "p.no", "true", "false", *own))
            case 1 | 2:
                left, right = self.number(depth, loop), self.number(depth, loop)
                return f"{left} {self.pick(*_COMPARE)} {right}"
            case 3:
                if self.random.random() < 0.6:
                    # Onto the last day of a month, which is where months are hard.
                    moved = f"addMonths({self.day(0, loop)}, {self.pick('1', '-1', '6', '12')})"
                    ends = self.pick("p.leap", "p.feb", "p.end", self.day(0, loop))
                    return f"{moved} {self.pick(*_COMPARE)} {ends}"
                return f"{self.day(depth, loop)} {self.pick(*_COMPARE)} {self.day(depth, loop)}"
            case 4:
                return f"{self.text(loop)} {self.pick('==', '!=')} {self.text(loop)}"
            case 5:
                return f"{self.text(loop)} in {self.pick('p.words', 'h.l1', 'h.l2')}"
            case _:
                return f"{self.number(depth, loop)} in p.odd"

    def number(self, depth: int, loop: str) -> str:
        """A whole number."""
        random = self.random
        if depth > 0:
            inner = depth - 1
            match random.randrange(9):
                case 0 | 1:
                    left, right = self.number(inner, loop), self.number(inner, loop)
                    return f"({left} {self.pick('+', '-', '*')} {right})"
                case 2:
                    return f"({self.number(inner, loop)} / {self.pick('1', '2', '3', '7')})"
                case 3:
                    return f"-({self.number(inner, loop)})"
                case 4 if not loop:
                    return f"sum(h.r1.map(x, {self.number(min(inner, 1), 'r1')}))"
                case 5:
                    return f"size({self.pick('h.l1', 'h.r1', 'h.r2', 'p.words')})"
        own = ["x.n", "x.m", "x.n"] if loop == "r1" else []
        written = str(self.pick(0, 1, 2, 3, 5, 20, 1_000_000, 10**12))
        return str(
            self.pick(
                "h.n1", "h.n1", "h.n2", "h.m1", "p.three", "p.below", "p.limit", written, *own
            )
        )

    def day(self, depth: int, loop: str) -> str:
        """A date."""
        if depth > 0 and self.random.random() < 0.6:
            inner = self.day(depth - 1, loop)
            count = self.pick("1", "-1", "6", "-6", "12", "-13", "31", "p.months", "h.n1", "0")
            return f"{self.pick('addMonths', 'addMonths', 'addDays')}({inner}, {count})"
        own = ["x.on", "x.on"] if loop in ("r1", "r2") else []
        return str(
            self.pick("h.d1", "h.d2", "p.feb", "p.leap", "p.end", f"h.{DECISION_DATE}", *own)
        )

    def text(self, loop: str) -> str:
        """A text or an option."""
        own = {"r1": ["x.k", "x.note"], "r2": ["x.k"], "l1": ["x", "x"], "l2": ["x", "x"]}
        written = f'"{self.pick(*"abcd")}"'
        found = self.pick("h.c1", "h.c2", "h.t1", "p.word", written, *own.get(loop, []))
        return str(found)


class Cases:
    """Random cases as a person answers them: JSON data."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def case(self, unknown: float | None = None) -> dict[str, Any]:
        """Each fact known, unknown (``None``) or left out."""
        share = self.random.choice((0.0, 0.2, 0.5)) if unknown is None else unknown
        case: dict[str, Any] = {}
        for name, fact in FACTS.items():
            if self.random.random() < share:
                if self.random.random() < 0.5:
                    case[name] = None
            elif name != DECISION_DATE:
                case[name] = self.answer(fact)
        return case

    def answer(self, fact: FactDef) -> Any:
        """A value the fact can have."""
        random = self.random
        match fact.type:
            case FactType.BOOL:
                return random.random() < 0.5
            case FactType.INT | FactType.MONEY:
                low, high = fact.bounds
                near = random.choice((0, 1, 2, 3, 4, 5, 6, -1, -3, 1_000_000, 999_999, low, high))
                return min(max(near, low), high)
            case FactType.DATE:
                day = random.choice(_ENDS if random.random() < 0.7 else _DAYS)
                return day if random.random() < 0.3 else day.isoformat()
            case FactType.TEXT:
                return random.choice(("a", "b", " c ", "långt", "x\ny"))
            case FactType.CHOICE:
                return random.choice(list(fact.options))
            case FactType.CHOICE_LIST:
                return [code for code in fact.options if random.random() < 0.4]
            case FactType.RECORDS:
                return [self.record(fact) for _ in range(random.choice((0, 0, 1, 2, 3)))]

    def record(self, fact: FactDef) -> dict[str, Any]:
        """A record, some fields unknown or left out."""
        record: dict[str, Any] = {}
        for name, field in fact.fields.items():
            if not field.optional or self.random.random() < 0.8:
                record[name] = self.answer(field)
            elif self.random.random() < 0.5:
                record[name] = None
        return record


class Packs:
    """Random rules of every kind of node, in a pack that has nothing else."""

    def __init__(self, random: Random, depth: int = 2) -> None:
        self.random = random
        self.leaves = Leaves(random)
        self.depth = depth
        self.count = 0

    def pack(self, rules: int = 3) -> Pack:
        """A pack whose later rules refer to earlier ones."""
        made: dict[str, Node] = {}
        for number in range(rules):
            id = f"r{number}"
            node = self.node(id, id, 2, made)
            force = Force.ADVICE if number and self.random.random() < 0.1 else Force.MUST
            made[id] = replace(node, id=id, path=id, force=force, legal=None)
        return Pack(
            *("a/b", "1.0.0", Period(_START), _LABEL, {}, {}, PARAMS, {}),
            *(FACTS, MappingProxyType(made), {}, {}, {}, ""),
        )

    def node(self, rule: str, id: str, depth: int, made: dict[str, Node]) -> Node:
        """A node of ``rule``."""
        random = self.random
        path = rule if id == rule else f"{rule}/{id}"
        kind = random.randrange(8 if depth else 3)
        ready = [ref for ref, node in made.items() if node.decides]
        more: dict[str, Any] = {}
        if kind < 2 or (kind == 2 and not ready):
            op = Op.WHEN
            more["leaf"] = self.leaves.leaf(self.depth)
        elif kind == 2:
            op, more["ref"] = Op.RULE, random.choice(ready)
        elif kind == 3:
            op, more["children"] = Op.NOT, (self.child(rule, depth, made, certain=True),)
        else:
            op = Op.ALL if kind < 6 else Op.ANY
            first = self.child(rule, depth, made, certain=True)
            others = [self.child(rule, depth, made) for _ in range(random.randrange(3))]
            more["children"] = (first, *others)
        if depth and random.random() < 0.3:
            more["unless"] = tuple(self.child(rule, 0, made) for _ in range(random.randrange(1, 3)))
        return Node(id, path, op, Label(id, id), ("S",), **more)

    def child(self, rule: str, depth: int, made: dict[str, Node], certain: bool = False) -> Node:
        """A node under another; a ``certain`` one decides."""
        self.count += 1
        node = self.node(rule, f"n{self.count}", max(depth - 1, 0), made)
        if node.ref is not None and self.random.random() < 0.5:
            # A reference that says nothing of its own, as most do.
            other = made[node.ref]
            own = {"id": other.id, "label": other.label, "cite": other.cite, "unless": ()}
            node = replace(node, **own)
        if certain:
            return node
        drawn = self.random.random()
        if drawn < 0.15:
            return replace(node, force=Force.ADVICE)
        if drawn < 0.25:
            return replace(node, legal=LegalFlag("LF-4", _LABEL, self.random.random() < 0.5))
        return node


def nodes(node: Node) -> Iterator[Node]:
    """A node and all under it."""
    yield node
    for child in (*node.children, *node.unless):
        yield from nodes(child)


def environment_of(facts: dict[str, Any]) -> Env:
    """Known facts, checked as answers are, and the parameters."""
    checked = {name: check_answer(FACTS[name], raw) for name, raw in facts.items()}
    return Env(checked | {DECISION_DATE: ON}, values_on(ON))


def values_on(day: date) -> dict[str, Any]:
    """Every parameter's value on a day."""
    return {name: param.on(day) for name, param in PARAMS.items()}
