"""A kommun of ``tenants/`` over the served API: its people by token, and the way to a contract.

For journeys of any kommun, whose own facts, referral and terms the test gives. Days are given by the
test: offices register afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_api_office import Ledger, Voice, rows_shown
from hemvist_browser import serve_platform
from hemvist_infra.dev_issuer.client import person_token
from hemvist_login import browser
from hemvist_pack_cases import NEW_ACT
from hemvist_workers.handlers import handle
from hemvist_world import HOUSING, ORGANISATION_NUMBER, SUPPORT, a_number

DECISION = """ id kind state version advice conditions { kind text } decidedOn
    legalFindings { flag effect outcome cite message } decidedBy { name } """
REFERRAL = " id state version missing { id } "
UNIT = " id state rentOre landlord { id name } "
OFFER = " id state version unit { id state } "
CONTRACT = """ id form formLabel kind state version signedOn startsOn endsOn rentOre terms waiver
    case { id stage } unit { id state } clauses { kind text }
    parties { role signs department landlord { name } person { givenName } }
    legalFindings { flag effect outcome cite message } wentOnBecause
    guarantee { id kind months startsOn endsOn } """
OBLIGATION = "id code ordinal dueOn state label departments cite version"


@contextmanager
def open_kommun(slug: str, people: Mapping[str, str]) -> Iterator[dict[str, Voice]]:
    """The platform served, and these people of one kommun logged in, by what the test calls them.

    ``people`` are user names of the development issuer. Needs the fixtures ``database`` and ``valkey``.
    """
    with serve_platform() as address, at_kommun(address, slug, people) as office:
        yield office


@contextmanager
def at_kommun(address: str, slug: str, people: Mapping[str, str]) -> Iterator[dict[str, Voice]]:
    """As ``open_kommun``, where the platform is served already."""
    with ExitStack() as stack:
        ledger = Ledger(get_directory().tenant_id(slug))
        stack.callback(ledger.close)
        numbers = count(1)
        yield {
            who: Voice(
                who,
                slug,
                stack.enter_context(browser(address)),
                partial(person_token, address, slug, username),
                ledger,
                [],
                numbers,
            )
            for who, username in people.items()
        }


@dataclass
class Trail:
    """One household's way in a kommun: caseworker, manager and property officer by these names."""

    office: Mapping[str, Voice]
    department: str
    kommun_code: str
    programme: str
    #: What its referral says.
    content: Mapping[str, Any]
    #: Whether the resident signs the referral.
    resident_signs: bool = True
    person: str = ""
    household: str = ""
    case: str = ""

    def open(self, on: date, **facts: Any) -> str:
        """A lone adult registered and a case opened on a day, with these answers; the case's id."""
        caseworker = self.office["caseworker"]
        made = caseworker.do(
            "registerHousehold",
            "household { id members { person { id } } }",
            department=self.department,
            registeredOn=str(on),
            members=[
                {
                    "role": "applicant",
                    "givenName": "Tindra",
                    "familyName": "Testsson",
                    "personalNumber": a_number(date(1984, 2, 29)),
                    "registeredKommun": self.kommun_code,
                    "protection": "none",
                    "protectionCheckedOn": str(on),
                }
            ],
        )
        self.household, self.person = made["id"], made["members"][0]["person"]["id"]
        self.case = caseworker.do(
            "openCase",
            "case { id pack }",
            householdId=self.household,
            department=self.department,
            openedOn=str(on),
        )["id"]
        self.answer(**facts)
        return self.case

    def answer(self, **facts: Any) -> None:
        """What the caseworker answers, with a reason for every judgement."""
        given = [
            {"fact": fact, "value": value, "reason": "Bedömt i samtal.", "source": "samtal"}
            for fact, value in facts.items()
        ]
        self.office["caseworker"].do(
            "answerQuestions", "case { id }", caseId=self.case, answers=given
        )

    def proposal(self, kind: str, on: date, **changes: Any) -> dict[str, Any]:
        """The input of a proposal to grant, on the act of the day."""
        basis = "sol_2025_11_1" if on >= NEW_ACT else "sol_2001_4_1"
        return {
            "caseId": self.case,
            "programme": self.programme,
            "kind": kind,
            "outcome": "granted",
            "legalBasis": [basis],
            "motivation": "Behovet kan inte tillgodoses på annat sätt.",
            "on": str(on),
            **changes,
        }

    def decided(self, kind: str, on: date, **changes: Any) -> dict[str, Any]:
        """Proposed by the caseworker, decided by the manager."""
        proposed = self.office["caseworker"].do(
            "proposeDecision", f"decision {{ {DECISION} }}", **self.proposal(kind, on, **changes)
        )
        return self.office["manager"].do(
            "decide",
            f"decision {{ {DECISION} }}",
            decisionId=proposed["id"],
            expectedVersion=proposed["version"],
            on=str(on),
        )

    def referred(self, on: date) -> dict[str, Any]:
        """Drafted, signed, sent and registered on a day."""
        caseworker = self.office["caseworker"]
        referral = caseworker.do(
            "draftReferral",
            f"referral {{ {REFERRAL} }}",
            caseId=self.case,
            programme=self.programme,
            content=dict(self.content),
            on=str(on),
        )
        assert referral["missing"] == []

        def step(who: str, name: str, **given: Any) -> dict[str, Any]:
            return self.office[who].do(
                name,
                f"referral {{ {REFERRAL} }}",
                referralId=referral["id"],
                expectedVersion=referral["version"],
                **given,
            )

        if self.resident_signs:
            referral = step(
                "caseworker", "recordResidentSignature", personId=self.person, signedOn=str(on)
            )
        referral = step("caseworker", "submitReferral", on=str(on))
        return step("officer", "registerReferral", on=str(on))

    def unit(self, on: date, **changes: Any) -> dict[str, Any]:
        """A flat that is vacant from a day."""
        serial = next(_serial)
        values = {
            "landlordOrganisationNumber": ORGANISATION_NUMBER,
            "landlordName": "Testvärden AB",
            "propertyDesignation": f"Provet {serial}",
            "streetAddress": f"Provgatan {serial}",
            "postalCode": "11820",
            "city": "Provstad",
            "area": "Centrum",
            "apartmentNumber": "1101",
            "source": "rented_in",
            "rooms": 1,
            "sizeM2": 34.5,
            "rentOre": 548_000,
            "floor": 1,
            "lift": True,
            "stepFree": False,
            "adapted": False,
            "availableFrom": str(on),
        }
        return self.office["officer"].do("registerUnit", f"unit {{ {UNIT} }}", **(values | changes))

    def offered(self, referral: dict[str, Any], on: date, **unit: Any) -> dict[str, Any]:
        """A flat offered on a day, and accepted by the department within two days."""
        made = self.office["officer"].do(
            "makeOffer",
            f"offer {{ {OFFER} }}",
            referralId=referral["id"],
            unitId=self.unit(on, **unit)["id"],
            on=str(on),
        )
        return self.office["caseworker"].do(
            "acceptOffer",
            f"offer {{ {OFFER} }}",
            offerId=made["id"],
            expectedVersion=made["version"],
            on=str(min(on + timedelta(days=2), today())),
        )

    def accepted(self, signed_on: date, *, housing: bool = True, **unit: Any) -> dict[str, Any]:
        """Support, referral, a flat and the decision on it, in the forty days before the contract."""

        def day(before: int) -> date:
            return signed_on - timedelta(days=before)

        self.decided(SUPPORT, day(40))
        offer = self.offered(self.referred(day(36)), day(20), **unit)
        if housing:
            self.decided(HOUSING, day(5))
        return offer

    def contract(self, offer: dict[str, Any], on: date, **changes: Any) -> dict[str, Any]:
        """The input of a contract signed on a day, which begins a week later."""
        return {
            "offerId": offer["id"],
            "signedOn": str(on),
            "startsOn": str(on + timedelta(days=7)),
            **changes,
        }

    def signed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The contract registered by the property officer."""
        return self.office["officer"].do("signContract", f"contract {{ {CONTRACT} }}", **given)

    def worked(self) -> None:
        """The worker has done its part of everything that happened in the case."""
        ledger = self.office["caseworker"].ledger
        [row] = rows_shown({"id": self.case}, "Case")
        events = ledger.rows(
            f"SELECT id FROM outbox_events WHERE payload->>'case_id' = '{row}' ORDER BY occurred_at"
        )
        for (event,) in events:
            handle(ledger.tenant_id, event)

    def read(self, selection: str, who: str = "caseworker") -> dict[str, Any]:
        """What somebody reads of the case."""
        found: dict[str, Any] = self.office[who].ask(
            f"query Q($id: ID!) {{ case(id: $id) {{ id {selection} }} }}", id=self.case
        )["case"]
        return found

    def due(self, code: str, state: str = "open") -> list[str]:
        """The days of one duty in a state."""
        rows = self.read(f'obligations(state: ["{state}"]) {{ {OBLIGATION} }}')["obligations"]
        return sorted(row["dueOn"] for row in rows if row["code"] == code)

    def let_the_worker_work(self) -> None:
        """What the worker does with every event of the kommun so far."""
        ledger = self.office["officer"].ledger
        for (event,) in ledger.rows("SELECT id FROM outbox_events ORDER BY occurred_at, id"):
            handle(ledger.tenant_id, event)

    def reached(self, milestone: str, on: date, parties: list[str], who: str = "caseworker") -> str:
        """One milestone recorded; the stage that the case is in then."""
        made = self.office[who].do(
            "recordMilestone",
            "milestone { case { stage } }",
            caseId=self.case,
            milestone=milestone,
            happenedOn=str(on),
            parties=parties,
        )
        stage: str = made["case"]["stage"]
        return stage


_serial = count(1)
