"""What a kommun does beside the main line: needs, matching, appeals, money, letters, absence.

One act of each kind, so that the API has shown an id of every type there is.
"""

from __future__ import annotations

import base64
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from hemvist.authority_forms.running import count
from hemvist.circles import glass
from hemvist.clock import now, real_now, today
from hemvist.identity import Actor, Membership, Role, get_directory
from hemvist.identity.models import Principal
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.log_reviews import drawing
from hemvist.retention.models import ThinningItem
from hemvist.tenancy import Audience, tenant_session
from hemvist.units import files as unit_files
from hemvist.units.models import Unit
from hemvist.vacancies import service
from hemvist_api_arrears import in_arrears
from hemvist_api_office import Office
from hemvist_api_ways import Way, opened, register_unit, said
from hemvist_commissions import given_support
from hemvist_graphql.ids import require_row_id
from hemvist_landlords import organisation_number
from hemvist_not_held import visited
from hemvist_vacancies import flat
from hemvist_world import MUNICIPAL, PLAN, SUPPORT


def further(office: Office, home: Way, lease: Way) -> None:
    """Beside ``home``, which has a municipal contract, and ``lease``, with a guarantee."""
    _matched(office)
    _questioned(office, home)
    _asked_of_another_kommun(office, home)
    _has_to_move(office)
    _kept_secret(office, home)
    _on_its_way_out(office, home)
    _claimed_on(office, lease)
    _reported(office, home)
    visited(office.ledger.tenant_id, require_row_id("Case", home.case))
    _in_trouble(office, home)
    _planned(office, home)
    _supported(office, home)
    in_arrears(office, home)
    _shown_and_reported(office)
    _let_in(office, home)
    agreed(office)
    _log_reviewed(office)
    _thinned(office, home)
    _compared(office)


def _log_reviewed(office: Office) -> None:
    """A sample of what was looked at this month, and a look of it that is signed off."""
    with tenant_session(Audience.WORKER, office.ledger.tenant_id) as session:
        drawing.draw(session, today())
    reviewer = office["log reviewer"]
    found = reviewer.ask("query Q { logLooks { edges { node { id version } } } }")["logLooks"]
    [one, *_] = [edge["node"] for edge in found["edges"]]
    reviewer.do(
        "reviewLook",
        "logLook { id state }",
        lookId=one["id"],
        verdict="signed_off",
        expectedVersion=one["version"],
    )


def _thinned(office: Office, home: Way) -> None:
    """A hold on a case, and a thinning that is proposed, of which a case is known."""
    officer = office["policy officer"]
    officer.do(
        "placeRetentionMark",
        "retentionMark { id reason }",
        caseId=home.case,
        kind="hold",
        reason="Tillsyn.",
    )
    run = officer.do("proposeThinning", "thinningRun { id state }")
    with tenant_session(Audience.WORKER, office.ledger.tenant_id) as session:
        session.add(
            ThinningItem(
                run_id=require_row_id("ThinningRun", run["id"]),
                case_id=require_row_id("Case", home.case),
                department="SOF-VUX",
                number_hash="0" * 64,
                rule="after_last_note",
                due_on=today(),
                done_by=today(),
            )
        )
    officer.ask("query Q { thinningItems { edges { node { id } } } }")


def _compared(office: Office) -> None:
    """A comparison with other kommuner that is proposed."""
    office["policy officer"].do(
        "proposeComparison", "indicatorSharing { id state }", comparison="ways"
    )


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


def _shown_and_reported(office: Office) -> None:
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


def _let_in(office: Office, way: Way) -> None:
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


def _matched(office: Office) -> None:
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


