"""Each role's today: what that person sees first, on a desk and on a phone, with nothing against WCAG."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation
from hemvist.identity import get_directory
from hemvist.identity.models import Principal
from hemvist.ids import new_id
from hemvist.incidents.clock_models import ServiceClock
from hemvist.notices.service import notify
from hemvist.tenancy import tenant_session
from hemvist_browser import Desk, wrong
from hemvist_world import peopled

PEOPLE = ("Aida Lindqvist", "Bengt Sandell", "Ingrid Falk", "Jonas Wikander")
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def busy(platform_address: str) -> Case:
    """A case with a clock that runs, one that ran out, visits missed and late, and an answer."""
    tenant_id = get_directory().tenant_id("helsingborg")
    world = peopled(tenant_id)
    opened = world.case()
    world.housed(opened)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        case = session.find(Case, opened.id)
        aida = session.scalar(select(Principal).where(Principal.display_name == PEOPLE[0]))
        case.handler_id = aida.id if aida else case.handler_id
        common = {"case_id": case.id, "programme": case.programme, "anchor": "contract_signed"}
        for code, due, state in (
            ("late", today() - timedelta(days=3), "open"),
            ("soon", today() + timedelta(days=3), "open"),
            ("missed", today() - timedelta(days=2), "missed"),
        ):
            session.save(
                Obligation(
                    **common,
                    code=code,
                    ordinal=1,
                    due_on=due,
                    anchor_id=new_id(),
                    anchored_on=today() - timedelta(days=40),
                    by=["referring", "property"],
                    departments=["FF", "SOF-VUX"],
                    cite="Riktlinjen 4.2",
                    label={"sv": f"Hembesök ({code})", "en": f"Home visit ({code})"},
                    pack=case.pack,
                    pack_version=case.pack_version,
                    state=state,
                    reason="not_at_home" if state == "missed" else None,
                    not_held_on=due if state == "missed" else None,
                )
            )
        for hours, state in ((-5, "late"), (20, "running")):
            due_at = now() + timedelta(hours=hours)
            session.save(
                ServiceClock(
                    case_id=case.id,
                    subject_type="case",
                    subject_id=case.id,
                    event="incident_reported",
                    code=f"answer_{hours}",
                    source=case.pack,
                    source_version=case.pack_version,
                    label={"sv": "Svara hyresvärden", "en": "Answer the landlord"},
                    cite=[],
                    by=["referring"],
                    departments=["FF", "SOF-VUX"],
                    started_at=due_at - timedelta(days=2),
                    due_at=due_at,
                    due_on=due_at.date(),
                    state=state,
                    reason="",
                )
            )
        for role, department in (("caseworker", "SOF-VUX"), ("property_officer", "FF")):
            notify(
                session,
                kind="contract_signed" if role == "caseworker" else "offer_accepted",
                role=role,
                department=department,
                case_id=case.id,
                subject_type="case",
                subject_id=case.id,
                source_id=new_id(),
            )
        return case


def test_every_role_sees_what_is_theirs_most_pressing_first(
    chromium: Browser, platform_address: str, busy: Case
) -> None:
    for person in PEOPLE:
        desk = Desk(chromium, platform_address, person)
        desk.open("today")
        main = desk.page.get_by_role("main")
        headings = main.get_by_role("heading", level=2).all_inner_texts()
        assert headings[0].startswith(("Nya svar", "Tidsgränser som går")), (person, headings)
        for words in ("Tidsgränser som går", "Försenat", "Blev inte av", "Snart dags"):
            assert any(one.startswith(words) for one in headings), (person, words, headings)
        clocks = main.locator(".work--clocks")
        expect(clocks).to_contain_text("Gick ut för")
        expect(clocks).to_contain_text("kvar")
        expect(main.locator(".work--notHeld")).to_contain_text("Hembesök (missed)")
        assert wrong(desk.page) == []
        desk.page.set_viewport_size(PHONE)
        wide = desk.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{person}: the page is {wide} pixels wide"
        desk.close()


def test_new_answers_are_put_away_and_a_day_is_planned_on_a_phone(
    chromium: Browser, platform_address: str, busy: Case
) -> None:
    desk = Desk(chromium, platform_address, PEOPLE[0], javascript=False)
    desk.page.set_viewport_size(PHONE)
    desk.open("today")
    answers = desk.page.locator(".work--newlyAnswered")
    answers.get_by_role("checkbox").first.check()
    desk.press("Markera de förbockade som lästa")
    desk.told("Notiserna är markerade som lästa.")
    desk.open("work")
    row = desk.page.locator(".worklist__row", has_text="Hembesök (soon)").first
    row.get_by_role("checkbox").check()
    desk.fill("plannedOn", (today() + timedelta(days=20)).isoformat())
    desk.press("Planera")
    desk.told("Riktlinjen säger senast")
    expect(row.get_by_role("checkbox")).to_be_checked()
    desk.fill("plannedOn", (today() + timedelta(days=1)).isoformat())
    desk.press("Planera")
    desk.told("Dagen är planerad.")
    expect(row).to_contain_text("planerat")
    desk.close()


def test_own_pages_hold_against_wcag(chromium: Browser, platform_address: str, busy: Case) -> None:
    desk = Desk(chromium, platform_address, PEOPLE[0])
    for path in ("work", "work?state=overdue", "my-day", "notices"):
        desk.open(path)
        for fold in desk.page.locator("details:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        assert wrong(desk.page) == []
        desk.page.set_viewport_size(PHONE)
        wide = desk.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{path}: {wide} pixels wide"
        desk.page.set_viewport_size({"width": 1280, "height": 900})
    desk.open("my-day")
    desk.press("Gör en adress")
    desk.told("Adressen är gjord")
    address = desk.page.locator("#f-feed").input_value()
    answer = desk.context.request.get(address)
    assert answer.ok and answer.text().startswith("BEGIN:VCALENDAR")
    desk.press("Återkalla adressen")
    assert desk.context.request.get(address).status == 404
    desk.close()
