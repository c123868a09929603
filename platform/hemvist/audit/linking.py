"""The linker (länkaren): gives committed entries their place in the kommun's chain.

A chain made when entries are written would let one act of a kommun wait for the next. So entries are
marked when they are written, and linked within seconds by a worker, one at a time for each kommun. Each
batch is a transaction: a killed linker leaves whole batches, and the next goes on after them.

Source: decision 0043.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from hemvist.audit.marks import (
    NOTHING_BEFORE,
    anchor_mark,
    digest_of,
    instant,
    is_genuine,
    link_hash,
)
from hemvist.audit.service import record
from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import answered

log = structlog.get_logger("hemvist.audit")

BATCH = 2_000
#: How long before the latest link an entry may have been written that is linked now: its transaction
#: was open for so long. What was open for longer, two minutes at most for people, is found by ``DEEP``, and
#: whatever it was by a whole look at night.
RECENT = timedelta(seconds=20)
DEEP = timedelta(minutes=15)
#: An entry that is older than this and has no link is told of by ``verify``.
UNLINKED_LIMIT = timedelta(minutes=15)
#: An anchor tells of the chain's head this often while it grows.
ANCHOR_EVERY = timedelta(minutes=10)

#: The chain's own first word, where there were entries before it.
BEGINS = "audit.chain_begins"

_HEAD = """
SELECT head.ordinal, head.hash, head.section, extract(epoch FROM head.linked_at)::float8, (
         SELECT id FROM (SELECT id FROM audit_links WHERE tenant_id = %(tenant)s
                          ORDER BY ordinal DESC LIMIT 100) latest ORDER BY id DESC LIMIT 1),
       anchor.ordinal, extract(epoch FROM anchor.made_at)::float8
  FROM (SELECT ordinal, hash, section, linked_at FROM audit_links
         WHERE tenant_id = %(tenant)s ORDER BY ordinal DESC LIMIT 1) head
  LEFT JOIN (SELECT ordinal, made_at FROM audit_anchors
              WHERE tenant_id = %(tenant)s ORDER BY ordinal DESC LIMIT 1) anchor ON true
"""
# Only names of ours are put in.
_WAITING = f"""
SELECT e.id, {digest_of("e")}, e.mac FROM audit_entries e
 WHERE e.tenant_id = %(tenant)s AND e.id >= %(since)s AND (e.mac IS NULL OR NOT %(unmarked)s)
   -- Asked for each entry by its key: as a join the planner may read every link there is.
   AND (SELECT true FROM audit_links l WHERE l.tenant_id = %(tenant)s AND l.id = e.id) IS NULL
 ORDER BY e.id LIMIT %(limit)s
"""  # noqa: S608 - words of this module alone
_LINK = """
INSERT INTO audit_links (tenant_id, id, ordinal, section, generation, linked_at, hash)
SELECT %(tenant)s, link.id, link.ordinal, %(section)s, %(generation)s, %(at)s, link.hash
  FROM unnest(%(ids)s::uuid[], %(ordinals)s::bigint[], %(hashes)s::bytea[]) AS link (id, ordinal, hash)
RETURNING id
"""
_ANCHOR = """
INSERT INTO audit_anchors (tenant_id, id, ordinal, hash, generation, made_at, mac)
VALUES (%(tenant)s, %(id)s, %(ordinal)s, %(hash)s, %(generation)s, %(at)s, %(mac)s) RETURNING id
"""


#: The least id there is. Nobody makes it, and yet somebody may put an entry in under it.
NO_ID = UUID(int=0)


def following(row_id: UUID) -> UUID:
    """The next higher id; the highest itself where there is none."""
    return UUID(int=min(row_id.int + 1, 2**128 - 1))


class _Head(NamedTuple):
    ordinal: int
    hash: bytes
    section: str
    #: In seconds, which PostgreSQL can tell of any moment that somebody writes there.
    linked_at: float | None
    #: The highest id of the last few entries that were linked.
    reached: UUID
    #: The last anchor, where there is one.
    anchored: int | None
    anchored_at: float | None


class Linked(NamedTuple):
    """How many entries were linked, and whether an anchor was made."""

    entries: int
    anchored: bool


def link(
    tenant_id: UUID,
    back: timedelta | None = RECENT,
    *,
    batch: int = BATCH,
    batches: int | None = None,
) -> Linked:
    """Link what waits in the kommun's log, in at most ``batches`` transactions.

    ``back`` says how long before the latest link it may have been written (None: whenever). One linker
    waits for another's batch. Raises ``KeysMissing``, also where the keys were erased.
    """
    linked = 0
    since: UUID | None = None
    for done in count(1):
        with tenant_session(Audience.WORKER, tenant_id) as session:
            head = _alone(session)
            if head.section == "before":
                waiting = _before(session, head, batch)
                found, since = len(waiting), None
            else:
                since = _beginning(head, back) if since is None else since
                waiting = _waiting(session, since, batch)
                found, since = len(waiting), following(waiting[-1][0]) if waiting else since
                _write(session, head, "marked", waiting)
            linked += found
            if not found:
                return Linked(linked, _anchor(session, head))
        if done == batches:
            return Linked(linked, anchored=False)
    raise AssertionError


def anchor(tenant_id: UUID, *, now: bool = False) -> bool:
    """Tell of the chain's head as it is, if it has grown since the last anchor; whether it was told.

    Without ``now`` only where the last one is old enough.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return _anchor(session, _alone(session), at_once=now)


