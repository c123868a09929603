"""Who reads as a landlord: the session, the language, and the one door to data, the landlords' API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.requests import Request

from hemvist.identity import authenticate_session
from hemvist.identity.sessions import cookie_name
from hemvist.serving import caller_is
from hemvist_graphql.landlord import execute
from hemvist_portal.documents import LANDLORDS, document
from hemvist_portal.errors import LoginNeeded, Missing
from hemvist_portal.landlord import SLUG
from hemvist_portal.visitor import FLASH, Visitor
from hemvist_portal.wording import language_of
from hemvist_tenants import TenantConfig, login_tenants


@dataclass(slots=True)
class LandlordVisitor(Visitor):
    """One request of somebody who is logged in for a landlord.

    ``kommun`` is the landlords' own file: its name and colours, and no kommun.
    """

    def ask(self, name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The landlords' API's answer to document ``name``."""
        return execute(self.session.actor, document(name, LANDLORDS), variables)

    def framed(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Who reads, for which landlords, and the kommuner in reach.

        ``administrator``: whether the reader keeps the logins of one of the landlords.
        """
        me = data["me"]
        levels = {one["level"] for one in me["landlords"]}
        # One that lets both for itself and for another there has two doors to the same kommun.
        several = len(me["landlords"]) > 1
        return {
            **me,
            "administrator": "administrator" in levels,
            "kommuner": [
                {
                    **one,
                    "label": f"{one['name']} ({one['landlordName']})" if several else one["name"],
                }
                for one in data["kommuner"]
            ],
        }

    def chosen_kommun(self, asked: str) -> str | None:
        """``asked`` (``?kommun=``) where it is written as an id, else None: every kommun."""
        return asked if asked.startswith("Kommun_") else None


@cache
def landlords_config() -> TenantConfig:
    """The landlords' own file. Raises ``Missing`` where no landlord can log in."""
    config = login_tenants().get(SLUG)
    if config is None:
        raise Missing
    return config


def landlord_visitor(request: Request) -> LandlordVisitor:
    """The reader of ``request``. Raises ``LoginNeeded``, ``Missing`` where no landlord can log in."""
    config = landlords_config()
    cookie = request.cookies.get(cookie_name(), "")
    session = authenticate_session(cookie)
    if session is None or session.tenant_slug != SLUG:
        raise LoginNeeded
    caller_is(request.scope, cookie, session.actor.tenant_id, session.actor.principal_id)
    flash = request.cookies.get(FLASH, "")
    return LandlordVisitor(request, SLUG, config, language_of(request), session, flash)
