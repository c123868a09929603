"""What a landlord's command may refuse with: types named as the kommun's own API names them.

They say less. What a rule was tried on, who else did what, and of what kind a thing is that is not
within reach stay here: a refusal is words for its rule, made of numbers, days and codes alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import strawberry

from hemvist import errors
from hemvist_graphql.errors import right_rule
from hemvist_graphql.inputs import about
from hemvist_graphql.labels import DEFAULT_LANGUAGE
from hemvist_graphql.messages import message_for, message_for_field
from hemvist_graphql.reading import computed

#: A code of ours or of a guideline: never the name of anybody.
_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,60}")

_IN = "In Swedish (sv) or English (en)."


@strawberry.type(description="One thing wrong with one field.")
class FieldProblem:
    """One thing wrong with one field of the input."""

    field: str = strawberry.field(description="Path in the input: rows[0].rentOre.")
    rule: str = strawberry.field(description="Stable code of the rule that was broken.")
    params: strawberry.Private[Mapping[str, Any]]

    @computed(description=_IN)
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong."""
        return message_for_field(self.field, self.rule, lang, self.params, "")


@strawberry.type(description="The input does not hold; nothing was changed.")
class ValidationFailed:
    """The input does not hold: every problem found, not only the first."""

    problems: list[FieldProblem]

    @computed(description=_IN)
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """One line for the whole."""
        return message_for("validation_failed", lang, {"count": len(self.problems)}, "")


@strawberry.type(description="The kommun's guideline, or the law, says no; nothing was changed.")
class PolicyRefused:
    """A rule of the pack or of the law refuses the act."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str
    cite: str

    @computed(description=_IN)
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Why it is refused."""
        return message_for(self.rule, lang, {}, "")


@strawberry.type(description="Changed by somebody else meanwhile, or the state does not allow it.")
class Conflict:
    """A stale version, a used idempotency key, or a state that no longer allows the act."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str
    params: strawberry.Private[Mapping[str, Any]]

    @computed(description=_IN)
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is in the way."""
        return message_for(self.rule, lang, self.params, "")


@strawberry.type(description="The caller has not this right, or made what is now to be approved.")
class NotAllowed:
    """The actor lacks the right."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str = strawberry.field(description="not_allowed, or four_eyes.")

    @computed(description=_IN)
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is not allowed."""
        return message_for(self.rule, lang, {}, "")


@strawberry.type(description="No such thing, or not within the caller's reach: never told apart.")
class NotFound:
    """No such row for this actor."""

    field: str = strawberry.field(description="What it is about: a path in the input.")
    rule: str = strawberry.field(description="Always not_found.")

    @computed(description=_IN)
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What was not found."""
        return message_for("not_found", lang, {}, "")


REFUSALS = (ValidationFailed, PolicyRefused, Conflict, NotAllowed, NotFound)


def refusal(error: errors.HemvistError, given: Any) -> Any:
    """The typed answer to an error of a service over the input ``given``, or None for an error that is
    no refusal."""
    match error:
        case errors.ValidationFailed():
            return ValidationFailed(
                problems=[
                    FieldProblem(field=one.field, rule=one.rule, params=harmless(one.params))
                    for one in error.problems
                ]
            )
        case errors.PolicyRefused():
            return PolicyRefused(field=about(given), rule=error.rule, cite=error.cite)
        case errors.Conflict():
            return Conflict(
                field=about(given, rule=error.rule),
                rule=error.rule,
                params=harmless(error.params),
            )
        case errors.NotAllowed():
            return NotAllowed(field=about(given), rule=right_rule(error))
        case errors.NotFound():
            return NotFound(field=about(given, kind=error.kind), rule="not_found")
    return None


def harmless(params: Mapping[str, Any]) -> dict[str, Any]:
    """Of a refusal's parameters those that name nobody: numbers, days, codes, and lists of such."""
    return {key: value for key, value in params.items() if _harmless(value)}


def _harmless(value: Any) -> bool:
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    if isinstance(value, list | tuple):
        return all(_harmless(one) for one in value)
    return value is None or isinstance(value, bool | int | float | dt.date)