def _alone(session: TenantSession) -> _Head:
    """The chain's head, which nobody else moves until the transaction ends."""
    name = b"audit link " + session.tenant_id.bytes
    session.locked_for(int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True))
    for row in answered(session, _HEAD, {}):
        return _Head(*row)
    return _Head(0, NOTHING_BEFORE, "before", None, NO_ID, None, None)


def _beginning(head: _Head, back: timedelta | None) -> UUID:
    """The least id that an entry can have that was written at the beginning of what is looked at.

    Ids tell when they were made. What was reached says how far a linker came that was killed.
    """
    if back is None or head.linked_at is None:
        return NO_ID
    made = head.reached.int >> 80
    since = min(made, int(max(min(head.linked_at, real_now().timestamp()), 0) * 1000))
    return UUID(int=max(since - int(back.total_seconds() * 1000), 0) << 80)


def _before(session: TenantSession, head: _Head, limit: int) -> Sequence[tuple[Any, ...]]:
    """Link what has no mark, first of all and only once; then the first of what has one."""
    for start in dict.fromkeys((head.reached, NO_ID)):
        waiting = _waiting(session, start, limit, unmarked=True)
        if waiting:
            _write(session, head, "before", waiting)
            return waiting
    if head.ordinal:
        # Closes the section for good, and says in a marked entry how long it is.
        actor = Actor.system(session.tenant_id)
        record(session, actor, BEGINS, details={"before": head.ordinal})
        session.sent()
    waiting = _waiting(session, NO_ID, limit)
    _write(session, head, "marked", waiting)
    return waiting


def _waiting(
    session: TenantSession, since: UUID, limit: int, *, unmarked: bool = False
) -> Sequence[tuple[Any, ...]]:
    values = {"since": since, "limit": limit, "unmarked": unmarked}
    return answered(session, _WAITING, values)


def _write(
    session: TenantSession, head: _Head, section: str, waiting: Sequence[tuple[Any, ...]]
) -> None:
    if not waiting:
        return
    keys = tenant_keys(session.tenant_id)
    generation, at = keys.audit_generation, real_now()
    told, before, hashes = instant(at), head.hash, []
    for place, (row_id, digest, mark) in enumerate(waiting, head.ordinal + 1):
        if section == "marked" and not is_genuine(keys, digest, mark):
            # Linked all the same, so that it cannot go away again; ``verify`` tells of it.
            log.error("audit_entry_not_genuine", tenant_id=str(keys.tenant_id), entry=str(row_id))
        made = link_hash(keys, generation, (place, row_id, section, told), (digest, mark), before)
        assert made is not None
        hashes.append(made)
        before = made
    answered(
        session,
        _LINK,
        {
            "section": section,
            "generation": generation,
            "at": at,
            "ids": [row[0] for row in waiting],
            "ordinals": list(range(head.ordinal + 1, head.ordinal + 1 + len(waiting))),
            "hashes": hashes,
        },
    )


def _anchor(session: TenantSession, head: _Head, *, at_once: bool = False) -> bool:
    at = real_now()
    if not head.ordinal or head.anchored == head.ordinal:
        return False
    lately = (at - ANCHOR_EVERY).timestamp()
    if head.anchored_at is not None and not at_once and head.anchored_at > lately:
        return False
    keys = tenant_keys(session.tenant_id)
    generation, row_id = keys.audit_generation, new_id()
    mac = anchor_mark(keys, generation, row_id, head.ordinal, head.hash, instant(at))
    values = {"ordinal": head.ordinal, "hash": head.hash, "generation": generation, "at": at}
    answered(session, _ANCHOR, {**values, "id": row_id, "mac": mac})
    return True
