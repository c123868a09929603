"""What closed circles cost who reads: the same statements with the policies and without.

Statements of the portal's pages as the compiled read path sends them, and a count of the kommun's cases,
carried out in turns in one process on two connections: as staff, whom the policies bind, and as the
tables' owner, whom they do not. In a kommun of 30 000 cases with 0, 10 and 1 000 of them closed; who asks
is in none of the circles, and then in one. Milliseconds are CPU of the server's process; only ratios of
one run travel.

    make bench-circles              # BENCH_CASES=30000 BENCH_CLOSED=0,10,1000 BENCH_ROUNDS=40
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from large_kommun import LargeKommun, large_kommun
from psycopg import RawCursor
from report import Figure, report

CASES = int(os.environ.get("BENCH_CASES", "30000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
CLOSED = tuple(int(one) for one in os.environ.get("BENCH_CLOSED", "0,10,1000").split(","))
PAGES = ("cases", "households", "today", "case")
COUNT = "count"
#: What the bench has closed, to be told from anything else.
_MARK = b"\0bench"
_CLOSE = """
INSERT INTO case_circles (tenant_id, id, case_id, household_id, department, in_force, reason_sealed,
                          closed_at, closed_by, version)
SELECT tenant_id, gen_random_uuid(), id, household_id, department, false, %(mark)s, now(),
       %(principal)s, 1
FROM (SELECT DISTINCT ON (household_id) * FROM cases WHERE tenant_id = %(tenant)s
      AND id <> %(case)s ORDER BY household_id, id) one
ORDER BY md5(id::text) LIMIT %(closed)s
"""
_NAME = """
INSERT INTO circle_members (tenant_id, id, circle_id, principal_id, added_at, added_by)
SELECT tenant_id, gen_random_uuid(), id, %(principal)s, now(), %(principal)s FROM case_circles
WHERE reason_sealed = %(mark)s ORDER BY id LIMIT 1
"""
_AS = (
    "SELECT set_config('hemvist.tenant_id', %s::text, true),"
    " set_config('hemvist.principal_id', %s::text, true)"
)

Statement = tuple[bytes, Any]


def main() -> None:
    """Measure every statement at every size, and say what was found."""
    with large_kommun(CASES) as kommun:
        report("circles", list(measured(kommun)))


def measured(kommun: LargeKommun) -> Iterator[Figure]:
    """The figures of every size."""
    with kommun.connect() as connection:
        counted = connection.execute(
            "SELECT count(*) FROM cases WHERE tenant_id = %s", (kommun.tenant,)
        ).fetchone()
    assert counted is not None
    yield Figure("cases of the kommun", float(counted[0]), "")
    statements = dict(_statements(kommun))
    with kommun.connect() as connection:
        # Each statement writes an entry with an id of its own, and is carried out again.
        connection.execute("DELETE FROM audit_entries")
    for closed in CLOSED:
        for inside in (False, True) if closed else (False,):
            with _closed(kommun, closed, inside=inside):
                said = f"{closed} closed" + (", in one of the circles" if inside else "")
                yield from _measured(kommun, statements, said)


def _statements(kommun: LargeKommun) -> Iterator[tuple[str, Statement]]:
    """What the pages send, caught on its way, and a count of the cases."""
    from hemvist.identity import Actor, Membership, Role
    from hemvist_graphql.compiled import carrying
    from hemvist_graphql.execution import execute_text
    from hemvist_graphql.ids import global_id
    from hemvist_portal.documents import document

    membership = Membership(Role.CASEWORKER, kommun.department)
    actor = Actor(kommun.tenant, kommun.caseworker, "Bench", frozenset({membership}))
    sent: list[Statement] = []

    class Noting(RawCursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            sent.append((query if isinstance(query, bytes) else str(query).encode(), params))
            return super().execute(query, params, **more)

    carrying.RawCursor = Noting  # type: ignore[misc]
    for name in PAGES:
        text = document(name)
        given = {"lang": "sv"} | ({"id": global_id("Case", kommun.case)} if "$id:" in text else {})
        sent.clear()
        answer = execute_text(actor, text, given, None)
        assert '"errors"' not in answer, answer[:300]
        yield name, sent[0]
    carrying.RawCursor = RawCursor  # type: ignore[misc]
    yield COUNT, (b"SELECT count(*) FROM cases WHERE tenant_id = $1", (kommun.tenant,))


@contextmanager
def _closed(kommun: LargeKommun, closed: int, *, inside: bool) -> Iterator[None]:
    """Some households' circles in force for this block."""
    given = {
        "tenant": kommun.tenant,
        "case": kommun.case,
        "principal": kommun.caseworker,
        "closed": closed,
        "mark": _MARK,
    }
    with kommun.connect() as connection:
        _open_again(connection)
        connection.execute(_CLOSE, given)
        connection.execute(
            "UPDATE case_circles SET in_force = true WHERE reason_sealed = %(mark)s", given
        )
        if inside:
            connection.execute(_NAME, given)
        connection.execute("VACUUM (ANALYZE) case_circles, circle_rows, circle_members")
        try:
            yield
        finally:
            _open_again(connection)


