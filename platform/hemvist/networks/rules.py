"""What a network's file says, read and checked. Everything that may change has the day it holds from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

#: How pressing a request is, the most pressing last, as the clearing counts them.
URGENCIES = ("normal", "high", "acute")

#: So long back a member's own noes are counted (a quarter).
NOES_COUNT_FOR = timedelta(days=91)
#: What holds where the terms say nothing of it.
USUAL_NOES, USUAL_KNOWN_DAYS = 6, 0

_CODE = re.compile(r"[a-z][a-z0-9-]{1,40}")
_SERVICE = re.compile(r"[a-z][a-z_]{1,30}")


class NetworkRulesError(ValueError):
    """A network's rules do not hold: ``skyddad-flytt: members[2].kommun: …``."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all members keep to from a day on."""

    since: date
    #: Days between two ordinary rounds.
    round_days: int
    #: Hours to answer a proposal, by the request's urgency.
    answer_hours: Mapping[str, int]
    #: People that a transfer function has at least.
    function_size: int
    #: Waiting time leaves the origin in steps of so many weeks only.
    waiting_band_weeks: int
    #: For so long the origin's named people see where the household went.
    destination_days: int
    #: Figures under this are not shown.
    smallest_cell: int
    #: Proposals to take a household that a member may leave without one in any 91 days: by a no, by
    #: silence, by taking the flat back.
    noes_in_quarter: int = USUAL_NOES
    #: Days that a flat has stood in its kommun's register before it is offered.
    known_days: int = USUAL_KNOWN_DAYS


@dataclass(frozen=True, slots=True)
class Limit:
    """What a member may owe, and how much it takes in a round, from a day on."""

    since: date
    #: Moves that it may have sent beyond those it has taken.
    debt_limit: int
    #: The most that it takes in a round beyond what it sends.
    take_cap: int


@dataclass(frozen=True, slots=True)
class Member:
    """A kommun in the network for a time."""

    kommun: str
    since: date
    #: The first day on which it is no longer a member.
    until: date | None
    services: frozenset[str]
    limits: tuple[Limit, ...]
    #: Reached by message, not a tenant here: its function address.
    function_address: str = ""

    def is_in(self, day: date) -> bool:
        """Whether it is a member on ``day``."""
        return self.since <= day and (self.until is None or day < self.until)

    def limit_on(self, day: date) -> Limit:
        """The limit in force on ``day``."""
        return max((one for one in self.limits if one.since <= day), key=lambda one: one.since)


@dataclass(frozen=True, slots=True)
class Rules:
    """A network: its terms and members, each with days."""

    code: str
    name: str
    terms: tuple[Terms, ...]
    members: tuple[Member, ...]

    def terms_on(self, day: date) -> Terms:
        """The terms in force on ``day``. Raises ``NetworkRulesError`` before the network began."""
        found = [one for one in self.terms if one.since <= day]
        if not found:
            raise NetworkRulesError(f"{self.code}: had no terms on {day}")
        return max(found, key=lambda one: one.since)

    def members_on(self, day: date) -> tuple[Member, ...]:
        """The members on ``day``, in the order of their codes."""
        found = [member for member in self.members if member.is_in(day)]
        return tuple(sorted(found, key=lambda member: member.kommun))

    def member(self, kommun: str, day: date) -> Member | None:
        """The kommun with this code as a member on ``day``, or None."""
        return next((one for one in self.members_on(day) if one.kommun == kommun), None)

    @property
    def services(self) -> frozenset[str]:
        """Everything that a household may need and a member may have."""
        return frozenset().union(*(member.services for member in self.members))


def read(content: Mapping[str, Any]) -> Rules:
    """The rules that ``content`` says. Raises ``NetworkRulesError`` naming the key."""
    top = _Reader(content, "", str(content.get("code", "network")))
    code = top.text("code")
    if not _CODE.fullmatch(code):
        raise top.error("code", "must be a-z, 0-9 and '-'")
    name = top.text("name")
    terms = tuple(_terms(one) for one in top.tables("terms"))
    _require_apart(top, "terms", [one.since for one in terms])
    members = tuple(_member(one) for one in top.tables("members"))
    for number, member in enumerate(members, start=1):
        for other in members[: number - 1]:
            if other.kommun == member.kommun and _overlap(other, member):
                raise top.error(f"members[{number}]", f"kommun {member.kommun} is there twice")
    top.finish()
    return Rules(code, name, terms, members)


