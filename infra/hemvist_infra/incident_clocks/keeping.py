"""Incidents in a file: a line for each thing that was said, and nothing is taken away."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hemvist.errors import HemvistError
from hemvist_infra.incident_clocks.clocks import NAMES

#: A code or a ticket's number. What happened, and to whom, stands in the ticket.
_TICKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:#/-]{0,59}")
_SLUG = re.compile(r"[a-z0-9-]{1,60}")
#: Numbers with the length of a personal number, with or without its separator.
_NUMBER = re.compile(r"(?<!\d)(?:\d{6}|\d{8})[-+]?\d{4}(?!\d)")


class IncidentProblem(HemvistError):
    """What was given cannot be kept, or is not there; the message says what."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident, as far as it has been told."""

    id: str
    found: datetime
    ticket: str
    #: Betydande, by the law's own measure: it decides which clocks run.
    significant: bool
    #: Whether personal data are or may be concerned.
    personal: bool
    kommuner: tuple[str, ...]
    #: By clock: when its report was sent.
    sent: dict[str, datetime] = field(default_factory=dict)
    closed: datetime | None = None


class Kept:
    """The file at ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[Incident]:
        """Every incident, the first found first. Raises ``IncidentProblem`` for a line that is none."""
        return list(_read(self._lines()).values())

    def one(self, incident_id: str) -> Incident:
        """The incident. Raises ``IncidentProblem``."""
        for found in self.all():
            if found.id == incident_id:
                return found
        raise IncidentProblem(f"there is no incident {incident_id!r}")

    def start(
        self,
        found: datetime,
        ticket: str,
        *,
        significant: bool,
        personal: bool,
        kommuner: tuple[str, ...],
        at: datetime,
    ) -> Incident:
        """Begin one; its clocks run from ``found``. Raises ``IncidentProblem``."""
        if not _TICKET.fullmatch(ticket) or _NUMBER.search(ticket):
            raise IncidentProblem(
                "the ticket is a code or a number of at most 60 characters, without spaces: what"
                " happened, and to whom, stands in the ticket itself"
            )
        wrong = [slug for slug in kommuner if not _SLUG.fullmatch(slug) or _NUMBER.search(slug)]
        if wrong:
            raise IncidentProblem("a kommun is named by its slug, such as helsingborg")
        if found > at:
            raise IncidentProblem("it cannot have been found in the future")
        with self._locked() as known:
            number = 1 + sum(one.id.startswith(f"{found.year}-") for one in known.values())
            incident = Incident(
                f"{found.year}-{number}", found, ticket, significant, personal, kommuner
            )
            self._say(
                {
                    "incident": incident.id,
                    "found": found.isoformat(),
                    "ticket": ticket,
                    "significant": significant,
                    "personal": personal,
                    "kommuner": list(kommuner),
                    "told_at": at.isoformat(),
                }
            )
        return incident

    def judge(
        self, incident_id: str, *, significant: bool | None, personal: bool | None, at: datetime
    ) -> Incident:
        """Say what has become known since: clocks begin or end, counted from when it was found."""
        with self._locked() as known:
            _require(known, incident_id)
            told: dict[str, Any] = {"incident": incident_id, "told_at": at.isoformat()}
            if significant is not None:
                told["significant"] = significant
            if personal is not None:
                told["personal"] = personal
            self._say(told)
        return self.one(incident_id)

    def tick(self, incident_id: str, clock: str, sent: datetime, at: datetime) -> Incident:
        """Say that a clock's report was sent. Raises ``IncidentProblem``."""
        if clock not in NAMES:
            raise IncidentProblem(f"there is no clock {clock!r}: {', '.join(NAMES)}")
        with self._locked() as known:
            one = _require(known, incident_id)
            if clock in one.sent:
                raise IncidentProblem(f"{clock} of {incident_id} was sent {one.sent[clock]}")
            if sent > at or sent < one.found:
                raise IncidentProblem("it cannot have been sent then")
            self._say(
                {
                    "incident": incident_id,
                    "clock": clock,
                    "sent": sent.isoformat(),
                    "told_at": at.isoformat(),
                }
            )
        return self.one(incident_id)

    def close(self, incident_id: str, at: datetime) -> Incident:
        """Nothing more is to be reported of it. Clocks that nobody has sent stay as they are told."""
        with self._locked() as known:
            _require(known, incident_id)
            self._say({"incident": incident_id, "closed": at.isoformat()})
        return self.one(incident_id)

    def _lines(self) -> Iterator[tuple[int, str]]:
        try:
            text = self._path.read_text()
        except FileNotFoundError:
            return
        yield from ((number, line) for number, line in enumerate(text.splitlines(), 1) if line)

    @contextmanager
    def _locked(self) -> Iterator[dict[str, Incident]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield _read(self._lines())
        finally:
            os.close(handle)

    def _say(self, told: dict[str, Any]) -> None:
        with self._path.open("a") as file:
            file.write(f"{json.dumps(told)}\n")
            file.flush()
            os.fsync(file.fileno())


def _require(known: dict[str, Incident], incident_id: str) -> Incident:
    if incident_id not in known:
        raise IncidentProblem(f"there is no incident {incident_id!r}")
    if known[incident_id].closed is not None:
        raise IncidentProblem(f"{incident_id} is closed")
    return known[incident_id]


def _read(lines: Iterator[tuple[int, str]]) -> dict[str, Incident]:
    found: dict[str, Incident] = {}
    for number, line in lines:
        try:
            _take(found, json.loads(line))
        except (ValueError, KeyError, TypeError):
            raise IncidentProblem(f"line {number} of the file of incidents is none") from None
    return dict(sorted(found.items(), key=lambda item: item[1].found))


def _take(found: dict[str, Incident], told: dict[str, Any]) -> None:
    name = str(told["incident"])
    if "found" in told:
        found[name] = Incident(
            name,
            datetime.fromisoformat(told["found"]),
            str(told["ticket"]),
            bool(told["significant"]),
            bool(told["personal"]),
            tuple(told["kommuner"]),
        )
        return
    one = found[name]
    if "clock" in told:
        sent = {**one.sent, str(told["clock"]): datetime.fromisoformat(told["sent"])}
        found[name] = replace(one, sent=sent)
    elif "closed" in told:
        found[name] = replace(one, closed=datetime.fromisoformat(told["closed"]))
    else:
        found[name] = replace(
            one,
            significant=bool(told.get("significant", one.significant)),
            personal=bool(told.get("personal", one.personal)),
        )
