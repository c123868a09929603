"""Decisions. Whom a case was only disclosed to sees that there is one, not what lies behind it."""

from __future__ import annotations

import datetime as dt
from functools import partial

import strawberry
from sqlalchemy import Date, case, cast, null

from hemvist.appeals.models import Appeal as AppealRow
from hemvist.clock import today
from hemvist.decisions.execution import due_on, not_carried_out, since, special_fee
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.decisions.service import who_decides
from hemvist.replays.service import replay_decisions
from hemvist.unexecuted.models import ExecutionEffort as EffortRow
from hemvist_graphql.access import for_own_department, of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import Clause, LegalFinding, clauses_shown, findings_shown
from hemvist_graphql.loading import ingredient, record_of
from hemvist_graphql.packs.items import LegalBasis
from hemvist_graphql.pinned import CASE_PACK, case_pack, pinned, programme_of_case
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    expressed,
    opened,
    reads,
    to_many,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import (
    AppealRef,
    CaseRef,
    ContractRef,
    DecisionRef,
    ExecutionEffortRef,
    PrincipalRef,
)
from hemvist_graphql.replays.types import Replay, replay_shown
from hemvist_graphql.states import DecisionState

#: Since when somebody waits, whatever the period says.
_SINCE = "not_carried_out_since"
_INSIDE = "Null for those whom the case was only disclosed to."


@strawberry.type(description="Who has the right to decide, by the kommun's delegation order.")
class Decider:
    """Who has the right to decide."""

    level: str = strawberry.field(description="caseworker, manager or board")
    cite: str


@strawberry.type(description="The range of the special fee (särskild avgift) for a delay.")
class SpecialFee:
    """The range of the special fee for a delay; what it is in the end a court says."""

    least_ore: int
    most_ore: int
    cite: list[str]


