"""Rounds of campaigns, their lists, and what was done towards each tenant."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.clock import today
from hemvist.pack_versions import packs_of
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.policy import Node as RuleNode
from hemvist.policy import Pack
from hemvist.policy.campaigns import Campaign
from hemvist.prevention.models import PreventionContact as ContactRow
from hemvist.prevention.models import PreventionEntry as EntryRow
from hemvist.prevention.models import PreventionRun as RunRow
from hemvist.tenancy import TenantSession
from hemvist_graphql.arrears.seeing import of_department, of_visible_entry
from hemvist_graphql.context import Context, Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    LandlordRef,
    PreventionContactRef,
    PreventionRunRef,
    PrincipalRef,
    RentAccountRef,
)


@strawberry.type(description="What a campaign does towards everybody on its list, in order.")
class CampaignStep:
    """What a campaign does."""

    id: str
    contact: str
    cite: list[str]
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The step in words."""
        return worded(self.text, lang, self.id)


@strawberry.type(description="What is written to those on the list; blanks are {amount} and so on.")
class CampaignLetter:
    """What is written to those on the list."""

    heading: str
    paragraphs: list[str]


@strawberry.type(description="A campaign of prevention as the guideline has it.")
class PreventionCampaign:
    """A campaign of prevention."""

    model: strawberry.Private[Campaign]

    @computed()
    def id(self) -> str:
        """The guideline's name for it."""
        return self.model.id

    @computed()
    def cite(self) -> list[str]:
        """Its sources."""
        return list(self.model.cite)

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it is called."""
        return worded(self.model.label, lang, self.model.id)

    @computed(description="In Swedish (sv) or English (en).")
    def help(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """More about it."""
        return worded(self.model.help, lang) or None

    @computed(description="Whether it is made once a month; else when needed.")
    def recurring(self) -> bool:
        """Whether it is made regularly."""
        return self.model.every is not None

    @computed(description="landlord and area, where a round is of one of each.")
    def held_to(self) -> list[str]:
        """What a round is held to."""
        return list(self.model.held_to)

    @computed(description="The area that the guideline names.")
    def area(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The area that the guideline names."""
        return worded(self.model.area, lang) or None

    @computed(description="cannot_pay, support_line, instalments: what is asked at the contact.")
    def asks(self) -> list[str]:
        """What is asked at the contact."""
        return list(self.model.asks)

    @computed()
    def steps(self) -> list[CampaignStep]:
        """What is done, in order."""
        return [
            CampaignStep(id=one.id, contact=one.contact, cite=list(one.cite), text=one.label)
            for one in self.model.steps
        ]

    @computed(description="In Swedish (sv) or English (en); null where none is written.")
    def letter(self, lang: str = DEFAULT_LANGUAGE) -> CampaignLetter | None:
        """What is written."""
        letter = self.model.letter
        if letter is None:
            return None
        return CampaignLetter(
            heading=worded(letter.heading, lang),
            paragraphs=[worded(one, lang) for one in letter.paragraphs],
        )


def campaigns_shown(context: Context) -> list[PreventionCampaign]:
    """The campaigns of the guidelines that the kommun works by today."""
    session, day = context.session, today()
    return [
        PreventionCampaign(model=one)
        for name in adopted_packs(session, day)
        for one in packs_of(session).in_force(name, day).campaigns
    ]


def _pack(session: TenantSession, run: Any) -> Pack:
    return packs_of(session).get(run["pack"], run["pack_version"])


@reads(
    RunRow, visible=of_department(RunRow), also=(RunRow.pack, RunRow.pack_version, RunRow.campaign)
)
@strawberry.type(description="One round of a campaign, with its list as it was made.")
class PreventionRun(Node):
    """One round of a campaign."""

    department: str = column(RunRow.department)
    period: str = column(RunRow.period, description="2026-11 of a monthly one, else the day")
    landlord: LandlordRef | None = to_one("Landlord", RunRow.landlord_id)
    area: str = column(RunRow.area)
    state: str = column(RunRow.state, description="open or closed")
    made_on: dt.date = column(RunRow.made_on)
    made_by: PrincipalRef | None = to_one("Principal", RunRow.made_by)
    accounts_seen: int = column(RunRow.accounts_seen)
    entries_total: int = column(RunRow.entries_total)
    unknown_total: int = column(
        RunRow.unknown_total, description="Of whom too little is known for the guideline to say."
    )
    closed_on: dt.date | None = column(RunRow.closed_on)
    version: int = column(RunRow.version)

    @computed(5, description="The campaign as the guideline had it when the round was made.")
    def campaign(self, info: Info) -> PreventionCampaign:
        """The campaign."""
        pack = _pack(info.context.session, self.row)
        return PreventionCampaign(model=pack.campaign(self.row["campaign"]))


