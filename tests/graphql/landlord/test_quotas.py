"""A landlord's quotas and agreements over two kommuner: its own, whole, and of nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

import hemvist_agreements as agreed
from hemvist.agreements import files
from hemvist.clock import today
from hemvist.identity import Actor
from hemvist.quotas.service import place_home
from hemvist_landlord_api import ask
from hemvist_landlords import administrator, agent, district, opened, shut, somebody
from hemvist_world import ORGANISATION_NUMBER, World, new_world

QUOTAS = (
    "{ quotas { kommunName code agreed agreedExact offered accepted delivered returned left } }"
)
PDF = b"%PDF-1.4\n%%EOF\n"


@dataclass(frozen=True)
class Bound:
    """Two kommuner that have an agreement with one landlord."""

    one: World
    two: World
    landlord_id: UUID
    both: Actor
    #: An agent of the one whose district has no property.
    narrow: Actor
    file_id: UUID


@pytest.fixture(scope="module")
def bound(database: str) -> Bound:
    one, two = new_world(), new_world()
    landlord_id = opened(one.tenant_id, ORGANISATION_NUMBER, "Testvärden AB")
    opened(two.tenant_id, ORGANISATION_NUMBER)
    both = somebody("Båda Två")
    first = administrator(one.tenant_id, landlord_id, who=both)
    second = administrator(one.tenant_id, landlord_id, "Anders Två")
    mine = {"landlord_organisation_number": ORGANISATION_NUMBER}
    start = date(today().year, 1, 1)
    for world, homes in ((one, 10), (two, 4)):
        agreement, draft = agreed.opened(world, starts_on=start, **mine)
        agreed.with_quota(world, draft, homes=homes)
        if world is one:
            agreed.with_quota(
                world, draft, code="five", kind="beside_requirements", homes=5, within_code="homes"
            )
        agreed.confirmed(world, draft, "manager VOF")
        if world is one:
            kept = world.act(
                agreed.OFFICER,
                files.add_agreement_file,
                agreement_id=agreement.id,
                name="avtal.pdf",
                content=PDF,
                shared=True,
            )
            world.act(
                agreed.OFFICER,
                files.add_agreement_file,
                agreement_id=agreement.id,
                name="eget.pdf",
                content=PDF + b"\n",
            )
            [unit, _] = world.unit(), world.unit()
            world.act(
                agreed.OFFICER,
                place_home,
                unit_id=unit.id,
                agreement_id=agreement.id,
                code="five",
                because="Når inte inkomstkravet",
            )
    empty = district(first, "Tomt", one.tenant_id)
    narrow = agent(first, second, districts=[empty])
    return Bound(one, two, landlord_id, both, narrow.actor, kept.id)


def of(answer: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """The lines of one quota, by kommun."""
    return sorted(
        (one for one in answer["quotas"] if one["code"] == code), key=lambda o: o["agreed"]
    )


def test_quotas_of_every_kommun_are_one_request(bound: Bound) -> None:
    """What lies within another quota counts in both; what was taken in is not delivered yet."""
    found = ask(bound.both, QUOTAS)
    assert [one["agreed"] for one in of(found, "homes")] == [4, 10]
    [_, mine], [five] = of(found, "homes"), of(found, "five")
    assert (mine["offered"], mine["accepted"], mine["delivered"], mine["left"]) == (2, 2, 0, 10)
    assert (five["accepted"], five["left"]) == (1, 5)
    assert mine["agreedExact"] == "10"


def test_an_agent_of_one_district_sees_the_quota_whole(bound: Bound) -> None:
    """It is of all that the landlord has there; the homes themselves stay out of sight."""
    found = ask(bound.narrow, QUOTAS)
    assert [one["accepted"] for one in of(found, "homes")] == [0, 2]
    assert ask(bound.narrow, "{ units { totalCount } }")["units"]["totalCount"] == 0


def test_a_document_is_seen_when_it_was_shared(bound: Bound) -> None:
    found = ask(
        bound.both,
        "{ agreements { edges { node { title files { name } versions { number } } } } }",
    )
    shown = [edge["node"] for edge in found["agreements"]["edges"]]
    assert sorted(len(one["versions"]) for one in shown) == [1, 1]
    assert [file["name"] for one in shown for file in one["files"]] == ["avtal.pdf"]
    assert ask(somebody("Ingen"), QUOTAS) == {"quotas": []}


def test_a_kommun_that_shuts_its_door_takes_its_quota_along(bound: Bound) -> None:
    shut(bound.two.tenant_id, bound.landlord_id)
    assert [one["agreed"] for one in of(ask(bound.both, QUOTAS), "homes")] == [10]
