"""Agreements and quotas in a World, made by their services."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hemvist.agreements import quota_terms, service, versions
from hemvist.agreements.models import Agreement, AgreementVersion
from hemvist.identity import Actor
from hemvist_world import World

#: An invented company; its control digit is right.
NUMBER, NAME = "556012-5790", "Exempelbostäder AB"
OFFICER = "property"


def opened(
    world: World, *, starts_on: date, ends_on: date | None = None, **more: Any
) -> tuple[Agreement, AgreementVersion]:
    """An agreement with its first draft."""
    agreement = world.act(
        OFFICER,
        service.open_agreement,
        **{
            "landlord_organisation_number": NUMBER,
            "landlord_name": NAME,
            "kind": "cooperation",
            "title": "Samarbetsavtal",
            "starts_on": starts_on,
            "ends_on": ends_on,
            **more,
        },
    )
    [draft] = [one for one in world.rows(AgreementVersion) if one.agreement_id == agreement.id]
    return agreement, draft


def with_quota(world: World, draft: AgreementVersion, **quota: Any) -> AgreementVersion:
    """A quota put in the draft."""
    added: AgreementVersion = world.act(
        OFFICER,
        quota_terms.add_quota,
        version_id=draft.id,
        expected_version=world.again(draft).version,
        **{"code": "homes", "label": "Lägenheter", "kind": "number", "per": "year", **quota},
    )
    return added


def confirmed(world: World, draft: AgreementVersion, by: Actor | str) -> AgreementVersion:
    """The draft confirmed by another."""
    done: AgreementVersion = world.act(
        by,
        versions.confirm_version,
        version_id=draft.id,
        expected_version=world.again(draft).version,
    )
    return done


def in_force(
    world: World, by: Actor | str, *, starts_on: date, ends_on: date | None = None, **quota: Any
) -> UUID:
    """The id of an agreement in force with one quota."""
    agreement, draft = opened(world, starts_on=starts_on, ends_on=ends_on)
    with_quota(world, draft, **quota)
    confirmed(world, draft, by)
    return agreement.id
