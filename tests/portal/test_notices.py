"""Notices: shown to the role that they were given to, and put away when read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.db import Audience
from hemvist.identity import get_directory
from hemvist.ids import new_id
from hemvist.notices.service import notify
from hemvist.tenancy import tenant_session
from hemvist_infra.demo.numbers import personal_number
from hemvist_portal.routes import today
from hemvist_visits import Visit


def _case(caseworker: Visit) -> str:
    fields = {
        "members[0].role": "applicant",
        "members[0].givenName": "Nora",
        "members[0].familyName": "Notis",
        "members[0].personalNumber": personal_number(date(1961, 2, 3), 985),
        "members[0].protection": "unknown",
    }
    _, _, household = caseworker.post("/helsingborg/households/new", department="SOF-VUX", **fields)
    _, _, case = caseworker.post(f"{household}/case", department="SOF-VUX")
    return case


def test_a_full_list_says_that_there_may_be_more(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lists of today's work end at a number; a count of that many is a count of at least."""
    caseworker = visit("aida.lindqvist")
    _case(caseworker)
    assert "minst" not in caseworker.get("/helsingborg/today")[1]
    monkeypatch.setattr(today, "MOST_CASES", 1)
    assert "minst 1<" in caseworker.get("/helsingborg/today")[1]


def test_a_notice_is_read_and_put_away(visit: Callable[..., Visit]) -> None:
    """On today's work and in the list; marking it twice does no harm."""
    caseworker = visit("aida.lindqvist")
    case = _case(caseworker)
    tenant_id = get_directory().tenant_id("helsingborg")
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = session.scalars(select(Case).order_by(Case.opened_on, Case.id)).all()[-1]
        given = notify(
            session,
            kind="referral_returned",
            role="caseworker",
            department="SOF-VUX",
            case_id=row.id,
            subject_type="case",
            subject_id=row.id,
            source_id=new_id(),
        )
        assert given
    page = caseworker.get("/helsingborg/today")[1]
    number = row.number
    assert number in page and case.rsplit("/", 1)[1] in page
    action = next(part for part in page.split('"') if "/Notice_" in part and part.endswith("/read"))
    assert "notices" in caseworker.get("/helsingborg/notices")[1]
    for _ in range(2):
        status, _, target = caseworker.post(action, idempotencyKey="read", back="notices")
        assert (status, target) == (303, "/helsingborg/notices")
    assert action not in caseworker.get("/helsingborg/today")[1]
    assert number in caseworker.get("/helsingborg/notices")[1]
    assert visit("ingrid.falk").post(action, idempotencyKey="other")[0] == 404
