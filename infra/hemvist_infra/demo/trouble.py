"""When something goes wrong in a home: reports with their clocks running, and a ladder under way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hemvist.assessments.service import NewAnswer
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now
from hemvist.identity import Actor
from hemvist.incidents import service as incidents
from hemvist.incidents.clocks import clocks_of
from hemvist.incidents.models import Incident
from hemvist.ladder import demands, meetings, plans
from hemvist.ladder import service as ladders
from hemvist.ladder.models import Ladder

if TYPE_CHECKING:
    from hemvist_infra.demo.residents import Resident

#: Whom Göteborg's routine has called to a joint meeting.
_EVERYBODY = ("property", "referring", "support_worker", "landlord", "resident")
_WEIGHED = ("tenant_situation_weighed", "neighbour_right_weighed")


def reported(home: Resident, case: Case, by: str, what: str, ago: timedelta) -> Incident:
    """A report of a disturbance that reached the kommun so long ago, and what happened the day before.

    Not judged yet: the clocks that it started run, or have run out.
    """
    came = now() - ago
    return incidents.report(
        home.session,
        home.caseworker,
        kind="disturbance",
        reported_by=by,
        channel="phone",
        what=what,
        happened_on=came.astimezone(SWEDISH_TIME).date() - timedelta(days=1),
        received_at=came,
        case_id=case.id,
    )


def handled(home: Resident, case: Case, by: str, what: str, day: date) -> Incident:
    """A report of a disturbance of ``day``, judged and answered the same afternoon."""
    at = [datetime.combine(day, time(hour), SWEDISH_TIME) for hour in (9, 10, 14)]
    found = incidents.report(
        home.session,
        home.letter,
        kind="disturbance",
        reported_by=by,
        channel="phone",
        what=what,
        happened_on=day - timedelta(days=1),
        received_at=at[0],
        case_id=case.id,
    )
    incidents.assess(
        home.session,
        home.letter,
        incident_id=found.id,
        severity="serious",
        reason="Tredje natten på två veckor, och flera grannar har vaknat.",
        expected_version=found.version,
        at=at[1],
    )
    incidents.act(
        home.session,
        home.letter,
        incident_id=found.id,
        kind="talked",
        notes="Samtal med den boende, som vet om att det har varit för högt.",
        service_clock_ids=[
            clock.id for clock in clocks_of(home.session, found.id, unanswered=True)
        ],
        expected_version=found.version,
        at=at[2],
    )
    return found


def ladder(home: Resident, case: Case, incident: Incident | None, on: date) -> Ladder:
    """A ladder begun on a day, with both sides weighed."""
    begun = ladders.open_ladder(
        home.session,
        home.letter,
        case_id=case.id,
        ground="misconduct",
        severity="serious",
        severity_reason="Flera nätter med störningar, och samtal har inte hjälpt.",
        about="Hög musik och rop i trapphuset om nätterna.",
        opened_on=on,
        incident_id=None if incident is None else incident.id,
    )
    answers = [NewAnswer(fact, True, "Samråd med socialtjänsten.", "samtal") for fact in _WEIGHED]
    return _step(home, begun, ladders.weigh_ladder, answers=answers, on=on) or begun


def demand(home: Resident, found: Ladder, on: date) -> None:
    """The written demand by letter and registered letter, with copies to both who want one."""
    _step(
        home,
        found,
        demands.send_demand,
        what="Ingen hög musik och inga rop i trapphuset efter klockan 22.",
        ways=["letter", "registered_letter"],
        copies=["social_board", "support_worker"],
        sent_on=on,
    )


def talk(home: Resident, found: Ladder, on: date) -> None:
    """The support staff's talk after the demand."""
    _step(
        home,
        found,
        ladders.record_talk,
        actor=home.caseworker,
        parties=["resident", "support_worker"],
        what="Gick igenom anmaningen. Den boende vill ha hjälp att säga nej till besök sent på kvällen.",
        held_on=on,
    )


def meeting(home: Resident, found: Ladder, on: date) -> None:
    """Everybody called and the meeting held; the landlord stayed away. Then the plan they made."""
    called = _step(
        home,
        found,
        meetings.call_meeting,
        called=_EVERYBODY,
        meets_on=on,
        meets_at="13.00",
        place="Exploateringsförvaltningen, Köpmansgatan 20",
        called_on=on - timedelta(days=6),
    )
    held = meetings.hold_meeting(
        home.session,
        home.letter,
        meeting_id=called.id,
        came=[one for one in _EVERYBODY if one != "landlord"],
        absent={"landlord": "Förhindrad samma morgon; störningsjouren lämnade sin bild i förväg."},
        agenda_done=["situation", "action_plan"],
        picture="Alla är överens om vad som har hänt och vill att tiden i lägenheten fortsätter.",
        held_on=on,
        expected_version=called.version,
    )
    _step(
        home,
        found,
        plans.make_plan,
        meeting_id=held.id,
        agreed_on=on,
        actions=[
            plans.NewAction(what, owner, home.planned.today + timedelta(days=days))
            for what, owner, days in (
                ("Tar inte emot besök efter klockan 21.", "resident", 30),
                ("Ringer eller kommer varje kväll i två veckor.", "support_worker", 4),
                ("Beställer ljuddämpande matta.", "property", -2),
            )
        ],
    )


def _step(
    home: Resident, found: Ladder, verb: Any, *, actor: Actor | None = None, **given: Any
) -> Any:
    return verb(
        home.session,
        actor or home.letter,
        ladder_id=found.id,
        expected_version=found.version,
        **given,
    )
