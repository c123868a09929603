"""A kommun in which every table has a row of one landlord, and those who would like to see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from hemvist.dealings.names import NAME_FIELD
from hemvist.identity import Actor
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_graphql.ids import parse_global_id
from hemvist_landlord_attack import Words, crawled, ids_in, words_of
from hemvist_landlords import (
    administrator,
    agent,
    district,
    opened,
    organisation_number,
    shut,
    somebody,
)
from hemvist_rows import fill, owner_engine, set_context
from hemvist_testing import new_tenant


@dataclass(frozen=True)
class Town:
    """A kommun full of rows of one landlord, and those who ask."""

    tenant_id: UUID
    landlord_id: UUID
    #: Whose it all is; of the other landlord; of the same with a district in which nothing lies.
    owner: Actor
    other: Actor
    narrow: Actor
    nobody: Actor
    #: By table, the row's id.
    rows: dict[str, UUID]
    words: Words
    #: Every global id that the owner can see, by type.
    ids: dict[str, list[str]]


#: A name that its landlord has been told, in the made-up kommun.
NAME = "Märta Markerad"


def name_told(tenant_id: UUID) -> None:
    """Let the made-up disclosure hold a name that can be opened."""
    with owner_engine().begin() as connection:
        set_context(connection, tenant_id)
        connection.exec_driver_sql(
            "UPDATE landlord_disclosures SET sealed_name = %s WHERE tenant_id = %s",
            (tenant_keys(tenant_id).seal(NAME_FIELD, NAME), tenant_id),
        )


def made_town(owner: Actor | None = None, other: Actor | None = None) -> Town:
    """The kommun, and a second one of the other landlord's. ``owner`` and ``other`` may be people who
    log in. Needs the fixture ``database``."""
    kommun, second = new_tenant(), new_tenant()
    number, other_number = organisation_number(), organisation_number()
    elsewhere = new_tenant()
    # Known here by a third kommun, so that the made-up rows can be of them.
    landlord_id, other_id = (
        opened(elsewhere, number, "Den ena AB"),
        opened(elsewhere, other_number, "Den andra AB"),
    )
    for known in (landlord_id, other_id):
        shut(elsewhere, known)
    rows = fill(kommun, landlord_id)
    words = words_of(kommun)
    fill(second, other_id)
    fill(PLATFORM_TENANT, landlord_id)
    name_told(kommun)
    name_told(second)
    for tenant_id in (kommun, second):
        with owner_engine().begin() as connection:
            set_context(connection, tenant_id)
            connection.exec_driver_sql(
                "UPDATE landlord_access SET status = 'open' WHERE tenant_id = %s", (tenant_id,)
            )
    opened(kommun, other_number)
    one, two = (
        administrator(kommun, landlord_id, who=who)
        for who in (owner or somebody("Ett Ägare"), somebody("Två Ägare"))
    )
    another = administrator(kommun, other_id, who=other or somebody("Annan Ägare"))
    away = district(one, "Tomt distrikt", kommun, "Ingenting 1:1")
    narrow = agent(one, two, "Smal Uthyrare", districts=[away])
    ids: dict[str, list[str]] = defaultdict(list)
    for row_id in sorted(ids_in(crawled(one.actor))):
        parsed = parse_global_id(row_id)
        assert parsed is not None
        ids[parsed[0]].append(row_id)
    return Town(
        kommun,
        landlord_id,
        one.actor,
        another.actor,
        narrow.actor,
        somebody("Ingen Särskild"),
        rows,
        words,
        dict(ids),
    )
