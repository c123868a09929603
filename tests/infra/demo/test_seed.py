"""The demo kommuner: whole, the same every time, valid to the last digit, and never in production."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from personnummer.personnummer import Personnummer
from sqlalchemy import func, select

from hemvist.assessments import service as assessments
from hemvist.assessments.models import Assessment
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import now, today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.errors import HemvistError
from hemvist.follow_ups.models import FollowUp
from hemvist.guarantees.models import Guarantee
from hemvist.handovers.models import Handover
from hemvist.households.models import Household, Person
from hemvist.households.service import open_number
from hemvist.identity import Role
from hemvist.identity.models import Principal
from hemvist.landlords.landlord_views import KOMMUNER as KOMMUNER_IN_REACH
from hemvist.landlords.models import LandlordMember
from hemvist.landlords.service import check_organisation_number
from hemvist.landlords.session import landlord_session
from hemvist.outbox.models import OutboxEvent
from hemvist.referrals.models import Referral
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist.transfers.models import TransferFunction, TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal
from hemvist.units.landlord_views import UNITS
from hemvist.units.models import Unit
from hemvist_infra import demo
from hemvist_infra.demo import seeding
from hemvist_infra.demo.homes import ACROSS, homes, landlords
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_infra.demo.landlords import landlords_person
from hemvist_infra.demo.numbers import organisation_number, personal_number
from hemvist_infra.demo.population import population
from hemvist_infra.demo.stages import STAGES, homes_needed, planned_cases
from hemvist_infra.dev_issuer.people import memberships_in, people_of
from hemvist_registry import discovered
from hemvist_tenants import load_tenants
from hemvist_tenants.config import DepartmentKind
from hemvist_testing import forget_settings, owner_connection
from hemvist_workers.handlers import NOTICES
from hemvist_workers.notifying import HANDLED
from hemvist_workers.relay import PATIENCE, relay_again

SMALL = {"helsingborg": 90, "karlstad": 12}
#: Households of Helsingborg beyond its population: the one that fled there.
MOVED_HERE = 1


def nothing(done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def seeded(database: str) -> dict[str, UUID]:
    """The small demo; the kommuner's ids by slug."""
    demo.seed(nothing, SMALL)
    with owner_connection() as connection:
        rows = connection.execute("SELECT slug, id FROM tenants").fetchall()
    return {slug: tenant_id for slug, tenant_id in rows if slug in SMALL}


def counts(tenant_id: UUID) -> dict[str, int]:
    """Rows of each kind in a kommun."""
    models = (Household, Person, Case, CaseEvent, Decision, Referral, Unit, Contract, FollowUp)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        return {
            model.__name__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }


def test_every_number_of_the_population_is_a_valid_test_number() -> None:
    people = [
        person
        for slug, kommun in KOMMUNER.items()
        for household in population(slug, kommun.size)
        for person in household.members
    ]
    numbers = [person.number for person in people]
    assert len(people) > 3_000
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        checked = Personnummer(number)
        assert checked.format(long_format=True) == number
        assert 980 <= int(checked.num) <= 999
    kinds = Counter(Personnummer(number).is_coordination_number() for number in numbers)
    assert 20 < kinds[True] < kinds[False] / 10
    protection = Counter(person.protection for person in people)
    assert set(protection) == {
        *("none", "unknown", "secrecy_mark", "protected_registration", "fictitious"),
    }
    assert protection["none"] > 0.9 * len(people)


def test_no_number_that_somebody_may_have_is_made() -> None:
    with pytest.raises(ValueError, match="979"):
        personal_number(date(1990, 1, 1), 979)
    assert personal_number(date(1990, 1, 1), 980) == "199001019802"
    assert personal_number(date(1990, 1, 1), 980, coordination=True)[6:8] == "61"
    with pytest.raises(ValueError):
        organisation_number(1000)


def test_companies_are_invented_and_their_numbers_valid() -> None:
    known = {number: name for slug in KOMMUNER for number, name in landlords(slug)}
    everybody = [number for slug in KOMMUNER for number, _ in landlords(slug)]
    several = {number for number in everybody if everybody.count(number) > 1}
    assert {known[number] for number in several} == {name for _, name, _ in ACROSS}
    assert all(check_organisation_number(number, "x") == number for number in everybody)
    assert all(number.startswith("559999") for number in everybody)


