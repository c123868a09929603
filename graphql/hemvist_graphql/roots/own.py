"""What is the caller's own: who they are, their day, notices, saved filters."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.notices.models import Notice as NoticeRow
from hemvist.saved_filters.models import SavedFilter as FilterRow
from hemvist_graphql.choosing import within
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.me.types import Me
from hemvist_graphql.my_day import MyDay
from hemvist_graphql.reading import computed
from hemvist_graphql.roots.filtering import short
from hemvist_graphql.today import Today

_FILTERS = Ordering("saved_filters", (FilterRow.id,), descending=False)
_NOTICES = Ordering("notices", (NoticeRow.created_at, NoticeRow.id))


@strawberry.type
class OwnRoots:
    """What is the caller's own."""

    @computed()
    def me(self) -> Me:
        """Who is asking."""
        return Me()

    @within(5, description="What the caller should do today.")
    def today(self) -> Today:
        """What the caller should do today."""
        return Today()

    @within(2, description="What the caller has set up for themselves.")
    def my_day(self) -> MyDay:
        """What the caller has set up for themselves."""
        return MyDay()

    @connection("SavedFilter", _FILTERS, description="The caller's own and the department's.")
    def saved_filters(self, info: Info, page: str | None = None) -> list[ColumnElement[bool]]:
        """Saved selections of lists, of one list where it is named."""
        return [] if page is None else [FilterRow.page == short("page", page)]

    @connection("Notice", _NOTICES, description="Newest first.")
    def notices(self, info: Info, unread_only: bool | None = None) -> list[ColumnElement[bool]]:
        """The notices given to the caller's roles."""
        return [NoticeRow.read_at.is_(None)] if unread_only else []
