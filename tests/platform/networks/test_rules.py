"""What a network's file says: read whole, refused where it does not hold, never rewritten."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hemvist.clock import today
from hemvist.networks import Network, NetworkRulesError
from hemvist.networks import service as networks
from hemvist.networks.rules import read, require_kept
from hemvist.tenancy import Tenant
from hemvist_rows import owner_engine
from hemvist_tenants.transfer_networks import load_networks

TERMS = {
    "from": "2024-01-01",
    "round_days": 14,
    "function_size": 2,
    "waiting_band_weeks": 4,
    "destination_days": 90,
    "smallest_cell": 5,
    "answer_hours": {"acute": 24, "high": 72, "normal": 120},
}


def member(kommun: str, **changes: Any) -> dict[str, Any]:
    limits = [{"from": "2024-01-01", "debt_limit": 2, "take_cap": 1}]
    plain = {"kommun": kommun, "since": "2024-01-01", "services": ["school"], "limits": limits}
    return {**plain, **changes}


def content() -> dict[str, Any]:
    return {
        "code": "prov",
        "name": "Prov",
        "terms": [dict(TERMS)],
        "members": [member("1111"), member("2222")],
    }


def test_the_files_that_come_along_hold() -> None:
    for one in load_networks():
        rules = read(one)
        assert len(rules.members_on(today())) >= 3
        assert rules.terms_on(today()).function_size >= 2


def test_what_holds_has_a_day() -> None:
    said = content()
    later = {"from": "2025-01-01", "debt_limit": 5, "take_cap": 4}
    said["members"][0]["limits"].append(later)
    said["members"][1]["until"] = "2025-06-01"
    said["terms"].append({**TERMS, "from": "2025-03-01", "round_days": 7})
    rules = read(said)
    first = rules.member("1111", date(2024, 12, 31))
    assert first is not None
    assert first.limit_on(date(2024, 12, 31)).debt_limit == 2
    assert first.limit_on(date(2025, 1, 1)).debt_limit == 5
    assert rules.member("2222", date(2025, 5, 31)) is not None
    assert rules.member("2222", date(2025, 6, 1)) is None
    assert rules.terms_on(date(2025, 2, 28)).round_days == 14
    assert rules.terms_on(date(2025, 3, 1)).round_days == 7
    with pytest.raises(NetworkRulesError):
        rules.terms_on(date(2023, 12, 31))


def test_what_restrains_a_member_holds_where_nothing_is_said_of_it() -> None:
    said = content()
    said["terms"].append(
        {**TERMS, "from": "2025-01-01", "noes_in_quarter": 2, "known_days": 14},
    )
    rules = read(said)
    first, later = rules.terms_on(date(2024, 6, 1)), rules.terms_on(date(2025, 1, 1))
    assert (first.noes_in_quarter, first.known_days) == (6, 0)
    assert (later.noes_in_quarter, later.known_days) == (2, 14)


def _no_noes(said: dict[str, Any]) -> None:
    said["terms"][0]["noes_in_quarter"] = 0


def _twice(said: dict[str, Any]) -> None:
    said["members"].append(member("1111"))


def _one_person(said: dict[str, Any]) -> None:
    said["terms"][0]["function_size"] = 1


def _no_first_limit(said: dict[str, Any]) -> None:
    said["members"][0]["limits"][0]["from"] = "2024-02-01"


def _misspelled(said: dict[str, Any]) -> None:
    said["members"][1]["debtlimit"] = 3


def _negative(said: dict[str, Any]) -> None:
    said["members"][1]["limits"][0]["debt_limit"] = -1


def _number(said: dict[str, Any]) -> None:
    said["members"][1]["kommun"] = 1111


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "nobody may say no": (_no_noes, "terms[1].noes_in_quarter"),
    "a kommun twice": (_twice, "members[3]"),
    "a function of one": (_one_person, "terms[1].function_size"),
    "no limit at first": (_no_first_limit, "members[1].limits"),
    "a key that is none": (_misspelled, "members[2].debtlimit"),
    "below nought": (_negative, "members[2].limits[1].debt_limit"),
    "a number for a code": (_number, "members[2].kommun"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(fault: str) -> None:
    spoil, place = FAULTS[fault]
    said = content()
    read(said)
    spoil(said)
    with pytest.raises(NetworkRulesError) as refused:
        read(said)
    assert place in str(refused.value)


def test_what_has_been_in_force_is_not_rewritten() -> None:
    before = read(content())
    for spoil in (
        lambda said: said["terms"][0].update(round_days=7),
        lambda said: said["members"][0]["limits"][0].update(debt_limit=9),
        lambda said: said["members"].pop(),
        lambda said: said["members"].append(member("3333")),
        lambda said: said["members"][0].update(until=str(today() - timedelta(days=5))),
    ):
        said = content()
        spoil(said)
        with pytest.raises(NetworkRulesError):
            require_kept(before, read(said), today())


def test_what_comes_may_be_changed() -> None:
    before = read(content())
    said = content()
    said["members"][0]["until"] = str(today())
    said["members"].append(
        member(
            "3333",
            since=str(today()),
            limits=[{"from": str(today()), "debt_limit": 1, "take_cap": 1}],
        )
    )
    said["terms"].append({**TERMS, "from": str(today() + timedelta(days=1)), "round_days": 7})
    said["members"][1]["limits"].append({"from": str(today()), "debt_limit": 0, "take_cap": 9})
    require_kept(before, read(said), today())


def test_entering_is_done_once_and_can_be_done_again(database: str) -> None:
    said = content()
    with owner_engine().begin() as owner:
        first = networks.enter(owner, said)
        said["name"] = "Ett annat namn"
        assert networks.enter(owner, said) == first
        tenant = owner.execute(select(Tenant.kind, Tenant.name).where(Tenant.id == first)).one()
        assert tuple(tenant) == ("network", "Ett annat namn")
        spoilt = copy.deepcopy(said)
        spoilt["members"].pop()
        with pytest.raises(NetworkRulesError):
            networks.enter(owner, spoilt)
        kept = owner.scalars(select(Network.content).where(Network.id == first)).one()
        assert len(kept["members"]) == 2