def _questioned(office: Office, way: Way) -> None:
    """An appeal, an effort to carry the decision out, the quarter's report, and a letter."""
    voice, manager = office[way.caseworker], office[way.manager]
    query = (
        "query Q($id: ID!) { case(id: $id) { decisions { id kind decidedOn } contracts { id } } }"
    )
    case = voice.ask(query, id=way.case)["case"]
    decision = next(one for one in case["decisions"] if one["kind"] == SUPPORT)
    voice.do(
        "receiveAppeal",
        "appeal { id state }",
        decisionId=decision["id"],
        how="letter",
        asks=said("Vill bo kvar."),
    )
    voice.do(
        "recordExecutionEffort",
        "executionEffort { id }",
        decisionId=decision["id"],
        kind="other",
        obstacle="other",
        notes=said("Ringde värden."),
    )
    decided = date.fromisoformat(decision["decidedOn"])
    manager.do(
        "requestExecutionReport",
        "executionReport { id quarter }",
        department=way.department,
        quarter=f"{decided.year}-Q{(decided.month + 2) // 3}",
    )
    _formed(office, way)
    office["officer"].do(
        "draftLetter",
        "letter { id kind }",
        caseId=way.case,
        kind="contract",
        subjectId=case["contracts"][0]["id"],
    )


def _formed(office: Office, way: Way) -> None:
    """An authority's form of the department, counted by the worker, and an answer in it."""
    manager = office[way.manager]
    form = manager.do(
        "prepareAuthorityForm",
        "authorityForm { id }",
        form="boverket_market",
        department=way.department,
        # The year that runs: the homes that are let today are in it.
        period=str(today().year),
    )
    with tenant_session(Audience.WORKER, office.ledger.tenant_id) as session:
        count(session, require_row_id("AuthorityForm", form["id"]))
    made = manager.ask(
        "query ($id: ID!) { form: node(id: $id) { ... on AuthorityForm { version state } }"
        " authorityFormLines(authorityFormId: $id) { edges { node { id } } } }",
        id=form["id"],
    )
    manager.do(
        "answerAuthorityForm",
        "authorityForm { id }",
        authorityFormId=form["id"],
        question="remarks",
        value=said("Lagt ihop för hand."),
        expectedVersion=made["form"]["version"],
    )


def _asked_of_another_kommun(office: Office, way: Way) -> None:
    """A request that another kommun takes the case over, sent by the manager."""
    asked = office[way.caseworker].do(
        "openKommunRequest",
        "kommunRequest { id version steps { id } }",
        caseId=way.case,
        kind="takeover",
        direction="outgoing",
        counterpart="0680",
        functionAddress="stod@jonkoping.example",
        reasons=said("Familjen finns där."),
        wish="wants",
    )
    office[way.manager].do(
        "sendKommunRequest",
        "kommunRequest { id state steps { id kind } }",
        kommunRequestId=asked["id"],
        expectedVersion=asked["version"],
    )


def _have_logged_in(slug: str, names: list[str]) -> None:
    """Their role is known to others from their first login to the portal; a token says it of now."""
    with tenant_session(Audience.STAFF, get_directory().tenant_id(slug)) as session:
        for principal in session.scalars(
            select(Principal).where(Principal.display_name.in_(names))
        ).all():
            earned = [Membership(Role.TRANSFER_COORDINATOR)]
            refresh_memberships(session, principal, earned, real_now())


def _has_to_move(office: Office) -> None:
    """A household that asks a network for a home elsewhere, and a flat for another, by the named."""
    coordinators = [office[who] for who in ("coordinator", "other coordinator")]
    # Somebody is known from the first time that they are here.
    names = [voice.ask("query Q { me { name } }")["me"]["name"] for voice in coordinators]
    _have_logged_in(coordinators[0].slug, names)
    administrator = office["administrator"]
    asked = "query Q { transferOffice { memberships { code } coordinators { id } } }"
    found = administrator.ask(asked)["transferOffice"]
    [network] = [one["code"] for one in found["memberships"]]
    assert len(found["coordinators"]) == len(coordinators)
    for one in found["coordinators"]:
        administrator.do(
            "nameTransferPerson",
            "transferNaming { id }",
            network=network,
            principalId=one["id"],
            role="operative",
        )
    way = opened(office)
    request = office[way.caseworker].do(
        "prepareTransferRequest",
        "transferRequest { id version }",
        caseId=way.case,
        network=network,
        urgency="normal",
        minRooms=2,
        maxExtraRooms=1,
        stepFree=False,
    )
    coordinators[0].do(
        "openTransferRequest",
        "transferRequest { id state }",
        transferRequestId=request["id"],
        expectedVersion=request["version"],
    )
    unit = register_unit(office, way.day(0))
    coordinators[0].do(
        "offerToNetwork",
        "transferOffer { id state }",
        network=network,
        unitId=unit["id"],
        lastOn=str(today() + timedelta(days=90)),
    )


