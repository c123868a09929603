"""Looking the demo's people up again: they are made up, and no register knows them.

Without it a demo that is shown by another day's calendar, or months after it was made, would have
nothing but protected people.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.households.models import Person
from hemvist.tenancy import tenant_session

#: What is noted as the source of a check that the demo made. One by hand is left as it is.
SOURCE = "Folkbokföringen"
#: Whose check is relied on for longer is not looked up again.
_LEFT = timedelta(days=45)


def renew(tenant_id: UUID) -> None:
    """Note that everybody whom the demo made unprotected is so today, where that was long ago."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        aging = select(Person).where(
            Person.protection == "none", Person.unprotected_until < today() + _LEFT
        )
        for person in session.scalars(aging.order_by(Person.id).with_for_update()):
            # By whom somebody was looked up is sealed.
            if person.protection_source == SOURCE:
                person.protection_checked_on = today()
