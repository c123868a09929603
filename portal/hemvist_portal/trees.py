"""A rule's trace as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def as_tree(trace: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The trace's nodes nested by their parent's path, in order."""
    roots: list[dict[str, Any]] = []
    known: dict[str, dict[str, Any]] = {}
    for node in trace:
        placed = {**node, "children": []}
        known[node["path"]] = placed
        above = known.get(node.get("parent") or "")
        (roots if above is None else above["children"]).append(placed)
    return roots