def _kept_secret(office: Office, way: Way) -> None:
    """A consent, what was told by it, and a case that is closed to a circle and broken open."""
    caseworker, manager = office[way.caseworker], office[way.manager]
    told_to = {"recipientKind": "provider", "recipient": "Fridhem"}
    consent = caseworker.do(
        "giveSecrecyConsent",
        "secrecyConsent { id person { id } }",
        caseId=way.case,
        personId=way.person,
        **told_to,
        scope=["contact"],
        given="written",
    )
    caseworker.do(
        "discloseOverBorder",
        "secrecyDisclosure { id consent { id } }",
        caseId=way.case,
        ground="consent",
        **told_to,
        fields=["contact"],
        secrecyConsentId=consent["id"],
    )
    shut = opened(office)
    ask = "query Q($id: ID!) { case(id: $id) { version number handler { id } openings { id } } }"
    case = manager.ask(ask, id=shut.case)["case"]
    manager.do(
        "closeToCircle",
        "caseCircle { id members { person { id } } }",
        caseId=shut.case,
        members=[case["handler"]["id"]],
        reason=said("Hot mot den sökande."),
        expectedVersion=case["version"],
    )
    # Nobody else of the department logs in here.
    tenant_id = office.ledger.tenant_id
    with tenant_session(Audience.STAFF, tenant_id) as session:
        stranger = known_principal(
            session, issuer="https://issuer.test", subject="jour", kind="person", name="Jouren"
        )
        memberships = frozenset({Membership(Role.CASEWORKER, shut.department)})
        actor = actor_for(stranger, memberships)
    with tenant_session(Audience.STAFF, tenant_id, actor.principal_id) as session:
        glass.break_glass(session, actor, number=case["number"], reason=said("Hon ringer."))
    assert manager.ask(ask, id=shut.case)["case"]["openings"]


def _on_its_way_out(office: Office, way: Way) -> None:
    """Time away from the home, and a step towards the resident's own lease."""
    query = """query Q($id: ID!) { case(id: $id) { contracts { id startsOn }
        takeovers { id state contract { id } } } }"""
    case = office[way.caseworker].ask(query, id=way.case)["case"]
    contract, takeover = case["contracts"][0], case["takeovers"][0]
    office["officer"].do(
        "recordAbsence",
        "absence { id reason }",
        contractId=contract["id"],
        beganOn=contract["startsOn"],
        reason="hospital",
    )
    office["officer"].do(
        "takeTakeoverStep",
        "takeoverStep { id }",
        takeoverId=takeover["id"],
        step="told",
    )


def _claimed_on(office: Office, way: Way) -> None:
    """The landlord's claim, paid, asked back of the household, a part of it to be written off."""
    officer, manager = office["officer"], office[way.manager]
    query = "query Q($id: ID!) { case(id: $id) { guarantees { id version startsOn rentOre } } }"
    guarantee = officer.ask(query, id=way.case)["case"]["guarantees"][0]
    money, on = guarantee["rentOre"], guarantee["startsOn"]
    claim: dict[str, Any] = officer.do(
        "registerGuaranteeClaim",
        "guaranteeClaim { id version }",
        guaranteeId=guarantee["id"],
        kind="rent",
        amountOre=money,
        periodFrom=on,
        periodTo=way.day(75),
        documents=[{"kind": "rent_statement", "title": said("Hyresavi")}],
    )
    claim = manager.do(
        "decideGuaranteeClaim",
        "guaranteeClaim { id version }",
        guaranteeClaimId=claim["id"],
        outcome="approved",
        approvedOre=money,
        motivation=said("Hyran är obetald."),
        expectedVersion=claim["version"],
    )
    officer.do(
        "payGuaranteeClaim",
        "guaranteeClaim { id version }",
        guaranteeClaimId=claim["id"],
        amountOre=money,
        expectedVersion=claim["version"],
    )
    guarantee = officer.ask(query, id=way.case)["case"]["guarantees"][0]
    owed = officer.do(
        "demandRecourse",
        "guaranteeRecourse { id version }",
        guaranteeId=guarantee["id"],
        amountOre=money,
        instalments=[{"dueOn": way.day(400), "amountOre": money}],
        expectedVersion=guarantee["version"],
    )
    officer.do(
        "proposeWriteOff",
        "guaranteeWriteOff { id }",
        guaranteeRecourseId=owed["id"],
        amountOre=1_000,
        reason=said("Saknar betalningsförmåga."),
        expectedVersion=owed["version"],
    )