def _open_again(connection: psycopg.Connection[Any]) -> None:
    for statement in (
        "DELETE FROM circle_members m USING case_circles c WHERE c.id = m.circle_id"
        " AND c.reason_sealed = %s",
        "UPDATE case_circles SET in_force = false WHERE reason_sealed = %s",
        "DELETE FROM case_circles WHERE reason_sealed = %s",
    ):
        connection.execute(statement, (_MARK,))


def _measured(kommun: LargeKommun, statements: dict[str, Statement], said: str) -> Iterator[Figure]:
    """Every statement's cost for staff and for the owner, in turns."""
    with kommun.connect() as staff, kommun.connect() as owner:
        ways = {"staff": staff, "owner": owner}
        for way, connection in ways.items():
            connection.execute("SET jit = off")
            connection.execute("SET track_functions = 'none'")
            connection.execute(f"SET ROLE hemvist_{way}".encode())
        for name, statement in statements.items():
            cpu: dict[str, list[float]] = {way: [] for way in ways}
            for turn in range(ROUNDS):
                for way, connection in ways.items():
                    spent = _carried_out(connection, statement, kommun)
                    if turn >= ROUNDS // 5:
                        cpu[way].append(spent)
            median = {way: statistics.median(times) for way, times in cpu.items()}
            yield Figure(f"{said}: {name}, owner", median["owner"], "ms")
            yield Figure(f"{said}: {name}, staff", median["staff"], "ms")
            yield Figure(f"{said}: {name}, staff / owner", median["staff"] / median["owner"], "x")
            yield Figure(f"{said}: {name}, times asked", _asked(kommun, statement), "")


def _carried_out(
    connection: psycopg.Connection[Any], statement: Statement, kommun: LargeKommun
) -> float:
    """Milliseconds of the server's process for the statement, which leaves nothing behind."""
    text, values = statement
    used = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    with connection.transaction(force_rollback=True), RawCursor(connection) as cursor:
        connection.execute(_AS, (kommun.tenant, kommun.caseworker))
        before = int(used.read_text().split()[0])
        cursor.execute(text, values, prepare=True)
        cursor.fetchone()
        return (int(used.read_text().split()[0]) - before) / 1e6


def _asked(kommun: LargeKommun, statement: Statement) -> float:
    """How many times the statement asks what is hidden."""
    text, values = statement
    with kommun.connect() as connection:
        connection.execute("SET track_functions = 'pl'")
        connection.execute("SET ROLE hemvist_staff")
        with connection.transaction(force_rollback=True), RawCursor(connection) as cursor:
            connection.execute(_AS, (kommun.tenant, kommun.caseworker))
            cursor.execute(text, values)
            found = connection.execute(
                "SELECT COALESCE(sum(calls), 0) FROM pg_stat_xact_user_functions"
                " WHERE funcname LIKE 'hemvist_hidden%'"
            ).fetchone()
    assert found is not None
    return float(found[0])


if __name__ == "__main__":
    main()
