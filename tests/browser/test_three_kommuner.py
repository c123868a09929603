"""An acute move between three kommuner, as each one's people carry it out on their own pages.

Karlstad has a household that must leave at once, Norrköping says no, Helsingborg takes it in. After every
step all that each of them can open is searched for the others. The case's caseworker in Karlstad is
named for nothing: a colleague hands over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.handovers import running
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.handovers.models import Handover
from hemvist.households.models import Household
from hemvist.identity import Membership, Role, get_directory
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.units.models import Unit
from hemvist_browser import Desk
from hemvist_desks import desk_of, looked_at, read_of
from hemvist_graphql.ids import global_id
from hemvist_handover import Agreed
from hemvist_landlords import administrator, opened, organisation_number
from hemvist_network import Net, new_net, peopled_function
from hemvist_portal.handover_words import HANDOVER_LABELS
from hemvist_portal.kommuner import kommun_name
from hemvist_portal.landlord.menu import MENU
from hemvist_world import World, adult, caseworker_of, manager_of, peopled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORIGIN, REFUSES, TAKES = "origin", "refuses", "takes"
SLUGS = {ORIGIN: "karlstad", REFUSES: "norrkoping", TAKES: "helsingborg"}
#: Who refers and who lets in each.
OFFICES = {ORIGIN: ("ASF", "BG"), REFUSES: ("SOC", "BS"), TAKES: ("SOF-VUX", "FF")}
#: The two of each function: who opens and offers, and who answers.
FIRST, SECOND = "Tora Ask", "Ulf Berg"
HANDS_OVER = "Sara Holm"
MARKED = "Ring aldrig före nio, Märkta"
NAMES = ("Märit", "Markerad")
PLACES = ("today", "notices", "transfers", "handovers")


@dataclass
class Offices:
    """Everybody's browsers, and what nobody may read in them yet."""

    browser: Browser
    address: str
    net: Net
    stack: ExitStack
    #: By kommun, each with the pages of its own that the search begins at, beside the usual.
    desks: dict[str, dict[str, Desk]] = field(default_factory=dict)
    pages: dict[str, list[str]] = field(default_factory=dict)

    def desk(self, name: str, who: str) -> Desk:
        """Somebody's browser; opened once."""
        known = self.desks.setdefault(name, {})
        if who not in known:
            made = desk_of(self.browser, self.address, SLUGS[name], self.net[name][who])
            self.stack.callback(made.close)
            known[who] = made
        return known[who]

    def words(self, *names: str) -> list[str]:
        """What tells of these kommuner: their names and their ids."""
        net = self.net
        told = [(kommun_name(net.codes[name]), str(net[name].tenant_id)) for name in names]
        return [word for pair in told for word in pair]

    def nobody_knows(self, *, but: tuple[tuple[str, str], ...] = ()) -> None:
        """Nobody but these reads of another kommun, wherever the links of their pages lead."""
        for name, people in self.desks.items():
            others = self.words(*(other for other in SLUGS if other != name))
            starts = [*PLACES, *self.pages.get(name, ())]
            for who, desk in people.items():
                if (name, who) not in but:
                    assert read_of(desk, others, starts, below=starts) == [], (name, who)


@pytest.fixture
def net(platform_address: str) -> Net:
    """Three kommuner with schools, and two named people in each."""
    worlds: dict[str, World] = {}
    for name, slug in SLUGS.items():
        refers, lets = OFFICES[name]
        worlds[name] = peopled(get_directory().tenant_id(slug), [refers])
        worlds[name].add("property", Membership(Role.PROPERTY_OFFICER, lets))
    services = dict.fromkeys(SLUGS, ("school",))
    made = new_net(*SLUGS, services=services, worlds=worlds, named=False)
    for world in worlds.values():
        peopled_function(world, made.id, (FIRST, SECOND))
    worlds[ORIGIN].add(HANDS_OVER, Membership(Role.CASEWORKER, OFFICES[ORIGIN][0]))
    return made


@pytest.fixture
def offices(chromium: Browser, platform_address: str, net: Net) -> Iterator[Offices]:
    with ExitStack() as stack:
        yield Offices(chromium, platform_address, net, stack)


def offered(desk: Desk, unit: Unit) -> None:
    """A flat promised to the network."""
    desk.open("transfers")
    desk.page.locator("#offer > summary").click()
    desk.choose("unitId", global_id("Unit", unit.id))
    desk.fill("lastOn", (today() + timedelta(days=60)).isoformat())
    desk.press("Erbjud")
    desk.told(unit.street_address)


