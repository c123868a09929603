"""Answering an operation by its plan: looked up or made, and filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from graphql import DocumentNode, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues, get_variable_values
from sqlalchemy.exc import SQLAlchemyError

from hemvist.audit.marks import one_time_key
from hemvist.audit.origin import origin
from hemvist.clock import now, today
from hemvist.identity import Actor
from hemvist.identity.standing import PROOF_NAMES, Proof, Proving
from hemvist.ids import new_id
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist_graphql.compiled.cache import Kept
from hemvist_graphql.compiled.carrying import Plan, answered
from hemvist_graphql.compiled.conditions import Argued, Conditions, argued_fields, conditions_of
from hemvist_graphql.compiled.finishing import finishing_of
from hemvist_graphql.compiled.guard import require_bound
from hemvist_graphql.compiled.parameters import Given, Text, finished, stand_in
from hemvist_graphql.compiled.proof import Unproven
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.repeated import (
    KNOWN_REQUESTS,
    Known,
    Noting,
    Repeated,
    asked_of,
    is_own,
    own_names,
    recall,
    remember,
)
from hemvist_graphql.compiled.repeated import forget as forget_requests
from hemvist_graphql.compiled.roots import Root, roots_of
from hemvist_graphql.compiled.selection import Selected, Selections, shaping_variables
from hemvist_graphql.compiled.spread import bound_everywhere, spread
from hemvist_graphql.compiled.statement import Wanted, statement_of
from hemvist_graphql.context import ANONYMOUS, MAX_OPERATION_NAME
from hemvist_graphql.schema import executable_schema
from hemvist_graphql.telling import observe_stores

#: How many are kept: what operations ask for, and statements. A statement is some 10 kB.
KEPT_OUTLINES = 2_000
KEPT_PLANS = 2_000
#: Values that every request gives, whatever it asks for.
_ALWAYS = (
    *("tenant", "principal", "tenant_text", "principal_text"),
    *("audit_id", "audit_at", "audit_roles", "audit_channel", "audit_action"),
    *("audit_origin", "audit_key"),
)
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Outline:
    """What an operation asks for, under given values of its directives."""

    selections: Selections
    fields: list[Selected]
    argued: tuple[Argued, ...]


_outlines: Kept[Outline | NotPlanned] = Kept(KEPT_OUTLINES)
_plans: Kept[Plan | NotPlanned] = Kept(KEPT_PLANS)
observe_stores({"outlines": _outlines, "plans": _plans, "requests": KNOWN_REQUESTS})


def answer_text(
    actor: Actor,
    text: str,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    proof: Proof | None = None,
    within: TenantSession | None = None,
) -> str:
    """The response's ``data`` as JSON text. ``document`` is ``text``, parsed and valid.

    With ``proof``, the statement also proves who asks (``Unproven`` where it does not). It is carried
    out in the transaction of ``within`` where that is given; a plan that is not one statement alone is
    refused there (``Why.FINISHING``).
    Raises ``NotPlanned`` for what the ordinary path has to answer; nothing was logged then.
    """
    if operation.operation is not OperationType.QUERY:
        raise NotPlanned(Why.NOT_A_QUERY)
    name = operation.name.value if operation.name else None
    known = recall(actor, text, name, variables, _proving(proof))
    if known is not None:
        return _again(actor, known, proof, within)
    return _first(actor, text, document, operation, variables, proof, within)


def answer_claimed(
    actor: Actor, text: str, name: str | None, variables: Mapping[str, Any], proof: Proof
) -> str | None:
    """``answer_text`` for an actor who is only taken for granted: the statement proves it.

    None where no such request is known, and where it proves nothing: then they must be looked up.
    """
    known = recall(actor, text, name, variables, proof.proving)
    if known is None or known.like.plan.text is None:
        return None
    try:
        return _again(actor, known, proof)
    except (Unproven, NotPlanned):
        return None


def _proving(proof: Proof | None) -> Proving | None:
    return None if proof is None else proof.proving


def _again(
    actor: Actor, known: Known, proof: Proof | None, within: TenantSession | None = None
) -> str:
    """The answer to a request that is like one before.

    Its document needs no look: with this text, these variables and these roles it was valid.
    """
    like = known.like
    values = values_of(actor, like.asked.name, proof)
    values.update(known.own)
    return answered(actor, like.asked.name, like.plan, like.roots, values, like.variables, within)


def _first(
    actor: Actor,
    text: str,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    proof: Proof | None,
    within: TenantSession | None,
) -> str:
    name = operation.name.value if operation.name else None
    given = _coerced(operation, variables)
    shaping = _shaping(text, document, operation)
    key = (text, name, tuple(given.coerced.get(one) for one in shaping))
    outline = _kept(_outlines, key, lambda: _outline(document, operation, given.coerced))
    noting = Noting.of(actor)
    roots = roots_of(outline.fields, noting, given)
    conditions = conditions_of(outline.argued, noting, given)
    # Criteria may depend on the day; a plan is not used past its own.
    who = (actor.memberships, actor.channel, actor.principal_id is None, today())
    shapes = (*(root.shape for root in roots), conditions.shape)
    proving = _proving(proof)
    plan = _kept(
        _plans,
        (key, who, shapes, proving),
        lambda: _plan(outline.selections, roots, conditions, actor, proving),
    )
    values = dict(conditions.values)
    for root in roots:
        values |= root.values
    asked = asked_of(text, document, operation, roots)
    own = own_names(asked, variables)
    shared = {one: value for one, value in values.items() if not is_own(one, own)}
    half = replace(plan, text=plan.text.shared(shared)) if isinstance(plan.text, Text) else plan
    rows = [replace(root, criteria=None, values={}) for root in roots]
    # What somebody searched for is not kept, and each search has an entry of its own.
    if not any(root.searches for root in roots):
        remember(noting, text, name, variables, Repeated(asked, half, rows, given), proving)
    return answered(actor, name, plan, roots, values | values_of(actor, name, proof), given, within)


def forget() -> None:
    """Forget every plan: after the declarations have changed, in tests."""
    _outlines.clear()
    _plans.clear()
    forget_requests()


def _kept(store: Kept[ValueT | NotPlanned], key: Any, make: Callable[[], ValueT]) -> ValueT:
    def made() -> ValueT | NotPlanned:
        try:
            return make()
        except NotPlanned as refused:
            return refused

    found = store.get(key, made)
    if isinstance(found, NotPlanned):
        # It is kept and raised again: its traceback must not grow each time.
        raise found.with_traceback(None)
    return found


_shapings: Kept[tuple[str, ...]] = Kept(KEPT_OUTLINES)


def _shaping(
    text: str, document: DocumentNode, operation: OperationDefinitionNode
) -> tuple[str, ...]:
    name = operation.name.value if operation.name else None
    return _shapings.get((text, name), lambda: shaping_variables(document, operation))


def _coerced(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> VariableValues:
    found = get_variable_values(
        executable_schema(), operation.variable_definitions or (), dict(variables)
    )
    if isinstance(found, list):
        raise NotPlanned(Why.REFUSED, "variables")
    return found


def _outline(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Outline:
    schema = executable_schema()
    assert schema.query_type is not None
    selections = Selections(schema, document, variables)
    fields = selections.of(schema.query_type, [operation.selection_set])
    return Outline(selections, fields, argued_fields(schema, document, operation))


def _plan(
    selections: Selections,
    roots: list[Root],
    conditions: Conditions,
    actor: Actor,
    proving: Proving | None,
) -> Plan:
    given = Given({name: value for root in roots for name, value in root.values.items()})
    given.names.update(conditions.values)
    given.names.update((*_ALWAYS, *PROOF_NAMES))
    somebody = stand_in(actor)
    finishing = finishing_of(selections, roots, somebody)
    wanted = Wanted(finishing.asks, not finishing.reads, proving)
    left = finishing if finishing else None
    if not (wanted.known or any(root.target for root in roots)):
        return Plan(None, left, wanted)
    statement = statement_of(selections, roots, conditions, somebody, given, wanted)
    try:
        require_bound(statement)
        if spread():
            statement = bound_everywhere(statement, given)
        return Plan(finished(statement, given), left, wanted)
    except SQLAlchemyError as error:
        raise NotPlanned(Why.CONDITION, type(error).__name__) from error


def values_of(actor: Actor, name: str | None, proof: Proof | None) -> dict[str, Any]:
    """The parameters that every statement has, of one request."""
    principal = actor.principal_id
    return {
        "tenant": actor.tenant_id,
        "principal": principal,
        "tenant_text": str(actor.tenant_id),
        "principal_text": str(principal) if principal else "",
        "audit_id": new_id(),
        "audit_at": now(),
        "audit_roles": sorted(role.value for role in actor.roles),
        "audit_channel": actor.channel,
        "audit_action": (name or ANONYMOUS)[:MAX_OPERATION_NAME],
        "audit_origin": origin(),
        "audit_key": one_time_key(tenant_keys(actor.tenant_id)),
        **({} if proof is None else proof.values()),
    }
