"""The job over GraphQL, step by step, each by the person whose step it is.

What is written about people carries marks that occur nowhere else, so that any trace of it outside
its own columns can be found by searching.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hemvist.clock import today
from hemvist_api_office import Office, rows_shown
from hemvist_pack_cases import NEW_ACT
from hemvist_world import (
    BASIS,
    MUNICIPAL,
    OLD_BASIS,
    ORGANISATION_NUMBER,
    SUPPORT,
    a_number,
)
from hemvist_world import answers as entitling
from hemvist_world import content as whole_content

#: Stands in every text that somebody writes about the household.
MARK = "Zqxmärke"
GIVEN, FAMILY = "Zvanhild", "Qvarnzell"
#: A description, in the schema's fields.
REFERRAL = """ id state version programme validUntil registeredOn completionRequest mayExtend
    content { id value prefill required } missing { id message cite } decision { id }
    signatures { kind person { id givenName } principal { id name } recordedBy { id } }
    replaces { id state } case { id number state } """
DECISION = " id kind state version advice motivation proposedBy { id } decidedBy { id } case { id }"
OFFER = (
    " id state version answerBy case { id } referral { id state } unit { id state streetAddress }"
)
CONTRACT = """ id kind form rentOre terms startsOn case { id } unit { id state }
    guarantee { id months covers startsOn endsOn } """
OBLIGATION = """ id code ordinal dueOn departments by cite state overdue createsPlan version
    agenda { code label } """
PERSON = "id givenName familyName personalNumber birthDate protection version"
HOUSEHOLD = f" id alias version members {{ role person {{ {PERSON} }} }}"
CASEWORKERS = {"SOF-VUX": "caseworker", "AMF": "other caseworker"}
MANAGERS = {"SOF-VUX": "manager", "AMF": "other manager"}
#: The tenant was told that the home is tied to the assistance.
LINK = {"informed_of_link": True, "notice_months": 3}
_serial = count(1)


def said(words: str) -> str:
    """``words`` as somebody writes them of this household."""
    return f"{words} {MARK}"


def marked(values: dict[str, Any]) -> dict[str, Any]:
    """Written content, its texts marked."""
    return {key: said(value) if isinstance(value, str) else value for key, value in values.items()}


@dataclass
class Way:
    """One household on its way, in one programme."""

    office: Office
    programme: str
    first: date
    number: str
    person: str
    household: str
    case: str = ""
    department: str = "SOF-VUX"

    @property
    def caseworker(self) -> str:
        """The caseworker of its department."""
        return CASEWORKERS[self.department]

    @property
    def manager(self) -> str:
        """The manager of its department."""
        return MANAGERS[self.department]

    @property
    def persons(self) -> frozenset[UUID]:
        """The rows of the household's persons."""
        return frozenset(rows_shown({"id": self.person}, "Person"))

    def day(self, after: int) -> str:
        """So many days after first contact."""
        return str(self.first + timedelta(days=after))

    def open_case(self) -> dict[str, Any]:
        """A case with the pack's version pinned."""
        made = self.office[self.caseworker].do(
            "openCase",
            f"case {{ id number state pack packVersion version household {{ {HOUSEHOLD} }} }}",
            householdId=self.household,
            department=self.department,
            openedOn=str(self.first),
        )
        self.case = made["id"]
        return made

    def answer(self, **changes: Any) -> dict[str, Any]:
        """Every question answered, so that the household is entitled."""
        given = [
            {"fact": one.fact, "value": one.value, "reason": said("Bedömt."), "source": "samtal"}
            for one in entitling(self.department, **changes)
        ]
        return self.office[self.caseworker].do(
            "answerQuestions",
            """case { id criteria { rule outcome cite ask { fact } trace { path outcome cite } }
               questions { fact value reason answeredBy { id name } } }""",
            caseId=self.case,
            answers=given,
        )

    def conclude(self, after: int) -> dict[str, Any]:
        """The caseworker's own conclusion beside the engine's."""
        return self.office[self.caseworker].do(
            "concludeAssessment",
            "assessment { id rule outcome conclusion concludedBy { id name } }",
            caseId=self.case,
            rule="entitled",
            conclusion=True,
            reason=said("Villkoren är uppfyllda."),
            on=self.day(after),
        )

    def propose(self, kind: str, after: int) -> dict[str, Any]:
        """The caseworker's proposal."""
        return self.office[self.caseworker].do(
            "proposeDecision",
            f"decision {{ {DECISION} }}",
            caseId=self.case,
            programme=self.programme,
            kind=kind,
            outcome="granted",
            legalBasis=[BASIS if self.day(after) >= str(NEW_ACT) else OLD_BASIS],
            motivation=said("Behovet kan inte tillgodoses på annat sätt."),
            on=self.day(after),
        )

    def decide(self, kind: str, after: int) -> dict[str, Any]:
        """Proposed by one, decided by another."""
        proposal = self.propose(kind, after)
        return self.office[self.manager].do(
            "decide",
            f"decision {{ {DECISION} }}",
            decisionId=proposal["id"],
            expectedVersion=proposal["version"],
            on=self.day(after),
        )

    def draft(self, after: int) -> dict[str, Any]:
        """A referral with one item written."""
        return self.office[self.caseworker].do(
            "draftReferral",
            f"referral {{ {REFERRAL} }}",
            caseId=self.case,
            programme=self.programme,
            content={"household": said("En vuxen.")},
            on=self.day(after),
        )

    def fill_in(self, referral: dict[str, Any], after: int) -> dict[str, Any]:
        """Every item written, and the resident told that there is one offer."""
        return self.step(
            self.caseworker,
            "reviseReferral",
            referral,
            content=marked(whole_content()),
            toldOneOfferOn=self.day(after),
        )

    def sign(self, referral: dict[str, Any], after: int) -> dict[str, Any]:
        """The resident's signature, then the manager's."""
        day = {"signedOn": self.day(after)}
        signed = self.step(
            self.caseworker, "recordResidentSignature", referral, personId=self.person, **day
        )
        return self.step(self.manager, "signReferralAsManager", signed, **day)

    def submit(self, referral: dict[str, Any], after: int) -> dict[str, Any]:
        """Sent to the property office."""
        return self.step(self.caseworker, "submitReferral", referral, on=self.day(after))

    def register(self, referral: dict[str, Any], after: int) -> dict[str, Any]:
        """Taken into the property office's register."""
        return self.step("officer", "registerReferral", referral, on=self.day(after))

    def step(self, who: str, name: str, referral: dict[str, Any], **given: Any) -> dict[str, Any]:
        """A command on a referral at the version that it had."""
        return self.office[who].do(
            name,
            f"referral {{ {REFERRAL} }}",
            referralId=referral["id"],
            expectedVersion=referral["version"],
            **given,
        )

    def referred(self, after: int = 20) -> dict[str, Any]:
        """Decided on, written, signed and sent."""
        self.decide(SUPPORT, after)
        draft = self.fill_in(self.draft(after + 5), after + 5)
        return self.submit(self.sign(draft, after + 6), after + 8)

    def offer(self, referral: dict[str, Any], unit: dict[str, Any], after: int) -> dict[str, Any]:
        """The property office's offer."""
        return self.office["officer"].do(
            "makeOffer",
            f"offer {{ {OFFER} }}",
            referralId=referral["id"],
            unitId=unit["id"],
            on=self.day(after),
        )

    def accept(self, offer: dict[str, Any], after: int) -> dict[str, Any]:
        """The department finds the home suitable."""
        return self.office[self.caseworker].do(
            "acceptOffer",
            f"offer {{ {OFFER} }}",
            offerId=offer["id"],
            viewingOn=self.day(after + 1),
            on=self.day(after),
            expectedVersion=offer["version"],
        )

    def decline(self, offer: dict[str, Any], code: str, after: int) -> dict[str, Any]:
        """The department finds it unsuitable, for a reason of the pack's."""
        return self.office[self.caseworker].do(
            "declineOffer",
            f"offer {{ {OFFER} counts declineCode declineLabel declineReason }}",
            offerId=offer["id"],
            code=code,
            reason=said("Passar inte hushållet."),
            on=self.day(after),
            expectedVersion=offer["version"],
        )

    def contract(self, offer: dict[str, Any], after: int, **given: Any) -> dict[str, Any]:
        """Signed, and begun two days later."""
        return self.office["officer"].do(
            "signContract",
            f"contract {{ {CONTRACT} }}",
            offerId=offer["id"],
            signedOn=self.day(after),
            startsOn=self.day(after + 2),
            **given,
        )

    def obligations(self) -> list[dict[str, Any]]:
        """What is open, by due day."""
        found = self.office[self.caseworker].ask(
            'query Q($id: ID!) { case(id: $id) { id obligations(state: ["open"]) {'
            f" {OBLIGATION} }} }} }}",
            id=self.case,
        )
        rows: list[dict[str, Any]] = found["case"]["obligations"]
        # The law's own alarm before a right to extension is none of the guideline's.
        return [row for row in rows if row["code"] != "tenure_alarm"]

    def follow_up(self, obligation: dict[str, Any], held_on: str) -> dict[str, Any]:
        """What is recorded of a follow-up in the home, but for the plan."""
        return {
            "obligationId": obligation["id"],
            "heldOn": held_on,
            "departments": obligation["departments"],
            "residentTookPart": True,
            "inTheHome": True,
            "agendaDone": [one["code"] for one in obligation["agenda"]],
            "notes": said("Trivs och sköter hemmet."),
            "expectedVersion": obligation["version"],
        }


