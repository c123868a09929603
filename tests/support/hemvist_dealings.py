"""A kommun whose homes are all one landlord's, that nobody else has, and its steps towards it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hemvist.cases.models import Case
from hemvist.dealings.names import disclose_due
from hemvist.identity import Actor
from hemvist.offers.answers import answer_for_household
from hemvist.offers.models import Offer
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit
from hemvist_landlords import Member, administrator, opened, organisation_number
from hemvist_world import World, caseworker_of, new_world

LANDLORD = "Björkbo Fastigheter AB"


@dataclass
class Dealings(World):
    """A kommun and a landlord of its own."""

    number: str = field(default_factory=organisation_number)

    def unit(self, **changes: Any) -> Unit:
        """A vacant flat of the landlord's."""
        own = {"landlord_organisation_number": self.number, "landlord_name": LANDLORD}
        return super().unit(**(own | changes))

    def landlord(self, number: str | None = None) -> Member:
        """Somebody who acts for the landlord, or for another whose door is open too."""
        of = number or self.number
        return administrator(self.tenant_id, opened(self.tenant_id, of, LANDLORD))

    def household_yes(self, case: Case, offer: Offer) -> Offer:
        """The household has said yes too, where the guideline asks it."""
        answered: Offer = self.act(
            caseworker_of(case.department),
            answer_for_household,
            offer_id=offer.id,
            yes=True,
            expected_version=self.again(offer).version,
        )
        return answered

    def names_due(self, case: Case) -> list[Any]:
        """What the worker does after an event of the case."""

        def tell(session: TenantSession) -> list[Any]:
            found = session.find(Case, case.id)
            return list(disclose_due(session, Actor.system(self.tenant_id), found))

        told: list[Any] = self.read(tell)
        return told


def new_dealings() -> Dealings:
    """A fresh kommun with its people, and a landlord."""
    plain = new_world()
    return Dealings(plain.tenant_id, plain.people)
