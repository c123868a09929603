"""The folder of backups: what lies in it, whether it is whole, and what may go.

``base/ID/`` holds one base backup (``data.box``) and, written last, what it is (``manifest.json``):
without that it is none. ``wal/`` holds the write-ahead log since, a sealed file for each segment;
``NAME.partial.box`` is the one that is still being written. ``wal/ledger.jsonl`` says of each whole
segment its size and SHA-256, ``archive.json`` how far the log was received, and when somebody last looked.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hemvist.clock import real_now
from hemvist_infra.backups.boxes import Closed, digest, sync_folder
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.wal import HISTORY, USUAL_BYTES, Segment, parse_place, parse_segment

_BOX, _PARTIAL = ".box", ".partial.box"


@dataclass(frozen=True, slots=True)
class Base:
    """A base backup's manifest. Places in the log as PostgreSQL writes them, days as ISO with zone."""

    id: str
    started_at: str
    ended_at: str
    start: str
    end: str
    timeline: int
    segment_bytes: int
    server_version: int
    system: str
    #: The database that was counted, and a superuser's name on the server.
    database: str
    superuser: str
    #: The last migration.
    revision: str
    #: Which pair it is sealed to.
    key: str
    size: int
    sha256: str
    #: The moment before which made rows were counted, and how many there were by table.
    counted_before: str
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def begun(self) -> datetime:
        """When it was begun."""
        return datetime.fromisoformat(self.started_at)

    @property
    def done(self) -> datetime:
        """When it was ready: no earlier point can be restored from it."""
        return datetime.fromisoformat(self.ended_at)

    @property
    def first(self) -> Segment:
        """The first segment that it needs."""
        return Segment(self.timeline, parse_place(self.start) // self.segment_bytes)

    @property
    def last(self) -> Segment:
        """The last segment without which it is not whole."""
        return Segment(self.timeline, (parse_place(self.end) - 1) // self.segment_bytes)


@dataclass(frozen=True, slots=True)
class Received:
    """How far the log has come: its last place that is in the folder, and when that was so."""

    at: datetime
    place: str
    timeline: int


class Store:
    """The folder at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wal = path / "wal"
        self._bases = path / "base"

    def make(self) -> None:
        """Make what is not there, for nobody but ourselves."""
        for folder in (self.path, self.wal, self._bases):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    # Base backups --------------------------------------------------------------------------------

    def base_folder(self, base_id: str) -> Path:
        """Where a base backup lies, or will."""
        return self._bases / base_id

    def data_of(self, base_id: str) -> tuple[Path, str]:
        """A base backup's file, and the name that it is sealed by."""
        return self.base_folder(base_id) / "data.box", f"base/{base_id}/data"

    def bases(self) -> list[Base]:
        """The whole base backups, the oldest first."""
        found = []
        for path in self._bases.glob("*/manifest.json"):
            try:
                found.append(Base(**json.loads(path.read_text())))
            except (ValueError, TypeError) as wrong:
                raise BackupProblem(f"{path} cannot be read: {wrong}") from None
        return sorted(found, key=lambda one: one.begun)

    def keep_base(self, base: Base) -> None:
        """Write the manifest: from now on it is a base backup."""
        _replace(self.base_folder(base.id) / "manifest.json", asdict(base))
        sync_folder(self._bases)

    def base_before(self, moment: datetime | None) -> Base:
        """The newest base backup from which ``moment`` (None: the last there is) can be restored.

        Raises ``BackupProblem`` where there is none.
        """
        bases = [one for one in self.bases() if moment is None or one.done <= moment]
        if not bases:
            before = "" if moment is None else f" from before {moment.isoformat()}"
            raise BackupProblem(f"there is no base backup{before} in {self.path}")
        return bases[-1]

    # The log -------------------------------------------------------------------------------------

    def box_of(self, name: str, *, partial: bool = False) -> tuple[Path, str]:
        """The sealed file of a segment, and the name that it is sealed by."""
        suffix = _PARTIAL if partial else _BOX
        return self.wal / f"{name}{suffix}", f"wal/{name}{'.partial' if partial else ''}"

    def enter(self, name: str, closed: Closed) -> None:
        """Note a whole segment in the ledger; its unfinished copy is needed no more."""
        line = json.dumps({"name": name, **closed._asdict()})
        with (self.wal / "ledger.jsonl").open("a") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
        self.box_of(name, partial=True)[0].unlink(missing_ok=True)

    def ledger(self) -> dict[str, Closed]:
        """What the ledger says of each segment. A line cut off by a crash is passed over."""
        found = {}
        for told in _lines(self.wal / "ledger.jsonl"):
            found[told["name"]] = Closed(told["size"], told["sha256"])
        return found

    def segments(self, size: int = USUAL_BYTES) -> dict[Segment, bool]:
        """The segments that are here, and whether each is whole."""
        found: dict[Segment, bool] = {}
        for path in self.wal.glob(f"*{_BOX}"):
            partial = path.name.endswith(_PARTIAL)
            name = path.name.removesuffix(_PARTIAL if partial else _BOX)
            segment = parse_segment(name, size)
            if segment is not None:
                found[segment] = found.get(segment, False) or not partial
        return found

    def histories(self) -> list[str]:
        """Names of the files that say where timelines branch off."""
        names = (path.name.removesuffix(_BOX) for path in self.wal.glob(f"*{_BOX}"))
        return sorted(name for name in names if HISTORY.fullmatch(name))

    def since(self, base: Base) -> dict[Segment, bool]:
        """The segments of the base backup's timeline, from the first that it needs on, in order."""
        found = self.segments(base.segment_bytes)
        wanted = (one for one in found if one.timeline == base.timeline and one >= base.first)
        return {one: found[one] for one in sorted(wanted)}

    def note_received(self, received: Received) -> None:
        """Write down how far the log has come."""
        told = {"at": received.at.isoformat(), "place": received.place}
        _replace(self.path / "archive.json", {**told, "timeline": received.timeline})

    def received(self) -> Received | None:
        """How far the log has come; None where none was ever received."""
        try:
            told = json.loads((self.path / "archive.json").read_text())
            at = datetime.fromisoformat(told["at"])
            return Received(at, str(told["place"]), int(told["timeline"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as wrong:
            raise BackupProblem(f"{self.path}/archive.json cannot be read: {wrong}") from None

    # Whether it is whole, and what may go ----------------------------------------------------------

    def findings(self, base: Base) -> Iterator[str]:
        """What is wrong with a base backup and the log since, as far as can be seen without a key."""
        path, _ = self.data_of(base.id)
        yield from _compared(path, f"base backup {base.id}", Closed(base.size, base.sha256))
        there, ledger = self.since(base), self.ledger()
        last = max((base.last, *there))
        received = self.received()
        if received is not None and received.timeline == base.timeline:
            place = parse_place(received.place)
            last = max(last, Segment(base.timeline, max(0, place - 1) // base.segment_bytes))
        for number in range(base.first.number, last.number + 1):
            one = Segment(base.timeline, number)
            name = one.name(base.segment_bytes)
            if one not in there:
                yield f"segment {name} of the log is missing: nothing after it can be restored"
            elif there[one] and name not in ledger:
                yield f"segment {name} of the log is not in the ledger"
            elif there[one]:
                yield from _compared(self.box_of(name)[0], f"segment {name}", ledger[name])
            elif number != last.number:
                yield f"segment {name} of the log is not whole, and there are later ones"

    def prune(self, days: int) -> list[str]:
        """Remove base backups begun more than ``days`` days ago, and the log that none needs.

        The newest stays whatever its age. Returns what went.
        """
        bases, limit = self.bases(), real_now() - timedelta(days=days)
        gone = [one for one in bases[:-1] if one.begun < limit]
        for one in gone:
            # The manifest first: half of a base backup must not look like one.
            (self.base_folder(one.id) / "manifest.json").unlink()
            shutil.rmtree(self.base_folder(one.id))
        told = [f"base backup {one.id}" for one in gone]
        kept = [one for one in bases if one not in gone]
        if kept:
            size = kept[0].segment_bytes
            first = min(one.first.number for one in kept)
            for segment, whole in sorted(self.segments(size).items()):
                if segment.number < first:
                    name = segment.name(size)
                    self.box_of(name, partial=not whole)[0].unlink()
                    told.append(f"segment {name}")
            self._shorten(first, size)
        return told

    def _shorten(self, first: int, size: int) -> None:
        kept = []
        for name, closed in self.ledger().items():
            segment = parse_segment(name, size)
            if segment is None or segment.number >= first:
                kept.append(json.dumps({"name": name, **closed._asdict()}))
        _write(self.wal / "ledger.jsonl", "".join(f"{line}\n" for line in kept))


def _compared(path: Path, what: str, told: Closed) -> Iterator[str]:
    if not path.exists():
        yield f"{what} is missing"
    elif digest(path) != told:
        yield f"{what} is not as it was written"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text()
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _replace(path: Path, content: dict[str, Any]) -> None:
    _write(path, f"{json.dumps(content, indent=1)}\n")


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    sync_folder(path.parent)
