"""What is shown to the landlord with a request to take a lease over (LF-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hemvist.assessments.service import facts_of
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.errors import Problem
from hemvist.identity import Action, Actor
from hemvist.policy.facts import FactType
from hemvist.policy.landlord import LandlordTold
from hemvist.takeovers.asked_models import TakeoverShown
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


def told_of(case: Case) -> LandlordTold | None:
    """What the case's programme says a landlord learns; None where it says nothing."""
    pack = pack_of(case)
    if case.programme is None or case.programme not in pack.programmes:
        return None
    return pack.programme(case.programme).landlord


def shown_problems(case: Case, show: Sequence[str], consented_on: date | None) -> list[Problem]:
    """What keeps the chosen figures from being shown: not listed, or no consent."""
    if not show:
        return []
    rules = told_of(case)
    allowed = () if rules is None else rules.evidence
    problems = []
    if set(show) - set(allowed):
        listed = {"allowed": list(allowed)}
        problems.append(Problem("show", "unknown_choice", "not what the guideline lists", listed))
    if consented_on is None:
        problems.append(Problem("consentedOn", "required", "say when the household consented"))
    elif consented_on > today():
        problems.append(Problem("consentedOn", "future", "may not lie in the future"))
    return problems


def show(
    session: TenantSession,
    actor: Actor,
    case: Case,
    takeover: Takeover,
    unit: Unit,
    facts: Sequence[str],
    consented_on: date,
    on: date,
) -> None:
    """Keep the figures that the landlord may see of the request, as they are on the day.

    What is not known is not shown. Recipient, ground and fields are kept with each line.
    """
    pack, known = pack_of(case), facts_of(session, case, on)
    told: list[str] = []
    for fact in dict.fromkeys(facts):
        value = _as_text(known.get(fact))
        if value is None:
            continue
        definition = pack.facts[fact]
        session.save(
            TakeoverShown(
                case_id=case.id,
                takeover_id=takeover.id,
                landlord_id=unit.landlord_id,
                requested_on=on,
                fact=fact,
                label_sv=definition.label.sv,
                label_en=definition.label.en,
                kind="count" if definition.type is FactType.RECORDS else definition.type.value,
                value=value,
                ground="consent",
                consented_on=consented_on,
            )
        )
        told.append(fact)
    if told:
        record(
            session,
            actor,
            case,
            "takeover_shown",
            on,
            action=Action.TAKEOVER_HANDLE,
            subject_type="takeover",
            subject_id=takeover.id,
            data={"fields": told, "ground": "consent", "consented_on": str(consented_on)},
        )


def _as_text(value: Any) -> str | None:
    """A figure, a truth or a day as text; of records only how many they are. Never words."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return str(len(value))
    if isinstance(value, int | date):
        return str(value)
    # An answer is kept as JSON: a day is text there, and so would be words.
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None
