"""One cause gives one notice to a role in a department; only they can mark it as read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from hemvist.cases.models import Case
from hemvist.errors import NotFound
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist.notices import service as notices
from hemvist.notices.models import Notice
from hemvist_world import World, new_world


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """A case to give notice of."""
    return world.case()


def give(world: World, case: Case, source_id: UUID, **changes: Any) -> bool:
    """Give the caseworkers of the case's department notice."""
    values: dict[str, Any] = {
        "kind": "referral_registered",
        "role": "caseworker",
        "department": case.department,
        "case_id": case.id,
        "subject_type": "referral",
        "subject_id": new_id(),
        "source_id": source_id,
    }
    with world.session() as session:
        return notices.notify(session, **(values | changes))


def test_one_cause_gives_one_notice(world: World, case: Case) -> None:
    source = new_id()
    assert give(world, case, source) is True
    assert give(world, case, source) is False
    (notice,) = world.rows(Notice, source_id=source)
    assert (notice.role, notice.department, notice.read_at) == ("caseworker", "SOF-VUX", None)


def test_each_role_and_department_has_its_own(world: World, case: Case) -> None:
    source = new_id()
    assert give(world, case, source)
    assert give(world, case, source, role="property_officer", department="FF")
    assert give(world, case, source, department="AMF")
    assert len(world.rows(Notice, source_id=source)) == 3


def test_a_notice_is_read_once_for_all(world: World, case: Case) -> None:
    source = new_id()
    give(world, case, source)
    (notice,) = world.rows(Notice, source_id=source)
    colleague = world.add("a colleague", Membership(Role.CASEWORKER, "SOF-VUX"))
    first = world.act("caseworker SOF-VUX", notices.mark_read, notice_id=notice.id)
    again = world.act(colleague, notices.mark_read, notice_id=notice.id)
    assert again.read_by == world["caseworker SOF-VUX"].principal_id
    assert again.read_at == first.read_at


@pytest.mark.parametrize("who", ["property", "manager SOF-VUX", "caseworker AMF"])
def test_others_do_not_even_learn_that_it_is_there(world: World, case: Case, who: str) -> None:
    source = new_id()
    give(world, case, source)
    (notice,) = world.rows(Notice, source_id=source)
    with pytest.raises(NotFound):
        world.act(who, notices.mark_read, notice_id=notice.id)
    assert world.again(notice).read_at is None


def test_nor_another_kommun(world: World, case: Case) -> None:
    source = new_id()
    give(world, case, source)
    (notice,) = world.rows(Notice, source_id=source)
    with pytest.raises(NotFound):
        new_world().act("caseworker SOF-VUX", notices.mark_read, notice_id=notice.id)
