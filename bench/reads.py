"""A list and one case, by a compiled plan, by the ordinary path and by a statement written by hand.

In turns in one process, one at a time: what a request costs inside the server (CPU of this process)
and until it is answered (wall). Figures that matter are ratios of the same run. The load test with
several users and other servers is ``bench-graphql``.
"""

from __future__ import annotations

import gc
import json
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from report import Figure, report

HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "250"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))

LIST = """query List($filter: CaseFilter, $after: String) {
  cases(first: 50, filter: $filter, after: $after) {
    edges { cursor node { id number state openedOn programme
      household { alias anyoneProtected members { role person { givenName familyName isProtected } } }
      handler { name } decisions { kind outcome state decidedOn } referrals { state submittedOn }
    } }
    pageInfo { hasNextPage endCursor } } }"""
ONE = """query One($id: ID!) { case(id: $id) {
  id number state openedOn programme version
  household { id alias members { role since person { id givenName familyName birthDate } } }
  referrals { id state draftedOn signatures { kind signedOn } offers { state unit { streetAddress
    rentOre sizeM2 landlord { name } } } }
  decisions { id kind outcome state motivation decidedBy { name } }
  contracts { id kind state startsOn rentOre unit { streetAddress } }
  guarantees { state } followUps { heldOn notes } plans { agreedOn state }
  timeline { id kind occurredOn recordedAt actorName data } } }"""

#: What somebody would write for the list by hand, with row security, need-to-know and audit.
BY_HAND = """
WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', $1, true)::uuid AS t,
         set_config('hemvist.principal_id', $2, true) AS p),
page AS MATERIALIZED (
  SELECT c.*, row_number() OVER (ORDER BY c.opened_on DESC, c.id DESC) AS n
  FROM asking, LATERAL (
    SELECT id, tenant_id, number, state, opened_on, programme, household_id, handler_id
    FROM cases WHERE tenant_id = asking.t AND department = ANY ($3) AND state = $4
    ORDER BY opened_on DESC, id DESC LIMIT 51) c),
answer AS MATERIALIZED (
  SELECT json_agg(json_build_object('id', c.id, 'number', c.number, 'state', c.state,
    'openedOn', c.opened_on, 'programme', c.programme,
    'household', (SELECT json_build_object('alias', h.alias,
      'anyoneProtected', EXISTS (SELECT 1 FROM household_members m JOIN persons p
        ON p.tenant_id = m.tenant_id AND p.id = m.person_id WHERE m.tenant_id = h.tenant_id
        AND m.household_id = h.id AND m.until IS NULL AND p.protection <> 'none'),
      'members', (SELECT json_agg(json_build_object('role', m.role, 'person', json_build_object(
          'givenName', CASE WHEN p.protection = 'none' OR p.department = ANY ($3)
            THEN encode(p.given_name_sealed, 'hex') END,
          'familyName', CASE WHEN p.protection = 'none' OR p.department = ANY ($3)
            THEN encode(p.family_name_sealed, 'hex') END, 'isProtected', p.protection <> 'none')))
        FROM household_members m JOIN persons p
          ON p.tenant_id = m.tenant_id AND p.id = m.person_id
        WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id))
      FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id),
    'handler', (SELECT json_build_object('name', display_name) FROM principals p
      WHERE p.tenant_id = c.tenant_id AND p.id = c.handler_id),
    'decisions', (SELECT coalesce(json_agg(json_build_object('kind', d.kind, 'outcome', d.outcome,
        'state', d.state, 'decidedOn', d.decided_on) ORDER BY d.proposed_on, d.id), '[]')
      FROM decisions d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id),
    'referrals', (SELECT coalesce(json_agg(json_build_object('state', r.state,
        'submittedOn', r.submitted_on) ORDER BY r.drafted_on, r.id), '[]')
      FROM referrals r WHERE r.tenant_id = c.tenant_id AND r.case_id = c.id)
    ) ORDER BY n)::text AS data FROM page c WHERE n <= 50),
laid AS (SELECT coalesce(array_agg(DISTINCT m.person_id), '{}') AS persons FROM page c
  JOIN household_members m ON m.tenant_id = c.tenant_id AND m.household_id = c.household_id
  WHERE c.n <= 50),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, person_ids, details)
  SELECT asking.t, $5, now(), 'read', $6, $7, 'portal', 'List', laid.persons,
    jsonb_build_object('cases', (SELECT array_agg(id ORDER BY id) FROM page WHERE n <= 50))
  FROM asking, laid)
SELECT data FROM answer
"""


def main() -> None:
    """Start a server, fill it, measure, report."""
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    os.environ.setdefault("HEMVIST_LOG_LEVEL", "ERROR")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        superuser = server.start()
        try:
            os.environ["HEMVIST_DATABASE_URL"] = own_database(superuser, "bench")
            from hemvist_infra import demo
            from hemvist_infra.database import migrate

            migrate()
            started = time.monotonic()
            demo.seed(lambda *_: None, {"helsingborg": HOUSEHOLDS})
            print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
            multiply(superuser)
            figures = measured(superuser)
        finally:
            server.stop()
    report("reads", figures)


