"""Statements that cross tenants by design, each with how it runs on Citus.

Nothing else may: ``hemvist citus check --statements`` and the tests hold every statement that is sent
against the rules, or against this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How work that concerns several tenants is carried out."""

    #: One transaction for each tenant of a list that comes from a reference table.
    LOOP = "a loop over tenants, each statement on one shard"
    #: The statement goes to all shards at once; rows are joined by tenant, so none leaves its own.
    FAN_OUT = (
        "one statement to every shard, tables joined by tenant; the coordinator puts rows together"
    )
    #: Not a question to rows of tenants at all.
    COORDINATOR = "on the coordinator alone: it reads the register or the catalogue"


@dataclass(frozen=True, slots=True)
class Crossing:
    """One kind of crossing: by whom, how, and why that is so."""

    name: str
    way: Way
    reason: str
    role: str = ""
    #: Beginning of the places in our code.
    place: str = ""
    #: What the statements read, where they go to every shard.
    views_only: bool = False

    def covers(self, role: str, place: str) -> bool:
        """Whether a statement of ``role`` from ``place`` is of this kind."""
        return (
            bool(self.role or self.place)
            and self.role in ("", role)
            and place.startswith(self.place)
        )


CROSSING = (
    Crossing(
        "landlords' reads",
        Way.FAN_OUT,
        "A landlord's people see every kommun whose door is open to them, in one page. The role reads"
        " views alone (decision 0029); each joins a kommun's tables by tenant, and with who reaches what,"
        " which lies on every node. So a shard answers for its own kommuner without asking another.",
        role="hemvist_landlord",
        views_only=True,
    ),
)