def answered(desk: Desk, words: str, because: str = "") -> None:
    """The only proposal is on the day's list, and answered."""
    desk.open("today")
    desk.told("Förslag om skyddad flytt att svara på")
    looked_at(desk, f"moves-today-{desk.slug}")
    desk.open("transfers")
    looked_at(desk, f"moves-answer-{desk.slug}")
    if because:
        desk.page.locator("summary").filter(has_text="Svara nej").click()
        form = desk.page.locator('form[action$="/refuse"]')
        form.locator("select").select_option(because)
    desk.press(words)


def begun(desk: Desk, other: str, names: str) -> str:
    """The handover begun on one side, and its handler named; its page."""
    desk.open("transfers")
    desk.press("Börja överlämningen")
    desk.told(other)
    desk.page.locator('select[name="principalId"]').select_option(label=names)
    desk.press("Utse för överlämningen")
    looked_at(desk, f"moves-begun-{desk.slug}")
    return desk.path


def settled(desk: Desk, page: str, item: str) -> None:
    """A line of the checklist is done."""
    desk.open(page)
    line = desk.page.locator(f'form[action$="/items/{item}"]')
    desk.page.get_by_text(f"Ändra {HANDOVER_LABELS['handover_item'][item]}").click()
    line.locator('input[name="state"][value="done"]').check()
    line.get_by_role("button", name="Spara").click()
    desk.page.wait_for_load_state()


def asked_for(offices: Offices) -> Case:
    """Registered in the origin, and her caseworker says what she needs elsewhere."""
    world, department = offices.net[ORIGIN], OFFICES[ORIGIN][0]
    there = {"registered_kommun": offices.net.codes[ORIGIN], "family_name": NAMES[1]}
    household = world.household(adult(given_name=NAMES[0], **there), department=department)
    given = {"household_id": household.id, "department": department, "opened_on": today()}
    case: Case = world.act(caseworker_of(department), cases.open_case, **given)
    own = f"cases/{global_id('Case', case.id)}"
    offices.pages[ORIGIN] = [own]
    caseworker = offices.desk(ORIGIN, caseworker_of(department))
    caseworker.open(f"{own}/transfer")
    caseworker.choose("network", offices.net.content["code"])
    caseworker.choose("urgency", "acute")
    caseworker.fill("minRooms", "2")
    caseworker.fill("maxExtraRooms", "1")
    caseworker.choose("services", "school")
    looked_at(caseworker, "moves-prepare")
    caseworker.press("Förbered begäran")
    caseworker.told("Väntar på funktionen")
    looked_at(caseworker, "moves-prepared")
    return case


