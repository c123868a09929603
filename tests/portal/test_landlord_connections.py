"""Mails and connections, as a landlord's people set them up in the portal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from hemvist.identity import get_directory
from hemvist.landlord_mails.service import wish_of
from hemvist.landlords.session import landlord_session
from hemvist.webhooks.landlord_views import ENDPOINTS
from hemvist_landlords import Member, administrator, agent, opened, organisation_number
from hemvist_login import session_cookie
from hemvist_receiver import Receiver, receiver
from hemvist_told_landlords import Told, deliveries, platform_session
from hemvist_visits import Visit
from hemvist_workers import webhooks

LogIn = Callable[..., Visit]
AT = "/hyresvard/connections"


@dataclass(frozen=True)
class Firm:
    """Vera's landlord, and Olle who acts for it without keeping its logins."""

    told: Told
    vera: Member
    olle: Member


@pytest.fixture(scope="module")
def firm(portal: FastAPI) -> Firm:
    """Doors open in two kommuner."""
    directory, number = get_directory(), organisation_number()
    _, _, session = session_cookie("hyresvard", "vera.nystrom")
    karlstad, vasteras = (directory.tenant_id(slug) for slug in ("karlstad", "vasteras"))
    landlord = opened(karlstad, number)
    opened(vasteras, number)
    vera = administrator(karlstad, landlord, who=session.actor)
    other = administrator(karlstad, landlord, "Adam Ek")
    return Firm(Told(landlord, number, karlstad, vasteras, vera, other), vera, agent(vera, other))


@pytest.fixture
def there() -> Iterator[Receiver]:
    """The landlord's own system."""
    with receiver() as running:
        yield running


def own_endpoints(firm: Firm) -> list[UUID]:
    """The endpoints that Vera sees."""
    with landlord_session(firm.vera.principal_id) as session:
        return list(session.scalars(select(ENDPOINTS.c.id).order_by(ENDPOINTS.c.made_at)))


def test_one_chooses_which_mails_one_gets(firm: Firm, visit: LogIn) -> None:
    vera = visit("vera.nystrom", "hyresvard")
    status, page = vera.get(AT)
    assert status == 200 and page.count(" checked") == 2
    choice = re.search(r'name="mailChoiceId" value="(\w+)"', page)
    assert choice
    fields = {"mailChoiceId": choice[1], "idempotencyKey": vera.key(page)}
    status, _, leads = vera.post(f"{AT}/mails", atOnce="true", expectedVersion="0", **fields)
    assert (status, leads) == (303, AT)
    with platform_session() as session:
        wish = wish_of(session, firm.vera.principal_id)
    assert (wish.at_once, wish.daily) == (True, False)
    # From a page of before: refused, and nothing is changed.
    status, page, _ = vera.post(
        f"{AT}/mails", expectedVersion="0", mailChoiceId=choice[1], idempotencyKey="other"
    )
    assert status == 409 and page.count(" checked") == 0
    with platform_session() as session:
        assert wish_of(session, firm.vera.principal_id).at_once


def test_a_connection_is_made_tried_renewed_and_taken_away(
    firm: Firm, visit: LogIn, there: Receiver
) -> None:
    vera = visit("vera.nystrom", "hyresvard")
    status, page = vera.get(f"{AT}/new")
    landlord = re.search(r'name="landlordId" value="(\w+)"', page)
    assert status == 200 and landlord
    fields = {
        "landlordId": landlord[1],
        "name": "Fastighetssystemet",
        "types": ["offer.made", "report.feedback"],
        "idempotencyKey": vera.key(page),
    }
    status, page, _ = vera.post(f"{AT}/new", url="ftp://there", **fields)
    assert status == 422 and 'value="ftp://there"' in page and page.count(" checked") == 2
    status, page, _ = vera.post(f"{AT}/new", url=there.url(), **fields)
    secret = re.search(r"whsec_[\w+/=]+", page)
    assert status == 200 and secret
    # The very same again, as by a browser that lost the answer: the same, and no second one.
    assert secret[0] in vera.post(f"{AT}/new", url=there.url(), **fields)[1]
    (endpoint,) = own_endpoints(firm)
    here = f"{AT}/WebhookEndpoint_{endpoint.hex}"
    status, page = vera.get(here)
    assert status == 200 and "Inget har skickats" in page and "whsec_" not in page
    assert "Fastighetssystemet" in vera.get(AT)[1]
    fresh = {"idempotencyKey": vera.key(page)}
    assert vera.post(f"{here}/acts", act="test", expectedVersion="1", **fresh)[0] == 303
    firm.told.happen("offer.made")
    firm.told.happen("report.feedback", kommun=firm.told.two)
    assert webhooks.deliver(endpoint) == 3
    page = vera.get(here)[1]
    assert "Provmeddelande" in page and page.count("Mottaget") == 3
    assert "Karlstad" in page and "Västerås" in page
    sent = deliveries(endpoint)[0]
    again = f"WebhookDelivery_{sent.id.hex}"
    fresh = {"idempotencyKey": vera.key(page)}
    assert vera.post(f"{here}/acts", act="again", deliveryId=again, **fresh)[0] == 303
    assert webhooks.deliver(endpoint) == 1
    status, page, _ = vera.post(f"{here}/since", since="2026-01-01", sinceTime="25:00")
    assert status == 422 and "TT:MM" in page
    status, page, _ = vera.post(
        f"{here}/acts", act="secret", expectedVersion="1", idempotencyKey="new secret"
    )
    renewed = re.search(r"whsec_[\w+/=]+", page)
    assert status == 200 and renewed and renewed[0] != secret[0]
    status, _, leads = vera.post(
        f"{here}/acts", act="remove", expectedVersion="2", idempotencyKey="away"
    )
    assert (status, leads) == (303, AT)
    assert vera.get(here)[0] == 404 and own_endpoints(firm) == []


def test_who_does_not_keep_the_logins_sees_no_connection(firm: Firm, there: Receiver) -> None:
    endpoint = firm.told.endpoint(there.url())
    assert endpoint in own_endpoints(firm)
    with landlord_session(firm.olle.principal_id) as session:
        assert session.scalars(select(ENDPOINTS.c.id)).all() == []
