"""Support providers, commissions and the providers' reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    null,
    or_,
    select,
)

from hemvist.cases.access import commissioned_to
from hemvist.cases.commissioned import commissioned
from hemvist.cases.models import Case as CaseRow
from hemvist.commissions.models import Commission as CommissionRow
from hemvist.commissions.models import SupportReport as ReportRow
from hemvist.commissions.providers import RUNNING
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.identity import Action, Actor, allows
from hemvist.identity.support_providers import SupportProvider as ProviderRow
from hemvist.policy.support import Commission as CommissionRules
from hemvist.policy.support import Plan as PlanRules
from hemvist.policy.support import Report as ReportRules
from hemvist.support_plans.models import SupportPlan as PlanRow
from hemvist_graphql.access import of_own_case, of_visible_case
from hemvist_graphql.choosing import Chosen, Criteria, chosen, first_of, listed
from hemvist_graphql.commissions.phases import (
    HAPPENED_ON,
    SupportPhase,
    happened_on,
    lines_of,
    phases_shown,
)
from hemvist_graphql.context import Info
from hemvist_graphql.ids import global_id
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language, worded
from hemvist_graphql.loading import ingredient
from hemvist_graphql.packs.items import ContentField, content_field
from hemvist_graphql.pinned import (
    CASE_PACK,
    CASE_PROGRAMME,
    case_pack,
    pack_of_case,
    programme_or_none,
)
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    expressed,
    opened,
    reads,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import (
    CaseRef,
    CommissionRef,
    HouseholdRef,
    ObligationRef,
    PrincipalRef,
    SupportPlanRef,
    SupportProviderRef,
    SupportReportRef,
)
from hemvist_graphql.seeing import Through
from hemvist_graphql.wording import EVENTS

_CHOOSING = (Action.COMMISSION_MANAGE, Action.COMMISSION_ROUTE)


def _providers_seen(actor: Actor) -> ColumnElement[bool]:
    """All for those who choose or read commissions in a department; one's own for its staff."""
    codes = commissioned_to(actor, Action.COMMISSION_READ)
    if codes:
        return ProviderRow.code.in_(sorted(codes))
    return ProviderRow.id.is_not(None) if allows(actor, Action.COMMISSION_READ) else false()


def _running(_: Actor) -> ColumnElement[Any]:
    return (
        select(func.count(CommissionRow.id))
        .where(
            CommissionRow.tenant_id == ProviderRow.tenant_id,
            CommissionRow.provider_id == ProviderRow.id,
            CommissionRow.state.in_(RUNNING),
        )
        .correlate(ProviderRow)
        .scalar_subquery()
    )


def _running_in_all(actor: Actor) -> ColumnElement[Any]:
    return (
        select(func.count(CommissionRow.id))
        .where(CommissionRow.tenant_id == ProviderRow.tenant_id, CommissionRow.state.in_(RUNNING))
        .correlate(ProviderRow)
        .scalar_subquery()
    )


