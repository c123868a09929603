"""The folder of backups: gaps, changed files and old age are seen without a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hemvist.clock import real_now
from hemvist_infra.backups import boxes
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.store import Base, Received, Store
from hemvist_infra.backups.wal import Segment, parse_segment

_SIZE = 16 << 20


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "backups")
    made.make()
    boxes.make_keys(tmp_path / "backup.key")
    return made


def _public(store: Store) -> boxes.X25519PublicKey:
    return boxes.read_public(store.path.parent / "backup.key.pub")


def _base(store: Store, name: str, first: int, begun: datetime) -> Base:
    """A base backup that needs segment ``first``."""
    path, sealed_as = store.data_of(name)
    path.parent.mkdir()
    closed = boxes.seal_file(path, sealed_as, _public(store), b"data")
    base = Base(
        id=name,
        started_at=begun.isoformat(),
        ended_at=(begun + timedelta(minutes=1)).isoformat(),
        start=f"0/{first * _SIZE + 40:X}",
        end=f"0/{first * _SIZE + 400:X}",
        timeline=1,
        segment_bytes=_SIZE,
        server_version=180_006,
        system="7",
        database="hemvist",
        superuser="postgres",
        revision="0063",
        key=boxes.fingerprint(_public(store)),
        size=closed.size,
        sha256=closed.sha256,
        counted_before=begun.isoformat(),
        rows={"households": 3},
    )
    store.keep_base(base)
    return base


def _segment(store: Store, number: int, *, partial: bool = False, timeline: int = 1) -> Path:
    name = Segment(timeline, number).name()
    path, sealed_as = store.box_of(name, partial=partial)
    closed = boxes.seal_file(path, sealed_as, _public(store), b"log")
    if not partial:
        store.enter(name, closed)
    return path


def test_names_of_segments() -> None:
    assert Segment(1, 3).name() == "000000010000000000000003"
    assert Segment(2, 256).name() == "000000020000000100000000"
    for number in (0, 255, 256, 70_000):
        assert parse_segment(Segment(9, number).name()) == (9, number)
    for other in ("archive_status", "00000001.history", "0000000100000000000000", ".partial"):
        assert parse_segment(other) is None


def test_a_whole_folder_has_no_findings(store: Store) -> None:
    base = _base(store, "a", 2, real_now())
    for number in (2, 3, 4):
        _segment(store, number)
    _segment(store, 5, partial=True)
    store.note_received(Received(real_now(), f"0/{5 * _SIZE + 9:X}", 1))
    assert list(store.findings(base)) == []
    assert list(store.since(base).values()) == [True, True, True, False]
    assert store.bases() == [base]


@pytest.mark.parametrize("gone", [2, 3, 4])
def test_a_gap_is_found(store: Store, gone: int) -> None:
    base = _base(store, "a", 2, real_now())
    for number in (2, 3, 4, 5):
        path = _segment(store, number)
        if number == gone:
            path.unlink()
    assert any("missing" in line for line in store.findings(base))


def test_an_end_that_is_gone_is_found_by_what_was_received(store: Store) -> None:
    base = _base(store, "a", 2, real_now())
    _segment(store, 2)
    assert list(store.findings(base)) == []
    store.note_received(Received(real_now(), f"0/{4 * _SIZE + 9:X}", 1))
    assert len(list(store.findings(base))) == 2


def test_an_unfinished_segment_in_the_midst_is_found(store: Store) -> None:
    base = _base(store, "a", 2, real_now())
    _segment(store, 2)
    _segment(store, 3, partial=True)
    _segment(store, 4)
    (line,) = store.findings(base)
    assert "not whole" in line


@pytest.mark.parametrize("what", ["segment", "base", "gone", "ledger"])
def test_what_was_changed_or_removed_is_found(store: Store, what: str) -> None:
    base = _base(store, "a", 2, real_now())
    path = _segment(store, 2)
    if what in ("base", "gone"):
        path = store.data_of("a")[0]
    if what == "ledger":
        (store.wal / "ledger.jsonl").write_text('{"name": "half')
    elif what == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert len(list(store.findings(base))) == 1


def test_a_base_backup_without_its_manifest_is_none(store: Store) -> None:
    _base(store, "a", 2, real_now())
    (store.base_folder("a") / "manifest.json").unlink()
    assert store.bases() == []
    with pytest.raises(BackupProblem, match="no base backup"):
        store.base_before(None)


def test_the_newest_base_backup_before_a_moment_is_taken(store: Store) -> None:
    now = real_now()
    older, newer = _base(store, "a", 2, now - timedelta(days=2)), _base(store, "b", 5, now)
    assert store.base_before(None) == newer
    assert store.base_before(now - timedelta(hours=1)) == older
    with pytest.raises(BackupProblem, match="no base backup from before"):
        store.base_before(now - timedelta(days=3))


def test_what_is_too_old_goes_and_the_newest_stays(store: Store) -> None:
    now = real_now()
    for at, (name, days) in enumerate((("a", 50), ("b", 40), ("c", 20))):
        _base(store, name, 2 + 2 * at, now - timedelta(days=days))
    for number in range(1, 8):
        _segment(store, number)
    gone = store.prune(35)
    assert [one.id for one in store.bases()] == ["c"]
    assert {one.number for one in store.segments()} == {6, 7}
    assert set(store.ledger()) == {Segment(1, 6).name(), Segment(1, 7).name()}
    assert len(gone) == 2 + 5
    assert not store.base_folder("a").exists()
    assert store.prune(0) == []
    assert list(store.findings(store.bases()[0])) == []


def test_another_timeline_is_no_part_of_a_base_backup(store: Store) -> None:
    base = _base(store, "a", 2, real_now())
    _segment(store, 2)
    _segment(store, 9, timeline=2)
    store.note_received(Received(real_now(), f"0/{9 * _SIZE + 9:X}", 2))
    assert list(store.findings(base)) == []
    assert list(store.since(base)) == [Segment(1, 2)]
    assert replace(base, timeline=2).first == Segment(2, 2)
