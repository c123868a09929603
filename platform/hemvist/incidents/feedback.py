"""Telling the landlord what became of a report: chosen words, only what the record bears.

Social services' secrecy (OSL 26:1) holds against the landlord too, so nothing is written freely. Each
sentence says which part of the matter it lays open; what is about the person needs the household's
consent (OSL 10:1, 12:2) or that the kommun's own task cannot be done without (OSL 10:2), and is never
said of a protected household without consent. Recipient, ground and fields are kept (LF-10).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.checks import raise_if
from hemvist.cases.facts import household_facts
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.errors import Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.incidents import landlord_reports
from hemvist.incidents.access import incident_for
from hemvist.incidents.clocks import past_instant
from hemvist.incidents.models import (
    BY_LOGIN,
    TOLD_BY,
    Incident,
    IncidentAction,
    IncidentFeedback,
)
from hemvist.incidents.sharing import ground_problems
from hemvist.landlords.models import Landlord
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


class Standing(NamedTuple):
    """What of an incident decides what can be said of it."""

    state: str
    outcome: str | None
    confirmed: bool | None
    #: Kinds of what was done.
    done: frozenset[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A sentence that a landlord may be told: when the record bears it, and what it lays open."""

    sv: str
    en: str
    borne: Callable[[Standing], bool]
    #: Parts of the matter that it lays open, in codes.
    fields: tuple[str, ...] = ()
    #: Whether it says something about the household, and not only about the report.
    personal: bool = False


_BEEN_THERE = frozenset({"called_out", "visited"})
_TALKED = _BEEN_THERE | {"talked", "support_contacted"}


def _always(_: Standing) -> bool:
    return True


#: What can be said, in the order in which it is said.
WORDS: Mapping[str, Word] = {
    "received": Word(
        "Vi har tagit emot er anmälan.", "We have received your report.", _always, ("report",)
    ),
    "under_way": Word(
        "Vi arbetar med den.",
        "We are working on it.",
        lambda it: it.state == "open",
        ("state",),
    ),
    "been_there": Word(
        "Vi har varit på plats.",
        "We have been there.",
        lambda it: bool(it.done & _BEEN_THERE),
        ("contact",),
        personal=True,
    ),
    "talked": Word(
        "Vi har talat med den som bor där.",
        "We have talked with whoever lives there.",
        lambda it: bool(it.done & _TALKED),
        ("contact",),
        personal=True,
    ),
    "measures": Word(
        "Åtgärder har vidtagits.",
        "Measures have been taken.",
        lambda it: bool(it.done - {"assessed"}),
        ("measures",),
        personal=True,
    ),
    "not_confirmed": Word(
        "Det som anmäldes har inte kunnat bekräftas.",
        "What was reported could not be confirmed.",
        lambda it: it.state == "closed" and it.confirmed is False,
        ("outcome",),
        personal=True,
    ),
    "ended": Word(
        "Vi har avslutat arbetet med er anmälan.",
        "We have finished working on your report.",
        lambda it: it.state == "closed",
        ("state",),
    ),
    "call_again": Word(
        "Hör av er igen om det upprepas.", "Contact us again if it is repeated.", _always
    ),
    "no_more": Word(
        "Mer än så kan vi inte berätta på grund av sekretess.",
        "More than that we cannot tell because of secrecy.",
        _always,
    ),
}


def standing_of(session: TenantSession, incident: Incident) -> Standing:
    """What decides what can be said of the incident now."""
    done = session.scalars(
        select(IncidentAction.kind).where(IncidentAction.incident_id == incident.id).distinct()
    )
    return Standing(incident.state, incident.outcome, incident.confirmed, frozenset(done))


def may_be_said(standing: Standing) -> list[str]:
    """Codes of the words that the record bears, in their order."""
    return [code for code, word in WORDS.items() if word.borne(standing)]


