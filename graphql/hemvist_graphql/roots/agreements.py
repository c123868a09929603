"""Agreements with landlords, their meetings, and quotas."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.agreements.meeting_models import AgreementMeeting as MeetingRow
from hemvist.agreements.meetings import guideline_meetings
from hemvist.agreements.models import Agreement as AgreementRow
from hemvist.clock import today
from hemvist.identity import Action
from hemvist.pack_versions import packs_of
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.quotas.models import QuotaBase as BaseRow
from hemvist_graphql.agreements.types import Agreement, AgreementMeeting, AgreementVersion
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import find
from hemvist_graphql.quotas.types import QuotaLine, shown_lines
from hemvist_graphql.reading import computed, looked_up
from hemvist_graphql.roots.filtering import short

_AGREEMENTS = Ordering("agreements", (AgreementRow.starts_on, AgreementRow.id))
_MEETINGS = Ordering("agreement_meetings", (MeetingRow.planned_on, MeetingRow.id))
_BASES = Ordering("quota_bases", (BaseRow.from_on, BaseRow.id))


@strawberry.type(description="Something that a guideline says is counted or held with landlords.")
class GuidelineItem:
    """A quota or a meeting of a guideline."""

    pack: str
    id: str
    label: str
    help: str
    cite: list[str]


@strawberry.type
class AgreementRoots:
    """Agreements with landlords and quotas."""

    @connection(
        "Agreement",
        _AGREEMENTS,
        needs=Action.AGREEMENT_READ,
        description="Agreements with landlords, those that begin last first.",
    )
    def agreements(
        self, info: Info, landlord_id: strawberry.ID | None = None, state: str | None = None
    ) -> list[ColumnElement[bool]]:
        """Agreements with landlords."""
        found: list[ColumnElement[bool]] = []
        if landlord_id is not None:
            found.append(AgreementRow.landlord_id == row_id_of("Landlord", landlord_id))
        if state is not None:
            found.append(AgreementRow.state == short("state", state))
        return found

    @looked_up("Agreement")
    def agreement(self, info: Info, id: strawberry.ID) -> Agreement | None:
        """An agreement by its id."""
        return find(info.context, Agreement, row_id_of("Agreement", id))

    @looked_up("AgreementVersion")
    def agreement_version(self, info: Info, id: strawberry.ID) -> AgreementVersion | None:
        """A version of an agreement by its id."""
        return find(info.context, AgreementVersion, row_id_of("AgreementVersion", id))

    @connection(
        "AgreementMeeting",
        _MEETINGS,
        needs=Action.AGREEMENT_READ,
        description="Meetings with landlords, the latest first.",
    )
    def agreement_meetings(self, info: Info, state: str | None = None) -> list[ColumnElement[bool]]:
        """Meetings with landlords."""
        return [] if state is None else [MeetingRow.state == short("state", state)]

    @looked_up("AgreementMeeting")
    def agreement_meeting(self, info: Info, id: strawberry.ID) -> AgreementMeeting | None:
        """A meeting by its id."""
        return find(info.context, AgreementMeeting, row_id_of("AgreementMeeting", id))

    @connection(
        "QuotaBase",
        _BASES,
        needs=Action.AGREEMENT_READ,
        description="Figures that shares are taken of, the latest first.",
    )
    def quota_bases(
        self, info: Info, landlord_id: strawberry.ID | None = None
    ) -> list[ColumnElement[bool]]:
        """Figures that shares are taken of."""
        if landlord_id is None:
            return []
        return [BaseRow.landlord_id == row_id_of("Landlord", landlord_id)]

    @computed(
        40,
        description="Quotas in the periods of a year (this one unless given), with what was agreed "
        "and what became of it.",
    )
    def quotas(
        self,
        info: Info,
        year: int | None = None,
        landlord_id: strawberry.ID | None = None,
        agreement_id: strawberry.ID | None = None,
    ) -> list[QuotaLine]:
        """Quotas in the periods of a year."""
        info.context.require(Action.AGREEMENT_READ)
        return shown_lines(info.context, year, landlord_id, agreement_id)

    @computed(5, description="Quotas of the guidelines that the kommun works by today.")
    def guideline_quotas(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> list[GuidelineItem]:
        """Quotas of the guidelines."""
        info.context.require(Action.AGREEMENT_READ)
        session, day = info.context.session, today()
        return [
            GuidelineItem(
                pack=name,
                id=one.id,
                label=worded(one.label, lang, one.id),
                help=worded(one.by, lang) or worded(one.help, lang),
                cite=list(one.cite),
            )
            for name in adopted_packs(session, day)
            for one in packs_of(session).in_force(name, day).quotas
        ]

    @computed(5, description="Meetings that the guidelines say are held.")
    def guideline_meetings(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> list[GuidelineItem]:
        """Meetings of the guidelines."""
        info.context.require(Action.AGREEMENT_READ)
        return [
            GuidelineItem(
                pack=name,
                id=one.id,
                label=worded(one.label, lang, one.id),
                help=worded(one.who, lang),
                cite=list(one.cite),
            )
            for name, one in guideline_meetings(info.context.session, today())
        ]
