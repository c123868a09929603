"""A simulation from the asking to its end: what it says, who may ask, and how it can be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hemvist.audit import AuditEntry
from hemvist.cases import closing
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Action, Membership, Role, allows
from hemvist.outbox import OutboxEvent
from hemvist.policy import Pack
from hemvist.simulations import comparing, running, service, snapshot
from hemvist.simulations.models import Simulation, SimulationChange, SimulationPart
from hemvist.tenancy import tenant_session
from hemvist_simulations import (
    NEW,
    OFFICER,
    OLD,
    ask_for,
    carried_out,
    indebted,
    policy_officer,
    relay_all,
    row_of,
    starts,
    two_versions,
)
from hemvist_workers import simulating
from hemvist_workers.handlers import handle
from hemvist_world import PACK, World, adult, as_owner, at_once, caseworker_of, new_world

ENTRY = "entry:rent_guarantee"


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pack, Pack]]:
    """Debts up to a limit no longer stand in the way of a guarantee."""
    with ExitStack() as stack:
        yield stack.enter_context(two_versions(tmp_path_factory.mktemp("packs")))


@pytest.fixture
def world(database: str, versions: tuple[Pack, Pack]) -> World:
    """A kommun of this test's own, with a policy officer."""
    world = new_world()
    policy_officer(world)
    return world


def parts(world: World) -> int:
    """Parts that are left of any simulation."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        return int(session.scalar(select(func.count(SimulationPart.id))) or 0)


def test_who_gains_and_who_does_not(world: World) -> None:
    gaining = [indebted(world, 1_000_000) for _ in range(6)]
    over = [indebted(world, 1_500_001) for _ in range(5)]
    unknown = [indebted(world, None) for _ in range(5)]
    free = [indebted(world, 0, department="AMF") for _ in range(6)]
    asked = ask_for(world)
    assert (asked.state, asked.judged_on) == ("requested", starts())
    done = carried_out(world, asked)
    assert (done.state, done.phase, done.failure) == ("done", "ended", None)
    assert done.cases_done == done.cases_total == 22
    row = row_of(done, ENTRY)
    assert row["counts"] == {
        "gain": 6,
        "loss": 0,
        "newly_unknown": 0,
        "newly_known": 0,
        "unchanged": 16,
    }
    assert row["causes"] == [{"cause": "rule:debts_allow_guarantee", "answers": 6}]
    assert row_of(done, "rule:entitled")["changed"] == 0
    changes = world.rows(SimulationChange, subject=ENTRY)
    assert {change.case_id for change in changes} == {case.id for case in gaining}
    for change in changes:
        assert (change.change, change.before, change.after) == ("gain", "false", "true")
        assert change.facts["debts_ore"] == 1_000_000
        assert "department" not in change.facts or change.facts["department"] == "SOF-VUX"
    assert parts(world) == 0
    assert done.result is not None and done.result["checked"] > 100
    assert {case.id for case in [*over, *unknown, *free]} & {c.case_id for c in changes} == set()


def test_groups_are_shown_and_small_ones_are_not(world: World) -> None:
    for _ in range(6):
        indebted(world, 1_000_000)
    for _ in range(6):
        indebted(world, 0)
    indebted(world, 1_000_000, department="AMF")
    for _ in range(7):
        indebted(world, 0, department="AMF")
    done = carried_out(world, ask_for(world))
    row = row_of(done, ENTRY)
    [department] = [one for one in row["dimensions"] if one["dimension"] == "department"]
    shown = {one["code"]: one for one in department["groups"]}
    assert {code: one["cases"] for code, one in shown.items()} == {"SOF-VUX": 12, "AMF": 8}
    assert shown["AMF"]["counts"]["gain"] is None
    # Six of the seven could be subtracted from the total.
    assert shown["SOF-VUX"]["counts"]["gain"] is None
    assert shown["SOF-VUX"]["counts"]["loss"] == 0
    assert row["counts"]["gain"] == 7
    assert {one["dimension"] for one in row["dimensions"]} == {"department"}


def test_only_current_cases_are_counted(world: World) -> None:
    kept = [indebted(world, 1_000_000) for _ in range(5)]
    closed, refused = indebted(world, 1_000_000), indebted(world, 1_000_000)
    world.act(
        caseworker_of(closed.department),
        closing.close,
        reason="other",
        case_id=closed.id,
        expected_version=1,
    )
    world.grant(refused, outcome="refused", departure_reason="Annan väg finns.")
    done = carried_out(world, ask_for(world))
    assert done.cases_total == 5
    found = {change.case_id for change in world.rows(SimulationChange, subject=ENTRY)}
    assert found == {case.id for case in kept}


def test_protected_households_are_counted(world: World) -> None:
    for _ in range(5):
        indebted(world, 1_000_000, people=(adult(protection="protected_registration"),))
    assert row_of(carried_out(world, ask_for(world)), ENTRY)["counts"]["gain"] == 5


def test_one_programme_counts_its_cases_and_those_with_none(world: World) -> None:
    for _ in range(5):
        indebted(world, 1_000_000)
    elsewhere = indebted(world, 1_000_000)
    world.submitted(elsewhere)
    done = carried_out(world, ask_for(world, programme="rent_guarantee"))
    assert row_of(done, ENTRY)["counts"]["gain"] == 5
    assert done.result is not None
    assert {row["subject"] for row in done.result["rows"]} >= {ENTRY, "rule:entitled"}
    assert "entry:municipal_contract" not in {row["subject"] for row in done.result["rows"]}


def test_another_kommuns_cases_are_not_in_it(world: World) -> None:
    other = new_world()
    for _ in range(5):
        indebted(world, 1_000_000)
        indebted(other, 1_000_000)
    relay_all(other)
    asked = ask_for(world)
    done = carried_out(world, asked)
    assert done.cases_total == 5
    assert other.rows(Simulation) == other.rows(SimulationChange) == []
    policy_officer(other)
    with pytest.raises(NotFound):
        other.act(OFFICER, service.cancel, simulation_id=asked.id)
    # A worker told of it in the wrong kommun finds nothing to do.
    assert running.step(other.tenant_id, asked.id) is False


def test_progress_can_be_read_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "CHUNK", 2)
    monkeypatch.setattr(running, "REFRESHED", 3)
    for _ in range(5):
        indebted(world, 1_000_000)
    asked = ask_for(world)
    seen = [(asked.phase, asked.cases_done)]
    while running.step(world.tenant_id, asked.id):
        found = world.again(asked)
        seen.append((found.phase, found.cases_done))
    assert seen == [
        ("waiting", 0),
        ("snapshot", 0),
        ("snapshot", 0),
        ("snapshot", 0),
        ("comparing", 0),
        ("comparing", 2),
        ("comparing", 4),
        ("comparing", 5),
        ("concluding", 5),
    ]
    assert world.again(asked).state == "done"


def test_what_happens_during_a_run_does_not_change_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caseload is taken once: nobody is counted twice or forgotten because the record moved."""
    monkeypatch.setattr(snapshot, "CHUNK", 2)
    gaining = [indebted(world, 1_000_000) for _ in range(5)]
    asked = ask_for(world)
    while world.again(asked).phase != "comparing":
        assert running.step(world.tenant_id, asked.id)
    assert running.step(world.tenant_id, asked.id)
    last = world.again(gaining[-1])
    world.act(
        caseworker_of(last.department),
        closing.close,
        reason="other",
        case_id=last.id,
        expected_version=last.version,
    )
    indebted(world, 1_000_000)
    relay_all(world)
    assert row_of(carried_out(world, asked), ENTRY)["counts"]["gain"] == 5


