"""Households (hushåll): the list, exact search, registering, the household, protection."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Unreadable
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

#: A row's fields; the first four tell whether anybody was entered there.
_MEMBER = ("givenName", "familyName", "personalNumber", "registeredKommun")
_ROLES = ("applicant", "partner", "child", "other")
LEVELS = ("unknown", "none", "secrecy_mark", "protected_registration", "fictitious")


@router.get("/{slug}/households")
def households(visitor: Reader, after: str | None = None) -> Response:
    """The reader's households, and the search by number."""
    data = visitor.read("households", after=after)
    return show(visitor, "pages/households.html", page=data["households"], form=Form())


@router.post("/{slug}/households/search")
def search(visitor: Reader, form: Sent) -> Response:
    """Find a person by the exact number. It is sent in the body, so that no log of addresses has it."""
    found: list[dict[str, Any]] = []
    try:
        found = visitor.read("person_search", number=form.one("personalNumber"))["personByNumber"]
    except Unreadable:
        visitor.read("frame")
        form.add_problem("personalNumber", mark("Skriv hela numret som ÅÅÅÅMMDD-NNNN."))
    return show(visitor, "pages/person_search.html", found=found, form=form)


@router.get("/{slug}/households/new")
def new_household(visitor: Reader) -> Response:
    """The empty form, with one person."""
    visitor.require("mayRegisterHousehold", "household.register")
    form = Form.of(registeredOn=today(), department=_departments(visitor)[:1])
    _add_row(form)
    form.put("members[0].role", "applicant")
    return _household_form(visitor, form)


@router.post("/{slug}/households/new")
def register_household(visitor: Reader, form: Sent) -> Response:
    """Register the household, or give the form back with one row more or less."""
    visitor.require("mayRegisterHousehold", "household.register")
    if form.act == "add":
        _add_row(form)
        return _household_form(visitor, form)
    if form.act.startswith("remove:"):
        _remove_row(form, form.act.removeprefix("remove:"))
        return _household_form(visitor, form)
    rows = [row for row in form.rows("members") if _entered(form, row)]
    members = [_member(form, row) for row in rows]
    registered = form.read_date("registeredOn")
    if not form.problems:
        values = {
            "department": form.one("department"),
            "registeredOn": registered,
            "members": members,
        }
        result = visitor.command("register_household", form, without_none(values))
        if result is not None:
            path = f"households/{result['household']['id']}"
            return done(visitor, path, "household_registered")
    # The API counts the rows that were sent, the form those that stand on it.
    moved = {f"members[{sent}]": f"members[#{row}]" for sent, row in enumerate(rows)}
    form.rename_problems(moved)
    form.rename_problems({f"members[#{row}]": f"members[{row}]" for row in rows})
    return _household_form(visitor, form)


@router.get("/{slug}/households/{household_id}")
def household(visitor: Reader, household_id: str) -> Response:
    """The household: its people, their protection, its cases."""
    data = visitor.node("household", "household", id=household_id)
    form = Form.of(department=_departments(visitor)[:1], openedOn=today())
    return show(
        visitor,
        "pages/household.html",
        household=data["household"],
        form=form,
        departments=_departments(visitor),
    )


@router.post("/{slug}/households/{household_id}/case")
def open_case(visitor: Reader, form: Sent, household_id: str) -> Response:
    """Open a case for the household."""
    opened = form.read_date("openedOn")
    if not form.problems:
        values = {
            "householdId": household_id,
            "department": form.one("department"),
            "openedOn": opened,
        }
        result = visitor.command("open_case", form, without_none(values))
        if result is not None:
            return done(visitor, f"cases/{result['case']['id']}", "case_opened")
    data = visitor.node("household", "household", id=household_id)
    return show(
        visitor,
        "pages/household.html",
        household=data["household"],
        form=form,
        departments=_departments(visitor),
    )


@router.get("/{slug}/households/{household_id}/persons/{person_id}/protection")
def protection(visitor: Reader, household_id: str, person_id: str) -> Response:
    """The form of a person's protection."""
    person = visitor.node("person", "person", id=person_id)["person"]
    form = Form.of(
        person["version"],
        protection=person["protection"].lower(),
        source=person["protectionSource"],
        checkedOn=today(),
    )
    return _protection_form(visitor, household_id, person, form)


@router.post("/{slug}/households/{household_id}/persons/{person_id}/protection")
def set_protection(visitor: Reader, form: Sent, household_id: str, person_id: str) -> Response:
    """Save a person's protection."""
    checked = form.read_date("checkedOn")
    if not form.problems:
        values = {
            "personId": person_id,
            "protection": form.one("protection"),
            "source": form.one("source") or None,
            "checkedOn": checked,
            "expectedVersion": form.version,
        }
        if visitor.command("set_protection", form, without_none(values)) is not None:
            return done(visitor, f"households/{household_id}", "protection_set")
    person = visitor.node("person", "person", id=person_id)["person"]
    return _protection_form(visitor, household_id, person, form)


def _household_form(visitor: Visitor, form: Form) -> Response:
    return show(
        visitor,
        "pages/household_form.html",
        form=form,
        departments=_departments(visitor),
        roles=_ROLES,
        levels=LEVELS,
    )


def _protection_form(
    visitor: Visitor, household_id: str, person: dict[str, Any], form: Form
) -> Response:
    return show(
        visitor,
        "pages/protection.html",
        form=form,
        person=person,
        household_id=household_id,
        levels=LEVELS,
    )


def _departments(visitor: Visitor) -> list[str]:
    """Departments of the reader's own that can have a case."""
    own = {membership["department"] for membership in visitor.frame["memberships"]}
    referring = [one.code for one in visitor.kommun.departments if one.kind == "referring"]
    return [code for code in referring if code in own]


def _add_row(form: Form) -> None:
    rows = form.rows("members")
    row = rows[-1] + 1 if rows else 0
    form.put(f"members[{row}].role", "child" if row > 1 else "partner")
    form.put(f"members[{row}].protection", "unknown")


def _remove_row(form: Form, number: str) -> None:
    prefix = f"members[{number}]."
    for name in [name for name in form.values if name.startswith(prefix)]:
        del form.values[name]


def _entered(form: Form, row: int) -> bool:
    """Whether the row says anything; the first always counts."""
    return row == 0 or any(form.one(f"members[{row}].{name}") for name in _MEMBER)


def _member(form: Form, row: int) -> dict[str, Any]:
    path = f"members[{row}]"
    values = {
        "role": form.one(f"{path}.role"),
        "givenName": form.one(f"{path}.givenName"),
        "familyName": form.one(f"{path}.familyName"),
        "personalNumber": form.one(f"{path}.personalNumber"),
        "registeredKommun": form.one(f"{path}.registeredKommun") or None,
        "protection": form.one(f"{path}.protection") or "unknown",
        "protectionSource": form.one(f"{path}.protectionSource") or None,
        "protectionCheckedOn": form.read_date(f"{path}.protectionCheckedOn"),
    }
    return without_none(values)
