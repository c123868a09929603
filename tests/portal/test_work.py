"""The work list, acts on several rows, saved selections, the calendar's address and the weekly mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation
from hemvist.identity import get_directory
from hemvist.ids import new_id
from hemvist.notices.models import Notice
from hemvist.notices.service import notify
from hemvist.saved_filters.models import SavedFilter
from hemvist.tenancy import tenant_session
from hemvist_infra.demo.numbers import personal_number
from hemvist_visits import Visit

SLUG = "/helsingborg"
_SERIAL = iter(range(1, 800))


def _case(caseworker: Visit) -> str:
    """A new case's page."""
    serial = next(_SERIAL)
    fields = {
        "members[0].role": "applicant",
        "members[0].givenName": "Vera",
        "members[0].familyName": "Arbetslista",
        "members[0].personalNumber": personal_number(
            date(1971, 2, 3) + timedelta(days=serial), 985
        ),
        "members[0].protection": "unknown",
        "idempotencyKey": f"household-{serial}",
    }
    _, _, household = caseworker.post(f"{SLUG}/households/new", department="SOF-VUX", **fields)
    _, _, case = caseworker.post(f"{household}/case", department="SOF-VUX")
    return case


def _key() -> str:
    """A key that no other form of these tests has."""
    return new_id().hex


def _rows(case: str, dues: dict[str, date]) -> dict[str, Obligation]:
    """Obligations in the case whose page is ``case``, by code."""
    case_id = case.rsplit("_", 1)[-1]
    tenant_id = get_directory().tenant_id("helsingborg")
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = session.scalars(select(Case)).all()
        (found,) = [one for one in row if one.id.hex == case_id]
        made = {}
        for code, due in dues.items():
            made[code] = session.save(
                Obligation(
                    case_id=found.id,
                    programme="municipal_contract",
                    code=code,
                    ordinal=1,
                    due_on=due,
                    anchor="contract_signed",
                    anchor_id=new_id(),
                    anchored_on=today() - timedelta(days=90),
                    by=["referring"],
                    departments=["SOF-VUX"],
                    cite="Riktlinjen 4.2",
                    label={"sv": f"Uppföljning {code}", "en": f"Follow-up {code}"},
                    pack=found.pack,
                    pack_version=found.pack_version,
                )
            )
        return made


@pytest.fixture
def caseworker(visit: Callable[..., Visit]) -> Visit:
    return visit("aida.lindqvist")


def _again(row: Obligation) -> Obligation:
    with tenant_session(Audience.STAFF, row.tenant_id) as session:
        return session.find(Obligation, row.id)


def _ticks(page: str, case: str) -> list[str]:
    """What the ticks of the rows of ``case`` send."""
    found = []
    for row in re.findall(r'<li class="worklist__row.*?</li>', page, re.S):
        if case.rsplit("/", 1)[-1] in row:
            found += re.findall(r'name="row" value="([^"]+)"', row)
    return found


def test_several_are_planned_and_the_one_that_may_not_be_is_named(caseworker: Visit) -> None:
    """The guideline's day holds for each row; the rest is done, and the ticks stay where it was not."""
    case = _case(caseworker)
    rows = _rows(case, {"near": today() + timedelta(days=3), "far": today() + timedelta(days=30)})
    status, page = caseworker.get(f"{SLUG}/work")
    ticks = _ticks(page, case)
    assert status == 200 and len(ticks) == 2
    planned = (today() + timedelta(days=10)).isoformat()
    key = caseworker.key(page)
    fields = {"row": ticks, "plannedOn": planned, "act": "plan", "sel.state": "open"}
    status, page, _ = caseworker.post(f"{SLUG}/work", idempotencyKey=key, **fields)
    assert status == 422
    assert "1 gjordes, 1 gick inte." in page
    assert "Uppföljning near" in page and "Riktlinjen 4.2" in page
    assert _again(rows["far"]).planned_on == date.fromisoformat(planned)
    assert _again(rows["near"]).planned_on is None
    # A page that is sent again does nothing again.
    version = _again(rows["far"]).version
    caseworker.post(f"{SLUG}/work", idempotencyKey=key, **fields)
    assert _again(rows["far"]).version == version
    status, page = caseworker.get(f"{SLUG}/work")
    assert "planerat" in page


