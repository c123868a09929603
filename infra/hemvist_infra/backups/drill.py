"""The drill (återläsningsövning): restores into a new instance, proves what came back, and measures.

Nobody has a backup who has not restored it. The instance lies in a folder of its own, listens on this
machine alone and is gone afterwards; nothing is sent from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hemvist.clock import real_now
from hemvist.errors import HemvistError
from hemvist.migrations.tables import metadata
from hemvist.restored import restored_as
from hemvist.retention import repeating
from hemvist_infra.backups import counting, journey, proofs
from hemvist_infra.backups.apart import pointed_at
from hemvist_infra.backups.instance import Instance, Recovered
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.restoring import Laid, lay_out
from hemvist_infra.backups.store import Store
from hemvist_infra.backups.wal import parse_place
from hemvist_infra.database import prepare_roles

#: The log's last record may have come in part only: so many bytes at its end need not be replayed.
_RECORD = 1 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What is restored, where to, and what it is held against."""

    store: Store
    private: X25519PrivateKey
    folder: Path
    #: The moment up to which is recovered; None for the last there is.
    to: datetime | None = None
    #: When the source was lost; None: it would be lost now.
    lost: datetime | None = None
    #: The source, where it lives: rows are held against it too.
    source: str | None = None
    #: The audit logs' anchors outside the database.
    anchors: Path | None = None
    #: Where the lists of what was thinned lie (``hemvist retention references --every``).
    thinned: Path | None = None
    #: Seconds of acknowledged work that may be lost.
    point: float = 60.0
    #: How old rows are that are held against a living source: younger ones may be under way.
    slack: timedelta = timedelta(minutes=3)


@dataclass(slots=True)
class Outcome:
    """What a drill found and measured. Seconds, but for what says otherwise."""

    findings: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    #: What was looked at, by what it is.
    counts: dict[str, int] = field(default_factory=dict)
    recovered: Recovered | None = None
    #: Seconds before the loss up to which everything is in the backup.
    lost_seconds: float | None = None

    @property
    def restored_in(self) -> float:
        """Seconds until the restored server took connections: the recovery time, without a person's."""
        return sum(self.seconds.get(name, 0.0) for name in ("opened", "recovered"))

    @property
    def last_line(self) -> str:
        """Counts, and finds."""
        parts = [f"{count} {what}" for what, count in self.counts.items()]
        return f"drill: {', '.join((*parts, f'{len(self.findings)} finds'))}"


