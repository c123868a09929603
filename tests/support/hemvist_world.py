"""A kommun with people in it, and short ways to the point that a test is about.

Everything is done through the services, as the audience ``hemvist_staff``, one transaction per act.
Numbers are Skatteverket's test numbers (birth numbers 980–999) and organisation numbers are invented.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import select

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import real_now, today
from hemvist.contracts.models import Contract
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.errors import HemvistError
from hemvist.guarantees import service as guarantees
from hemvist.households import service as households
from hemvist.households.models import Household, HouseholdMember
from hemvist.households.service import NewMember
from hemvist.identity import Actor, Membership, Role
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist.referrals.models import Referral
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.units import service as units
from hemvist.units.models import Unit
from hemvist_testing import new_tenant

PACK = "helsingborg/bostadssociala-lagenheter"
MUNICIPAL = "municipal_contract"
GUARANTEE = "rent_guarantee"
SUPPORT = "support_to_obtain_housing"
HOUSING = "housing"
#: Legal basis in force now, and the one it replaced on 2025-07-01.
BASIS = "sol_2025_11_1"
OLD_BASIS = "sol_2001_4_1"
ORGANISATION_NUMBER = "5590000005"

_serial = count()


def a_number(born: date, *, coordination: bool = False) -> str:
    """A test number nobody else in this session has, twelve digits."""
    while True:
        position = next(_serial)
        shifted = born + timedelta(days=position // 20)
        day = shifted.day + (60 if coordination else 0)
        ten = f"{shifted:%y%m}{day:02}{980 + position % 20}"
        digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten)]
        control = -sum(value - 9 if value > 9 else value for value in digits) % 10
        return f"{shifted.year // 100}{ten}{control}"


def adult(role: str = "applicant", **changes: Any) -> NewMember:
    """Somebody registered in Helsingborg, protection checked and none, unless changed."""
    values: dict[str, Any] = {
        "role": role,
        "given_name": "Alva",
        "family_name": "Testsson",
        "personal_number": a_number(date(1985, 3, 14)),
        "registered_kommun": "1283",
        "protection": "none",
        "protection_checked_on": today() - timedelta(days=400),
    }
    return NewMember(**{**values, **changes})


def child(**changes: Any) -> NewMember:
    """A child of school age."""
    return adult("child", personal_number=a_number(date(2015, 5, 2)), given_name="Milo", **changes)


def answers(department: str, *, children: bool = False, **changes: Any) -> list[NewAnswer]:
    """Answers that make a household entitled in ``department``; ``changes`` overrides values."""
    given: dict[str, Any] = {
        "current_housing": "no_home",
        "lacks_roof": True,
        "has_own_contract": False,
        "need_met_otherwise": False,
        "assistance_reasonable": True,
        "manages_home": "with_support",
        "combined_difficulties": True,
        "debts_ore": 0,
        "own_ways_exhausted": True,
        "searched_other_kommuner": True,
        "searched_second_hand": True,
        "has_guarantor": False,
        "vulnerable_groups": ["family_measures"] if children else ["addiction"],
        "has_contact_children": False,
        "manages_first_hand_lease": True,
        "needs_adapted_home": False,
        "has_unsuitable_area": False,
        "has_other_contacts": False,
    }
    if department == "AMF":
        given |= {
            "has_economic_assistance": True,
            "homeless_for_economic_reasons": True,
            "lacks_economic_means": True,
            "needs_extensive_support": False,
        }
    if children:
        given |= {
            "child_perspective_weighed": True,
            "child_consequences_weighed": True,
            "child_needs_weighed": True,
        }
    given |= changes
    return [NewAnswer(fact, value, "Bedömt i samtal.", "samtal") for fact, value in given.items()]


def content(*, children: bool = False) -> dict[str, Any]:
    """Referral content that is whole but for what the decision fills in."""
    filled = {
        "household": "Ensamstående vuxen.",
        "home_size": "Ett rum och kök.",
        "present_housing": "Sover hos bekanta.",
        "housing_history": "Hade hyresrätt till 2023.",
        "housing_support": "Boendestöd två gånger i veckan.",
        "means_of_support": "Sjukersättning.",
        "debt_picture": "Inga skulder.",
    }
    return filled | ({"school": "Klass 4, trivs."} if children else {})


PLAN: dict[str, Any] = {
    "way_forward": "Söka bostad hos två värdar i månaden.",
    "to_work_on": "Sköta tvättstugan.",
    "support_needs": "Påminnelser om räkningar.",
    "matches_decision": True,
    "goal_own_lease": True,
    "sub_goals": "Betalplan klar till våren.",
    "follow_up_how": "Hembesök.",
    "follow_up_when": "Var tredje månad.",
    "housing_support": "Boendestöd en gång i veckan.",
}


@dataclass
class World:
    """A kommun: its id, its people by name, and acts by them."""

    tenant_id: UUID
    people: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    @contextmanager
    def session(
        self, actor: Actor | None = None, audience: Audience = Audience.STAFF
    ) -> Iterator[TenantSession]:
        """One transaction in this kommun."""
        principal = None if actor is None else actor.principal_id
        with tenant_session(audience, self.tenant_id, principal) as session:
            yield session

    def act(self, who: str | Actor, verb: Callable[..., Any], **arguments: Any) -> Any:
        """One act in a transaction of its own; what the service returned."""
        actor = self.people[who] if isinstance(who, str) else who
        with self.session(actor) as session:
            return verb(session, actor, **arguments)

    def read(self, reader: Callable[[TenantSession], Any]) -> Any:
        """What ``reader`` gives in a transaction of its own."""
        with self.session() as session:
            return reader(session)

    def again(self, row: Any) -> Any:
        """``row`` as it is now."""
        return self.read(lambda session: session.find(type(row), row.id))

    def rows(self, model: Any, **where: Any) -> list[Any]:
        """Every row of ``model`` with these values, oldest first."""
        return list(
            self.read(
                lambda session: session.scalars(
                    select(model).filter_by(**where).order_by(model.id)
                ).all()
            )
        )

    def add(self, name: str, *memberships: Membership) -> Actor:
        """Somebody with a login and these memberships."""
        with self.session() as session:
            principal = known_principal(
                session, issuer="https://issuer.test", subject=name, kind="person", name=name
            )
            refresh_memberships(session, principal, memberships, real_now())
            self.people[name] = actor_for(principal, frozenset(memberships))
        return self.people[name]

    # -- the way through, each step by the person who takes it ----------------------------------

    def household(self, *members: NewMember, department: str = "SOF-VUX", **more: Any) -> Household:
        """Registered by the department's caseworker; a lone adult unless told."""
        more.setdefault("registered_on", today() - timedelta(days=300))
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(department),
            households.register,
            department=department,
            members=members or (adult(),),
            **more,
        )

    def case(
        self,
        *members: NewMember,
        department: str = "SOF-VUX",
        days_ago: int = 200,
        **changes: Any,
    ) -> Case:
        """Opened ``days_ago`` and answered so that the household is entitled; None: no answers."""
        household = self.household(*members, department=department)
        case = self.act(
            caseworker_of(department),
            cases.open_case,
            household_id=household.id,
            department=department,
            opened_on=today() - timedelta(days=days_ago),
        )
        children = any(member.role == "child" for member in members)
        self.act(
            caseworker_of(department),
            assessments.answer_all,
            case_id=case.id,
            answers=answers(department, children=children, **changes),
        )
        return case  # type: ignore[no-any-return]

    def propose(self, case: Case, kind: str = SUPPORT, **changes: Any) -> Decision:
        """The caseworker's proposal, granted on the basis in force, 150 days ago unless told."""
        values: dict[str, Any] = {
            "programme": MUNICIPAL,
            "kind": kind,
            "outcome": "granted",
            "legal_basis": [BASIS],
            "motivation": "Behovet kan inte tillgodoses på annat sätt.",
            "on": today() - timedelta(days=150),
        }
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department), decisions.propose, case_id=case.id, **(values | changes)
        )

    def grant(self, case: Case, kind: str = SUPPORT, **changes: Any) -> Decision:
        """Proposed and, the same day, decided by the manager."""
        proposal = self.propose(case, kind, **changes)
        return self.act(  # type: ignore[no-any-return]
            manager_of(case.department),
            decisions.decide,
            decision_id=proposal.id,
            expected_version=proposal.version,
            on=proposal.proposed_on,
        )

    def draft(self, case: Case, programme: str = MUNICIPAL, **changes: Any) -> Referral:
        """A draft with whole content, drafted 140 days ago, the resident told of the one offer."""
        day = today() - timedelta(days=140)
        draft = self.act(
            caseworker_of(case.department),
            referrals.draft,
            case_id=case.id,
            programme=programme,
            on=day,
        )
        values: dict[str, Any] = {"content": content(), "told_one_offer_on": day}
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department),
            referrals.revise,
            referral_id=draft.id,
            expected_version=draft.version,
            **(values | changes),
        )

    def sign(self, referral: Referral, case: Case) -> Referral:
        """Signed by the applicant and by the manager, on the day it was drafted."""
        applicant = self.applicant(case)
        signed = self.act(
            caseworker_of(case.department),
            signing.record_resident_signature,
            referral_id=referral.id,
            person_id=applicant,
            signed_on=referral.drafted_on,
            expected_version=referral.version,
        )
        return self.act(  # type: ignore[no-any-return]
            manager_of(case.department),
            signing.sign_as_manager,
            referral_id=referral.id,
            signed_on=referral.drafted_on,
            expected_version=signed.version,
        )

    def submitted(self, case: Case, programme: str = MUNICIPAL, **changes: Any) -> Referral:
        """Granted, drafted, signed and submitted 130 days ago."""
        self.grant(case, programme=programme)
        referral = self.sign(self.draft(case, programme, **changes), case)
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department),
            referrals.submit,
            referral_id=referral.id,
            expected_version=referral.version,
            on=today() - timedelta(days=130),
        )

    def registered(
        self, case: Case, programme: str = MUNICIPAL, days_ago: int = 120, **changes: Any
    ) -> Referral:
        """Submitted, and registered by the property office."""
        referral = self.submitted(case, programme, **changes)
        return self.act(  # type: ignore[no-any-return]
            "property",
            referrals.register,
            referral_id=referral.id,
            expected_version=referral.version,
            on=today() - timedelta(days=days_ago),
        )

    def unit(self, **changes: Any) -> Unit:
        """A vacant flat at an address of its own."""
        position = next(_serial)
        values: dict[str, Any] = {
            "landlord_organisation_number": ORGANISATION_NUMBER,
            "landlord_name": "Testvärden AB",
            "property_designation": f"Provet {position}",
            "street_address": f"Provgatan {position}",
            "postal_code": "25220",
            "city": "Helsingborg",
            "area": "Prov",
            "apartment_number": "1101",
            "source": "rented_in",
            "rooms": 1,
            "size_m2": 34.5,
            "rent_ore": 550_000,
            "floor": 1,
            "lift": False,
            "step_free": False,
            "adapted": False,
            "available_from": today() - timedelta(days=30),
        }
        return self.act("property", units.register, **(values | changes))  # type: ignore[no-any-return]

    def offer(self, referral: Referral, unit: Unit | None = None, **changes: Any) -> Offer:
        """Made by the property office 100 days ago."""
        values: dict[str, Any] = {
            "unit_id": (unit or self.unit()).id,
            "on": today() - timedelta(days=100),
        }
        return self.act(  # type: ignore[no-any-return]
            "property", offers.make, referral_id=referral.id, **(values | changes)
        )

    def accepted(self, case: Case, referral: Referral) -> Offer:
        """Made, and accepted by the department 95 days ago."""
        offer = self.offer(referral)
        return self.act(  # type: ignore[no-any-return]
            caseworker_of(case.department),
            offers.accept,
            offer_id=offer.id,
            expected_version=offer.version,
            on=today() - timedelta(days=95),
        )

    def contract(self, offer: Offer, **changes: Any) -> Contract:
        """Signed 90 days ago, beginning 85 days ago."""
        day = today() - timedelta(days=90)
        values: dict[str, Any] = {
            "signed_on": day,
            "starts_on": day + timedelta(days=5),
            "told_of_link_on": day,
        }
        return self.act(  # type: ignore[no-any-return]
            "property", guarantees.sign_contract, offer_id=offer.id, **(values | changes)
        )

    def housed(self, case: Case, **changes: Any) -> Decision:
        """The whole way in the programme of a municipal contract; the decision on the housing."""
        self.contract(self.accepted(case, self.registered(case, **changes)))
        return self.grant(case, HOUSING, on=today() - timedelta(days=88), **changes)

    def applicant(self, case: Case) -> UUID:
        """The person who applies."""
        member = self.rows(HouseholdMember, household_id=case.household_id, role="applicant")[0]
        person: UUID = member.person_id
        return person


