"""A kommun's audit log as tests need it: its columns, and entries of many kinds."""

from __future__ import annotations

from uuid import UUID

from hemvist import audit
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist_kommun import Kommun

#: Each table's columns that can be given another value, by name.
COLUMNS = {
    "audit_entries": (
        *("tenant_id", "id", "at", "kind", "principal_id", "roles", "channel", "action", "case_id"),
        *("person_ids", "subject_type", "subject_id", "details", "origin", "mac"),
    ),
    "audit_links": ("tenant_id", "id", "ordinal", "section", "generation", "linked_at", "hash"),
    "audit_anchors": ("tenant_id", "id", "ordinal", "hash", "generation", "made_at", "mac"),
}


def written(tenant_id: UUID, count: int) -> None:
    """Write entries of many kinds in a kommun's log."""
    actor = Actor(tenant_id, new_id(), "Alva")
    with Kommun(tenant_id).session() as session:
        for number in range(count):
            audit.record(
                session,
                actor if number % 3 else Actor.system(tenant_id),
                f"act.{number}",
                kind=("read", "write", "refused")[number % 3],
                persons=[new_id() for _ in range(number % 4)],
                case_id=new_id() if number % 2 else None,
                subject_type="case" if number % 5 else None,
                subject_id=new_id() if number % 5 else None,
                details={"å": [1, 1.50, None, 'ö\n"\\']} if number % 2 else {},
            )