@reads(
    DecisionRow,
    visible=of_visible_case(DecisionRow, DecisionRow.state == "decided"),
    case=DecisionRow.case_id,
    also=(DecisionRow.legal_basis, DecisionRow.pack_version, DecisionRow.altered_by_id),
    ingredients={
        **case_pack(DecisionRow),
        _SINCE: lambda _: cast(case((not_carried_out(), since()), else_=null()), Date),
    },
    hidden={
        "conditions": for_own_department(DecisionRow, DecisionRow.conditions_sealed),
        "legal_findings": for_own_department(DecisionRow, DecisionRow.legal_findings),
    },
)
@strawberry.type(description="A proposal and, when it has been decided, the decision (beslut).")
class Decision(Node):
    """A proposal and, when it has been decided, the decision."""

    kind: str = column(
        DecisionRow.kind,
        description="support_to_obtain_housing, housing, support_measure, extension, change, end or "
        "takeover_recommendation",
    )
    about: str = column(
        DecisionRow.about,
        description="The kind that it is about: its own, or that of the decision it alters.",
    )
    outcome: str = column(DecisionRow.outcome, description="granted or refused")
    state: DecisionState = column(DecisionRow.state)
    programme: str = column(DecisionRow.programme)
    case: CaseRef = to_one("Case", DecisionRow.case_id)
    motivation: str | None = opened(
        DecisionRow.motivation, partial(for_own_department, DecisionRow), description=_INSIDE
    )
    child_assessment: str | None = opened(
        DecisionRow.child_assessment,
        partial(for_own_department, DecisionRow),
        description=f"The child's best interests. {_INSIDE}",
    )
    advice: str | None = expressed(
        "advice",
        for_own_department(DecisionRow, DecisionRow.advice),
        description=f"What the engine advised: true, false or unknown. {_INSIDE}",
    )
    departure_reason: str | None = opened(
        DecisionRow.departure_reason,
        partial(for_own_department, DecisionRow),
        description=_INSIDE,
    )
    valid_from: dt.date = column(DecisionRow.valid_from)
    valid_until: dt.date | None = column(DecisionRow.valid_until)
    contract: ContractRef | None = to_one("Contract", DecisionRow.contract_id)
    proposed_by: PrincipalRef | None = to_one("Principal", DecisionRow.proposed_by)
    proposed_on: dt.date = column(DecisionRow.proposed_on)
    decided_by: PrincipalRef | None = to_one("Principal", DecisionRow.decided_by)
    decided_on: dt.date | None = column(DecisionRow.decided_on)
    return_reason: str | None = opened(
        DecisionRow.return_reason,
        partial(for_own_department, DecisionRow),
        description=_INSIDE,
    )
    went_on_because: str | None = opened(
        DecisionRow.went_on_because,
        partial(for_own_department, DecisionRow),
        description=f"Why it was proposed in spite of warnings. {_INSIDE}",
    )
    reservation: bool = column(
        DecisionRow.reservation, description="It says that it may be reassessed."
    )
    cost_ore: int | None = expressed(
        "cost_ore",
        for_own_department(DecisionRow, DecisionRow.cost_ore),
        description=f"What it costs a month. {_INSIDE}",
    )
    alters: DecisionRef | None = to_one("Decision", DecisionRow.alters_id)
    alterations: list[DecisionRef] = to_many(
        "Decision", DecisionRow.alters_id, order=(DecisionRow.decided_on, DecisionRow.id)
    )
    alter_ground: str | None = expressed(
        "alter_ground", for_own_department(DecisionRow, DecisionRow.alter_ground)
    )
    disadvantage: bool = column(
        DecisionRow.disadvantage, description="It alters to the person's disadvantage."
    )
    told_on: dt.date | None = column(
        DecisionRow.told_on, description="When the person was told what it would rest on."
    )
    altered_by: DecisionRef | None = to_one("Decision", DecisionRow.altered_by_id)
    ended_on: dt.date | None = column(
        DecisionRow.ended_on, description="First day without what was granted."
    )
    led_by: DecisionRef | None = to_one("Decision", DecisionRow.together_id)
    together: list[DecisionRef] = to_many(
        "Decision",
        DecisionRow.together_id,
        order=(DecisionRow.id,),
        description="Of the first of several that were proposed in one act: all of them.",
    )
    decided_level: str = column(
        DecisionRow.decided_level,
        description="By the delegation order: caseworker, manager, board.",
    )
    delegation_cite: str = column(DecisionRow.delegation_cite)
    board_minute: str = column(DecisionRow.board_minute)
    notified_on: dt.date | None = column(DecisionRow.notified_on)
    notified_how: str = column(DecisionRow.notified_how)
    notified_by: PrincipalRef | None = to_one("Principal", DecisionRow.notified_by)
    appeal_until: dt.date | None = column(
        DecisionRow.appeal_until, description="Last day for an appeal to come in."
    )
    appeals: list[AppealRef] = to_many(
        "Appeal", AppealRow.decision_id, order=(AppealRow.received_on, AppealRow.id)
    )
    executed_on: dt.date | None = column(
        DecisionRow.executed_on, description="Noted by a person; a home says so by itself."
    )
    efforts: list[ExecutionEffortRef] = to_many(
        "ExecutionEffort", EffortRow.decision_id, order=(EffortRow.made_on, EffortRow.id)
    )
    version: int = column(DecisionRow.version)

    @computed(
        needs=(_SINCE, "valid_until", "altered_by_id"),
        reads=False,
        description="Since when somebody waits for what was granted; null when nobody does.",
    )
    def waiting_since(self, info: Info) -> dt.date | None:
        """Since when somebody waits."""
        return _waiting(info, self)

    @computed(
        needs=(_SINCE, "valid_until", "altered_by_id"),
        reads=False,
        description="Last day on which it is carried out in time; null when nobody waits.",
    )
    def execute_by(self, info: Info) -> dt.date | None:
        """Last day on which it is carried out in time."""
        since = _waiting(info, self)
        return None if since is None else due_on(since)

    @computed(
        needs=(_SINCE, "valid_until", "altered_by_id"),
        reads=False,
        description="What the kommun risks when it is late; null while it is in time.",
    )
    def special_fee(self, info: Info) -> SpecialFee | None:
        """What the kommun risks."""
        since = _waiting(info, self)
        risk = None if since is None else special_fee(since, today())
        return (
            None
            if risk is None
            else SpecialFee(least_ore=risk.least_ore, most_ore=risk.most_ore, cite=list(risk.cite))
        )

    @computed(
        5, description="Of a proposal: who may decide by the delegation order of today, and why."
    )
    def decider(self, info: Info) -> Decider | None:
        """Who may decide a proposal."""
        if self.row["state"] != "proposed":
            return None
        line = who_decides(info.context.session, record_of(info.context, self), today())
        return Decider(level=line.level, cite=line.cite)

    @computed(
        needs=("conditions",),
        reads=False,
        description="Empty for those whom the case was only disclosed to.",
    )
    def conditions(self, info: Info) -> list[Clause]:
        """The conditions of the decision."""
        conditions = unsealed(info, DecisionRow.conditions, self.row["conditions"])
        return clauses_shown(conditions or ())

    @computed(
        needs=("legal_findings",),
        description="What guideline and law said of the proposal; empty likewise.",
    )
    def legal_findings(self) -> list[LegalFinding]:
        """Findings kept with the decision."""
        return findings_shown(self.row["legal_findings"] or ())

    @computed(20, description=f"The advice of then asked again of its own version. {_INSIDE}")
    def replay(self, info: Info) -> Replay | None:
        """The advice of then asked again."""
        if self.row["advice"] is None:
            return None
        return replay_shown(info.context, self, replay_decisions)

    @computed(needs=(CASE_PACK, "programme"), reads=False, description="The programme in words.")
    def programme_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The programme in words."""
        programme = programme_of_case(info.context, self)
        return worded(programme.label if programme else None, lang, self.row["programme"])

    @computed(needs=(CASE_PACK, "legal_basis", "pack_version"), reads=False)
    def legal_basis(self, info: Info) -> list[LegalBasis]:
        """The provisions that it rests on."""
        name, _ = ingredient(info.context, self, CASE_PACK)
        # The version that it was decided by, wherever the case has gone since.
        known = pinned(info.context, name, self.row["pack_version"]).legal_bases
        return [
            LegalBasis(
                id=one,
                cite=list(known[one].cite) if one in known else [],
                text=known[one].label if one in known else None,
            )
            for one in self.row["legal_basis"]
        ]


def _waiting(info: Info, decision: Decision) -> dt.date | None:
    since: dt.date | None = ingredient(info.context, decision, _SINCE)
    until = decision.row["valid_until"]
    over = until is not None and until < today() and decision.row["altered_by_id"] is None
    return None if over else since
