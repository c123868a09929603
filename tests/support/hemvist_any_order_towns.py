"""Any order: three kommuner whose cases stand at every point of their way, so that any act can come.

Homes on offer, leases that run, takeovers that wait for the landlord, a guarantee with claims and a
debt, an appeal: each at least once from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from hemvist.appeals import service as appeals
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.guarantees.models import Guarantee
from hemvist.identity import Membership, Role
from hemvist.policy import Registry, add_months
from hemvist.referrals import service as referrals
from hemvist.takeovers import absences, carrying, watching
from hemvist.takeovers import service as takeovers
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import Audience, tenant_session
from hemvist_any_order import COURT, REASON, Town
from hemvist_goteborg import CONTENT as GOTEBORG_CONTENT
from hemvist_goteborg import MANAGED, housing_first, in_phase_1
from hemvist_goteborg import PACK as GOTEBORG
from hemvist_goteborg import answer as answer_in_goteborg
from hemvist_goteborg import opened as opened_in_goteborg
from hemvist_goteborg import sign as sign_in_goteborg
from hemvist_guarantees import OTHER, RENT, claim, decide, demand, give_up, paid
from hemvist_pack_cases import Walk
from hemvist_world import GUARANTEE, PACK, World, content, new_world


def helsingborg() -> Town:
    """Municipal contracts and rent guarantees."""
    world = new_world(pack=PACK, departments={"SOF-VUX": ""})
    world.add(OTHER, Membership(Role.PROPERTY_OFFICER, "FF"))
    pack = Registry.discover().get(PACK)
    people = ("caseworker SOF-VUX", "manager SOF-VUX", "property")
    town = Town(world, pack, *people, content())
    town.cases += [_refused(world), *_on_the_way(world), _guaranteed(world)]
    return town


def _refused(world: World) -> Case:
    """Support refused three times, and appealed: at the kommun, reconsidered, at the court."""
    case = world.case()
    for steps in range(3):
        decision = world.grant(case, outcome="refused", departure_reason=REASON)
        day = today() - timedelta(days=80)
        words = {"how": "letter", "asks": "Vill ha en bostad.", "received_on": day}
        row = world.act("caseworker SOF-VUX", appeals.receive, decision_id=decision.id, **words)
        ways: tuple[tuple[Callable[..., object], dict[str, str]], ...] = (
            (appeals.judge_timeliness, {}),
            (appeals.reconsider, {"result": "unchanged", "reason": REASON}),
            (appeals.forward, {"court": COURT}),
        )
        for verb, more in ways[: (0, 2, 3)[steps]]:
            version = world.again(row).version
            words = {"appeal_id": row.id, "expected_version": version, "on": day, **more}
            world.act("manager SOF-VUX", verb, **words)
    world.propose(case)
    return case


def _on_the_way(world: World) -> Iterable[Case]:
    """A referral written, signed, sent, returned, registered; a home on offer, accepted, let.

    Two of what several people may end in different ways.
    """
    steps: tuple[Callable[[Case], object], ...] = (
        lambda case: (world.grant(case), world.draft(case)),
        lambda case: (world.grant(case), world.sign(world.draft(case), case)),
        world.submitted,
        world.submitted,
        lambda case: _returned(world, case),
        lambda case: _returned(world, case),
        world.registered,
        lambda case: world.offer(world.registered(case)),
        lambda case: world.offer(world.registered(case)),
        lambda case: world.accepted(case, world.registered(case)),
        world.housed,
    )
    for step in steps:
        case = world.case()
        step(case)
        yield case


def _returned(world: World, case: Case) -> None:
    row = world.submitted(case)
    words = {"request": REASON, "on": today() - timedelta(days=100)}
    words |= {"referral_id": row.id, "expected_version": row.version}
    world.act("property", referrals.return_for_completion, **words)


def _guaranteed(world: World) -> Case:
    """A first-hand lease with a guarantee: claims that wait and are approved, debts, a write-off."""
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    world.contract(offer, guarantee_months=12, told_of_link_on=None)
    [guarantee] = world.rows(Guarantee, case_id=case.id)
    paid(world, guarantee)
    debt = demand(world, guarantee, RENT // 2)
    give_up(world, debt, RENT // 8)
    demand(world, guarantee, RENT // 4)
    decide(world, claim(world, guarantee), RENT)
    claim(world, guarantee)
    return case


def goteborg() -> Town:
    """Housing First: phases, two flats, absence, the takeover after eighteen months."""
    world = housing_first()
    world.add(OTHER, Membership(Role.PROPERTY_OFFICER, "EXF"))
    pack = Registry.discover().get(GOTEBORG)
    people = ("caseworker SF-SV", "manager SF-SV", "coordinator")
    town = Town(world, pack, *people, GOTEBORG_CONTENT)
    moved_in = add_months(today(), -21)
    town.cases.append(opened_in_goteborg(world, moved_in - timedelta(days=90)))
    case, _ = in_phase_1(world, moved_in)
    town.cases.append(case)
    for agreed in (False, True):
        case, referral = in_phase_1(world, moved_in)
        sign_in_goteborg(world, referral, moved_in)
        answer_in_goteborg(world, case, **MANAGED)
        watch(world, case)
        town.cases.append(case)
        if agreed:
            _step(world, case, absences.state_no_absence)
            _step(world, case, takeovers.request)
            _step(world, case, takeovers.answer, agrees=True)
        else:
            _leave(world, case)
    return town


def _step(world: World, case: Case, verb: Callable[..., object], **words: object) -> None:
    """A step of the case's takeover, at the beginning of the acts to come."""
    [takeover] = world.rows(Takeover, case_id=case.id)
    if verb is not absences.state_no_absence:
        words["expected_version"] = takeover.version
    on = today() - timedelta(days=25)
    world.act("property", verb, takeover_id=takeover.id, on=on, **words)


