"""What goes between this kommun and others."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.identity import Action
from hemvist.kommun_requests.models import KommunRequest as RequestRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.roots.filtering import in_states
from hemvist_graphql.states import KommunRequestState

_REQUESTS = Ordering("kommun_requests", (RequestRow.opened_on, RequestRow.id))


@strawberry.type
class BetweenKommunerRoots:
    """What goes between this kommun and others."""

    @connection(
        "KommunRequest",
        _REQUESTS,
        needs=Action.KOMMUN_REQUEST_HANDLE,
        description="Newest first: those that the caller handles, or whose department they manage.",
    )
    def kommun_requests(
        self, info: Info, state: list[KommunRequestState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The requests in whose circle the caller is."""
        return in_states(RequestRow.state, state)
