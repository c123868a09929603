"""Entering a network in the register, and asking what holds in it on a day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hemvist.clock import now, today
from hemvist.errors import NotFound
from hemvist.networks import rules as reading
from hemvist.networks.models import Network
from hemvist.networks.rules import Rules
from hemvist.tenancy import Tenant

#: A network has the same id wherever it is entered, so that messages to it find it.
_SPACE = UUID("0197a000-0000-7000-8000-0000000000fe")


def network_id(code: str) -> UUID:
    """The id of the network ``code``: its tenant's, too."""
    return uuid5(_SPACE, code)


def enter(owner: Connection, content: Mapping[str, Any]) -> UUID:
    """Enter a network, or bring its rules up to date; its id.

    ``owner`` is a connection of the owner's role, whose transaction the caller commits. What has been
    in force stays as it was. Raises ``NetworkRulesError``.
    """
    rules = reading.read(content)
    found = network_id(rules.code)
    earlier = owner.scalar(select(Network.content).where(Network.id == found).with_for_update())
    if earlier is not None:
        reading.require_kept(reading.read(earlier), rules, today())
    owner.execute(
        insert(Tenant)
        .values(
            id=found,
            # Neither is a kommun's: codes are four digits and slugs have no full stop.
            kommun_code=f"network.{rules.code}",
            slug=f"network.{rules.code}",
            name=rules.name,
            created_at=now(),
            kind="network",
        )
        .on_conflict_do_update(index_elements=["id"], set_={"name": rules.name})
    )
    plain = json.loads(json.dumps(content, default=str))
    values = {"code": rules.code, "name": rules.name, "content": plain, "entered_at": now()}
    owner.execute(
        insert(Network)
        .values(id=found, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )
    return found


def rules_of(session: Session, network: UUID) -> Rules:
    """The network's rules. Raises ``NotFound``."""
    content = session.scalar(select(Network.content).where(Network.id == network))
    if content is None:
        raise NotFound("Network")
    return reading.read(content)


def networks(session: Session) -> dict[UUID, Rules]:
    """Every network there is."""
    found = session.execute(select(Network.id, Network.content).order_by(Network.code))
    return {one: reading.read(content) for one, content in found}


def code_of(session: Session, kommun: UUID) -> str:
    """The code of a kommun by its tenant's id. Raises ``NotFound``."""
    found = session.scalar(
        select(Tenant.kommun_code).where(Tenant.id == kommun, Tenant.kind == "kommun")
    )
    if found is None:
        raise NotFound("Tenant")
    return found


def tenants_of(session: Session, rules: Rules, day: date) -> dict[str, UUID]:
    """The members on ``day`` that are active tenants here: their ids by code."""
    codes = [member.kommun for member in rules.members_on(day) if not member.function_address]
    found = session.execute(
        select(Tenant.kommun_code, Tenant.id).where(
            Tenant.kommun_code.in_(codes), Tenant.kind == "kommun", Tenant.status == "active"
        )
    )
    return dict(found.tuples().all())
