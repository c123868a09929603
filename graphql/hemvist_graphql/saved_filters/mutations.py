"""Commands on saved selections."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.saved_filters import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input
class SaveFilterInput:
    """A selection to keep."""

    idempotency_key: str
    page: str = text(40, description="The list: work, cases, incidents …")
    name: str = text(60)
    selection: Json = strawberry.field(
        description="What the list is restricted by: parameter → value, as in its address."
    )
    department: str | None = text(
        40, default=None, description="A department of the caller's to share it with."
    )


@command(
    SaveFilterInput,
    gives="saved_filter",
    description="Keep a list's selection under a name; the caller's own of that name is replaced.",
)
def save_filter(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a list's selection."""
    return service.save(session, actor, **as_mapping(values, "selection"))


@strawberry.input
class RemoveFilterInput:
    """A selection to remove."""

    idempotency_key: str
    saved_filter_id: strawberry.ID = refers_to("SavedFilter")


@command(RemoveFilterInput, gives="saved_filter", description="Remove one's own saved selection.")
def remove_filter(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Remove one's own saved selection."""
    return service.remove(session, actor, values["saved_filter_id"])
