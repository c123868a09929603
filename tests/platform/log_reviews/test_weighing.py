"""What a look weighs, and the sample that is drawn by it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.ids import new_id
from hemvist.log_reviews.names import Staff, family_of, words
from hemvist.log_reviews.sampling import LEAST, MOST, Weighed, drawn, size_of
from hemvist.log_reviews.weighing import (
    REASONS,
    Known,
    Look,
    is_night,
    reasons_for,
    weight_of,
)

WHO, OTHER, CASE, PERSON = new_id(), new_id(), new_id(), new_id()
DAY = date(2026, 11, 3)


def look(**changed: Any) -> Look:
    values: dict[str, Any] = {"entries": 1, "persons": {PERSON}, **changed}
    return Look(WHO, DAY, new_id(), CASE, **values)


def known(**changed: Any) -> Known:
    values: dict[str, Any] = {
        "staff": Staff({WHO: "Aida Lindqvist", OTHER: "Bo Ek"}),
        "persons": {PERSON: ("Alva", "Testsson")},
        "closed": frozenset(),
        "openings": frozenset(),
        "staff_homes": {WHO: b"here"},
        "homes": {},
        "busy": {(WHO, DAY): 3},
        "median": 3,
        "refused": Counter(),
    }
    return Known(**(values | changed))


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("own_family_name", {"persons": {PERSON: ("Alva", "Lindqvist")}}),
        ("own_family_name", {"persons": {PERSON: ("Alva", "Berg LINDQVIST")}}),
        ("colleague", {"persons": {PERSON: ("Bo Anders", "Ek")}}),
        ("same_address", {"homes": {CASE: {b"there", b"here"}}}),
        ("same_address", {"homes": {PERSON: {b"here"}}}),
        ("closed_circle", {"closed": {CASE}}),
        ("closed_circle", {"closed": {PERSON}}),
        ("break_glass", {"openings": {(WHO, CASE, DAY)}}),
        # Of a person's own page, where no case is named.
        ("break_glass", {"openings": {(WHO, PERSON, DAY)}}),
        ("many_looks", {"busy": {(WHO, DAY): 20}}),
        ("refused", {"refused": Counter({(WHO, DAY): 5})}),
    ],
)
def test_a_reason_and_no_other(reason: str, changed: dict[str, Any]) -> None:
    assert reasons_for(look(), known(**changed)) == [reason]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        # The same given name; a colleague's family name alone; one's own whole name is a family name.
        {"persons": {PERSON: ("Aida", "Testsson")}},
        {"persons": {PERSON: ("Alva", "Ek")}},
        {"persons": {}},
        {"openings": {(OTHER, CASE, DAY), (WHO, CASE, date(2026, 11, 4))}},
        {"homes": {CASE: {b"there"}}},
        {"homes": {OTHER: {b"here"}}},
        {"homes": {CASE: {b"here"}}, "staff_homes": {OTHER: b"here"}},
        {"busy": {(WHO, DAY): 20}, "median": 7},
        {"busy": {(WHO, DAY): 19}, "median": 0},
        {"refused": Counter({(WHO, DAY): 4, (OTHER, DAY): 9})},
    ],
)
def test_no_reason(changed: dict[str, Any]) -> None:
    assert reasons_for(look(), known(**changed)) == []


@pytest.mark.parametrize(
    ("staff", "given", "family", "shares"),
    [
        ("Lindqvist, Aida", "Alva", "Lindqvist", True),
        # A comma says which is the family name; without one either may be.
        ("Lindqvist, Aida", "Alva", "Aida", False),
        ("Lindqvist Aida", "Alva", "Lindqvist", True),
        ("Aida Lindqvist (SOF)", "Alva", "Lindqvist", True),
        ("Aida Berg-Lindqvist", "Alva", "Lindqvist Ek", True),
        ("A\u030asa A\u030akesson", "Alva", "Åkesson", True),
        ("Anna von Essen", "Carl", "von Platen", False),
        ("Omar El-Sayed", "Alva", "Al Sayed", True),
        ("Omar El-Sayed", "Alva", "El-Hassan", False),
        ("aidlin01", "Alva", "Lindqvist", False),
    ],
)
def test_a_name_is_compared_however_the_login_writes_it(
    staff: str, given: str, family: str, shares: bool
) -> None:
    assert Staff({WHO: staff}).shares(WHO, family) is shares
    # Nobody is their own colleague.
    assert not Staff({WHO: staff}).has_another(WHO, given, family)


@pytest.mark.parametrize(
    ("staff", "given", "family", "found"),
    [
        ("Ek, Bo", "Bo", "Ek", True),
        ("Ek Bo", "Bo Anders", "Ek", True),
        ("Bo Ek", "Anders Bo", "Ek", False),
        ("Bo Ek", "Ek", "Ek", False),
        ("Bo Berg", "Bo", "Ek", False),
        ("Bo Berg-Ek", "Bo", "Ek", True),
    ],
)
def test_a_colleague_is_found_by_the_whole_name(
    staff: str, given: str, family: str, found: bool
) -> None:
    assert Staff({WHO: "Aida Lindqvist", OTHER: staff}).has_another(WHO, given, family) is found


def test_a_tenants_family_name_is_found_in_what_the_landlord_writes() -> None:
    assert family_of("Alva Maria Testsson") == "Testsson"
    assert family_of("Testsson Berg, Alva") == "Testsson Berg"
    assert family_of("") == "" and words(" - ") == frozenset()


def test_the_heaviest_comes_first_and_weights_add_up() -> None:
    found = reasons_for(look(at_night=True), known(closed={CASE}, openings={(WHO, CASE, DAY)}))
    assert found == ["break_glass", "closed_circle", "night"]
    assert weight_of(found) == 1 + 12 + 8 + 5
    assert weight_of([]) == 1


@pytest.mark.parametrize(
    ("hour", "night"), [(20, False), (21, True), (3, True), (4, True), (5, False)]
)
def test_night_is_swedish(hour: int, night: bool) -> None:
    """In winter Sweden is an hour ahead of UTC."""
    assert is_night(datetime(2026, 11, 3, hour, 30, tzinfo=UTC)) is night


IDS = st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number))
LOOKS = st.lists(
    st.builds(
        lambda who, row, weight: Weighed(Look(who, DAY, row, None), [], weight),
        IDS,
        IDS,
        st.integers(1, sum(REASONS.values()) + 1),
    ),
    max_size=60,
    unique_by=lambda one: one.look.entry_id,
)


@settings(deadline=None)
@given(looks=LOOKS, seed=st.text(max_size=20), size=st.integers(0, 30), dice=st.randoms())
def test_the_same_seed_draws_the_same_in_any_order(
    looks: list[Weighed], seed: str, size: int, dice: Any
) -> None:
    first = drawn(looks, seed, size)
    assert len(first) == min(size, len(looks))
    mixed = list(looks)
    dice.shuffle(mixed)
    assert drawn(mixed, seed, size) == first
    # A larger sample holds the smaller one.
    larger = {one.look.entry_id for one in drawn(looks, seed, size + 1)}
    assert {one.look.entry_id for one in first} <= larger


def test_what_weighs_more_is_drawn_more_often() -> None:
    """Of a hundred looks one weighs as much as all the others together: half of all samples of one."""
    looks = [
        Weighed(Look(UUID(int=at), DAY, UUID(int=at), None), [], 99 if at == 0 else 1)
        for at in range(100)
    ]
    hits = sum(
        drawn(looks, f"seed {number}", 1)[0].look.entry_id == UUID(int=0) for number in range(1000)
    )
    assert 430 < hits < 570


@pytest.mark.parametrize(
    ("looks", "size"), [(0, 0), (7, 7), (100, LEAST), (5_000, 25), (1_000_000, MOST)]
)
def test_a_sample_has_a_size_that_somebody_can_go_through(looks: int, size: int) -> None:
    assert size_of(looks) == size
