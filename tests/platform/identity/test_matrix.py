"""The role matrix, cell by cell, against the readable table beside this file.

``role_matrix.csv`` is written by hand: a changed right must be changed in both places. Cells: ``-``
never, ``all`` in the whole kommun, ``own`` only in the department that has the case, ``disclosed``
also in a department that the case has been disclosed to, ``commissioned`` only there: a provider
has no cases of its own.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hemvist.errors import NotAllowed
from hemvist.identity import Action, Actor, Membership, Role, allows, require

with (Path(__file__).parent / "role_matrix.csv").open(newline="") as stream:
    TABLE = {row.pop("action"): row for row in csv.DictReader(stream)}

CELLS = [(action, role, row[role]) for action, row in TABLE.items() for role in Role]
TENANT = uuid4()

#: What a cell says in each situation: no case asked about, a case of one's own department, of
#: another, and of another that has been disclosed to one's own.
EXPECTED = {
    "-": {"anywhere": False, "own": False, "other": False, "disclosed": False},
    "all": {"anywhere": True, "own": True, "other": True, "disclosed": True},
    "own": {"anywhere": True, "own": True, "other": False, "disclosed": False},
    "disclosed": {"anywhere": True, "own": True, "other": False, "disclosed": True},
    "commissioned": {"anywhere": True, "own": False, "other": False, "disclosed": True},
    # Nothing without the landlord that the matter is of: see test_landlords_actor.
    "own_landlord": {"anywhere": False, "own": False, "other": False, "disclosed": False},
}
SITUATIONS = {
    "anywhere": (None, ()),
    "own": ("MINE", ()),
    "other": ("THEIRS", ()),
    "disclosed": ("THEIRS", ("MINE",)),
}


def actor(*memberships: Membership) -> Actor:
    return Actor(TENANT, uuid4(), "Någon", frozenset(memberships))


def test_the_table_has_every_action_and_role() -> None:
    assert set(TABLE) == set(Action)
    for action, row in TABLE.items():
        assert set(row) == {*Role, "four_eyes"}, action


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_each_cell(action: str, role: str, cell: str, situation: str) -> None:
    department, disclosed_to = SITUATIONS[situation]
    someone = actor(Membership(Role(role), "MINE"))
    said = allows(someone, Action(action), department=department, disclosed_to=disclosed_to)
    assert said is EXPECTED[cell][situation]


@pytest.mark.parametrize("action", TABLE)
def test_nobody_approves_what_they_prepared(action: str) -> None:
    """Four eyes: whoever holds the right loses it over their own work, and only there."""
    holders = [role for role in Role if TABLE[action][role] != "-"]
    for role in holders:
        of_landlord = TABLE[action][role] == "own_landlord"
        landlord = uuid4() if of_landlord else None
        someone = actor(Membership(role, "MINE"))
        if landlord is not None:
            someone = replace(someone, landlords=frozenset({landlord}))
        # To a provider a matter of another department can be commissioned; none is its own.
        theirs = TABLE[action][role] == "commissioned"
        matter: dict[str, Any] = {
            "department": "THEIRS" if theirs else "MINE",
            "disclosed_to": ["MINE"] if theirs else [],
            "landlord": landlord,
        }
        if TABLE[action][role] == "own_landlord":
            matter["landlord"] = uuid4()
            someone = replace(someone, landlords=frozenset({matter["landlord"]}))
        require(someone, Action(action), **matter, not_by=[uuid4(), None])
        own_work = [uuid4(), someone.principal_id]
        if TABLE[action]["four_eyes"] == "yes":
            with pytest.raises(NotAllowed) as refused:
                require(someone, Action(action), **matter, not_by=own_work)
            assert refused.value.action == action
        else:
            require(someone, Action(action), **matter, not_by=own_work)


@pytest.mark.parametrize("action", TABLE)
def test_without_a_role_nothing_is_allowed(action: str) -> None:
    for department, disclosed_to in SITUATIONS.values():
        with pytest.raises(NotAllowed):
            require(actor(), Action(action), department=department, disclosed_to=disclosed_to)


def test_a_right_is_not_carried_into_another_department() -> None:
    """Two memberships do not add up: manager here and caseworker there is not manager there."""
    someone = actor(Membership(Role.DEPARTMENT_MANAGER, "A"), Membership(Role.CASEWORKER, "B"))
    assert allows(someone, Action.DECISION_DECIDE, department="A")
    assert not allows(someone, Action.DECISION_DECIDE, department="B")
    assert not allows(someone, Action.CASE_OPEN, department="A")
    assert allows(someone, Action.CASE_OPEN, department="B")
