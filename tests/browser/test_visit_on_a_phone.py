"""A visit registered on a telephone whose connection breaks: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups.models import FilledChecklist, FollowUp, MissedFollowUp
from hemvist_browser import Desk, wrong
from hemvist_cut_network import Network, network
from hemvist_goteborg import housed
from hemvist_graphql.ids import global_id
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "Kranen i köket droppar, Anna ringer jouren."
DRAFTS = "Object.entries(localStorage).filter(([name]) => name.startsWith('hemvist.draft.'))"


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as made:
        yield made


@pytest.fixture
def phone(chromium: Browser, platform_address: str, net: Network) -> Iterator[Desk]:
    desk = Desk(
        chromium,
        platform_address,
        "Gerd Malm",
        slug="goteborg",
        phone=True,
        network=net.address,
    )
    yield desk
    desk.close()


@pytest.fixture
def case(goteborg: World) -> Case:
    """In the flat for five weeks."""
    return housed(goteborg, today() - timedelta(days=35))[0]


def due(world: World, case: Case, code: str) -> Obligation:
    """The first open one of a duty."""
    rows = world.rows(Obligation, case_id=case.id, code=code, state="open")
    return min(rows, key=lambda row: row.due_on)  # type: ignore[no-any-return]


def page_of(row: Obligation) -> str:
    return f"obligations/{global_id('Obligation', row.id)}/follow-up"


def fill_in(phone: Desk) -> None:
    """The monthly form, sent on at once."""
    phone.choose("checklist.condition", "worn")
    for line in ("cleaning", "kitchen_and_bath", "smoke_alarm", "shared_rooms", "neighbours"):
        phone.choose(f"checklist.{line}", "true")
    phone.choose("checklist.rent_paid", "true")
    phone.choose("sendChecklist", "true")
    phone.choose("residentTookPart", "true")
    phone.fill("notes", WORDS)


def kept(phone: Desk) -> list[list[str]]:
    """What the browser holds of forms not sent."""
    found: list[list[str]] = phone.page.evaluate(DRAFTS)
    return found


def test_what_was_typed_survives_a_cut_network_and_is_carried_out_once(
    phone: Desk, net: Network, goteborg: World, case: Case
) -> None:
    """GBG-93, GBG-94: the checklist, cut off before and after the platform has done its work."""
    review = due(goteborg, case, "flat_review")
    phone.open(page_of(review))
    assert wrong(phone.page) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    fill_in(phone)
    sign = phone.page.locator("[data-draft-sign]")
    expect(sign).to_contain_text("sparas i den här enheten")
    [[_, hidden]] = kept(phone)
    assert WORDS not in hidden and "droppar" not in hidden

    net.cut = True
    phone.page.get_by_role("button", name="Registrera", exact=True).click()
    expect(sign).to_contain_text("Ingen anslutning")
    expect(phone.page.locator('[name="notes"]')).to_have_value(WORDS)
    assert wrong(phone.page) == []
    assert not [path for path in net.sent if path.endswith("/follow-up")]
    assert goteborg.rows(FollowUp, case_id=case.id) == []

    # It arrives, and the answer does not.
    net.cut, net.deaf = False, True
    phone.page.get_by_role("button", name="Försök skicka nu").click()
    expect(sign).to_contain_text("Ingen anslutning")
    assert len(goteborg.rows(FollowUp, case_id=case.id)) == 1

    # The tab is lost with it, and the telephone comes back to the page.
    net.deaf = False
    phone.page.get_by_role("button", name="Försök skicka nu").click()
    phone.told("Uppföljningen är registrerad.")
    phone.told("Skickad")
    assert len([path for path in net.sent if path.endswith("/follow-up")]) >= 2
    [held] = goteborg.rows(FollowUp, case_id=case.id)
    assert (held.notes, held.obligation_id) == (WORDS, review.id)
    [form] = goteborg.rows(FilledChecklist, case_id=case.id)
    assert form.sent_on == today() and "EXF" in form.sent_to
    assert goteborg.again(due(goteborg, case, "send_checklist")).ordinal == 2
    assert kept(phone) == []


def test_what_was_typed_is_there_when_the_page_is_opened_again(
    phone: Desk, net: Network, goteborg: World, case: Case
) -> None:
    """The tab was closed before anything was sent; logging out leaves nothing behind."""
    review = due(goteborg, case, "flat_review")
    phone.open(page_of(review))
    fill_in(phone)
    expect(phone.page.locator("[data-draft-sign]")).to_contain_text("sparas")
    phone.page.wait_for_timeout(500)
    phone.page.goto("about:blank")
    phone.open(page_of(review))
    expect(phone.page.locator('[name="notes"]')).to_have_value(WORDS)
    expect(phone.page.locator("[data-draft-sign]")).to_contain_text("är tillbaka")
    expect(phone.page.locator('[name="checklist.condition"][value="worn"]')).to_be_checked()
    assert len(kept(phone)) == 1
    phone.page.get_by_role("button", name="Logga ut").click()
    phone.page.wait_for_load_state()
    phone.page.goto("/")
    assert kept(phone) == []


def test_a_week_without_a_visit_is_told_to_the_landlords_side(
    phone: Desk, net: Network, goteborg: World, case: Case
) -> None:
    """GBG-96; and a refusal comes back with everything that was typed."""
    visit = due(goteborg, case, "home_visit")
    phone.open(page_of(visit))
    phone.choose("outcome", "missed")
    expect(phone.page.locator('[name="heldOn"]')).to_be_hidden()
    phone.told("Exploateringsförvaltningen meddelas")
    phone.choose("missedReason", "other")
    phone.page.get_by_role("button", name="Registrera", exact=True).click()
    expect(phone.page.get_by_role("alert")).to_contain_text("Fyll i fältet")
    assert wrong(phone.page) == []
    phone.choose("missedReason", "did_not_open")
    phone.fill("tried", "Ringde på två gånger och skickade ett sms.")
    phone.page.get_by_role("button", name="Registrera", exact=True).click()
    phone.told("Det är registrerat att det inte blev av.")
    phone.told("Den boende öppnade inte")
    [missed] = goteborg.rows(MissedFollowUp, case_id=case.id)
    assert (missed.outcome, missed.told) == ("missed", ["EXF"]) or "EXF" in missed.told
    assert goteborg.again(visit).state == "missed"
    assert kept(phone) == []
