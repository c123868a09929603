"""What a kommun does with its landlords: agreements, papers and vacancies, logins, matching, dealings."""

from __future__ import annotations

import base64
from datetime import timedelta

from hemvist.clock import now
from hemvist.identity import Actor, Membership, Role
from hemvist.tenancy import Audience, tenant_session
from hemvist.units import files as unit_files
from hemvist.units.models import Unit
from hemvist.vacancies import service
from hemvist_api_office import Office
from hemvist_api_ways import Way, opened, register_unit, said
from hemvist_graphql.ids import require_row_id
from hemvist_landlords import organisation_number
from hemvist_vacancies import flat
from hemvist_world import MUNICIPAL


def agreed(office: Office) -> None:
    """An agreement with a term, a note, a meeting, a document, a figure and a home that is placed."""
    officer = office["officer"]
    agreement = officer.do(
        "openAgreement",
        "agreement { id versions { id version } }",
        landlordOrganisationNumber="556012-5790",
        landlordName="Exempelbostäder AB",
        kind="cooperation",
        title="Samarbetsavtal",
        startsOn="2018-01-01",
    )
    [draft] = agreement["versions"]
    named = {"agreementId": agreement["id"]}
    officer.do(
        "changeAgreementVersion",
        "agreementVersion { id terms { id } }",
        agreementVersionId=draft["id"],
        terms=[{"subject": "Svarstid", "written": "Två dagar"}],
        expectedVersion=draft["version"],
    )
    officer.do("noteOnAgreement", "agreementNote { id }", **named, what="Ringde.")
    officer.do(
        "planAgreementMeeting",
        "agreementMeeting { id }",
        **named,
        title="Möte",
        plannedOn="2018-02-01",
    )
    officer.do(
        "addAgreementFile",
        "agreementFile { id }",
        **named,
        name="avtal.pdf",
        contentBase64=base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode(),
    )
    officer.do(
        "recordQuotaBase",
        "quotaBase { id }",
        kind="need",
        homes=80,
        fromOn="2018-01-01",
        source="Boendeplanen",
    )
    units = officer.ask("query Q { units(first: 1) { edges { node { id } } } }")["units"]
    officer.do(
        "placeHomeInQuota",
        "quotaPlacement { id }",
        unitId=units["edges"][0]["node"]["id"],
        because="Räknas inte.",
    )


def shown_and_reported(office: Office) -> None:
    """A picture of a home, and a home that its landlord has reported."""
    officer = office["officer"]
    ask = "query Q { units(first: 1) { edges { node { id files { id } } } } }"
    unit = officer.ask(ask)["units"]["edges"][0]["node"]
    tenant_id = office.ledger.tenant_id
    actor = Actor(tenant_id, None, "Kontoret", frozenset({Membership(Role.PROPERTY_OFFICER, "FF")}))
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = session.find(Unit, require_row_id("Unit", unit["id"]))
        unit_files.add_file(
            session,
            actor,
            unit_id=row.id,
            kind="picture",
            name="kok.png",
            content=b"\x89PNG\r\n\x1a\n" + bytes(40),
        )
        service.report(session, actor, landlord_id=row.landlord_id, **flat())
    assert officer.ask(ask)["units"]["edges"][0]["node"]["files"]
    assert officer.ask("query Q { vacancies { edges { node { id } } } }")["vacancies"]["edges"]


def let_in(office: Office, way: Way) -> None:
    """A landlord's door, opened by two, its first administrator invited, and a paper sent to it."""
    officer, manager = office["officer"], office[way.manager]
    shape = "landlordAccess { id version landlord { id } }"
    door = officer.do(
        "proposeLandlordAccess",
        shape,
        organisationNumber=organisation_number(),
        name=said("Björkbo Fastigheter AB"),
    )
    door = manager.do(
        "openLandlordAccess", shape, accessId=door["id"], expectedVersion=door["version"]
    )
    officer.do(
        "inviteForLandlord",
        "landlordInvitation { id }",
        landlordId=door["landlord"]["id"],
        invited="vera@bjorkbo.example",
        level="administrator",
        kind="person",
    )
    officer.do(
        "sendLandlordPaper",
        "landlordPaper { id }",
        landlordId=door["landlord"]["id"],
        kind="terms",
        title=said("Så arbetar vi"),
        name="villkor.pdf",
        contentBase64=base64.b64encode(b"%PDF-1.7\n%%EOF").decode(),
    )


def matched(office: Office) -> None:
    """Two households with their needs: a matching, and both presented to a landlord."""
    referrals = []
    for _ in range(2):
        way = opened(office)
        referrals.append(way.register(way.referred(), 32)["id"])
        office[way.caseworker].do(
            "stateHomeNeed",
            "homeNeed { id version }",
            caseId=way.case,
            roomsMin=1,
            roomsMax=3,
        )
        office[way.caseworker].do(
            "excludeHomes",
            "homeExclusion { id kind }",
            caseId=way.case,
            kind="area",
            value=said("Hamnen"),
        )
    unit = register_unit(office, way.day(30))
    officer = office["officer"]
    run = officer.do("runMatching", "matchRun { id placed }", programme=MUNICIPAL)
    ranks = "query Q($run: ID!) { matchRanks(runId: $run) { edges { node { id case { id } } } } }"
    assert len(officer.ask(ranks, run=run["id"])["matchRanks"]["edges"]) == 2
    officer.do("presentHouseholds", "presentation { id }", unitId=unit["id"], referralIds=referrals)
    _dealt_with_a_landlord(office, way, referrals[1])


def _dealt_with_a_landlord(office: Office, way: Way, referral: str) -> None:
    """A home offered to the last of them: a time for the viewing, and a consent to its name."""
    officer = office["officer"]
    unit = register_unit(office, way.day(30))
    offer = officer.do("makeOffer", "offer { id }", referralId=referral, unitId=unit["id"])
    officer.do(
        "proposeLandlordTime",
        "landlordTime { id }",
        offerId=offer["id"],
        kind="viewing",
        startsAt=(now() + timedelta(days=3)).isoformat(),
    )
    office[way.caseworker].do("recordNameConsent", "nameConsent { id }", offerId=offer["id"])
