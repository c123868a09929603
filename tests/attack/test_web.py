"""Every address of the application attacked, from its own URL map."""

from __future__ import annotations

import pytest

from hemvist_attack import EVERY, Tally, some
from hemvist_attack_edges import attack_elsewhere, attack_methods, attack_streams
from hemvist_attack_people import Front, everybody_who_may_not
from hemvist_attack_web import (
    PUBLIC,
    WITHOUT_TOKEN,
    Caller,
    ask,
    attack_doors,
    attack_forms,
    attack_hosts,
    attack_paths,
    attack_redirects,
    attack_sizes,
)

pytestmark = pytest.mark.slow


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
        attack_redirects(tally, front.client, some(places), who)


def test_no_address_answers_to_another_name(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_hosts(tally, front.client, places, who)


def test_no_address_takes_a_strange_path(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_paths(tally, front.client, some(places), who)


def test_no_address_takes_another_method(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_methods(tally, front.client, some(places), who)
    assert tally.count("methods") > 1_500 / EVERY


def test_there_is_nothing_where_nothing_should_be(tally: Tally, front: Front) -> None:
    attack_elsewhere(tally, front.client, [Caller("nobody"), front.manager])
    assert tally.count("addresses of nothing") > 25


def test_no_address_takes_a_body_without_an_end(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_streams(tally, front.client, front.app, places, who)
    assert tally.count("bodies without an end") > 150


def test_no_address_takes_a_body_of_any_size(tally: Tally, front: Front) -> None:
    for places, who, _ in front.halves():
        attack_sizes(tally, front.client, places, who)
