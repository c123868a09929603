"""Takeovers of Göteborg's Housing First: the time with absence, the landlord, the tribunal, the lease."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.db import Audience
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.outbox import OutboxEvent
from hemvist.policy import add_days, add_months
from hemvist.takeovers import absences, carrying, checks, service, watching
from hemvist.takeovers.facts import days_away
from hemvist.takeovers.models import Absence, Takeover
from hemvist.tenancy import tenant_session
from hemvist.units.models import Unit
from hemvist_goteborg import CASEWORKER, MANAGED, answer, housed, housing_first, stage
from hemvist_workers import chores
from hemvist_workers.handlers import handle
from hemvist_world import World, at_once

TOLD = {"told": ["open_support_told"], "parties": ["landlord"]}
#: Eighteen months, forty days and a few more ago.
LONG_AGO = add_days(add_months(today(), -18), -45)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg's people."""
    made = housing_first()
    made.add("support", Membership(Role.SUPPORT_WORKER, "SF-SV"))
    return made


def watched(world: World, case: Case) -> Takeover:
    """The case's takeover, as the worker watches it."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    return world.rows(Takeover, case_id=case.id)[-1]  # type: ignore[no-any-return]


def act(world: World, verb: Any, takeover: Takeover, who: str = "property", **given: Any) -> Any:
    """One act on a takeover by its present version."""
    version = world.again(takeover).version
    return world.act(who, verb, takeover_id=takeover.id, expected_version=version, **given)


def away(world: World, contract: Contract, began: date, ended: date | None = None) -> Absence:
    """An absence that the support worker registers."""
    return world.act(  # type: ignore[no-any-return]
        "support",
        absences.record_absence,
        contract_id=contract.id,
        began_on=began,
        ended_on=ended,
        reason="hospital",
    )


def asked(world: World, case: Case) -> Takeover:
    """Managed all along, and the landlord asked."""
    answer(world, case, **MANAGED, absence_days=0)
    takeover = watched(world, case)
    return act(world, service.request, takeover)  # type: ignore[no-any-return]


def test_absence_moves_the_day_by_as_much(world: World) -> None:
    """GBG-125: 18 months and forty days; the answer of the record goes before a person's."""
    case, contract = housed(world, LONG_AGO)
    takeover = watched(world, case)
    eighteen = add_months(LONG_AGO, 18)
    assert (takeover.state, takeover.earliest_on) == ("waiting", eighteen)

    began = LONG_AGO + timedelta(days=100)
    away(world, contract, began, began + timedelta(days=39))
    assert world.again(takeover).earliest_on == eighteen + timedelta(days=40)
    answer(world, case, **{**MANAGED, "owner_approves": True})
    now = world.again(case)
    found = {one.id: one for one in world.read(lambda s: checks.checks(s, now, today()))}
    assert found["tenancy_long_enough"].way == "auto"
    assert found["rent_independently"].way == "manual"
    day = eighteen + timedelta(days=39)
    with pytest.raises(PolicyRefused) as early:
        act(world, service.request, takeover, on=day)
    assert early.value.rule == "takeover_too_early"
    act(world, service.request, takeover, on=day + timedelta(days=1))


def test_an_absence_that_lasts_counts_every_day(world: World) -> None:
    case, contract = housed(world, LONG_AGO)
    takeover = watched(world, case)
    lasting = away(world, contract, today() - timedelta(days=9))
    assert world.again(takeover).earliest_on == add_days(add_months(LONG_AGO, 18), 10)
    world.act(
        "property",
        absences.end_absence,
        absence_id=lasting.id,
        ended_on=today() - timedelta(days=5),
        expected_version=lasting.version,
    )
    assert world.again(takeover).earliest_on == add_days(add_months(LONG_AGO, 18), 5)
    with pytest.raises(Conflict):
        world.act(
            "property",
            absences.end_absence,
            absence_id=lasting.id,
            expected_version=world.again(lasting).version,
        )


def test_days_within_two_absences_count_once() -> None:
    one, two = date(2026, 3, 1), date(2026, 3, 31)
    assert days_away([(one, two), (date(2026, 3, 10), date(2026, 3, 12))], date(2026, 12, 1)) == 31
    assert days_away([(one, two), (two, date(2026, 4, 2))], date(2026, 12, 1)) == 33
    assert days_away([(one, None)], date(2026, 3, 3)) == 3
    assert days_away([(date(2026, 5, 1), None)], date(2026, 3, 3)) == 0
    assert days_away([], date(2026, 3, 3)) == 0


