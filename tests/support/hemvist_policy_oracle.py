"""Random leaves and a second, naive meaning for them, to hold the policy engine against.

Expressions are nested tuples. ``truth`` judges one with every fact known, in the plainest way;
``three`` judges with facts missing, on 0 (false), 1 (unknown), 2 (true); ``completions`` gives
every way in which the missing facts could turn out. Nothing here is shared with the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

PARAMS: dict[str, Any] = {
    "two": 2,
    "words": ("a", "b"),
    "odd": (1, 3),
    "day": date(2026, 2, 28),
    "later": date(2026, 3, 31),
    "chained": date(2026, 3, 28),
    "yes": True,
}

DAYS = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))

#: Every value a fact can have here. Records lack no field in a completion.
DOMAINS: dict[str, tuple[Any, ...]] = {
    "b1": (True, False),
    "b2": (True, False),
    "b3": (True, False),
    "n1": (0, 1, 2, 3),
    "n2": (0, 1, 2, 3),
    "c1": ("a", "b", "c"),
    "c2": ("a", "b", "c"),
    "d1": DAYS,
    "l1": ((), ("a",), ("a", "b"), ("c",)),
    "r1": (
        (),
        ({"k": "a", "n": 0},),
        ({"k": "b", "n": 3},),
        ({"k": "a", "n": 2}, {"k": "b", "n": 1}),
    ),
}

Expr = tuple[Any, ...]


def text(expr: Expr) -> str:
    """The expression as a leaf."""
    match expr:
        case ("fact", name):
            return f"h.{name}"
        case ("param", name):
            return f"p.{name}"
        case ("field", name):
            return f"x.{name}"
        case ("item",):
            return "x"
        case ("value", bool(value)):
            return "true" if value else "false"
        case ("value", str(value)):
            return f'"{value}"'
        case ("value", value):
            return str(value)
        case ("not", inner):
            return f"!({text(inner)})"
        case ("neg", inner):
            return f"-({text(inner)})"
        case (("exists" | "all") as method, name, body):
            return f"h.{name}.{method}(x, {text(body)})"
        case ("sum", name, body):
            return f"sum(h.{name}.map(x, {text(body)}))"
        case ("size", name):
            return f"size(h.{name})"
        case (("addMonths" | "addDays") as function, day, count):
            return f"{function}({text(day)}, {text(count)})"
        case (operator, left, right):
            return f"({text(left)}) {operator} ({text(right)})"
    raise AssertionError(expr)


def months_later(day: date, months: int) -> date:
    """Month by month on the calendar, then back from a day that does not exist."""
    year, month, step = day.year, day.month, 1 if months > 0 else -1
    for _ in range(abs(months)):
        month += step
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError(day)


def truth(expr: Expr, facts: dict[str, Any], x: Any = None) -> Any:
    """The value with every fact known."""
    match expr:
        case ("fact", name):
            return facts[name]
        case ("param", name):
            return PARAMS[name]
        case ("field", name):
            return x[name]
        case ("item",):
            return x
        case ("value", value):
            return value
        case ("not", inner):
            return not truth(inner, facts, x)
        case ("neg", inner):
            return 0 - truth(inner, facts, x)
        case ("exists", name, body):
            return len([1 for one in facts[name] if truth(body, facts, one)]) > 0
        case ("all", name, body):
            return len([1 for one in facts[name] if not truth(body, facts, one)]) == 0
        case ("sum", name, body):
            total = 0
            for one in facts[name]:
                total += truth(body, facts, one)
            return total
        case ("size", name):
            return len(facts[name])
        case ("addMonths", day, count):
            return months_later(truth(day, facts, x), truth(count, facts, x))
        case ("addDays", day, count):
            return truth(day, facts, x) + timedelta(days=truth(count, facts, x))
        case (operator, left, right):
            return _operate(operator, truth(left, facts, x), truth(right, facts, x))
    raise AssertionError(expr)


def _operate(operator: str, a: Any, b: Any) -> Any:
    match operator:
        case "&&":
            return a and b
        case "||":
            return a or b
        case "==":
            return a == b
        case "!=":
            return a != b
        case "<":
            return b > a
        case "<=":
            return not a > b
        case ">":
            return a > b
        case ">=":
            return not b > a
        case "in":
            return len([1 for one in b if one == a]) > 0
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return int(a / b)
    raise AssertionError(operator)


def three(expr: Expr, facts: dict[str, Any], x: Any = None) -> int:
    """0 false, 1 unknown, 2 true: and = min, or = max, everything else unknown if a part is."""
    match expr:
        case ("not", inner):
            return 2 - three(inner, facts, x)
        case ("&&", left, right):
            return min(three(left, facts, x), three(right, facts, x))
        case ("||", left, right):
            return max(three(left, facts, x), three(right, facts, x))
        case ("exists", name, body):
            if name not in facts:
                return 1
            return max([0, *(three(body, facts, one) for one in facts[name])])
        case ("all", name, body):
            if name not in facts:
                return 1
            return min([2, *(three(body, facts, one) for one in facts[name])])
        case ("in", _, ("fact", name)) if facts.get(name) == ():
            return 0
        case ("==" | "!=", left, right) if _is_truth(left) and _is_truth(right):
            a, b = three(left, facts, x), three(right, facts, x)
            if 1 in (a, b):
                return 1
            return 2 if (a == b) == (expr[0] == "==") else 0
        case _:
            return 1 if missing(expr, facts, x) else 2 * int(truth(expr, facts, x))


def _is_truth(expr: Expr) -> bool:
    return expr[0] in ("not", "&&", "||", "exists", "all")


def missing(expr: Expr, facts: dict[str, Any], x: Any = None) -> bool:
    """Whether anything the expression reads is not known."""
    match expr:
        case ("fact", name):
            return name not in facts
        case ("field", name):
            return x[name] is None
        case ("size", name):
            return name not in facts
        case ("sum", name, body):
            return name not in facts or any(missing(body, facts, one) for one in facts[name])
    return any(missing(part, facts, x) for part in expr[1:] if isinstance(part, tuple))


def names(expr: Expr) -> list[str]:
    """Every mention of a fact, repeated ones too."""
    match expr:
        case ("fact" | "size", name):
            return [name]
        case ("exists" | "all" | "sum", name, body):
            return [name, *names(body)]
    return [name for part in expr[1:] if isinstance(part, tuple) for name in names(part)]


def completions(facts: dict[str, Any], wanted: set[str]) -> Iterator[dict[str, Any]]:
    """Every way in which the missing ones of ``wanted`` can turn out."""
    open_facts = sorted(name for name in wanted if name not in facts)
    filled = {name: list(_filled(value)) for name, value in facts.items()}
    for known in product(*filled.values()):
        base = dict(zip(filled, known, strict=True))
        for values in product(*(DOMAINS[name] for name in open_facts)):
            yield base | dict(zip(open_facts, values, strict=True))


def _filled(value: Any) -> Iterator[Any]:
    """Records with a field left out, with that field filled in every way."""
    if not isinstance(value, tuple) or not any(isinstance(one, dict) for one in value):
        yield value
        return
    ways = [[one | {"n": n} for n in (0, 1, 2, 3)] if one["n"] is None else [one] for one in value]
    yield from product(*ways)


class Maker:
    """Random typed expressions and random knowledge."""

    def __init__(self, seed: int, *, once: bool = False) -> None:
        self.random = Random(seed)
        # With ``once`` every fact is mentioned at most once.
        self.once = once
        self.used: set[str] = set()

    def fact(self, *candidates: str) -> str | None:
        free = [name for name in candidates if not (self.once and name in self.used)]
        if not free:
            return None
        name = self.random.choice(free)
        self.used.add(name)
        return name

    def truth_value(self, depth: int, element: str = "") -> Expr:
        """A truth-valued expression; ``element`` is what the loop variable is, if any."""
        kind = self.random.randrange(10 if depth > 0 else 5)
        if kind >= 8:
            return ("not", self.truth_value(depth - 1, element))
        if kind >= 5:
            left = self.truth_value(depth - 1, element)
            right = self.truth_value(depth - 1, element)
            return (self.random.choice(("&&", "||")), left, right)
        return self.atom(kind, element)

    def atom(self, kind: int, element: str) -> Expr:
        if element:
            return self.element_atom(element)
        match kind:
            case 0:
                name = self.fact("b1", "b2", "b3")
                return ("fact", name) if name else ("value", self.random.random() < 0.5)
            case 1:
                bounds = (1, 3) if self.once else (-2, 5)
                number = ("value", self.random.randrange(*bounds))
                return (self.comparison(), self.number(2), number)
            case 2:
                return self.text_atom()
            case 3:
                return self.list_atom()
            case _:
                return self.date_atom()

    def comparison(self) -> str:
        return self.random.choice(("==", "!=", "<", "<=", ">", ">="))

    def number(self, depth: int) -> Expr:
        name = self.fact("n1", "n2")
        leaf: Expr = ("fact", name) if name else ("value", self.random.randrange(4))
        if self.once or depth == 0:
            return leaf
        match self.random.randrange(7):
            case 0:
                return (self.random.choice("+-*"), leaf, self.number(depth - 1))
            case 1:
                below_zero = ("-", leaf, ("value", 3))
                dividend = self.random.choice((leaf, below_zero))
                return ("/", dividend, ("value", self.random.choice((1, 2, 3))))
            case 2:
                return ("neg", leaf)
            case 3:
                return ("+", leaf, ("param", "two"))
            case 4:
                return ("size", self.random.choice(("l1", "r1")))
            case 5:
                return ("sum", "r1", ("*", ("field", "n"), ("value", 2)))
            case _:
                return leaf

    def text_atom(self) -> Expr:
        name = self.fact("c1", "c2")
        if name is None:
            return ("in", ("value", "a"), ("param", "words"))
        match self.random.randrange(3):
            case 0:
                return ("in", ("fact", name), ("param", "words"))
            case 1:
                operator = self.random.choice(("==", "!="))
                return (operator, ("fact", name), ("value", self.random.choice("abc")))
            case _:
                if self.once:
                    return ("==", ("fact", name), ("value", "b"))
                return ("in", ("fact", name), ("fact", "l1"))

    def list_atom(self) -> Expr:
        name = self.fact("l1", "r1")
        if name is None:
            return ("in", ("param", "two"), ("param", "odd"))
        if name == "l1" and self.random.random() < 0.3:
            return ("in", ("value", self.random.choice("abc")), ("fact", "l1"))
        method = self.random.choice(("exists", "all"))
        depth = 0 if self.once else self.random.randrange(3)
        return (method, name, self.truth_value(depth, element=name))

    def element_atom(self, element: str) -> Expr:
        if not self.once and self.random.random() < 0.2:
            return ("fact", self.random.choice(("b1", "b2")))
        if element == "l1":
            return ("==", ("item",), ("value", self.random.choice("ab")))
        if self.random.random() < 0.5:
            return ("==", ("field", "k"), ("value", self.random.choice("ab")))
        return (self.comparison(), ("field", "n"), ("value", self.random.randrange(1, 3)))

    def date_atom(self) -> Expr:
        name = self.fact("d1")
        day: Expr = ("fact", name) if name else ("param", "day")
        if self.once:
            return (self.comparison(), day, ("param", "day"))
        function = self.random.choice(("addMonths", "addDays"))
        count = self.random.choice((-1, 1, 2, 12, 31))
        shifted = (function, day, ("value", count))
        other = ("param", self.random.choice(("day", "later", "chained")))
        return (self.comparison(), shifted, other)

    def knowledge(self, mentioned: set[str], unknown: int = 3) -> dict[str, Any]:
        """Random values for the facts, at most ``unknown`` of those mentioned left out."""
        count = min(len(mentioned), self.random.randrange(unknown + 1))
        open_facts = set(self.random.sample(sorted(mentioned), count))
        known = {
            name: self.random.choice(values)
            for name, values in DOMAINS.items()
            if name not in open_facts
        }
        if "r1" in known and known["r1"] and self.random.random() < 0.3:
            first, *rest = known["r1"]
            known["r1"] = (first | {"n": None}, *rest)
        return known
