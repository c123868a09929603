"""The delegation order (delegationsordning): who decides what for the board, as data per kommun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from hemvist.tenancy import READ, Base, Owned, TenantScoped, TenantSession

#: From the narrowest right to decide to the widest.
LEVELS = ("caseworker", "manager", "board")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be decided, as far as the right to decide depends on it.

    ``months`` is None for an open-ended decision, ``cost_ore`` (a month) None where nobody knows.
    """

    kind: str
    outcome: str
    months: int | None
    cost_ore: int | None
    departs: bool


@dataclass(frozen=True, slots=True)
class Entrusted:
    """One line of the order: to which level decisions of these kinds are given, within which bounds.

    Empty ``kinds`` and ``outcomes`` mean all. With ``max_months`` an open-ended decision is out of
    bounds, with ``max_cost_ore`` one of unknown cost; ``departs`` False keeps to decisions that
    follow the engine's advice.
    """

    level: str
    kinds: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    max_months: int | None = None
    max_cost_ore: int | None = None
    departs: bool | None = None
    cite: str = ""

    def covers(self, matter: Matter) -> bool:
        """Whether the line gives somebody the right to decide the matter."""
        if self.kinds and matter.kind not in self.kinds:
            return False
        if self.outcomes and matter.outcome not in self.outcomes:
            return False
        if self.departs is False and matter.departs:
            return False
        return _within(matter.months, self.max_months) and _within(
            matter.cost_ore, self.max_cost_ore
        )

    def as_json(self) -> dict[str, Any]:
        """The line as it is stored."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Entrusted:
        """A stored line."""
        lists = {name: tuple(stored.get(name, ())) for name in ("kinds", "outcomes")}
        return cls(**{**stored, **lists})


#: Where a kommun has given no order: what the role matrix says.
UNSTATED = Entrusted(level="manager")
#: What no line covers is the board's own (KL 6:37: what is not delegated stays with the board).
THE_BOARDS = Entrusted(level="board", cite="KL 6:37")


class DelegationOrder(TenantScoped, Base):
    """A kommun's order from a day on. Written by onboarding from the kommun's file."""

    __tablename__ = "delegation_orders"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": READ})
    __table_args__ = (UniqueConstraint("tenant_id", "since"),)

    since: Mapped[date]
    cite: Mapped[str]
    #: Lines as of ``Entrusted``, read from the top.
    lines: Mapped[list[dict[str, Any]]]


def order_on(session: TenantSession, on: date) -> DelegationOrder | None:
    """The order in force on a day, or None where none has been given."""
    return session.scalar(
        select(DelegationOrder)
        .where(DelegationOrder.since <= on)
        .order_by(DelegationOrder.since.desc())
        .limit(1)
    )


def entrusted(session: TenantSession, matter: Matter, on: date) -> Entrusted:
    """The first line of the order in force on a day that covers the matter, with its source."""
    order = order_on(session, on)
    if order is None:
        return UNSTATED
    for line in map(Entrusted.read, order.lines):
        if line.covers(matter):
            return line if line.cite else Entrusted(**{**asdict(line), "cite": order.cite})
    return THE_BOARDS


def highest(lines: Iterable[Entrusted]) -> Entrusted:
    """The line of the widest level: what is decided in one act is decided by one who may all of it."""
    return max(lines, key=lambda line: LEVELS.index(line.level))


def _within(value: int | None, bound: int | None) -> bool:
    return bound is None or (value is not None and value <= bound)
