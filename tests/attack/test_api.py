"""The kommun's API attacked from its schema: by another kommun, and by somebody who lost their roles."""

from __future__ import annotations

import pytest

from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist_api_inputs import commands
from hemvist_attack import EVERY, Tally, some
from hemvist_attack_api import (
    COMMON,
    WITHOUT_ROLE,
    Target,
    as_actor,
    attack_commands,
    attack_documents,
    attack_fields,
    attack_lists,
    attack_without_roles,
    filled_target,
    with_every_role,
)
from hemvist_attack_beside import attack_aliases, attack_inputs
from hemvist_portal.documents import names

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def target(database: str) -> Target:
    return filled_target()


@pytest.fixture(scope="module")
def other(database: str) -> Target:
    """The attacker's own kommun."""
    return filled_target()


@pytest.fixture(scope="module")
def stranger(other: Target) -> Actor:
    return with_every_role(other, "Främmande")


def test_no_field_of_anothers_row_is_shown(tally: Tally, target: Target, stranger: Actor) -> None:
    attack_fields(tally, target, as_actor(stranger))
    assert tally.count("fields") > 1_000


def test_no_list_shows_anything_of_anothers(tally: Tally, target: Target, stranger: Actor) -> None:
    attack_lists(tally, target, as_actor(stranger))
    assert tally.count("fields") > 1_500


def test_no_registered_document_shows_anything_of_anothers(
    tally: Tally, target: Target, stranger: Actor
) -> None:
    chosen = frozenset(some(names()))
    attack_documents(tally, target, as_actor(stranger), only=chosen)
    assert tally.count("registered documents") == len(chosen) >= len(names()) // EVERY


def test_nothing_of_anothers_comes_beside_ones_own(
    tally: Tally, target: Target, other: Target, stranger: Actor
) -> None:
    came = attack_aliases(tally, target, other, as_actor(stranger))
    assert tally.count("look-ups beside one's own") > 150
    # A control: it is one's own that stands beside.
    assert came > 80


def test_no_input_takes_more_than_it_says(tally: Tally, other: Target, stranger: Actor) -> None:
    attack_inputs(tally, other, as_actor(stranger))
    assert tally.count("inputs with a field too many") == len(commands())


def test_no_command_takes_an_id_of_anothers(
    tally: Tally, target: Target, other: Target, stranger: Actor
) -> None:
    attack_commands(tally, target, as_actor(stranger), other)
    assert tally.count("ids in commands") > 280


def test_who_has_lost_their_roles_sees_and_does_nothing(tally: Tally, target: Target) -> None:
    nobody = Actor(target.tenant_id, new_id(), "Utan roll", frozenset())
    attack_without_roles(tally, target, as_actor(nobody))
    attack_fields(tally, target, as_actor(nobody))
    attack_lists(tally, target, as_actor(nobody), common=COMMON)
    assert set(commands()) >= set(WITHOUT_ROLE)
    assert tally.count("commands without a role") == len(commands())
