"""The pack that a row is judged by, from the names that the row pins."""

from __future__ import annotations

from typing import Any

from hemvist.policy import Label, Pack, PolicyError, Programme
from hemvist_graphql.context import Context


def pinned(context: Context, name: str, version: str) -> Pack:
    """The pinned version, installed or the kommun's own. Raises ``PolicyError`` when there is none."""
    return context.packs.get(name, version)


def pack_of_row(context: Context, row: Any) -> Pack:
    """The pack of a row with ``pack`` and ``pack_version``."""
    return pinned(context, row["pack"], row["pack_version"])


def programme_or_none(pack: Pack, name: str | None) -> Programme | None:
    """The programme, or None when none is named or the pack has no such one."""
    if name is None:
        return None
    try:
        return pack.programme(name)
    except PolicyError:
        return None


def label_in(items: Any, wanted: str | None) -> Label | None:
    """The label of the item with id ``wanted``, or None."""
    for item in items:
        if item.id == wanted:
            label: Label = item.label
            return label
    return None


def carried_out_by_follow_up(programme: Programme | None, code: str) -> bool:
    """Whether a follow-up carries the obligation out, and no decision (as for the one to execute)."""
    if programme is None:
        return False
    decided = {event for kind in programme.decisions for event in (kind.grants, kind.refuses)}
    return any(
        one.id == code and not decided.intersection(one.ends) for one in programme.obligations
    )
