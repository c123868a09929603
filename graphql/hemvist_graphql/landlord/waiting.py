"""What a landlord has to do, over every kommun within reach at once.

Each source is a SELECT over its concept's view: what kind of thing waits, which row it is about, of
which home, by when and since when. They are read together in one statement. A source is one entry
of ``SOURCES``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import (
    Date,
    DateTime,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy import Uuid as UuidType

from hemvist.dealings.landlord_views import PRESENTATIONS as CHOICES
from hemvist.dealings.landlord_views import TAKEOVER_REPLIES as REPLIES
from hemvist.dealings.landlord_views import TAKEOVERS, TIMES
from hemvist.incidents.landlord_views import REPORTS
from hemvist.landlords.landlord_views import INVITATIONS, KOMMUNER
from hemvist.landlords.views import READER
from hemvist.units.landlord_views import UNITS
from hemvist.vacancies.landlord_views import VACANCY_FILES
from hemvist.vacancies.models import VacancyFile
from hemvist_graphql.ids import global_id
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import LENGTHS
from hemvist_graphql.landlord.roots import root

#: As many as anybody works through in a sitting; the lists behind have the rest.
MOST = 100

#: The clear text of a kommun's sealed value.
Opener = Callable[[UUID, bytes], str]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of what waits: whose turn it is, and the type whose row it is about."""

    kind: str
    subject: str
    rows: Callable[[], Select[Any]]
    #: landlord, or kommun where the landlord waits for it.
    turn: str = "landlord"
    #: Opens the detail of a kommun, where it is a sealed value in hexadecimal; None of one in clear.
    opened: Opener | None = None


def _day(instant: Any) -> Any:
    """The day of an instant in Sweden."""
    return func.timezone("Europe/Stockholm", instant)


def _rows(
    view: Any,
    *criteria: Any,
    subject: Any = None,
    detail: Any = None,
    due_on: Any = None,
    due_at: Any = None,
    since: Any = None,
) -> Select[Any]:
    """The columns that every source gives, in their order."""
    unit = view.c.unit_id if "unit_id" in view.c else null()
    return select(
        view.c.tenant_id,
        view.c.landlord_id,
        (view.c.id if subject is None else subject).label("subject_id"),
        cast(unit, UuidType()).label("unit_id"),
        cast(null() if detail is None else detail, Text()).label("detail"),
        cast(null() if due_on is None else due_on, Date()).label("due_on"),
        cast(null() if due_at is None else due_at, DateTime(timezone=True)).label("due_at"),
        cast(null() if since is None else since, Date()).label("since_on"),
    ).where(*criteria)


def _times(kind: str) -> Select[Any]:
    """Times of a kind that the kommun has proposed and nobody has answered."""
    return _rows(
        TIMES,
        TIMES.c.kind == kind,
        TIMES.c.state == "proposed",
        TIMES.c.side == "kommun",
        subject=TIMES.c.offer_id,
        due_at=TIMES.c.starts_at,
        since=_day(TIMES.c.proposed_at),
    )


def _takeovers() -> Select[Any]:
    """Requests to take a lease over that the landlord has not replied to since they were made."""
    replied = exists(
        select(1).where(
            REPLIES.c.tenant_id == TAKEOVERS.c.tenant_id,
            REPLIES.c.takeover_id == TAKEOVERS.c.id,
            cast(_day(REPLIES.c.replied_at), Date()) >= TAKEOVERS.c.requested_on,
        )
    )
    return _rows(TAKEOVERS, TAKEOVERS.c.state == "asked", ~replied, since=TAKEOVERS.c.requested_on)


