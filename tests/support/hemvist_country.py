"""Kommuner of a network with households that have to move, and what is tried next in any of them.

An act chooses by ``Country.draw`` and raises ``LookupError`` where there is nothing to act on. The acts
of the move itself are in ``hemvist_country_moves``, of the cases in ``hemvist_country_cases``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.handovers.models import Handover
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_any_order import Draw
from hemvist_network import Net, new_net
from hemvist_thinning import thinning_world
from hemvist_world import World, adult, child

NAMES = ("A", "B", "C")
#: What has a state, and a side where its table has two.
_ROWS = (TransferRequest, TransferOffer, TransferProposal, Handover)
#: Table, side, state.
State = tuple[str, str, str]


@dataclass
class Country:
    """The network, what is drawn next, and what was told of late."""

    net: Net
    draw: Draw = field(default_factory=lambda: Draw(0))
    late: int = 0
    #: Kommuner in which the act chose something.
    touched: set[str] = field(default_factory=set)

    def __iter__(self) -> Iterator[tuple[str, World]]:
        return iter(self.net.kommuner.items())

    def area(self, name: str) -> str:
        """Where the flats of a kommun lie, and no others."""
        return f"Området {name}"

    def some(self) -> tuple[str, World]:
        """A kommun."""
        found: tuple[str, World] = self.draw.of(*self)
        self.touched.add(found[0])
        return found

    def one(
        self,
        model: Any,
        *states: str,
        such: Callable[[World, Any], bool] = lambda _world, _row: True,
        **where: Any,
    ) -> tuple[str, Any]:
        """A row somewhere, in one of these states, and where it is."""
        found = [
            (name, row)
            for name, world in self
            for row in world.rows(model, **where)
            if (not states or row.state in states) and such(world, row)
        ]
        if not found:
            raise LookupError(model.__name__)
        chosen: tuple[str, Any] = self.draw.of(*found)
        self.touched.add(chosen[0])
        return chosen

    def one_in(self, model: Any, states: Sequence[str]) -> tuple[str, Any]:
        """A row in one of these states, each as likely as the others however many are in it."""
        there = {row.state for _, world in self for row in world.rows(model)}
        return self.one(model, self.draw.of(*[one for one in states if one in there] or states))

    def on(
        self, name: str, who: str, verb: Callable[..., Any], row: Any, key: str, **words: Any
    ) -> Any:
        """An act on a row by its present version."""
        given = {key: row.id, "expected_version": row.version, **words}
        return self.net[name].act(who, verb, **given)

    def day(self, first: date) -> date:
        """Today, or a day since the first: then it is registered late."""
        span = min((today() - first).days, 12)
        back = self.draw.below(span + 1) if span > 0 and self.draw.once_in(2) else 0
        self.late += back > 0
        return today() - timedelta(days=back)

    def states(self) -> set[State]:
        """In which states what belongs to moves is now."""
        return {
            (model.__tablename__, getattr(row, "side", ""), row.state)
            for _, world in self
            for model in _ROWS
            for row in world.rows(model)
        }

    def tenants(self) -> dict[str, UUID]:
        """The kommuner's ids by their names."""
        return {name: world.tenant_id for name, world in self}


def come(country: Country, name: str, days_ago: int) -> Case:
    """A household that asks for help: somebody alone, a couple, or with children."""
    checked = {"protection_checked_on": today() - timedelta(days=days_ago)}
    others = country.draw.of(
        (), (adult("partner", **checked),), (child(**checked), child(**checked))
    )
    return country.net[name].case(adult(**checked), *others, days_ago=days_ago)


def country(draw: Draw) -> Country:
    """Three kommuner with two households each, in a network that restrains nobody and forgets soon."""
    net = new_net(
        *NAMES,
        worlds={name: thinning_world() for name in NAMES},
        limits=dict.fromkeys(NAMES, (50, 50)),
        terms={
            "round_days": 1,
            "destination_days": 15,
            "noes_in_quarter": 100,
            "answer_hours": {"acute": 72, "high": 288, "normal": 480},
        },
    )
    made = Country(net, draw)
    for name in NAMES:
        for days_ago in (200, 90):
            come(made, name, days_ago)
    return made
