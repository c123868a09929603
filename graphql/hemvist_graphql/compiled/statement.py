"""The whole statement: the tenant set, every root field, the audit row, one line of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType
from sqlalchemy import ColumnElement, Select, Text, Uuid, cast, func, literal_column, select, true

from hemvist.identity import Actor
from hemvist.identity.standing import Proving
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist_graphql.choosing import Chosen, Within
from hemvist_graphql.compiled.chosen import chosen_rows, object_within
from hemvist_graphql.compiled.conditions import Conditions
from hemvist_graphql.compiled.known import KNOWN, known_of
from hemvist_graphql.compiled.listing import Listing
from hemvist_graphql.compiled.objects import Objects
from hemvist_graphql.compiled.parameters import Given
from hemvist_graphql.compiled.proof import proved
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.compiled.rows import of
from hemvist_graphql.compiled.searches import search_entries
from hemvist_graphql.compiled.selection import Selections
from hemvist_graphql.compiled.shown import Made, Shown
from hemvist_graphql.compiled.spread import named, spread
from hemvist_graphql.compiled.trail import KINDS, Trail, audit_entry, ids_of, joined, no_ids
from hemvist_graphql.connections import Connected
from hemvist_graphql.reading import readable


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a statement does beside reading the root fields."""

    #: Say what is known of the kommun, in one more column.
    known: bool = False
    #: Write the audit entry; otherwise the ids that it would hold are one more column each.
    logs: bool = True
    #: Have a row only if who asks stands as is taken for granted.
    proving: Proving | None = None


def statement_of(
    selections: Selections,
    roots: Sequence[Root],
    conditions: Conditions,
    actor: Actor,
    given: Given,
    wanted: Wanted,
) -> Select[Any]:
    """One SELECT with a text for each root field that reads rows; then what else is wanted.

    Every root scan takes the tenant from the CTE that sets it. With the parameter itself, the
    planner would compare it with the setting once, before it is set, and find no rows.
    """
    asking = _asking(given, wanted.proving)
    tenant = of("asking", "tenant", Uuid())
    objects = Objects(selections, actor, conditions)
    source: Any = asking
    texts: list[ColumnElement[Any]] = []
    trail: Trail = {}
    for root in roots:
        if root.target is None:
            continue
        shown = Shown()
        value = shown.take(_sub_select(objects, root, tenant, given))
        for join in shown.joins:
            source = source.outerjoin(join, true())
        texts.append(cast(value, Text).label(f"0{root.at}"))
        trail = joined(trail, shown.trail)
    if wanted.known:
        join, text = known_of(tenant)
        source = source.outerjoin(join, true())
        texts.append(text.label(KNOWN))
    logged = search_entries(objects, roots, asking, given)
    if not trail:
        nobody = [] if wanted.logs else [no_ids(kind).label(kind) for kind in KINDS]
        return select(*texts, *nobody).select_from(source).add_cte(*logged)
    kinds = tuple(kind for kind in KINDS if kind in trail)
    whole = select(*texts, *(trail[kind].label(kind) for kind in kinds)).select_from(source)
    answer = whole.cte("answer").prefix_with("MATERIALIZED")
    shown_texts = [of("answer", text.name, Text()) for text in texts]
    if not wanted.logs:
        ids = [
            (ids_of(answer.name, kind) if kind in kinds else no_ids(kind)).label(kind)
            for kind in KINDS
        ]
        return select(*shown_texts, *ids).select_from(answer).add_cte(*logged)
    logged.append(audit_entry(answer, kinds, given))
    return select(*shown_texts).select_from(answer).add_cte(*logged)


def _asking(given: Given, proving: Proving | None) -> Any:
    if spread():
        tenant, principal = named(given)
        return _asked_by(tenant, principal, proving, given)
    tenant = func.set_config(
        literal_column(f"'{TENANT_SETTING}'"), given("tenant_text", Text()), literal_column("true")
    )
    principal = func.set_config(
        literal_column(f"'{PRINCIPAL_SETTING}'"),
        given("principal_text", Text()),
        literal_column("true"),
    )
    return _asked_by(cast(tenant, Uuid), principal, proving, given)


def _asked_by(
    tenant: ColumnElement[Any],
    principal: ColumnElement[Any],
    proving: Proving | None,
    given: Given,
) -> Any:
    who = select(tenant.label("tenant"), principal.label("principal"))
    if proving is not None:
        return proved(who, proving, given)
    return who.cte("asking").prefix_with("MATERIALIZED")


def _sub_select(
    objects: Objects, root: Root, tenant: ColumnElement[Any], given: Given
) -> Made | ColumnElement[Any]:
    assert root.target is not None
    if isinstance(root.how, Connected):
        return Listing(objects, root, tenant, given).made()
    if isinstance(root.how, Chosen):
        return chosen_rows(objects, root.field, root.how, tenant)
    if isinstance(root.how, Within):
        return object_within(objects, root.field, root.target, tenant)
    rows = objects.rows(readable(root.target).reading)
    type_: GraphQLObjectType = objects.selections.object_type(root.target)
    fields = objects.selections.below(type_, root.field)
    wanted = rows.reading.columns["id"] == given(root.name("id"), Uuid())
    return objects.one(fields, rows, lambda: rows.scan(tenant, wanted))
