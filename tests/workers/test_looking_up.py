"""The worker's round: whom nobody has looked up, asked of the kommun's register."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.identity import get_directory
from hemvist.registers import FileRegister, RemoteRegister, navet
from hemvist.settings import get_settings
from hemvist_login import onboard_demo
from hemvist_tenants import RegisterEntry, TenantConfig, TenantFileError, known_tenants
from hemvist_workers.chores import look_up_protection
from hemvist_workers.looking_up import register_of
from hemvist_world import World, adult, peopled

SERVICE = RegisterEntry("service", "https://register.example", "Navet", "env:REGISTER_TOKEN", False)


@pytest.fixture(scope="module")
def kommun(database: str) -> World:
    onboard_demo()
    return peopled(get_directory().tenant_id("helsingborg"))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the register's file is expected; there is none yet."""
    kept = tmp_path / "register.txt"
    monkeypatch.setattr(get_settings(), "register_file", kept)
    return kept


def tenant() -> TenantConfig:
    return known_tenants()["helsingborg"]


def unknown(world: World) -> Person:
    """Somebody whom nobody has looked up."""
    household = world.household(adult(protection="unknown", protection_checked_on=None))
    [person] = [
        one
        for one in world.rows(Person, protection="unknown")
        if one.department == household.department and one.protection_asked_on is None
    ]
    return person


def test_a_round(kommun: World, file: Path) -> None:
    person = unknown(kommun)
    day = today() - timedelta(days=2)
    file.write_text(navet.written({open_number(person): "none"}, day), "latin-1")
    assert look_up_protection(kommun.tenant_id) == 1
    known = kommun.again(person)
    assert (known.protection, known.protection_checked_on) == ("none", day)
    assert known.protection_source == "Folkbokföringen" and not known.is_protected
    # Nobody is asked about twice in a week.
    assert look_up_protection(kommun.tenant_id) == 0


def test_a_register_that_does_not_answer_makes_nobody_unprotected(
    kommun: World, file: Path
) -> None:
    person = unknown(kommun)
    assert not file.exists() and look_up_protection(kommun.tenant_id) == 1
    known = kommun.again(person)
    assert known.protection == "unknown" and known.is_protected
    assert known.protection_asked_on == today()


def test_which_register(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(register_of(tenant()), FileRegister)
    own = replace(tenant(), register=RegisterEntry("file", "/srv/navet", "Navet", "", True))
    found = register_of(own)
    assert isinstance(found, FileRegister) and found.left_out_means_no
    served = replace(tenant(), register=SERVICE)
    with pytest.raises(TenantFileError, match="cannot be had"):
        register_of(served)
    monkeypatch.setenv("REGISTER_TOKEN", "")
    with pytest.raises(TenantFileError, match="is empty"):
        register_of(served)
    monkeypatch.setenv("REGISTER_TOKEN", "a-secret-of-twenty-signs")
    assert isinstance(register_of(served), RemoteRegister)
    # In production nobody is looked up in a file that no kommun has named.
    monkeypatch.setattr(get_settings(), "environment", "production")
    assert register_of(tenant()) is None
