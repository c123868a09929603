"""What row security costs: the same statements with and without it, in turn, in one process.

Thirty kommuner with 40 000 households between them. Each round runs the statement as the staff role
with row security and as a superuser, whom it does not bind, in turn; the figure is the median of the
turns' ratios. Both name the tenant in the query, as the application always does.
"""

from __future__ import annotations

import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
from report import Figure, report

from hemvist.ids import new_id

TENANTS = 30
HOUSEHOLDS = 40_000
ROUNDS = 300

LIST = """
SELECT h.id, h.alias, h.registered_on,
       (SELECT count(*) FROM household_members m
         WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id)
  FROM households h
 WHERE h.tenant_id = %(tenant)s AND h.department = 'SOF-VUX'
 ORDER BY h.alias LIMIT 50
"""
ONE = """
SELECT h.alias, p.given_name_sealed, p.birth_date_sealed
  FROM households h
  JOIN household_members m ON m.tenant_id = h.tenant_id AND m.household_id = h.id
  JOIN persons p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
 WHERE h.tenant_id = %(tenant)s AND h.id = %(household)s
"""


def fill(connection: psycopg.Connection) -> tuple[list[UUID], dict[UUID, UUID]]:
    """Tenants with households of two; returns the tenants and one household of each."""
    tenants = [new_id() for _ in range(TENANTS)]
    one: dict[UUID, UUID] = {}
    with connection.cursor() as cursor:
        for number, tenant in enumerate(tenants):
            cursor.execute(
                "INSERT INTO tenants (id, kommun_code, slug, name, created_at)"
                " VALUES (%s, %s, %s, %s, now())",
                (tenant, f"{9000 + number}", f"bench{number}", f"Bench {number}"),
            )
        rows = [(tenants[index % TENANTS], new_id(), index) for index in range(HOUSEHOLDS)]
        people = [(tenant, new_id(), household) for tenant, household, _ in rows for _ in range(2)]
        one.update({tenant: household for tenant, household, _ in rows})
        with cursor.copy(
            "COPY households (tenant_id, id, alias, department, registered_on, version) FROM STDIN"
        ) as copy:
            for tenant, household, index in rows:
                department = ("SOF-VUX", "AMF", "VOF")[index // TENANTS % 3]
                copy.write_row((tenant, household, f"H-{index:06}", department, "2026-01-01", 1))
        with cursor.copy(
            "COPY persons (tenant_id, id, department, given_name_sealed, family_name_sealed, number_sealed,"
            " number_index, number_kind, birth_date_sealed, protection, version) FROM STDIN"
        ) as copy:
            for tenant, person, _ in people:
                copy.write_row(
                    (
                        tenant,
                        person,
                        "SOF-VUX",
                        b"Test",
                        b"Testsson",
                        b"x",
                        person.bytes,
                        "personal",
                        b"x",
                        "unknown",
                        1,
                    )
                )
        with cursor.copy(
            "COPY household_members (tenant_id, id, household_id, person_id, role, since)"
            " FROM STDIN"
        ) as copy:
            for tenant, person, household in people:
                copy.write_row((tenant, new_id(), household, person, "other", "2026-01-01"))
    connection.commit()
    connection.autocommit = True
    connection.execute("ANALYZE")
    connection.autocommit = False
    return tenants, one


def timed(run: Callable[[], object]) -> float:
    """Seconds that ``run`` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare(
    guarded: psycopg.Connection,
    free: psycopg.Connection,
    statement: str,
    tenants: list[UUID],
    one: dict[UUID, UUID],
) -> float:
    """Median of the turns' ratios: time with row security over time without."""
    with_policy: list[float] = []
    without: list[float] = []
    for turn in range(ROUNDS):
        tenant = tenants[turn % len(tenants)]
        values = {"tenant": tenant, "household": one[tenant]}

        def as_staff(values: dict[str, UUID] = values) -> None:
            with guarded.transaction():
                guarded.execute(
                    "SELECT set_config('hemvist.tenant_id', %s, true)", (str(values["tenant"]),)
                )
                rows = guarded.execute(statement, values, prepare=True).fetchall()
            assert rows

        def as_owner(values: dict[str, UUID] = values) -> None:
            with free.transaction():
                # The same round trip, so that only row security differs.
                free.execute(
                    "SELECT set_config('hemvist.tenant_id', %s, true)", (str(values["tenant"]),)
                )
                rows = free.execute(statement, values, prepare=True).fetchall()
            assert rows

        pair = [(as_staff, with_policy), (as_owner, without)]
        for run, times in pair if turn % 2 else reversed(pair):
            times.append(timed(run))
    warm = ROUNDS // 10
    pairs = zip(with_policy[warm:], without[warm:], strict=True)
    return statistics.median(guarded_time / free_time for guarded_time, free_time in pairs)


def main() -> None:
    """Start a server, fill it, measure, report."""
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        superuser = server.start()
        url = own_database(superuser, "bench")
        try:
            os.environ["HEMVIST_DATABASE_URL"] = url
            from hemvist.db import Audience, audience_url, normalise
            from hemvist_infra.database import migrate

            migrate()
            unbound = normalise(superuser).set(drivername="postgresql", database="bench")
            staff = audience_url(Audience.STAFF).set(drivername="postgresql")
            with (
                psycopg.connect(unbound.render_as_string(hide_password=False)) as free,
                psycopg.connect(staff.render_as_string(hide_password=False)) as guarded,
            ):
                tenants, one = fill(free)
                figures = [
                    Figure("list of 50", compare(guarded, free, LIST, tenants, one), "x", 1.25),
                    Figure("one household", compare(guarded, free, ONE, tenants, one), "x", 1.25),
                ]
        finally:
            server.stop()
    report("tenancy", figures)


if __name__ == "__main__":
    main()
