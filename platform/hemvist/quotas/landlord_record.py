"""A landlord's quotas over every kommun within reach, read through the landlord's views alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from hemvist.agreements.landlord_views import AGREEMENTS, QUOTA_TERMS, VERSIONS
from hemvist.landlords.session import answers
from hemvist.quotas.calendar import Days
from hemvist.quotas.landlord_views import CHANGES, FIGURES, HOMES, REPORTED, place
from hemvist.quotas.picture import Line, lines
from hemvist.quotas.record import assembled, turns_by_landlord
from hemvist.tenancy.plain import DIALECT

_KOMMUN = "kommun"

#: Whose: the kommun and the landlord.
Side = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A quota in a period, with the kommun and the landlord whose it is."""

    tenant_id: UUID
    landlord_id: UUID
    title: str
    line: Line


def own_quota_lines(
    session: Session, within: Days, until: date, *, tenant_id: UUID | None = None
) -> list[OwnLine]:
    """Every quota within the reader's reach, in the periods of ``within``; of one kommun or all.

    One round trip, however many kommuner there are.
    """
    agreements, versions, quotas, figures, homes, changes, reported = map(
        _by_side, _rows(session, tenant_id)
    )
    found: list[OwnLine] = []
    for side, held in agreements.items():
        turns = turns_by_landlord(reported[side], homes[side], changes[side]).get(side[1], [])
        material = assembled(held, versions[side], quotas[side], figures[side], turns)
        # Views have a digest in the place of a property.
        material = replace(
            material,
            terms=[
                replace(one, properties=frozenset(map(place, one.properties)))
                for one in material.terms
            ],
        )
        titles = {row.id: row.title for row in held}
        found += [
            OwnLine(side[0], side[1], titles[one.agreement_id], one)
            for one in lines(material, within, until)
        ]
    return found


#: What quotas are counted from.
_VIEWS = (AGREEMENTS, VERSIONS, QUOTA_TERMS, FIGURES, HOMES, CHANGES, REPORTED)


def _rows(session: Session, tenant_id: UUID | None) -> list[list[Any]]:
    """The rows of each of the views, those of one kommun or all."""
    kommun = {} if tenant_id is None else {_KOMMUN: tenant_id}
    return answers(session, [(_written(view, tenant_id is None), kommun) for view in _VIEWS])


@cache
def _written(view: Table, everywhere: bool) -> str:
    statement = select(view).order_by(view.c.id)
    if not everywhere:
        statement = statement.where(view.c.tenant_id == bindparam(_KOMMUN))
    return str(statement.compile(dialect=DIALECT))


def _by_side(rows: Sequence[Any]) -> Mapping[Side, Sequence[Any]]:
    found: dict[Side, list[Any]] = defaultdict(list)
    for row in rows:
        found[(row.tenant_id, row.landlord_id)].append(row)
    return found
