"""What closed circles cost who reads: the same statements with the policies and without.

Statements of the portal's pages as the compiled read path sends them, and a count of the kommun's cases,
carried out in turns in one process on two connections: as staff, whom the policies bind, and as the
tables' owner, whom they do not. The kommun of the cluster of ``bench-graphql`` (BENCH_FOLDER) with
the most cases, with 0, 10 and 1 000 of them closed; who asks is in none of the circles, and then in
one. Milliseconds are CPU of the server's process; only ratios of one run travel.

    make bench-graphql SIZE="--kommuner 1 --households 30000 --audit-rows 1000" ARGS=data
    make bench-circles                        # BENCH_CLOSED=0,10,1000 BENCH_ROUNDS=40
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from finishing import FOLDER, MOST_CASES
from graphql_bench.cluster import Cluster, cluster
from psycopg import RawCursor
from report import Figure, report

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
#: The kommun, and who asks.
Who = tuple[Any, Any]


def main() -> None:
    """Measure every statement at every size, and say what was found."""
    with cluster(FOLDER) as at:
        os.environ.update(at.environment())
        with at.connect() as connection:
            found = connection.execute(MOST_CASES).fetchone()
            assert found is not None
            counted = connection.execute(
                "SELECT count(*) FROM cases WHERE tenant_id = %s", (found[0],)
            ).fetchone()
        assert counted is not None
        statements = dict(_statements(*found))
        figures = [Figure("cases of the kommun", float(counted[0]), "")]
        for closed in CLOSED:
            for inside in (False, True) if closed else (False,):
                with _closed(at, found, closed, inside=inside):
                    said = f"{closed} closed" + (", in one of the circles" if inside else "")
                    figures += _measured(at, statements, (found[0], found[3]), said)
    report("circles", figures)


def _statements(
    tenant: Any, department: str, case: Any, principal: Any
) -> Iterator[tuple[str, Statement]]:
    """What the pages send, caught on its way, and a count of the cases."""
    from hemvist.identity import Actor, Membership, Role
    from hemvist_graphql.compiled import carrying
    from hemvist_graphql.execution import execute_text
    from hemvist_graphql.ids import global_id
    from hemvist_portal.documents import document

    actor = Actor(tenant, principal, "Bench", frozenset({Membership(Role.CASEWORKER, department)}))
    sent: list[Statement] = []

    class Noting(RawCursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            sent.append((query if isinstance(query, bytes) else str(query).encode(), params))
            return super().execute(query, params, **more)

    carrying.RawCursor = Noting  # type: ignore[misc]
    for name in PAGES:
        text = document(name)
        given = {"lang": "sv"} | ({"id": global_id("Case", case)} if "$id:" in text else {})
        sent.clear()
        answer = execute_text(actor, text, given, None)
        assert '"errors"' not in answer, answer[:300]
        yield name, sent[0]
    carrying.RawCursor = RawCursor  # type: ignore[misc]
    yield COUNT, (b"SELECT count(*) FROM cases WHERE tenant_id = $1", (tenant,))


@contextmanager
def _closed(at: Cluster, found: Any, closed: int, *, inside: bool) -> Iterator[None]:
    """Some households' circles in force for this block."""
    tenant, _, case, principal = found
    given = {
        "tenant": tenant,
        "case": case,
        "principal": principal,
        "closed": closed,
        "mark": _MARK,
    }
    with at.connect() as connection:
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


def _measured(
    at: Cluster, statements: dict[str, Statement], who: Who, said: str
) -> Iterator[Figure]:
    """Every statement's cost for staff and for the owner, in turns."""
    with at.connect() as staff, at.connect() as owner:
        ways = {"staff": staff, "owner": owner}
        for way, connection in ways.items():
            connection.execute("SET jit = off")
            connection.execute("SET track_functions = 'none'")
            connection.execute(f"SET ROLE hemvist_{way}".encode())
        for name, statement in statements.items():
            cpu: dict[str, list[float]] = {way: [] for way in ways}
            for turn in range(ROUNDS):
                for way, connection in ways.items():
                    spent = _carried_out(connection, statement, who)
                    if turn >= ROUNDS // 5:
                        cpu[way].append(spent)
            median = {way: statistics.median(times) for way, times in cpu.items()}
            yield Figure(f"{said}: {name}, owner", median["owner"], "ms")
            yield Figure(f"{said}: {name}, staff", median["staff"], "ms")
            yield Figure(f"{said}: {name}, staff / owner", median["staff"] / median["owner"], "x")
            yield Figure(f"{said}: {name}, times asked", _asked(at, statement, who), "")


def _carried_out(connection: psycopg.Connection[Any], statement: Statement, who: Who) -> float:
    """Milliseconds of the server's process for the statement, which leaves nothing behind."""
    text, values = statement
    used = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    with connection.transaction(force_rollback=True), RawCursor(connection) as cursor:
        connection.execute(_AS, who)
        before = int(used.read_text().split()[0])
        cursor.execute(text, values, prepare=True)
        cursor.fetchone()
        return (int(used.read_text().split()[0]) - before) / 1e6


def _asked(at: Cluster, statement: Statement, who: Who) -> float:
    """How many times the statement asks what is hidden."""
    text, values = statement
    with at.connect() as connection:
        connection.execute("SET track_functions = 'pl'")
        connection.execute("SET ROLE hemvist_staff")
        with connection.transaction(force_rollback=True), RawCursor(connection) as cursor:
            connection.execute(_AS, who)
            cursor.execute(text, values)
            found = connection.execute(
                "SELECT COALESCE(sum(calls), 0) FROM pg_stat_xact_user_functions"
                " WHERE funcname LIKE 'hemvist_hidden%'"
            ).fetchone()
    assert found is not None
    return float(found[0])


if __name__ == "__main__":
    main()
