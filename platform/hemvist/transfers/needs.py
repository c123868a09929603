"""What a household needs, and which flats of the network it could take. Reckoned in its own kommun."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from hemvist.errors import Problem, ValidationFailed
from hemvist.networks import Rules
from hemvist.tenancy.keys import tenant_keys

FIELD = "transfer_requests.needs"
MAX_ROOMS, MAX_EXTRA = 10, 5


@dataclass(frozen=True, slots=True)
class Needs:
    """What a flat must have, what its kommun must have, and which kommuner are out of the question."""

    min_rooms: int
    max_extra_rooms: int = 1
    step_free: bool = False
    services: tuple[str, ...] = ()
    #: Codes of kommuner where the threat has ties; the household's own is always one of them.
    excluded: tuple[str, ...] = ()

    def seal(self, tenant_id: UUID) -> bytes:
        """Under the kommun's own key, whatever is said of the same length."""
        said = json.dumps(
            [
                self.min_rooms,
                self.max_extra_rooms,
                self.step_free,
                sorted(self.services),
                sorted(self.excluded),
            ]
        )
        # A longer list of exclusions must not show in the size.
        return tenant_keys(tenant_id).seal(FIELD, said.ljust(-(-len(said) // 1024) * 1024))

    @classmethod
    def open(cls, tenant_id: UUID, sealed: bytes) -> Needs:
        """What was sealed."""
        return cls.said(tenant_keys(tenant_id).open(FIELD, sealed))

    @classmethod
    def said(cls, opened: str) -> Needs:
        """What stood under the seal."""
        rooms, extra, step_free, services, excluded = json.loads(opened)
        return cls(rooms, extra, step_free, tuple(services), tuple(excluded))


@dataclass(frozen=True, slots=True)
class Flat:
    """A flat on the network's board: what it is called there, whose, and what it has."""

    token: UUID
    kommun: str
    rooms: int
    step_free: bool
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Edge:
    """A flat that a request could take, and the rooms beyond those it needs."""

    token: UUID
    surplus: int


def checked(needs: Needs, rules: Rules, own: str) -> Needs:
    """``needs`` in order, with the own kommun excluded. Raises ``ValidationFailed``."""
    problems: list[Problem] = []
    if not 1 <= needs.min_rooms <= MAX_ROOMS:
        problems.append(Problem("minRooms", "range", f"must be 1 to {MAX_ROOMS}"))
    if not 0 <= needs.max_extra_rooms <= MAX_EXTRA:
        problems.append(Problem("maxExtraRooms", "range", f"must be 0 to {MAX_EXTRA}"))
    unknown = sorted(set(needs.services) - rules.services)
    if unknown:
        allowed = sorted(rules.services)
        problems.append(
            Problem("services", "unknown_service", "not in the network", {"allowed": allowed})
        )
    for code in needs.excluded:
        if not (len(code) == 4 and code.isascii() and code.isdigit()):
            problems.append(Problem("excluded", "kommun_code", "must be codes of four digits"))
            break
    if problems:
        raise ValidationFailed(problems)
    return replace(
        needs,
        services=tuple(sorted(set(needs.services))),
        excluded=tuple(sorted({*needs.excluded, own})),
    )


def edges(needs: Needs, flats: Iterable[Flat], rules: Rules, day: date) -> Sequence[Edge]:
    """The flats that would do, in the order of their tokens.

    Source: exchange rule "a move is allowed": neither own nor excluded kommun, rooms within the span,
    no steps where that is needed, the services there.
    """
    services = {one.kommun: one.services for one in rules.members_on(day)}
    wanted, excluded = frozenset(needs.services), frozenset(needs.excluded)
    return sorted(
        (
            Edge(flat.token, flat.rooms - needs.min_rooms)
            for flat in flats
            if flat.kommun not in excluded
            and wanted <= services.get(flat.kommun, frozenset())
            and flat.kommun in services
            and needs.min_rooms <= flat.rooms <= needs.min_rooms + needs.max_extra_rooms
            and (flat.step_free or not needs.step_free)
            and flat.last_on >= day
        ),
        key=lambda edge: edge.token,
    )
