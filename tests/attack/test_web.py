"""Every address of the application attacked, from its own URL map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from hemvist_attack import Tally
from hemvist_attack_people import everybody_who_may_not, logged_in, whole_application
from hemvist_attack_web import (
    PUBLIC,
    WITHOUT_TOKEN,
    Caller,
    Place,
    ask,
    attack_doors,
    attack_forms,
    attack_hosts,
    attack_paths,
    attack_redirects,
    attack_sizes,
    places_of,
)
from hemvist_testing import open_folder

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Front:
    """The application, its map, and people who are logged in."""

    client: TestClient
    places: list[Place]
    manager: Caller
    colleague: Caller
    landlord: Caller
    other_landlord: Caller

    def halves(self) -> list[tuple[list[Place], Caller, Caller]]:
        """The places of kommuner and of landlords, each with who is logged in there, and another."""
        return [
            ([one for one in self.places if not one.landlords], self.manager, self.colleague),
            ([one for one in self.places if one.landlords], self.landlord, self.other_landlord),
        ]


@pytest.fixture(scope="module")
def front(database: str, valkey: str) -> Iterator[Front]:
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEMVIST_LOCAL_DIR", str(folder))
        with whole_application() as (client, app):
            yield Front(
                client,
                places_of(app),
                logged_in("bengt.sandell"),
                logged_in("aida.lindqvist"),
                logged_in("vera.nystrom", "hyresvard"),
                logged_in("mats.bergkvist", "hyresvard"),
            )


def test_the_map_is_the_whole_map(front: Front) -> None:
    named = {str(one) for one in front.places}
    assert len(named) > 340
    assert {"POST /{slug}/graphql", "POST /landlord/graphql", "GET /{slug}/cases"} <= named
    # What is let off stands there, so that nothing is let off which is gone.
    assert named >= {*PUBLIC, *WITHOUT_TOKEN}


def test_nobody_who_may_not_gets_in_anywhere(tally: Tally, front: Front) -> None:
    attack_doors(tally, front.client, front.places, everybody_who_may_not())
    assert tally.count("routes") == len(front.places)
    assert tally.count("principals") > 8


def test_who_may_does_get_in(front: Front) -> None:
    """A control: what is refused above is refused to those who may not."""
    opened = 0
    for places, who, _ in front.halves():
        for place in places:
            if place.method == "GET" and "_id}" not in place.path:
                opened += ask(front.client, place, who, place.address()).status_code == 200
    assert opened > 30


def test_no_form_of_another_site_is_taken(tally: Tally, front: Front) -> None:
    for places, who, another in front.halves():
        attack_forms(tally, front.client, places, who, another)
    assert tally.count("forms") > 150


def test_no_address_leads_out(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_redirects(tally, front.client, places, who)


def test_no_address_answers_to_another_name(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_hosts(tally, front.client, places, who)


def test_no_address_takes_a_strange_path(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_paths(tally, front.client, places, who)


def test_no_address_takes_a_body_of_any_size(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_sizes(tally, front.client, places, who)
