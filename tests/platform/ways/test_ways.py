"""The way to a lease of one's own, in three kommuner whose guidelines lead there differently."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.closing import close
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.policy import add_months
from hemvist.takeovers import carrying, service, watching
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import tenant_session
from hemvist.ways.known import Known
from hemvist.ways.service import _Way, way_of
from hemvist.ways.stations import STATES, Station
from hemvist_goteborg import MANAGED, answer, housed, housing_first
from hemvist_pack_cases import Walk
from hemvist_registry import discovered
from hemvist_vasteras import CONTENT, SINGLE
from hemvist_world import GUARANTEE, MUNICIPAL, World, new_world


def way(world: World, case: Case, *, inside: bool = True) -> dict[str, Station]:
    """The stations by code, in order; every state is one of the known."""
    now = world.again(case)
    found = world.read(lambda session: way_of(session, now, inside=inside))
    assert {one.state for one in found} <= set(STATES)
    assert all((one.state == "done") == (one.on is not None) for one in found)
    return {one.code: one for one in found}


def ahead(stations: dict[str, Station]) -> list[tuple[str, str]]:
    """Code and state of those that are not reached."""
    return [(one.code, one.state) for one in stations.values() if one.state != "done"]


def watched(world: World, case: Case) -> Takeover:
    """The case's takeover, as the worker watches it."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    return world.rows(Takeover, case_id=case.id)[-1]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def helsingborg(database: str) -> World:
    """A kommun by Helsingborg's guideline."""
    return new_world()


def test_no_programme_no_way(helsingborg: World) -> None:
    assert way(helsingborg, helsingborg.case()) == {}


def test_helsingborgs_contract_leads_on_to_a_guarantee(helsingborg: World) -> None:
    """HBG-124: a guarantee comes first; the way is the same from the first decision on."""
    world = helsingborg
    case = world.case()
    decision = world.grant(case)
    begun = way(world, case)
    assert list(begun) == [
        *("support", "referral", "offer", "contract", "moved_in", "housing"),
        *("own_lease", "follow_up_ends"),
    ]
    assert begun["support"].on == decision.decided_on
    assert ahead(begun)[0] == ("referral", "now")
    assert {state for _, state in ahead(begun)[1:]} == {"later"}
    assert begun["own_lease"].because == ()

    referral = world.submitted(case)
    waits = way(world, case)["referral"]
    assert (waits.state, [one.code for one in waits.because]) == (
        "missing",
        ["waits_for_registration"],
    )
    assert referral.programme == MUNICIPAL


def test_helsingborgs_home_says_what_the_end_of_follow_up_lacks(helsingborg: World) -> None:
    world = helsingborg
    case = world.case()
    world.grant(case)
    contract = world.contract(world.accepted(case, world.registered(case)))
    world.housed(case)
    lived = way(world, case)
    assert lived["contract"].subject == ("contract", contract.id)
    assert ahead(lived)[0] == ("own_lease", "now")
    assert lived["follow_up_ends"].because
    assert lived["follow_up_ends"].expected_on == add_months(contract.starts_on, 12)
    # What the rules of the investigation say is told inside the department only.
    outside = way(world, case, inside=False)
    assert outside["follow_up_ends"].because == ()
    assert list(outside) == list(lived)


def test_helsingborgs_guarantee_is_a_lease_of_ones_own(helsingborg: World) -> None:
    world = helsingborg
    case = world.case()
    world.grant(case, programme=GUARANTEE)
    assert list(way(world, case)) == [
        *("support", "referral", "offer", "own_lease", "moved_in", "housing"),
        *("guarantee", "guarantee_ends"),
    ]


def test_a_closed_case_keeps_what_was_reached(helsingborg: World) -> None:
    world = helsingborg
    case = world.case()
    world.grant(case)
    world.act(
        "caseworker SOF-VUX",
        close,
        case_id=case.id,
        reason="other",
        expected_version=world.again(case).version,
    )
    assert list(way(world, case)) == ["support"]


