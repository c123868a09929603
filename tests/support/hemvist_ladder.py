"""Göteborg's ladder as tests climb it: a household in its flat, and each step by the services."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hemvist.assessments.service import NewAnswer
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.homes.keys import move_keys
from hemvist.identity import Membership, Role
from hemvist.ladder import demands, leaving, meetings, notices, plans, service
from hemvist.ladder.models import JointMeeting, Ladder, LadderStep
from hemvist_goteborg import housed, housing_first
from hemvist_world import World

#: Who is called to the joint meeting by the routine.
CALLED = ["property", "referring", "support_worker", "landlord", "resident"]
#: What the routine asks before a demand and before a notice.
WEIGHED = {"tenant_situation_weighed": True, "neighbour_right_weighed": True}
REPEATED = {"repeated_documented_misconduct": True}


def in_goteborg(tenant_id: UUID | None = None) -> World:
    """Göteborg's people, with support staff; in a Göteborg of its own unless one is given."""
    made = housing_first(tenant_id)
    made.add("support", Membership(Role.SUPPORT_WORKER, "SF-SV"))
    return made


def opened(
    world: World, moved_in: date | None = None, **changes: Any
) -> tuple[Case, Contract, Ladder]:
    """A household in its flat, and a ladder begun after serious disturbances."""
    case, contract = housed(world, moved_in or today() - timedelta(days=120))
    values: dict[str, Any] = {
        "ground": "misconduct",
        "severity": "serious",
        "severity_reason": "Tre anmälningar på en vecka.",
        "about": "Hög musik om nätterna.",
        "opened_on": today() - timedelta(days=40),
    }
    ladder = world.act("property", service.open_ladder, case_id=case.id, **(values | changes))
    return case, contract, ladder


def step(world: World, ladder: Ladder, verb: Any, who: str = "property", **given: Any) -> Any:
    """One act on a ladder by its present version."""
    version = world.again(ladder).version
    return world.act(who, verb, ladder_id=ladder.id, expected_version=version, **given)


def weighed(world: World, ladder: Ladder, on: date | None = None, **facts: Any) -> Ladder:
    """What the routine asks, answered with a reason."""
    answers = [NewAnswer(fact, value, "Bedömt.", "samtal") for fact, value in facts.items()]
    return step(  # type: ignore[no-any-return]
        world, ladder, service.weigh_ladder, answers=answers, on=on or ladder.opened_on
    )


def demanded(world: World, ladder: Ladder, on: date | None = None, **changes: Any) -> LadderStep:
    """The demand as the routine wants it, after both sides were weighed."""
    weighed(world, ladder, **WEIGHED)
    values: dict[str, Any] = {
        "what": "Sluta spela musik efter klockan 22.",
        "ways": ["letter", "registered_letter"],
        "copies": ["social_board", "support_worker"],
        "sent_on": on or today() - timedelta(days=30),
    }
    return step(world, ladder, demands.send_demand, **(values | changes))  # type: ignore[no-any-return]


def met(world: World, ladder: Ladder, **changes: Any) -> JointMeeting:
    """Everybody called and the meeting held; the landlord stayed away."""
    called_on = today() - timedelta(days=25)
    called = step(
        world,
        ladder,
        meetings.call_meeting,
        called=CALLED,
        meets_on=called_on + timedelta(days=5),
        place="Köpmansgatan 20",
        called_on=called_on,
    )
    values: dict[str, Any] = {
        "came": [one for one in CALLED if one != "landlord"],
        "absent": {"landlord": "Sjuk, lämnade besked."},
        "picture": "Alla är överens om vad som har hänt.",
        "held_on": called_on + timedelta(days=5),
        "agenda_done": ["situation", "action_plan"],
    }
    return world.act(  # type: ignore[no-any-return]
        "property",
        meetings.hold_meeting,
        meeting_id=called.id,
        expected_version=called.version,
        **(values | changes),
    )


def planned(world: World, ladder: Ladder, due_on: date | None = None) -> LadderStep:
    """An action for the tenant and one for the support staff."""
    agreed = today() - timedelta(days=20)
    due = due_on or agreed + timedelta(days=7)
    return step(  # type: ignore[no-any-return]
        world,
        ladder,
        plans.make_plan,
        actions=[
            plans.NewAction("Sänker volymen efter klockan 22.", "resident", due),
            plans.NewAction("Besöker två gånger i veckan.", "support_worker", due),
        ],
        agreed_on=agreed,
    )


def noticed(world: World, ladder: Ladder, on: date | None = None, **changes: Any) -> LadderStep:
    """Notice after repeated, documented misconduct."""
    day = on or today() - timedelta(days=10)
    weighed(world, ladder, on=day, **REPEATED)
    values: dict[str, Any] = {
        "given_on": day,
        "ends_on": day,
        "went_on_because": "Hyresrätten är förverkad (JB 12:42).",
    }
    return step(world, ladder, notices.give_ladder_notice, **(values | changes))  # type: ignore[no-any-return]


def keys(world: World, contract: Contract, move: str, on: date) -> None:
    """A key of the flat handed out or returned."""
    world.act(
        "property", move_keys, contract_id=contract.id, move=move, key_kind="flat", moved_on=on
    )


def moved_out(world: World, ladder: Ladder, contract: Contract) -> Ladder:
    """Told of other housing, keys in, and moved out today."""
    step(
        world,
        ladder,
        leaving.tell_of_housing,
        who="caseworker SF-SV",
        what="Berättade om bostadskön och stödboende.",
        told_on=today() - timedelta(days=5),
    )
    keys(world, contract, "returned", today())
    return step(world, ladder, leaving.register_move_out)  # type: ignore[no-any-return]
