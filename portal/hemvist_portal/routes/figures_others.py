"""Comparison with other kommuner: what is given and got, taking part, leaving, and the figures."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_portal.figures import files, others, sheets, tables
from hemvist_portal.figures.telling import Teller
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/figures/others")
def every(visitor: Reader) -> Response:
    """What there is to take part in, and where the kommun stands."""
    data = visitor.read("comparisons")
    return show(
        visitor,
        "pages/figures_others.html",
        comparisons=data["comparisons"],
        parts=_parts(data),
    )


@router.get("/{slug}/figures/others/{code}.xlsx")
def sheet(visitor: Reader, code: str, year: str = "") -> Response:
    """The tables of a comparison."""
    data, teller = _read(visitor, code, year), Teller(visitor.lang)
    found = [others.sheet(one, teller) for one in data["comparison"]["figures"]]
    if not found:
        raise Missing
    definitions = [
        {**one["indicator"], "version": one["version"]} for one in data["comparison"]["figures"]
    ]
    file = sheets.tables(tables.of_others(found, teller), definitions, teller)
    return files.book(file, f"{code}-kommuner")


@router.get("/{slug}/figures/others/{code}.svg")
def drawing(visitor: Reader, code: str, indicator: str = "", year: str = "") -> Response:
    """The picture of an indicator of a comparison."""
    data, teller = _read(visitor, code, year), Teller(visitor.lang)
    for one in data["comparison"]["figures"]:
        if one["indicator"]["code"] == indicator:
            drawn = others.picture(others.sheet(one, teller), teller)
            return files.picture(drawn, f"{indicator}-kommuner")
    raise Missing


@router.get("/{slug}/figures/others/{code}")
def one(visitor: Reader, code: str, year: str = "") -> Response:
    """A comparison: what is given and got, and the figures of a year for who takes part."""
    return _one(visitor, code, Form(), year)


@router.post("/{slug}/figures/others/{code}")
def propose(visitor: Reader, form: Sent, code: str) -> Response:
    """Propose that the kommun takes part."""
    form.prefix = "propose"
    if visitor.command("propose_comparison", form, {"comparison": code}) is not None:
        return done(visitor, f"figures/others/{code}", "comparison_proposed")
    return _one(visitor, code, form)


@router.post("/{slug}/figures/others/{code}/join")
def join(visitor: Reader, form: Sent, code: str) -> Response:
    """Agree to what another person has proposed. Who agrees says that they have read what is given."""
    form.prefix = "join"
    if not form.ticked("read"):
        form.add_problem("read", mark("Kryssa i att du har läst vad kommunen lämnar ut."))
    elif visitor.command("join_comparison", form, _named(visitor, code, form)) is not None:
        return done(visitor, f"figures/others/{code}", "comparison_joined")
    return _one(visitor, code, form)


@router.post("/{slug}/figures/others/{code}/leave")
def leave(visitor: Reader, form: Sent, code: str) -> Response:
    """End the kommun's part, or take the proposal back."""
    form.prefix = "leave"
    if visitor.command("leave_comparison", form, _named(visitor, code, form)) is not None:
        return done(visitor, f"figures/others/{code}", "comparison_left")
    return _one(visitor, code, form)


def _named(visitor: Visitor, code: str, form: Form) -> dict[str, Any]:
    """The part that the form is about. Raises ``Missing`` where there is none under way."""
    part = _parts(visitor.read("comparisons")).get(code)
    if part is None:
        raise Missing
    return {"indicatorSharingId": part["id"], "expectedVersion": form.version or 0}


def _parts(data: dict[str, Any]) -> dict[str, Any]:
    """The kommun's parts that are proposed or open, by the comparison's code."""
    return {edge["node"]["comparison"]: edge["node"] for edge in data["indicatorSharings"]["edges"]}


def _read(visitor: Visitor, code: str, year: str) -> dict[str, Any]:
    """A comparison with the figures of a year, the latest unless one is given. Raises ``Missing``."""
    asked = int(year) if len(year) == 4 and year.isdecimal() and year.isascii() else None
    return visitor.node("comparison", "comparison", code=code, year=asked)


def _one(visitor: Visitor, code: str, form: Form, year: str = "") -> Response:
    data, teller = _read(visitor, code, year), Teller(visitor.lang)
    found = data["comparison"]["figures"]
    return show(
        visitor,
        "pages/figures_other.html",
        comparison=data["comparison"],
        part=_parts(data).get(code),
        form=form,
        year=found[0]["year"] if found else None,
        sheets=[
            (drawn, others.picture(drawn, teller))
            for drawn in (others.sheet(one, teller) for one in found)
        ],
        sources=_sources(found),
    )


def _sources(figures: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Who says how many live in the kommuner, and of which day."""
    said = {
        (one["inhabitantsSource"], one["inhabitantsOn"])
        for indicator in figures
        for one in indicator["figures"]
        if one["inhabitants"] is not None
    }
    return sorted(said)
