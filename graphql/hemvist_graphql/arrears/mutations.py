"""Commands on files of rents, tenancies with arrears, and the time that the law gives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.arrears import accounts, files, importing
from hemvist.arrears.access import require_department
from hemvist.arrears.columns import guess
from hemvist.errors import ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.spreadsheets.sheets import MAX_BYTES, read_sheet
from hemvist.tenancy import TenantSession
from hemvist_graphql.arrears import time_mutations as time
from hemvist_graphql.checks import as_mapping, decoded
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.scalars import Json

__all__ = ["time"]

MAX_BASE64 = MAX_BYTES * 4 // 3 + 8


@strawberry.input
class ReadArrearsFileInput:
    """A landlord's file of rents or arrears."""

    idempotency_key: str
    department: str = text(40)
    organisation_number: str = text(20, description="The landlord's.")
    landlord_name: str = text(200)
    file_name: str = text(300)
    content_base64: str = text(
        MAX_BASE64,
        description="CSV or .xlsx. What is over the limit of a request goes by the portal's form.",
    )
    position_on: dt.date | None = strawberry.field(
        default=None, description="The day as of which it shows what is owed; today if left out."
    )
    columns: Json | None = strawberry.field(
        default=None, description="Field → heading, where it is not to be guessed."
    )
    day_first: bool | None = None


def _read_before(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """The file's table, read before the command's transaction: a workbook takes a while."""
    require_department(actor, Action.ARREARS_IMPORT, values["department"])
    content = decoded(values.pop("content_base64"))
    return {
        "content": content,
        "sheet": read_sheet(content, guess),
        "name": values.pop("file_name"),
    }


@command(
    ReadArrearsFileInput,
    gives="arrears_file",
    description="Read a landlord's file into a preview; nothing counts until it is imported.",
    before=_read_before,
)
def read_arrears_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Read a landlord's file into a preview."""
    return files.read_file(session, actor, **_columns(values))


@strawberry.input
class TellArrearsColumnsInput:
    """Which column has what."""

    idempotency_key: str
    arrears_file_id: strawberry.ID = refers_to("ArrearsFile")
    columns: Json = strawberry.field(description="Field → heading; kept for the landlord's next.")
    day_first: bool | None = strawberry.field(
        default=None, description="Whether 03/04/2026 is the third of April."
    )
    expected_version: int


@command(
    TellArrearsColumnsInput,
    gives="arrears_file",
    description="Say which column has what, and read the file anew.",
)
def tell_arrears_columns(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say which column has what."""
    return files.tell_columns(session, actor, **_of_file(_columns(values)))


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    given = as_mapping(values, "columns").get("columns")
    if given is not None and not all(isinstance(one, str) for one in given.values()):
        raise ValidationFailed.one("columns", "wrong_type", "must name headings")
    return values


@strawberry.input
class ImportArrearsFileInput:
    """The good rows of a file."""

    idempotency_key: str
    arrears_file_id: strawberry.ID = refers_to("ArrearsFile")
    leave_out: list[int] | None = strawberry.field(
        default=None, description="Numbers of good rows that are not to be imported."
    )
    expected_version: int


@command(
    ImportArrearsFileInput,
    gives="arrears_file",
    description="Import the good rows of a file, once; faulty ones stay out.",
)
def import_arrears_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Import the good rows of a file."""
    return importing.import_file(session, actor, **_of_file(values))


@strawberry.input
class DiscardArrearsFileInput:
    """A file that is not to be imported."""

    idempotency_key: str
    arrears_file_id: strawberry.ID = refers_to("ArrearsFile")
    expected_version: int


@command(
    DiscardArrearsFileInput,
    gives="arrears_file",
    description="Throw a file away that is not imported; its rows are gone.",
)
def discard_arrears_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Throw a file away."""
    return files.discard(session, actor, **_of_file(values))


@strawberry.input
class NoteTenantCallInput:
    """That the tenant got in touch about the rent."""

    idempotency_key: str
    rent_account_id: strawberry.ID = refers_to("RentAccount")
    on: dt.date | None = None
    expected_version: int


@command(
    NoteTenantCallInput,
    gives="rent_account",
    description="Note that the tenant got in touch about the rent.",
)
def note_tenant_call(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note that the tenant got in touch."""
    return accounts.note_call(session, actor, **_of_account(values))


@strawberry.input
class TellChildrenInHomeInput:
    """Whether children live in a home."""

    idempotency_key: str
    rent_account_id: strawberry.ID = refers_to("RentAccount")
    children: bool
    expected_version: int


@command(
    TellChildrenInHomeInput,
    gives="rent_account",
    description="Say whether children under 18 live in the home.",
)
def tell_children_in_home(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say whether children live in the home."""
    return accounts.tell_children(session, actor, **_of_account(values))


@strawberry.input
class LinkRentAccountInput:
    """Whose case a tenancy belongs to."""

    idempotency_key: str
    rent_account_id: strawberry.ID = refers_to("RentAccount")
    case_id: strawberry.ID = refers_to("Case")
    expected_version: int


@command(
    LinkRentAccountInput,
    gives="rent_account",
    description="Say that a tenancy is of the household of a case.",
)
def link_rent_account(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say that a tenancy is of the household of a case."""
    return accounts.link_case(session, actor, **_of_account(values))


def _of_file(values: dict[str, Any]) -> dict[str, Any]:
    values["file_id"] = values.pop("arrears_file_id")
    return values


def _of_account(values: dict[str, Any]) -> dict[str, Any]:
    values["account_id"] = values.pop("rent_account_id")
    return values
