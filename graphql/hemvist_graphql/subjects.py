"""What an event, a notice or a task is about, as an id of the schema."""

from __future__ import annotations

from uuid import UUID

import strawberry

from hemvist_graphql.ids import global_id
from hemvist_graphql.wording import SUBJECTS


def subject_type(subject: str) -> str:
    """The schema's type of a subject."""
    return SUBJECTS.get(subject, subject.title().replace("_", ""))


def subject_id(subject: str, row_id: UUID) -> strawberry.ID:
    """The global id of a subject."""
    return global_id(subject_type(subject), row_id)
