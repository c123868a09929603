"""Saved selections of lists."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import strawberry
from sqlalchemy import ColumnElement, false, or_

from hemvist.identity import Actor
from hemvist.saved_filters.models import SavedFilter as SavedFilterRow
from hemvist_graphql.context import Info
from hemvist_graphql.reading import Readable, column, computed, identity, reads, to_one
from hemvist_graphql.refs import PrincipalRef


def visible_filters(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``SavedFilter``: the actor's own, or shared in a department that they work in."""
    if actor.principal_id is None:
        return false()
    shared = sorted(actor.departments())
    own = SavedFilterRow.owner_id == actor.principal_id
    return or_(own, SavedFilterRow.department.in_(shared)) if shared else own


@reads(
    SavedFilterRow,
    visible=visible_filters,
    also=(SavedFilterRow.selection, SavedFilterRow.owner_id),
)
@strawberry.type(description="A list's selection under a name.")
class SavedFilter(Readable):
    """A list's selection under a name."""

    id: strawberry.ID = identity()
    page: str = column(SavedFilterRow.page, description="The list: work, cases, incidents …")
    name: str = column(SavedFilterRow.name)
    department: str | None = column(
        SavedFilterRow.department, description="Whom it is shared with; null when with nobody."
    )
    saved_at: dt.datetime = column(SavedFilterRow.saved_at)
    owner: PrincipalRef = to_one("Principal", SavedFilterRow.owner_id)
    version: int = column(SavedFilterRow.version)

    @computed(needs=("selection",), description="The selection as in the list's address.")
    def query(self) -> str:
        """The selection as in the list's address."""
        return urlencode(sorted(self.row["selection"].items()))

    @computed(needs=("owner_id",), reads=False, description="Whether the caller saved it.")
    def mine(self, info: Info) -> bool:
        """Whether the caller saved it."""
        return bool(str(self.row["owner_id"]) == str(info.context.actor.principal_id))