SOURCES: tuple[Source, ...] = (
    Source("viewing_proposed", "Offer", lambda: _times("viewing")),
    Source("signing_proposed", "Offer", lambda: _times("signing")),
    # Households under letters, where the guideline lets the landlord choose.
    Source(
        "choice",
        "Presentation",
        lambda: _rows(
            CHOICES,
            CHOICES.c.state == "presented",
            CHOICES.c.picked_at.is_(None),
            due_on=CHOICES.c.answer_by,
            since=CHOICES.c.presented_on,
        ),
    ),
    Source("takeover", "Takeover", _takeovers),
    # A list that was sent in and read, and of which nobody has said yet what is to be reported.
    Source(
        "vacancy_file",
        "VacancyFile",
        lambda: _rows(
            VACANCY_FILES,
            VACANCY_FILES.c.state == "read",
            detail=func.encode(VACANCY_FILES.c.name_sealed, "hex"),
            since=_day(VACANCY_FILES.c.read_at),
        ),
        opened=VacancyFile.name.opened,
    ),
    # A colleague's invitation, which another administrator has to confirm.
    Source(
        "invitation",
        "Invitation",
        lambda: _rows(
            INVITATIONS,
            INVITATIONS.c.status == "proposed",
            INVITATIONS.c.invited_by != READER,
            since=_day(INVITATIONS.c.invited_at),
        ),
    ),
    # The kommun's clock runs.
    Source(
        "report",
        "Report",
        lambda: _rows(
            REPORTS,
            REPORTS.c.answered_at.is_(None),
            detail=REPORTS.c.kind,
            due_at=REPORTS.c.due_at,
            since=_day(REPORTS.c.received_at),
        ),
        turn="kommun",
    ),
)


@strawberry.type(
    description="Something that waits for the landlord, or that the landlord waits for."
)
class Waiting:
    """Something that waits for the landlord, or that the landlord waits for."""

    kind: str = strawberry.field(description="What: a code, see the API's documentation.")
    turn: str = strawberry.field(description="Whose turn it is: landlord or kommun.")
    subject_id: strawberry.ID = strawberry.field(description="The row that it is about.")
    kommun_id: strawberry.ID | None = strawberry.field(
        description="Null where it concerns no kommun but the landlord's own people."
    )
    kommun_name: str | None
    landlord_name: str | None
    street_address: str | None = strawberry.field(description="Of the home that it concerns.")
    apartment_number: str | None
    detail: str | None = strawberry.field(description="What the kind alone does not say.")
    due_on: dt.date | None = strawberry.field(description="By when, where there is a last day.")
    due_at: dt.datetime | None = strawberry.field(description="By when, where it is an instant.")
    since_on: dt.date | None


@root(description="What waits for the caller, in every kommun within reach, the soonest first.")
def waiting(info: Info) -> list[Waiting]:
    """What waits for the caller."""
    sources = {source.kind: source for source in SOURCES}
    return [
        Waiting(
            kind=row["kind"],
            turn=sources[row["kind"]].turn,
            subject_id=global_id(sources[row["kind"]].subject, row["subject_id"]),
            kommun_id=row["kommun_id"] and global_id("Kommun", row["kommun_id"]),
            kommun_name=row["kommun_name"],
            landlord_name=row["landlord_name"],
            street_address=row["street_address"],
            apartment_number=row["apartment_number"],
            detail=_detail(row, sources[row["kind"]].opened),
            due_on=row["due_on"],
            due_at=row["due_at"],
            since_on=row["since_on"],
        )
        for row in info.context.session.execute(_statement()).mappings()
    ]


def _detail(row: Any, opened: Opener | None) -> str | None:
    if opened is None or row["detail"] is None:
        detail: str | None = row["detail"]
        return detail
    return opened(row["tenant_id"], bytes.fromhex(row["detail"]))


LENGTHS["Query.waiting"] = 20


@cache
def _statement() -> Select[Any]:
    """Every source, with the names of kommun and home. Made once: that takes longer than reading."""
    rows = union_all(
        *(
            source.rows().add_columns(literal(source.kind, Text()).label("kind"))
            for source in SOURCES
        )
    ).subquery()
    return (
        select(
            rows.c.tenant_id,
            rows.c.kind,
            rows.c.subject_id,
            rows.c.detail,
            rows.c.due_on,
            rows.c.due_at,
            rows.c.since_on,
            UNITS.c.street_address,
            UNITS.c.apartment_number,
            KOMMUNER.c.id.label("kommun_id"),
            KOMMUNER.c.name.label("kommun_name"),
            KOMMUNER.c.landlord_name,
        )
        .outerjoin(
            KOMMUNER,
            and_(
                KOMMUNER.c.tenant_id == rows.c.tenant_id,
                KOMMUNER.c.landlord_id == rows.c.landlord_id,
            ),
        )
        .outerjoin(UNITS, and_(UNITS.c.tenant_id == rows.c.tenant_id, UNITS.c.id == rows.c.unit_id))
        .order_by(
            func.coalesce(_day(rows.c.due_at), rows.c.due_on).asc().nulls_last(),
            rows.c.since_on,
            rows.c.subject_id,
        )
        .limit(MOST)
    )
