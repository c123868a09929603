"""The kommun's API attacked from its schema: by another kommun, and by somebody who lost their roles."""

from __future__ import annotations

import pytest

from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist_api_inputs import commands
from hemvist_attack import Tally
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
)
from hemvist_attack_people import EVERYTHING
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
    return Actor(other.tenant_id, other.rows["principals"], "Främmande", EVERYTHING)


def test_no_field_of_anothers_row_is_shown(tally: Tally, target: Target, stranger: Actor) -> None:
    attack_fields(tally, target, as_actor(stranger))
    assert tally.count("fields") > 1_000


def test_no_list_shows_anything_of_anothers(tally: Tally, target: Target, stranger: Actor) -> None:
    attack_lists(tally, target, as_actor(stranger))
    assert tally.count("fields") > 1_500


def test_no_registered_document_shows_anything_of_anothers(
    tally: Tally, target: Target, stranger: Actor
) -> None:
    attack_documents(tally, target, as_actor(stranger))
    assert tally.count("registered documents") == len(names())


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
