"""What a kommun is shown of the others: figures that enough of those who take part have given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from hemvist.comparisons.giving import Key
from hemvist.comparisons.models import ComparedFigure, IndicatorSharing
from hemvist.tenancy import TenantSession

#: A figure is shown when so many have given it: of two, one's own leads to the other's circumstances.
LEAST_MEMBERS = 3

Figures = Mapping[Key, Mapping[str, Mapping[str, Any]]]


def combined(given: Mapping[str, Mapping[Key, Mapping[str, Any]]]) -> Figures:
    """By indicator, version and year what each kommun has given, where enough have.

    ``given``: by kommunkod.
    """
    found: dict[Key, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for code, figures in sorted(given.items()):
        for key, figure in figures.items():
            found[key][code] = figure
    return {key: by_kommun for key, by_kommun in found.items() if len(by_kommun) >= LEAST_MEMBERS}


def forget(session: TenantSession, comparison: str) -> None:
    """Let the kommun see nothing of a comparison that it takes no part in, as it stands today."""
    session.execute(
        delete(ComparedFigure).where(
            ComparedFigure.sharing_id.in_(
                select(IndicatorSharing.id).where(IndicatorSharing.comparison == comparison)
            )
        )
    )


def receive(
    session: TenantSession,
    sharing: IndicatorSharing,
    figures: Figures,
    members: list[str],
    gathered_at: datetime,
) -> bool:
    """Let the kommun see ``figures`` and nothing else, in its own session; whether they are new to it.

    ``sharing`` is open and locked, so nobody has left it before the transaction ends. Of two rounds
    that meet, the one that began to gather later has its way, whichever comes last.
    """
    if sharing.gathered_at is not None and sharing.gathered_at >= gathered_at:
        return False
    rows = {
        (one.indicator, one.version, one.year): one
        for one in session.scalars(
            select(ComparedFigure).where(ComparedFigure.sharing_id == sharing.id)
        )
    }
    gone = [one.id for key, one in rows.items() if key not in figures]
    if gone:
        session.execute(delete(ComparedFigure).where(ComparedFigure.id.in_(gone)))
    for key, by_kommun in figures.items():
        plain = {code: dict(figure) for code, figure in by_kommun.items()}
        row = rows.get(key)
        if row is None:
            indicator, version, year = key
            session.save(
                ComparedFigure(
                    sharing_id=sharing.id,
                    indicator=indicator,
                    version=version,
                    year=year,
                    figures=plain,
                )
            )
        elif row.figures != plain:
            row.figures = plain
    sharing.members, sharing.gathered_at = sorted(members), gathered_at
    session.flush()
    return True
