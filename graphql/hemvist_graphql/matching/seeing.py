"""Who sees what of a matching.

A run and its homes are the property office's. A rank is seen through its case: whoever does not see
the case sees a gap in the numbers and nothing else. What somebody was ranked by comes from the
investigation, and of a protected household it is shown to the department that has the case only.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, exists, false, null, or_, select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.households.protection import anyone_protected
from hemvist.identity import Action, Actor, allows
from hemvist.offers.matching.models import (
    MatchRank,
    MatchRun,
    MatchVacancy,
    Presentation,
    PresentedHousehold,
)
from hemvist_graphql.access import of_own_case, of_visible_case


def visible_runs(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``MatchRun``: for those who match."""
    return MatchRun.id.is_not(None) if allows(actor, Action.MATCHING_RUN) else false()


def visible_vacancies(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``MatchVacancy``: for those who match."""
    return MatchVacancy.id.is_not(None) if allows(actor, Action.MATCHING_RUN) else false()


def visible_presentations(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Presentation``: one of its households is of a case that the actor sees."""
    return exists(
        select(PresentedHousehold.id).where(
            PresentedHousehold.tenant_id == Presentation.tenant_id,
            PresentedHousehold.presentation_id == Presentation.id,
            of_visible_case(PresentedHousehold)(actor),
        )
    )


def unmasked_values(actor: Actor) -> ColumnElement[Any]:
    """What a household was ranked by; null of a protected one outside its own department."""
    protected = exists(
        select(Case.id).where(
            Case.tenant_id == MatchRank.tenant_id,
            Case.id == MatchRank.case_id,
            anyone_protected(Case.tenant_id, Case.household_id, today()),
        )
    )
    shown = or_(of_own_case(MatchRank)(actor), ~protected)
    return case((shown, MatchRank.ranked_by_sealed), else_=null())
