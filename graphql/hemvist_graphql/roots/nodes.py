"""Anything by its id."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist_graphql.context import Info
from hemvist_graphql.ids import parse_global_id
from hemvist_graphql.loading import find
from hemvist_graphql.reading import Node, looked_up, readable, readable_names


@strawberry.type
class NodeRoots:
    """Anything by its id."""

    @looked_up(None, description="Anything by its id; null when there is none for the caller.")
    def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """Anything by its id."""
        parsed = parse_global_id(id)
        if parsed is None or parsed[0] not in readable_names():
            return None
        cls: Any = readable(parsed[0])
        if not issubclass(cls, Node):
            return None
        found: Node | None = find(info.context, cls, parsed[1])
        return found