@reads(
    EntryRow,
    visible=of_department(EntryRow),
    rent=EntryRow.account_id,
    also=(EntryRow.run_id, EntryRow.because, EntryRow.first),
)
@strawberry.type(description="A tenancy on a round's list.")
class PreventionEntry(Node):
    """A tenancy on a round's list."""

    run: PreventionRunRef = to_one("PreventionRun", EntryRow.run_id)
    account: RentAccountRef = to_one("RentAccount", EntryRow.account_id)
    place: int = column(EntryRow.place)
    amount_ore: int = column(EntryRow.amount_ore, description="Owed when the list was made.")
    children: str = column(EntryRow.children, description="unknown, yes or no")
    children_note: str = opened(EntryRow.children_note)
    letter_on: dt.date | None = column(EntryRow.letter_on)
    contacted_on: dt.date | None = column(EntryRow.contacted_on)
    reached: bool | None = column(EntryRow.reached)
    cannot_pay: bool | None = column(EntryRow.cannot_pay)
    reference_on: dt.date | None = column(EntryRow.reference_on)
    consultant_on: dt.date | None = column(EntryRow.consultant_on)
    income_ore: int | None = column(EntryRow.income_ore)
    support_line_ore: int | None = column(EntryRow.support_line_ore)
    state: str = column(EntryRow.state, description="open or done")
    outcome: str | None = column(EntryRow.outcome)
    done_on: dt.date | None = column(EntryRow.done_on)
    done_by: PrincipalRef | None = to_one("Principal", EntryRow.done_by)
    version: int = column(EntryRow.version)
    contacts: list[PreventionContactRef] = to_many(
        "PreventionContact", ContactRow.entry_id, order=(ContactRow.made_on, ContactRow.id)
    )

    @computed(5, description="Why it stands there, in the guideline's words.")
    def because(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """Why it stands there."""
        return _worded(info, self.row, "because", lang)

    @computed(
        5, description="Why it comes first, in the guideline's words; empty where it does not."
    )
    def first(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """Why it comes first."""
        return _worded(info, self.row, "first", lang)


@reads(ContactRow, visible=of_visible_entry(ContactRow))
@strawberry.type(description="Something done towards a tenant on the list.")
class PreventionContact(Readable):
    """Something done towards a tenant on the list."""

    id: strawberry.ID = identity()
    kind: str = column(
        ContactRow.kind,
        description="letter, phone, visit, reference, consultant_call, meeting or other",
    )
    made_on: dt.date = column(ContactRow.made_on)
    reached: bool | None = column(ContactRow.reached)
    notes: str = opened(ContactRow.notes)
    recorded_by: PrincipalRef | None = to_one("Principal", ContactRow.recorded_by)


def _worded(info: Info, row: Any, key: str, lang: str) -> list[str]:
    if not row[key]:
        return []
    session = info.context.session
    run = session.find(RunRow, row["run_id"])
    pack = packs_of(session).get(run.pack, run.pack_version)
    campaign = pack.campaign(run.campaign)
    rule = campaign.who if key == "because" else campaign.first
    if rule is None:
        return []
    labels = dict(_labels(pack, pack.rule(rule), set()))
    return [worded(labels.get(one), lang, one) for one in row[key]]


def _labels(pack: Pack, node: RuleNode, seen: set[str]) -> Any:
    """Ids and labels of a rule's clauses, also of the rules that it refers to."""
    yield node.id, node.label
    if node.ref is not None and node.ref not in seen:
        yield from _labels(pack, pack.rule(node.ref), seen | {node.ref})
    for child in (*node.children, *node.unless):
        yield from _labels(pack, child, seen)
