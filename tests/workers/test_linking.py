"""The worker links every log, tells the anchors outside, and is stopped by nobody's missing keys."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from hemvist import audit
from hemvist.audit import AuditLink, anchors
from hemvist.identity import Actor
from hemvist.settings import get_settings
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.key_folder import key_folder
from hemvist.tenancy.keys import forget_keys
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_testing import new_tenant
from hemvist_workers import linking


def write(tenant_id: UUID) -> None:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        audit.record(session, Actor.system(tenant_id), "act")


def linked(tenant_id: UUID) -> int:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return session.query(AuditLink).count()


def test_every_log_is_linked_and_anchored_outside(
    valkey: str, tenant: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hemvist_workers import tasks

    monkeypatch.setattr(get_settings(), "audit_anchor_file", tmp_path / "anchors.jsonl")
    erased = new_tenant()
    for one in (tenant, erased, PLATFORM_TENANT):
        write(one)
    key_folder().erase(erased)
    forget_keys()
    tasks.link_logs()
    assert linked(tenant) == linked(PLATFORM_TENANT) == 1
    assert linked(erased) == 0
    told = {one.tenant_id for one in anchors.lines(tmp_path / "anchors.jsonl") if one[0]}
    assert told == {tenant, PLATFORM_TENANT}
    for back in ("deep", "all"):
        write(tenant)
        tasks.link_logs(back)
    assert linked(tenant) == 3


def test_each_has_its_turn(tenant: UUID) -> None:
    assert {tenant, PLATFORM_TENANT} <= set(linking.everyone())