def text_of(words: Collection[str], lang: str) -> str:
    """What the landlord is told: the sentences of the codes, in their order."""
    said = [word for code, word in WORDS.items() if code in words]
    return " ".join(word.sv if lang == "sv" else word.en for word in said)


def tell_landlord(
    session: TenantSession,
    actor: Actor,
    *,
    incident_id: UUID,
    words: Sequence[str],
    ground: str,
    told_how: str,
    expected_version: int,
    consented_on: date | None = None,
    ground_note: str = "",
    at: datetime | None = None,
) -> Incident:
    """Note that the landlord of the home was told ``words`` (återkoppling), on which ground.

    Also of an incident that is closed. Raises ``ValidationFailed`` on words that the record does not
    bear or that a protected household's landlord is not told, a ground that is not made out, and
    where there is no landlord; ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    incident, case = incident_for(session, actor, incident_id, Action.INCIDENT_HANDLE)
    session.change(incident, expected_version)
    moment = past_instant("at", at or now(), incident.received_at)
    chosen = [code for code in WORDS if code in words]
    raise_if(
        _words(session, case, incident, words, ground)
        + ground_problems(ground, consented_on, ground_note)
        + _how(session, incident, told_how)
    )
    landlord = _landlord(session, incident)
    fields = sorted({field for code in chosen for field in WORDS[code].fields})
    session.save(
        IncidentFeedback(
            case_id=case.id,
            incident_id=incident.id,
            landlord_id=landlord.id,
            recipient=landlord.name,
            ground=ground,
            consented_on=consented_on if ground == "consent" else None,
            ground_note=ground_note.strip(),
            fields=fields,
            words=chosen,
            told_how=told_how,
            told_at=moment,
            told_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "landlord_told",
        moment.astimezone(SWEDISH_TIME).date(),
        action=Action.INCIDENT_HANDLE,
        subject_type="incident",
        subject_id=incident.id,
        data={"ground": ground, "fields": fields, "words": chosen},
    )
    landlord_reports.tell_of(session, incident.id, "report.feedback")
    return incident


def _words(
    session: TenantSession, case: Case, incident: Incident, words: Sequence[str], ground: str
) -> list[Problem]:
    if not words:
        return [Problem("words", "required", "choose what is said")]
    if not set(words) <= set(WORDS):
        return [_choice("words", tuple(WORDS))]
    borne = may_be_said(standing_of(session, incident))
    unborne = sorted(set(words) - set(borne))
    if unborne:
        return [Problem("words", "not_in_record", "the record does not say so", {"words": unborne})]
    personal = [code for code in words if WORDS[code].personal]
    if personal and ground != "consent" and _protected(session, case):
        return [Problem("words", "protected", "never without consent", {"words": sorted(personal)})]
    return []


def _how(session: TenantSession, incident: Incident, told_how: str) -> list[Problem]:
    if told_how not in TOLD_BY:
        return [_choice("toldHow", TOLD_BY)]
    if told_how == BY_LOGIN and landlord_reports.report_of(session, incident.id) is None:
        return [Problem("toldHow", "no_login", "it was not reported by a landlord's login")]
    return []


def _choice(field: str, allowed: Sequence[str]) -> Problem:
    return Problem(field, "unknown_choice", "not one of the choices", {"allowed": list(allowed)})


def _protected(session: TenantSession, case: Case) -> bool:
    """Not known to be unprotected counts as protected (OSL 21:3, 22:1)."""
    return household_facts(session, case, today()).get("protection") != "none"


def _landlord(session: TenantSession, incident: Incident) -> Landlord:
    """The landlord of the home that the incident is about. Raises ``ValidationFailed``."""
    if incident.unit_id is None:
        raise ValidationFailed.one("incidentId", "no_landlord", "it is about no home")
    unit = session.find(Unit, incident.unit_id)
    landlord = session.get(Landlord, unit.landlord_id)
    assert landlord is not None
    return landlord
