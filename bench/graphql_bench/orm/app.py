"""The peer's server: Strawberry's own integration for FastAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import strawberry
from fastapi import Depends, FastAPI, Request
from sqlalchemy import select
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import GraphQLRouter

from graphql_bench.orm.loading import rows_of
from graphql_bench.orm.opening import Mutation
from graphql_bench.orm.today import Today
from graphql_bench.orm.types import Case, Household, Info
from hemvist.cases.models import Case as CaseRow
from hemvist.households.models import Household as HouseholdRow

LENGTH = 50


@strawberry.type
class Page:
    """A page of cases."""

    nodes: list[Case]
    has_next_page: bool


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def cases(self, info: Info, department: str, state: str) -> Page:
        """The newest cases."""
        rows = info.context["rows"]
        found = await rows.all(
            select(CaseRow)
            .where(
                CaseRow.tenant_id == rows.tenant,
                CaseRow.department == department,
                CaseRow.state == state,
            )
            .order_by(CaseRow.opened_on.desc(), CaseRow.id.desc())
            .limit(LENGTH + 1)
        )
        return Page(nodes=list(found[:LENGTH]), has_next_page=len(found) > LENGTH)

    @strawberry.field
    async def case(self, info: Info, id: UUID) -> Case | None:
        """One case."""
        return await info.context["rows"].one(CaseRow, id)  # type: ignore[no-any-return]

    @strawberry.field
    async def household(self, info: Info, id: UUID) -> Household | None:
        """One household."""
        return await info.context["rows"].one(HouseholdRow, id)  # type: ignore[no-any-return]

    @strawberry.field
    async def today(self, department: str) -> Today:
        """What should be done today."""
        return Today(department=department)


async def _rows(request: Request) -> AsyncIterator[Any]:
    async with rows_of(request.headers["x-tenant"], request.headers["x-principal"]) as rows:
        yield rows


async def _context(rows: Annotated[Any, Depends(_rows)]) -> dict[str, Any]:
    return {"rows": rows}


# Without these, parsing and validating would cost most of it.
_CACHES: list[Any] = [ParserCache(), ValidationCache()]
schema = strawberry.Schema(Query, Mutation, extensions=_CACHES)
app = FastAPI()
app.include_router(GraphQLRouter(schema, context_getter=_context), prefix="/graphql")
