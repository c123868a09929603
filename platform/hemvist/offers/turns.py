"""When a home is free again: the property office is told whose turn it is."""

from __future__ import annotations

from datetime import date

from hemvist import outbox
from hemvist.cases.packs import departments_with, pack_of
from hemvist.identity import Actor
from hemvist.offers.matching.service import next_in_line
from hemvist.offers.models import Offer
from hemvist.tenancy import TenantSession

#: The event; its case is the one whose turn it is, its subject the home.
NEXT_IN_LINE = "next_in_line"


def tell_next(session: TenantSession, actor: Actor, offer: Offer, on: date) -> None:
    """Emit ``next_in_line`` for the household that comes next by the latest matching, if any does.

    Nothing is offered by itself: an officer reads the notice and makes the offer.
    """
    session.flush()
    found = next_in_line(session, offer.unit_id, on, but_not=offer.case_id)
    if found is None:
        return
    _, case = found
    outbox.emit(
        session,
        NEXT_IN_LINE,
        {
            "case_id": case.id,
            "department": case.department,
            "property_departments": departments_with(pack_of(case), "property"),
            "subject_type": "unit",
            "subject_id": offer.unit_id,
            "on": on,
            "by": actor.principal_id,
        },
    )
