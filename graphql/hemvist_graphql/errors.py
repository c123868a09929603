"""What a command may refuse with: the same five types in every mutation's union."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist import errors
from hemvist_graphql.inputs import about
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language
from hemvist_graphql.messages import MESSAGES, message_for, message_for_field
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json


@strawberry.type(description="One thing wrong with one field.")
class FieldProblem:
    """One thing wrong with one field of the input."""

    field: str = strawberry.field(description="Path in the input: members[0].personalNumber.")
    rule: str = strawberry.field(description="Stable code of the rule that was broken.")
    params: Json | None
    raw: strawberry.Private[str]

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong."""
        params: Any = self.params or {}
        return message_for_field(self.field, self.rule, lang, params, self.raw)


@strawberry.type(description="The input does not hold; nothing was changed.")
class ValidationFailed:
    """The input does not hold: every problem found, not only the first."""

    problems: list[FieldProblem]

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """One line for the whole."""
        return message_for("validation_failed", lang, {"count": len(self.problems)}, "")


@strawberry.type(description="The kommun's guideline, or the law, says no; nothing was changed.")
class PolicyRefused:
    """A rule of the pack or of the law refuses the act."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str
    cite: str
    trace: Json | None
    items: Json | None
    raw: strawberry.Private[str]

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Why it is refused."""
        if self.rule not in MESSAGES and self.trace:
            # A rule of the pack: its words are in the trace.
            return message_for(*_rule_in_words(self.trace, lang), self.raw)
        return message_for(self.rule, lang, {}, self.raw)


@strawberry.type(description="Changed by somebody else meanwhile, or the state does not allow it.")
class Conflict:
    """A stale version, a used idempotency key, or a state that no longer allows the act."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str
    params: Json | None
    raw: strawberry.Private[str]

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is in the way."""
        params: Any = self.params or {}
        return message_for(self.rule, lang, params, self.raw)


@strawberry.type(description="The caller's roles do not give this right.")
class NotAllowed:
    """The actor lacks the right."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str = strawberry.field(description="not_allowed, or four_eyes.")
    action: str
    raw: strawberry.Private[str]

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is not allowed."""
        return message_for(self.rule, lang, {}, self.raw)


@strawberry.type(description="No such thing, or not for this caller: never told apart.")
class NotFound:
    """No such row for this actor."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str = strawberry.field(description="Always not_found.")
    kind: str

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What was not found."""
        return message_for("not_found", lang, {}, "")


def _rule_in_words(trace: Any, lang: str) -> tuple[str, str, dict[str, str]]:
    """The message for a rule that is not met, with its label, and what nobody has answered."""
    said = {"rule": trace[0]["label"][language(lang)]}
    if trace[0]["outcome"] != "unknown":
        return "rule_not_met", lang, said
    open_questions = [
        step["label"][language(lang)]
        for step in trace
        if step["kind"] == "when" and step["outcome"] == "unknown"
    ]
    return "rule_not_known", lang, said | {"open": "; ".join(dict.fromkeys(open_questions))}


REFUSALS = (ValidationFailed, PolicyRefused, Conflict, NotAllowed, NotFound)


def refusal(error: errors.HemvistError, given: Any) -> Any:
    """The typed answer to an error of a service over the input ``given``, or None for an error that is
    no refusal."""
    match error:
        case errors.ValidationFailed():
            return ValidationFailed(problems=[problem(one) for one in error.problems])
        case errors.PolicyRefused():
            return PolicyRefused(
                field=about(given),
                rule=error.rule,
                cite=error.cite,
                trace=Json([dict(step) for step in error.trace]),
                items=Json([dict(item) for item in error.items]),
                raw=str(error),
            )
        case errors.Conflict():
            return Conflict(
                field=about(given, rule=error.rule),
                rule=error.rule,
                params=plain(error.params),
                raw=str(error),
            )
        case errors.NotAllowed():
            return NotAllowed(
                field=about(given), rule=right_rule(error), action=error.action, raw=str(error)
            )
        case errors.NotFound():
            return NotFound(field=about(given, kind=error.kind), rule="not_found", kind=error.kind)
    return None


def right_rule(error: errors.NotAllowed) -> str:
    """The rule of a right that is lacked: that of two people, where one made what they would approve."""
    return "four_eyes" if "prepared themselves" in str(error) else "not_allowed"


def problem(one: errors.Problem) -> FieldProblem:
    """A service's problem as the schema shows it."""
    return FieldProblem(field=one.field, rule=one.rule, params=plain(one.params), raw=one.message)


def plain(params: Any) -> Json:
    """Parameters as JSON data; anything that JSON lacks becomes its text."""
    return Json(_plain(dict(params)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
