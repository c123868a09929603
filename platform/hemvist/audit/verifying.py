"""Whether the log is as it was written (verifiering): what is changed, gone, put in or moved, and where.

Every entry's mark and every link's hash is made anew. What fails is told with its place in the chain, so
that one changed byte names its row and no other.

Source: SoLPUL (2001:454) section 10; decision 0043.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from hemvist.audit.anchors import Anchor, BrokenLine, in_database, lines
from hemvist.audit.linking import NO_ID, UNLINKED_LIMIT, following
from hemvist.audit.marks import NOTHING_BEFORE, digest_of, is_genuine, link_hash
from hemvist.clock import real_now
from hemvist.db import Audience, TimeLimits
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.tenancy.keys import TenantKeys, tenant_keys
from hemvist.tenancy.statements import answered

_SLICE = 5_000
#: Among so many links that do not hold it is looked for those that have changed places.
_MOVED_MOST = 60
# Only names of ours are put in.
_LINKS = f"""
SELECT l.ordinal, l.id, l.section, l.generation, extract(epoch FROM l.linked_at)::text, l.hash,
       e.id, {digest_of("e")}, e.mac
  FROM audit_links l
  LEFT JOIN audit_entries e ON e.tenant_id = l.tenant_id AND e.id = l.id
 WHERE l.tenant_id = %(tenant)s AND (l.ordinal, l.id) >= (%(since)s, %(id)s)
   AND l.ordinal <= %(last)s
 ORDER BY l.ordinal, l.id LIMIT %(limit)s
"""  # noqa: S608 - words of this module alone
_UNLINKED = f"""
SELECT e.id, {digest_of("e")}, e.mac FROM audit_entries e
 WHERE e.tenant_id = %(tenant)s AND e.id >= %(since)s
   AND NOT EXISTS (SELECT FROM audit_links l WHERE l.tenant_id = %(tenant)s AND l.id = e.id)
 ORDER BY e.id LIMIT %(limit)s
"""  # noqa: S608 - words of this module alone
_LAST = "SELECT max(ordinal) FROM audit_links WHERE tenant_id = %(tenant)s"
_TWICE = """
SELECT id FROM audit_entries WHERE tenant_id = %(tenant)s
 GROUP BY id HAVING count(*) > 1 ORDER BY id LIMIT 100
"""


class Finding(NamedTuple):
    """Something that is not as it was written. ``ordinal`` is its place in the chain, if it has one."""

    #: changed, removed, inserted, duplicated, moved, link, truncated, unlinked or anchor.
    kind: str
    ordinal: int | None
    entry_id: UUID | None
    told: str


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found."""

    linked: int = 0
    #: Entries from before there were marks, which only the chain vouches for.
    before: int = 0
    #: Written so recently that they need not be linked yet.
    waiting: int = 0
    anchors: int = 0
    #: Anchors of this kommun in the file outside the database; None where no file is set.
    outside: int | None = None
    findings: list[Finding] = field(default_factory=list)

    def find(self, kind: str, ordinal: int | None, entry_id: UUID | None, told: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(kind, ordinal, entry_id, told))


class _Link(NamedTuple):
    ordinal: int
    row_id: UUID
    section: str
    generation: int
    linked_at: str
    hash: bytes
    entry_id: UUID | None
    digest: bytes
    mac: bytes | None