def caseworker_of(department: str) -> str:
    """Name of the department's caseworker."""
    return f"caseworker {department}"


def manager_of(department: str) -> str:
    """Name of the department's manager."""
    return f"manager {department}"


def adopt(tenant_id: UUID, pack: str = PACK, since: date = date(2018, 7, 1)) -> None:
    """Let the kommun work by ``pack``; needs the fixture ``database``."""
    from hemvist.ids import new_id

    with as_owner(tenant_id) as connection:
        connection.execute(
            "INSERT INTO pack_adoptions (tenant_id, id, pack, since) VALUES (%s, %s, %s, %s)",
            (tenant_id, new_id(), pack, since),
        )


@contextmanager
def as_owner(tenant_id: UUID) -> Iterator[psycopg.Connection]:
    """The owner inside one tenant, for arranging. Row security holds for the owner too."""
    with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"]) as connection:
        connection.execute("SELECT set_config('hemvist.tenant_id', %s, true)", (str(tenant_id),))
        yield connection


def new_world(*, pack: str | None = PACK, departments: Mapping[str, str] | None = None) -> World:
    """A fresh kommun with a caseworker and a manager per department, and a property officer."""
    tenant_id = new_tenant()
    if pack is not None:
        adopt(tenant_id, pack)
    return peopled(tenant_id, departments)


def peopled(tenant_id: UUID, departments: Iterable[str] | None = None) -> World:
    """A kommun that there is, with the same people in it."""
    world = World(tenant_id)
    for department in departments or ("SOF-VUX", "SOF-BUF", "AMF", "VOF"):
        world.add(caseworker_of(department), Membership(Role.CASEWORKER, department))
        world.add(manager_of(department), Membership(Role.DEPARTMENT_MANAGER, department))
    world.add("property", Membership(Role.PROPERTY_OFFICER, "FF"))
    return world


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What simultaneous calls gave: a result each, or the error told to the caller."""
    start = threading.Barrier(len(acts))
    outcomes: list[Any] = []

    def run(act: Callable[[], Any]) -> None:
        start.wait()
        try:
            outcomes.append(act())
        except HemvistError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
