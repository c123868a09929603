"""Others' figures in the database: who takes no part has none, who does has what was published."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from hemvist.comparisons.models import IndicatorSharing
from hemvist.ids import new_id
from hemvist_compared import YEAR, carried, code_of, joined, kommun_in_comparisons, left, told
from hemvist_kommun import Kommun
from hemvist_testing import owner_connection

TABLES = ("indicator_sharings", "shared_figures", "compared_figures")
ROLES = (
    "hemvist_staff",
    "hemvist_landlord",
    "hemvist_worker",
    "hemvist_exchange",
    "hemvist_operator",
    "hemvist_thinning",
)
#: What a member may read of another: what it gave, and no more.
GIVEN = 1234
KEPT = {"programme": 5678, "moved_on": 7890}


@pytest.fixture
def kommuner(database: str) -> list[Kommun]:
    """Three that take part, and one that does not; each has told more than it gives."""
    found = [kommun_in_comparisons() for _ in range(4)]
    for one in found:
        told(one, "moved_on", GIVEN)
        told(one, "moved_on", KEPT["programme"], margin="programme", cells=("training",))
        # Of no comparison, and a year of which more may be told.
        told(one, "transfers", KEPT["moved_on"])
        told(one, "ended", KEPT["moved_on"], months=(1, 3))
    for one in found[:3]:
        joined(one)
    carried(*found)
    return found


def rows(admin: psycopg.Connection, role: str, tenant: UUID | None, table: str) -> list[str] | None:
    """What a role reads in a kommun's name (or nobody's); None where it may not ask."""
    with admin.transaction(force_rollback=True):
        admin.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        admin.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true)", (str(tenant) if tenant else "",)
        )
        try:
            found = admin.execute(
                sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(table))
            )
        except psycopg.errors.InsufficientPrivilege:
            return None
        return [row[0] for row in found]


@pytest.fixture
def admin(postgres: str, database: str) -> Iterator[psycopg.Connection]:
    """The server's administrator, who may be every role in turn."""
    name = database.rsplit("/", 1)[1].partition("?")[0]
    with psycopg.connect(postgres, dbname=name, autocommit=True) as connection:
        yield connection


def test_who_takes_no_part_reads_no_row(kommuner: list[Kommun], admin: psycopg.Connection) -> None:
    outside = kommuner[3]
    for role in ROLES:
        for table in TABLES:
            assert not rows(admin, role, outside.tenant_id, table), (role, table)
            # Nor in nobody's name, nor in that of a kommun that is none.
            assert not rows(admin, role, None, table), (role, table)
            assert not rows(admin, role, new_id(), table), (role, table)


def test_who_takes_part_reads_what_was_published_and_no_more(
    kommuner: list[Kommun], admin: psycopg.Connection
) -> None:
    member = kommuner[0]
    [row] = rows(admin, "hemvist_staff", member.tenant_id, "compared_figures") or []
    assert row.count(str(GIVEN)) == 3
    for one in kommuner[:3]:
        assert f'"{code_of(one)}"' in row
        assert (str(one.tenant_id) in row) is (one is member)
    assert f'"{code_of(kommuner[3])}"' not in row
    everything = "".join(
        found
        for table in (*TABLES, "indicator_told")
        for found in rows(admin, "hemvist_staff", member.tenant_id, table) or []
    )
    # Its own alone of what is not given, and of nobody else's rows any.
    for kept in KEPT.values():
        own = rows(admin, "hemvist_staff", member.tenant_id, "indicator_told") or []
        assert everything.count(f'"facts": {kept}') == str(own).count(f'"facts": {kept}')
    for other in kommuner[1:]:
        assert str(other.tenant_id) not in everything


def test_neither_landlords_nor_the_clearing_nor_operators_read_any(
    kommuner: list[Kommun], admin: psycopg.Connection
) -> None:
    for role in ("hemvist_landlord", "hemvist_exchange", "hemvist_operator"):
        for table in TABLES:
            assert rows(admin, role, kommuner[0].tenant_id, table) is None


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("hemvist_staff", "INSERT INTO compared_figures SELECT * FROM compared_figures"),
        ("hemvist_staff", "UPDATE compared_figures SET figures = '{\"0180\": {}}'"),
        ("hemvist_staff", "INSERT INTO shared_figures SELECT * FROM shared_figures"),
        ("hemvist_staff", "UPDATE shared_figures SET facts = 0"),
        ("hemvist_worker", "UPDATE shared_figures SET facts = 0"),
        ("hemvist_worker", "DELETE FROM shared_figures"),
        ("hemvist_worker", "INSERT INTO indicator_sharings SELECT * FROM indicator_sharings"),
        ("hemvist_exchange", "DELETE FROM compared_figures"),
    ],
)
def test_nobody_writes_what_is_not_theirs_to_write(
    kommuner: list[Kommun], admin: psycopg.Connection, role: str, statement: str
) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        admin.transaction(force_rollback=True),
    ):
        admin.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        admin.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true)", (str(kommuner[0].tenant_id),)
        )
        admin.execute(statement.encode())


def test_nobody_writes_in_another_kommuns_name(
    kommuner: list[Kommun], admin: psycopg.Connection
) -> None:
    """Not even the worker: figures that a kommun has not told are not put into its mouth."""
    [sharing] = kommuner[1].rows(IndicatorSharing)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
        admin.transaction(force_rollback=True),
    ):
        admin.execute("SET LOCAL ROLE hemvist_worker")
        admin.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true)", (str(kommuner[0].tenant_id),)
        )
        admin.execute(
            "INSERT INTO shared_figures (tenant_id, id, sharing_id, indicator, version, year,"
            " from_month, to_month, facts, given_at)"
            " VALUES (%s, %s, %s, 'moved_on', 1, %s, '2020-01-01', '2020-12-01', 5, now())",
            (kommuner[1].tenant_id, new_id(), sharing.id, YEAR),
        )


def test_who_has_left_has_nothing_and_is_nowhere(
    kommuner: list[Kommun], admin: psycopg.Connection
) -> None:
    fourth = kommuner[3]
    joined(fourth)
    carried(*kommuner)
    [sharing] = fourth.rows(IndicatorSharing)
    left(fourth, sharing)
    assert rows(admin, "hemvist_staff", fourth.tenant_id, "compared_figures") == []
    carried(*kommuner)
    for one in kommuner:
        for row in rows(admin, "hemvist_staff", one.tenant_id, "compared_figures") or []:
            assert f'"{code_of(fourth)}"' not in row


def test_a_kommun_that_is_erased_or_asleep_is_taken_from_the_others(
    kommuner: list[Kommun], admin: psycopg.Connection
) -> None:
    from hemvist.comparisons import running

    with owner_connection() as connection:
        connection.execute(
            "UPDATE tenants SET status = 'suspended' WHERE id = %s", (kommuner[2].tenant_id,)
        )
    running.run("ways")
    for one in kommuner[:2]:
        found = str(rows(admin, "hemvist_staff", one.tenant_id, "compared_figures"))
        assert f'"{code_of(kommuner[2])}"' not in found


def test_others_figures_are_not_taken_along_when_a_kommun_moves() -> None:
    from hemvist_infra.leaving.tables import LEFT_OUT, exported, sheets

    every, along = ({one.name for one in found()} for found in (sheets, exported))
    assert set(TABLES) <= every
    assert set(TABLES) & along == {"indicator_sharings", "shared_figures"}
    assert "compared_figures" in LEFT_OUT