class Drill:
    """One drill. ``report`` hears each step and finding as it comes."""

    def __init__(self, plan: Plan, report: Callable[[str], None] = lambda line: None) -> None:
        self._plan = plan
        self._report = report
        self._outcome = Outcome()

    def run(self, prove: Callable[[Instance], None] | None = None) -> Outcome:
        """Restore, prove, stop. ``prove`` may look at the instance too, after all else.

        What cannot be restored at all is a finding as well.
        """
        instance: Instance | None = None
        try:
            laid = self._laid()
            instance = Instance(laid, report=self._report)
            with self._timed("recovered"):
                self._outcome.recovered = instance.start()
            self._judge_point(laid, self._outcome.recovered)
            with self._timed("proved"):
                self._proved(laid, instance)
            if prove is not None:
                prove(instance)
        except BackupProblem as problem:
            self._find([str(problem)])
        finally:
            if instance is not None:
                instance.stop()
        return self._outcome

    def _laid(self) -> Laid:
        plan = self._plan
        base = plan.store.base_before(plan.to)
        self._find(plan.store.findings(base))
        self._outcome.counts["segments"] = len(plan.store.since(base))
        with self._timed("opened"):
            return lay_out(plan.store, plan.private, plan.folder, to=plan.to, report=self._report)

    def _judge_point(self, laid: Laid, recovered: Recovered) -> None:
        """Whether everything acknowledged before the promised point came back."""
        received = self._plan.store.received()
        self._report(f"recovered to {recovered.place}, last commit {recovered.last_commit or '-'}")
        if self._plan.to is not None:
            return
        if received is None:
            self._find(["the log was never received"])
            return
        lost = self._plan.lost or real_now()
        self._outcome.lost_seconds = (lost - received.at).total_seconds()
        if self._outcome.lost_seconds > self._plan.point:
            self._find(
                [
                    f"the log is here until {self._outcome.lost_seconds:.0f} s before the loss;"
                    f" {self._plan.point:.0f} s are promised: is `hemvist backup archive` running?"
                ]
            )
        if received.timeline == laid.base.timeline and parse_place(
            recovered.place or laid.base.start
        ) + _RECORD < parse_place(received.place):
            self._find(
                [f"recovery ended at {recovered.place}; the log goes on to {received.place}"]
            )

    def _proved(self, laid: Laid, instance: Instance) -> None:
        plan, told = self._plan, list[str]()
        recovered = self._outcome.recovered
        assert recovered is not None
        until = datetime.fromisoformat(recovered.last_commit or laid.base.ended_at).astimezone(UTC)
        with pointed_at(instance.url), psycopg.connect(instance.url) as connection:
            # Passwords that hold in this instance and nowhere else.
            prepare_roles(instance.url)
            everyone = proofs.registered(connection)
            rows = counting.rows(connection, until)
            self._outcome.counts |= {
                "tables": len(rows),
                "rows": sum(rows.values()),
                "in the register": len(everyone),
            }
            self._step("rows by table", proofs.revision(connection, laid.base))
            self._step("", proofs.counts(connection, laid.base, told))
            if plan.to is None and plan.source is not None:
                self._step("rows of the living source", self._against(connection, until, told))
            self._step("keys", proofs.keys(connection, everyone))
            self._step("logs", proofs.chains(everyone, plan.anchors, until, told))
            self._step("rows hold together", proofs.sound(connection, until, told))
            self._step("tables, rights and policies", proofs.declared())
            self._step("nothing is sent", _held())
            self._step("thinned again", self._thin_again(told))
            self._step("journey", _whole(lambda: journey.go(connection, told)))
        for line in told:
            self._report(f"  {line}")

    def _against(
        self, connection: psycopg.Connection, until: datetime, told: list[str]
    ) -> Iterator[str]:
        before = until - self._plan.slack
        try:
            with psycopg.connect(self._plan.source or "", connect_timeout=10) as source:
                living = counting.rows(source, before)
        except psycopg.OperationalError:
            told.append("the source does not answer: rows are held against the manifest alone")
            return
        here = counting.rows(connection, before)
        yield from proofs.fewer(living, here, connection, before, told)

    def _thin_again(self, told: list[str]) -> Iterator[str]:
        if self._plan.thinned is None:
            told.append("nothing was thinned again: no folder with lists of thinnings was given")
            return
        try:
            done = repeating.repeat(self._plan.thinned, metadata)
        except HemvistError as wrong:
            yield f"not thinned again: {wrong}"
            return
        thinned = sum(one.thinned for one in done)
        left = sum(sum(one.left.values()) for one in done)
        told.append(f"{len(done)} thinnings done again: {thinned} cases went once more")
        if left:
            yield f"{left} cases that were thinned are back, and could not be thinned again"

    def _step(self, name: str, found: Iterable[str]) -> None:
        if name:
            self._report(name)
        self._find(found)

    def _find(self, found: Iterable[str]) -> None:
        for line in found:
            self._outcome.findings.append(line)
            self._report(f"FOUND: {line}")

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        before = time.monotonic()
        yield
        self._outcome.seconds[name] = time.monotonic() - before


def _held() -> Iterator[str]:
    if restored_as() is None:
        yield "a worker that is started on what was restored would send mails and call others"


def _whole(steps: Callable[[], Iterator[str]]) -> Iterator[str]:
    """What a journey found; one that breaks off is a finding itself."""
    try:
        yield from steps()
    except Exception as error:
        yield f"journey: {type(error).__name__}: {str(error).splitlines()[:1]}"
