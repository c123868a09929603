"""Templates: the environment, and what every page gets."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hemvist.clock import today
from hemvist.identity.sessions import cookie_is_secure
from hemvist.settings import get_settings
from hemvist_portal import formats, policy_values
from hemvist_portal.clocks import clock_words
from hemvist_portal.comparing import beside, excerpt
from hemvist_portal.figures.places import PLACES
from hemvist_portal.forms import Form
from hemvist_portal.kommuner import kommun_name
from hemvist_portal.labels import FLASHES, source
from hemvist_portal.landlord.menu import landlord_menu
from hemvist_portal.landlord.waiting import kind_of, subject_place
from hemvist_portal.menu import menu
from hemvist_portal.next_steps import BLOCKERS, place_of
from hemvist_portal.quota_picture import bar
from hemvist_portal.statics import static_url
from hemvist_portal.trees import as_tree
from hemvist_portal.visitor import FLASH, Visitor
from hemvist_portal.wording import DEFAULT, language_of, translate
from hemvist_tenants import known_tenants

FOLDER = Path(__file__).parent / "templates"


@pass_context
def _word(context: Context, text: str, **params: Any) -> str:
    worded = translate(context.get("lang", DEFAULT), text)
    if any(isinstance(value, Markup) for value in params.values()):
        return escape(worded).format(**params)
    return worded.format(**params) if params else worded


def _whole_day(value: str | date | None) -> Markup:
    """A date in running text, which is not broken at its hyphens."""
    written = formats.day(value)
    return Markup('<time class="day" datetime="{0}">{0}</time>').format(written)


@pass_context
def _label(context: Context, code: str | None, group: str) -> str:
    return translate(context.get("lang", DEFAULT), source(group, code))


@pass_context
def _department(context: Context, code: str | None) -> str:
    visitor = context.get("visitor")
    for department in visitor.kommun.departments if visitor else ():
        if department.code == code:
            named: str = department.name_en if visitor.lang == "en" else department.name_sv
            return named
    return code or ""


@pass_context
def _long_day(context: Context, value: str | None) -> str:
    return formats.long_day(value, context.get("lang", DEFAULT))


@pass_context
def _value(context: Context, value: Any) -> str:
    """A fact's value in words."""
    if isinstance(value, bool):
        return translate(context.get("lang", DEFAULT), "Ja" if value else "Nej")
    if value is None:
        return translate(context.get("lang", DEFAULT), "inte känt")
    return formats.plain(value)


@pass_context
def _param_value(context: Context, value: Any, kind: str) -> str:
    lang = context.get("lang", DEFAULT)
    return policy_values.shown(value, kind, lambda text: translate(lang, text))


@pass_context
def _with_choices(context: Context, text: str) -> str:
    lang = context.get("lang", DEFAULT)
    return policy_values.with_choices(text, lambda found: translate(lang, found))


def _fresh(prefix: str, **values: Any) -> Form:
    """An empty form among several on a page."""
    form = Form.of(**values)
    form.prefix = prefix
    return form


@cache
def environment() -> Environment:
    """The templates' environment. Everything is escaped, and an unknown name is an error."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    env.globals.update({"_": _word, "static": static_url, "today": today, "as_tree": as_tree})
    env.globals["figure_places"] = PLACES
    env.globals.update({"kind_of_waiting": kind_of, "subject_place": subject_place})
    env.globals.update({"blockers": BLOCKERS, "fresh": _fresh, "place_of": place_of})
    env.globals.update(
        {
            "beside": beside,
            "excerpt": excerpt,
            "menu": menu,
            "landlord_menu": landlord_menu,
            "new_key": lambda: str(uuid4()),
        }
    )
    env.filters.update(
        param_value=_param_value,
        with_choices=_with_choices,
        day=formats.day,
        whole_day=_whole_day,
        long_day=_long_day,
        instant=formats.instant,
        kronor=formats.kronor,
        number=formats.number,
        pnr=formats.personal_number,
        plain=formats.plain,
        dialled=formats.dialled,
        quota_bar=bar,
        label=_label,
        department=_department,
        fact_value=_value,
        clock_words=clock_words,
        kommun_name=kommun_name,
        code=lambda value: str(value or "").lower(),
    )
    return env


def show(visitor: Visitor, template: str, status: int = 200, **context: Any) -> Response:
    """The page of ``template`` for ``visitor``; a shown flash is used up."""
    forms = [value for value in context.values() if isinstance(value, Form)]
    for form in forms:
        form.translate_problems(visitor.words)
        if form.failed and status == 200:
            status = 409 if form.failure and form.failure.kind == "Conflict" else 422
    words = {
        "visitor": visitor,
        "slug": visitor.slug,
        "lang": visitor.lang,
        "kommun": visitor.kommun,
        "frame": visitor.frame,
        "csrf": visitor.session.csrf_token,
        "flash": FLASHES.get(visitor.flash, ""),
        "here": here(visitor.request),
        "url": visitor.url,
        **context,
    }
    drawn = environment().get_template(template)
    html = drawn.render(unsaid=None, **words)
    for form in forms:
        if form.failed:
            form.note_left(html)
            said = 'id="problems"' in html
            if form.left or not said:
                # How things are now may leave no room for the form, nor for why it was refused.
                html = drawn.render(unsaid=None if said else form, **words)
    answer = HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    if visitor.flash:
        answer.delete_cookie(FLASH, path="/")
    return answer


def show_plain(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """A page without a logged-in reader: start, login refused, errors."""
    slug = context.get("slug", "")
    html = (
        environment()
        .get_template(template)
        .render(
            visitor=None,
            lang=language_of(request),
            kommun=known_tenants().get(slug),
            frame={},
            flash="",
            here=here(request),
            development=get_settings().environment == "development",
            **{"slug": slug, **context},
        )
    )
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


def here(request: Request) -> str:
    """Where the reader is, to come back to after choosing a language."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def set_flash(answer: Response, code: str) -> None:
    """Let the next page say what was done."""
    answer.set_cookie(
        FLASH, code, max_age=60, path="/", httponly=True, samesite="lax", secure=cookie_is_secure()
    )
