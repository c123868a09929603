"""Life in the home: incidents, clocks of service, tenancies in trouble."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement, any_, literal

from hemvist.identity import Action
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.incidents.models import Incident as IncidentRow
from hemvist.ladder.models import Ladder as LadderRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.incidents.types import Incident, ServiceClock
from hemvist_graphql.ladder.types import Ladder
from hemvist_graphql.loading import find
from hemvist_graphql.reading import looked_up
from hemvist_graphql.roots.filtering import short

_INCIDENTS = Ordering("incidents", (IncidentRow.received_at, IncidentRow.id))
_LADDERS = Ordering("ladders", (LadderRow.opened_on, LadderRow.id))
_CLOCKS = Ordering("service_clocks", (ClockRow.due_at, ClockRow.id), descending=False)


@strawberry.type
class HomeLifeRoots:
    """Life in the home: incidents, clocks of service, tenancies in trouble."""

    @connection("Incident", _INCIDENTS, needs=Action.CASE_READ, description="Newest first.")
    def incidents(
        self, info: Info, state: str | None = None, kind: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The incidents that the caller sees."""
        criteria: list[ColumnElement[bool]] = []
        if state is not None:
            criteria.append(IncidentRow.state == short("state", state))
        if kind is not None:
            criteria.append(IncidentRow.kind == short("kind", kind))
        return criteria

    @looked_up("Incident")
    def incident(self, info: Info, id: strawberry.ID) -> Incident | None:
        """An incident by its id."""
        return find(info.context, Incident, row_id_of("Incident", id))

    @connection(
        "ServiceClock",
        _CLOCKS,
        needs=Action.CASE_READ,
        description="Clocks of service that somebody has to answer, the soonest first, also those "
        "that have run out.",
    )
    def service_clocks(
        self, info: Info, department: str | None = None
    ) -> list[ColumnElement[bool]]:
        """Unanswered clocks that the caller sees, of one department where it is named."""
        criteria: list[ColumnElement[bool]] = [ClockRow.stopped_at.is_(None)]
        if department is not None:
            wanted = literal(short("department", department))
            criteria.append(wanted == any_(ClockRow.departments))
        return criteria

    @looked_up("ServiceClock")
    def service_clock(self, info: Info, id: strawberry.ID) -> ServiceClock | None:
        """A clock of service by its id."""
        return find(info.context, ServiceClock, row_id_of("ServiceClock", id))

    @connection("Ladder", _LADDERS, needs=Action.CASE_READ, description="Newest first.")
    def ladders(
        self, info: Info, state: str | None = None, severity: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The tenancies in trouble that the caller sees."""
        criteria: list[ColumnElement[bool]] = []
        if state is not None:
            criteria.append(LadderRow.state == short("state", state))
        if severity is not None:
            criteria.append(LadderRow.severity == short("severity", severity))
        return criteria

    @looked_up("Ladder")
    def ladder(self, info: Info, id: strawberry.ID) -> Ladder | None:
        """A ladder by its id."""
        return find(info.context, Ladder, row_id_of("Ladder", id))
