"""What goes between this kommun and others."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.identity import Action
from hemvist.kommun_requests.models import KommunRequest as RequestRow
from hemvist_graphql.choosing import within
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.handovers.desk import (
    HandoverCandidate,
    HandoverLook,
    Handovers,
    candidates,
    looked,
)
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.kommun_requests.types import KommunRequestPackage, package_shown
from hemvist_graphql.reading import computed
from hemvist_graphql.roots.filtering import in_states
from hemvist_graphql.states import KommunRequestState
from hemvist_graphql.transfers.desk import (
    TransferLogLine,
    TransferOffice,
    Transfers,
    log_of,
    office,
)

_REQUESTS = Ordering("kommun_requests", (RequestRow.opened_on, RequestRow.id))


@strawberry.type
class BetweenKommunerRoots:
    """What goes between this kommun and others."""

    @within(5, description="The kommun's own part in protected moves, for whoever is named in it.")
    def transfers(self) -> Transfers:
        """The kommun's own part in protected moves."""
        return Transfers()

    @computed(20, description="The networks that the kommun is in, and its own levers in them.")
    def transfer_office(self, info: Info) -> TransferOffice:
        """The networks that the kommun is in."""
        return office(info.context.session, info.context.actor)

    @computed(
        50,
        description="Every look and act on protected moves of the last days, the newest first; for"
        " the log reviewer. That it is read is logged.",
    )
    def transfer_log(self, info: Info, days: int = 31) -> list[TransferLogLine]:
        """Every look and act on protected moves."""
        return log_of(info.context.session, info.context.actor, days)

    @within(5, description="The handovers that the caller is named for.")
    def handovers(self) -> Handovers:
        """The handovers that the caller is named for."""
        return Handovers()

    @computed(20, description="The other kommun, and what it has told. Each look is logged.")
    def handover_look(self, info: Info, id: strawberry.ID) -> HandoverLook | None:
        """What a handler's look at a handover shows."""
        return looked(info.context, row_id_of("Handover", id))

    @computed(20, description="Whom the people of the transfer function can name for a handover.")
    def handover_candidates(self, info: Info) -> list[HandoverCandidate]:
        """Whom the function can name."""
        return candidates(info.context)

    @computed(50, description="A request that waits, as a file for a person to send. Logged.")
    def kommun_request_package(
        self, info: Info, kommun_request_id: strawberry.ID
    ) -> KommunRequestPackage | None:
        """A request as a file."""
        return package_shown(info.context, row_id_of("KommunRequest", kommun_request_id))

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
