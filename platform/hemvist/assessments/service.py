"""Answering a case's questions, seeing what the rules say, and concluding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from hemvist.assessments.models import Answer, Assessment
from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if, require_open, required_text
from hemvist.cases.derived import derived_facts
from hemvist.cases.journal import kinds_of, plan_from_the_beginning, record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.cases.service import choose_programme
from hemvist.cases.stage import stage_of
from hemvist.clock import now, today
from hemvist.errors import Problem, ValidationFailed, too_long
from hemvist.evaluations.service import keep
from hemvist.identity import Action, Actor
from hemvist.policy import (
    Evaluation,
    FactDef,
    Label,
    Outcome,
    Pack,
    PolicyError,
    Programme,
    check_answer,
    evaluate,
    relevant,
)
from hemvist.policy.facts import FactKind, as_json
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import Ask, append, of_tenant

MAX_ANSWERS = 200
MAX_REASON = 10_000
MAX_SOURCE = 200


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer as given. ``value`` None takes the present answer back."""

    fact: str
    value: Any
    reason: str = ""
    source: str = ""
    effective_on: date | None = None


class Answered(NamedTuple):
    """An answer in force."""

    id: UUID
    fact: str
    value: Any
    reason: str
    source: str
    effective_on: date | None
    answered_at: datetime
    answered_by: UUID | None