def test_nothing_ticked_is_said(caseworker: Visit) -> None:
    _rows(_case(caseworker), {"one": today()})
    status, page, _ = caseworker.post(
        f"{SLUG}/work", idempotencyKey=_key(), act="plan", plannedOn=today().isoformat()
    )
    assert status == 422 and "Bocka för minst en rad." in page


def test_a_colleagues_cases_are_taken_over_together(visit: Callable[..., Visit]) -> None:
    """Both rows of one case and one of another: each case once, and one's own is named."""
    first, colleague = visit("aida.lindqvist"), visit("bengt.sandell")
    case = _case(first)
    _rows(case, {"a": today() + timedelta(days=3), "b": today() + timedelta(days=4)})
    _, page = first.get(f"{SLUG}/work")
    ticks = _ticks(page, case)
    cases = {
        name: value
        for name, value in re.findall(r'name="(case\.[^"]+)" value="([^"]+)"', page)
        if any(name.endswith(tick.split(":")[0]) for tick in ticks)
    }
    status, page, _ = first.post(
        f"{SLUG}/work", idempotencyKey=_key(), row=ticks, act="take_over", **cases
    )
    assert status == 422 and "Du är redan handläggare." in page
    # A manager does not handle cases: no tick, and the API refuses.
    _, page = colleague.get(f"{SLUG}/work")
    assert "Ta över ärendena" not in page
    status, page, _ = colleague.post(
        f"{SLUG}/work", idempotencyKey=_key(), row=ticks, act="take_over", **cases
    )
    assert status == 422 and "Din roll ger inte rätt" in page


def test_the_list_shows_late_ones_first_and_by_day(caseworker: Visit) -> None:
    case = _case(caseworker)
    _rows(case, {"late": today() - timedelta(days=2), "later": today() + timedelta(days=2)})
    _, page = caseworker.get(f"{SLUG}/work?state=overdue&mine=1")
    assert "Uppföljning late" in page and "Uppföljning later" not in page
    assert "skulle ha varit klart" in page
    _, page = caseworker.get(f"{SLUG}/work?due={today() + timedelta(days=2)}")
    assert "Uppföljning later" in page and "Uppföljning late<" not in page


def test_a_selection_is_kept_shared_and_removed(visit: Callable[..., Visit]) -> None:
    """A colleague in the department sees it and cannot remove it; another department does not."""
    first, colleague, other = (
        visit("aida.lindqvist"),
        visit("bengt.sandell"),
        visit("cecilia.moreno"),
    )
    fields = {"page": "work", "name": "Mina sena", "sel.state": "overdue", "sel.mine": "1"}
    status, _, to = first.post(
        f"{SLUG}/filters", idempotencyKey=_key(), department="SOF-VUX", **fields
    )
    assert (status, to) == (303, f"{SLUG}/work?mine=1&state=overdue")
    for visitor, sees in ((first, True), (colleague, True), (other, False)):
        _, page = visitor.get(f"{SLUG}/work")
        assert ("Mina sena" in page) is sees
    (kept,) = re.findall(r"filters/(SavedFilter_\w+)/remove", first.get(f"{SLUG}/work")[1])
    assert "/remove" not in colleague.get(f"{SLUG}/work")[1]
    status, page, _ = colleague.post(
        f"{SLUG}/filters/{kept}/remove", idempotencyKey=_key(), page="work"
    )
    assert status == 403
    assert first.post(f"{SLUG}/filters/{kept}/remove", idempotencyKey=_key(), page="work")[0] == 303
    assert "Mina sena" not in first.get(f"{SLUG}/work")[1]
    with tenant_session(Audience.STAFF, get_directory().tenant_id("helsingborg")) as session:
        assert session.scalars(select(SavedFilter)).all() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Fyll i fältet."),
        ({"name": "19710203-1234"}, "personnummer"),
        ({"department": "VOF"}, "förvaltning som du arbetar i"),
        ({"sel.name": "Vera"}, "selection.name"),
        ({"sel.state": "Vera Arbetslista"}, "selection.state"),
    ],
)
def test_a_selection_that_does_not_hold_is_refused(
    caseworker: Visit, changed: dict[str, str], said: str
) -> None:
    """No personal data gets into a name or an address."""
    fields = {"page": "work", "name": "Urval", "sel.state": "open", **changed}
    status, page, _ = caseworker.post(f"{SLUG}/filters", idempotencyKey=_key(), **fields)
    assert status == 422
    assert said in page or "Rätta uppgifterna" in page
    if said.startswith("selection"):
        assert "Urval" in page


