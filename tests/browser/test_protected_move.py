"""A protected move in a real browser: somebody named, a request opened, a handover told; axe on each page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_browser import CASEWORKER, Desk
from hemvist_desks import looked_at
from hemvist_graphql.ids import global_id
from hemvist_handover import MARKED, agreed
from hemvist_network import Net, new_net
from hemvist_portal.kommuner import kommun_name
from hemvist_world import new_world, peopled

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COORDINATOR, ADMINISTRATOR = "Pernilla Sjögren", "Maria Engström"


@pytest.fixture
def net(platform_address: str) -> Net:
    """Helsingborg and another kommun."""
    here = peopled(get_directory().tenant_id("helsingborg"))
    return new_net("A", "B", services={"B": ("school",)}, worlds={"A": here, "B": new_world()})


def test_named_opened_and_handed_over(chromium: Browser, platform_address: str, net: Net) -> None:
    names = (COORDINATOR, ADMINISTRATOR, CASEWORKER)
    coordinator, administrator, caseworker = (
        Desk(chromium, platform_address, name) for name in names
    )
    coordinator.open("transfers")
    coordinator.told("Du är inte utsedd")
    administrator.open("transfer-function")
    administrator.choose("network", net.content["code"])
    administrator.page.locator('select[name="principalId"]').select_option(label=COORDINATOR)
    administrator.choose("role", "operative")
    administrator.press("Utse")
    looked_at(administrator)

    case = net["A"].case()
    caseworker.open(f"cases/{global_id('Case', case.id)}/transfer")
    looked_at(caseworker)
    caseworker.choose("network", net.content["code"])
    caseworker.choose("services", "school")
    caseworker.press("Förbered begäran")
    caseworker.told("Väntar på funktionen")

    move = agreed(net, "A", "B")
    coordinator.open("transfers")
    looked_at(coordinator)
    coordinator.press("Öppna i nätverket")
    coordinator.told("I nätverket")
    coordinator.press("Börja överlämningen")
    looked_at(coordinator)
    coordinator.told(kommun_name(net.codes["B"]))
    coordinator.page.locator('select[name="principalId"]').select_option(label=CASEWORKER)
    coordinator.press("Utse för överlämningen")

    caseworker.open("handovers")
    looked_at(caseworker)
    caseworker.follow("Hushållet flyttar från oss")
    looked_at(caseworker)
    caseworker.fill("threat", MARKED)
    caseworker.choose("ground", "consent")
    caseworker.fill("consentOn", today().isoformat())
    caseworker.press("Lämna uppgifterna")
    caseworker.told("Uppgifterna är lämnade")
    assert MARKED not in caseworker.page.content()
    assert move.carried() == 1
    for desk in (coordinator, administrator, caseworker):
        desk.close()
