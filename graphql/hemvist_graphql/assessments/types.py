"""Questions, what the rules say, and what people concluded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import strawberry

from hemvist.assessments.models import Assessment as AssessmentRow
from hemvist.assessments.service import Question as QuestionModel
from hemvist.policy import Evaluation, Pack, PolicyError
from hemvist.policy import Outcome as Kleene
from hemvist.policy import TraceNode as TraceModel
from hemvist.policy.labels import Label
from hemvist.replays.service import replay_assessments
from hemvist_graphql.access import of_own_case
from hemvist_graphql.context import Context, Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language, options_shown, worded
from hemvist_graphql.loading import find_many, ingredient
from hemvist_graphql.me.types import Principal
from hemvist_graphql.packs.items import Option, fields_of, options_of, small
from hemvist_graphql.pinned import CASE_PACK, case_pack, pinned
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    opened,
    reads,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import CaseRef, PrincipalRef
from hemvist_graphql.replays.types import Replay, replay_shown
from hemvist_graphql.scalars import Json
from hemvist_graphql.states import Outcome
from hemvist_graphql.wording import ANSWERED_BY


@strawberry.type(
    description="A fact that the rules of the case can need, with what is known of it."
)
class Question:
    """A fact that the rules of the case can need, with what is known of it."""

    fact: str
    type: str
    kind: str = strawberry.field(description="asked, assessment (needs a reason) or derived")
    options: list[Option]
    fields: Json | None = strawberry.field(description="For records: the fields of one record.")
    relevant: bool
    from_record: bool = strawberry.field(description="The record answers it; nobody is asked.")
    value: Json | None
    reason: str | None
    source: str | None
    effective_on: dt.date | None
    answered_at: dt.datetime | None
    answered_by: Principal | None
    minimum: int | None
    maximum: int | None
    cite: list[str]
    text: strawberry.Private[Any]
    helping: strawberry.Private[Any]
    heading: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The question in words."""
        return worded(self.text, lang, self.fact)

    @computed(description="In Swedish (sv) or English (en).")
    def help(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What is meant by it."""
        return worded(self.helping, lang) or None

    @computed(
        description="From what it is known, in Swedish (sv) or English (en) where an act answered it."
    )
    def source_label(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """From what it is known, in words."""
        if self.source is None:
            return None
        return worded(ANSWERED_BY.get(self.source), lang, self.source)

    @computed(
        description="Heading of the form that it stands under, in Swedish (sv) or English (en)."
    )
    def group(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The heading."""
        return worded(self.heading, lang) or None


def questions_shown(context: Context, questions: list[QuestionModel]) -> list[Question]:
    """A case's questions as the schema shows them; who answered is read in one statement."""
    people = find_many(
        context,
        Principal,
        (one.answer.answered_by for one in questions if one.answer and one.answer.answered_by),
    )
    return [_question(one, people) for one in questions]


def _question(one: QuestionModel, people: dict[Any, Principal]) -> Question:
    fact, answer = one.fact, one.answer
    return Question(
        fact=fact.name,
        type=fact.type.value,
        kind=fact.kind.value,
        options=options_of(fact.options),
        fields=fields_of(fact),
        relevant=one.relevant is not Kleene.FALSE,
        from_record=one.from_record,
        value=Json(one.value),
        reason=answer.reason if answer else None,
        source=answer.source if answer else None,
        effective_on=answer.effective_on if answer else None,
        answered_at=answer.answered_at if answer else None,
        answered_by=people.get(answer.answered_by) if answer else None,
        minimum=small(fact.minimum),
        maximum=small(fact.maximum),
        cite=list(fact.cite),
        text=fact.label,
        helping=fact.help,
        heading=one.group,
    )


@strawberry.type(description="A fact or parameter that a node looked at.")
class Reason:
    """A fact or parameter that a node looked at."""

    fact: str
    value: Json | None
    kind: str = strawberry.field(description="asked, assessment, derived or param")
    type: str = strawberry.field(
        description='As the pack declares it: bool, months, money_ore …; "" where it does not.'
    )
    text: strawberry.Private[Any]
    options: strawberry.Private[Mapping[str, Label]]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The fact in words."""
        return worded(self.text, lang, self.fact)

    @computed(description="The value in words where it is one or several of the pack's options.")
    def shown(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The options' labels, or null where the value is no option."""
        return options_shown(self.value, self.options, lang)


@strawberry.type(description="One clause of a rule, and what it said.")
class TraceNode:
    """One clause of a rule, and what it said."""

    path: str
    parent: str | None
    id: str
    cite: list[str]
    kind: str
    force: str = strawberry.field(description="must, or advice: shown, never deciding")
    outcome: Outcome
    because: list[Reason]
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The clause in words."""
        return worded(self.text, lang, self.id)


@strawberry.type(description="A rule evaluated on the case now.")
class Criterion:
    """A rule evaluated on the case."""

    rule: str
    cite: list[str]
    outcome: Outcome
    ask: list[Question] = strawberry.field(description="What would settle an unknown one.")
    trace: list[TraceNode] = strawberry.field(description="Clause by clause, parents first.")
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The rule in words."""
        return worded(self.text, lang, self.rule)


@strawberry.type(description="A rule of the pack that can be tried on the case.")
class RuleChoice:
    """A rule of the pack that can be tried on the case."""

    rule: str
    cite: list[str]
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The rule in words."""
        return worded(self.text, lang, self.rule)


def choices_shown(pack: Pack, rules: Iterable[str]) -> list[RuleChoice]:
    """Rules to choose from as the schema shows them."""
    found = [pack.rule(id) for id in rules]
    return [RuleChoice(rule=one.id, cite=list(one.cite), text=one.label) for one in found]


def criterion_shown(pack: Pack, said: Evaluation, questions: dict[str, Question]) -> Criterion:
    """An evaluation as the schema shows it; ``questions`` are the case's, by fact."""
    rule = pack.rule(said.rule)
    return Criterion(
        rule=said.rule,
        cite=list(rule.cite),
        outcome=Outcome(said.outcome.value),
        ask=[questions[fact] for fact in said.ask if fact in questions],
        trace=[_trace(pack, node) for node in said.trace],
        text=rule.label,
    )


def _trace(pack: Pack, node: TraceModel) -> TraceNode:
    # A parameter is compared with the facts beside it, so its codes are theirs.
    options = {
        code: label for one in node.because for code, label in pack.options_of(one.fact).items()
    }
    return TraceNode(
        path=node.path,
        parent=node.parent,
        id=node.id,
        cite=list(node.cite),
        kind=node.kind,
        force=node.force,
        outcome=Outcome(node.outcome.value),
        because=[
            Reason(
                fact=one.fact,
                value=Json(one.value),
                kind=one.kind,
                type=_type_of(pack, one.fact),
                text=_words_of(pack, one.fact),
                options=options,
            )
            for one in node.because
        ],
        text=node.label,
    )


def _stored(pack: Pack, node: Mapping[str, Any]) -> TraceNode:
    options = {
        code: label
        for one in node["because"]
        if one["fact"] in pack.facts
        for code, label in pack.facts[one["fact"]].options.items()
    }
    return TraceNode(
        path=node["path"],
        parent=node["parent"],
        id=node["id"],
        cite=list(node["cite"]),
        kind=node["kind"],
        force=node["force"],
        outcome=Outcome(node["outcome"]),
        because=[
            Reason(
                fact=one["fact"],
                value=None if one["value"] is None else Json(one["value"]),
                kind=one["kind"],
                type=_type_of(pack, one["fact"]),
                text=_words_of(pack, one["fact"]),
                options=options,
            )
            for one in node["because"]
        ],
        text=node["label"],
    )


def _declared(pack: Pack, name: str) -> Any:
    """The fact, or the parameter (p.name), of a trace."""
    return pack.params.get(name[2:]) if name.startswith("p.") else pack.facts.get(name)


def _type_of(pack: Pack, name: str) -> str:
    declared = _declared(pack, name)
    return declared.type.value if declared is not None else ""


def _words_of(pack: Pack, name: str) -> Any:
    return getattr(_declared(pack, name), "label", None)


@reads(
    AssessmentRow,
    visible=of_own_case(AssessmentRow),
    case=AssessmentRow.case_id,
    ingredients=case_pack(AssessmentRow),
)
@strawberry.type(description="What the engine said of a rule, and what a person concluded from it.")
class Assessment(Node):
    """What the engine said of a rule, and what a person concluded from it."""

    rule: str = column(AssessmentRow.rule)
    outcome: Outcome = column(AssessmentRow.outcome)
    evaluated_on: dt.date = column(AssessmentRow.evaluated_on)
    pack_version: str = column(AssessmentRow.pack_version)
    conclusion: bool = column(AssessmentRow.conclusion)
    reason: str = opened(AssessmentRow.reason)
    concluded_by: PrincipalRef | None = to_one("Principal", AssessmentRow.concluded_by)
    concluded_at: dt.datetime = column(AssessmentRow.concluded_at)
    trace: Json = opened(AssessmentRow.trace)
    reason_internal: bool = column(
        AssessmentRow.reason_internal,
        description="The reason is a note among staff and not on the applicant's sheet.",
    )
    case: CaseRef = to_one("Case", AssessmentRow.case_id)

    @computed(
        needs=(CASE_PACK, "rule", "pack_version"),
        reads=False,
        description="The rule in words, in Swedish (sv) or English (en).",
    )
    def label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The rule in words."""
        name, _ = ingredient(info.context, self, CASE_PACK)
        try:
            pack = pinned(info.context, name, self.row["pack_version"])
            return pack.rule(self.row["rule"]).label.text(language(lang))
        except PolicyError:
            return str(self.row["rule"])

    @computed(
        5,
        needs=(CASE_PACK, "pack_version", "trace_sealed"),
        reads=False,
        description="What was said then, clause by clause in words, parents first.",
    )
    def clauses(self, info: Info) -> list[TraceNode]:
        """What was said then; none when the version is not installed any more."""
        name, _ = ingredient(info.context, self, CASE_PACK)
        try:
            pack = pinned(info.context, name, self.row["pack_version"])
        except PolicyError:
            return []
        trace = unsealed(info, AssessmentRow.trace, self.row["trace_sealed"]) or ()
        return [_stored(pack, node) for node in trace]

    @computed(20, description="The question of then asked again of its own version.")
    def replay(self, info: Info) -> Replay | None:
        """The question of then asked again."""
        return replay_shown(info.context, self, replay_assessments)
