"""What the landlord reports from its homes, what it was promised, and what it was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.incidents import landlord_reports
from hemvist.incidents.feedback import text_of
from hemvist.incidents.landlord_views import REPORT_ANSWERS, REPORT_WORDS, REPORTS
from hemvist.incidents.report_models import LandlordReport, LandlordReportWord
from hemvist.incidents.service import MAX_NAME, MAX_TEXT
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language, worded
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.declaring import Node, Shown, opened, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import KommunRef, ReportAnswerRef, ReportWordRef, UnitRef
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up
from hemvist_graphql.reading import computed


@shown(REPORT_ANSWERS)
@strawberry.type(
    description="What the kommun told of a report (återkoppling): sentences of a list, never more."
)
class ReportAnswer(Shown):
    """What the kommun told of a report."""

    told_at: dt.datetime
    told_how: str = strawberry.field(description="portal, phone, email, letter or meeting")
    words: list[str] = strawberry.field(description="Codes of the sentences.")

    @computed(needs=("words",), description="In Swedish (sv) or English (en).")
    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentences."""
        return text_of(self.row["words"], language(lang))


@shown(REPORT_WORDS)
@strawberry.type(description="Something more that the landlord wrote about its report.")
class ReportWord(Shown):
    """Something more that the landlord wrote about its report."""

    what: str = opened(LandlordReportWord.what)
    said_at: dt.datetime


@shown(REPORTS)
@strawberry.type(
    description="What the landlord has reported from one of its homes (anmälan): disturbance, arrears …"
)
class Report(Node):
    """What the landlord has reported from one of its homes."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    street_address: str
    apartment_number: str
    kind: str = strawberry.field(description="complaint, disturbance, neglect, arrears or other")
    what: str = opened(LandlordReport.what, description="As the landlord wrote it.")
    happened_on: dt.date
    happened_at: dt.datetime | None
    received_at: dt.datetime = strawberry.field(
        description="When it reached the kommun: the time that is promised runs from here."
    )
    due_at: dt.datetime | None = strawberry.field(
        description="By when the kommun's guideline promises to act; null where it promises no time."
    )
    answered_at: dt.datetime | None = strawberry.field(
        description="When the kommun first told the landlord something of it."
    )
    answers: list[ReportAnswerRef] = to_many(
        "ReportAnswer", {"report_id": "id"}, order=lambda c: (c.told_at, c.id), limit=20
    )
    additions: list[ReportWordRef] = to_many(
        "ReportWord",
        {"report_id": "id"},
        order=lambda c: (c.said_at, c.id),
        limit=50,
        description="What the landlord wrote later.",
    )

    @computed(
        needs=("due_label",), description="What is promised, in Swedish (sv) or English (en)."
    )
    def promise(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What is promised by ``dueAt``, as the guideline has it."""
        label = self.row["due_label"]
        return worded(label, lang) if label else None


@listing("Report", Ordering(("received_at", "id")), description="The latest first.")
def reports(
    kommun: strawberry.ID | None = None,
    kind: str | None = None,
    answered: bool | None = None,
) -> Sequence[ColumnElement[bool]]:
    """The landlord's reports: of a kommun, of a kind, answered or not."""
    found = [*in_kommun(REPORTS, kommun)]
    if kind is not None:
        found.append(REPORTS.c.kind == kind[:40])
    if answered is not None:
        told = REPORTS.c.answered_at.is_not(None)
        found.append(told if answered else ~told)
    return found


looked_up("Report")


@strawberry.input
class ReportFromUnitInput:
    """What a landlord reports from one of its homes."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    kind: str = text(20, description="complaint, disturbance, neglect, arrears or other")
    what: str = text(MAX_TEXT)
    happened_on: dt.date
    happened_at: dt.datetime | None = strawberry.field(
        default=None, description="The instant, where it is known, with its time zone."
    )
    contact: str = text(
        MAX_NAME,
        default="",
        description="Where whoever reports it is reached: telephone or e-mail.",
    )


@command(
    ReportFromUnitInput,
    gives="report",
    description="Report a disturbance, arrears or something else from a home. The kommun's clock starts.",
)
def report_from_unit(act: Act, values: dict[str, Any]) -> Any:
    """Report something from a home."""
    return landlord_reports.report(act.session, act.actor, **values)


@strawberry.input
class AddToReportInput:
    """Something more about a report."""

    idempotency_key: str
    report_id: strawberry.ID = refers_to("Report")
    what: str = text(MAX_TEXT)


@command(AddToReportInput, gives="report", description="Write something more about a report.")
def add_to_report(act: Act, values: dict[str, Any]) -> Any:
    """Write something more about a report."""
    word = landlord_reports.add_word(act.session, act.actor, **values)
    return act.session.find(LandlordReport, word.report_id)