def test_from_a_threat_to_follow_ups_in_a_new_home(offices: Offices) -> None:
    net, desk = offices.net, offices.desk
    origin, refuses, takes = net[ORIGIN], net[REFUSES], net[TAKES]
    leaves, comes = (caseworker_of(OFFICES[name][0]) for name in (ORIGIN, TAKES))
    number = organisation_number()
    landlord = administrator(takes.tenant_id, opened(takes.tenant_id, number))
    # The one in the third kommun has a room too many, so it comes second.
    flat = takes.unit(rooms=3, landlord_organisation_number=number)
    offered(desk(REFUSES, FIRST), refuses.unit(rooms=2))
    offered(desk(TAKES, FIRST), flat)
    looked_at(desk(TAKES, FIRST), "moves-offered")
    net.run()

    case = asked_for(offices)
    desk(ORIGIN, leaves).open("transfers")
    desk(ORIGIN, leaves).told("Du är inte utsedd")
    opens = desk(ORIGIN, FIRST)
    opens.open("transfers")
    opens.told("0 begäranden väntar på förslag")
    opens.press("Öppna i nätverket")
    opens.told("1 begäran väntar på förslag")
    looked_at(opens, "moves-opened")
    # It waits for no round.
    net.run()
    opens.open("transfers")
    opens.told("0 begäranden väntar på förslag")
    for name in (ORIGIN, REFUSES, TAKES):
        for who in (SECOND, caseworker_of(OFFICES[name][0]), manager_of(OFFICES[name][0])):
            desk(name, who)
    desk(TAKES, "property")
    offices.nobody_knows()

    # The first says no, and the network has another at once.
    answered(desk(REFUSES, SECOND), "Svara nej", "capacity")
    net.run()
    offices.nobody_knows()
    answered(desk(TAKES, SECOND), "Svara ja")
    desk(TAKES, SECOND).told("Väntar på den andra kommunen")
    net.run()
    offices.nobody_knows()
    answered(desk(ORIGIN, SECOND), "Svara ja")
    net.run()

    # Both have said yes; who it is, only they are told who are named for the handover.
    offices.nobody_knows()
    names = {name: kommun_name(code) for name, code in net.codes.items()}
    begun(desk(ORIGIN, FIRST), names[TAKES], HANDS_OVER)
    coming = begun(desk(TAKES, FIRST), names[ORIGIN], comes)
    named = ((ORIGIN, FIRST), (ORIGIN, HANDS_OVER), (TAKES, FIRST), (TAKES, comes))
    offices.nobody_knows(but=named)

    # Told once, sealed, opened and registered under another alias.
    tells = desk(ORIGIN, HANDS_OVER)
    tells.open("handovers")
    tells.follow("Hushållet flyttar från oss")
    tells.told(names[TAKES])
    looked_at(tells, "moves-tell")
    tells.fill("threat", MARKED)
    tells.choose("ground", "osl_10_2")
    tells.press("Lämna uppgifterna")
    tells.told("Uppgifterna är lämnade")
    assert MARKED not in tells.page.content()
    assert running.run(origin.tenant_id) == 1
    takes.case()
    receives = desk(TAKES, comes)
    receives.open("today")
    receives.follow("Öppna uppgifterna om hushållet")
    looked_at(receives, "moves-arrived")
    receives.press("Öppna uppgifterna")
    receives.told(MARKED)
    looked_at(receives, "moves-opened-parcel")
    receives.press("Registrera hushållet")
    receives.told("under ett nytt alias")
    looked_at(receives, "moves-taken-in")
    (taken,) = [one for one in takes.rows(Handover) if global_id("Handover", one.id) in coming]
    there = f"cases/{global_id('Case', taken.case_id)}"
    offices.pages[TAKES] = [there]
    (before,) = origin.rows(Household, id=case.household_id)
    (after,) = takes.rows(Household, id=takes.rows(Case, id=taken.case_id)[0].household_id)
    receives.open(there)
    receives.told(after.alias)
    assert before.alias != after.alias
    offices.nobody_knows(but=named)

    # The case goes its ordinary way there, and with the decision its follow-ups begin.
    (request,) = origin.rows(TransferRequest, case_id=case.id)
    (offer,) = takes.rows(TransferOffer, unit_id=flat.id)
    slips = {
        name: net.proposal(name, network_id=net.id, state="agreed").slip for name in (ORIGIN, TAKES)
    }
    Agreed(net, ORIGIN, TAKES, request, offer, slips).housed()
    for item in BEFORE_MOVING_IN:
        settled(receives, coming, item)
    looked_at(receives, "moves-checked")
    finishes = desk(TAKES, FIRST)
    finishes.open(coming)
    finishes.press("Hushållet har flyttat in")
    finishes.told("Flytten är gjord")
    looked_at(finishes, "moves-moved")
    net.run()
    for world in (origin, takes):
        running.run(world.tenant_id)
    due = takes.rows(Obligation, case_id=taken.case_id, code="first_follow_up", state="open")
    receives.open(there)
    receives.told("Första uppföljningen i boendet")
    receives.open(f"obligations/{global_id('Obligation', due[0].id)}/follow-up")
    looked_at(receives, "moves-follow-up")

    # Whoever works with her case in the origin reads that she has moved, and nowhere where to.
    offices.nobody_knows(but=named)
    desk(ORIGIN, leaves).open(f"cases/{global_id('Case', case.id)}/transfer")
    desk(ORIGIN, leaves).told(f"flyttade {today().isoformat()}")
    looked_at(desk(ORIGIN, leaves), "moves-origin-after")
    hidden = [*offices.words(ORIGIN, REFUSES), MARKED, *NAMES, before.alias, after.alias]
    agent = desk_of(offices.browser, offices.address, "hyresvard", landlord.actor, home="start")
    offices.stack.callback(agent.close)
    places = [place.path for group in MENU for place in group.places]
    assert read_of(agent, hidden, places) == []
    assert read_of(agent, [flat.street_address], places) != []
