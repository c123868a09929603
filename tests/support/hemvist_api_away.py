"""A household that goes elsewhere, and what nobody may see: moves, other kommuner, secrecy, handover."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hemvist.circles import glass
from hemvist.clock import real_now, today
from hemvist.identity import Membership, Role, get_directory
from hemvist.identity.models import Principal
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.tenancy import Audience, tenant_session
from hemvist_api_office import Office
from hemvist_api_ways import Way, opened, register_unit, said


def asked_of_another_kommun(office: Office, way: Way) -> None:
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


def has_to_move(office: Office) -> None:
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


def kept_secret(office: Office, way: Way) -> None:
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


def on_its_way_out(office: Office, way: Way) -> None:
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
