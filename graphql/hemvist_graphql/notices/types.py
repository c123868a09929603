"""Notices inside the portal."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.notices.models import Notice as NoticeRow
from hemvist_graphql.access import addressed_notices
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import Node, column, computed, reads, to_one
from hemvist_graphql.refs import CaseRef, PrincipalRef
from hemvist_graphql.subjects import subject_id, subject_type
from hemvist_graphql.wording import EVENTS


@reads(
    NoticeRow,
    visible=addressed_notices,
    case=NoticeRow.case_id,
    also=(NoticeRow.subject_type, NoticeRow.subject_id),
)
@strawberry.type(description="Something that became a role's to do or to know.")
class Notice(Node):
    """Something that became a role's to do or to know."""

    kind: str = column(NoticeRow.kind)
    role: str = column(NoticeRow.role)
    department: str = column(NoticeRow.department)
    created_at: dt.datetime = column(NoticeRow.created_at)
    case: CaseRef = to_one("Case", NoticeRow.case_id)
    read_at: dt.datetime | None = column(NoticeRow.read_at)
    read_by: PrincipalRef | None = to_one("Principal", NoticeRow.read_by)

    @computed(needs=("kind",), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it tells of."""
        return worded(EVENTS.get(self.row["kind"]), lang, self.row["kind"])

    @computed(needs=("subject_type",), description="The schema's type of what it is about.")
    def subject_type(self) -> str:
        """The type of what it is about."""
        return subject_type(self.row["subject_type"])

    @computed(needs=("subject_type", "subject_id"), description="The id of what it is about.")
    def subject_id(self) -> strawberry.ID:
        """The id of what it is about."""
        return subject_id(self.row["subject_type"], self.row["subject_id"])
