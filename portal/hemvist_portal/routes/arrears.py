"""Tenancies with arrears: early signals, what the law gives time for, who answers, paying off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

SIGNALS = ("late", "second_time", "rising", "several_rents", "collection", "eviction_applied")
_OUTCOMES = ("decided", "refused")
#: Parts of a debt that the form has room for.
PARTS = 6


def chosen(signal: str, area: str) -> dict[str, Any]:
    """The page's query string as the document's variables."""
    return {"signal": signal if signal in SIGNALS else None, "area": area.strip()[:80] or None}


@router.get("/{slug}/arrears")
def arrears(
    visitor: Reader, signal: str = "", area: str = "", after: str | None = None
) -> Response:
    """Who gives a signal, the most owed first; what the law's clock runs on."""
    data = visitor.read("arrears", **chosen(signal, area), after=after)
    return show(
        visitor,
        "pages/arrears.html",
        page=data["rentAccounts"],
        running=[edge["node"] for edge in data["recoveryPeriods"]["edges"]],
        proposed=[edge["node"] for edge in data["rentLiabilities"]["edges"]],
        signals=SIGNALS,
        signal=signal if signal in SIGNALS else "",
        area=area.strip()[:80],
    )


@router.get("/{slug}/arrears/accounts/{account_id}")
def account(visitor: Reader, account_id: str) -> Response:
    """One tenancy: month by month, and what can be done."""
    return _page(visitor, account_id, {})


@router.post("/{slug}/arrears/accounts/{account_id}/{act}")
def act(visitor: Reader, form: Sent, account_id: str, act: str) -> Response:
    """Carry out one of the page's acts."""
    if act not in _ACTS:
        raise Missing
    command, flash, read = _ACTS[act]
    # Of several rows each has a form of its own.
    form.prefix = act + (f"-{form.one('row')}" if form.one("row") else "")
    values = read(visitor, form, account_id)
    if not form.failed and visitor.command(command, form, without_none(values or {})) is not None:
        return done(visitor, f"arrears/accounts/{account_id}", flash)
    return _page(visitor, account_id, {form.prefix: form})


@router.get("/{slug}/arrears/liabilities/{liability_id}/paper")
def paper(visitor: Reader, liability_id: str) -> Response:
    """The signed undertaking on paper, for the landlord."""
    one = visitor.node("rent_liability", "liability", id=liability_id)["liability"]
    if one.get("state") not in ("decided", "told"):
        raise Missing
    return show(visitor, "pages/rent_liability_paper.html", one=one)


def _page(visitor: Visitor, account_id: str, forms: dict[str, Form]) -> Response:
    one = visitor.node("rent_account", "account", id=account_id)["account"]
    failed = next((form for form in forms.values() if form.failed), None)
    return show(
        visitor,
        "pages/rent_account.html",
        one=one,
        forms=forms,
        form=failed or Form(),
        parts=range(PARTS),
        day=str(today()),
    )


def _account(form: Form, account_id: str) -> dict[str, Any]:
    return {"rentAccountId": account_id, "expectedVersion": form.version}


def _call(_: Visitor, form: Form, account_id: str) -> dict[str, Any]:
    return {**_account(form, account_id), "on": form.read_date("on")}


def _children(_: Visitor, form: Form, account_id: str) -> dict[str, Any] | None:
    if form.one("children") not in ("yes", "no"):
        form.add_problem("children", mark("Välj ett svar."))
        return None
    return {**_account(form, account_id), "children": form.one("children") == "yes"}


def _link(visitor: Visitor, form: Form, account_id: str) -> dict[str, Any] | None:
    number = form.one("caseNumber")[:40]
    found = visitor.read("case_by_number", number=number)["cases"]["edges"] if number else []
    if not found:
        form.add_problem("caseNumber", mark("Det finns inget sådant ärende."))
        return None
    form.rename_problems({"caseId": "caseNumber"})
    return {**_account(form, account_id), "caseId": found[0]["node"]["id"]}