def test_the_whole_way_to_a_lease_of_ones_own(world: World) -> None:
    case, contract = housed(world, LONG_AGO)
    answer(world, case, **MANAGED, absence_days=0)
    takeover = watched(world, case)
    world.act("property", service.take_step, takeover_id=takeover.id, step="inspection_together")
    with pytest.raises(Conflict):
        world.act(
            "property", service.take_step, takeover_id=takeover.id, step="inspection_together"
        )
    with pytest.raises(PolicyRefused):
        act(world, carrying.carry_out, takeover, **TOLD)
    act(world, service.request, takeover)
    act(world, service.answer, takeover, agrees=True)
    with pytest.raises(ValidationFailed) as untold:
        act(world, carrying.carry_out, takeover, parties=["landlord"])
    assert {problem.field for problem in untold.value.problems} == {"told"}
    assert world.again(takeover).state == "agreed"
    lease = carrying.NewLease(rent_ore=712_300)
    done = act(world, carrying.carry_out, takeover, lease=lease, **TOLD)

    assert (done.state, done.taken_over_on) == ("done", today())
    before, after = (world.again(contract), world.rows(Contract, id=done.lease_id)[0])
    assert (before.state, before.end_reason, before.ended_on) == ("ended", "taken_over", today())
    assert (after.kind, after.starts_on, after.rent_ore) == ("first_hand", today(), 712_300)
    assert after.follows_id == contract.id
    assert world.rows(Unit, id=contract.unit_id)[0].state == "returned"
    assert stage(world, case) == "phase_3"
    with pytest.raises(Conflict):
        act(world, carrying.carry_out, takeover, **TOLD)


def test_a_refusal_has_its_reason_and_the_tribunal_may_give_leave(world: World) -> None:
    """JB 12:37 beside GBG-130: the landlord's no is not the last word for a kommun."""
    case, contract = housed(world, LONG_AGO)
    takeover = asked(world, case)
    with pytest.raises(ValidationFailed):
        act(world, service.answer, takeover, agrees=False)
    act(world, service.answer, takeover, agrees=False, reason="Vill inte ha fler andrahandsfall.")
    with pytest.raises(PolicyRefused):
        act(world, carrying.carry_out, takeover, **TOLD)
    act(world, service.apply_to_tribunal, takeover)
    with pytest.raises(ValidationFailed):
        act(world, service.tribunal_decided, takeover, leave=True, number=" ")
    act(world, service.tribunal_decided, takeover, leave=True, number="1234-26")
    done = act(world, carrying.carry_out, takeover, **TOLD)
    assert (done.state, done.tribunal_number) == ("done", "1234-26")
    assert world.again(contract).state == "ended"


def test_without_leave_it_can_be_asked_again(world: World) -> None:
    case, _ = housed(world, LONG_AGO)
    takeover = asked(world, case)
    act(world, service.apply_to_tribunal, takeover)
    act(world, service.tribunal_decided, takeover, leave=False, number="1235-26")
    assert world.again(takeover).state == "refused"
    assert act(world, service.request, takeover).state == "asked"


def test_a_reasoned_extension_holds(world: World) -> None:
    case, _ = housed(world, LONG_AGO)
    answer(world, case, **MANAGED, absence_days=0)
    takeover = watched(world, case)
    later = today() + timedelta(days=60)
    with pytest.raises(ValidationFailed) as wrong:
        act(world, service.postpone, takeover, until=today(), because="")
    assert {problem.field for problem in wrong.value.problems} == {"until", "because"}
    act(world, service.postpone, takeover, until=later, because="En störning i maj.")
    assert world.again(takeover).eligible_on == later
    with pytest.raises(PolicyRefused) as early:
        act(world, service.request, takeover)
    assert early.value.rule == "takeover_too_early"


def test_who_has_not_managed_is_not_asked_for(world: World) -> None:
    """GBG-127: a rule that says no is not the landlord's to mend."""
    case, _ = housed(world, LONG_AGO)
    answer(world, case, **{**MANAGED, "absence_days": 0, "neighbours_undisturbed": False})
    takeover = watched(world, case)
    with pytest.raises(PolicyRefused) as no:
        act(world, service.request, takeover)
    assert no.value.rule == "may_take_over" and no.value.trace