def _planned(office: Office, way: Way) -> None:
    """Another version of the plan with a goal, agreed and gone through."""
    voice = office[way.caseworker]
    plan = voice.do(
        "draftPlan",
        "supportPlan { id version goals { id } }",
        caseId=way.case,
        content=PLAN,
        ownWords=said("Jag vill bo kvar."),
        goals=[{"goal": said("Sova"), "parts": [{"goal": said("Lugna kvällar")}]}],
    )
    plan = voice.do(
        "agreePlan",
        "supportPlan { id version goals { id } }",
        planId=plan["id"],
        expectedVersion=plan["version"],
    )
    voice.do(
        "reviewPlan",
        "planReview { id }",
        planId=plan["id"],
        outcome="to_be_changed",
        parties=["resident", "caseworker"],
        expectedVersion=plan["version"],
    )


def _supported(office: Office, way: Way) -> None:
    """A provider's commission and its report, as the caseworker reads them."""
    given_support(office.ledger.tenant_id, require_row_id("Case", way.case))
    query = """query Q($id: ID!) { case(id: $id) { commissions {
        id provider { id name } reports { id state } } } }"""
    [commission] = office[way.caseworker].ask(query, id=way.case)["case"]["commissions"]
    assert commission["provider"] and commission["reports"]


def _reported(office: Office, way: Way) -> None:
    """A landlord's report of a disturbance, judged, with the promise that it starts."""
    voice = office[way.caseworker]
    incident = voice.do(
        "reportIncident",
        "incident { id version clocks { id } }",
        caseId=way.case,
        kind="disturbance",
        reportedBy="landlord",
        channel="phone",
        what=said("Hög musik om nätterna."),
        happenedOn=way.day(85),
    )
    voice.do(
        "assessIncident",
        "incident { id severity }",
        incidentId=incident["id"],
        severity="minor",
        reason=said("Första gången."),
        childrenNote=said("Inga barn var hemma."),
        expectedVersion=incident["version"],
    )


def _in_trouble(office: Office, way: Way) -> None:
    """A ladder with a meeting that is called, an action of a plan, another landlord's eviction."""
    officer = office["officer"]
    ladder = officer.do(
        "openLadder",
        "ladder { id version }",
        caseId=way.case,
        ground="misconduct",
        severity="serious",
        severityReason=said("Tre anmälningar på en vecka."),
        about=said("Hög musik om nätterna."),
        openedOn=way.day(86),
    )

    def step(command: str, selection: str, **given: Any) -> Any:
        now = officer.ask("query Q($id: ID!) { ladder(id: $id) { version } }", id=ladder["id"])
        version = now["ladder"]["version"]
        return officer.do(
            command, selection, ladderId=ladder["id"], expectedVersion=version, **given
        )

    step(
        "callMeeting",
        "jointMeeting { id }",
        called=["resident", "property"],
        meetsOn=way.day(92),
        calledOn=way.day(88),
        place=said("Rådhuset"),
    )
    step(
        "makeActionPlan",
        "ladder { actions { id } }",
        actions=[{"what": said("Sänker volymen."), "owner": "resident", "dueOn": way.day(99)}],
        agreedOn=way.day(92),
    )
    applied = step("applyForEviction", "eviction { id version }", byLandlord=True)
    officer.do(
        "setEvictionDate",
        "eviction { id }",
        evictionId=applied["id"],
        evictsOn=str(today() + timedelta(days=30)),
        expectedVersion=applied["version"],
    )
    # It is to be confirmed the same day.
    query = "query Q($id: ID!) { case(id: $id) { serviceClocks { id code } } }"
    assert office[way.caseworker].ask(query, id=way.case)["case"]["serviceClocks"]
