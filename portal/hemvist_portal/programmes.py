"""The programmes that a case can be in, as its own version of the pack has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist_portal.errors import Missing
from hemvist_portal.visitor import Visitor


def programmes_of(visitor: Visitor, case_id: str, on: str | None = None) -> dict[str, Any]:
    """``case`` and ``programmes`` for forms that the pack drives. Raises ``Missing``."""
    case = visitor.node("case_frame", "case", id=case_id)["case"]
    data = visitor.node(
        "programme", "case", id=case_id, pack=case["pack"], version=case["packVersion"], on=on
    )
    if not data.get("pack"):
        raise Missing
    return {"case": data["case"], "programmes": data["pack"]["programmes"]}


def programme_named(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The programme ``name``, else the case's own, else the first."""
    programmes: list[dict[str, Any]] = data["programmes"]
    own = data["case"]["programme"]
    for wanted in (own, name):
        for one in programmes:
            if one["id"] == wanted:
                return one
    return programmes[0]
