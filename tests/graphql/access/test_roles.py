"""A role that reads nobody's case is told so."""

from __future__ import annotations

from hemvist.identity import Membership, Role
from hemvist_api import failure
from hemvist_world import World


def test_a_role_without_households_is_told_so(world: World) -> None:
    steering = world.add("steering", Membership(Role.STEERING))
    for document in (
        "{ cases { totalCount } }",
        "{ households { totalCount } }",
        "{ units { totalCount } }",
        '{ personByNumber(personalNumber: "x") { id } }',
    ):
        error = failure(steering, document)
        assert error["extensions"]["code"] == "NOT_ALLOWED"
        assert error["extensions"]["action"]
