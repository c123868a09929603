"""What a pack's cases have in common, made once: checks of answers, parameters of a day, rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.checking import Quick, quick_check
from hemvist.policy.compiled import CompiledRule
from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import check_answer
from hemvist.policy.leaf import Values
from hemvist.policy.leaf.compiler import param_key
from hemvist.policy.months import FIRST_DAY, LAST_DAY
from hemvist.policy.pack import Pack
from hemvist.policy.rules import Rule

_KEY = "ready"


class Ready:
    """A pack made ready to judge cases. Everything here follows from the pack alone."""

    __slots__ = ("blanks", "checks", "dated", "days", "first", "pack", "rules")

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.first = max(pack.in_force.start, FIRST_DAY)
        self.checks: dict[str, Quick] = {
            name: quick_check(fact) for name, fact in pack.facts.items()
        }
        self.dated = DECISION_DATE in pack.facts
        #: Days on which some parameter changes; between two of them, ``blanks`` are the same.
        self.days = sorted({day for param in pack.params.values() for day, _ in param.values})
        self.blanks: dict[int, Values] = {}
        self.rules: dict[str, CompiledRule] = {}

    def rule(self, id: str) -> CompiledRule:
        """A rule made ready. Raises ``PolicyError`` when there is none or it is off."""
        found = self.rules.get(id)
        if found is None:
            found = self.rules[id] = CompiledRule(self.pack, active_rule(self.pack, id))
        return found

    def values(self, facts: Mapping[str, object], on: date) -> Values:
        """Checked facts and the parameters of the day. Raises ``PolicyError``."""
        # A datetime is a date to Python, but its day depends on a time zone.
        if type(on) is not date or not self.first <= on <= LAST_DAY:
            check_date(self.pack, on)
        checks = self.checks
        checked: Values = {}
        for name, raw in facts.items():
            check = checks.get(name)
            if check is None:
                self.pack.fact(name)
            elif raw is not None:
                value = check(raw)
                checked[name] = check_answer(self.pack.facts[name], raw) if value is None else value
        if self.dated and checked.setdefault(DECISION_DATE, on) != on:
            raise PolicyError(
                f"{DECISION_DATE} is {checked[DECISION_DATE]}, but the question is for {on}",
                rule="wrong_date",
                fact=DECISION_DATE,
            )
        return self.blank(on) | checked

    def blank(self, on: date) -> Values:
        """The parameters of a day, with no fact known."""
        period = bisect_right(self.days, on)
        found = self.blanks.get(period)
        if found is None:
            found = dict.fromkeys(self.pack.facts)
            found |= {param_key(name): param.on(on) for name, param in self.pack.params.items()}
            self.blanks[period] = found
        return found


def ready(pack: Pack) -> Ready:
    """The pack made ready, the same one every time."""
    found = pack.ready.get(_KEY)
    if not isinstance(found, Ready):
        found = pack.ready[_KEY] = Ready(pack)
    return found


def active_rule(pack: Pack, id: str) -> Rule:
    """A rule that applies. Raises ``PolicyError`` when there is none or it is off."""
    rule = pack.rule(id)
    if not rule.active:
        raise PolicyError(f"the rule {id} is off by its legal flag", rule="rule_off")
    return rule


def check_date(pack: Pack, on: date) -> None:
    """Raises ``PolicyError`` on a date that a pack cannot be asked about."""
    if type(on) is not date:
        raise PolicyError(f"the date must be a date, not {type(on).__name__}", rule="wrong_date")
    if on < pack.in_force.start:
        raise PolicyError(
            f"{pack.name} {pack.version} is in force from {pack.in_force.start}, not on {on}",
            rule="not_in_force",
        )
    if not FIRST_DAY <= on <= LAST_DAY:
        raise PolicyError(f"{on} is outside the calendar", rule="date_range")
