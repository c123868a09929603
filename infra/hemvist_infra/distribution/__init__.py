"""Whether the platform would stand on Citus: one database over many machines, a kommun on one of them.

Every kommun's rows are spread by ``tenant_id``, tables without a tenant stand whole on each machine
(``placement``). What Citus refuses is looked for in the catalogue of a real database (``keys``,
``policies``, ``routines``) and in every statement that is sent (``reading``, ``statements``). ``script``
writes what turns a database into a distributed one.

Citus itself does not run in the tests: the rules say what its documentation and its sources say, each by
name (``rules``). ``docs/growing.md`` tells which answers only a real cluster can give.
"""

from __future__ import annotations

from sqlalchemy import Connection

from hemvist_infra.distribution import keys, policies, routines
from hemvist_infra.distribution.rules import Problem

__all__ = ["Problem", "problems"]


def problems(connection: Connection) -> list[Problem]:
    """Everything in the schema ``public`` that Citus would refuse, in order of where it stands."""
    found = keys.problems(connection)
    found += policies.problems(connection)
    found += routines.problems(connection)
    return sorted(found)
