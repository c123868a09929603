"""Handovers on pages: begun by the function, told by the caseworker, taken in, and moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from hemvist.clock import today
from hemvist.identity import Membership, Role, get_directory
from hemvist.identity.models import Principal
from hemvist.transfers import functions
from hemvist_graphql.ids import global_id
from hemvist_handover import MARKED, Agreed, agreed
from hemvist_network import ADMIN, Net, new_net
from hemvist_portal.kommuner import kommun_name
from hemvist_portal.routes.handovers import FIRST
from hemvist_visits import Visit, version_of
from hemvist_world import new_world, peopled

SLUG = "helsingborg"
LIST = f"/{SLUG}/handovers"


@pytest.fixture
def net(portal: FastAPI) -> Net:
    """Helsingborg and another kommun."""
    here = peopled(get_directory().tenant_id(SLUG))
    return new_net("A", "B", worlds={"A": here, "B": new_world()})


@pytest.fixture
def kim(net: Net, somebody: Callable[..., Visit]) -> Visit:
    """Somebody named in Helsingborg's function."""
    visit = somebody("Kim Ek", Membership(Role.TRANSFER_COORDINATOR))
    net["A"].act(
        ADMIN,
        functions.name_person,
        network_id=net.id,
        principal_id=principal(net, "Kim Ek"),
        role="operative",
    )
    return visit


def principal(net: Net, name: str) -> UUID:
    """Who has logged in by this name."""
    asked = select(Principal.id).where(
        Principal.display_name == name, Principal.issuer != "https://issuer.test"
    )
    with net["A"].session() as session:
        return session.scalars(asked).one()


def begun(kim: Visit, net: Net, move: Agreed) -> str:
    """The address of the handover that Kim begins."""
    proposal = global_id("TransferProposal", move.proposal("A").id)
    page = re.sub(r"<datalist.*?</datalist>", "", kim.get(f"/{SLUG}/transfers")[1], flags=re.S)
    assert "Båda har sagt ja" in page and f">{kommun_name(net.codes['B'])}<" not in page
    path = f"/{SLUG}/transfers/{proposal}/hand-over"
    assert path in page
    status, _, place = kim.post(path)
    assert status == 303 and place.startswith(f"{LIST}/Handover_")
    return place


def name_aida(kim: Visit, place: str) -> None:
    """Kim names the household's caseworker."""
    chosen = re.search(r'value="(Principal_[0-9a-f]+)"[^>]*>Aida Lindqvist<', kim.get(place)[1])
    assert chosen
    assert kim.post(f"{place}/name", principalId=chosen[1])[0] == 303


def test_a_household_that_leaves(
    net: Net, kim: Visit, visit: Callable[..., Visit], somebody: Callable[..., Visit]
) -> None:
    aida = visit("aida.lindqvist")
    move = agreed(net, "A", "B")
    assert "Börja överlämningen" in kim.get(f"/{SLUG}/today")[1]
    place = begun(kim, net, move)
    page = kim.get(f"/{SLUG}/transfers")[1]
    assert "Överlämningen har börjat." in page and "Börja överlämningen" not in page
    assert "Du är inte utsedd" in aida.get(LIST)[1] and aida.get(place)[0] == 404
    name_aida(kim, place)
    assert "Hushållet flyttar från oss" in aida.get(LIST)[1]
    page = aida.get(place)[1]
    assert f">{kommun_name(net.codes['B'])}<" in page and "Lämna uppgifterna" in page

    told = {"threat": MARKED, "ground": "consent", "expectedVersion": version_of(page, "/send")}
    status, page, _ = aida.post(f"{place}/send", **told)
    assert status == 422 and MARKED in page
    assert aida.post(f"{place}/send", **told, consentOn=str(today()))[0] == 303
    page = aida.get(place)[1]
    assert "Uppgifterna är lämnade" in page and MARKED not in page

    given = {"state": "done", "note": "Klart med rektorn.", "expectedVersion": "1"}
    assert aida.post(f"{place}/items/school", **given)[0] == 303
    assert "Klart med rektorn." in aida.get(place)[1]
    assert aida.post(f"{place}/items/nonsense", **given)[0] == 404
    assert aida.post(f"{place}/nonsense")[0] == 404

    colleague = somebody("Mio Dal", Membership(Role.CASEWORKER, "SOF-VUX"))
    assert colleague.get(place)[0] == 404
    assert colleague.post(f"{place}/items/school", **given)[0] == 404


def test_a_household_that_comes(net: Net, kim: Visit, visit: Callable[..., Visit]) -> None:
    aida = visit("aida.lindqvist")
    move = agreed(net, "B", "A")
    place = begun(kim, net, move)
    name_aida(kim, place)
    page = aida.get(place)[1]
    assert "Väntar på uppgifterna" in page and "Det vi har fått veta" not in page
    assert "har inte lämnat uppgifterna än" in page and f"{place}/open" not in page
    status, page, _ = aida.post(f"{place}/open")
    assert status == 409 and "Inga uppgifter har kommit än." in page

    move.begin("B")
    move.send()
    move.carried()
    page = aida.get(f"/{SLUG}/today")[1]
    assert "Öppna uppgifterna om hushållet" in page and f'href="{place}"' in page
    assert aida.post(f"{place}/open")[0] == 303
    page = aida.get(place)[1]
    assert "Det vi har fått veta" in page and MARKED in page
    # Whoever is in the function and not a caseworker registers nobody.
    assert "En utsedd handläggare registrerar hushållet." in kim.get(place)[1]
    given = {"department": "SOF-VUX", "expectedVersion": version_of(page, "/take-in")}
    assert aida.post(f"{place}/take-in", **given)[0] == 303
    assert "Hushållet är registrerat här" in aida.get(place)[1]

    page = kim.get(place)[1]
    given = {"on": str(today()), "expectedVersion": version_of(page, "/moved")}
    status, page, _ = kim.post(f"{place}/moved", **given)
    assert status == 409 and "klart före inflyttning" in page
    for item in FIRST:
        done = {"state": "done", "expectedVersion": "1"}
        assert aida.post(f"{place}/items/{item}", **done)[0] == 303
    assert kim.post(f"{place}/moved", **given)[0] == 303
    assert "Flytten är gjord" in kim.get(place)[1]

    chosen = global_id("Principal", principal(net, "Aida Lindqvist"))
    assert kim.post(f"{place}/end-handler", principalId=chosen)[0] == 303
    assert aida.get(place)[0] == 404
