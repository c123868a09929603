"""Statements that were really sent: each stays with one tenant, or is declared with how it fans out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hemvist.migrations.landlord_views import VIEWS
from hemvist_infra.distribution import statements
from hemvist_infra.distribution.crossing import CROSSING, Crossing
from hemvist_infra.distribution.routines import view_problems
from hemvist_infra.distribution.rules import Problem, Rule


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement, the database role that sent it, and the place in our code it came from."""

    role: str
    place: str
    text: str


#: Beginnings of what is no query: transactions, settings, cursors of the driver.
_BESIDE = (
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "SET ",
    "SHOW ",
    "DEALLOCATE",
    "DISCARD",
)


def queries(text: str) -> list[str]:
    """The queries of what was sent at once, without settings and transactions."""
    if not text.lstrip().upper().startswith(_BESIDE):
        return [text]
    found = [part.strip() for part in text.split(";")]
    return [part for part in found if part and not part.upper().startswith(_BESIDE)]


def problems(sent: Iterable[Sent]) -> Iterator[Problem]:
    """What Citus would refuse or spread, of every statement that is not declared."""
    seen: set[tuple[str, str]] = set()
    for one in sent:
        if one.place == "tests":
            continue
        crossing = next((each for each in CROSSING if each.covers(one.role, one.place)), None)
        for text in queries(one.text):
            for problem in _of(text, crossing):
                key = (problem.what, problem.where)
                if key not in seen:
                    seen.add(key)
                    where = f"{one.role} at {one.place}: {statements.shortened(text)}"
                    yield Problem(where, problem.what, problem.rule)


def _of(text: str, crossing: Crossing | None) -> list[Problem]:
    if crossing is None:
        return statements.problems(text)
    if not crossing.views_only:
        return []
    # What goes to every shard joins by tenant, and reads nothing but views of what it may see.
    found = view_problems(statements.shortened(text), text, frozenset(VIEWS))
    if statements.of_a_tenant(text):
        found.append(Problem("", "reads a table of tenants and not a view", Rule.TENANT))
    return found