def test_notices_are_marked_together(caseworker: Visit) -> None:
    case_id = _case(caseworker).rsplit("_", 1)[-1]
    tenant_id = get_directory().tenant_id("helsingborg")
    with tenant_session(Audience.STAFF, tenant_id) as session:
        (case,) = [one for one in session.scalars(select(Case)) if one.id.hex == case_id]
        for _ in range(3):
            notify(
                session,
                kind="referral_returned",
                role="caseworker",
                department="SOF-VUX",
                case_id=case.id,
                subject_type="case",
                subject_id=case.id,
                source_id=new_id(),
            )
    _, page = caseworker.get(f"{SLUG}/notices")
    ticks = re.findall(r'name="row" id="[^"]+" value="(Notice_\w+)"', page)
    assert len(ticks) >= 3
    gone = f"Notice_{new_id().hex}"
    status, page, _ = caseworker.post(
        f"{SLUG}/notices/read", idempotencyKey=_key(), row=[*ticks[:2], gone], back="notices"
    )
    assert status == 422 and "2 gjordes, 1 gick inte." in page
    with tenant_session(Audience.STAFF, tenant_id) as session:
        read = [one for one in session.scalars(select(Notice)) if one.read_at is not None]
        assert {f"Notice_{one.id.hex}" for one in read} >= set(ticks[:2])
    status, _, to = caseworker.post(
        f"{SLUG}/notices/read", idempotencyKey=_key(), row=ticks[2:], back="notices"
    )
    assert (status, to) == (303, f"{SLUG}/notices")


def test_the_calendars_address_is_made_shown_and_revoked(caseworker: Visit) -> None:
    _, page = caseworker.get(f"{SLUG}/my-day")
    assert "Gör en adress" in page
    assert caseworker.post(f"{SLUG}/my-day/calendar", act="make", idempotencyKey="m1")[0] == 303
    _, page = caseworker.get(f"{SLUG}/my-day")
    (address,) = re.findall(r'value="(http[^"]+\.ics)"', page)
    (feed,) = re.findall(r'name="feedId" value="([^"]+)"', page)
    assert caseworker.post(f"{SLUG}/my-day/calendar", act="make", idempotencyKey="m2")[0] == 303
    _, page = caseworker.get(f"{SLUG}/my-day")
    assert address not in page
    status, page, _ = caseworker.post(
        f"{SLUG}/my-day/calendar", act="revoke", feedId=feed, idempotencyKey="r1"
    )
    assert status == 409 and "redan återkallad" in page


def test_the_weekly_mail_goes_to_the_kommuns_addresses_only(caseworker: Visit) -> None:
    for address, said in (
        ("vera@example.org", "kommunens egna adresser: helsingborg.se"),
        ("vera@helsingborg.se\nBcc: x@y.se", "Skriv en e-postadress"),
        ("vera", "Skriv en e-postadress"),
    ):
        status, page, _ = caseworker.post(
            f"{SLUG}/my-day/digest", act="on", address=address, idempotencyKey=address
        )
        assert status == 422 and said in page
    status, _, _ = caseworker.post(
        f"{SLUG}/my-day/digest", act="on", address="vera@helsingborg.se", idempotencyKey="on"
    )
    assert status == 303
    assert "vera@helsingborg.se" in caseworker.get(f"{SLUG}/my-day")[1]
    assert caseworker.post(f"{SLUG}/my-day/digest", act="off", idempotencyKey="off")[0] == 303
    assert "vera@helsingborg.se" not in caseworker.get(f"{SLUG}/my-day")[1]
