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
    for wanted in (name, own):
        for one in programmes:
            if one["id"] == wanted:
                return one
    return programmes[0]


def programme_of_contract(data: Mapping[str, Any], contract: Mapping[str, Any]) -> dict[str, Any]:
    """The programme whose form the contract has: of an earlier home it is another than the case's."""
    own = programme_named(data, data["case"]["programme"] or "")
    if own["contractForm"] == contract["form"]:
        return own
    return next((one for one in data["programmes"] if one["contractForm"] == contract["form"]), own)
