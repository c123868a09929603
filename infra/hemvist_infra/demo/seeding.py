"""Fills the kommuner of the demo, in batches that are whole or not there at all.

What is there is found again by its numbers, so that a seeding that was stopped goes on where it
stood, and one that is done does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import engine
from hemvist.errors import HemvistError
from hemvist.households import service as households
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.households.service import NUMBER_FIELD, NewMember
from hemvist.landlords.models import Landlord
from hemvist.settings import get_settings
from hemvist.tenancy import Audience, Tenant, TenantSession, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist.units import service as units
from hemvist.units.models import Unit
from hemvist_infra.demo import landlord_life, landlords, moves, protected_move, rents
from hemvist_infra.demo.checks import SOURCE, renew
from hemvist_infra.demo.events import settle
from hemvist_infra.demo.homes import ACROSS, PlannedUnit, homes
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_infra.demo.life import Life
from hemvist_infra.demo.numbers import organisation_number
from hemvist_infra.demo.people import Staff, known_staff
from hemvist_infra.demo.population import REFERENCE, PlannedHousehold, population
from hemvist_infra.demo.residents import ResidentCase, live_in, resident_cases
from hemvist_infra.demo.sampled import SampledCase, live, sampled_cases
from hemvist_infra.demo.stages import PlannedCase, homes_needed, planned_cases
from hemvist_infra.dev_issuer.people import has_development_issuer
from hemvist_infra.onboarding import onboard_all
from hemvist_tenants import TenantConfig, load_tenants
from hemvist_workers import figures

#: Called with how much is done and how much there is in all.
Progress = Callable[[int, int], None]
#: The kommun whose cases are taken the whole way; elsewhere they are opened and assessed, and a few
#: households live in their flats.
_WHOLE_WAY = "helsingborg"
#: The cases reach this far back, and everyone in the population must have been born by then.
_HISTORY = timedelta(days=600)
_HOUSEHOLDS_AT_ONCE, _CASES_AT_ONCE = 100, 10
ItemT = TypeVar("ItemT")


def seed(progress: Progress, sizes: dict[str, int] | None = None) -> None:
    """Onboard the demo kommuner and fill those of ``sizes`` with so many households (else all).

    Raises ``HemvistError`` in production, and on a day too early for the population.
    """
    if get_settings().environment == "production":
        raise HemvistError("demo data are for development and tests, never for production")
    if today() < REFERENCE + _HISTORY:
        raise HemvistError(f"demo data need a day from {REFERENCE + _HISTORY} on: change TODAY")
    onboard_all()
    wanted = sizes or {slug: kommun.size for slug, kommun in KOMMUNER.items()}
    fillings = [
        _Filling(tenant, ids[slug], known_staff(tenant, ids[slug]), wanted[slug])
        for ids in [_tenant_ids()]
        for slug, tenant in load_tenants().items()
        if slug in wanted and has_development_issuer(tenant)
    ]
    for filling in fillings:
        renew(filling.tenant_id)
    total = sum(filling.total for filling in fillings)
    done = 0
    progress(done, total)
    for filling in fillings:
        for step in filling.fill():
            done += step
            progress(done, total)
    filled = {one.tenant.slug: one for one in fillings}
    landlords.admit(
        landlords.Doors(
            {slug: one.tenant_id for slug, one in filled.items()},
            {slug: one.staff for slug, one in filled.items()},
        )
    )
    for slug in sorted(filled.keys() & {slug for _, _, slugs in ACROSS for slug in slugs}):
        if landlord_life.deal(slug, filled[slug].tenant_id, filled[slug].staff):
            settle(filled[slug].tenant_id)
    for slug in moves.KOMMUNER:
        if slug in filled and moves.move(slug, filled[slug].tenant_id, filled[slug].staff):
            settle(filled[slug].tenant_id)
    sides = {
        slug: protected_move.Side(slug, one.tenant_id, one.staff)
        for slug, one in filled.items()
        if slug in (protected_move.FROM, protected_move.TO)
    }
    if len(sides) == 2 and protected_move.carry_through(sides):
        for side in sides.values():
            settle(side.tenant_id)
    for filling in fillings:
        figures.everything(filling.tenant_id)


@dataclass
class _Filling:
    """One kommun being filled."""

    tenant: TenantConfig
    tenant_id: UUID
    staff: Staff
    size: int
    households: list[PlannedHousehold] = field(init=False)
    cases: Sequence[PlannedCase | SampledCase | ResidentCase] = field(init=False)
    homes: list[PlannedUnit] = field(init=False)

    def __post_init__(self) -> None:
        slug = self.tenant.slug
        spare = KOMMUNER[slug].spare_homes if self.size >= 40 else 3
        self.households = population(slug, self.size)
        if slug == _WHOLE_WAY:
            planned = planned_cases(self.households, today())
            self.cases, needed = planned, homes_needed(planned, spare)
        else:
            (pack,) = self.tenant.policy_packs
            residents = resident_cases(self.households, slug, today())
            housed = {one.household.position for one in residents}
            sampled = sampled_cases(self.households, pack, today())
            others = [one for one in sampled if one.household.position not in housed]
            self.cases, needed = [*residents, *others], spare + len(residents)
        self.homes = homes(slug, needed, today())

    @property
    def total(self) -> int:
        """Households, flats, cases and lists of rents together."""
        return len(self.households) + len(self.homes) + len(self.cases) + self.has_rents

    @property
    def has_rents(self) -> bool:
        """Whether landlords send lists of rents here."""
        return self.tenant.slug in rents.ROUNDS

    def fill(self) -> Iterator[int]:
        """Yields how many more are there, done before or now."""
        yield from self._fill_homes()
        yield from self._fill_households()
        yield from self._fill_cases()
        if self.has_rents:
            yield from self._fill_rents()

    @property
    def shared(self) -> list[str]:
        """Numbers of the landlords whose flats go first: so that those of several kommuner let some."""
        if self.tenant.slug == _WHOLE_WAY:
            return []
        return [organisation_number(serial) for serial, _, _ in ACROSS]

    def _session(self) -> AbstractContextManager[TenantSession]:
        return tenant_session(Audience.STAFF, self.tenant_id)

    def _fill_homes(self) -> Iterator[int]:
        with self._session() as session:
            there = set(session.scalars(select(Unit.street_address)))
        missing = [home for home in self.homes if home.street_address not in there]
        yield len(self.homes) - len(missing)
        with self._session() as session:
            for home in missing:
                _register_home(session, self.staff, home)
        yield len(missing)

    def _fill_households(self) -> Iterator[int]:
        there = self._household_ids()
        opened = {case.household.position: case.opened_on for case in self.cases}
        missing = [plan for plan in self.households if plan.position not in there]
        yield len(self.households) - len(missing)
        for batch in _batches(missing, _HOUSEHOLDS_AT_ONCE):
            with self._session() as session:
                for plan in batch:
                    _register(session, self.staff, plan, opened.get(plan.position))
            settle(self.tenant_id)
            yield len(batch)

    def _fill_cases(self) -> Iterator[int]:
        ids = self._household_ids()
        with self._session() as session:
            having = set(session.scalars(select(Case.household_id)))
            met = dict(
                session.execute(select(Household.id, Household.registered_on)).tuples().all()
            )
        # A household of an earlier, smaller population may have been met after its case would open.
        missing = [
            case
            for case in self.cases
            if ids[case.household.position] not in having
            and met[ids[case.household.position]] <= case.opened_on
        ]
        yield len(self.cases) - len(missing)
        for batch in _batches(missing, _CASES_AT_ONCE):
            with self._session() as session:
                vacant = _vacant(session, first=self.shared)
                for case in batch:
                    household_id = ids[case.household.position]
                    if isinstance(case, SampledCase):
                        live(session, self.staff, case, household_id, today())
                    elif isinstance(case, ResidentCase):
                        live_in(session, self.staff, case, household_id, vacant)
                    else:
                        Life(session, self.staff, case, vacant).live(household_id)
            settle(self.tenant_id)
            yield len(batch)

    def _fill_rents(self) -> Iterator[int]:
        slug = self.tenant.slug
        with self._session() as session:
            if not rents.is_there(session):
                actor = self.staff.caseworker(rents.ROUNDS[slug][0])
                rents.bring_in(session, actor, slug, self.households, today())
        settle(self.tenant_id)
        yield 1

    def _household_ids(self) -> dict[int, UUID]:
        """The household's id by its position in the population, for those that are there."""
        keys = tenant_keys(self.tenant_id)
        with self._session() as session:
            rows = session.execute(
                select(Person.number_index, HouseholdMember.household_id)
                .join(
                    HouseholdMember,
                    (HouseholdMember.tenant_id == Person.tenant_id)
                    & (HouseholdMember.person_id == Person.id),
                )
                .where(HouseholdMember.role == "applicant")
            )
            found = dict(rows.tuples().all())
        by_position = {
            plan.position: keys.blind_index(NUMBER_FIELD, plan.applicant.number)
            for plan in self.households
        }
        return {position: found[index] for position, index in by_position.items() if index in found}