def multiply(superuser: str) -> None:
    """A case like one that has gone the whole way for every household: lists are long then."""
    import psycopg

    base = superuser.rsplit("/", 1)[0] + "/bench"
    with psycopg.connect(base, autocommit=True) as connection:
        found = connection.execute(
            "SELECT c.tenant_id, c.id FROM cases c JOIN contracts k ON k.case_id = c.id"
            " WHERE c.department = 'SOF-VUX' LIMIT 1"
        ).fetchone()
        assert found is not None
        connection.execute(
            "INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c) ||"
            " jsonb_build_object('id', gen_random_uuid(), 'household_id', h.id, 'number', 'B-' || n,"
            " 'opened_on', c.opened_on - (n %% 700)::int))).* FROM cases c,"
            " (SELECT id, row_number() OVER () n FROM households WHERE tenant_id = %s) h"
            " WHERE c.id = %s",
            found,
        )
        for table in ("decisions", "referrals", "case_events"):
            connection.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(d) ||"
                " jsonb_build_object('id', gen_random_uuid(), 'case_id', c.id))).*"
                f" FROM {table} d, cases c WHERE d.tenant_id = %s AND d.case_id = %s"
                " AND c.tenant_id = d.tenant_id AND c.number LIKE 'B-%%'",
                found,
            )


def measured(superuser: str) -> list[Figure]:
    """The figures of both operations."""
    import psycopg
    from sqlalchemy import select

    from hemvist.cases.models import Case
    from hemvist.identity import Actor, Membership, Role
    from hemvist.tenancy import Audience, tenant_session
    from hemvist_graphql.ids import global_id

    owner = os.environ["HEMVIST_DATABASE_URL"].rsplit("/", 1)[1]
    base = superuser.rsplit("/", 1)[0] + "/" + owner
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute("ANALYZE")
        row = connection.execute(
            "SELECT tenant_id, department, count(*), (array_agg(id ORDER BY version DESC))[1],"
            " (SELECT id FROM principals p WHERE p.tenant_id = c.tenant_id LIMIT 1)"
            " FROM cases c WHERE state = 'open' GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1"
        ).fetchone()
        assert row is not None
        tenant, department, count, _, principal = row
        deepest = connection.execute(
            "SELECT c.id FROM cases c JOIN contracts k ON k.tenant_id = c.tenant_id"
            " AND k.case_id = c.id WHERE c.tenant_id = %s AND c.department = %s LIMIT 1",
            (tenant, department),
        ).fetchone()
    roles = frozenset({Membership(Role.CASEWORKER, department)})
    actor = Actor(tenant, principal, "Bench", roles)
    with tenant_session(Audience.STAFF, tenant) as session:
        case = session.scalars(select(Case.id).limit(1)).one()
    case = deepest[0] if deepest else case
    print(f"{count} open cases in {department}", flush=True)
    return [
        *compare(actor, "list", LIST, {"filter": {"state": "open"}}, by_hand(actor, department)),
        *compare(actor, "one case", ONE, {"id": global_id("Case", case)}, None),
    ]


def by_hand(actor: Any, department: str) -> Callable[[], Any]:
    """The hand-written statement on a connection of the same role."""
    from psycopg import RawCursor

    from hemvist.db import Audience, reading_connection
    from hemvist.ids import new_id

    def run() -> Any:
        with reading_connection(Audience.STAFF) as connection, RawCursor(connection) as cursor:
            given = (
                str(actor.tenant_id), str(actor.principal_id), [department], "open",
                new_id(), actor.principal_id, ["caseworker"],
            )  # fmt: skip
            return cursor.execute(BY_HAND, given, prepare=True).fetchone()

    return run


def compare(
    actor: Any, name: str, document: str, variables: dict[str, Any], hand: Any
) -> list[Figure]:
    """Every way in turn; ratios to the ordinary path and to the statement by hand."""
    from hemvist.settings import get_settings
    from hemvist_graphql.execution import execute, execute_text

    def compiled() -> Any:
        return execute_text(actor, document, variables, None)

    def ordinary() -> Any:
        return json.dumps(execute(actor, document, variables))

    ways: dict[str, Callable[[], Any]] = {"compiled": compiled, "ordinary": ordinary}
    if hand is not None:
        ways["by hand"] = hand
    on = get_settings().model_copy(update={"compiled_reads": True})
    off = get_settings().model_copy(update={"compiled_reads": False})
    import hemvist_graphql.execution as execution

    cpu: dict[str, list[float]] = {way: [] for way in ways}
    wall: dict[str, list[float]] = {way: [] for way in ways}
    said: dict[str, Any] = {}
    gc.disable()
    for turn in range(ROUNDS):
        for way, run in ways.items():
            execution.get_settings = lambda way=way: on if way == "compiled" else off  # type: ignore[misc,assignment]
            repeat = 1 if way == "ordinary" else 3
            began, spent = time.perf_counter(), time.process_time()
            for _ in range(repeat):
                said[way] = run()
            if turn >= ROUNDS // 10:
                cpu[way].append((time.process_time() - spent) / repeat)
                wall[way].append((time.perf_counter() - began) / repeat)
        if turn % 20 == 0:
            gc.collect()
    assert json.loads(said["compiled"])["data"] == json.loads(said["ordinary"])["data"]
    figures = []
    for way in ways:
        figures.append(Figure(f"{name}, {way}: wall", statistics.median(wall[way]) * 1e3, "ms"))
        figures.append(Figure(f"{name}, {way}: cpu", statistics.median(cpu[way]) * 1e3, "ms"))
    for other in ways:
        if other != "compiled":
            for what, times in (("wall", wall), ("server cpu", cpu)):
                ratio = statistics.median(times[other]) / statistics.median(times["compiled"])
                figures.append(Figure(f"{name}: {other} / compiled, {what}", ratio, "x"))
    return figures


if __name__ == "__main__":
    main()
