"""Which cases a simulation counts, and the groups of households that its figures are broken into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from hemvist.cases.models import Case, CaseEvent
from hemvist.cases.packs import programme_of
from hemvist.cases.stage import stage_of
from hemvist.decisions.models import Decision
from hemvist.policy import Label, Pack, PolicyError
from hemvist.tenancy import TenantSession

#: What is counted, in words.
COUNTED = Label(
    "Pågående ärenden som inte är avgjorda eller som har ett program. Avslutade ärenden och "
    "ärenden där bara avslag har beslutats räknas inte. Hushåll med skyddade personuppgifter "
    "räknas med i summorna.",
    "Open cases that are not decided on or that have a programme. Closed cases, and cases in "
    "which only refusals were decided, are not counted. Households with protected personal data "
    "are counted in the figures.",
)

DEPARTMENT, CHILDREN, AGE, STAGE = "department", "children", "age", "stage"
#: The ways in which households are grouped, in the order shown.
DIMENSIONS: Mapping[str, Label] = {
    DEPARTMENT: Label("Förvaltning", "Department"),
    CHILDREN: Label("Hushåll med och utan barn", "Households with and without children"),
    AGE: Label("Sökandens ålder", "Age of the applicant"),
    STAGE: Label("Nuvarande steg", "Present stage"),
}
#: Age bands of the applicant: code, first age, words.
_BANDS: Sequence[tuple[str, int, Label]] = (
    ("under_18", 0, Label("Under 18 år", "Under 18")),
    ("18_24", 18, Label("18–24 år", "18–24")),
    ("25_34", 25, Label("25–34 år", "25–34")),
    ("35_49", 35, Label("35–49 år", "35–49")),
    ("50_64", 50, Label("50–64 år", "50–64")),
    ("65_over", 65, Label("65 år och äldre", "65 and over")),
)
#: The group of cases of which it is not known.
NOT_KNOWN = "not_known"
NO_PROGRAMME = "no_programme"
_WORDS: Mapping[str, Mapping[str, Label]] = {
    CHILDREN: {
        "with_children": Label("Med barn", "With children"),
        "without_children": Label("Utan barn", "Without children"),
    },
    AGE: {code: words for code, _, words in _BANDS},
}


def current() -> ColumnElement[bool]:
    """Condition on ``Case``: open, and undecided or with a programme."""
    decided = and_(
        Decision.tenant_id == Case.tenant_id,
        Decision.case_id == Case.id,
        Decision.state == "decided",
    )
    return and_(
        Case.state == "open",
        or_(
            Case.programme.is_not(None),
            ~exists(select(Decision.id).where(decided)),
            exists(select(Decision.id).where(decided, Decision.outcome == "granted")),
        ),
    )


def groups_of(session: TenantSession, case: Case, facts: Mapping[str, Any]) -> dict[str, str]:
    """The group that the case's household is in, in each dimension."""
    children, age = facts.get("children_under_18"), facts.get("age")
    return {
        DEPARTMENT: case.department,
        CHILDREN: NOT_KNOWN
        if children is None
        else "with_children"
        if children > 0
        else "without_children",
        AGE: NOT_KNOWN if age is None else band_of(age),
        STAGE: _stage(session, case),
    }


def groups_of_facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """The groups of a case of which only facts are given; it has no stage."""
    children, age = facts.get("children_under_18"), facts.get("age")
    known = isinstance(children, int)
    return {
        DEPARTMENT: str(facts.get("department") or NOT_KNOWN),
        CHILDREN: NOT_KNOWN
        if not known
        else "with_children"
        if int(children or 0) > 0
        else "without_children",
        AGE: band_of(age) if isinstance(age, int) else NOT_KNOWN,
        STAGE: NOT_KNOWN,
    }


def band_of(age: int) -> str:
    """Code of the band that an age lies in."""
    return max((first, code) for code, first, _ in _BANDS if first <= max(age, 0))[1]


def _stage(session: TenantSession, case: Case) -> str:
    """``programme/stage``, or what stands for a case without a programme or a known stage."""
    if case.programme is None:
        return NO_PROGRAMME
    try:
        programme = programme_of(case)
    except PolicyError:
        programme = None
    stage = None
    if programme is not None and programme.stages is not None:
        stage = stage_of(
            programme,
            session.scalars(
                select(CaseEvent.kind)
                .where(CaseEvent.case_id == case.id)
                .order_by(CaseEvent.occurred_on, CaseEvent.recorded_at, CaseEvent.id)
            ),
        )
    return f"{case.programme}/{stage or ''}"


def label_of(dimension: str, code: str, packs: Sequence[Pack]) -> Label:
    """A group in words; departments, programmes and stages as one of the packs calls them."""
    if code == NOT_KNOWN:
        return Label("Inte känt", "Not known")
    if code == NO_PROGRAMME:
        return Label("Inget program valt", "No programme chosen")
    known = _WORDS.get(dimension, {}).get(code)
    if known is not None:
        return known
    for pack in packs:
        found = (
            _department_label(pack, code) if dimension == DEPARTMENT else _stage_label(pack, code)
        )
        if found is not None:
            return found
    return Label(code, code)


def _department_label(pack: Pack, code: str) -> Label | None:
    department = pack.departments.get(code)
    return None if department is None else department.label


def _stage_label(pack: Pack, code: str) -> Label | None:
    name, _, stage = code.partition("/")
    programme = pack.programmes.get(name)
    if programme is None:
        return None
    states = programme.stages.states if programme.stages is not None else {}
    if stage not in states:
        return programme.label
    return Label(
        f"{programme.label.sv}: {states[stage].sv}", f"{programme.label.en}: {states[stage].en}"
    )
