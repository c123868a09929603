"""What the portal's pages ask with: the variables of each document in a kommun that has something of
everything, and somebody who may read it all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hemvist.assessments.models import Assessment
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.households.models import Household, Person
from hemvist.identity import Actor, Membership, Role
from hemvist.incidents import service as incidents
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.clocks import start_clocks
from hemvist.incidents.models import Incident
from hemvist.ladder import meetings, plans
from hemvist.ladder import service as ladders
from hemvist.ladder.models import Ladder
from hemvist.letters.models import Letter
from hemvist.offers.matching import service as matching
from hemvist.offers.matching.models import MatchRun
from hemvist.offers.models import Offer
from hemvist.pack_versions import service
from hemvist.pack_versions.models import PackVersion
from hemvist.referrals.models import Referral
from hemvist.retention import service as retention
from hemvist.retention.models import ThinningRun
from hemvist.simulations.models import Simulation
from hemvist.units.models import Unit
from hemvist_graphql.ids import global_id
from hemvist_portal.documents import document, names
from hemvist_simulations import ask_for, policy_officer
from hemvist_versions import Hand, policy_people
from hemvist_world import MUNICIPAL, PACK, World, a_number, caseworker_of

READS = [name for name in names() if not name.startswith("commands/")]
#: Whose id a page takes; the others take a case's.
OF: dict[str, Any] = {
    "ladder": Ladder,
    "letter": Letter,
    "letter_file": Letter,
    "assessment_record": Assessment,
    "applicant_sheet": Assessment,
    "contract": Contract,
    "decision": Decision,
    "household": Household,
    "incident": Incident,
    "incident_unit": Unit,
    "obligation": Obligation,
    "matching_run": MatchRun,
    "offer": Offer,
    "offer_form": Referral,
    "person": Person,
    "presentation": Unit,
    "policy_differences": PackVersion,
    "policy_file": PackVersion,
    "policy_simulation": Simulation,
    "policy_simulation_cases": Simulation,
    "policy_version": PackVersion,
    "policy_version_head": PackVersion,
    "referral": Referral,
    "service_clock": ServiceClock,
    "thinning_certificate": ThinningRun,
    "thinning_run": ThinningRun,
    "unit": Unit,
}


def reader_of_everything(world: World) -> Actor:
    """Somebody who may read everything that the portal shows; ``world`` gets what it lacks."""
    world = policy_people(world)
    hand = Hand.draft(world)
    hand.act(service.check)
    policy_officer(world)
    world.act("property", matching.run, programme=MUNICIPAL)
    ask_for(world, new_version=hand.version.number)
    _reported(world)
    _in_trouble(world)
    _held(world)
    return world.add(
        "everything",
        Membership(Role.CASEWORKER, "SOF-VUX"),
        Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"),
        Membership(Role.PROPERTY_OFFICER, "FF"),
        Membership(Role.POLICY_OFFICER, ""),
        Membership(Role.LOG_REVIEWER, ""),
    )


def _held(world: World) -> None:
    """A case is held, and a thinning was proposed. It is under way no more: there is one at a time, and a
    large kommun is copied from this one."""
    world.add("archivist", Membership(Role.POLICY_OFFICER))
    case = next(one for one in world.rows(Case) if one.department == "SOF-VUX")
    world.act("archivist", retention.place_mark, case_id=case.id, kind="hold", reason="Tillsyn.")
    run = world.act("archivist", retention.propose)
    world.act("archivist", retention.withdraw, run_id=run.id, expected_version=run.version)


def _reported(world: World) -> None:
    """Something happened in a home, and a clock of the law runs."""
    case = next(one for one in world.rows(Case) if one.department == "SOF-VUX")
    actor = world[caseworker_of("SOF-VUX")]
    world.act(
        actor,
        incidents.report,
        case_id=case.id,
        kind="disturbance",
        reported_by="landlord",
        channel="phone",
        what="Hög musik.",
        happened_on=today(),
    )
    with world.session(actor) as session:
        start_clocks(session, actor, case, "eviction_dated", now(), "case", case.id)


def _in_trouble(world: World) -> None:
    """A ladder of that case, with a talk, a meeting that is called and an action of a plan."""
    case = next(one for one in world.rows(Case) if one.department == "SOF-VUX")
    actor = world[caseworker_of("SOF-VUX")]
    ladder = world.act(
        actor,
        ladders.open_ladder,
        case_id=case.id,
        ground="misconduct",
        severity="serious",
        severity_reason="Tre anmälningar.",
        about="Hög musik.",
    )

    def step(verb: Any, **values: Any) -> None:
        version = world.again(ladder).version
        world.act(actor, verb, ladder_id=ladder.id, expected_version=version, **values)

    step(ladders.record_talk, parties=["resident"], what="Pratade.")
    step(
        meetings.call_meeting,
        called=["resident", "property"],
        meets_on=today(),
        place="Rådhuset",
    )
    step(plans.make_plan, actions=[plans.NewAction("Sänker volymen.", "resident", today())])


def given(name: str, world: World) -> dict[str, Any]:
    """The variables of the document ``name``."""
    text = document(name)
    found = {key: value for key, value in _variables(name, world).items() if f"${key}:" in text}
    if name == "conclusion":
        found["rule"] = "chapter_2"
    return found


def _variables(name: str, world: World) -> dict[str, Any]:
    model = OF.get(name, Case)
    rows = world.rows(model)
    case = world.rows(Case)[0]
    return {
        "id": global_id(model.__name__, rows[0].id) if rows else "x",
        "lang": "sv",
        "all": True,
        "rule": None,
        "chosen": "",
        "tried": False,
        "replay": False,
        "reports": False,
        "lateOnly": True,
        "pack": PACK,
        "name": PACK,
        "from": case.pack_version,
        "to": case.pack_version,
        "cases": [global_id("Case", case.id)],
        "on": today().isoformat(),
        "number": a_number(dt.date(1980, 1, 1)),
        "changedOnly": True,
        "position": 1,
        "code": "ways" if name == "comparison" else "waiting",
        "codes": ["waiting", "homes_running"],
        "ways": ["moved_on"],
        "whole": ["moved_in", "moved_on"],
        "margin": "all",
        "question": "sublet_homes",
    }
