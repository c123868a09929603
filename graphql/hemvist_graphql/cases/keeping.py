"""When the case is thinned."""

from __future__ import annotations

import strawberry

from hemvist_graphql.context import Info
from hemvist_graphql.loading import record_of
from hemvist_graphql.reading import Readable, computed
from hemvist_graphql.retention.types import RetentionCase, shown


@strawberry.type
class CaseKeeping(Readable):
    """When the case is thinned."""

    @computed(
        15,
        needs=("id", "state"),
        description="When it is thinned, or why it is kept: for who may hold it in the department that"
        " has it. Null while it is open.",
    )
    def retention(self, info: Info) -> RetentionCase | None:
        """When it is thinned, or why it is kept."""
        if self.row["state"] != "closed":
            return None
        return shown(info, record_of(info.context, self))
