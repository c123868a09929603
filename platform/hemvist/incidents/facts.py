"""Facts that incidents answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from hemvist.cases.derived import derives
from hemvist.incidents.models import Incident
from hemvist.tenancy.statements import Ask, of_tenant

_DISTURBANCES = Ask(
    select(Incident.happened_on, Incident.confirmed, Incident.state, Incident.outcome)
    .where(
        Incident.tenant_id == of_tenant(),
        Incident.case_id == bindparam("case"),
        Incident.kind == "disturbance",
    )
    .order_by(Incident.happened_on, Incident.id)
)


@derives(_DISTURBANCES)
def disturbance_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """Disturbances up to the day, and whether each was confirmed.

    Unknown where none is registered, since nobody may have asked, and while one is not closed: what
    is still looked into is no finding. A duplicate is told by the report that it repeats.
    """
    known = [row for row in rows if row[0] <= on and row[3] != "duplicate"]
    if not known or any(state == "open" for _, _, state, _ in known):
        return {}
    return {
        "disturbances": tuple(
            {"on": happened, "confirmed": bool(confirmed)} for happened, confirmed, _, _ in known
        )
    }
