"""Which flats a household could take, and what of its needs can be seen from outside: nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from hemvist.errors import ValidationFailed
from hemvist.networks.rules import read
from hemvist.transfers.needs import Flat, Needs, checked, edges

DAY = date(2026, 6, 1)
_LIMITS = [{"from": "2024-01-01", "debt_limit": 2, "take_cap": 1}]
RULES = read(
    {
        "code": "prov",
        "name": "Prov",
        "terms": [
            {
                "from": "2024-01-01",
                "round_days": 14,
                "function_size": 2,
                "waiting_band_weeks": 4,
                "destination_days": 90,
                "smallest_cell": 5,
                "answer_hours": {"acute": 24, "high": 72, "normal": 120},
            }
        ],
        "members": [
            {"kommun": kommun, "since": "2024-01-01", "services": services, "limits": _LIMITS}
            for kommun, services in (("1111", ["school"]), ("2222", ["school"]), ("3333", []))
        ],
    }
)
NEEDS = Needs(min_rooms=2, max_extra_rooms=1, services=("school",), excluded=("1111",))


def flat(kommun: str = "2222", rooms: int = 2, **changes: object) -> Flat:
    plain = Flat(uuid4(), kommun, rooms, False, DAY, date(2026, 8, 1))
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "surplus"),
    [
        (flat(), 0),
        (flat(rooms=3), 1),
        (flat(rooms=1), None),
        (flat(rooms=4), None),
        (flat("1111"), None),
        (flat("3333"), None),
        (flat("9999"), None),
        (flat(last_on=date(2026, 5, 31)), None),
    ],
    ids=[
        "fits",
        "one room more",
        "too small",
        "too large",
        "excluded",
        "without the service",
        "no member",
        "its days are over",
    ],
)
def test_which_flats_would_do(one: Flat, surplus: int | None) -> None:
    found = edges(NEEDS, [one], RULES, DAY)
    assert [edge.surplus for edge in found] == ([] if surplus is None else [surplus])


def test_steps_count_only_where_they_matter() -> None:
    level = flat(step_free=True)
    assert len(edges(replace(NEEDS, step_free=True), [flat(), level], RULES, DAY)) == 1
    assert len(edges(NEEDS, [flat(), level], RULES, DAY)) == 2


def test_the_own_kommun_is_always_excluded() -> None:
    assert checked(Needs(2), RULES, "2222").excluded == ("2222",)


@pytest.mark.parametrize(
    ("needs", "field"),
    [
        (Needs(0), "minRooms"),
        (Needs(2, 6), "maxExtraRooms"),
        (Needs(2, services=("magic",)), "services"),
        (Needs(2, excluded=("Karlstad",)), "excluded"),
    ],
)
def test_needs_that_do_not_hold(needs: Needs, field: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        checked(needs, RULES, "2222")
    assert [problem.field for problem in refused.value.problems] == [field]


def test_sealed_needs_open_again_and_do_not_show_how_much_was_said() -> None:
    tenant = UUID(int=7)
    short, long = Needs(1), replace(NEEDS, excluded=tuple(f"{code:04}" for code in range(60)))
    assert Needs.open(tenant, long.seal(tenant)) == long
    assert len(short.seal(tenant)) == len(long.seal(tenant))
    assert b"school" not in NEEDS.seal(tenant)
