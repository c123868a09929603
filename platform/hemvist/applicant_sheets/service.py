"""The sheet for the applicant: what an assessment asked for, what was known, and what is missing.

It holds no notes among staff, no other person's data than the household's own, and no address.
Source: SoL (2025:400) 14:3; förvaltningslag (2017:900) sections 25, 32 and 33.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.applicant_sheets.appeal import appeal_text
from hemvist.applicant_sheets.criteria import (
    Criterion,
    Missing,
    criteria_of,
    missing_facts,
    sources,
)
from hemvist.assessments.models import Assessment
from hemvist.cases.access import reading_departments
from hemvist.cases.models import Case
from hemvist.decisions.models import ALTERING, Decision
from hemvist.decisions.service import definition, rule_of
from hemvist.errors import HemvistError, NotFound, PolicyRefused
from hemvist.evaluations.models import KeptEvaluation
from hemvist.evaluations.service import answer_kept
from hemvist.households.models import HouseholdMember, Person
from hemvist.identity import Action, Actor
from hemvist.identity.models import Principal
from hemvist.pack_versions import packs_of
from hemvist.policy import Pack, PolicyError
from hemvist.tenancy import TenantSession

LANGUAGES = ("sv", "en")


@dataclass(frozen=True, slots=True)
class SheetDecision:
    """A decision that came after the assessment, and how to appeal against it."""

    label: str
    granted: bool
    decided_on: date
    decided_by: str | None
    legal_bases: tuple[str, ...]
    appeal: str


@dataclass(frozen=True, slots=True)
class ApplicantSheet:
    """The sheet. ``applicant`` is None where anyone in the household is protected: then no name is
    printed, and no free text. ``reason`` is None where the caseworker marked it as internal."""

    language: str
    case_id: UUID
    case_number: str
    department: str
    applicant: str | None
    protected: bool
    guideline: str
    version: str
    sources: tuple[str, ...]
    assessed_on: date
    outcome: str
    concluded_met: bool
    concluded_by: str | None
    reason: str | None
    criteria: tuple[Criterion, ...]
    missing: tuple[Missing, ...]
    decision: SheetDecision | None
    #: Whose data it holds, for the audit log.
    persons: tuple[UUID, ...]


def sheet_for(
    session: TenantSession, actor: Actor, *, assessment_id: UUID, language: str = "sv"
) -> ApplicantSheet:
    """The sheet of an assessment in ``sv`` or ``en``.

    For those who read the case in the department that has it: what lies behind the conclusion was
    disclosed to nobody else. Raises ``NotFound``, and ``PolicyRefused`` when the
    version that it was judged by is not installed. The caller logs that it was read.
    """
    lang = language if language in LANGUAGES else "sv"
    assessment = session.find(Assessment, assessment_id)
    case = session.find(Case, assessment.case_id)
    if case.department not in reading_departments(actor, Action.CASE_READ)[0]:
        raise NotFound("Assessment")
    try:
        pack = packs_of(session).get(case.pack, assessment.pack_version)
    except PolicyError as gone:
        raise PolicyRefused("version_missing", "the version is not installed") from gone
    members = _members(session, case)
    protected = any(person.is_protected for person, _ in members)
    rule = pack.rule(assessment.rule)
    main = rule.cite[0].partition(" ")[0]
    criteria = criteria_of(pack, assessment.trace, lang, protected=protected, main=main)
    asked = _asked(session, assessment)
    department = pack.departments.get(case.department)
    office = department.label.text(lang) if department else case.department
    return ApplicantSheet(
        language=lang,
        case_id=case.id,
        case_number=case.number,
        department=office,
        applicant=None if protected else _applicant(members),
        protected=protected,
        guideline=pack.title.text(lang),
        version=pack.version,
        sources=sources(pack, rule.cite, lang),
        assessed_on=assessment.evaluated_on,
        outcome=assessment.outcome,
        concluded_met=assessment.conclusion,
        concluded_by=_name(session, assessment.concluded_by),
        # Words of a person may say where somebody is.
        reason=None if protected or assessment.reason_internal else assessment.reason or None,
        criteria=criteria,
        missing=missing_facts(pack, asked, criteria, lang),
        decision=_decision(session, case, pack, assessment, office, lang),
        persons=tuple(person.id for person, _ in members),
    )


def _asked(session: TenantSession, assessment: Assessment) -> list[str] | None:
    if assessment.evaluation_id is None:
        return None
    asked: list[str] = answer_kept(session.find(KeptEvaluation, assessment.evaluation_id))["ask"]
    return asked


def _members(session: TenantSession, case: Case) -> list[tuple[Person, str]]:
    """Everybody who is or was in the household: one protected person among them is enough."""
    rows = session.execute(
        select(Person, HouseholdMember.role)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Person.tenant_id)
            & (HouseholdMember.person_id == Person.id),
        )
        .where(HouseholdMember.household_id == case.household_id)
        .order_by(HouseholdMember.id)
    )
    return list(rows.tuples())


def _applicant(members: list[tuple[Person, str]]) -> str | None:
    return next(
        (f"{one.given_name} {one.family_name}" for one, role in members if role == "applicant"),
        None,
    )


def _name(session: TenantSession, principal_id: UUID | None) -> str | None:
    return None if principal_id is None else session.find(Principal, principal_id).display_name


def _decision(
    session: TenantSession, case: Case, pack: Pack, assessment: Assessment, office: str, lang: str
) -> SheetDecision | None:
    """The latest decision that the assessed rule advised on, made since."""
    rows = session.scalars(
        select(Decision)
        .where(
            Decision.case_id == case.id,
            Decision.state == "decided",
            Decision.kind.not_in(ALTERING),
            Decision.decided_on >= assessment.evaluated_on,
        )
        .order_by(Decision.decided_on.desc(), Decision.decided_at.desc())
    )
    for row in rows:
        try:
            decided_by = packs_of(session).get(case.pack, row.pack_version)
            kind = definition(decided_by, row.programme, row.kind)
            rule = rule_of(decided_by, row.programme, row.kind)
        except (PolicyError, HemvistError):
            continue
        if rule != assessment.rule:
            continue
        bases = tuple(
            decided_by.legal_bases[id] for id in row.legal_basis if id in decided_by.legal_bases
        )
        assert row.decided_on is not None
        return SheetDecision(
            kind.label.text(lang),
            row.outcome == "granted",
            row.decided_on,
            _name(session, row.decided_by),
            tuple(basis.label.text(lang) for basis in bases),
            appeal_text(row.decided_on, bases, office, lang),
        )
    return None
