"""Every page of the portal is read by a plan, and says what the ordinary path says."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import get_operation_ast, parse
from sqlalchemy import event

from hemvist.db import engine
from hemvist.identity import Actor
from hemvist.tenancy import Audience
from hemvist_graphql.compiled import answer_text
from hemvist_paths import Told, ordinary, planned
from hemvist_portal.documents import document
from hemvist_portal_reads import READS, given, reader_of_everything

#: Pages whose every field is there once the statement has been read: one round trip.
ONE_ROUND_TRIP = (
    "case_frame",
    "cases",
    "follow_ups",
    "frame",
    "household",
    "households",
    "milestone",
    "notices",
    "obligation",
    "pack",
    "packs",
    "person",
    "referrals",
    "today",
    "unit",
    "units",
)


@pytest.fixture(scope="module")
def somebody(populated: Any) -> Actor:
    """Somebody who may read everything that the portal shows, in a kommun with all of it."""
    return reader_of_everything(populated.world)


@pytest.mark.parametrize("name", READS)
def test_a_page_is_planned(name: str, populated: Any, somebody: Any) -> None:
    variables = given(name, populated.world)
    by_plan = planned(somebody, document(name), variables)
    assert isinstance(by_plan, Told), f"{name}: {by_plan}"
    told = ordinary(somebody, document(name), variables)
    assert not told.failed, told.data[:500]
    assert by_plan.data == told.data
    assert by_plan.logged == told.logged


@pytest.mark.parametrize("name", ONE_ROUND_TRIP)
def test_a_busy_page_needs_no_session(name: str, populated: Any, somebody: Any) -> None:
    variables = given(name, populated.world)
    planned(somebody, document(name), variables)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    staff = engine(Audience.STAFF)
    parsed = parse(document(name))
    operation = get_operation_ast(parsed)
    assert operation is not None
    event.listen(staff, "before_cursor_execute", note)
    try:
        answer_text(somebody, document(name), parsed, operation, variables)
    finally:
        event.remove(staff, "before_cursor_execute", note)
    assert seen == []
