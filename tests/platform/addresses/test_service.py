"""Letting an address be shown: by whom, with which reason, and what stays in the log."""

from __future__ import annotations

import pytest

from hemvist.addresses import service as addresses
from hemvist.addresses.models import AddressReveal
from hemvist.audit import AuditEntry
from hemvist.errors import NotFound, ValidationFailed
from hemvist_world import World, adult, caseworker_of, new_world

WHY = "Nycklarna lämnas i dag."


@pytest.fixture
def fresh(database: str) -> World:
    return new_world()


def test_it_is_logged_with_who_and_why(fresh: World) -> None:
    case = fresh.case(adult(protection="secrecy_mark"))
    fresh.act(caseworker_of(case.department), addresses.reveal, case_id=case.id, reason=WHY)
    (row,) = fresh.rows(AddressReveal)
    assert (row.household_id, row.reason) == (case.household_id, WHY)
    assert row.ends_at - row.revealed_at == addresses.SHOWN_FOR
    (entry,) = [one for one in fresh.rows(AuditEntry) if one.action == addresses.REVEAL]
    assert entry.subject_id == row.id and entry.principal_id == row.principal_id
    assert entry.case_id == case.id and len(entry.person_ids) == 1
    # The log holds codes; the words are where it points.
    assert WHY not in str(entry.details)


@pytest.mark.parametrize(
    ("reason", "rule"),
    [("", "too_short"), ("  nyckel   ", "too_short"), ("x" * 501, "too_long")],
)
def test_a_reason_must_say_something(fresh: World, reason: str, rule: str) -> None:
    case = fresh.case(adult(protection="secrecy_mark"))
    with pytest.raises(ValidationFailed) as refused:
        fresh.act(caseworker_of(case.department), addresses.reveal, case_id=case.id, reason=reason)
    assert [(one.field, one.rule) for one in refused.value.problems] == [("reason", rule)]
    assert fresh.rows(AddressReveal) == []


@pytest.mark.parametrize("who", ["caseworker AMF", "property"])
def test_nobody_else(fresh: World, who: str) -> None:
    """Whoever does not read the case: not even that there is one is told."""
    case = fresh.case(adult(protection="secrecy_mark"))
    with pytest.raises(NotFound):
        fresh.act(who, addresses.reveal, case_id=case.id, reason=WHY)
    assert fresh.rows(AddressReveal) == []