def verify(tenant_id: UUID, file: Path | None = None, at: datetime | None = None) -> Report:
    """Look through the kommun's whole log. ``file`` is where anchors are told outside the database.

    Raises ``KeysMissing`` where the keys are gone: without them nothing can be said.
    """
    keys, report, at = tenant_keys(tenant_id), Report(), at or real_now()
    # The anchors first: the chain that is read after them is no shorter than they say.
    outside = None if file is None else list(lines(file))
    anchors = in_database(tenant_id)
    report.anchors = len(anchors)
    told = [one for one in outside or () if isinstance(one, Anchor) and one.tenant_id == tenant_id]
    wanted = {one.ordinal for one in (*anchors, *told)}
    with tenant_session(Audience.WORKER, tenant_id, limits=TimeLimits(0, 0, 0)) as session:
        ((last,),) = answered(session, _LAST, {})
        walk = _Walk(keys, report, wanted)
        for one in _links(session, last or 0):
            walk.link(one)
        walk.end()
        for (row_id,) in answered(session, _TWICE, {}):
            report.find("duplicated", None, row_id, "the entry is there more than once")
        _unlinked(session, keys, report, at)
    for anchor in anchors:
        _anchored(keys, report, anchor, walk, "the database")
    if outside is not None:
        report.outside = len(told)
        for number, line in enumerate(outside, 1):
            if isinstance(line, BrokenLine):
                report.find("anchor", None, None, f"line {number} of {file} is no anchor")
        for anchor in told:
            _anchored(keys, report, anchor, walk, str(file))
        _compare(report, anchors, told, at)
    return report


class _Walk:
    """Goes along the chain and remembers what may stand before the next link."""

    def __init__(self, keys: TenantKeys, report: Report, wanted: Set[int]) -> None:
        self._keys = keys
        self._report = report
        self._wanted = wanted
        self._before: set[bytes] = {NOTHING_BEFORE}
        self._known = True
        self._place = 0
        #: Links that do not hold, and what might stand before each.
        self._failed: list[tuple[_Link, set[bytes]]] = []
        #: Hashes by ordinal, of the links that are wanted.
        self.heads: dict[int, bytes] = {}

    @property
    def longest(self) -> int:
        """The ordinal of the last link."""
        return self._place

    def link(self, one: _Link) -> None:
        """Look at the next link."""
        report = self._report
        if one.ordinal < 1:
            report.find("link", one.ordinal, one.row_id, "no chain has such a place")
            return
        if one.ordinal == self._place:
            report.find("duplicated", one.ordinal, one.row_id, "the place is taken twice")
            return
        if one.ordinal > self._place + 1:
            self._gap(one.ordinal)
        self._place = one.ordinal
        report.linked += 1
        report.before += one.section == "before"
        if one.entry_id is None:
            report.find("removed", one.ordinal, one.row_id, "the entry is gone, its link is there")
            self._go_on(one, None)
            return
        genuine = is_genuine(self._keys, one.digest, one.mac)
        made = self._made(one)
        holds = one.hash in made
        if one.section == "marked" and not genuine:
            if holds:
                told = "put in without the key, or changed before it was linked"
                report.find("inserted", one.ordinal, one.row_id, told)
            else:
                report.find("changed", one.ordinal, one.row_id, "the entry was changed")
        elif not holds and self._known:
            self._failed.append((one, self._before))
        self._go_on(one, made)

    def end(self) -> None:
        """Tell of the links that do not hold: moved, or changed."""
        guilty, moved = self._failed, dict[int, int]()
        if len(guilty) <= _MOVED_MOST:
            hashes = {one.hash for one, _ in guilty}
            # One that follows on a link that stands elsewhere now is as it was.
            guilty = [
                (one, before)
                for one, before in guilty
                if one.hash not in self._made(one, one.ordinal, before | hashes)
            ]
            moved = self._moved(hashes)
        for one, _ in guilty:
            origin = moved.get(one.ordinal)
            if origin is not None:
                told = f"the link stood at {origin}: it was moved"
                self._report.find("moved", one.ordinal, one.row_id, told)
            elif one.section == "before":
                told = "the entry, which is from before there were marks, or its link was changed"
                self._report.find("changed", one.ordinal, one.row_id, told)
            else:
                told = "the link was changed; the entry itself is as it was written"
                self._report.find("link", one.ordinal, one.row_id, told)

    def _gap(self, ordinal: int) -> None:
        first, last = self._place + 1, ordinal - 1
        places = f"{first}" if first == last else f"{first} to {last}"
        self._report.find("removed", first, None, f"the links {places} are gone")
        self._known = False

    def _go_on(self, one: _Link, made: set[bytes] | None) -> None:
        """The next may follow on what stands here, or on what ought to stand here."""
        self._before = {one.hash} | (made or set())
        if one.ordinal in self._wanted:
            self.heads[one.ordinal] = one.hash
        self._known = True

    def _made(
        self, one: _Link, at: int | None = None, before: set[bytes] | None = None
    ) -> set[bytes]:
        link = (one.ordinal if at is None else at, one.row_id, one.section, one.linked_at)
        entry = (one.digest, one.mac)
        return {
            found
            for each in (self._before if before is None else before)
            if (found := link_hash(self._keys, one.generation, link, entry, each)) is not None
        }

    def _moved(self, hashes: Set[bytes]) -> dict[int, int]:
        """Of links that do not hold where they stand: where they would."""
        places = {one.ordinal: before | hashes for one, before in self._failed}
        found: dict[int, int] = {}
        for one, _ in self._failed:
            for place, before in places.items():
                if place != one.ordinal and one.hash in self._made(one, place, before):
                    found[one.ordinal] = place
        return found


