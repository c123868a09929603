"""What happens in the home after moving in: visits held, support on commission, a plan with goals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.commissions import reporting
from hemvist.commissions import service as commissions
from hemvist.commissions.models import Commission
from hemvist.commissions.providers import providers
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups import service as follow_ups
from hemvist.follow_ups.not_held import record_not_held
from hemvist.support_plans import drafting
from hemvist_infra.demo import words

if TYPE_CHECKING:
    from hemvist_infra.demo.residents import Resident

#: What the support staff do again and again in a flat, where a guideline has it.
_VISIT, _REVIEW = "home_visit", "flat_review"


def commission(home: Resident, case: Case, regime: str, on: date) -> Commission:
    """The coordinator decides between own and procured, the caseworker commissions a provider."""
    row = commissions.route_support(
        home.session, home.matcher, case_id=case.id, regime=regime, reason="needs", on=on
    )
    if row.provider_id is None:
        chosen = next(one for one in providers(home.session) if one.regime == regime)
        row = commissions.choose_provider(
            home.session,
            home.caseworker,
            case_id=case.id,
            provider_id=chosen.id,
            reason="needs",
            on=on,
        )
    commissions.write_commission(
        home.session,
        home.caseworker,
        commission_id=row.id,
        content=words.COMMISSION,
        starts_on=on + timedelta(days=3),
        expected_version=row.version,
    )
    return commissions.send_commission(
        home.session,
        home.caseworker,
        commission_id=row.id,
        ground="consent",
        sent_on=on,
        expected_version=row.version,
    )


def report(home: Resident, case: Case, *, leave: int) -> None:
    """The provider's monthly reports were sent and read; but for the last ``leave`` of them."""
    given = commissions.running(home.session, case)
    assert given is not None
    due = _due(home, case, ("monthly_report",))
    for one in due[: len(due) - leave]:
        row = reporting.write_report(
            home.session,
            home.supporter(),
            commission_id=given.id,
            obligation_id=one.id,
            content=words.REPORT,
        )
        reporting.send_report(
            home.session,
            home.supporter(),
            support_report_id=row.id,
            sent_on=one.due_on,
            expected_version=row.version,
        )


def plan(home: Resident, case: Case, on: date) -> None:
    """The plan made together, in the household's own words, with goals and the day of its review."""
    drafted = drafting.draft_plan(
        home.session,
        home.caseworker,
        case_id=case.id,
        content=words.IMPLEMENTATION_PLAN,
        own_words=words.OWN_WORDS,
        goals=words.GOALS,
        review_on=home.planned.today + timedelta(days=9),
        drafted_on=on,
    )
    drafting.agree_plan(
        home.session,
        home.caseworker,
        plan_id=drafted.id,
        agreed_on=on + timedelta(days=2),
        expected_version=drafted.version,
    )


def visit(home: Resident, case: Case, *, leave: int = 0, missed: int = 0) -> None:
    """Every visit and review whose day has come was held; but the last ``leave`` of them are still to
    be, and of the visits before these ``missed`` were missed, with all that was tried."""
    due = _due(home, case, (_VISIT, _REVIEW))
    due = due[: len(due) - leave]
    visits = [one.id for one in due if one.code == _VISIT]
    lost = set(visits[len(visits) - missed :])
    for one in due:
        if one.id in lost:
            _miss(home, one)
        else:
            _hold(home, one)


def _hold(home: Resident, visit: Obligation) -> None:
    form = visit.code == _REVIEW
    follow_ups.record_follow_up(
        home.session,
        home.supporter(),
        obligation_id=visit.id,
        held_on=visit.due_on,
        departments=[home.tenancy.department],
        resident_took_part=True,
        in_the_home=True,
        notes=home.dice.choice(words.NOTES) if visit.ordinal % 8 == 0 else "",
        checklist=words.FLAT if form else None,
        send_checklist=form,
        expected_version=visit.version,
    )


def _miss(home: Resident, visit: Obligation) -> None:
    record_not_held(
        home.session,
        home.supporter(),
        obligation_id=visit.id,
        outcome="missed",
        reason="did_not_open",
        happened_on=visit.due_on,
        tried="Ringde på två gånger samma dag, och ringde dagen efter. Lapp i brevlådan.",
        expected_version=visit.version,
    )


def _due(home: Resident, case: Case, codes: Sequence[str]) -> list[Obligation]:
    return list(
        home.session.scalars(
            select(Obligation)
            .where(
                Obligation.case_id == case.id,
                Obligation.code.in_(codes),
                Obligation.due_on < home.planned.today,
                Obligation.state == "open",
            )
            .order_by(Obligation.due_on, Obligation.code)
        )
    )
