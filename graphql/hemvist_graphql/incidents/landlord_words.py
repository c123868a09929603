"""What a landlord wrote later about a report of its own."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, and_

from hemvist.identity import Actor
from hemvist.incidents.report_models import LandlordReportWord as WordRow
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.incidents.seeing import handled_incident, of_shared_incident
from hemvist_graphql.reading import (
    Readable,
    column,
    identity,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import PrincipalRef


def _visible(actor: Actor) -> ColumnElement[bool]:
    seen = of_visible_case(WordRow, of_shared_incident(WordRow))
    return and_(seen(actor), handled_incident(WordRow)(actor))


@reads(WordRow, visible=_visible, case=WordRow.case_id)
@strawberry.type(
    description="What a landlord wrote later about a report of its own. For those who handle incidents."
)
class LandlordWord(Readable):
    """What a landlord wrote later about a report of its own."""

    id: strawberry.ID = identity()
    what: str = opened(WordRow.what)
    said_at: dt.datetime = column(WordRow.said_at)
    said_by: PrincipalRef | None = to_one("Principal", WordRow.said_by)