def test_two_workers_at_once_count_everybody_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that was given out twice: both go on with the same simulation."""
    monkeypatch.setattr(snapshot, "CHUNK", 1)
    for _ in range(6):
        indebted(world, 1_000_000)
    asked = ask_for(world)

    def work() -> bool:
        return running.run(world.tenant_id, asked.id, 60)

    assert at_once(work, work, work) == [False, False, False]
    done = world.again(asked)
    assert (done.state, done.cases_done, done.cases_total) == ("done", 6, 6)
    assert row_of(done, ENTRY)["counts"]["gain"] == 6
    assert len(world.rows(SimulationChange, subject=ENTRY)) == 6


def test_cancelled_between_two_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "CHUNK", 2)
    for _ in range(5):
        indebted(world, 1_000_000)
    asked = ask_for(world)
    while world.again(asked).cases_done == 0:
        assert running.step(world.tenant_id, asked.id)
    cancelled = world.act(OFFICER, service.cancel, simulation_id=asked.id)
    assert cancelled.state == "running" and cancelled.cancel_asked_at is not None
    assert world.act(OFFICER, service.cancel, simulation_id=asked.id).state == "running"
    assert running.step(world.tenant_id, asked.id) is False
    found = world.again(asked)
    assert (found.state, found.result, found.cases_done) == ("cancelled", None, 2)
    assert world.rows(SimulationChange) == [] and parts(world) == 0
    with pytest.raises(Conflict) as refused:
        world.act(OFFICER, service.cancel, simulation_id=ask_again(world).id)
    assert refused.value.rule == "simulation_ended"
    entries = [entry.action for entry in world.rows(AuditEntry, subject_type="simulation")]
    assert entries[:3] == ["simulation.request", "simulation.cancel", "simulation.cancelled"]


def ask_again(world: World) -> Simulation:
    """A simulation that has come to its end."""
    return carried_out(world, ask_for(world))


def test_cancelled_before_anybody_began(world: World) -> None:
    asked = ask_for(world)
    assert world.act(OFFICER, service.cancel, simulation_id=asked.id).state == "cancelled"
    assert running.step(world.tenant_id, asked.id) is False


def test_back_ends_that_disagree_fail_loudly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        indebted(world, 1_000_000)
    asked = ask_for(world)
    right = comparing.judge

    def wrong(*given: Any) -> Any:
        judged = right(*given)
        judged[0].rules["entitled"][:] = 1
        return judged

    monkeypatch.setattr(comparing, "judge", wrong)
    with pytest.raises(comparing.BackEndsDisagree):
        carried_out(world, asked)
    found = world.again(asked)
    assert (found.state, found.failure, found.result) == ("failed", "back_ends_disagree", None)
    assert world.rows(SimulationChange) == [] and parts(world) == 0


def test_a_version_changed_meanwhile_is_not_judged(world: World) -> None:
    asked = ask_for(world)
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE simulations SET new_content = 'other'")
    assert carried_out(world, asked).failure == "content_changed"


@pytest.mark.parametrize(
    "role",
    [role for role in Role if role is not Role.POLICY_OFFICER],
)
def test_only_a_policy_officer_may_ask_or_cancel(world: World, role: Role) -> None:
    someone = world.add(f"some {role}", Membership(role, "SOF-VUX"))
    with pytest.raises(NotAllowed):
        world.act(someone, service.request, pack=PACK, old_version=OLD, new_version=NEW)
    asked, done = ask_for(world), carried_out(world, ask_for(world))
    # What is under way is known only to those who write or approve versions.
    approver = allows(someone, Action.POLICY_APPROVE)
    with pytest.raises(NotAllowed if approver else NotFound):
        world.act(someone, service.cancel, simulation_id=asked.id)
    reader = allows(someone, Action.POLICY_READ)
    with pytest.raises(NotAllowed if reader else NotFound):
        world.act(someone, service.cancel, simulation_id=done.id)


@pytest.mark.parametrize(
    ("given", "field", "rule"),
    [
        ({"pack": "else/where"}, "pack", "pack_not_adopted"),
        ({"new_version": "1.2.3"}, "newVersion", "unknown_pack"),
        ({"judged_on": today()}, "judgedOn", "before_version"),
        ({"programme": "nowhere"}, "programme", "unknown_programme"),
        ({"rules": ["no_such"]}, "rules[0]", "unknown_rule"),
        ({"rules": ["x"] * 201}, "rules", "count"),
    ],
)
def test_what_cannot_be_asked_is_told(
    world: World, given: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        ask_for(world, **given)
    assert [(one.field, one.rule) for one in refused.value.problems] == [(field, rule)]


def test_only_so_many_at_once(world: World) -> None:
    for _ in range(service.MAX_AT_ONCE):
        ask_for(world)
    with pytest.raises(Conflict) as refused:
        ask_for(world)
    assert refused.value.rule == "simulations_under_way"


def test_the_latest_of_a_content(world: World, versions: tuple[Pack, Pack]) -> None:
    _, new = versions
    ask_for(world)
    with world.session() as session:
        assert service.latest(session, PACK, new.content_hash) is None
    done = carried_out(world, ask_for(world))
    with world.session() as session:
        found = service.latest(session, PACK, new.content_hash)
        assert found is not None and found.id == done.id
        assert service.latest(session, PACK, "other") is None


def test_one_that_went_silent_is_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(simulating.app, "send_task", lambda name, args: sent.append((name, args)))
    lost, ended = ask_for(world), ask_for(world)
    carried_out(world, ended)
    assert simulating.resume(world.tenant_id) == 0
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE simulations SET stirred_at = %s", [now() - running.PATIENCE - timedelta(1)]
        )
    assert simulating.resume(world.tenant_id) == 1
    assert sent == [(simulating.SIMULATE, (str(world.tenant_id), str(lost.id), {}))]


def test_the_worker_takes_up_what_was_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(simulating.app, "send_task", lambda name, args: sent.append(args))
    asked = ask_for(world)
    [event] = world.rows(OutboxEvent, type="simulation_requested")
    assert handle(world.tenant_id, event.id) == ["simulations"]
    assert handle(world.tenant_id, event.id) == []
    assert [args[:2] for args in sent] == [(str(world.tenant_id), str(asked.id))]
    for tenant_id, simulation_id, _ in sent:
        simulating.carry_on(UUID(tenant_id), UUID(simulation_id))
    assert world.again(asked).state == "done"


def test_which_cases_they_were_is_forgotten_in_time(world: World) -> None:
    for _ in range(5):
        indebted(world, 1_000_000)
    done = carried_out(world, ask_for(world))
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert running.forget_changes(session) == 0
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE simulations SET ended_at = %s", [now() - running.KEEP_CHANGES - timedelta(1)]
        )
    count = len(world.rows(SimulationChange))
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert running.forget_changes(session) == count > 0
    assert world.rows(SimulationChange) == []
    assert row_of(world.again(done), ENTRY)["counts"]["gain"] == 5
