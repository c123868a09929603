"""Rows between the kommun and its landlords, for attacks to which only their ids matter."""

from __future__ import annotations

from sqlalchemy import select

import hemvist_agreements
import hemvist_vacancies
from hemvist.agreements.files import add_agreement_file
from hemvist.agreements.meetings import plan_meeting
from hemvist.agreements.models import AgreementTerm
from hemvist.agreements.service import note_on_agreement
from hemvist.agreements.versions import change_version
from hemvist.clock import now, today
from hemvist.contact_cards.service import add as add_card
from hemvist.dealings.consents import record_consent
from hemvist.dealings.models import LandlordTime
from hemvist.landlords.invitations import invite
from hemvist.landlords.models import LandlordAccess
from hemvist.offers.models import Offer
from hemvist.papers.service import send_to_landlord
from hemvist.quotas.service import place_home, record_base
from hemvist.units import files as unit_files
from hemvist.units.models import Unit
from hemvist.vacancies import service as vacancies
from hemvist_graphql.ids import global_id
from hemvist_landlords import admitter
from hemvist_landlords import opened as opened_door
from hemvist_world import World

OWNER = "caseworker SOF-VUX"


def dealt_with_a_landlord(world: World) -> dict[str, str]:
    """A time with the landlord of the home, from before its lease, and a consent to the name."""
    offer = world.rows(Offer)[0]
    consent = world.act(OWNER, record_consent, offer_id=offer.id)
    with world.session() as session:
        time = session.save(
            LandlordTime(
                offer_id=offer.id,
                case_id=offer.case_id,
                landlord_id=world.rows(Unit)[0].landlord_id,
                kind="viewing",
                state="proposed",
                side="kommun",
                starts_at=now(),
                place="home",
                note="",
                proposed_at=now(),
                proposed_by=None,
                answered_at=None,
                answered_by=None,
                version=1,
            )
        )
    return {
        "LandlordTime": global_id("LandlordTime", time.id),
        "NameConsent": global_id("NameConsent", consent.id),
    }


def agreed_with_a_landlord(world: World) -> dict[str, str]:
    """An agreement with a term, a figure for shares and a meeting."""
    agreement, draft = hemvist_agreements.opened(world, starts_on=today())
    world.act(
        "property",
        change_version,
        version_id=draft.id,
        terms=[{"subject": "Hyra", "written": "Bruksvärde."}],
        expected_version=draft.version,
    )
    figure = world.act(
        "property", record_base, kind="need", homes=80, from_on=today(), source="Boendeplanen"
    )
    meeting = world.act(
        "property", plan_meeting, agreement_id=agreement.id, title="Möte", planned_on=today()
    )
    note = world.act("property", note_on_agreement, agreement_id=agreement.id, what="Ringde.")
    kept = world.act(
        "property",
        add_agreement_file,
        agreement_id=agreement.id,
        name="avtal.pdf",
        content=b"%PDF-1.4\n%%EOF\n",
    )
    placed = world.act(
        "property", place_home, unit_id=world.rows(Unit)[0].id, because="Räknas inte."
    )
    card = world.act(
        "property", add_card, position=1, name="Vägen in", matters="Allt", phone="042-10 50 00"
    )
    landlord_id = opened_door(world.tenant_id, hemvist_agreements.NUMBER)
    admitting = admitter(world.tenant_id)
    with world.session(admitting) as session:
        door = session.scalars(select(LandlordAccess)).one()
        asked = invite(session, admitting, landlord_id=landlord_id, invited="ny@bolag.example")
    paper = world.act(
        "property",
        send_to_landlord,
        landlord_id=landlord_id,
        kind="other",
        title="Rutin",
        name="rutin.pdf",
        content=b"%PDF-1.4\n%%EOF\n",
    )
    return {
        "LandlordPaper": global_id("LandlordPaper", paper.id),
        "Landlord": global_id("Landlord", landlord_id),
        "AgreementNote": global_id("AgreementNote", note.id),
        "AgreementFile": global_id("AgreementFile", kept.id),
        "QuotaPlacement": global_id("QuotaPlacement", placed.id),
        "ContactCard": global_id("ContactCard", card.id),
        "LandlordAccess": global_id("LandlordAccess", door.id),
        "LandlordInvitation": global_id("LandlordInvitation", asked.id),
        "Agreement": global_id("Agreement", agreement.id),
        "AgreementVersion": global_id("AgreementVersion", draft.id),
        "AgreementTerm": global_id("AgreementTerm", world.rows(AgreementTerm)[0].id),
        "AgreementMeeting": global_id("AgreementMeeting", meeting.id),
        "QuotaBase": global_id("QuotaBase", figure.id),
    }


def shown_and_reported(world: World) -> dict[str, str]:
    """A picture of a home, and a home that its landlord has reported."""
    unit = world.rows(Unit)[0]
    picture = world.act(
        "property",
        unit_files.add_file,
        unit_id=unit.id,
        kind="picture",
        name="kök.png",
        content=b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    )
    vacancy = world.act(
        "property", vacancies.report, landlord_id=unit.landlord_id, **hemvist_vacancies.flat()
    )
    return {
        "UnitFile": global_id("UnitFile", picture.id),
        "Vacancy": global_id("Vacancy", vacancy.id),
    }
