"""Operations that a plan answers, held against the ordinary path by hand-picked cases."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist_graphql.compiled import NotPlanned, Why
from hemvist_graphql.compiled.guard import require_bound
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned

WHO = "caseworker SOF-VUX"
CASES = """query Cases($first: Int, $after: String, $last: Int, $before: String, $filter: CaseFilter) {
  cases(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount edges { cursor node { id __typename number openedOn version
      household { alias anyoneProtected members { role person { id givenName protection } } }
      handler { name id } timeline { kind occurredOn recordedAt data }
      referrals { state signatures { kind } offers { unit { rentOre sizeM2 lift landlord { name } } } }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def same(actor: Any, document: str, **variables: Any) -> Told:
    """What both paths told; they must agree."""
    by_plan = planned(actor, document, variables)
    assert isinstance(by_plan, Told), by_plan
    told = ordinary(actor, document, variables)
    assert by_plan.data == told.data
    assert by_plan.logged == told.logged
    return by_plan


@pytest.mark.parametrize(
    "variables", [{}, {"first": 1}, {"last": 1}, {"first": 0}, {"filter": {"state": "open"}}]
)
def test_a_list_with_everything_below(housed: Any, variables: dict[str, Any]) -> None:
    housed.world.case()
    assert '"number"' in same(housed.world[WHO], CASES, **variables).data or variables.get("first") == 0


def test_a_case_by_its_id(housed: Any) -> None:
    document = "query One($id: ID!) { case(id: $id) { number household { alias } } __typename }"
    told = same(housed.world[WHO], document, id=global_id("Case", housed.case.id))
    assert housed.case.number in told.data and told.logged is not None
    assert same(housed.world[WHO], document, id="x").logged is None
    assert same(housed.world["caseworker AMF"], document, id=global_id("Case", housed.case.id))


def test_what_is_computed_is_not_planned(housed: Any) -> None:
    assert planned(housed.world[WHO], "{ me { name } }") is Why.COMPUTED


def test_a_statement_binds_every_table_to_the_tenant() -> None:
    from sqlalchemy import exists, select

    from hemvist.cases.models import Case
    from hemvist.households.models import Household

    whole = select(Case.id).where(
        Case.tenant_id == "x", exists(select(Household.id).where(Household.tenant_id == Case.tenant_id))
    )
    require_bound(whole)
    loose = exists(select(Household.id).where(Household.id == Case.household_id))
    for unbound in (select(Case.id), select(Case.id).where(Case.tenant_id == "x", loose)):
        with pytest.raises(NotPlanned, match="unbound"):
            require_bound(unbound)
