"""The log reviewer's page of protected moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.identity import Membership, Role, get_directory
from hemvist_network import FIRST, Net, new_net
from hemvist_visits import Visit
from hemvist_world import new_world, peopled

SLUG = "helsingborg"


@pytest.fixture
def net(portal: FastAPI) -> Net:
    here = peopled(get_directory().tenant_id(SLUG))
    return new_net("A", "B", worlds={"A": here, "B": new_world()})


def test_who_did_what_and_when(net: Net, somebody: Callable[..., Visit]) -> None:
    reviewer = somebody("Lea Lund", Membership(Role.LOG_REVIEWER))
    net.request("A")
    status, page = reviewer.get(f"/{SLUG}/transfer-log")
    assert status == 200 and "Logg över flyttar" in page
    assert net["A"][FIRST].name in page and "öppnat" in page and "förberett" in page
    assert 'aria-current="true">31 dagar' in page
    for days in ("7", "92", "x", "-1"):
        assert reviewer.get(f"/{SLUG}/transfer-log?days={days}")[0] == 200
    reviewer.headers["Accept-Language"] = "en"
    assert "prepared" in reviewer.get(f"/{SLUG}/transfer-log")[1]


def test_for_nobody_else(
    net: Net, somebody: Callable[..., Visit], visit: Callable[..., Visit]
) -> None:
    for who in (
        somebody("Kim Ek", Membership(Role.TRANSFER_COORDINATOR)),
        somebody("Nor Alm", Membership(Role.TENANT_ADMIN)),
        visit("aida.lindqvist"),
    ):
        status, page = who.get(f"/{SLUG}/transfer-log")
        assert status == 403 and "öppnat" not in page
        assert "transfer-log" not in who.get(f"/{SLUG}/today")[1]
