"""Somebody else was first: the form is refused, says why, and what was written in it is still there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.appeals import service as appeals
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.db import Audience
from hemvist.decisions import service as decisions
from hemvist.guarantees import claims
from hemvist.identity import get_directory
from hemvist.offers import service as offers
from hemvist.policy import add_days, add_months
from hemvist.takeovers import absences, watching
from hemvist.takeovers import service as takeovers
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import tenant_session
from hemvist_goteborg import MANAGED, answer, housed, housing_first
from hemvist_graphql.ids import global_id
from hemvist_guarantees import OTHER, RENT, claim, guaranteed
from hemvist_visits import Visit
from hemvist_world import World, caseworker_of, manager_of, peopled

LogIn = Callable[..., Visit]
#: What somebody wrote with care, with signs that HTML escapes.
WRITTEN = 'Långt till "barnens" skola & <inga> bussar\nefter kl. 18.'
DAY = today() - timedelta(days=40)
ON = {"on": str(DAY + timedelta(days=1))}
CASEWORKER, MANAGER = caseworker_of("SOF-VUX"), manager_of("SOF-VUX")
#: What the other did first, the page's address, the form that came too late, and its fields.
Late = tuple[str, str, int, dict[str, str]]


@pytest.fixture
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"), ["SOF-VUX"])


def place(row: Any, kind: str) -> str:
    return f"{kind}/{global_id(type(row).__name__, row.id)}"


def by(world: World, who: str, verb: Callable[..., Any], row: Any, **words: Any) -> None:
    """Somebody else acts on the row, at the version that both have seen."""
    name = "claim" if type(row).__name__ == "GuaranteeClaim" else type(row).__name__.lower()
    world.act(who, verb, **{f"{name}_id": row.id}, expected_version=row.version, **words)


def an_offer(world: World) -> Late:
    offer = world.offer(world.registered(world.case()))
    by(world, "property", offers.withdraw, offer, reason="Vattenskada.", on=DAY)
    path = place(offer, "offers")
    return (
        "aida.lindqvist",
        f"{path}/decline",
        offer.version,
        {"code": "unsuitable_area", "reason": WRITTEN, **ON},
    )


def a_proposal(world: World) -> Late:
    proposal = world.propose(world.case())
    by(world, MANAGER, decisions.decide, proposal, on=DAY)
    return (
        "bengt.sandell",
        f"{place(proposal, 'decisions')}/return",
        proposal.version,
        {"reason": WRITTEN, **ON},
    )


def an_appeal(world: World) -> Late:
    words = {"outcome": "refused", "departure_reason": "Avslag efter samlad bedömning."}
    decision = world.grant(world.case(), **words)
    words = {"how": "letter", "asks": "Vill ha en lägenhet.", "received_on": DAY}
    appeal = world.act(CASEWORKER, appeals.receive, decision_id=decision.id, **words)
    by(world, CASEWORKER, appeals.withdraw, appeal, on=DAY)
    fields = {"dismissalReason": WRITTEN, **ON}
    return "bengt.sandell", f"{place(appeal, 'appeals')}/judge", appeal.version, fields


def a_contract(world: World) -> Late:
    case = world.case()
    contract = world.contract(world.accepted(case, world.registered(case)))
    by(world, "property", ending.end, contract, reason="agreement", ended_on=DAY)
    fields = {"givenBy": "tenant", "givenOn": str(DAY), "wentOnBecause": WRITTEN}
    return "ingrid.falk", f"{place(contract, 'contracts')}/act/notice", contract.version, fields


def a_claim(world: World) -> Late:
    guarantee = guaranteed(world)
    row = claim(world, guarantee, received_on=DAY)
    words = {"outcome": "approved", "approved_ore": RENT, "motivation": "Obetald.", "on": DAY}
    by(world, OTHER, claims.decide_claim, row, **words)
    fields = {
        "of": global_id("GuaranteeClaim", row.id),
        "outcome": "refused",
        "motivation": WRITTEN,
    }
    return "ingrid.falk", f"{place(guarantee, 'guarantees')}/decide", row.version, {**fields, **ON}


@pytest.mark.parametrize("late", [an_offer, a_proposal, an_appeal, a_contract, a_claim])
def test_what_was_written_is_still_there(
    world: World, visit: LogIn, late: Callable[[World], Late]
) -> None:
    who, path, version, fields = late(world)
    status, page, _ = visit(who).post(
        f"/helsingborg/{path}", expectedVersion=str(version), **fields
    )
    kept(status, page)


def kept(status: int, page: str) -> None:
    """The page says that somebody else was first, and holds every word."""
    assert status == 409, page
    main = page.split("<main")[1]
    said = main.split('id="problems"')[1].split("</div>\n")[0]
    assert "Någon annan har ändrat detta sedan du öppnade det." in said
    assert unescape(main).count(WRITTEN) == 1


def test_a_takeover_answered_meanwhile(portal: FastAPI, visit: LogIn) -> None:
    world = housing_first(get_directory().tenant_id("goteborg"))
    case, _ = housed(world, add_days(add_months(today(), -18), -12))
    answer(world, case, **MANAGED)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    [takeover] = world.rows(Takeover, case_id=case.id)
    world.act("property", absences.state_no_absence, takeover_id=takeover.id)
    by(world, "property", takeovers.request, takeover)
    asked = world.again(takeover)
    by(world, "property", takeovers.answer, asked, agrees=True)
    path = f"/goteborg/{place(takeover, 'takeovers')}/answer"
    words = {"agrees": "no", "reason": WRITTEN, "on": str(today())}
    status, page, _ = visit("jorge.lindh", "goteborg").post(
        path, expectedVersion=str(asked.version), **words
    )
    kept(status, page)


def test_in_english_too(world: World, visit: LogIn) -> None:
    who, path, version, fields = an_offer(world)
    reader = visit(who)
    reader.headers = {"Accept-Language": "en"}
    _, page, _ = reader.post(f"/helsingborg/{path}", expectedVersion=str(version), **fields)
    assert "What you wrote has not been saved, but it is not lost:" in page
    assert "<dt>In your own words</dt>" in page, page.split('id="problems"')[1][:1500]


def test_a_form_that_is_still_there_holds_its_own_words(world: World, visit: LogIn) -> None:
    """Nothing is said twice where the field is on the page."""
    offer = world.offer(world.registered(world.case()))
    path = f"/helsingborg/{place(offer, 'offers')}/decline"
    fields = {"code": "unsuitable_area", "reason": WRITTEN, **ON}
    status, page, _ = visit("aida.lindqvist").post(path, expectedVersion="99", **fields)
    kept(status, page)
    assert "Dina uppgifter står kvar här." in page and "inte borta:" not in page