def test_the_same_people_and_flats_every_time() -> None:
    assert population("helsingborg", 50) == population("helsingborg", 50)
    assert population("helsingborg", 80)[:50] == population("helsingborg", 50)
    day = date(2026, 11, 21)
    assert homes("helsingborg", 30, day) == homes("helsingborg", 30, day)
    places = {
        (home.property_designation, home.street_address, home.apartment_number)
        for home in homes("helsingborg", 200, day)
    }
    assert len(places) == 200
    # Another day moves the dates and nobody else: a half-made seeding is found again.
    later = planned_cases(population("helsingborg", 90), day + timedelta(days=1))
    sooner = planned_cases(population("helsingborg", 90), day)
    assert [case.household for case in later] == [case.household for case in sooner]


def test_about_six_hundred_cases_in_the_departments_shares() -> None:
    planned = planned_cases(population("helsingborg", KOMMUNER["helsingborg"].size), today())
    assert 550 <= len(planned) <= 650
    assert {case.stage for case in planned} == set(STAGES)
    by_department = Counter(case.household.department for case in planned)
    assert set(by_department) == {"AMF", "SOF-BUF", "SOF-VUX", "VOF"}
    # What waits for the caseworker of one department: work for a day, not for a month.
    waiting = Counter(case.stage.name for case in planned if case.household.department == "SOF-VUX")
    mine = ("drafting", "signed_by_resident", "offered", "newly_housed", "follow_up_due",
            "follow_up_overdue", "guaranteed_due", "extended", "expired")  # fmt: skip
    assert 5 <= sum(waiting[name] for name in mine) <= 15


