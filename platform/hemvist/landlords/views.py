"""What landlords may read: views, declared beside their concept, and nothing else.

The role ``hemvist_landlord`` has no grant on a tenant's table. It reads views whose names begin with
``lv_`` and which ``hemvist_landlord_views`` owns, a role that nobody logs in as. That role in turn
sees of each table the columns that its views show, and the rows within reach: of the landlords that
the principal of the transaction is a member of, in the kommuner that have opened their door.

    TABLE = landlord_view("lv_units", within_reach(select(...), Unit.tenant_id, Unit.landlord_id,
                          designation=Unit.property_designation))
    guarded(Offer, through=(Offer.unit_id, Unit))

``hemvist.migrations.landlord_views`` imports every module that declares one; ``hemvist db migrate``
makes the views, grants and policies (again, where they differ), and ``hemvist db check`` holds the
database against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    MetaData,
    Select,
    Table,
    and_,
    any_,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.orm import aliased
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause

from hemvist.landlords.models import (
    LandlordAccess,
    LandlordDistrictProperty,
    LandlordMember,
)
from hemvist.tenancy import Owned, Tenant
from hemvist.tenancy.declaration import PRINCIPAL_SETTING
from hemvist.tenancy.platform import PLATFORM_TENANT

#: Owns the views and logs in nowhere.
VIEWS_ROLE = "hemvist_landlord_views"
#: What every name of a view begins with.
PREFIX = "lv_"

#: The views as tables, to select from in a landlord's session. Not the metadata of migrations.
metadata = MetaData()

#: Who reads: the principal in the landlords' tenant. Nobody, where the setting is missing.
READER: ColumnElement[UUID] = literal_column(
    f"NULLIF(current_setting('{PRINCIPAL_SETTING}', true), '')::uuid", UuidType()
)


@dataclass(frozen=True)
class LandlordView:
    """A declared view: its name and what it selects."""

    name: str
    statement: Select[Any]

    @cached_property
    def sql(self) -> str:
        """The SELECT, as PostgreSQL is given it."""
        return written(self.statement)


#: Declared views in the order in which they can be made.
VIEWS: dict[str, LandlordView] = {}
#: By which rows of a table are within reach: conditions on the role of the views.
_GUARDS: dict[str, ColumnElement[bool]] = {}


class _Written(PGDialect):
    """Statements as text, with every value in its place."""

    def __init__(self) -> None:
        super().__init__(paramstyle="named")  # type: ignore[no-untyped-call]


def written(part: Any) -> str:
    """``part`` of a statement as SQL text."""
    return str(part.compile(dialect=_Written(), compile_kwargs={"literal_binds": True}))


def landlord_view(name: str, statement: Select[Any]) -> Table:
    """Declare the view ``name``; a table to select it from.

    It must have the columns ``tenant_id`` and ``landlord_id``, and go through ``within_reach``
    (views of the landlords' own tenant excepted). Nothing about a person belongs in one.
    """
    columns = [Column(column.key, column.type) for column in statement.selected_columns]
    names = {column.name for column in columns}
    if not name.startswith(PREFIX) or name in VIEWS:
        raise ValueError(f"{name}: must begin with {PREFIX} and be declared once")
    if not {"tenant_id", "landlord_id"} <= names:
        raise ValueError(f"{name}: says not whose rows it shows (tenant_id, landlord_id)")
    VIEWS[name] = LandlordView(name, statement)
    return Table(name, metadata, *columns)


def guarded(
    model: Any,
    *,
    through: tuple[Any, Any] | None = None,
    kommun: bool = False,
    condition: ColumnElement[bool] | None = None,
) -> None:
    """Say which rows of ``model`` are within reach, where it has no column ``landlord_id``.

    ``through`` is the column that points at a row within reach, and that row's model; ``kommun``
    says that every row of a kommun within reach may be shown; ``condition`` says it in full.
    """
    table = model.__table__
    if table.name in _GUARDS:
        raise ValueError(f"{table.name}: guarded twice")
    if condition is not None:
        _GUARDS[table.name] = condition
    elif through is not None:
        column, other = through
        row = other.__table__
        # That row's own guard holds in the subquery too. The guarded row's own columns are named as
        # text: as columns they would bring their table into the subquery, which would ask itself.
        _GUARDS[table.name] = exists(
            select(1).where(
                row.c.tenant_id == literal_column(f"{table.name}.tenant_id"),
                row.c.id == literal_column(f"{table.name}.{column.key}"),
            )
        )
    elif kommun:
        _GUARDS[table.name] = _among(table.c.tenant_id, REACH.c.tenant_id)
    else:
        raise ValueError(f"{table.name}: say by what its rows are within reach")


def guard_of(table: Table) -> ColumnElement[bool] | None:
    """The condition under which the views' role sees a row of ``table``; None for a global one."""
    if not isinstance(table.info["tenancy"], Owned):
        return None
    found = _GUARDS.get(table.name)
    if found is not None:
        return found
    if "landlord_id" not in table.c:
        raise ValueError(f"{table.name}: says not by what its rows are within a landlord's reach")
    return and_(
        _among(table.c.tenant_id, REACH.c.tenant_id),
        _among(table.c.landlord_id, REACH.c.landlord_id),
    )


def within_reach(
    statement: Select[Any],
    tenant: Any,
    landlord: Any,
    *,
    designation: Any = None,
    nowhere: bool = False,
) -> Select[Any]:
    """``statement`` for the rows of ``landlord`` in the kommun ``tenant`` that the reader reaches.

    ``designation`` is the row's fastighetsbeteckning: a member with districts sees their properties
    and no others, so a view of what lies in a property must give it. ``nowhere`` says that a row which
    lies in none is every member's.
    """
    reach = aliased(REACH)
    joined = statement.join(
        reach, and_(reach.c.tenant_id == tenant, reach.c.landlord_id == landlord)
    )
    if designation is None:
        return joined
    own = LandlordDistrictProperty.__table__.alias()
    return joined.where(
        or_(
            func.cardinality(reach.c.districts) == 0,
            *((designation.is_(None),) if nowhere else ()),
            exists(
                select(1).where(
                    own.c.tenant_id == PLATFORM_TENANT,
                    own.c.district_id == any_(reach.c.districts),
                    own.c.kommun_id == tenant,
                    own.c.property_designation == designation,
                )
            ),
        )
    )


def columns_read() -> dict[str, set[str]]:
    """By table, every column that a view or a guard reads: what the views' role is granted."""
    return _columns_read(len(VIEWS), len(_GUARDS))


# Of many views this takes a tenth of a second: once for what has been declared so far.
@lru_cache(maxsize=4)
def _columns_read(_views: int, _guards: int) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    guards: set[str] = set()
    waiting: list[tuple[Any, str | None]] = [(view.statement, None) for view in VIEWS.values()]
    while waiting:
        part, guarded_table = waiting.pop()
        for table, column in _columns(part):
            if table.metadata is metadata:
                continue
            # A policy's own row is read without a grant.
            if table.name != guarded_table:
                found.setdefault(table.name, set()).add(column)
            if table.name not in guards:
                guards.add(table.name)
                guard = guard_of(table)
                if guard is not None:
                    waiting.append((guard, table.name))
    return found


def guards() -> dict[str, str]:
    """By table that a view reads, the condition under which the views' role sees a row."""
    return _guards_written(len(VIEWS), len(_GUARDS))


@lru_cache(maxsize=4)
def _guards_written(_views: int, _guards: int) -> dict[str, str]:
    made = {}
    for name in sorted(columns_read()):
        guard = guard_of(LandlordAccess.metadata.tables[name])
        if guard is not None:
            made[name] = written(guard)
    return made


def _columns(part: Any) -> list[tuple[Table, str]]:
    found = []
    for element in visitors.iterate(part):
        if isinstance(element, ColumnClause) and element.table is not None:
            table = _table(element.table)
            if table is not None:
                found.append((table, element.name))
    return found


def _table(source: FromClause) -> Table | None:
    while not isinstance(source, Table):
        inner = getattr(source, "element", None)
        if not isinstance(inner, FromClause):
            return None
        source = inner
    real = source.metadata.tables.get(source.name)
    return real if real is not None else source


def _among(column: Any, other: Any) -> ColumnElement[bool]:
    # As an array, so that PostgreSQL asks once and looks up by index.
    among: ColumnElement[bool] = column == any_(func.array(select(other).scalar_subquery()))
    return among


def _mine() -> ColumnElement[bool]:
    members = LandlordMember.__table__.c
    return and_(
        members.tenant_id == PLATFORM_TENANT,
        members.principal_id == READER,
        members.status == "active",
    )


def _reach() -> Table:
    members, access, kommuner = LandlordMember, LandlordAccess, Tenant
    return landlord_view(
        "lv_reach",
        select(
            access.tenant_id,
            access.landlord_id,
            members.id.label("member_id"),
            members.level,
            members.districts,
        )
        .join(members, members.landlord_id == access.landlord_id)
        .join(kommuner, kommuner.id == access.tenant_id)
        .where(
            _mine(),
            access.status == "open",
            kommuner.kind == "kommun",
            kommuner.status == "active",
        ),
    )


#: Where the reader may look: one row for each landlord they act for in each kommun whose door is open.
REACH = _reach()