def test_goteborgs_flat_waits_for_its_day_and_the_landlord(database: str) -> None:
    """GBG: eighteen months from moving in, then the landlord's answer."""
    world = housing_first()
    moved_in = add_months(today(), -6)
    case, _ = housed(world, moved_in)
    young = way(world, case)
    first_day = add_months(moved_in, 18)
    assert ahead(young) == [("takeover_day", "now"), ("landlord", "later"), ("own_lease", "later")]
    assert young["takeover_day"].expected_on == first_day
    assert young["own_lease"].expected_on == first_day
    assert {one.outcome for one in young["own_lease"].because} <= {"unknown", "false"}
    assert young["own_lease"].because

    old, _ = housed(world, add_months(today(), -18) - timedelta(days=3))
    takeover = watched(world, old)
    answer(world, old, **MANAGED)
    ripe = way(world, old)
    assert ripe["takeover_day"].on == takeover.eligible_on
    assert [one.code for one in ripe["landlord"].because] == ["landlord_not_asked"]
    # Whether there was absence nobody has said, and it could move the day.
    assert ("tenancy_long_enough", "unknown") in {
        (one.code, one.outcome) for one in ripe["own_lease"].because
    }
    assert ripe["landlord"].subject == ("takeover", takeover.id)

    def act(verb: Any, **given: Any) -> None:
        version = world.again(takeover).version
        world.act("property", verb, takeover_id=takeover.id, expected_version=version, **given)

    answer(world, old, absence_days=0)
    act(service.request)
    assert [one.code for one in way(world, old)["landlord"].because] == ["landlord_asked"]
    act(service.answer, agrees=True)
    agreed = way(world, old)
    assert (agreed["landlord"].state, agreed["landlord"].on) == ("done", today())
    assert not agreed["own_lease"].because
    assert ahead(way(world, old)) == [("own_lease", "now")]
    act(carrying.carry_out, parties=["landlord"], told=["open_support_told"])
    reached = way(world, old)
    assert ahead(reached) == []
    assert reached["own_lease"].on == today()


def test_vasteras_staircase_shows_the_step_above(database: str) -> None:
    """VAS-17, VAS-20: a year of training, then the support lease with its surety and another year."""
    walk = Walk.of("vasteras/boendetrappa", "SKV", "FK", "1980", CONTENT)
    signed_on = add_months(today(), -14)
    case = walk.opened(signed_on - timedelta(days=60), **SINGLE)
    offer = walk.taken(case, "training_flat", signed_on)
    contract = walk.sign(
        offer,
        signed_on,
        went_on_because="Rapportens dygn står i avtalet; lagens uppsägningstid gäller.",
    )
    takeover = watched(walk.world, case)
    below = way(walk.world, case)
    assert list(below)[-5:] == [
        *("takeover_day", "own_lease", "surety", "surety_ends"),
        "follow_up_ends",
    ]
    assert below["own_lease"].label is not None
    assert ahead(below)[0] == ("own_lease", "missing")
    assert {one.outcome for one in below["own_lease"].because} == {"unknown"}

    walk.answer(case, had_disturbances=False, had_payment_failures=False)
    assert ahead(way(walk.world, case))[0] == ("own_lease", "now")
    stepped: date = add_months(contract.starts_on, 12) + timedelta(days=10)
    walk.world.act(
        "property",
        carrying.carry_out,
        takeover_id=takeover.id,
        on=stepped,
        parties=["landlord", "resident"],
        expected_version=walk.world.again(takeover).version,
    )
    above = way(walk.world, case)
    # Where it began stands there still, and the other year counts from the new lease.
    assert (above["contract"].on, above["moved_in"].on) == (signed_on, contract.starts_on)
    assert above["own_lease"].on == stepped
    assert above["follow_up_ends"].expected_on == add_months(stepped, 12)
    assert "takeover_day" not in above


NEVER = Known({}, (), (), ())
PROGRAMMES = [
    (pack.name, programme)
    for pack in discovered().packs()
    for programme in pack.programmes
    if pack.programme(programme).contract is not None
]


def before_anything(pack: str, programme: str) -> list[Station]:
    """The stations of a programme in which nothing has happened: they follow from the guideline."""
    case = Case(programme=programme, state="open")
    found = _Way(None, case, discovered().get(pack), NEVER, True)  # type: ignore[arg-type]
    return list(found.stations(discovered().get(pack).programme(programme)))


@pytest.mark.parametrize(("pack", "programme"), PROGRAMMES)
def test_no_station_comes_twice(pack: str, programme: str) -> None:
    """Ways out to the same kind of home are one station, and a lease is one's own once."""
    codes = [one.code for one in before_anything(pack, programme)]
    assert len(codes) == len(set(codes))


def test_two_ways_out_are_alternatives() -> None:
    """STH-20: nothing is taken over in a training flat; a trial flat or Housing First comes next."""
    stations = before_anything("stockholm/forsoks-och-traningslagenheter", "training_flat")
    assert "takeover_day" not in {one.code for one in stations}
    [last] = [one for one in stations if one.code == "next_programme"]
    assert last.label is not None
    assert last.label.sv == "Försökslägenhet eller Bostad först-lägenhet"
