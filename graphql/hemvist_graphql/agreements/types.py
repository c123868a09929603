"""Agreements with landlords: what each version says, meetings, notes and documents."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.agreements.file_models import AgreementFile as FileRow
from hemvist.agreements.meeting_models import AgreementMeeting as MeetingRow
from hemvist.agreements.models import Agreement as AgreementRow
from hemvist.agreements.models import AgreementNote as NoteRow
from hemvist.agreements.models import AgreementParty as PartyRow
from hemvist.agreements.models import AgreementTerm as TermRow
from hemvist.agreements.models import AgreementVersion as VersionRow
from hemvist.agreements.quota_models import QuotaTerm as QuotaRow
from hemvist_graphql.agreements.seeing import for_readers
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    identity,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    AgreementFileRef,
    AgreementMeetingRef,
    AgreementNoteRef,
    AgreementPartyRef,
    AgreementRef,
    AgreementTermRef,
    AgreementVersionRef,
    LandlordRef,
    PrincipalRef,
    QuotaTermRef,
)


@reads(AgreementRow, visible=for_readers(AgreementRow))
@strawberry.type(description="What the kommun and a landlord have agreed on (samarbetsavtal).")
class Agreement(Node):
    """What the kommun and a landlord have agreed on."""

    landlord: LandlordRef = to_one("Landlord", AgreementRow.landlord_id)
    kind: str = column(
        AgreementRow.kind,
        description="cooperation, owner_directive, land_deal, letter_of_intent or other",
    )
    title: str = column(AgreementRow.title)
    reference: str = column(AgreementRow.reference)
    state: str = column(AgreementRow.state, description="draft, in_force, ended or discarded")
    starts_on: dt.date = column(AgreementRow.starts_on)
    ends_on: dt.date | None = column(AgreementRow.ends_on, description="The term's last day.")
    notice_months: int | None = column(AgreementRow.notice_months)
    ended_on: dt.date | None = column(
        AgreementRow.ended_on, description="The last day, where it ended before its term."
    )
    ended_because: str = column(AgreementRow.ended_because)
    version: int = column(AgreementRow.version)
    versions: list[AgreementVersionRef] = to_many(
        "AgreementVersion", VersionRow.agreement_id, order=(VersionRow.number.desc(), VersionRow.id)
    )
    meetings: list[AgreementMeetingRef] = to_many(
        "AgreementMeeting",
        MeetingRow.agreement_id,
        order=(MeetingRow.planned_on.desc(), MeetingRow.id.desc()),
    )
    notes: list[AgreementNoteRef] = to_many(
        "AgreementNote", NoteRow.agreement_id, order=(NoteRow.noted_on.desc(), NoteRow.id.desc())
    )
    files: list[AgreementFileRef] = to_many(
        "AgreementFile", FileRow.agreement_id, order=(FileRow.added_at.desc(), FileRow.id.desc())
    )


@reads(VersionRow, visible=for_readers(VersionRow))
@strawberry.type(description="What an agreement says from a day, until the next version's.")
class AgreementVersion(Node):
    """What an agreement says from a day."""

    agreement: AgreementRef = to_one("Agreement", VersionRow.agreement_id)
    number: int = column(VersionRow.number)
    state: str = column(VersionRow.state, description="draft, in_force or discarded")
    holds_from: dt.date = column(VersionRow.holds_from)
    signed_on: dt.date | None = column(VersionRow.signed_on)
    target_groups: str = column(VersionRow.target_groups)
    because: str = column(VersionRow.because)
    takes_in_at_once: bool = column(
        VersionRow.takes_in_at_once,
        description="Whether what the landlord reports is the kommun's at once.",
    )
    confirmed_on: dt.date | None = column(VersionRow.confirmed_on)
    confirmed_by: PrincipalRef | None = to_one("Principal", VersionRow.confirmed_by)
    version: int = column(VersionRow.version)
    parties: list[AgreementPartyRef] = to_many(
        "AgreementParty", PartyRow.version_id, order=(PartyRow.position, PartyRow.id)
    )
    terms: list[AgreementTermRef] = to_many(
        "AgreementTerm", TermRow.version_id, order=(TermRow.position, TermRow.id)
    )
    quotas: list[QuotaTermRef] = to_many(
        "QuotaTerm", QuotaRow.version_id, order=(QuotaRow.position, QuotaRow.id)
    )


@reads(PartyRow, visible=for_readers(PartyRow))
@strawberry.type(description="A party of a version.")
class AgreementParty(Readable):
    """A party of a version."""

    id: strawberry.ID = identity()
    role: str = column(PartyRow.role, description="kommun, landlord, department, provider or other")
    name: str = opened(PartyRow.name)
    undertakes: str = opened(PartyRow.undertakes)


@reads(TermRow, visible=for_readers(TermRow))
@strawberry.type(description="A term as it is written and, beside it, as it is kept in practice.")
class AgreementTerm(Node):
    """A term as it is written and as it is kept."""

    agreement: AgreementRef = to_one("Agreement", TermRow.agreement_id)
    subject: str = column(TermRow.subject)
    written: str = column(TermRow.written)
    actual: str = column(TermRow.actual)
    actual_noted_on: dt.date | None = column(TermRow.actual_noted_on)
    actual_noted_by: PrincipalRef | None = to_one("Principal", TermRow.actual_noted_by)
    version: int = column(TermRow.version)


@reads(QuotaRow, visible=for_readers(QuotaRow))
@strawberry.type(description="A quota (kvot) as a version has it.")
class QuotaTerm(Readable):
    """A quota as a version has it."""

    id: strawberry.ID = identity()
    code: str = column(QuotaRow.code, description="The same in every version.")
    label: str = column(QuotaRow.label)
    kind: str = column(
        QuotaRow.kind,
        description="number, owner_directive, beside_requirements, vacated_share, stock_share, "
        "market_share or production_share",
    )
    force: str = column(QuotaRow.force, description="binding, target or observed")
    per: str = column(QuotaRow.per, description="year, half_year, agreement or standing")
    homes: int | None = column(QuotaRow.homes)
    share_bp: int | None = column(QuotaRow.share_bp, description="Hundredths of a percent.")
    rounding: str = column(QuotaRow.rounding, description="nearest, up or down")
    counts: str = column(QuotaRow.counts, description="Delivered when let, or when taken_in.")
    delivered_in: str = column(QuotaRow.delivered_in, description="any, new or existing")
    excluded_areas: list[str] = column(QuotaRow.excluded_areas)
    properties: list[str] = column(QuotaRow.properties)
    within_code: str | None = column(QuotaRow.within_code)
    pack: str | None = column(QuotaRow.pack)
    pack_quota: str | None = column(QuotaRow.pack_quota)
    groups: str = column(QuotaRow.groups)


@reads(NoteRow, visible=for_readers(NoteRow))
@strawberry.type(description="A line of an agreement's own record.")
class AgreementNote(Node):
    """A line of an agreement's own record."""

    noted_on: dt.date = column(NoteRow.noted_on)
    what: str = opened(NoteRow.what)
    noted_by: PrincipalRef | None = to_one("Principal", NoteRow.noted_by)


