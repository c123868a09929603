"""A kommun's delegation order: read from its file, and entered in the register."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from hemvist.identity.delegation import LEVELS, DelegationOrder, Entrusted
from hemvist.ids import new_id
from hemvist_tenants.config import DelegationEntry
from hemvist_tenants.reading import Table, near

#: Kinds and outcomes that a line may name; a test holds them to the core's.
KINDS = (
    *("support_to_obtain_housing", "housing", "support_measure", "extension", "change", "end"),
    "takeover_recommendation",
)
OUTCOMES = ("granted", "refused")


def read_order(table: Table) -> DelegationEntry:
    """One order of the file; what does not hold is noted in the table's faults."""
    order = DelegationEntry(
        since=table.day("since"),
        cite=table.text("cite"),
        lines=tuple(_line(row) for row in table.tables("lines")),
    )
    table.finish()
    return order


def enter_orders(owner: Connection, tenant_id: UUID, orders: tuple[DelegationEntry, ...]) -> None:
    """Enter the orders of a kommun, each by its day; a corrected text replaces what stood there.

    Decisions keep the level and the source that they were made by. ``owner`` has the kommun as its
    setting.
    """
    for order in orders:
        made = insert(DelegationOrder).values(
            tenant_id=tenant_id,
            id=new_id(),
            since=order.since,
            cite=order.cite,
            lines=[line.as_json() for line in order.lines],
        )
        owner.execute(
            made.on_conflict_do_update(
                index_elements=["tenant_id", "since"],
                set_={"cite": made.excluded.cite, "lines": made.excluded.lines},
            )
        )


def _line(row: Table) -> Entrusted:
    line = Entrusted(
        level=row.choice("level", LEVELS),
        kinds=_known(row, "kinds", KINDS),
        outcomes=_known(row, "outcomes", OUTCOMES),
        max_months=row.number("max_months"),
        max_cost_ore=row.number("max_cost_ore"),
        departs=False if row.flag("follows_advice", False) else None,
        cite=row.text("cite", ""),
    )
    row.finish()
    return line


def _known(row: Table, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    named = row.texts(key, ())
    for one in named:
        if one not in known:
            row.fault(key, f"has {one!r}, must be of {', '.join(known)}", near(one, known))
    return named