@reads(
    ProviderRow,
    visible=_providers_seen,
    also=(ProviderRow.name_sv, ProviderRow.name_en),
    ingredients={"in_all": _running_in_all},
)
@strawberry.type(description="Who gives support in the home (stödutförare).")
class SupportProvider(Node):
    """Who gives support in the home."""

    code: str = column(ProviderRow.code)
    regime: str = column(ProviderRow.regime, description="own or procured")
    active: bool = column(ProviderRow.active, description="Takes new commissions.")
    volume_percent: int | None = column(
        ProviderRow.volume_percent, description="The share aimed at, where the kommun states one."
    )
    running: int = expressed(
        "running", _running, description="Its commissions being written or under way."
    )

    @computed(needs=("name_sv", "name_en"), description="In Swedish (sv) or English (en).")
    def name(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The provider's name."""
        name: str = self.row["name_sv" if language(lang) == "sv" else "name_en"]
        return name

    @computed(
        needs=("running", "in_all"),
        reads=False,
        description="Its share of all that run in the kommun, in whole percent; null of none, and "
        "for the provider's own staff.",
    )
    def share_percent(self, info: Info) -> int | None:
        """Its share of all that run."""
        actor = info.context.actor
        if not any(allows(actor, action) for action in _CHOOSING):
            return None
        total = ingredient(info.context, self, "in_all")
        return round(100 * self.row["running"] / total) if total else None


#: GBG-105, GBG-108: what the support staff get to know, to reach the tenant in time.
TOLD = frozenset(
    {
        *("contract_signed", "moved_in", "lease_taken_over", "demand_sent", "joint_meeting_called"),
        *("action_plan_made", "notice_given", "notice_taken_back", "eviction_applied"),
        *("eviction_dated", "keys_returned", "support_ended"),
    }
)
MAX_NEWS = 10


@strawberry.type(description="Something that the support staff are told of the home.")
class CommissionNews:
    """Something that the support staff are told."""

    kind: str
    on: dt.date

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What happened."""
        return worded(EVENTS.get(self.kind), lang, self.kind)


def own_commission(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Commission``: sent to a provider that the actor works for, and running."""
    codes = commissioned_to(actor, Action.COMMISSION_READ)
    if not codes:
        return false()
    return and_(
        CommissionRow.state == "sent",
        commissioned(actor, CommissionRow),
        exists(
            select(ProviderRow.id).where(
                ProviderRow.tenant_id == CommissionRow.tenant_id,
                ProviderRow.id == CommissionRow.provider_id,
                ProviderRow.code.in_(sorted(codes)),
            )
        ),
    )


def _own_report(actor: Actor) -> ColumnElement[bool]:
    return exists(
        select(CommissionRow.id).where(
            CommissionRow.tenant_id == ReportRow.tenant_id,
            CommissionRow.id == ReportRow.commission_id,
            own_commission(actor),
        )
    )


def _reports_seen() -> Through:
    """A provider's report is for those who gave the commission, and for the provider; a draft is
    the provider's alone. The property side is told what it needs by other ways."""
    inside = of_own_case(ReportRow)

    def criterion(actor: Actor) -> ColumnElement[bool]:
        sent = and_(inside(actor), ReportRow.state != "draft")
        codes = commissioned_to(actor, Action.COMMISSION_READ)
        return (sent | _own_report(actor)) if codes else sent

    return Through(
        ReportRow.case_id,
        CaseRow,
        criterion,
        lambda actor, _case: criterion(actor),
        lambda actor: bool(commissioned_to(actor, Action.COMMISSION_READ)),
    )


@reads(
    ReportRow,
    visible=_reports_seen(),
    case=ReportRow.case_id,
    also=(ReportRow.content_sealed,),
    ingredients=case_pack(ReportRow),
)
@strawberry.type(description="What the provider wrote of a month (månadsuppföljning).")
class SupportReport(Node):
    """What the provider wrote of a month."""

    state: str = column(ReportRow.state, description="draft, sent or received")
    written_by: PrincipalRef | None = to_one("Principal", ReportRow.written_by)
    sent_on: dt.date | None = column(ReportRow.sent_on)
    received_on: dt.date | None = column(ReportRow.received_on)
    received_by: PrincipalRef | None = to_one("Principal", ReportRow.received_by)
    obligation: ObligationRef = to_one(
        "Obligation", ReportRow.obligation_id, description="The due day that it answers."
    )
    commission: CommissionRef = to_one("Commission", ReportRow.commission_id)
    version: int = column(ReportRow.version)

    @computed(5, needs=(CASE_PACK, CASE_PROGRAMME, "content_sealed"), reads=False)
    def content(self, info: Info) -> list[ContentField]:
        """Every item of the guideline's template, with what is written there."""
        named = ingredient(info.context, self, CASE_PROGRAMME)
        programme = programme_or_none(pack_of_case(info.context, self), named)
        commission = programme.commission if programme else None
        written = unsealed(info, ReportRow.content, self.row["content_sealed"]) or {}
        return _fields(commission.report if commission else None, written)


def _of_those_within(column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """``column`` for the department that has the case and the provider; null for others."""

    def expression(actor: Actor) -> ColumnElement[Any]:
        within = or_(of_own_case(CommissionRow)(actor), own_commission(actor))
        return case((within, column), else_=null())

    return expression


def _in_force(_: Actor) -> Criteria:
    return (PlanRow.state == "agreed",)


def _open_duties(_: Actor) -> Criteria:
    theirs = ObligationRow.by.op("@>", is_comparison=True)(cast(["support_worker"], ARRAY(Text)))
    return (ObligationRow.state == "open", theirs)


@reads(
    CommissionRow,
    visible=of_visible_case(CommissionRow, for_provider=own_commission),
    case=CommissionRow.case_id,
    shows=(CommissionRow.household_id,),
    also=(CommissionRow.case_id,),
    # What the household wants is between it, those who commission and the provider.
    hidden={"written": _of_those_within(CommissionRow.content_sealed)},
    ingredients={
        **case_pack(CommissionRow),
        HAPPENED_ON: lambda _: happened_on(CommissionRow, CommissionRow.case_id),
    },
)
@strawberry.type(description="Support in a case, commissioned of one provider (uppdrag).")
class Commission(Node):
    """Support in a case, commissioned of one provider."""

    programme: str = column(CommissionRow.programme)
    state: str = column(CommissionRow.state, description="routed, draft, sent, ended or withdrawn")
    regime: str = column(CommissionRow.regime, description="own or procured")
    regime_reason: str = column(CommissionRow.regime_reason)
    routed_on: dt.date | None = column(CommissionRow.routed_on)
    routed_by: PrincipalRef | None = to_one("Principal", CommissionRow.routed_by)
    provider: SupportProviderRef | None = to_one("SupportProvider", CommissionRow.provider_id)
    provider_reason: str = column(CommissionRow.provider_reason)
    chosen_on: dt.date | None = column(CommissionRow.chosen_on)
    chosen_by: PrincipalRef | None = to_one("Principal", CommissionRow.chosen_by)
    starts_on: dt.date | None = column(CommissionRow.starts_on)
    sent_on: dt.date | None = column(CommissionRow.sent_on)
    sent_by: PrincipalRef | None = to_one("Principal", CommissionRow.sent_by)
    ended_on: dt.date | None = column(CommissionRow.ended_on)
    end_reason: str = column(CommissionRow.end_reason)
    end_note: str | None = opened(CommissionRow.end_note, _of_those_within)
    version: int = column(CommissionRow.version)
    household: HouseholdRef = to_one("Household", CommissionRow.household_id)
    case: CaseRef | None = to_one(
        "Case", CommissionRow.case_id, description="Null for the provider's staff."
    )
    case_number: str = expressed(
        "case_number",
        lambda _: (
            select(CaseRow.number)
            .where(
                CaseRow.tenant_id == CommissionRow.tenant_id, CaseRow.id == CommissionRow.case_id
            )
            .correlate(CommissionRow)
            .scalar_subquery()
        ),
        description="Ärendenummer.",
    )
    reports: list[SupportReportRef] = listed(
        "SupportReport",
        ReportRow.commission_id,
        order=(ReportRow.id.desc(),),
        limit=12,
        description="The latest twelve, newest first; not for the property side.",
    )
    plan_draft: SupportPlanRef | None = first_of(
        "SupportPlan",
        by={PlanRow.case_id: "case_id"},
        where=lambda _: (PlanRow.state == "draft",),
        order=(PlanRow.id,),
        description="The plan that is being made.",
    )
    plan: SupportPlanRef | None = first_of(
        "SupportPlan",
        by={PlanRow.case_id: "case_id"},
        where=_in_force,
        order=(PlanRow.number.desc(), PlanRow.id.desc()),
        description="The plan in force, as far as the caller sees it.",
    )
    duties: list[ObligationRef] = chosen(
        Chosen(
            "Obligation",
            ((ObligationRow.case_id, "case_id"),),
            lambda _: (ObligationRow.due_on, ObligationRow.code, ObligationRow.id),
            where=_open_duties,
            limit=60,
            weight=2,
        ),
        description="What the support staff have to do, the earliest first; at most 60.",
    )

    @computed(
        5,
        needs=(CASE_PACK, "programme", "written"),
        reads=False,
        description="For the department that has the case, and the provider.",
    )
    def content(self, info: Info) -> list[ContentField]:
        """Every item that the guideline prescribes, with what is written there."""
        written = unsealed(info, CommissionRow.content, self.row["written"])
        return [] if written is None else _fields(self._rules(info), written)

    @computed(
        needs=("case_id",),
        reads=False,
        description="The case's id, for commands; the provider's staff see no more of it.",
    )
    def case_id(self, info: Info) -> strawberry.ID:
        """The case's id."""
        return global_id("Case", self.row["case_id"])

    @computed(
        5,
        needs=(CASE_PACK, "programme"),
        reads=False,
        description="What the guideline asks of the plan; nothing where the programme has none.",
    )
    def plan_items(self, info: Info) -> list[ContentField]:
        """What the guideline asks of the plan."""
        programme = programme_or_none(pack_of_case(info.context, self), self.row["programme"])
        return _fields(programme.plan if programme else None, {})

    @computed(5, needs=(CASE_PACK, "programme"), reads=False)
    def report_items(self, info: Info) -> list[ContentField]:
        """What a report holds by the guideline's template; none where no reports are asked for."""
        rules = self._rules(info)
        return _fields(rules.report if rules else None, {})

    @computed(
        needs=(CASE_PACK, "programme"),
        reads=False,
        description="The code of the duty that a report carries out; null where there is none.",
    )
    def report_duty(self, info: Info) -> str | None:
        """The code of the duty that a report carries out."""
        rules = self._rules(info)
        return rules.report.obligation if rules and rules.report else None

    @computed(
        needs=(CASE_PACK, "programme", HAPPENED_ON),
        reads=False,
        description="The phases of the support; none where the guideline has none.",
    )
    def phases(self, info: Info) -> list[SupportPhase]:
        """The phases of the support."""
        pack = pack_of_case(info.context, self)
        programme = programme_or_none(pack, self.row["programme"])
        return phases_shown(pack, programme, ingredient(info.context, self, HAPPENED_ON))

    @computed(
        needs=(HAPPENED_ON,),
        reads=False,
        description="What the support staff are told of the home and the tenancy, the latest first: "
        "a demand, a notice, a meeting. That it happened and when, and nothing of why.",
    )
    def news(self, info: Info) -> list[CommissionNews]:
        """What the support staff are told."""
        lines = lines_of(ingredient(info.context, self, HAPPENED_ON))
        told = [CommissionNews(kind=kind, on=day) for kind, day in lines if kind in TOLD]
        return told[::-1][:MAX_NEWS]

    def _rules(self, info: Info) -> CommissionRules | None:
        programme = programme_or_none(pack_of_case(info.context, self), self.row["programme"])
        return programme.commission if programme else None


def _fields(
    document: CommissionRules | PlanRules | ReportRules | None, written: Any
) -> list[ContentField]:
    if document is None:
        return []
    return [
        content_field(item, required=required, value=written.get(item.id))
        for required, items in ((True, document.requires), (False, document.optional))
        for item in items
    ]