@reads(MeetingRow, visible=for_readers(MeetingRow))
@strawberry.type(description="A meeting on an agreement, or with all the landlords.")
class AgreementMeeting(Node):
    """A meeting with landlords."""

    agreement: AgreementRef | None = to_one("Agreement", MeetingRow.agreement_id)
    pack: str | None = column(MeetingRow.pack)
    code: str | None = column(MeetingRow.code, description="The guideline's recurrence.")
    title: str = column(MeetingRow.title)
    state: str = column(MeetingRow.state, description="planned, held or cancelled")
    planned_on: dt.date = column(MeetingRow.planned_on)
    held_on: dt.date | None = column(MeetingRow.held_on)
    present: str = opened(MeetingRow.present)
    notes: str = opened(MeetingRow.notes)
    version: int = column(MeetingRow.version)


@reads(FileRow, visible=for_readers(FileRow))
@strawberry.type(description="A document of an agreement.")
class AgreementFile(Node):
    """A document of an agreement."""

    name: str = column(FileRow.name)
    media_type: str = column(FileRow.media_type)
    size_bytes: int = column(FileRow.size_bytes)
    caption: str = column(FileRow.caption)
    shared: bool = column(FileRow.shared, description="Whether the landlord may open it.")
    added_at: dt.datetime = column(FileRow.added_at)
    added_by: PrincipalRef | None = to_one("Principal", FileRow.added_by)
