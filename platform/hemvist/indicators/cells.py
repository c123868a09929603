"""The cells that a kommun's figures may be told in: known to everybody, whatever happened in them.

Were they taken from the figures, a cell that comes up in a block would tell that something happened there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from hemvist.indicators.suppression.rules import GROUPS
from hemvist.pack_versions import packs_of
from hemvist.policy.models import PackAdoption
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: The core's steps on the way to a home, as ``counting.homes`` names them.
STEPS = ("assessment", "registration", "offer", "answer", "contract", "move_in")


def cells(session: TenantSession) -> Mapping[str, Sequence[str]]:
    """By margin: programmes of the packs that the kommun has worked by, areas of its homes, the groups."""
    packs = packs_of(session)
    names = session.scalars(select(PackAdoption.pack)).all()
    programmes = sorted({code for name in names for code in packs.get(name).programmes})
    areas = {area.strip() for area in session.scalars(select(Unit.area).distinct())}
    return {
        "programme": programmes,
        "step": [f"{programme}:{step}" for programme in programmes for step in STEPS],
        "area": sorted(areas),
        **GROUPS,
    }
