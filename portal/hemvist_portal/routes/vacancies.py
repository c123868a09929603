"""Homes that landlords have reported: the inbox, one of them, taking in and declining."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.units.models import SOURCES
from hemvist.vacancies.models import DECLINE_REASONS, STATES
from hemvist_portal import bulk
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/vacancies")
def vacancies(visitor: Reader, state: str = "reported", after: str | None = None) -> Response:
    """Those that wait for an answer, unless asked otherwise."""
    return _page(visitor, state, after, Form(), None)


@router.post("/{slug}/vacancies")
def answer_several(visitor: Reader, form: Sent) -> Response:
    """Take in or decline every one that was ticked."""
    rows = bulk.ticked(form)
    declining = form.act == "decline"

    def values(row: bulk.Row) -> dict[str, Any]:
        said: dict[str, Any] = {"vacancyId": row.id, "expectedVersion": row.version or 0}
        if declining:
            said |= {"code": form.one("code"), "words": form.one("words") or None}
        return without_none(said)

    command = "decline_vacancy" if declining else "take_in_vacancy"
    outcome = bulk.carry_out(visitor, form, command, rows, values)
    if not outcome.refused:
        return done(
            visitor, "vacancies", "vacancies_answered" if outcome.done else "nothing_ticked"
        )
    return _page(visitor, "reported", None, form, outcome)


def _page(
    visitor: Visitor, state: str, after: str | None, form: Form, outcome: bulk.Outcome | None
) -> Response:
    chosen = state if state in STATES else None
    page = visitor.read("vacancies", state=chosen, after=after)["vacancies"]
    return show(
        visitor,
        "pages/vacancies.html",
        422 if outcome is not None else 200,
        page=page,
        state=state,
        states=STATES,
        reasons=DECLINE_REASONS,
        form=form,
        outcome=outcome,
    )


@router.get("/{slug}/vacancies/{vacancy_id}")
def vacancy(visitor: Reader, vacancy_id: str) -> Response:
    """A reported home."""
    return _one(visitor, vacancy_id, Form())


@router.post("/{slug}/vacancies/{vacancy_id}/take-in")
def take_in(visitor: Reader, form: Sent, vacancy_id: str) -> Response:
    """Take it in; on to the unit that it has become."""
    values = {
        "vacancyId": vacancy_id,
        "source": form.one("source") or None,
        "expectedVersion": form.version or 0,
    }
    result = visitor.command("take_in_vacancy", form, without_none(values))
    if result is not None:
        return done(visitor, f"units/{result['vacancy']['unit']['id']}", "vacancies_answered")
    return _one(visitor, vacancy_id, form)


@router.post("/{slug}/vacancies/{vacancy_id}/decline")
def decline(visitor: Reader, form: Sent, vacancy_id: str) -> Response:
    """Say no, with a reason."""
    values = {
        "vacancyId": vacancy_id,
        "code": form.one("code"),
        "words": form.one("words") or None,
        "expectedVersion": form.version or 0,
    }
    if visitor.command("decline_vacancy", form, without_none(values)) is not None:
        return done(visitor, "vacancies", "vacancies_answered")
    return _one(visitor, vacancy_id, form)


def _one(visitor: Visitor, vacancy_id: str, form: Form) -> Response:
    one = visitor.node("vacancy", "vacancy", id=vacancy_id)["vacancy"]
    if form.version is None:
        form.version = one["version"]
    if not form.failed:
        form.put("source", "owner_agreement")
    return show(
        visitor,
        "pages/vacancy.html",
        one=one,
        form=form,
        reasons=DECLINE_REASONS,
        sources=SOURCES,
    )
