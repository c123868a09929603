"""What a pack's cases have in common, made once: checks of answers, parameters of a day, rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.checking import Quick, plain_answers, quick_check
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

    __slots__ = ("checks", "dated", "latest", "pack", "plain", "rules")

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.checks: dict[str, Quick] = {
            name: quick_check(fact) for name, fact in pack.facts.items()
        }
        self.plain = plain_answers(pack.facts)
        self.dated = DECISION_DATE in pack.facts
        #: Cases are most often judged on the same day as the one before.
        self.latest: tuple[date | None, Values] = (None, {})
        self.rules: dict[str, CompiledRule] = {}

    def rule(self, id: str) -> CompiledRule:
        """A rule made ready. Raises ``PolicyError`` when there is none or it is off."""
        found = self.rules.get(id)
        if found is None:
            found = self.rules[id] = CompiledRule(self.pack, active_rule(self.pack, id))
        return found

    def values(self, facts: Mapping[str, object], on: date) -> Values:
        """Checked facts and the parameters of the day. Raises ``PolicyError``."""
        day, blank = self.latest
        if on is not day and (on != day or type(on) is not date):
            check_date(self.pack, on)
            blank = self.blank(on)
            self.latest = (on, blank)
        values = blank.copy()
        checks, (truths, numbers, options) = self.checks, self.plain
        for name, raw in facts.items():
            # Most answers are a truth, a number or an option, and need no more than this.
            if raw is True or raw is False:
                if name in truths:
                    values[name] = raw
                    continue
            elif type(raw) is str:
                if name in options and raw in options[name]:
                    values[name] = raw
                    continue
            elif type(raw) is int and name in numbers and raw in numbers[name]:
                values[name] = raw
                continue
            check = checks.get(name)
            if check is None:
                self.pack.fact(name)
            elif raw is not None:
                value = check(raw)
                values[name] = check_answer(self.pack.facts[name], raw) if value is None else value
        if self.dated and values[DECISION_DATE] != on:
            raise PolicyError(
                f"{DECISION_DATE} is {values[DECISION_DATE]}, but the question is for {on}",
                rule="wrong_date",
                fact=DECISION_DATE,
            )
        return values

    def blank(self, on: date) -> Values:
        """The parameters of a day and the day itself, with no other fact known."""
        values: Values = dict.fromkeys(self.pack.facts)
        if self.dated:
            values[DECISION_DATE] = on
        for name, param in self.pack.params.items():
            values[param_key(name)] = param.on(on)
        return values


def ready(pack: Pack) -> Ready:
    """The pack made ready, the same one every time."""
    found: Ready | None = pack.ready.get(_KEY)
    if found is None:
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
