"""The kommun's guidelines (riktlinjer) as the platform reads them, with all their versions."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

#: States in which a version of the kommun's own is being worked on.
UNDER_WORK = ("draft", "checked", "rejected", "submitted")


@router.get("/{slug}/policy")
def packs(visitor: Reader) -> Response:
    """Every guideline that the kommun works by, its versions, and those under work."""
    found = visitor.read("packs")["packs"]
    versions = {pack["name"]: versions_of(visitor, pack["name"]) for pack in found}
    return show(visitor, "pages/policy.html", packs=found, versions=versions)


@router.get("/{slug}/policy/pack")
def pack(visitor: Reader, name: str = "", version: str | None = None) -> Response:
    """One guideline: its programmes, and each rule in plain words with its source."""
    found = visitor.read("pack", name=name, version=version)["pack"]
    if not found:
        raise Missing
    return show(visitor, "pages/pack.html", pack=found)


def versions_of(visitor: Visitor, name: str) -> list[dict[str, Any]]:
    """Installed and own versions of a guideline, the latest to begin first.

    ``id`` is None for an installed one; ``movable`` is whether open cases could go over from it to
    another version that applies today.
    """
    data = visitor.read("policy_versions", pack=name)
    own = {edge["node"]["number"]: edge["node"] for edge in data["packVersions"]["edges"]}
    rows: list[dict[str, Any]] = []
    for known in data["knownPackVersions"]:
        rows.append({"id": None, **known, **own.pop(known["number"], {})})
    rows += [{"binding": False, **node} for node in own.values()]
    now = today().isoformat()
    for row in rows:
        row["under_work"] = row["state"] in UNDER_WORK
        row["movable"] = bool(row["openCases"]) and any(
            one["number"] != row["number"] for one in targets(rows, now)
        )
    return sorted(rows, key=lambda row: (row["inForceFrom"], _key(row["number"])), reverse=True)


def targets(rows: list[dict[str, Any]], now: str) -> list[dict[str, Any]]:
    """Versions that cases may go over to on a day."""
    return [
        row
        for row in rows
        if row["binding"]
        and row["inForceFrom"] <= now
        and (row["inForceTo"] is None or row["inForceTo"] >= now)
    ]


def _key(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split(".") if part.isdigit())


def title_of(data: dict[str, Any], name: str) -> str:
    """The guideline's title; its name when no version of it applies today."""
    return next((str(one["title"]) for one in data["packs"] if one["name"] == name), name)
