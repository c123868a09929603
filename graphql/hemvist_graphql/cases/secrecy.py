"""Inner secrecy of a case: its closed circle, openings, consents, and what was told over borders."""

from __future__ import annotations

import strawberry
from sqlalchemy import and_

from hemvist.circles.models import CaseCircle as CircleRow
from hemvist.circles.models import CaseOpening as OpeningRow
from hemvist.secrecy.models import Consent as ConsentRow
from hemvist.secrecy.models import SecrecyDisclosure as DisclosureRow
from hemvist_graphql.cases.common import INSIDE
from hemvist_graphql.choosing import first_of
from hemvist_graphql.reading import Readable, to_many
from hemvist_graphql.refs import (
    CaseCircleRef,
    CaseOpeningRef,
    SecrecyConsentRef,
    SecrecyDisclosureRef,
)


@strawberry.type
class CaseSecrecy(Readable):
    """Inner secrecy of the case."""

    circle: CaseCircleRef | None = first_of(
        "CaseCircle",
        # The circle is the household's: all of its cases are closed together.
        by={CircleRow.household_id: "household_id"},
        where=lambda _: (and_(CircleRow.in_force),),
        order=(CircleRow.id,),
        description="The circle that it is closed to now; null of a case that is not closed.",
    )
    openings: list[CaseOpeningRef] = to_many(
        "CaseOpening",
        OpeningRow.case_id,
        order=(OpeningRow.opened_at.desc(), OpeningRow.id.desc()),
        description="By break-glass, the latest first.",
    )
    secrecy_consents: list[SecrecyConsentRef] = to_many(
        "SecrecyConsent",
        ConsentRow.case_id,
        order=(ConsentRow.given_on.desc(), ConsentRow.id.desc()),
        description=f"The latest first. {INSIDE}",
    )
    secrecy_disclosures: list[SecrecyDisclosureRef] = to_many(
        "SecrecyDisclosure",
        DisclosureRow.case_id,
        order=(DisclosureRow.disclosed_on.desc(), DisclosureRow.id.desc()),
        description=f"The latest first. {INSIDE}",
    )
