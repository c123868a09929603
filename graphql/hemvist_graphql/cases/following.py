"""How a case is followed: obligations, follow-ups, pauses, milestones."""

from __future__ import annotations

import strawberry

from hemvist.deadlines.models import STATES
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.deadlines.models import ObligationPause as PauseRow
from hemvist.follow_ups.ending import is_ended
from hemvist.follow_ups.models import FilledChecklist as ChecklistRow
from hemvist.follow_ups.models import FollowUp as FollowUpRow
from hemvist.follow_ups.models import MissedFollowUp as MissedRow
from hemvist.follow_ups.models import RenewedNeed as RenewedRow
from hemvist.follow_ups.pausing import resting_of
from hemvist.identity import Actor
from hemvist.milestones.models import Milestone as MilestoneRow
from hemvist_graphql.cases.common import INSIDE, PINNED
from hemvist_graphql.choosing import Criteria, listed
from hemvist_graphql.context import Info
from hemvist_graphql.loading import ingredient
from hemvist_graphql.packs.items import Option
from hemvist_graphql.pinned import pack_of_row, programme_or_none
from hemvist_graphql.reading import Readable, computed, to_many
from hemvist_graphql.refs import (
    FilledChecklistRef,
    FollowUpRef,
    MilestoneRef,
    MissedFollowUpRef,
    ObligationPauseRef,
    ObligationRef,
    RenewedNeedRef,
)


def _in_states(_: Actor, state: list[str] | None = None) -> Criteria:
    # Of what is asked only the states that there are: whatever else is named, no row has it.
    return () if state is None else (ObligationRow.state.in_([s for s in STATES if s in state]),)


@strawberry.type
class CaseFollowing(Readable):
    """How the case is followed."""

    follow_ups: list[FollowUpRef] = to_many(
        "FollowUp", FollowUpRow.case_id, order=(FollowUpRow.held_on, FollowUpRow.id)
    )
    missed_follow_ups: list[MissedFollowUpRef] = to_many(
        "MissedFollowUp",
        MissedRow.case_id,
        order=(MissedRow.happened_on, MissedRow.id),
        description="Visits that did not take place.",
    )
    checklists: list[FilledChecklistRef] = to_many(
        "FilledChecklist",
        ChecklistRow.case_id,
        order=(ChecklistRow.filled_on, ChecklistRow.id),
        description="Forms filled in at follow-ups; those sent to them, for other departments.",
    )
    pauses: list[ObligationPauseRef] = to_many(
        "ObligationPause",
        PauseRow.case_id,
        order=(PauseRow.starts_on, PauseRow.id),
        description=INSIDE,
    )
    renewed_needs: list[RenewedNeedRef] = to_many(
        "RenewedNeed",
        RenewedRow.case_id,
        order=(RenewedRow.noticed_on, RenewedRow.id),
        description="Needs for support that showed again after the follow-up had ended.",
    )
    milestones: list[MilestoneRef] = to_many(
        "Milestone", MilestoneRow.case_id, order=(MilestoneRow.happened_on, MilestoneRow.id)
    )
    obligations: list[ObligationRef] = listed(
        "Obligation",
        ObligationRow.case_id,
        where=_in_states,
        order=(ObligationRow.due_on, ObligationRow.code, ObligationRow.id),
        weight=2,
        description="By due day; of the given states, or all.",
    )

    @computed(
        needs=("programme", "department", *PINNED),
        reads=False,
        description="Duties of the programme that a pause lets rest.",
    )
    def resting(self, info: Info) -> list[Option]:
        """Duties of the programme that a pause lets rest."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        if programme is None:
            return []
        return [
            Option(code=one.id, text=one.label)
            for one in resting_of(programme, self.row["department"])
        ]

    @computed(
        needs=("programme", *PINNED),
        reads=False,
        description="Whether the guideline lets an ended follow-up be taken up again.",
    )
    def taken_up_again(self, info: Info) -> bool:
        """Whether an ended follow-up can be taken up again."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        end = None if programme is None else programme.end_of_follow_up
        return end is not None and end.reopen is not None

    @computed(
        2,
        needs=("happened",),
        reads=False,
        description="Whether the follow-up has ended and was not taken up again.",
    )
    def follow_up_over(self, info: Info) -> bool:
        """Whether the follow-up has ended and was not taken up again."""
        happened = ingredient(info.context, self, "happened")
        return is_ended(happened.split() if happened else ())

    @computed(
        needs=("programme", *PINNED),
        reads=False,
        description="Whether there are events that a person can record in it.",
    )
    def has_milestones(self, info: Info) -> bool:
        """Whether its programme, or one of them while none is chosen, has milestones."""
        pack = pack_of_row(info.context, self.row)
        chosen = programme_or_none(pack, self.row["programme"])
        programmes = pack.programmes.values() if chosen is None else (chosen,)
        return any(programme.milestones for programme in programmes)
