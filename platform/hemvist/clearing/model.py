"""What a clearing is given and what it answers: plain values, nothing of a database.

Ids are texts that mean nothing to the engine: pseudonyms in a network's rounds, rows' ids inside
a kommun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple


class Urgency(IntEnum):
    """How urgent a request is (brådskandegrad): akut, hög, normal."""

    ACUTE = 3
    HIGH = 2
    NORMAL = 1


@dataclass(frozen=True, slots=True)
class Municipality:
    """A member of the network, as it stands before the round."""

    id: str
    #: Moves taken minus moves sent so far, reserved ones included.
    balance: int = 0
    #: How far below zero the balance may go by sending.
    debt_limit: int = 0
    #: Most that it takes net in this round.
    take_cap: int = 0
    services: frozenset[str] = frozenset()
    region: str = ""

    @property
    def least_net(self) -> int:
        """The lowest net intake it may come to: below zero only as far as the debt limit."""
        return min(0, -self.debt_limit - self.balance)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a household needs of a flat and of the kommun around it."""

    min_rooms: int
    max_extra_rooms: int = 0
    step_free: bool = False
    services: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A household that has to move (begäran om skyddad flytt).

    What it could accept is said in one of two ways: by ``needs``, or by ``offers``, the ids of the
    vacancies with the rooms that each has beyond the need. The second is how a network learns it.
    """

    id: str
    origin: str
    urgency: int = Urgency.NORMAL
    waiting_weeks: int = 0
    needs: Needs | None = None
    forbidden: frozenset[str] = frozenset()
    offers: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A flat offered to the network (erbjuden bostad); without an address."""

    id: str
    municipality: str
    rooms: int = 1
    step_free: bool = False


class Move(NamedTuple):
    """A household into a flat."""

    request: str
    vacancy: str


class Objective(NamedTuple):
    """The six numbers by which plans are compared, the first that differs deciding.

    More is better of ``acute``, ``high``, ``moves`` and ``waiting_weeks``, less of ``imbalance``
    and ``surplus_rooms``.
    """

    acute: int
    high: int
    moves: int
    #: The sum over the members of |balance after|.
    imbalance: int
    waiting_weeks: int
    surplus_rooms: int


#: The levels of the objective in their order; ``kept`` counts only where something is to be kept.
LEVELS = ("acute", "high", "moves", "kept", "imbalance", "waiting_weeks", "surplus_rooms")

#: +1 where less is better: what is minimised is each level times its sign.
SIGNS = (-1, -1, -1, -1, 1, -1, 1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why no plan is better: a price for each node of the network, a number for each level.

    :func:`hemvist.clearing.checking.check` proves a plan by it without solving anything.
    """

    municipalities: Mapping[str, tuple[int, ...]]
    requests: Mapping[str, tuple[int, ...]]
    vacancies: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Instance:
    """Members, requests and vacancies of one clearing."""

    municipalities: tuple[Municipality, ...]
    requests: tuple[Request, ...]
    vacancies: tuple[Vacancy, ...]

    def __init__(
        self,
        municipalities: Iterable[Municipality],
        requests: Iterable[Request],
        vacancies: Iterable[Vacancy],
    ) -> None:
        """The order does not matter: what is kept is in the order of the ids."""
        for name, given in (
            ("municipalities", municipalities),
            ("requests", requests),
            ("vacancies", vacancies),
        ):
            object.__setattr__(self, name, tuple(sorted(given, key=lambda one: one.id)))
        _hold(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a clearing proposes. ``moves`` holds frozen ones too, in the order of the requests."""

    objective: Objective
    moves: tuple[Move, ...]
    #: How many of the moves to keep are in it.
    kept: int
    certificate: Certificate
    #: Net intake of every member.
    net: Mapping[str, int] = field(default_factory=dict)


class InstanceError(ValueError):
    """An instance that does not hold. ``field`` says where, as ``requests[3].needs.min_rooms``."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


def surplus(request: Request, vacancy: Vacancy, municipality: Municipality) -> int | None:
    """The rooms a flat has beyond a household's need; None where it may not move there."""
    if vacancy.municipality == request.origin or vacancy.municipality in request.forbidden:
        return None
    if request.offers is not None:
        return request.offers.get(vacancy.id)
    needs = request.needs
    if needs is None:
        return None
    extra = vacancy.rooms - needs.min_rooms
    fits = 0 <= extra <= needs.max_extra_rooms
    fits = fits and (vacancy.step_free or not needs.step_free)
    return extra if fits and needs.services <= municipality.services else None


def _hold(instance: Instance) -> None:
    """Ids are unique, and what is referred to is there."""
    for name in ("municipalities", "requests", "vacancies"):
        seen = set()
        for one in getattr(instance, name):
            if one.id in seen:
                raise InstanceError(f"{name}.id", f"{one.id!r} is there twice")
            seen.add(one.id)
    members = {one.id for one in instance.municipalities}
    flats = {one.id for one in instance.vacancies}
    for request in instance.requests:
        if request.origin not in members:
            raise InstanceError("requests.origin", f"no municipality {request.origin!r}")
        if request.urgency not in (1, 2, 3):
            raise InstanceError("requests.urgency", f"{request.urgency!r} is none of 1, 2, 3")
        for id, rooms in (request.offers or {}).items():
            if id not in flats or rooms < 0:
                raise InstanceError("requests.offers", f"no vacancy {id!r}, or rooms below zero")
    for vacancy in instance.vacancies:
        if vacancy.municipality not in members:
            raise InstanceError("vacancies.municipality", f"none is {vacancy.municipality!r}")
    for member in instance.municipalities:
        for name in ("debt_limit", "take_cap"):
            if getattr(member, name) < 0:
                raise InstanceError(f"municipalities.{name}", "is below zero")
