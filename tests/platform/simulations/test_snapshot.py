"""The snapshot says of every current case what the record says, whatever happened in what order."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import closing
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.errors import HemvistError
from hemvist.households import service as households
from hemvist.households.models import HouseholdMember, Person
from hemvist.outbox import OutboxEvent
from hemvist.policy import as_json
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.simulations import population, snapshot
from hemvist.simulations.models import SnapshotChunk
from hemvist.simulations.snapshot import HAPPENED, Row
from hemvist.tenancy import tenant_session
from hemvist_graphql.wording import EVENTS
from hemvist_simulations import relay_all, snapshot_rows
from hemvist_versions import on_day
from hemvist_workers.handlers import handle
from hemvist_workers.simulating import refresh_snapshot
from hemvist_world import (
    HOUSING,
    PACK,
    SUPPORT,
    World,
    adult,
    answers,
    at_once,
    caseworker_of,
    child,
    new_world,
)


def fresh(world: World) -> dict[UUID, Row]:
    """Every current case looked at now."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        found = session.scalars(select(Case).where(population.current())).all()
        return {case.id: snapshot.row_of(session, case, today()) for case in found}


def without_counts(rows: dict[UUID, Row]) -> dict[UUID, Row]:
    """The rows but for how much had happened: what changes no fact is counted too."""
    return {
        case_id: replace(row, about={k: v for k, v in row.about.items() if k != HAPPENED})
        for case_id, row in rows.items()
    }


