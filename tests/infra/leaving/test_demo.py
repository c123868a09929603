"""The populated demo kommun goes out and comes in again by the commands of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from hemvist.audit import linking, verifying
from hemvist_infra import cli, demo
from hemvist_infra.leaving import tables
from hemvist_leaving import seen
from hemvist_testing import forget_settings, owner_connection

pytestmark = pytest.mark.slow
SIZES = {"helsingborg": 60, "karlstad": 8}
LOG = {"audit_entries", "audit_links", "audit_anchors"}


@pytest.fixture(scope="module")
def seeded(database: str) -> dict[str, UUID]:
    demo.seed(lambda _done, _total: None, SIZES)
    with owner_connection() as connection:
        rows = connection.execute("SELECT slug, id FROM tenants").fetchall()
    ids = dict(rows)
    for slug in SIZES:
        linking.link(ids[slug], None)
    return ids


@pytest.fixture
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "anchors.jsonl"
    monkeypatch.setenv("HEMVIST_AUDIT_ANCHOR_FILE", str(path))
    forget_settings()
    yield path
    monkeypatch.undo()
    forget_settings()


def test_the_demo_kommun_makes_the_round_trip(
    postgres: str, database: str, seeded: dict[str, UUID], tmp_path: Path, anchors: Path
) -> None:
    tenant_id, folder, key = seeded["helsingborg"], tmp_path / "out", tmp_path / "receiver.key"
    before = seen(postgres, database, tenant_id)

    def told(*words: str) -> str:
        answer = CliRunner().invoke(cli.app, list(words))
        assert answer.exit_code == 0, (words, answer.output, answer.exception)
        return str(answer.output)

    told("backup", "key", "--out", str(key))
    told("tenant", "suspend", "helsingborg")
    told("tenant", "export", "helsingborg", "--out", str(folder), "--to", f"{key}.pub")
    said = json.loads((folder / "manifest.json").read_text())
    assert said["deadlines"]["open"] > 20
    assert set(said["replays"]["counts"]) == {"same"} and said["replays"]["counts"]["same"] > 20

    assert 'slug = "helsingborg"' in (folder / "tenant.toml").read_text()
    assert list((folder / "packs").rglob("pack.yaml"))

    clear = tmp_path / "clear"
    told("tenant", "open", str(folder), "--key", str(key), "--out", str(clear))
    assert (clear / "persons.ndjson").read_bytes().count(b"\n") == before.own["persons"][0]

    told("tenant", "close", "helsingborg")
    asked = ("--by", "Anna Ek", "--because", "Avtal 2026-14", "--wait", "0")
    told("tenant", "erase", "helsingborg", *asked)
    paper = tmp_path / "certificate.json"
    agreed = ("--by", "Bo Lund", "--confirm", "helsingborg", "--out", str(paper))
    assert "are gone, and the keys" in told("tenant", "erase", "helsingborg", *agreed)
    gone = seen(postgres, database, tenant_id)
    assert gone.rows() == 0 and gone.others == before.others
    assert json.loads(paper.read_text())["rows_before"]["cases"] == before.own["cases"][0]

    last = told("tenant", "import", str(folder), "--key", str(key))
    assert "As exported to the last byte" in last
    assert f"{said['deadlines']['open']} deadlines run" in last
    after = seen(postgres, database, tenant_id)
    assert after.others == before.others
    for table, was in before.own.items():
        if table not in {*LOG, *tables.LEFT_OUT}:
            assert after.own[table] == was, table
    report = verifying.verify(tenant_id, anchors)
    assert report.findings == []
    assert report.linked >= before.own["audit_links"][0] + 2
    told("tenant", "resume", "helsingborg")
    told("policy", "replay", "--tenant", "helsingborg")
