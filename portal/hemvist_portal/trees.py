"""A rule's trace as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def as_tree(trace: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The trace's nodes nested by their parent's path, in order.

    ``moot`` marks what is unknown and need not be known: something above it is settled already.
    """
    roots: list[dict[str, Any]] = []
    known: dict[str, dict[str, Any]] = {}
    for node in trace:
        placed = {**node, "children": []}
        known[node["path"]] = placed
        above = known.get(node.get("parent") or "")
        settled = above is not None and (above["moot"] or above["outcome"] != "unknown")
        placed["moot"] = settled and placed["outcome"] == "unknown"
        (roots if above is None else above["children"]).append(placed)
    return roots
