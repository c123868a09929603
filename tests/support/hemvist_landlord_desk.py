"""A landlord's people at their browsers, and kommuner that have opened their doors for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser
from sqlalchemy import update

from hemvist.clock import now
from hemvist.contact_cards import service as contact_cards
from hemvist.identity import get_directory
from hemvist.landlords.models import LandlordMember
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_browser import Desk
from hemvist_landlords import administrator, opened, organisation_number
from hemvist_login import session_cookie
from hemvist_world import World, peopled

VERA = "Vera Nyström"
CARDS = {
    "karlstad": {"name": "Boendestöd", "phone": "054-540 00 00"},
    "vasteras": {"name": "Bostadssamordningen", "phone": "021-39 00 00"},
}


@dataclass(frozen=True)
class Opened:
    """The kommuner by slug, and the landlord that they have let in."""

    worlds: dict[str, World]
    landlord_id: UUID
    number: str


def doors_opened() -> Opened:
    """Karlstad and Västerås let a landlord in, whose administrator is Vera; both say whom to call.

    It is the only one that she acts for from now on: of two, her pages would name theirs with every
    kommun. Needs a served platform.
    """
    directory, number = get_directory(), organisation_number()
    _, _, session = session_cookie("hyresvard", "vera.nystrom")
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, session.actor.principal_id) as before:
        before.execute(
            update(LandlordMember)
            .where(
                LandlordMember.principal_id == session.actor.principal_id,
                LandlordMember.status == "active",
            )
            .values(status="ended", ended_at=now(), email_sealed=None)
        )
    worlds = {slug: peopled(directory.tenant_id(slug)) for slug in CARDS}
    landlord_id, _ = (opened(world.tenant_id, number) for world in worlds.values())
    administrator(worlds["karlstad"].tenant_id, landlord_id, who=session.actor)
    for slug, card in CARDS.items():
        worlds[slug].act(
            "property",
            contact_cards.add,
            **card,
            position=1,
            matters="Lediga bostäder, störningar och frågor om kontrakt",
            hours="Vardagar 8–16",
        )
    return Opened(worlds, landlord_id, number)


def landlord_desk(browser: Browser, address: str, person: str = VERA, **more: Any) -> Desk:
    """Somebody of a landlord's at a browser."""
    return Desk(browser, address, person, slug="hyresvard", home="start", **more)
