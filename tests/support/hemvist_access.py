"""An id of every type of the API, of things that exist in one kommun, for attacks by who may not know."""

from __future__ import annotations

from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.households.models import Household, Person
from hemvist.offers.models import Offer
from hemvist.referrals.models import Referral
from hemvist.units.models import Unit
from hemvist_access_case import formed, in_trouble, inspected, noted_on, reported_on, supported_in
from hemvist_access_kommuner import asked_of_another_kommun, in_a_network
from hemvist_access_landlords import (
    agreed_with_a_landlord,
    dealt_with_a_landlord,
    shown_and_reported,
)
from hemvist_access_policy import simulated, versions_of
from hemvist_access_secrecy import (
    closed_and_broken,
    compared,
    drawn_of_the_log,
    of_ones_own,
    to_be_thinned,
    told_over_a_border,
)
from hemvist_api_arrears import arrears_of
from hemvist_beside import claimed_on, matched_for, on_its_way_out
from hemvist_graphql.ids import global_id
from hemvist_not_held import visited
from hemvist_world import World

OWNER = "caseworker SOF-VUX"
#: What is nobody's case: whoever may read it reads all the kommun's.
KOMMUN_WIDE = {
    *("UnitFile", "Vacancy"),
    *("Unit", "Agreement", "AgreementVersion", "AgreementTerm", "AgreementMeeting", "QuotaBase"),
    *("AgreementNote", "AgreementFile", "QuotaPlacement", "ContactCard", "LandlordPaper"),
    *("LandlordAccess", "LandlordInvitation", "Landlord", "IndicatorSharing"),
}
#: What the way to the housing has made already.
_ON_THE_WAY = (Referral, Decision, Offer, Contract, Obligation, Unit, Household, Person)


def every_row(world: World, case: Case) -> dict[str, str]:
    """By type: the id of a row. ``case`` is housed and ``world`` has no other."""
    found = {
        "Case": global_id("Case", case.id),
        **noted_on(world, case),
        **formed(world),
        **inspected(world),
        **simulated(world),
        **versions_of(world, case),
        **claimed_on(world, case),
        **matched_for(world, case),
        **on_its_way_out(world, case),
        **reported_on(world, case),
        **visited(world.tenant_id, case.id),
        **in_trouble(world, case),
        **supported_in(world, case),
        **arrears_of(world, case, OWNER),
        **of_ones_own(world),
        **agreed_with_a_landlord(world),
        **dealt_with_a_landlord(world),
        **shown_and_reported(world),
        **asked_of_another_kommun(world, case),
        **in_a_network(world),
        **told_over_a_border(world, case),
        **closed_and_broken(world),
        **drawn_of_the_log(world),
        **to_be_thinned(world, case),
        **compared(world),
    }
    for model in _ON_THE_WAY:
        found[model.__name__] = global_id(model.__name__, world.rows(model)[0].id)
    return found