def _links(session: TenantSession, last: int) -> Iterator[_Link]:
    # Ordinals below 1 are nobody's, and yet somebody may have written one.
    since, row_id = -(2**63), NO_ID
    while True:
        asked = {"since": since, "id": row_id, "last": last, "limit": _SLICE}
        rows = [_Link(*row) for row in answered(session, _LINKS, asked)]
        yield from rows
        if len(rows) < _SLICE:
            return
        # By both: a place that is taken twice may lie where one part ends.
        since, row_id = rows[-1].ordinal, following(rows[-1].row_id)


def _unlinked(session: TenantSession, keys: TenantKeys, report: Report, at: datetime) -> None:
    since = NO_ID
    while True:
        rows = answered(session, _UNLINKED, {"since": since, "limit": _SLICE})
        for row_id, digest, mac in rows:
            if not is_genuine(keys, digest, mac):
                told = "an entry without a link that this kommun's services have not written"
                report.find("inserted", None, row_id, told)
            elif _age(row_id, at) > UNLINKED_LIMIT:
                told = "written long ago and not in the chain: the linker stands still, or its link is gone"
                report.find("unlinked", None, row_id, told)
            else:
                report.waiting += 1
        if len(rows) < _SLICE:
            return
        since = following(rows[-1][0])


def _age(row_id: UUID, at: datetime) -> timedelta:
    """How old an entry is by its id, which its mark vouches for."""
    return timedelta(milliseconds=at.timestamp() * 1000 - (row_id.int >> 80))


def _anchored(keys: TenantKeys, report: Report, anchor: Anchor, walk: _Walk, where: str) -> None:
    if not anchor.is_genuine(keys):
        told = f"the anchor in {where} was changed, or made by somebody else"
        report.find("anchor", anchor.ordinal, None, told)
    elif anchor.ordinal > walk.longest:
        told = (
            f"the chain ends at {walk.longest}; {where} knows that it went on to {anchor.ordinal}"
        )
        report.find("truncated", walk.longest + 1, None, told)
    elif walk.heads.get(anchor.ordinal) != anchor.hash:
        told = f"the chain is another one than the anchor in {where} says"
        report.find("anchor", anchor.ordinal, None, told)


def _compare(
    report: Report, anchors: Sequence[Anchor], told: Sequence[Anchor], at: datetime
) -> None:
    """What one of the two knows and the other ought to."""
    inside = {one.ordinal for one in anchors}
    outside = {one.ordinal for one in told}
    settled = (at - UNLINKED_LIMIT).timestamp()
    for one in anchors:
        if one.ordinal not in outside and float(one.made_at) < settled:
            report.find("anchor", one.ordinal, None, "the file does not know this anchor")
    for ordinal in sorted(outside - inside):
        report.find("anchor", ordinal, None, "the anchor is gone from the database")
