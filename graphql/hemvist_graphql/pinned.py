"""The pack that a row is judged by, from the names that the row pins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import array

from hemvist.cases.models import Case
from hemvist.identity import Actor
from hemvist.policy import Label, Pack, PolicyError, Programme
from hemvist_graphql.context import Context
from hemvist_graphql.loading import ingredient
from hemvist_graphql.reading import Readable


def pinned(context: Context, name: str, version: str) -> Pack:
    """The pinned version, installed or the kommun's own. Raises ``PolicyError`` when there is none."""
    return context.packs.get(name, version)


def pack_of_row(context: Context, row: Any) -> Pack:
    """The pack of a row with ``pack`` and ``pack_version``."""
    return pinned(context, row["pack"], row["pack_version"])


#: Ingredients of a row of a case: the case's pack (name and version), and its programme.
CASE_PACK, CASE_PROGRAMME = "case_pack", "case_programme"


def case_pack(model: Any) -> Mapping[str, Callable[[Actor], ColumnElement[Any]]]:
    """What ``pack_of_case`` and its like want of rows of ``model``, which has a ``case_id``."""

    def of_case(value: ColumnElement[Any]) -> Callable[[Actor], ColumnElement[Any]]:
        found = (
            select(value)
            .where(Case.tenant_id == model.tenant_id, Case.id == model.case_id)
            .correlate(model)
            .scalar_subquery()
        )
        return lambda _: found

    return {
        CASE_PACK: of_case(array([Case.pack, Case.pack_version])),
        CASE_PROGRAMME: of_case(cast(Any, Case.programme)),
    }


def pack_of_case(context: Context, root: Readable) -> Pack:
    """The pack of the case that ``root`` belongs to. Raises ``PolicyError`` when there is none.

    Who sees the row sees its case; what is taken of the case says nothing of anybody.
    """
    return pinned(context, *ingredient(context, root, CASE_PACK))


def programme_of_case(context: Context, root: Readable) -> Programme | None:
    """The programme of a row of a case, as the case's pack has it."""
    return programme_or_none(pack_of_case(context, root), root.row["programme"])


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
    """Whether a follow-up carries the obligation out, and no decision (as for the one to execute), nor a
    form that is sent."""
    if programme is None:
        return False
    decided = {event for kind in programme.decisions for event in (kind.grants, kind.refuses)}
    return any(
        one.id == code and one.sends is None and not decided.intersection(one.ends)
        for one in programme.obligations
    )
