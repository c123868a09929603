"""A stored answer asked again, as the schema shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

import strawberry

from hemvist.replays.outcome import Replay as ReplayModel
from hemvist.tenancy import TenantSession
from hemvist_graphql.context import Context
from hemvist_graphql.loading import together
from hemvist_graphql.reading import Readable
from hemvist_graphql.states import ReplayResult

_Fetch = Callable[[TenantSession, Iterable[UUID]], Mapping[UUID, ReplayModel]]


@strawberry.type(description="A stored answer asked again of its own version of the guideline.")
class Replay:
    """A stored answer asked again of its own version of the guideline."""

    result: ReplayResult
    version: str
    on: dt.date = strawberry.field(description="The day that the question was for.")
    differences: list[str] = strawberry.field(
        description="What is otherwise: record, answer, question, outcome, trace, version, day, rule."
    )
    pack_changed: bool = strawberry.field(
        description="The version's files are not those of then; no difference by itself."
    )


def replay_shown(context: Context, root: Readable, fetch: _Fetch) -> Replay | None:
    """The replay of a row, asked once for all that were read together with it."""
    found: ReplayModel | None = together(
        root, "replay", lambda rows: fetch(context.session, [row["id"] for row in rows])
    )
    if found is None:
        return None
    return Replay(
        result=found.result.value,
        version=found.version,
        on=found.on,
        differences=[one.value for one in found.differences],
        pack_changed=found.pack_changed,
    )