def begin(
    office: Office,
    programme: str = MUNICIPAL,
    department: str = "SOF-VUX",
    first: date | None = None,
) -> Way:
    """A lone adult registered by the caseworker, long enough ago for follow-ups to be due."""
    first, serial = first or today() - timedelta(days=260), next(_serial)
    number = a_number(date(1979, 4, 5))
    made = office[CASEWORKERS[department]].do(
        "registerHousehold",
        f"household {{ {HOUSEHOLD} }}",
        department=department,
        registeredOn=str(first),
        members=[
            {
                "role": "applicant",
                "givenName": f"{GIVEN}{serial}x",
                "familyName": f"{FAMILY}{serial}x",
                "personalNumber": number,
                "registeredKommun": "1283",
                "protection": "none",
                "protectionCheckedOn": str(first),
            }
        ],
    )
    person = made["members"][0]["person"]
    assert person["personalNumber"] == f"{number[:8]}-{number[8:]}"
    return Way(office, programme, first, number, person["id"], made["id"], department=department)


def opened(office: Office, programme: str = MUNICIPAL, department: str = "SOF-VUX") -> Way:
    """A household with a case whose questions are answered."""
    way = begin(office, programme, department)
    way.open_case()
    way.answer()
    return way


def register_unit(office: Office, available: str, slug: str = "helsingborg") -> dict[str, Any]:
    """A vacant flat of a kommun's property office."""
    serial = next(_serial)
    people = {"helsingborg": office.helsingborg, "karlstad": office.karlstad}[slug]
    return people["officer"].do(
        "registerUnit",
        "unit { id state version rentOre landlord { id name } offers { id } }",
        **unit_input(serial, available),
    )


def unit_input(serial: int, available: str) -> dict[str, Any]:
    """A flat as the API takes one."""
    return {
        "landlordOrganisationNumber": ORGANISATION_NUMBER,
        "landlordName": "Testvärden AB",
        "propertyDesignation": f"Gränssnittet {serial}",
        "streetAddress": f"Gränssnittsgatan {serial}",
        "postalCode": "25220",
        "city": "Helsingborg",
        "area": "Söder",
        "apartmentNumber": "1101",
        "source": "rented_in",
        "rooms": 2,
        "sizeM2": 51.5,
        "rentOre": 612_300,
        "floor": 1,
        "lift": True,
        "stepFree": False,
        "adapted": False,
        "availableFrom": available,
    }
