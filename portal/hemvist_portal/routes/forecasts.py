"""Next year's need: what may come, what if it were otherwise, and last year's forecast beside."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hemvist.clock import today
from hemvist.errors import ValidationFailed
from hemvist.indicators.forecasting.model import asked as checked
from hemvist_portal.errors import Missing
from hemvist_portal.figures import files, sheets, tables
from hemvist_portal.figures import forecast as shown
from hemvist_portal.figures.forecast import Asked
from hemvist_portal.figures.telling import Teller
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.figures import back
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

FIELDS = ("moreHomesPerMonth", "moreGuaranteesPerMonth", "monthsSooner")
#: As the API bounds each.
BOUNDS = {
    "moreHomesPerMonth": mark("Skriv ett heltal från −50 till 50."),
    "moreGuaranteesPerMonth": mark("Skriv ett heltal från 0 till 50."),
    "monthsSooner": mark("Skriv ett heltal från 0 till 24."),
}


@router.get("/{slug}/figures/forecast")
def forecast(visitor: Reader, request: Request) -> Response:
    """The forecast, with what is asked."""
    return show(visitor, "pages/figures_forecast.html", **_data(visitor, _form(request)))


@router.get("/{slug}/figures/forecast.svg")
def drawing(visitor: Reader, request: Request) -> Response:
    """The picture as a file."""
    return files.picture(_data(visitor, _form(request))["picture"], "prognos")


@router.get("/{slug}/figures/forecast-before.svg")
def drawing_before(visitor: Reader, request: Request) -> Response:
    """The picture of the forecast that was kept, beside what came."""
    return files.picture(_data(visitor, _form(request))["kept_picture"], "forra-prognosen")


@router.get("/{slug}/figures/forecast.xlsx")
def sheet(visitor: Reader, request: Request) -> Response:
    """The tables: the year, its months, and the forecast that was kept."""
    data = _data(visitor, _form(request))
    found = tables.of_forecast(data, data["teller"])
    if not found:
        raise Missing
    return files.book(sheets.tables(found, [], data["teller"]), "prognos")


def _form(request: Request) -> Form:
    sent = {name: request.query_params.get(name) or "0" for name in FIELDS}
    # The page writes the sign of minus, and what it writes can be copied.
    return Form.of(**{name: text.replace("\N{MINUS SIGN}", "-") for name, text in sent.items()})


def _data(visitor: Visitor, form: Form) -> dict[str, Any]:
    asked = _asked(form)
    teller = Teller(visitor.lang)
    data = visitor.read(
        "figures_forecast",
        homes=asked.homes,
        guarantees=asked.guarantees,
        sooner=asked.sooner,
        # Telling may lie some months behind, and the picture begins a year before the forecast.
        fromMonth=back(2 * shown.BEFORE),
    )
    made = data["forecast"]
    known = made["goingOn"] is not None
    told = data["indicator"]["told"] if data["indicator"] else []
    kept = shown.last_years(data["forecasts"], today())
    return {
        "form": form,
        "asked": asked,
        "asked_words": asked.words(teller),
        "query": "&".join(f"{name}={form.one(name)}" for name in FIELDS if asked.any),
        "forecast": made,
        "known": known,
        "sentence": shown.sentence(made, asked, teller) if known else "",
        "picture": shown.drawn(made, told, asked, teller) if known else None,
        "years": shown.year_rows(made, teller) if known else [],
        "months": shown.month_rows(made, teller) if known else [],
        "homes_known": known and shown.homes_known(made),
        "basis_span": _span(made["basis"], teller),
        "kept": kept,
        "kept_made": teller.month(date.fromisoformat(kept["madeOn"])) if kept else "",
        "missed": shown.missed(kept, teller) if kept else "",
        "kept_picture": shown.drawn_kept(kept, teller) if kept else None,
        "kept_rows": shown.kept_rows(kept, teller) if kept else [],
        "teller": teller,
        "state": data["figuresState"],
    }


def _span(basis: dict[str, Any] | None, teller: Teller) -> str:
    if basis is None:
        return ""
    first, last = (date.fromisoformat(basis[name]) for name in ("fromMonth", "toMonth"))
    return teller.span(first, last)


def _asked(form: Form) -> Asked:
    """What the form asks; nothing where it cannot be asked, and the form then says why."""
    homes, guarantees, sooner = (form.read_int(name) or 0 for name in FIELDS)
    try:
        checked(homes, guarantees, sooner)
    except ValidationFailed as wrong:
        for one in wrong.problems:
            form.add_problem(one.field, BOUNDS[one.field])
    return Asked() if form.problems else Asked(homes, guarantees, sooner)
