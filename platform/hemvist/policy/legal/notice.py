"""The earliest lawful day on which a tenancy can end after notice (JB 12:4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import check_answer
from hemvist.policy.months import add_days, add_months
from hemvist.policy.pack import Pack


def earliest_end(law: Pack, facts: Mapping[str, object], on: date) -> date | None:
    """The first day, by the facts of the law pack; None where it cannot be told or is any day.

    A fixed term never ends before its own last day by notice alone.
    """
    if facts.get("tenancy") is False:
        return None
    given, open_ended = _day(law, facts, "notice_given_on"), facts.get("open_ended")
    if given is None or open_ended is None:
        return None
    if open_ended:
        return add_months(given, _number(law, "notice_open_months", on))
    starts, ends = _day(law, facts, "term_starts_on"), _day(law, facts, "term_ends_on")
    if starts is None or ends is None:
        return None
    return max(ends, _of_fixed_term(law, given, starts, ends, on))


def _of_fixed_term(law: Pack, given: date, starts: date, ends: date, on: date) -> date:
    if ends <= add_days(starts, _number(law, "shortest_term_days", on)):
        return add_days(given, _number(law, "notice_shortest_days", on))
    if ends <= add_months(starts, _number(law, "middle_term_months", on)):
        return add_days(given, _number(law, "notice_middle_days", on))
    return add_months(given, _number(law, "notice_long_months", on))


def _number(law: Pack, name: str, on: date) -> int:
    value = law.param(name, on)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PolicyError(f"{law.name}: {name} is no number", rule="wrong_type")
    return value


def _day(law: Pack, facts: Mapping[str, object], name: str) -> date | None:
    written = facts.get(name)
    if written is None:
        return None
    value = check_answer(law.fact(name), written)
    assert isinstance(value, date)
    return value
