"""Commands on versions of guidelines: written by one, approved by another."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any

import strawberry

from hemvist.errors import ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.pack_versions import drafting, service
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json

#: Characters of a file, and of an archive in base64: together with the rest they fit a request.
MAX_FILE = 380_000
MAX_ARCHIVE = 380_000
_STARTED = "The draft, with the next number and the files of the version it starts from."


@strawberry.input
class CreatePackVersionInput:
    """What a draft is started from."""

    idempotency_key: str
    pack: str = text(200, description="kommun/guideline")
    base: str | None = text(
        40, default=None, description="The version to start from; the one in force by default."
    )
    in_force_from: dt.date | None = strawberry.field(
        default=None, description="The first day on which it applies; tomorrow by default."
    )


@command(CreatePackVersionInput, gives="pack_version", description=f"Start a draft. {_STARTED}")
def create_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Start a draft."""
    return drafting.start_draft(session, actor, **values)


@strawberry.input
class UploadPackVersionInput:
    """A version as an archive."""

    idempotency_key: str
    archive: str = text(MAX_ARCHIVE, description="A zip file in base64: pack.yaml and its parts.")


@command(
    UploadPackVersionInput,
    gives="pack_version",
    description="Take in a whole version; it starts as a draft.",
)
def upload_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take in a whole version."""
    # Before the file is looked at: what is wrong with it is said to those who may send one.
    require(actor, Action.POLICY_CHANGE)
    try:
        archive = base64.b64decode(values["archive"], validate=True)
    except (binascii.Error, ValueError):
        raise ValidationFailed.one("archive", "not_base64", "send the file in base64") from None
    return drafting.upload(session, actor, archive=archive)


@strawberry.input
class ChangeParameterInput:
    """A parameter's value from a day on."""

    idempotency_key: str
    pack_version_id: strawberry.ID = refers_to("PackVersion")
    parameter: str = text(100)
    value: Json = strawberry.field(description="As the type says; money in whole öre.")
    valid_from: dt.date | None = strawberry.field(
        default=None, description="The version's first day by default, and not before it."
    )
    expected_version: int


@command(
    ChangeParameterInput,
    gives="pack_version",
    description="Give a parameter of a draft a value from a day on; the text around it stays.",
)
def change_parameter(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Give a parameter a value from a day on."""
    return drafting.change_parameter(session, actor, **values)


@strawberry.input
class ReplacePackFileInput:
    """A file of a draft, written anew."""

    idempotency_key: str
    pack_version_id: strawberry.ID = refers_to("PackVersion")
    name: str = text(100, description="Such as rules.yaml.")
    content: str = text(MAX_FILE, description="The whole file; an empty one removes it.")
    expected_version: int


@command(ReplacePackFileInput, gives="pack_version", description="Write a file of a draft anew.")
def replace_pack_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write a file of a draft anew."""
    return drafting.replace_file(session, actor, **values)


@strawberry.input
class ReschedulePackVersionInput:
    """Another first day."""

    idempotency_key: str
    pack_version_id: strawberry.ID = refers_to("PackVersion")
    in_force_from: dt.date
    expected_version: int


@command(
    ReschedulePackVersionInput,
    gives="pack_version",
    description="Let a draft apply from another day.",
)
def reschedule_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let a draft apply from another day."""
    return drafting.reschedule(session, actor, **values)


@strawberry.input
class PackVersionInput:
    """A version."""

    idempotency_key: str
    pack_version_id: strawberry.ID = refers_to("PackVersion")
    expected_version: int


@strawberry.input
class CheckPackVersionInput(PackVersionInput):
    """A version to check."""


def _examined(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """The report, made when no transaction waits for it."""
    with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
        examined = service.to_examine(session, actor, **values)
    return {"report": examined.report()}


@command(
    CheckPackVersionInput,
    gives="pack_version",
    before=_examined,
    description="Check a version: whether it loads, whether its cases hold, what it changes. What "
    "is wrong stands in the version's check; the command itself has then succeeded.",
)
def check_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Check a version."""
    return service.check(session, actor, **values)


@strawberry.input
class SubmitPackVersionInput(PackVersionInput):
    """A version to send for approval."""


@command(
    SubmitPackVersionInput,
    gives="pack_version",
    description="Send a version that has passed the check for approval.",
)
def submit_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send a version for approval."""
    return service.submit(session, actor, **values)


@strawberry.input
class ApprovePackVersionInput(PackVersionInput):
    """A version to approve."""


@command(
    ApprovePackVersionInput,
    gives="pack_version",
    description="Approve a version, for which nobody may who has written in it. It applies from "
    "its day on.",
)
def approve_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Approve a version."""
    return service.approve(session, actor, **values)


@strawberry.input
class ReasonedPackVersionInput(PackVersionInput):
    """A version and a reason."""

    reason: str = text(MAX_TEXT)


@strawberry.input
class RejectPackVersionInput(ReasonedPackVersionInput):
    """A version to send back."""


@command(
    RejectPackVersionInput,
    gives="pack_version",
    description="Send a submitted version back with what is wrong.",
)
def reject_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send a submitted version back."""
    return service.reject(session, actor, **values)


@strawberry.input
class FreezePackVersionInput(ReasonedPackVersionInput):
    """A version to freeze."""


@command(
    FreezePackVersionInput,
    gives="pack_version",
    description="Pin no new case to a version for the time being; the one before it applies.",
)
def freeze_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Pin no new case to a version for the time being."""
    return service.freeze(session, actor, **values)


@strawberry.input
class ResumePackVersionInput(PackVersionInput):
    """A frozen version to let apply again."""


@command(
    ResumePackVersionInput,
    gives="pack_version",
    description="Let a frozen version apply again; not for those who have written in it.",
)
def resume_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let a frozen version apply again."""
    return service.resume(session, actor, **values)


@strawberry.input
class WithdrawPackVersionInput(ReasonedPackVersionInput):
    """A version to take back."""


@command(
    WithdrawPackVersionInput,
    gives="pack_version",
    description="Take a version back for good. Cases pinned to it stay pinned, and say so.",
)
def withdraw_pack_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a version back for good."""
    return service.withdraw(session, actor, **values)