def _recovery(_: Visitor, form: Form, account_id: str) -> dict[str, Any]:
    return {
        "rentAccountId": account_id,
        "amountOre": form.read_kronor("amountOre", required=True),
        "servedOn": form.read_date("servedOn"),
        "boardToldOn": form.read_date("boardToldOn"),
    }


def _row(form: Form, name: str) -> dict[str, Any]:
    return {name: form.one("row"), "expectedVersion": form.version}


def _complete(_: Visitor, form: Form, _account_id: str) -> dict[str, Any]:
    return {
        **_row(form, "recoveryPeriodId"),
        "servedOn": form.read_date("servedOn"),
        "boardToldOn": form.read_date("boardToldOn"),
    }


def _end_recovery(_: Visitor, form: Form, _account_id: str) -> dict[str, Any]:
    return {
        **_row(form, "recoveryPeriodId"),
        "how": form.one("how"),
        "on": form.read_date("on"),
    }


def _propose(_: Visitor, form: Form, _account_id: str) -> dict[str, Any]:
    return {
        "recoveryPeriodId": form.one("row"),
        "amountOre": form.read_kronor("amountOre", required=True),
        "motivation": form.one("motivation"),
        "childrenConsidered": form.one("childrenConsidered") or None,
    }


def _decide(_: Visitor, form: Form, _account_id: str) -> dict[str, Any]:
    return {
        **_row(form, "rentLiabilityId"),
        "outcome": form.one("outcome"),
        "note": form.one("note") or None,
    }


def _tell(_: Visitor, form: Form, _account_id: str) -> dict[str, Any]:
    return {**_row(form, "rentLiabilityId"), "toldOn": form.read_date("toldOn")}


def _agree(_: Visitor, form: Form, account_id: str) -> dict[str, Any]:
    parts = []
    for number in form.rows("instalments"):
        at = f"instalments[{number}]"
        if not form.one(f"{at}.dueOn") and not form.one(f"{at}.amountOre"):
            continue
        due = form.read_date(f"{at}.dueOn", required=True)
        amount = form.read_kronor(f"{at}.amountOre", required=True)
        parts.append({"dueOn": due, "amountOre": amount})
    if not parts:
        form.add_problem("instalments[0].dueOn", mark("Fyll i minst en dag och ett belopp."))
    return {"rentAccountId": account_id, "instalments": parts}


def _pay(_: Visitor, form: Form, _account_id: str) -> dict[str, Any]:
    number = form.read_int("number", required=True)
    return {**_row(form, "instalmentPlanId"), "number": number, "paidOn": form.read_date("paidOn")}


def _end_plan(_: Visitor, form: Form, _account_id: str) -> dict[str, Any]:
    return {**_row(form, "instalmentPlanId"), "broken": form.one("broken") == "true"}


_Read = Callable[[Visitor, Form, str], dict[str, Any] | None]
#: Last part of the address → command, what is said when it is done, how the form is read.
_ACTS: dict[str, tuple[str, str, _Read]] = {
    "call": ("note_tenant_call", "tenant_call_noted", _call),
    "children": ("tell_children_in_home", "children_told", _children),
    "case": ("link_rent_account", "account_linked", _link),
    "recovery": ("register_recovery", "recovery_registered", _recovery),
    "complete": ("complete_recovery", "recovery_registered", _complete),
    "end": ("end_recovery", "recovery_ended", _end_recovery),
    "propose": ("propose_liability", "liability_proposed", _propose),
    "decide": ("decide_liability", "liability_decided", _decide),
    "tell": ("tell_landlord_of_liability", "liability_told", _tell),
    "instalments": ("agree_rent_instalments", "instalments_agreed", _agree),
    "pay": ("record_rent_instalment", "instalment_paid", _pay),
    "end-plan": ("end_rent_instalments", "instalments_ended", _end_plan),
}
