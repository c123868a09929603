"""``hemvist audit``: what was tampered with is told in a line, with its place."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from hemvist import audit
from hemvist.audit import linking
from hemvist.errors import HemvistError
from hemvist.identity import Actor
from hemvist.settings import get_settings
from hemvist.tenancy import Audience, tenant_session
from hemvist_infra import cli_audit
from hemvist_tampering import Tampering
from hemvist_testing import new_tenant, owner_connection


def hemvist(*arguments: str, status: int = 0) -> str:
    """What the command told."""
    ran = CliRunner().invoke(cli_audit.app, arguments)
    assert ran.exit_code == status, (ran.output, ran.exception)
    return ran.output


def slug_of(tenant_id: UUID) -> str:
    with owner_connection() as connection:
        row = connection.execute("SELECT slug FROM tenants WHERE id = %s", (tenant_id,)).fetchone()
    assert row is not None
    return str(row[0])


def test_a_changed_byte_is_told_with_its_place(
    postgres: str,
    database: str,
    tenant: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slug = slug_of(tenant)
    with tenant_session(Audience.STAFF, tenant) as session:
        for number in range(5):
            audit.record(session, Actor.system(tenant), f"act.{number}")
    assert "No anchors outside" in hemvist("verify", "--tenant", slug)
    file = tmp_path / "anchors.jsonl"
    monkeypatch.setattr(get_settings(), "audit_anchor_file", file)
    assert f"{slug}: 5 linked" in hemvist("link", "--tenant", slug)
    assert hemvist("anchors", "--tenant", slug) == file.read_text()
    told = hemvist("verify", "--tenant", slug)
    assert (
        told == f"{slug}: 5 linked (0 from before), 0 waiting, 1 anchors, 1 outside, 0 findings\n"
    )
    hands = Tampering(postgres, database, tenant, new_tenant())
    row = hands.ids("audit_entries")[3]
    hands.change("audit_entries", row, "action")
    hands.close()
    told = hemvist("verify", "--tenant", slug, status=1)
    assert f"{slug}: changed at 4, entry {row}: the entry was changed\n" in told
    # Others are looked through as well, and theirs is whole.
    assert hemvist("verify", status=1).count("changed at") == 1


def test_a_kommun_that_is_none(database: str) -> None:
    ran = CliRunner().invoke(cli_audit.app, ["verify", "--tenant", "ingenstans"])
    assert isinstance(ran.exception, HemvistError)


def test_a_look_at_a_whole_log_is_without_limit(database: str, tenant: UUID) -> None:
    """And one of a kommun without any entry says so."""
    assert linking.link(tenant).entries == 0
    assert "0 linked" in hemvist("verify", "--tenant", slug_of(tenant))
