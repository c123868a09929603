"""A whole life thinned: nothing of it is left, and nothing else has changed."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.guarantees.ledger_models import GuaranteeEntry, GuaranteePosting
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.migrations.tables import metadata
from hemvist.retention import certificate, references, running, service
from hemvist.retention.fates import fates
from hemvist.retention.models import KeptVoucher, ThinningItem, ThinningRun
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist_guarantees import guaranteed, paid
from hemvist_rows import fill
from hemvist_thinning import (
    FIRST,
    OF_THINNING,
    SECOND,
    age,
    approved,
    born,
    old_case,
    opened,
    proposed,
    rows,
    thinned,
    thinning_world,
)
from hemvist_workers import thinning
from hemvist_workers.handlers import handle, handled_types
from hemvist_world import World, as_owner, caseworker_of


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own, with two policy officers."""
    return thinning_world()


def left(world: World) -> Counter[str]:
    """Rows by table of all that thinning takes rows from."""
    return Counter(table for table, _ in rows(world.tenant_id) if table in fates().going)


def test_a_row_in_every_table_goes_with_its_case(world: World) -> None:
    ids = fill(world.tenant_id)
    age(world, ids["cases"], 40)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE retention_marks SET lifted_on = placed_on, lifted_by = placed_by"
        )
        connection.execute("UPDATE arrears_files SET read_at = read_at - interval '40 years'")
    before = rows(world.tenant_id)
    run = thinned(world)
    assert run.certificate["left"] == {}
    assert left(world) == Counter()
    after = rows(world.tenant_id)
    # What stays is as it was; only the log and the thinning's own rows are more.
    for key in before.keys() & after.keys():
        if key[0] not in OF_THINNING:
            assert before[key] == after[key], key
    gone = {table for table, _ in before.keys() - after.keys()}
    assert gone == fates().going
    assert {table for table, _ in after} >= set(fates().kept) - {"lettings"}


def test_a_life_goes_whole_and_the_neighbours_stay_byte_for_byte(world: World) -> None:
    gone, other = guaranteed(world), guaranteed(world)
    for row in (gone, other):
        paid(world, row)
    third = world.case(born(date(1977, 7, 5)))
    age(world, gone.case_id)
    before = rows(world.tenant_id)
    case = world.again(world.rows(Case, id=gone.case_id)[0])
    alias = world.rows(Household, id=case.household_id)[0].alias
    number = _number(world, case.household_id)
    assert any(number in value for value in opened(world.tenant_id)["persons", "number_sealed"])
    run = thinned(world)
    after = rows(world.tenant_id)
    assert run.certificate["rows"]["cases"] == 1
    assert run.cases_done == run.cases_total == 1
    assert world.rows(Case, id=gone.case_id) == []
    assert {one.id for one in world.rows(Case)} == {other.case_id, third.id}
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert {table for table, _ in changed} <= {"thinning_runs"}
    missing = before.keys() - after.keys()
    assert {table for table, _ in missing} <= fates().going
    assert run.certificate["rows"] == dict(Counter(table for table, _ in missing))
    # Neither the case nor its household stands anywhere in what is left, but in the log.
    for (table, _), text in after.items():
        if table in ("audit_entries", "outbox_events", "inbox_receipts"):
            continue
        assert str(case.household_id) not in text, table
        assert case.number not in text, table
        assert alias not in text, table
        if table != "thinning_items":
            assert str(case.id) not in text, table
    # Nor in anything that is sealed, but for the reference.
    for (table, column), values in opened(world.tenant_id).items():
        for value in values:
            assert number not in value, (table, column)
            assert table == "thinning_items" or case.number.encode() not in value, (table, column)


def _number(world: World, household_id: UUID) -> bytes:
    """The personal number of a household's only person."""
    with world.session() as session:
        [sealed] = session.scalars(
            select(Person.number_sealed)
            .join(HouseholdMember, HouseholdMember.person_id == Person.id)
            .where(HouseholdMember.household_id == household_id)
        )
    return tenant_keys(world.tenant_id).open_bytes("persons.number", sealed)


def test_bookkeeping_keeps_the_money_and_nobody(world: World) -> None:
    guarantee = guaranteed(world)
    paid(world, guarantee)
    age(world, guarantee.case_id)
    lines = {one.id: one for one in world.rows(GuaranteeEntry)}
    thinned(world)
    assert world.rows(GuaranteeEntry) == world.rows(GuaranteePosting) == []
    kept = world.rows(KeptVoucher)
    assert {one.voucher_id for one in kept if one.kind == "entry"} == lines.keys()
    for one in kept:
        if one.kind != "entry":
            continue
        line = lines[one.voucher_id]
        assert (one.amount_ore, one.booked_on, one.what) == (
            line.amount_ore,
            line.booked_on,
            line.kind,
        )
        assert one.keep_until == date(max(x.booked_on for x in lines.values()).year + 7, 12, 31)
    last = max(one.keep_until for one in kept)
    assert running.forget(world.tenant_id, last)["vouchers"] == 0
    assert running.forget(world.tenant_id, last + timedelta(days=1))["vouchers"] == len(kept)
    assert world.rows(KeptVoucher) == []


def test_a_household_stays_until_its_last_case(world: World) -> None:
    first = old_case(world)
    household = first.household_id
    second = world.act(
        caseworker_of("SOF-VUX"), _open, household_id=household, department="SOF-VUX"
    )
    thinned(world)
    assert [one.id for one in world.rows(Case)] == [second.id]
    assert [one.id for one in world.rows(Household)] == [household]
    assert len(world.rows(Person)) == 1
    age(world, second.id)
    thinned(world)
    assert world.rows(Case) == world.rows(Household) == world.rows(Person) == []