def test_the_landlord_is_asked_when_only_its_own_yes_is_missing(world: World) -> None:
    """GBG-128: what nobody has answered holds the request back, but for the owner's yes itself."""
    case, contract = housed(world, LONG_AGO)
    left = {**MANAGED}
    del left["joint_inspection_done"], left["tribunal_leave"]
    answer(world, case, **left)
    takeover = watched(world, case)
    with pytest.raises(PolicyRefused) as unasked:
        act(world, service.request, takeover)
    assert unasked.value.rule == "may_take_over"
    open_nodes = {one["id"] for one in unasked.value.trace if one["outcome"] == "unknown"}
    assert {"tenancy_long_enough", "inspected_together"} <= open_nodes
    assert not {"owner_says_yes", "leave_of_tribunal"} & open_nodes

    world.act("property", absences.state_no_absence, takeover_id=takeover.id)
    answer(world, case, joint_inspection_done=True)
    assert act(world, service.request, takeover).state == "asked"
    found = world.read(lambda session: checks.checks(session, world.again(case), today()))
    (away,) = [e for one in found for e in one.evidence if e.fact == "absence_days"]
    assert (away.value, away.answer.source if away.answer else "") == (0, "no_absence")
    any_of = {one.id: one.one_of.sv for one in found if one.one_of is not None}
    assert set(any_of) == {"owner_says_yes", "owner_bound_by_agreement", "leave_of_tribunal"}

    world.act(
        "property",
        absences.record_absence,
        contract_id=contract.id,
        began_on=today(),
        reason="travel",
    )
    with pytest.raises(Conflict) as registered:
        world.act("property", absences.state_no_absence, takeover_id=takeover.id)
    assert registered.value.rule == "absence_registered"


def test_the_milestone_is_the_same_act(world: World) -> None:
    """Recorded as an event of the case, the lease changes hands all the same."""
    case, contract = housed(world, LONG_AGO)
    takeover = asked(world, case)
    given: dict[str, Any] = {"case_id": case.id, "milestone": "transfer", **TOLD}
    with pytest.raises(PolicyRefused):
        world.act("property", carrying.record_milestone_or_takeover, **given)
    act(world, service.answer, takeover, agrees=True)
    world.act("property", carrying.record_milestone_or_takeover, **given)
    assert world.again(takeover).state == "done"
    assert world.again(contract).end_reason == "taken_over"


def test_only_the_property_side_handles_it(world: World) -> None:
    case, contract = housed(world, LONG_AGO)
    takeover = watched(world, case)
    with pytest.raises(NotAllowed):
        act(world, service.request, takeover, who=CASEWORKER)
    stranger = housing_first()
    with pytest.raises(NotFound):
        act_by(stranger, takeover)
    with pytest.raises(NotFound):
        stranger.act(
            "property",
            absences.record_absence,
            contract_id=contract.id,
            began_on=today(),
            reason="hospital",
        )


def act_by(world: World, takeover: Takeover) -> None:
    """The request by somebody of another kommun."""
    world.act("property", service.request, takeover_id=takeover.id, expected_version=1)


def test_two_who_carry_it_out_at_once(world: World) -> None:
    case, _ = housed(world, LONG_AGO)
    takeover = asked(world, case)
    act(world, service.answer, takeover, agrees=True)
    version = world.again(takeover).version

    def once() -> Any:
        return world.act(
            "property",
            carrying.carry_out,
            takeover_id=takeover.id,
            expected_version=version,
            **TOLD,
        )

    results = at_once(once, once)
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Takeover"]
    assert len(world.rows(Contract, case_id=case.id)) == 2


def test_the_worker_watches_and_closes(world: World) -> None:
    """From the event; and a sweep finds what was signed before there was anybody to watch."""
    case, contract = housed(world, LONG_AGO)
    for event in world.rows(OutboxEvent, type="contract_signed"):
        if event.payload["case_id"] == str(case.id):
            handle(world.tenant_id, event.id)
            handle(world.tenant_id, event.id)
    [takeover] = world.rows(Takeover, case_id=case.id)
    assert takeover.contract_id == contract.id

    other, _ = housed(world, LONG_AGO)
    assert chores.watch_takeovers(world.tenant_id) >= 1
    assert len(world.rows(Takeover, case_id=other.id)) == 1
    assert chores.watch_takeovers(world.tenant_id) == 0