_CURRENT = Ask(
    select(
        Answer.id,
        Answer.fact,
        Answer.value_sealed,
        Answer.reason_sealed,
        Answer.source,
        Answer.effective_on,
        Answer.answered_at,
        Answer.answered_by,
    ).where(
        Answer.tenant_id == of_tenant(),
        Answer.case_id == bindparam("case"),
        Answer.replaced_at.is_(None),
    )
)
#: Whoever replaced one meanwhile has its successor there, which a second one runs against.
_REPLACE = (
    "UPDATE answers SET replaced_at = %(now)s WHERE tenant_id = %(tenant)s"
    " AND case_id = %(case)s AND id = ANY (%(ids)s)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that some rule of the case can need, with what is known of it.

    ``relevant`` is what the pack's ``ask_when`` says; ``answer`` the present answer of a person;
    ``value`` what the rules will use, as JSON data, from the record or the answer; ``group`` the
    heading that the question stands under on a form.
    """

    fact: FactDef
    relevant: Outcome
    answer: Answered | None
    value: Any
    from_record: bool
    group: Label | None = None


def current_answers(session: TenantSession, case: Case) -> dict[str, Answered]:
    """The answer in force of each fact."""

    def found() -> list[Answered]:
        keys = tenant_keys(session.tenant_id)
        return [
            Answered(
                id_, fact, Answer.value.read(keys, value), Answer.reason.read(keys, why), *rest
            )
            for id_, fact, value, why, *rest in _CURRENT.rows(session, case=case.id)
        ]

    return {one.fact: one for one in session.remembered(("answers", case.id), found)}


def facts_of(session: TenantSession, case: Case, on: date) -> dict[str, Any]:
    """Every fact known of the case on a day. The record goes before a person's answer."""
    pack = pack_of(case)
    known = {fact: given.value for fact, given in current_answers(session, case).items()}
    known.update(derived_facts(session, case, on))
    return {fact: value for fact, value in known.items() if fact in pack.facts}


def rules_of(session: TenantSession, case: Case) -> list[str]:
    """The rules that a caseworker of this case must see, in the pack's order of meeting them."""
    pack = pack_of(case)
    rules: list[str] = []
    department = pack.departments.get(case.department)
    if department is not None and department.responsible is not None:
        rules.append(department.responsible)
    programmes = list(pack.programmes.values())
    # Outreach, which gives nothing, stands in the way of no other programme.
    if case.programme and pack.programme(case.programme).decisions:
        programmes = [pack.programme(case.programme)]
    for programme in programmes:
        rules.append(programme.entry)
        rules += [kind.rule for kind in programme.decisions if kind.rule]
    if case.programme:
        rules += _rules_of_the_way(session, case, pack.programme(case.programme))
    return list(dict.fromkeys(rules))


def _rules_of_the_way(session: TenantSession, case: Case, programme: Programme) -> Iterator[str]:
    """The rules that stand between the case's stage and what can come next."""
    kinds = kinds_of(session, case)
    stage = stage_of(programme, kinds)
    for move in programme.stages.transitions if programme.stages else ():
        if move.source == stage and move.guard is not None:
            yield move.guard
    takeover = programme.takeover
    if takeover and takeover.rule and {"contract_signed", "moved_in"} & set(kinds):
        yield takeover.rule
    if programme.end_of_follow_up is not None and "decision_granted" in kinds:
        yield programme.end_of_follow_up.rule


def criteria(session: TenantSession, case: Case, on: date) -> list[Evaluation]:
    """What each rule of the case says on a day, with its trace and what is still to be asked."""
    pack = pack_of(case)
    facts = facts_of(session, case, on)
    return [evaluate(pack, rule, facts, on) for rule in rules_of(session, case)]


def questions(
    session: TenantSession, case: Case, on: date, rule: str | None = None
) -> list[Question]:
    """The facts that the rules of the case can need, in the order of the pack's form.

    Once the programme is chosen, also those that tell which items its referral must contain. With
    ``rule``, the facts that this rule of the pack can need, and no others.
    """
    pack = pack_of(case)
    rules = rules_of(session, case) if rule is None else [rule]
    needed = {fact for id in rules for fact in pack.facts_of(id)}
    referral = pack.programme(case.programme).referral if case.programme else None
    for item in referral.optional if referral and rule is None else ():
        needed.update(item.when.facts if item.when else ())
    return _questions(session, case, on, rules, needed)


def questions_of(
    session: TenantSession, case: Case, on: date, rules: Sequence[str]
) -> list[Question]:
    """The facts that some rules of the case's pack can need, in the order of its form."""
    pack = pack_of(case)
    return _questions(session, case, on, rules, {f for id in rules for f in pack.facts_of(id)})


def _questions(
    session: TenantSession, case: Case, on: date, rules: Sequence[str], needed: Set[str]
) -> list[Question]:
    pack = pack_of(case)
    answers = current_answers(session, case)
    derived = derived_facts(session, case, on)
    facts = facts_of(session, case, on)
    # What would settle a rule is asked, even where the pack thinks the question beside the point.
    asked = {fact for id in rules for fact in evaluate(pack, id, facts, on).ask}
    return [
        Question(
            fact=definition,
            relevant=Outcome.TRUE if name in asked else relevant(pack, name, facts, on),
            answer=answers.get(name),
            value=as_json(facts.get(name)),
            from_record=name in derived,
            group=pack.groups.get(definition.group or ""),
        )
        for name, definition in pack.facts.items()
        if name in needed
    ]


def answer_all(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    answers: Sequence[NewAnswer],
) -> Case:
    """Register answers. All of them hold, or none is registered.

    The timeline has them on the latest day from which one of them holds: offices register afterwards.
    Raises ``ValidationFailed`` naming ``answers[i].value`` and the like; ``NotFound``;
    ``NotAllowed``; ``Conflict`` on a closed case.
    """
    case = case_for(session, actor, case_id, Action.ASSESSMENT_ANSWER)
    require_open(case)
    pack = pack_of(case)
    derived = derived_facts(session, case, today())
    values, problems = check_answers(pack, derived, answers)
    raise_if(problems)
    present = current_answers(session, case)
    changed: dict[str, date] = {}
    replaced: list[UUID] = []
    fresh: list[dict[str, Any]] = []
    for given, value in zip(answers, values, strict=True):
        old = present.get(given.fact)
        if old is not None and _same(old, given, value):
            continue
        if old is None and value is None:
            continue
        if old is not None:
            replaced.append(old.id)
        changed[given.fact] = given.effective_on or today()
        if value is not None:
            fresh.append(
                {
                    "fact": given.fact,
                    "value": value,
                    "reason": given.reason.strip(),
                    "source": given.source.strip(),
                    "effective_on": changed[given.fact],
                }
            )
    if changed:
        # What is replaced first: a fact has one present answer.
        session.later(
            _REPLACE, {"tenant": session.tenant_id, "ids": replaced, "now": now(), "case": case.id}
        )
        for one in fresh:
            append(
                session,
                Answer,
                case_id=case.id,
                answered_at=now(),
                answered_by=actor.principal_id,
                **one,
            )
        record(
            session,
            actor,
            case,
            "questions_answered",
            max(changed.values()),
            action=Action.ASSESSMENT_ANSWER,
            subject_type="case",
            subject_id=case.id,
            data={"facts": sorted(changed)},
        )
    return case


def conclude(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    rule: str,
    conclusion: bool,
    reason: str = "",
    reason_internal: bool = False,
    on: date | None = None,
) -> Assessment:
    """Sign one's own conclusion on a rule, beside what the engine said that day.

    The engine advises; a person decides. A conclusion that differs from the advice, or that is drawn
    while something is unknown, needs a reason. The applicant may read the reason, unless it is marked
    as internal. A programme without decisions, such as outreach, begins when its entry rule is
    concluded. Raises ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.ASSESSMENT_CONCLUDE)
    require_open(case)
    day = effective_day(on, not_before=case.opened_on)
    pack = pack_of(case)
    if rule not in pack.rules:
        raise ValidationFailed.one("rule", "unknown_choice", "the pack has no such rule")
    facts = facts_of(session, case, day)
    said = evaluate(pack, rule, facts, day)
    agrees = said.outcome == ("true" if conclusion else "false")
    if not agrees:
        raise_if(required_text("reason", reason, MAX_REASON))
    elif len(reason) > MAX_REASON:
        raise ValidationFailed.one(
            "reason", "too_long", f"at most {MAX_REASON} characters", limit=MAX_REASON
        )
    assessment = session.save(
        Assessment(
            case_id=case.id,
            rule=rule,
            outcome=said.outcome.value,
            trace=said.as_json()["trace"],
            pack_version=said.version,
            evaluated_on=day,
            conclusion=conclusion,
            reason=reason.strip(),
            reason_internal=reason_internal,
            concluded_by=actor.principal_id,
            concluded_at=now(),
            evaluation_id=keep(session, case, pack, said, facts, day).id,
        )
    )
    record(
        session,
        actor,
        case,
        "assessment_concluded",
        day,
        action=Action.ASSESSMENT_CONCLUDE,
        subject_type="assessment",
        subject_id=assessment.id,
        data={"rule": rule, "outcome": said.outcome.value, "conclusion": conclusion},
    )
    if conclusion and case.programme is None:
        _begin_programme(session, case, rule)
    return assessment


def _begin_programme(session: TenantSession, case: Case, rule: str) -> None:
    """A programme that no decision and no referral begins, begins when its entry is concluded."""
    begun = [
        programme.id
        for programme in pack_of(case).programmes.values()
        if programme.entry == rule and not programme.decisions and programme.referral is None
    ]
    if len(begun) == 1:
        choose_programme(session, case, begun[0])
        plan_from_the_beginning(session, case)


def check_answers(
    pack: Pack, derived: Mapping[str, Any], answers: Sequence[NewAnswer]
) -> tuple[list[Any], list[Problem]]:
    """The values of answers as they are kept, and what is wrong with them, at ``answers[i]``."""
    if len(answers) > MAX_ANSWERS:
        return [], [
            Problem("answers", "count", f"at most {MAX_ANSWERS} at once", {"limit": MAX_ANSWERS})
        ]
    values: list[Any] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for position, given in enumerate(answers):
        path = f"answers[{position}]"
        value, wrong = _check_one(pack, derived, given, path)
        values.append(value)
        problems += wrong
        if given.fact in seen:
            problems.append(Problem(f"{path}.fact", "twice", "answered twice in one go"))
        seen.add(given.fact)
    return values, problems


def _check_one(
    pack: Pack, derived: Mapping[str, Any], given: NewAnswer, path: str
) -> tuple[Any, list[Problem]]:
    definition = pack.facts.get(given.fact)
    if definition is None:
        return None, [
            Problem(
                f"{path}.fact", "unknown_fact", "the pack has no such fact", {"fact": given.fact}
            )
        ]
    if given.fact in derived:
        return None, [
            Problem(f"{path}.fact", "from_record", "the record answers this", {"fact": given.fact})
        ]
    problems = too_long(f"{path}.reason", given.reason, MAX_REASON)
    problems += too_long(f"{path}.source", given.source, MAX_SOURCE)
    if given.effective_on is not None and given.effective_on > today():
        problems.append(Problem(f"{path}.effectiveOn", "future", "may not lie in the future"))
    if given.value is None:
        return None, problems
    try:
        value = check_answer(definition, given.value)
    except PolicyError as wrong:
        return None, [
            *problems,
            Problem(f"{path}.value", wrong.rule, wrong.message, {"fact": given.fact}),
        ]
    if definition.kind is FactKind.ASSESSMENT and not given.reason.strip():
        problems.append(
            Problem(
                f"{path}.reason",
                "reason_required",
                "a judgement needs its reason",
                {"fact": given.fact},
            )
        )
    return as_json(value), problems


def _same(old: Answered, given: NewAnswer, value: Any) -> bool:
    return bool(
        value is not None
        and old.value == value
        and old.reason == given.reason.strip()
        and old.source == given.source.strip()
    )