def _open(*arguments: Any, **named: Any) -> Any:
    from hemvist.cases import service as cases

    return cases.open_case(*arguments, **named)


def test_the_certificate_says_what_went_and_what_backups_mean(world: World) -> None:
    case = old_case(world)
    with world.session() as session:
        number = session.find(Case, case.id).number
    run = thinned(world)
    said = run.certificate
    assert certificate.digest(said) == run.certificate_sha256
    assert certificate.digest({**said, "judged_on": "2020-01-01"}) != run.certificate_sha256
    [one] = said["cases"]
    assert one["number_sha256"] == certificate.number_hash(world.tenant_id, number)
    assert said["rules"] == {
        "after_last_note": {"cases": 1, "cite": ["SoL2001 12:1", "SoL2025 16:1-4"]}
    }
    assert (said["proposed"]["name"], said["approved"]["name"]) == (FIRST, SECOND)
    until = today() + timedelta(days=get_settings().backup_days)
    assert said["backups"]["until"] == run.backups_until.isoformat() == until.isoformat()
    assert said["rows"]["cases"] == 1
    assert set(said["kept"]["tables"]) == set(fates().kept)
    # The reference opens until no backup can hold the case.
    [item] = world.rows(ThinningItem)
    assert item.reference["number"] == number
    assert running.forget(world.tenant_id, until)["references"] == 0
    assert running.forget(world.tenant_id, until + timedelta(days=1))["references"] == 1
    assert world.rows(ThinningItem)[0].reference_sealed is None


def test_each_case_that_goes_is_in_the_log(world: World) -> None:
    cases = {old_case(world).id for _ in range(3)}
    run = thinned(world)
    entries = world.rows(AuditEntry, action="retention.thin")
    assert {one.case_id for one in entries} == cases
    assert {one.details["run"] for one in entries} == {str(run.id)}
    assert len(world.rows(AuditEntry, action="retention.done")) == 1


def test_what_another_case_points_at_is_left_whole_and_the_rest_goes(world: World) -> None:
    gone, other = guaranteed(world), guaranteed(world)
    second = old_case(world)
    age(world, gone.case_id)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE contracts SET follows_id = %s WHERE id = %s",
            (gone.contract_id, other.contract_id),
        )
    before = rows(world.tenant_id)
    run = thinned(world)
    states = {one.case_id: (one.state, one.left_because) for one in world.rows(ThinningItem)}
    assert states == {gone.case_id: ("left", "in_use"), second.id: ("thinned", "")}
    assert (run.state, run.cases_done, run.certificate["left"]) == ("done", 2, {"in_use": 1})
    after = rows(world.tenant_id)
    # All of it is there: a case goes whole or not at all.
    assert [key for key in before if str(gone.case_id) in before[key] and key not in after] == []


def test_the_worker_takes_it_up_by_the_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[UUID, UUID]] = []
    monkeypatch.setattr(thinning, "send", lambda *one: sent.append(one))
    old_case(world)
    run = world.act(FIRST, service.propose)
    _relay(world)
    assert sent == [(world.tenant_id, run.id)]
    thinning.carry_on(*sent.pop())
    assert world.again(run).state == "proposed"
    world.act(SECOND, service.approve, run_id=run.id, expected_version=world.again(run).version)
    _relay(world)
    thinning.carry_on(*sent.pop())
    assert world.again(run).state == "done"


def test_the_worker_keeps_the_lists_beside_the_backups(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = thinning_world()
    old_case(other)
    thinned(other)
    monkeypatch.setattr(get_settings(), "thinned_dir", tmp_path)
    references.keep_beside(other.tenant_id)
    old_case(world)
    run = approved(world, proposed(world))
    thinning.carry_on(world.tenant_id, run.id)
    assert f"thinned-{run.id}.json" in {one.name for one in tmp_path.iterdir()}
    assert len(list(tmp_path.iterdir())) == 2
    # Until no backup needs it; the other kommun's stays.
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE thinning_runs SET backups_until = current_date - 1")
    references.keep_beside(world.tenant_id)
    assert [f"thinned-{run.id}.json" == one.name for one in tmp_path.iterdir()] == [False]


def test_a_run_that_nobody_carries_on_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[UUID, UUID]] = []
    monkeypatch.setattr(thinning, "send", lambda *one: sent.append(one))
    old_case(world)
    run = world.act(FIRST, service.propose)
    assert thinning.resume(world.tenant_id) == 0
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        session.execute(update(ThinningRun).values(stirred_at=func.now() - running.PATIENCE * 2))
    assert thinning.resume(world.tenant_id) == 1
    assert sent == [(world.tenant_id, run.id)]
    proposed_run = proposed_again(world, run)
    assert thinning.resume(world.tenant_id) == 0, "it waits for a person"
    assert proposed_run.state == "proposed"


def proposed_again(world: World, run: ThinningRun) -> ThinningRun:
    """The run, gathered."""
    while running.step(world.tenant_id, run.id, metadata):
        pass
    return world.again(run)  # type: ignore[no-any-return]


def _relay(world: World) -> None:
    from hemvist.outbox import OutboxEvent

    types = handled_types()["thinning"]
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        found = session.scalars(select(OutboxEvent.id).where(OutboxEvent.type.in_(types))).all()
    for event_id in found:
        handle(world.tenant_id, event_id)


def test_many_cases_are_gathered_in_slices(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SLICE", 2)
    for _ in range(5):
        old_case(world)
    run = proposed(world)
    assert (run.cases_total, run.judged) == (5, {"after_last_note": 5})
