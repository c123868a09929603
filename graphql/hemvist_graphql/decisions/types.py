"""Decisions. Whom a case was only disclosed to sees that there is one, not what lies behind it."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.decisions.models import Decision as DecisionRow
from hemvist.replays.service import replay_decisions
from hemvist_graphql.access import for_own_department, of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import Clause, LegalFinding, clauses_shown, findings_shown
from hemvist_graphql.loading import ingredient
from hemvist_graphql.packs.items import LegalBasis
from hemvist_graphql.pinned import CASE_PACK, case_pack, pinned, programme_of_case
from hemvist_graphql.reading import Node, column, computed, expressed, reads, to_one
from hemvist_graphql.refs import CaseRef, ContractRef, PrincipalRef
from hemvist_graphql.replays.types import Replay, replay_shown
from hemvist_graphql.states import DecisionState

_INSIDE = "Null for those whom the case was only disclosed to."


@reads(
    DecisionRow,
    visible=of_visible_case(DecisionRow, DecisionRow.state == "decided"),
    case=DecisionRow.case_id,
    also=(DecisionRow.legal_basis, DecisionRow.pack_version),
    ingredients=case_pack(DecisionRow),
    hidden={
        "conditions": for_own_department(DecisionRow, DecisionRow.conditions),
        "legal_findings": for_own_department(DecisionRow, DecisionRow.legal_findings),
    },
)
@strawberry.type(description="A proposal and, when it has been decided, the decision (beslut).")
class Decision(Node):
    """A proposal and, when it has been decided, the decision."""

    kind: str = column(DecisionRow.kind, description="support_to_obtain_housing or housing")
    outcome: str = column(DecisionRow.outcome, description="granted or refused")
    state: DecisionState = column(DecisionRow.state)
    programme: str = column(DecisionRow.programme)
    case: CaseRef = to_one("Case", DecisionRow.case_id)
    motivation: str | None = expressed(
        "motivation", for_own_department(DecisionRow, DecisionRow.motivation), description=_INSIDE
    )
    child_assessment: str | None = expressed(
        "child_assessment",
        for_own_department(DecisionRow, DecisionRow.child_assessment),
        description=f"The child's best interests. {_INSIDE}",
    )
    advice: str | None = expressed(
        "advice",
        for_own_department(DecisionRow, DecisionRow.advice),
        description=f"What the engine advised: true, false or unknown. {_INSIDE}",
    )
    departure_reason: str | None = expressed(
        "departure_reason",
        for_own_department(DecisionRow, DecisionRow.departure_reason),
        description=_INSIDE,
    )
    valid_from: dt.date = column(DecisionRow.valid_from)
    valid_until: dt.date | None = column(DecisionRow.valid_until)
    contract: ContractRef | None = to_one("Contract", DecisionRow.contract_id)
    proposed_by: PrincipalRef | None = to_one("Principal", DecisionRow.proposed_by)
    proposed_on: dt.date = column(DecisionRow.proposed_on)
    decided_by: PrincipalRef | None = to_one("Principal", DecisionRow.decided_by)
    decided_on: dt.date | None = column(DecisionRow.decided_on)
    return_reason: str | None = expressed(
        "return_reason",
        for_own_department(DecisionRow, DecisionRow.return_reason),
        description=_INSIDE,
    )
    went_on_because: str | None = expressed(
        "went_on_because",
        for_own_department(DecisionRow, DecisionRow.went_on_because),
        description=f"Why it was proposed in spite of warnings. {_INSIDE}",
    )
    version: int = column(DecisionRow.version)

    @computed(
        needs=("conditions",),
        description="Empty for those whom the case was only disclosed to.",
    )
    def conditions(self) -> list[Clause]:
        """The conditions of the decision."""
        return clauses_shown(self.row["conditions"] or ())

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
