"""From which step a landlord knows a name, and that protection takes it away in the same breath."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import text

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.dealings import consents
from hemvist.dealings.landlord_views import OFFERS, PRESENTED, TENANCIES
from hemvist.dealings.models import Disclosure, NameConsent
from hemvist.dealings.names import Standing, opened_name, standing
from hemvist.errors import Conflict, NotAllowed, NotFound
from hemvist.households import service as households
from hemvist.households.models import HouseholdMember, Person
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.offers.shown_models import LandlordOffer
from hemvist.policy import Registry, load_pack
from hemvist.tenancy import TenantSession
from hemvist_dealings import LANDLORD, new_dealings
from hemvist_landlords import Member, organisation_number
from hemvist_registry import copies, installed, rewrite
from hemvist_world import (
    GUARANTEE,
    PACK,
    World,
    adult,
    as_owner,
    caseworker_of,
    manager_of,
)

MARK = "Skyddadsson"
#: Before any household of these tests was registered.
CHECKED = today() - timedelta(days=400)


def how(world: World, case: Case, offer: Offer) -> Standing:
    """How it stands with the name."""

    def ask(session: TenantSession) -> Standing:
        row = session.find(Case, case.id)
        home = session.query(LandlordOffer).filter_by(offer_id=offer.id).one()
        return standing(session, row, home)

    found: Standing = world.read(ask)
    return found


def protect(world: World, case: Case, level: str, checked: bool = True) -> None:
    """Set the level of everybody in the household."""
    for member in world.rows(HouseholdMember, household_id=case.household_id):
        (person,) = world.rows(Person, id=member.person_id)
        world.act(
            caseworker_of(case.department),
            households.set_protection,
            person_id=person.id,
            protection=level,
            checked_on=today() if checked else None,
            expected_version=person.version,
        )


def name_in(member: Member, view: Any, world: World) -> set[str | None]:
    """The names that the landlord reads in a view, in clear."""
    return {
        None if row.sealed_name is None else opened_name(world.tenant_id, row.sealed_name)
        for row in member.rows(view)
    }


def with_step(step: str) -> Any:
    """The pack as it would be if the municipal contract told the name from ``step`` on."""

    def change(written: str) -> str:
        return written.replace(
            "    contract:\n",
            f"    landlord: {{cite: RL §1, name_from: {step}}}\n    contract:\n",
            1,
        )

    folder = TemporaryDirectory()
    own = next(found for found in copies(Path(folder.name)) if load_pack(found).name == PACK)
    pack = rewrite(own, change, "municipal_contract.yaml")
    others = [one for one in Registry.discover().packs() if one.name != PACK]
    return folder, installed([pack, *others])


@pytest.fixture(params=["offer_accepted", "contract_signed"])
def step(request: pytest.FixtureRequest) -> Iterator[str]:
    """A guideline that tells the name from a step on."""
    folder, packs = with_step(request.param)
    with folder, packs:
        yield request.param


def test_an_alias_until_a_lease_where_the_guideline_says_nothing(database: str) -> None:
    world = new_dealings()
    case = world.case(adult(protection="none", protection_checked_on=CHECKED))
    offer = world.accepted(case, world.registered(case))
    agent = world.landlord()
    assert world.names_due(case) == [] and how(world, case, offer).code == "waits_for_step"
    world.contract(offer)
    assert world.names_due(case) == [], "a sublease is no lease with the landlord"
    (shown,) = agent.rows(OFFERS)
    (tenancy,) = agent.rows(TENANCIES)
    assert shown.alias == tenancy.alias and len(shown.alias) == 6
    assert (shown.adults, shown.children, shown.sealed_name) == (1, 0, None)
    assert tenancy.sealed_name is None and tenancy.kind == "sublease"


def test_the_step_and_the_consent_of_this_recipient(step: str, database: str) -> None:
    world = new_dealings()
    case = world.case(
        adult(given_name="Alva", family_name=MARK, protection="none", protection_checked_on=CHECKED)
    )
    offer = world.offer(world.registered(case))
    agent = world.landlord()
    assert how(world, case, offer).code == "waits_for_step"
    consent = world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)
    assert name_in(agent, OFFERS, world) == {None}, "an offer that nobody accepted tells nothing"
    offer = world.act(
        caseworker_of(case.department),
        offers.accept,
        offer_id=offer.id,
        expected_version=world.again(offer).version,
    )
    assert world.names_due(case) == [], "its department's yes is not the household's"
    offer = world.household_yes(case, offer)
    told = world.names_due(case)
    if step == "contract_signed":
        assert told == []
        world.contract(offer, signed_on=today(), starts_on=today(), told_of_link_on=today())
        told = world.names_due(case)
        assert name_in(agent, TENANCIES, world) == {f"Alva {MARK}"}
    assert told, how(world, case, offer)
    (row,) = told
    assert (row.ground, row.step, row.source) == ("consent", step, "RL §1")
    assert row.recipient == LANDLORD and MARK.encode() not in row.sealed_name
    assert name_in(agent, OFFERS, world) == {f"Alva {MARK}"}
    assert world.names_due(case) == [], "told once"
    # Another landlord, and nobody at all, read nothing of it.
    stranger = world.landlord(organisation_number())
    assert stranger.rows(OFFERS) == [] and stranger.rows(TENANCIES) == []

    world.act(
        caseworker_of(case.department),
        consents.withdraw_consent,
        consent_id=consent.id,
        expected_version=consent.version,
    )
    assert name_in(agent, OFFERS, world) == {None}
    assert how(world, case, offer).code == "waits_for_consent"
    assert world.rows(Disclosure)[0].withheld == "consent_withdrawn"
    assert world.rows(NameConsent)[0].withdrawn_on == today()


@pytest.mark.parametrize(
    "level", ["secrecy_mark", "protected_registration", "fictitious", "unknown"]
)
def test_protection_takes_it_all_away_at_once(level: str, database: str) -> None:
    folder, packs = with_step("offer_accepted")
    with folder, packs:
        world = new_dealings()
        case = world.case(
            adult(family_name=MARK, protection="none", protection_checked_on=CHECKED),
            adult("partner", protection="none", protection_checked_on=CHECKED),
        )
        offer = world.household_yes(case, world.accepted(case, world.registered(case)))
        agent = world.landlord()
        world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)
        (told,) = name_in(agent, OFFERS, world)
        assert told is not None and MARK in told
        alias = agent.rows(OFFERS)[0].alias
        # Of one of the two, by the database itself: no worker has run.
        with as_owner(world.tenant_id) as connection:
            connection.execute(
                "UPDATE persons SET protection = %s WHERE id = (SELECT person_id FROM"
                " household_members WHERE household_id = %s AND role = 'partner')",
                (level, case.household_id),
            )
        (row,) = agent.rows(OFFERS)
        assert (row.sealed_name, row.adults, row.children, row.needs) == (None, None, None, [])
        assert row.alias == alias
        (kept,) = world.rows(Disclosure)
        assert (kept.sealed_name, kept.withheld) == (None, "protected")
        assert world.names_due(case) == [] and how(world, case, offer).code == "protected"
        # Checked anew, it comes back only by a person who may.
        protect(world, case, "none")
        assert world.names_due(case) == [] and how(world, case, offer).code == "withheld"
        with pytest.raises(NotAllowed):
            world.act(caseworker_of(case.department), consents.tell_again, offer_id=offer.id)
        world.act(manager_of(case.department), consents.tell_again, offer_id=offer.id)
        assert MARK in str(name_in(agent, OFFERS, world))


@pytest.mark.parametrize("level", ["secrecy_mark", "unknown"])
def test_a_protected_household_is_an_alias_all_the_way(level: str, database: str) -> None:
    """Also where tenant and landlord have a lease with each other, and whatever was consented to."""
    world = new_dealings()
    checked = None if level == "unknown" else CHECKED
    case = world.case(adult(family_name=MARK, protection=level, protection_checked_on=checked))
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    agent = world.landlord()
    world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)
    assert world.names_due(case) == [] and how(world, case, offer).code == "protected"
    world.contract(offer, told_of_link_on=None, guarantee_months=12)
    assert world.names_due(case) == [] and world.rows(Disclosure) == []
    for view in (OFFERS, TENANCIES):
        (row,) = agent.rows(view)
        assert row.sealed_name is None and MARK not in str(row)
    assert agent.rows(OFFERS)[0].adults is None
    with pytest.raises(Conflict):
        world.act(manager_of(case.department), consents.tell_again, offer_id=offer.id)


def test_a_lease_between_them_tells_without_more(database: str) -> None:
    world = new_dealings()
    case = world.case(adult(family_name=MARK, protection="none", protection_checked_on=CHECKED))
    offer = world.household_yes(case, world.accepted(case, world.registered(case, GUARANTEE)))
    agent = world.landlord()
    assert world.names_due(case) == [] and how(world, case, offer).code == "waits_for_consent"
    world.contract(offer, told_of_link_on=None, guarantee_months=12)
    (row,) = world.names_due(case)
    assert (row.ground, row.step) == ("party", "lease_signed")
    assert MARK in str(name_in(agent, TENANCIES, world))


def test_a_member_who_joins_protected_hides_all(database: str) -> None:
    world = new_dealings()
    case = world.case(adult(protection="none", protection_checked_on=CHECKED))
    other = world.household(adult(protection="secrecy_mark"))
    offer = world.offer(world.registered(case))
    agent = world.landlord()
    assert agent.rows(OFFERS)[0].adults == 1
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE household_members SET household_id = %s WHERE household_id = %s",
            (case.household_id, other.id),
        )
    assert agent.rows(OFFERS)[0].adults is None and offer.id == agent.rows(OFFERS)[0].id
    assert agent.rows(PRESENTED) == []


def test_only_the_own_department_speaks_for_the_household(database: str) -> None:
    world = new_dealings()
    case = world.case()
    offer = world.offer(world.registered(case))
    with pytest.raises(NotAllowed):
        world.act("property", consents.record_consent, offer_id=offer.id)
    with pytest.raises(NotFound):
        world.act(caseworker_of("AMF"), consents.record_consent, offer_id=offer.id)
    world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)
    with pytest.raises(Conflict):
        world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)


def test_aliases_lead_nowhere(database: str) -> None:
    world = new_dealings()
    case = world.case()
    world.offer(world.registered(case))
    again = world.case()
    world.offer(world.registered(again))
    aliases = [row.alias for row in world.rows(LandlordOffer)]
    assert len(set(aliases)) == 2
    with as_owner(world.tenant_id) as connection:
        held = connection.execute(text("SELECT alias FROM households").text).fetchall()
    assert not {alias for (alias,) in held} & set(aliases)