def assert_equal_to_the_record(world: World) -> None:
    kept = snapshot_rows(world.tenant_id)
    assert without_counts(kept) == without_counts(fresh(world))
    with world.session() as session:
        for case_id, row in kept.items():
            case = session.find(Case, case_id)
            asked = assessments.facts_of(session, case, today())
            asked.pop(DECISION_DATE)
            pack_facts = {name: v for name, v in row.facts.items() if name in asked}
            assert pack_facts == {
                name: as_json(value) for name, value in asked.items() if value is not None
            }


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own."""
    return new_world()


class History:
    """Acts chosen by chance; those that the case does not allow just now do nothing."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.cases: list[Case] = []
        self.done = 0

    def act(self) -> None:
        """One more act."""
        acts: list[Callable[[], Any]] = [
            self.open,
            self.answer,
            self.take_back,
            self.decide,
            self.refuse,
            self.refer,
            self.house,
            self.close,
            self.protect,
        ]
        chosen = self.chance.choice(acts if self.cases else [self.open])
        try:
            chosen()
            self.done += 1
        except (HemvistError, StopIteration):
            pass

    def one(self) -> Case:
        """Some case."""
        return self.chance.choice(self.cases)

    def open(self) -> None:
        people = (adult(), child()) if self.chance.random() < 0.4 else (adult(),)
        department = self.chance.choice(["SOF-VUX", "AMF"])
        self.cases.append(self.world.case(*people, department=department))

    def answer(self) -> None:
        case = self.one()
        given = self.chance.choice(answers(case.department))
        value = self.chance.choice([0, 100, 2_500_000])
        given = (
            NewAnswer("debts_ore", value, "Ändrat.", "x") if self.chance.random() < 0.6 else given
        )
        self._answer(case, given)

    def take_back(self) -> None:
        self._answer(self.one(), NewAnswer("debts_ore", None))

    def _answer(self, case: Case, given: NewAnswer) -> None:
        who = caseworker_of(case.department)
        self.world.act(who, assessments.answer_all, case_id=case.id, answers=[given])

    def decide(self) -> None:
        self.world.grant(self.one(), SUPPORT)

    def refuse(self) -> None:
        self.world.grant(
            self.one(), SUPPORT, outcome="refused", departure_reason="Annan väg.", on=today()
        )

    def refer(self) -> None:
        self.world.registered(self.one())

    def house(self) -> None:
        case = self.one()
        self.world.contract(self.world.accepted(case, self.world.registered(case)))
        self.world.grant(case, HOUSING, on=today() - timedelta(days=88))

    def close(self) -> None:
        case = self.world.again(self.one())
        self.world.act(
            caseworker_of(case.department),
            closing.close,
            reason="other",
            case_id=case.id,
            expected_version=case.version,
        )

    def protect(self) -> None:
        case = self.one()
        members = self.world.rows(HouseholdMember, household_id=case.household_id)
        person = self.world.rows(Person, id=self.chance.choice(members).person_id)[0]
        self.world.act(
            caseworker_of(case.department),
            households.set_protection,
            person_id=person.id,
            protection=self.chance.choice(["secrecy_mark", "protected_registration"]),
            expected_version=person.version,
        )


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_it_is_the_record(
    world: World, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events come late, twice and in the wrong order; chunks fill up and empty again."""
    monkeypatch.setattr(snapshot, "CHUNK", 3)
    history = History(world, seed)
    for _ in range(30):
        history.act()
        events = [event.id for event in world.rows(OutboxEvent)]
        for event_id in history.chance.sample(events, min(3, len(events))):
            handle(world.tenant_id, event_id)
    assert history.done > 12
    left = [event.id for event in world.rows(OutboxEvent)] * 2
    history.chance.shuffle(left)
    for event_id in left:
        handle(world.tenant_id, event_id)
    assert_equal_to_the_record(world)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        chunks = session.scalars(select(SnapshotChunk)).all()
        assert all(1 <= len(chunk.case_ids) <= 3 for chunk in chunks)
        for chunk in chunks:
            columns = [*chunk.facts.values(), *chunk.about.values()]
            assert {len(values) for values in columns} == {len(chunk.case_ids)}


def test_every_event_of_a_case_rewrites_its_row(world: World) -> None:
    """A kind of event that nobody told the snapshot of would be found here."""
    world.housed(world.case())
    told = {event.type for event in world.rows(OutboxEvent) if "case_id" in event.payload}
    assert len(told) > 10
    assert told <= snapshot.TYPES
    # And those that the timeline has words for; "overdue" is a notice's.
    assert set(EVENTS) - {"overdue"} <= snapshot.TYPES | snapshot.SILENT
    assert not snapshot.TYPES & snapshot.SILENT


def test_a_case_that_is_only_refused_is_not_counted(world: World) -> None:
    case = world.case()
    relay_all(world)
    assert set(snapshot_rows(world.tenant_id)) == {case.id}
    world.grant(case, SUPPORT, outcome="refused", departure_reason="Annan väg finns.")
    relay_all(world)
    assert snapshot_rows(world.tenant_id) == {}


def test_a_chore_brings_rows_of_yesterday_up_to_date(world: World) -> None:
    known, unknown = world.case(), world.case(adult(), child())
    yesterday = today() - timedelta(days=1)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        snapshot.refresh(session, [known.id], yesterday)
    assert snapshot_rows(world.tenant_id)[known.id].about["as_of"] == yesterday.isoformat()
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert set(snapshot.out_of_date(session, 10)) == {known.id, unknown.id}
        assert len(snapshot.out_of_date(session, 1)) == 1
    assert refresh_snapshot(world.tenant_id) is False
    assert_equal_to_the_record(world)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert snapshot.out_of_date(session, 10) == []


def test_what_is_dated_ahead_is_looked_at_once(world: World) -> None:
    """A day that was shifted, or another machine's clock, wrote it; a simulation waited for ever."""
    with on_day(today() + timedelta(days=400)):
        case = world.case()
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert snapshot.out_of_date(session, 10) == [case.id]
        snapshot.refresh(session, [case.id])
        assert snapshot.out_of_date(session, 10) == []
    with on_day(today() + timedelta(days=300)):
        given = [NewAnswer("debts_ore", 100, "Uppgift från hushållet.")]
        world.act(
            caseworker_of(case.department), assessments.answer_all, case_id=case.id, answers=given
        )
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert snapshot.out_of_date(session, 10) == [case.id]


def test_what_was_thrown_away_is_made_anew(world: World) -> None:
    for _ in range(3):
        world.case()
    relay_all(world)
    before = snapshot_rows(world.tenant_id)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert snapshot.rebuild(session) == 3
    assert snapshot_rows(world.tenant_id) == {}
    assert refresh_snapshot(world.tenant_id) is False
    assert without_counts(snapshot_rows(world.tenant_id)) == without_counts(before)


def test_events_handled_at_once_lose_no_case(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several workers write to one chunk, and one begins the next."""
    monkeypatch.setattr(snapshot, "CHUNK", 3)
    made = [world.case() for _ in range(5)]
    opened = [event.id for event in world.rows(OutboxEvent, type="case_opened")]
    at_once(*(partial(handle, world.tenant_id, event_id) for event_id in opened))
    assert set(snapshot_rows(world.tenant_id)) == {case.id for case in made}
    assert_equal_to_the_record(world)


def test_two_kommuner_have_nothing_in_common(world: World) -> None:
    other = new_world()
    mine, theirs = world.case(), other.case()
    for one in (world, other):
        relay_all(one)
    assert set(snapshot_rows(world.tenant_id)) == {mine.id}
    assert set(snapshot_rows(other.tenant_id)) == {theirs.id}
    # Another kommun's case is no case of this one.
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        snapshot.refresh(session, [theirs.id])
        assert [row.case_id for row in snapshot.rows(session, PACK)] == [mine.id]
