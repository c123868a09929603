"""Where each table lies on Citus: spread by kommun, whole on every node, or on the coordinator alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import MetaData, Table

from hemvist.migrations.rendering import VERSION_TABLE
from hemvist.migrations.tables import metadata
from hemvist.tenancy import Global, Owned


class Lying(StrEnum):
    """How a table lies."""

    DISTRIBUTED = "distributed"
    REFERENCE = "reference"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Placement:
    """How a table lies, and why."""

    lying: Lying
    reason: str


_ROWS_OF_ONE = Placement(Lying.DISTRIBUTED, "each row is one tenant's")
_POINTED_AT = "few rows, seldom changed, pointed at by rows of every kommun"
#: Tables without a tenant.
_GLOBAL: Mapping[str, Placement] = {
    "tenants": Placement(Lying.REFERENCE, f"the register of kommuner: {_POINTED_AT}"),
    "landlords": Placement(Lying.REFERENCE, f"companies: {_POINTED_AT}"),
    "tenant_erasures": Placement(
        Lying.REFERENCE, "erasures of kommuner: triggers that keep records read it on every node"
    ),
    "networks": Placement(Lying.REFERENCE, f"networks for protected moves: {_POINTED_AT}"),
}
#: Tables of the landlords' own tenant alone that views join with every kommun's: who reaches what. As
#: they lie on every node, a view joins rows of one kommun with them there, and none across nodes.
_REACH: Mapping[str, Placement] = {
    name: Placement(
        Lying.REFERENCE,
        f"{what}: rows of the landlords' own tenant alone, joined by views with every kommun's",
    )
    for name, what in {
        "landlord_members": "who acts for which landlord",
        "landlord_district_properties": "which properties a district has",
    }.items()
}
#: Tables that no model declares.
OTHERS: Mapping[str, Placement] = {
    VERSION_TABLE: Placement(Lying.LOCAL, "which migration the database has: read by migrations"),
}


def placed(table: Table) -> Placement | None:
    """Where ``table`` lies; None where nobody has said so."""
    declared = table.info["tenancy"]
    if isinstance(declared, Owned):
        return _REACH.get(table.name, _ROWS_OF_ONE)
    return _GLOBAL.get(table.name) if isinstance(declared, Global) else None


def placements(of: MetaData = metadata) -> dict[str, Placement]:
    """Every table that says where it lies, with the tables of no model."""
    found = {name: placed(table) for name, table in sorted(of.tables.items())}
    return {name: one for name, one in found.items() if one is not None} | dict(OTHERS)


@lru_cache(maxsize=1)
def _known() -> dict[str, Placement]:
    return placements()


def lying(name: str) -> Lying | None:
    """How the table ``name`` lies; None for one that nobody declares."""
    found = _known().get(name)
    return None if found is None else found.lying


def distributed() -> frozenset[str]:
    """Names of the tables that are spread by kommun."""
    return frozenset(name for name, one in _known().items() if one.lying is Lying.DISTRIBUTED)