def require_kept(before: Rules, after: Rules, today: date) -> None:
    """Refuse to rewrite what has been in force before ``today``.

    What is dated ahead may change; a membership may end, from today on. Raises ``NetworkRulesError``.
    """
    if [one for one in before.terms if one.since < today] != [
        one for one in after.terms if one.since < today
    ]:
        raise NetworkRulesError(
            f"{after.code}: terms: those that have been in force stay as they are"
        )
    # Through the days on which anything changes: nothing else can have become another.
    days = {one.since for one in (*before.members, *after.members)}
    days |= {one.until for one in (*before.members, *after.members) if one.until}
    days |= {limit.since for one in (*before.members, *after.members) for limit in one.limits}
    for day in sorted(day for day in {*days, today - timedelta(days=1)} if day < today):
        if _standing(before, day) != _standing(after, day):
            raise NetworkRulesError(
                f"{after.code}: members: who was in on {day}, and by which limits, stays as it was"
            )


def _standing(rules: Rules, day: date) -> list[tuple[str, Limit]]:
    return [(one.kommun, one.limit_on(day)) for one in rules.members_on(day)]


def _overlap(one: Member, other: Member) -> bool:
    begins, ends = max(one.since, other.since), [end for end in (one.until, other.until) if end]
    return not ends or begins < min(ends)


def _terms(table: _Reader) -> Terms:
    hours = table.table("answer_hours")
    found = Terms(
        since=table.day("from"),
        round_days=table.number("round_days", 1, 366),
        answer_hours={urgency: hours.number(urgency, 1, 24 * 60) for urgency in URGENCIES},
        function_size=table.number("function_size", 2, 20),
        waiting_band_weeks=table.number("waiting_band_weeks", 1, 52),
        destination_days=table.number("destination_days", 0, 366),
        smallest_cell=table.number("smallest_cell", 2, 100),
        noes_in_quarter=table.number("noes_in_quarter", 1, 100, USUAL_NOES),
        known_days=table.number("known_days", 0, 366, USUAL_KNOWN_DAYS),
    )
    hours.finish()
    table.finish()
    return found


def _member(table: _Reader) -> Member:
    kommun = table.text("kommun")
    if not (len(kommun) == 4 and kommun.isascii() and kommun.isdigit()):
        raise table.error("kommun", f"is {kommun!r}, must be four digits")
    since, until = table.day("since"), table.optional_day("until")
    if until is not None and until <= since:
        raise table.error("until", "must be later than since")
    services = table.texts("services")
    for service in services:
        if not _SERVICE.fullmatch(service):
            raise table.error("services", f"has {service!r}: a-z and _ only")
    limits = tuple(_limit(one) for one in table.tables("limits"))
    _require_apart(table, "limits", [one.since for one in limits])
    if min(one.since for one in limits) > since:
        raise table.error("limits", "must have one from the first day on")
    address = table.text("function_address", "")
    table.finish()
    return Member(kommun, since, until, frozenset(services), limits, address)


def _limit(table: _Reader) -> Limit:
    found = Limit(
        table.day("from"), table.number("debt_limit", 0, 1000), table.number("take_cap", 0, 1000)
    )
    table.finish()
    return found


def _require_apart(table: _Reader, key: str, days: Sequence[date]) -> None:
    if len(set(days)) < len(days):
        raise table.error(key, "two hold from the same day")


class _Reader:
    """One table, read key by key; a key that nobody asked for is an error."""

    def __init__(self, values: Mapping[str, Any], path: str, code: str) -> None:
        self._values, self._path, self._code = values, path, code
        self._asked: set[str] = set()

    def error(self, key: str, message: str) -> NetworkRulesError:
        return NetworkRulesError(f"{self._code}: {self._path}{key}: {message}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._value(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.error(key, "must be a text that is not empty")
        return value

    def texts(self, key: str) -> list[str]:
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, "must be a list of texts")
        return value

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.error(key, f"must be a whole number from {least} to {most}")
        return value

    def day(self, key: str) -> date:
        value = self._value(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                value = None
        if type(value) is not date:
            raise self.error(key, "must be a date")
        return value

    def optional_day(self, key: str) -> date | None:
        self._asked.add(key)
        return self.day(key) if self._values.get(key) is not None else None

    def table(self, key: str) -> _Reader:
        value = self._value(key)
        if not isinstance(value, Mapping):
            raise self.error(key, "must be a table")
        return _Reader(value, f"{self._path}{key}.", self._code)

    def tables(self, key: str) -> list[_Reader]:
        value = self._value(key)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(one, Mapping) for one in value)
        ):
            raise self.error(key, "must be a list of tables, at least one")
        return [
            _Reader(one, f"{self._path}{key}[{number}].", self._code)
            for number, one in enumerate(value, start=1)
        ]

    def finish(self) -> None:
        for key in self._values:
            if key not in self._asked:
                raise self.error(key, "is not a key that this table has")

    def _value(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.error(key, "is missing")
        return value
