"""Inputs made from the schema itself: every command, every field of its input, every id it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from graphql import (
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from hemvist.ids import new_id
from hemvist_graphql.ids import global_id
from hemvist_graphql.schema import executable_schema

#: A value of each scalar, for inputs where the value does not matter.
PLAIN: Mapping[str, Any] = {
    "String": "x",
    "Int": 1,
    "Boolean": True,
    "Date": "2026-01-01",
    "DateTime": "2026-01-01T12:00:00Z",
    "Json": {},
    "Float": 1.0,
}

#: Ids whose field is not called after the type that it names.
_MEANT: Mapping[str, str] = {
    "accessId": "LandlordAccess",
    "invitationId": "LandlordInvitation",
    "actionId": "LadderAction",
    "timeId": "LandlordTime",
    "consentId": "NameConsent",
    "altersId": "Decision",
    "checklistId": "FilledChecklist",
    "exclusionId": "HomeExclusion",
    "needId": "RenewedNeed",
    "meetingId": "JointMeeting",
    "newDecisionId": "Decision",
    "pauseId": "ObligationPause",
    "referralIds": "Referral",
    "reportId": "ExecutionReport",
    "planId": "SupportPlan",
    "goalId": "PlanGoal",
    "providerId": "SupportProvider",
    "runId": "MatchRun",
    "serviceClockIds": "ServiceClock",
    "members": "Principal",
    "notMoving": "Person",
    "openingId": "CaseOpening",
    "lookId": "LogLook",
}


def commands() -> list[str]:
    """Every command of the schema."""
    mutations = executable_schema().mutation_type
    assert mutations is not None
    return list(mutations.fields)


def input_type(command: str) -> GraphQLInputObjectType:
    """The type of a command's input."""
    mutations = executable_schema().mutation_type
    assert mutations is not None
    found = get_named_type(mutations.fields[command].args["input"].type)
    assert isinstance(found, GraphQLInputObjectType)
    return found


def named_by(field: str) -> str:
    """The type that an id of an input names: ``caseId`` a Case, unless another is meant."""
    return _MEANT.get(field) or field[0].upper() + field.removesuffix("Id")[1:]


def id_fields(command: str) -> dict[str, str]:
    """The input's ids: field → the type that it names."""
    return {
        name: named_by(name)
        for name, field in input_type(command).fields.items()
        if get_named_type(field.type).name == "ID"
    }


def look_ups(*, of_lists: bool = False) -> dict[str, str]:
    """Every query of one row, or of a list, that needs one id and no more → the argument with it."""
    query = executable_schema().query_type
    assert query is not None
    found: dict[str, str] = {}
    for name, field in query.fields.items():
        needed = [(key, one) for key, one in field.args.items() if is_required_argument(one)]
        is_list = get_named_type(field.type).name.endswith("Connection")
        if [str(one.type) for _, one in needed] == ["ID!"] and is_list is of_lists:
            found[name] = needed[0][0]
    return found


def looking_up() -> str:
    """One operation of all the look-ups of one row, for one id."""
    asked = (f"{name}({argument}: $id) {{ __typename }}" for name, argument in look_ups().items())
    return f"query Q($id: ID!) {{ {' '.join(asked)} }}"


def random_id(type_name: str) -> str:
    """An id of something that there is not."""
    return global_id(type_name, new_id())


def plain_input(command: str, **given: Any) -> dict[str, Any]:
    """An input of the right types that names nothing which exists; ``given`` replaces values."""
    body = _plain_object(input_type(command))
    return {**body, "idempotencyKey": str(uuid4()), **given}


def whole_input(command: str) -> dict[str, Any]:
    """As ``plain_input``, with the inputs inside it that may be left out, one of each, however deep."""
    whole = _plain_object(input_type(command), whole=True)
    return {**whole, "idempotencyKey": str(uuid4())}


def _plain_object(kind: GraphQLInputObjectType, *, whole: bool = False) -> dict[str, Any]:
    return {
        name: plain_value(name, field.type, whole=whole)
        for name, field in kind.fields.items()
        if is_required_input_field(field)
        or (whole and isinstance(get_named_type(field.type), GraphQLInputObjectType))
    }


def plain_value(name: str, type_: Any, *, whole: bool = False) -> Any:
    """A value of the type of the input field ``name``."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        value: Any = _plain_object(named, whole=whole)
    elif named.name == "ID":
        value = random_id(named_by(name))
    else:
        value = PLAIN[named.name]
    return [value] if is_list_type(get_nullable_type(type_)) else value


def fields_of(
    kind: GraphQLInputObjectType, path: str = ""
) -> Iterator[tuple[str, str, bool, bool]]:
    """Every leaf of an input: path, scalar, whether it must be given, whether it is a list.

    A list of inputs is entered at its first element: ``parts[0].kind``; one input as ``lease.terms``.
    """
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        listed = is_list_type(get_nullable_type(field.type))
        if isinstance(named, GraphQLInputObjectType):
            yield from fields_of(named, f"{path}{name}{'[0].' if listed else '.'}")
        else:
            yield f"{path}{name}", named.name, is_required_input_field(field), listed


def with_value(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """``body`` with ``value`` at a path such as ``members[0].role``."""
    return _changed(body, path, lambda inner, name: {**inner, name: value})


def without(body: dict[str, Any], path: str) -> dict[str, Any]:
    """``body`` with the field at ``path`` left out."""
    return _changed(
        body, path, lambda inner, name: {key: one for key, one in inner.items() if key != name}
    )


def _changed(
    body: dict[str, Any], path: str, change: Callable[[dict[str, Any], str], dict[str, Any]]
) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    if not rest:
        return change(body, head)
    name = head.removesuffix("[0]")
    if name == head:
        return {**body, name: _changed(body[name], rest, change)}
    first, *others = body[name]
    return {**body, name: [_changed(first, rest, change), *others]}