def test_each_stage_is_reached_through_the_services(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        referrals = Counter(session.scalars(select(Referral.state)))
        decided = Counter(session.scalars(select(Decision.state)))
        units = Counter(session.scalars(select(Unit.state)))
        guarantees = session.scalars(select(Guarantee)).all()
        overdue = session.scalars(
            select(Obligation).where(Obligation.state == "open", Obligation.due_on < today())
        ).all()
        dates = session.scalars(select(CaseEvent.occurred_on).where(CaseEvent.kind != "moved_in"))
        assert max(dates) <= today()
    assert set(referrals) == {
        *("draft", "submitted", "returned", "registered", "extended", "expired", "withdrawn"),
        "fulfilled",
    }
    assert set(decided) == {"proposed", "returned", "decided"}
    assert set(units) == {"vacant", "offered", "reserved", "let", "returned"}
    assert guarantees
    assert any(obligation.code == "follow_up" for obligation in overdue)


def test_an_entitled_household_is_entitled_by_the_engine(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        granted = session.scalars(
            select(Case)
            .join(Decision, (Decision.tenant_id == Case.tenant_id) & (Decision.case_id == Case.id))
            .where(Decision.outcome == "granted", Case.state == "open")
            .distinct()
        ).all()
        assert granted
        for case in granted:
            said = {one.rule: one.outcome for one in assessments.criteria(session, case, today())}
            responsible = next(rule for rule in said if rule.endswith("_responsible"))
            assert said[responsible] == "true", case.department
            assert said["entitled" if "entitled" in said else "entitled_to_guarantee"] == "true"


def test_elsewhere_the_cases_are_what_the_packs_own_sentences_say(
    seeded: dict[str, UUID],
) -> None:
    there = counts(seeded["karlstad"])
    assert there["Household"] == SMALL["karlstad"] and 3 <= there["Case"] < SMALL["karlstad"]
    with tenant_session(Audience.STAFF, seeded["karlstad"]) as session:
        outcomes = Counter(
            one.outcome.value
            for case in session.scalars(select(Case))
            for one in assessments.criteria(session, case, today())
        )
        signed = session.scalars(select(Assessment.conclusion)).all()
    assert outcomes["true"] and outcomes["false"] and outcomes["unknown"]
    assert signed


@pytest.mark.parametrize("slug", sorted(load_tenants()))
def test_every_kommun_has_people_for_all_its_departments(slug: str) -> None:
    """Those without demo households too: somebody logs in and makes the first."""
    tenant = load_tenants()[slug]
    held = {
        (membership.role, membership.department)
        for person in people_of(slug).values()
        for membership in memberships_in(tenant, person.groups)
    }
    referring = {department.code for department in tenant.departments_of(DepartmentKind.REFERRING)}
    if slug in KOMMUNER:
        assert set(KOMMUNER[slug].makeups) == referring
    for department in referring:
        assert {(Role.CASEWORKER, department), (Role.DEPARTMENT_MANAGER, department)} <= held
    for department in tenant.departments_of(DepartmentKind.PROPERTY):
        assert (Role.PROPERTY_OFFICER, department.code) in held
    # Somebody changes the guideline, and another approves it.
    assert {role for role, _ in held} >= {Role.POLICY_OFFICER, Role.TENANT_ADMIN}
    (name,) = tenant.policy_packs
    departments = discovered().get(name).departments
    assert set(departments) == {department.code for department in tenant.departments}


def test_numbers_are_sealed_like_any_other(seeded: dict[str, UUID]) -> None:
    first = population("helsingborg", 1)[0].applicant
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        persons = session.scalars(select(Person)).all()
        assert first.number in {open_number(person) for person in persons}
        assert not any(first.number.encode() in person.number_sealed for person in persons)


def test_whoever_logs_in_is_the_one_that_acted(seeded: dict[str, UUID]) -> None:
    aida = people_of("helsingborg")["aida.lindqvist"]
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        principal = session.scalars(
            select(Principal).where(Principal.subject == aida.subject)
        ).one()
        assert principal.issuer.endswith("/dev-issuer/helsingborg")
        assert session.scalars(select(Case).where(Case.handler_id == principal.id)).first()


def test_only_what_waits_for_somebody_is_left_to_tell(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.WORKER, seeded["helsingborg"]) as session:
        left = Counter(
            session.scalars(select(OutboxEvent.type).where(OutboxEvent.relayed_at.is_(None)))
        )
    assert set(left) == {
        *("decision_proposed", "referral_submitted", "referral_returned", "offer_made"),
    }
    assert sum(left.values()) < 10


def test_two_kommuner_take_part_in_protected_moves(seeded: dict[str, UUID]) -> None:
    """One household has moved already; of another, each side has its proposal to answer."""
    for slug, requests, offers in (
        ("helsingborg", ["proposed"], ["taken"]),
        ("karlstad", ["moved"], ["proposed"]),
    ):
        with tenant_session(Audience.STAFF, seeded[slug]) as session:
            named = session.scalars(select(TransferFunction)).all()
            assert len({one.principal_id for one in named}) == 2
            assert session.scalars(select(TransferRequest.state)).all() == requests
            assert session.scalars(select(TransferOffer.state)).all() == offers
            waiting = session.scalars(
                select(TransferProposal.side).where(TransferProposal.state == "proposed")
            ).all()
            assert waiting == ["sending" if requests == ["proposed"] else "receiving"]


def test_who_moved_lives_there_under_another_alias(seeded: dict[str, UUID]) -> None:
    """In the other kommun it is another household, with a case and a home that only that one has."""
    halves = {}
    for slug in SMALL:
        with tenant_session(Audience.STAFF, seeded[slug]) as session:
            (row,) = session.scalars(select(Handover)).all()
            case = session.find(Case, row.case_id)
            household = session.find(Household, case.household_id)
            homes = session.scalars(select(Contract.state).where(Contract.case_id == case.id)).all()
            halves[slug] = (row, household, homes)
    (left, before, none), (came, after, home) = halves["karlstad"], halves["helsingborg"]
    assert (left.side, left.state, came.side, came.state) == (
        *("sending", "moved"),
        *("receiving", "moved"),
    )
    assert left.moved_on == came.moved_on == today()
    assert (none, home) == ([], ["signed"])
    assert after.id != before.id and after.alias != before.alias


def test_what_was_told_is_not_told_again(seeded: dict[str, UUID]) -> None:
    told = (OutboxEvent.type.in_(HANDLED), OutboxEvent.relayed_at.is_not(None))
    with tenant_session(Audience.WORKER, seeded["helsingborg"]) as session:
        assert session.scalar(select(func.count()).select_from(OutboxEvent).where(*told))
    later = now() + PATIENCE + timedelta(seconds=1)
    assert relay_again(seeded["helsingborg"], {NOTICES: HANDLED}, later) == 0


def test_a_second_seeding_does_nothing(seeded: dict[str, UUID]) -> None:
    before = {slug: counts(tenant_id) for slug, tenant_id in seeded.items()}
    told: list[tuple[int, int]] = []
    demo.seed(lambda done, total: told.append((done, total)), SMALL)
    assert {slug: counts(tenant_id) for slug, tenant_id in seeded.items()} == before
    assert told[-1][0] == told[-1][1] > 0


def test_a_stopped_seeding_goes_on_where_it_stood(
    seeded: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = {"helsingborg": 130, "karlstad": 20}
    flats = homes_needed(planned_cases(population("helsingborg", 130), today()), 28)
    stopped = flats + SMALL["helsingborg"] + 10

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > stopped:
            raise Stop

    monkeypatch.setattr(seeding, "_HOUSEHOLDS_AT_ONCE", 7)
    with pytest.raises(Stop):
        demo.seed(stop, larger)
    half = counts(seeded["helsingborg"])["Household"]
    assert SMALL["helsingborg"] < half < larger["helsingborg"]
    demo.seed(nothing, larger)
    assert counts(seeded["helsingborg"])["Household"] == larger["helsingborg"] + MOVED_HERE
    assert counts(seeded["karlstad"])["Household"] == larger["karlstad"]


def test_a_batch_that_fails_leaves_nothing_of_itself(
    seeded: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(seeded["helsingborg"])
    monkeypatch.setattr(seeding, "_register", _failing_after(3))
    with pytest.raises(RuntimeError, match="pulled"):
        demo.seed(nothing, {"helsingborg": 140, "karlstad": 20})
    assert counts(seeded["helsingborg"]) == before


def _failing_after(number: int):  # type: ignore[no-untyped-def]
    whole, seen = seeding._register, []

    def register(*arguments: object) -> None:
        seen.append(arguments)
        if len(seen) > number:
            raise RuntimeError("the plug was pulled")
        whole(*arguments)  # type: ignore[arg-type]

    return register


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HEMVIST_ENVIRONMENT", "production", "never for production"),
        ("HEMVIST_TODAY", "2024-01-01", "change TODAY"),
    ],
)
def test_refused(
    database: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv("HEMVIST_BASE_URL", "https://hemvist.test")
    monkeypatch.setenv(name, value)
    forget_settings()
    try:
        with pytest.raises(HemvistError, match=re.escape(words)):
            demo.seed(nothing, SMALL)
    finally:
        monkeypatch.undo()
        forget_settings()


@pytest.mark.slow
def test_the_whole_population(database: str) -> None:
    """All 2 000 households and their cases; what was made small before is counted in."""
    told: list[tuple[int, int]] = []
    demo.seed(lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] >= 2_000
    with owner_connection() as connection:
        ids = dict(connection.execute("SELECT slug, id FROM tenants").fetchall())
    assert counts(ids["helsingborg"])["Household"] == KOMMUNER["helsingborg"].size + MOVED_HERE
    assert counts(ids["karlstad"])["Household"] == KOMMUNER["karlstad"].size
    assert counts(ids["helsingborg"])["Case"] > 400


def test_landlords_that_let_in_several_kommuner_have_their_people(seeded: dict[str, UUID]) -> None:
    vera, olle = (landlords_person(name) for name in ("vera.nystrom", "olle.hagman"))
    assert vera.principal_id is not None and olle.principal_id is not None
    with landlord_session(vera.principal_id) as session:
        assert set(session.scalars(select(KOMMUNER_IN_REACH.c.slug))) == set(SMALL)
        every = set(session.scalars(select(UNITS.c.id)))
    with landlord_session(olle.principal_id) as session:
        assert set(session.scalars(select(UNITS.c.id))) < every
    demo.seed(nothing, SMALL)
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        members = session.scalars(select(LandlordMember.landlord_id)).all()
    assert Counter(Counter(members).values()) == {4: 1, 3: 1}