def _leave(world: World, case: Case) -> None:
    [contract] = world.rows(Contract, case_id=case.id)
    words = {"began_on": today() - timedelta(days=30), "reason": "hospital"}
    world.act("property", absences.record_absence, contract_id=contract.id, **words)


def vasteras(points: Iterable[int] = range(7), signed_on: date | None = None) -> Town:
    """The staircase: a training flat, and after a year a lease of one's own with a surety.

    A case of point 0 is opened, 1 has accepted a home, 2 lives in it, 3 is watched for the
    takeover, 4 has asked the landlord, 5 the tribunal, 6 has taken the lease over.
    """
    filled = {
        "household": "Ensamstående vuxen.",
        "home_needed": "Ett rum och kök.",
        "reasons": "Får inte hyra på egen hand.",
        "investigation": "Klarar ett eget boende med stöd.",
        "city_area": "Bäckby",
    }
    walk = Walk.of("vasteras/boendetrappa", "SKV", "FK", "1980", filled)
    walk.world.add(OTHER, Membership(Role.PROPERTY_OFFICER, "FK"))
    people = (walk.caseworker, "manager SKV", "property")
    town = Town(walk.world, walk.pack, *people, filled)
    signed_on = signed_on or add_months(today(), -14)
    for point in points:
        case = walk.opened(
            signed_on - timedelta(days=60),
            homeless=True,
            cannot_get_flat_ordinarily=True,
            needs_support_and_follow_up=True,
            newly_arrived_refugee=False,
            former_misuse=True,
            problems_bar_tenancy=False,
        )
        town.cases.append(case)
        if point:
            offer = walk.taken(case, "training_flat", signed_on)
        if point >= 2:
            walk.sign(offer, signed_on, went_on_because=REASON)
        if point >= 3:
            walk.answer(case, had_disturbances=False, had_payment_failures=False)
            watch(walk.world, case)
        if point >= 4:
            _step(walk.world, case, takeovers.request)
        if point == 5:
            _step(walk.world, case, takeovers.apply_to_tribunal)
        if point == 6:
            _step(walk.world, case, takeovers.answer, agrees=True)
            _step(walk.world, case, carrying.carry_out, parties=["landlord", "resident"])
    return town


TOWNS: tuple[Callable[[], Town], ...] = (helsingborg, goteborg, vasteras)


def watch(world: World, case: Case) -> None:
    """What the worker does after a contract was signed."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