def _vacant(session: TenantSession, first: list[str]) -> list[UUID]:
    """Vacant flats, those to take next at the end."""
    question = (
        select(Unit.id)
        .join(Landlord, Landlord.id == Unit.landlord_id)
        .where(Unit.state == "vacant")
        .order_by(Landlord.organisation_number.in_(first), Unit.id.desc())
    )
    return list(session.scalars(question))


def _tenant_ids() -> dict[str, UUID]:
    with Session(engine(Audience.STAFF)) as session:
        return dict(session.execute(select(Tenant.slug, Tenant.id)).tuples().all())


def _register_home(session: TenantSession, staff: Staff, home: PlannedUnit) -> None:
    fields = {name: getattr(home, name) for name in home.__slots__}
    units.register(session, staff.property_officer, **fields)


def _register(
    session: TenantSession, staff: Staff, plan: PlannedHousehold, opened: date | None
) -> None:
    dice = Random(f"met:{plan.slug}:{plan.position}")  # noqa: S311 - repeatable
    before = timedelta(days=dice.randrange(0, 10))
    day = (opened or today() - timedelta(days=dice.randrange(0, 500))) - before
    households.register(
        session,
        staff.caseworker(plan.department),
        department=plan.department,
        registered_on=day,
        members=[
            NewMember(
                role=person.role,
                given_name=person.given_name,
                family_name=person.family_name,
                personal_number=person.number,
                registered_kommun=person.registered_kommun,
                protection=person.protection,
                protection_source=None if person.protection == "unknown" else SOURCE,
                protection_checked_on=(
                    None
                    if person.protection == "unknown"
                    # As a register that is asked anew every month leaves it.
                    else today() - timedelta(days=person.checked_before)
                ),
            )
            for person in plan.members
        ],
    )


def _batches(items: Sequence[ItemT], size: int) -> Iterator[list[ItemT]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
