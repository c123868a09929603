"""Taking a kommun on: once, the same id for ever, and never on top of another."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from hemvist.db import owner_url
from hemvist.identity import get_directory
from hemvist.tenancy import Tenant
from hemvist_login import onboard_demo
from hemvist_tenants import TenantConfig, TenantFileError, load_tenants, onboard


@pytest.fixture
def new_kommun(database: str) -> TenantConfig:
    """Karlstad's data under a code and a slug that no other test has."""
    mark = secrets.token_hex(5)
    return replace(load_tenants()["karlstad"], kommun_code=mark[:4], slug=f"ny-{mark}")


def test_onboarding_twice_keeps_the_id(new_kommun: TenantConfig) -> None:
    engine = create_engine(owner_url())
    with engine.begin() as owner:
        first = onboard(owner, new_kommun)
    with Session(engine) as owner, owner.begin():
        again = onboard(owner, replace(new_kommun, name="Nytt namn"))
        count = select(func.count()).where(Tenant.kommun_code == new_kommun.kommun_code)
        assert owner.scalar(count) == 1
        assert owner.scalars(select(Tenant.name).where(Tenant.id == first)).one() == "Nytt namn"
    assert again == first
    engine.dispose()


def test_a_slug_is_never_taken_over(new_kommun: TenantConfig) -> None:
    engine = create_engine(owner_url())
    with engine.begin() as owner:
        onboard(owner, new_kommun)
    with engine.begin() as owner, pytest.raises(TenantFileError, match="belongs to kommun"):
        onboard(owner, replace(new_kommun, kommun_code="x"))
    engine.dispose()


def test_an_onboarded_kommun_can_be_logged_in_to(database: str) -> None:
    onboard_demo()
    ids = {get_directory().tenant_id(slug) for slug in get_directory().slugs}
    # And the landlords' own tenant, which migrations make.
    assert len(ids) == len(load_tenants()) + 1
