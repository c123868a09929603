"""Commands on campaigns of prevention."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.prevention import contacts, runs
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text

_NOTE = 5_000


@strawberry.input
class StartPreventionInput:
    """A round of a campaign."""

    idempotency_key: str
    campaign: str = text(100, description="The guideline's name for it.")
    department: str = text(40)
    pack: str | None = text(
        130, default=None, description="Where the kommun works by several guidelines."
    )
    landlord_organisation_number: str | None = text(
        20, default=None, description="Where the round is held to an owner."
    )
    area: str | None = text(80, default=None)
    on: dt.date | None = None


@command(
    StartPreventionInput,
    gives="prevention_run",
    description="Make the list of a campaign's round, by the guideline and the record of arrears.",
)
def start_prevention(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Make the list of a campaign's round."""
    values["landlord_number"] = values.pop("landlord_organisation_number", None)
    return runs.start_run(session, actor, **values)


@strawberry.input
class MarkPreventionLettersInput:
    """The campaign's letter, sent to everybody who had none."""

    idempotency_key: str
    prevention_run_id: strawberry.ID = refers_to("PreventionRun")
    on: dt.date | None = None
    expected_version: int


@command(
    MarkPreventionLettersInput,
    gives="prevention_run",
    description="Note that the letter went to everybody on the list; the protected are left out.",
)
def mark_prevention_letters(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note that the letter went out."""
    return runs.mark_letters(session, actor, **_of_run(values))


@strawberry.input
class ClosePreventionInput:
    """A round in which everybody is done with."""

    idempotency_key: str
    prevention_run_id: strawberry.ID = refers_to("PreventionRun")
    on: dt.date | None = None
    expected_version: int


@command(ClosePreventionInput, gives="prevention_run", description="Close a round.")
def close_prevention(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Close a round."""
    return runs.close_run(session, actor, **_of_run(values))


def _of_run(values: dict[str, Any]) -> dict[str, Any]:
    values["run_id"] = values.pop("prevention_run_id")
    return values


@strawberry.input
class RecordPreventionContactInput:
    """Something done towards a tenant on the list."""

    idempotency_key: str
    prevention_entry_id: strawberry.ID = refers_to("PreventionEntry")
    kind: str = text(
        20, description="letter, phone, visit, reference, consultant_call, meeting or other"
    )
    on: dt.date | None = None
    reached: bool | None = strawberry.field(
        default=None, description="Compulsory of calls, visits and meetings."
    )
    cannot_pay: bool | None = None
    children: bool | None = strawberry.field(
        default=None, description="Compulsory when the tenant is reached, until it is known."
    )
    children_note: str | None = text(_NOTE, default=None)
    income_ore: int | None = strawberry.field(default=None, description="The household's, monthly.")
    support_line_ore: int | None = strawberry.field(
        default=None, description="The line of income support for such a household, monthly."
    )
    notes: str | None = text(_NOTE, default=None)
    expected_version: int


@command(
    RecordPreventionContactInput,
    gives="prevention_entry",
    description="Note a letter, call, visit, reference on paper or consultant's call.",
)
def record_prevention_contact(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note something done towards a tenant."""
    return contacts.record_contact(session, actor, **_of_entry(values))


@strawberry.input
class FinishPreventionEntryInput:
    """What came of it."""

    idempotency_key: str
    prevention_entry_id: strawberry.ID = refers_to("PreventionEntry")
    outcome: str = text(
        30,
        description="paid, instalments, applies_for_support, consultant, case_opened, moved, "
        "declined_help, not_reached, no_need or other",
    )
    children: bool | None = None
    children_note: str | None = text(
        _NOTE, default=None, description="Compulsory where children live there."
    )
    on: dt.date | None = None
    expected_version: int


@command(
    FinishPreventionEntryInput,
    gives="prevention_entry",
    description="Be done with a tenant on the list; children are always raised first.",
)
def finish_prevention_entry(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Be done with a tenant on the list."""
    return contacts.finish_entry(session, actor, **_of_entry(values))


def _of_entry(values: dict[str, Any]) -> dict[str, Any]:
    values["entry_id"] = values.pop("prevention_entry_id")
    return values
