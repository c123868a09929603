"""Lives a few hundred lives through the services, in a kommun that is rolled back afterwards.

So every copy is what the services would have written, whatever they come to write.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Connection, select, text, update

from hemvist.cases import closing
from hemvist.cases.models import Case
from hemvist.clock import real_now, today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups import service as follow_ups
from hemvist.households import service as households
from hemvist.households.models import HouseholdMember
from hemvist.households.service import NewMember
from hemvist.identity import Actor, Membership
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.ids import new_id
from hemvist.offers.models import Offer
from hemvist.policy.models import PackAdoption
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant, TenantSession
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist.units import service as units
from hemvist.units.models import Unit
from hemvist_infra.database import migrating_connection
from hemvist_infra.demo.life import Life
from hemvist_infra.demo.numbers import organisation_number
from hemvist_infra.demo.people import Staff
from hemvist_infra.national.earlier import EarlierLife
from hemvist_infra.national.guidelines import EARLIER, PACK, in_force_since
from hemvist_infra.national.lives import CODE, ENDED, MET, TRUSTED, PlannedLife
from hemvist_infra.national.molds import Holes, Mold
from hemvist_infra.national.numbers import born_on
from hemvist_infra.national.rows import Rows, rows_of_lives
from hemvist_infra.national.staff import posts

#: A company that no kommun has.
_LANDLORD = 999
_OWN_FOLLOW_UPS = ("labour_plan",)
_WITH_HOME = ("offered", "answered_offer", "contracted", "housing_proposed", "housing_decided")
Progress = Callable[[int, int], None]


def molds_of(url: str, lives: list[PlannedLife], progress: Progress) -> list[Mold]:
    """The molds of ``lives``. The database at ``url`` is as before when they have been lived."""
    with migrating_connection(url) as connection, connection.begin() as transaction:
        workshop = _Workshop(connection, new_id())
        lived = []
        for done, life in enumerate(lives):
            lived.append((life, workshop.live(life)))
            progress(done + 1, len(lives))
        molds = workshop.molds(lived)
        transaction.rollback()
    return molds


@dataclass(frozen=True, slots=True)
class _Lived:
    household: UUID
    case: UUID | None
    persons: tuple[UUID, ...]


class _Workshop:
    """The kommun in which lives are lived."""

    def __init__(self, connection: Connection, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id
        self.session = TenantSession(
            connection, info={"tenant_id": tenant_id}, expire_on_commit=False
        )
        self.session.execute(
            text("SELECT set_config(:setting, :tenant, true)"),
            {"setting": TENANT_SETTING, "tenant": str(tenant_id)},
        )
        self.session.add(
            Tenant(
                id=tenant_id,
                kommun_code=CODE,
                slug=CODE,
                name=CODE,
                created_at=real_now(),
                protection_days=TRUSTED,
            )
        )
        self.session.flush()
        change = in_force_since()
        self.session.add(
            PackAdoption(pack=EARLIER, since=date(1990, 1, 1), until=change - timedelta(days=1))
        )
        self.session.add(PackAdoption(pack=PACK, since=change))
        #: Ids that stand for somebody, or something, by name.
        self.known: dict[str, str] = {str(tenant_id): "tenant"}
        self.staff = self._staff()
        self._homes = 0

    def _staff(self) -> Staff:
        everyone: dict[tuple[object, str], Actor] = {}
        for role, department in posts():
            key = f"{role.value}:{department}"
            principal = known_principal(
                self.session, issuer=CODE, subject=key, kind="person", name=f"⟦name:{key}⟧"
            )
            earned = frozenset({Membership(role, department)})
            refresh_memberships(self.session, principal, earned, real_now())
            everyone[role, department] = actor_for(principal, earned)
            self.known[str(principal.id)] = f"principal:{key}"
        return Staff(everyone)  # type: ignore[arg-type]

    def live(self, life: PlannedLife) -> _Lived:
        """Live one life; its ids."""
        planned = life.case
        # What recurs is laid out from the day of living on: no further than it was in its time.
        last_act = life.ended_on or life.supported_until
        if last_act is not None:
            with _calendar(last_act):
                lived = self._live(life)
        else:
            lived = self._live(life)
        self.session.flush()
        if planned.stage.then != "":
            self._mark_overdue()
        self.session.expunge_all()
        return lived

    def _mark_overdue(self) -> None:
        # Long ago: what was told of it then has been read.
        self.session.execute(
            update(Obligation)
            .where(
                Obligation.state == "open",
                Obligation.due_on < today(),
                Obligation.overdue_since.is_(None),
            )
            .values(overdue_since=Obligation.due_on + 1, version=Obligation.version + 1)
        )

    def _live(self, planned_life: PlannedLife) -> _Lived:
        planned = planned_life.case
        homes = [self._home(planned.opened_on)] if planned.stage.last in _WITH_HOME else []
        caseworker = self.staff.caseworker(planned.household.department)
        household = households.register(
            self.session,
            caseworker,
            department=planned.household.department,
            registered_on=planned.opened_on - timedelta(days=3),
            members=[
                NewMember(
                    role=person.role,
                    given_name=person.given_name,
                    family_name=person.family_name,
                    personal_number=person.number,
                    registered_kommun=person.registered_kommun,
                    protection=person.protection,
                    protection_source="Folkbokföringen",
                    protection_checked_on=planned.opened_on - timedelta(days=person.checked_before),
                )
                for person in planned.household.members
            ],
        )
        if planned_life.group == MET:
            return _Lived(household.id, None, self._persons(household.id))
        case = self._case(planned_life, household.id, homes)
        if planned_life.group == ENDED and planned_life.ended_on is not None:
            self._end(caseworker, case, planned_life.ended_on)
        return _Lived(household.id, case.id, self._persons(household.id))

    def _case(self, planned: PlannedLife, household_id: UUID, homes: list[UUID]) -> Case:
        if planned.programme is not None:
            earlier = EarlierLife(
                *(self.session, self.staff, planned.case, planned.programme),
                planned.supported_until,
                Random(f"earlier life:{planned.case.opened_on}"),  # noqa: S311 - repeatable
            )
            return earlier.live(household_id, homes[0])
        life = Life(self.session, self.staff, planned.case, homes)
        case = life.live(household_id)
        self._hold_the_rest(life, case)
        return case

    def _persons(self, household_id: UUID) -> tuple[UUID, ...]:
        return tuple(
            self.session.scalars(
                select(HouseholdMember.person_id)
                .where(HouseholdMember.household_id == household_id)
                .order_by(HouseholdMember.id)
            )
        )

    def _home(self, day: date) -> UUID:
        self._homes += 1
        dice = Random(f"national home:{self._homes}")  # noqa: S311 - repeatable
        rooms = dice.choices((1, 2, 3, 4), (40, 32, 19, 9))[0]
        unit = units.register(
            self.session,
            self.staff.property_officer,
            landlord_organisation_number=organisation_number(_LANDLORD),
            landlord_name="Mallen",
            property_designation=f"Mallen {self._homes}",
            street_address=f"Mallgatan {self._homes}",
            postal_code="99999",
            city="Mallen",
            area=dice.choice(("Centrum", "Norr", "Söder", "Öster", "Väster")),
            apartment_number="1101",
            source=dice.choice(("rented_in", "owner_agreement", "own_rental", "tenant_owned")),
            rooms=rooms,
            size_m2=float(18 + rooms * 20 + dice.randrange(0, 12)),
            rent_ore=(3000 + rooms * 2400 + dice.randrange(0, 1200, 50)) * 100,
            floor=dice.randrange(1, 6),
            lift=dice.random() < 0.5,
            step_free=False,
            adapted=False,
            available_from=day,
        )
        self.known[str(unit.landlord_id)] = "landlord"
        return unit.id

    def _hold_the_rest(self, life: Life, case: Case) -> None:
        """Follow-ups of a department's own, which the small demo's lives are too short for."""
        due = self.session.scalars(
            select(Obligation)
            .where(
                Obligation.case_id == case.id,
                Obligation.code.in_(_OWN_FOLLOW_UPS),
                Obligation.due_on <= today(),
                Obligation.state == "open",
            )
            .order_by(Obligation.due_on)
        ).all()
        for obligation in due:
            follow_ups.record_follow_up(
                self.session,
                life.staff.supporter(life.department),
                obligation_id=obligation.id,
                held_on=obligation.due_on,
                departments=[case.department],
                resident_took_part=True,
                in_the_home=False,
                agenda_done=[str(item["id"]) for item in obligation.agenda],
                notes="",
                expected_version=obligation.version,
            )

    def _end(self, caseworker: Actor, case: Case, day: date) -> None:
        """The tenant moved on: the case is closed, the home given back.

        The contract's own service tells the case of a lost home, which this is not: the last two are
        written here.
        """
        closing.close(
            self.session,
            caseworker,
            case_id=case.id,
            reason="own_home",
            expected_version=case.version,
            on=day,
        )
        contract = self.session.scalars(select(Contract).where(Contract.case_id == case.id)).one()
        self.session.execute(
            update(Contract)
            .where(Contract.id == contract.id)
            .values(
                state="ended", ended_on=day, end_reason="agreement", version=Contract.version + 1
            )
        )
        self.session.execute(
            update(Offer).where(Offer.id == contract.offer_id).values(home_free_on=day)
        )
        self.session.execute(
            update(Unit)
            .where(Unit.id == contract.unit_id)
            .values(state="returned", version=Unit.version + 1)
        )

    def molds(self, lived: list[tuple[PlannedLife, _Lived]]) -> list[Mold]:
        """The molds of what was lived."""
        self.session.flush()
        rows, seals = rows_of_lives(self.session, today())
        return [
            self._mold(life, ids, rows[ids.household], self._content(seals, ids))
            for life, ids in lived
        ]

    @staticmethod
    def _content(seals: Mapping[UUID, list[str]], ids: _Lived) -> list[str]:
        return [] if ids.case is None else seals.get(ids.case, [])

    def _mold(self, life: PlannedLife, ids: _Lived, rows: Rows, seals: list[str]) -> Mold:
        blocks = {table: "".join(found) for table, found in rows.lines.items()}
        clear = [value for _, value in rows.opened]
        holes = Holes(self.known, [*blocks.values(), *seals, *clear])
        household = life.case.household
        return Mold(
            group=life.group,
            department=household.department,
            roles=tuple(person.role for person in household.members),
            born=tuple(born_on(person.number) for person in household.members),
            opened_on=life.case.opened_on,
            last_on=life.ended_on or today() - timedelta(days=1),
            own=len(holes.own),
            names=holes.names,
            tables={table: holes.cut(block) for table, block in blocks.items()},
            seals=tuple(holes.cut(content) for content in seals),
            opened=tuple((field, holes.cut(value)) for field, value in rows.opened),
            rows={table: len(found) for table, found in rows.lines.items()},
            case=None if ids.case is None else holes.own[str(ids.case)],
            persons=tuple(holes.own[str(person)] for person in ids.persons),
        )


@contextmanager
def _calendar(day: date) -> Iterator[None]:
    """It is ``day`` for as long as the block lasts."""
    before = os.environ.get("HEMVIST_TODAY")
    os.environ["HEMVIST_TODAY"] = day.isoformat()
    get_settings.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ["HEMVIST_TODAY"]
        else:
            os.environ["HEMVIST_TODAY"] = before
        get_settings.cache_clear()
