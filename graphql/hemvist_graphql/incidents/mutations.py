"""Commands on incidents and clocks of service."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.incidents import clocks, feedback, service, sharing
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text

_AT = "The instant, with its time zone; now when left out."


@strawberry.input
class ReportIncidentInput:
    """A report of an incident. One of case, contract and unit says what it is about."""

    idempotency_key: str
    case_id: strawberry.ID | None = refers_to("Case", default=None)
    contract_id: strawberry.ID | None = refers_to("Contract", default=None)
    unit_id: strawberry.ID | None = refers_to("Unit", default=None)
    kind: str = text(20, description="complaint, disturbance, neglect, arrears or other")
    reported_by: str = text(20, description="landlord, neighbour, patrol or staff")
    channel: str = text(20, description="phone, email, letter, meeting, visit or other")
    what: str = text(service.MAX_TEXT, description="What was reported; never who reported it.")
    happened_on: dt.date
    happened_at: dt.datetime | None = None
    received_at: dt.datetime | None = strawberry.field(default=None, description=_AT)
    anonymous: bool = strawberry.field(default=False, description="A neighbour's only.")
    reporter_name: str = text(service.MAX_NAME, default="")
    reporter_contact: str = text(service.MAX_NAME, default="")


@command(
    ReportIncidentInput,
    gives="incident",
    description="Take in a report of an incident and start the clocks that it gives.",
)
def report_incident(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take in a report of an incident and start the clocks that it gives."""
    return service.report(session, actor, **values)


@strawberry.input
class AssessIncidentInput:
    """How serious an incident is."""

    idempotency_key: str
    incident_id: strawberry.ID = refers_to("Incident")
    severity: str = text(20, description="minor, serious or especially_serious")
    reason: str = text(service.MAX_TEXT)
    children_note: str = text(
        service.MAX_TEXT, default="", description="Compulsory where there are children."
    )
    at: dt.datetime | None = strawberry.field(default=None, description=_AT)
    expected_version: int


@command(
    AssessIncidentInput,
    gives="incident",
    description="Judge how serious an incident is, and what it means for children.",
)
def assess_incident(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Judge how serious an incident is, and what it means for children."""
    return service.assess(session, actor, **values)


@strawberry.input
class ActOnIncidentInput:
    """What was done about an incident."""

    idempotency_key: str
    incident_id: strawberry.ID = refers_to("Incident")
    kind: str = text(
        40,
        description="called_out, talked, visited, support_contacted, landlord_contacted, "
        "neighbours_contacted, inspected, repaired, child_protection or other",
    )
    notes: str = text(service.MAX_TEXT)
    done_by: str = text(service.MAX_NAME, default="", description="The caller unless said.")
    at: dt.datetime | None = strawberry.field(default=None, description=_AT)
    service_clock_ids: list[strawberry.ID] = refers_to(
        "ServiceClock", default_factory=list, description="Clocks of it that this answers."
    )
    expected_version: int


@command(
    ActOnIncidentInput,
    gives="incident",
    description="Note what was done about an incident, and which clocks it answers.",
)
def act_on_incident(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note what was done about an incident, and which clocks it answers."""
    return service.act(session, actor, **values)


@strawberry.input
class ShareIncidentInput:
    """On which ground the property office is let know of an incident."""

    idempotency_key: str
    incident_id: strawberry.ID = refers_to("Incident")
    ground: str = text(20, description="consent or necessity")
    consented_on: dt.date | None = None
    ground_note: str = text(sharing.MAX_NOTE, default="", description="Why, for necessity.")
    expected_version: int


@command(
    ShareIncidentInput,
    gives="incident",
    description="Let the property office know of an incident; not of the words of the report.",
)
def share_incident(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the property office know of an incident; not of the words of the report."""
    return sharing.share(session, actor, **values)


@strawberry.input
class TellLandlordInput:
    """What the landlord was told: chosen sentences, on which ground."""

    idempotency_key: str
    incident_id: strawberry.ID = refers_to("Incident")
    words: list[str] = text(40, description="Codes out of Incident.feedbackWords.")
    ground: str = text(20, description="consent or necessity")
    consented_on: dt.date | None = None
    ground_note: str = text(sharing.MAX_NOTE, default="", description="Why, for necessity.")
    told_how: str = text(
        20,
        description="phone, email, letter or meeting; portal where the landlord reported by its login",
    )
    at: dt.datetime | None = strawberry.field(default=None, description=_AT)
    expected_version: int


@command(
    TellLandlordInput,
    gives="incident",
    description="Note what the landlord was told of an incident, in chosen words only.",
)
def tell_landlord(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note what the landlord was told of an incident, in chosen words only."""
    return feedback.tell_landlord(session, actor, **values)


@strawberry.input
class CloseIncidentInput:
    """How an incident ended."""

    idempotency_key: str
    incident_id: strawberry.ID = refers_to("Incident")
    outcome: str = text(
        20, description="corrected, measures, ladder, moved_out, unfounded or duplicate"
    )
    confirmed: bool | None = None
    note: str = text(service.MAX_TEXT)
    at: dt.datetime | None = strawberry.field(default=None, description=_AT)
    expected_version: int


@command(
    CloseIncidentInput,
    gives="incident",
    description="Close an incident that has been judged and whose clocks are answered.",
)
def close_incident(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Close an incident that has been judged and whose clocks are answered."""
    return service.close(session, actor, **values)


@strawberry.input
class AnswerServiceClockInput:
    """When a clock of service was answered."""

    idempotency_key: str
    service_clock_id: strawberry.ID = refers_to("ServiceClock")
    at: dt.datetime | None = strawberry.field(default=None, description=_AT)
    expected_version: int


@command(
    AnswerServiceClockInput,
    gives="service_clock",
    description="Answer a clock of service: kept before its instant, else late.",
)
def answer_service_clock(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Answer a clock of service: kept before its instant, else late."""
    return clocks.answer_clock(session, actor, **values)


@strawberry.input
class CancelServiceClockInput:
    """Why a clock of service has nothing to count any more."""

    idempotency_key: str
    service_clock_id: strawberry.ID = refers_to("ServiceClock")
    reason: str = text(clocks.MAX_REASON)
    expected_version: int


@command(
    CancelServiceClockInput,
    gives="service_clock",
    description="Take away a clock of service that has nothing to count any more.",
)
def cancel_service_clock(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take away a clock of service that has nothing to count any more."""
    return clocks.give_up_clock(session, actor, **values)
