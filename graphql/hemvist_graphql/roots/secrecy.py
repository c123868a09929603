"""Inner secrecy: openings to review, what was told over borders, and whom a circle may name."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.circles import service as circles
from hemvist.circles.models import CaseOpening as OpeningRow
from hemvist.identity import Action
from hemvist.secrecy.models import SecrecyDisclosure as DisclosureRow
from hemvist_graphql.circles.types import CirclePerson
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import global_id
from hemvist_graphql.reading import computed
from hemvist_graphql.roots.filtering import in_states, short
from hemvist_graphql.states import CaseOpeningState

_OPENINGS = Ordering("case_openings", (OpeningRow.opened_at, OpeningRow.id))
_DISCLOSURES = Ordering("secrecy_disclosures", (DisclosureRow.disclosed_on, DisclosureRow.id))


@strawberry.type
class SecrecyRoots:
    """Inner secrecy."""

    @connection(
        "CaseOpening",
        _OPENINGS,
        needs=Action.GLASS_REVIEW,
        description="Openings by break-glass, newest first, for log reviewers. Not the cases.",
    )
    def case_openings(
        self, info: Info, state: list[CaseOpeningState] | None = None
    ) -> list[ColumnElement[bool]]:
        """Openings by break-glass."""
        return in_states(OpeningRow.state, state)

    @connection(
        "SecrecyDisclosure",
        _DISCLOSURES,
        needs=Action.SECRECY_DISCLOSE,
        description="What the caller's departments have told over secrecy borders, newest first.",
    )
    def secrecy_disclosures(
        self, info: Info, ground: str | None = None, recipient_kind: str | None = None
    ) -> list[ColumnElement[bool]]:
        """What was told over secrecy borders."""
        found: list[ColumnElement[bool]] = []
        if ground is not None:
            found.append(DisclosureRow.ground == short("ground", ground))
        if recipient_kind is not None:
            found.append(DisclosureRow.recipient_kind == short("recipientKind", recipient_kind))
        return found

    @computed(
        20,
        reads=False,
        description="Whom a closed circle may name, by name: those who log in here and whose role"
        " has to do with cases. For those who keep circles.",
    )
    def circle_people(self, info: Info) -> list[CirclePerson]:
        """Whom a closed circle may name."""
        return [
            CirclePerson(
                id=global_id("Principal", one.id), name=one.name, departments=one.departments
            )
            for one in circles.people(info.context.session, info.context.actor)
        ]
