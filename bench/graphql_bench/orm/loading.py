"""One session of a request, and loaders that read the rows of many parents at once."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from strawberry.dataloader import DataLoader

_URL = make_url(os.environ.get("BENCH_STAFF_URL", "postgresql://")).set(
    drivername="postgresql+psycopg"
)
_engine = create_async_engine(
    _URL,
    pool_size=int(os.environ.get("BENCH_CONNECTIONS", "16")),
    max_overflow=0,
    connect_args={"application_name": "bench_orm", "options": "-c jit=off"},
)
_SET = text(
    "SELECT set_config('hemvist.tenant_id', :tenant, true),"
    " set_config('hemvist.principal_id', :principal, true)"
)


class Rows:
    """The request's session and its loaders. A session does one thing at a time."""

    def __init__(self, session: AsyncSession, tenant: UUID, principal: UUID) -> None:
        self.session = session
        self.tenant = tenant
        self.principal = principal
        self._turn = asyncio.Lock()
        self._loaders: dict[Any, DataLoader[UUID, Any]] = {}

    async def all(self, statement: Any) -> Sequence[Any]:
        """The rows of a statement."""
        async with self._turn:
            return (await self.session.scalars(statement)).all()

    async def one(self, model: Any, row_id: UUID | None) -> Any:
        """The row with the id, read together with its like."""
        if row_id is None:
            return None
        key = (model, "id")
        if key not in self._loaders:

            async def load(keys: list[UUID]) -> list[Any]:
                rows = await self.all(self._of(model).where(model.id.in_(keys)))
                found = {row.id: row for row in rows}
                return [found.get(one) for one in keys]

            self._loaders[key] = DataLoader(load)
        return await self._loaders[key].load(row_id)

    async def many(self, column: Any, row_id: UUID, *order: Any, where: Any = None) -> list[Any]:
        """The rows that point at the row by ``column``, in order."""
        model = column.class_
        key = (model, column.key, str(where))
        if key not in self._loaders:

            async def load(keys: list[UUID]) -> list[Any]:
                statement = self._of(model).where(column.in_(keys)).order_by(*order)
                found: dict[UUID, list[Any]] = defaultdict(list)
                rows = await self.all(statement if where is None else statement.where(where))
                for row in rows:
                    found[getattr(row, column.key)].append(row)
                return [found[one] for one in keys]

            self._loaders[key] = DataLoader(load)
        rows: list[Any] = await self._loaders[key].load(row_id)
        return rows

    def _of(self, model: Any) -> Any:
        statement = select(model)
        if hasattr(model, "tenant_id"):
            statement = statement.where(model.tenant_id == self.tenant)
        return statement


@asynccontextmanager
async def rows_of(tenant: str, principal: str) -> AsyncIterator[Rows]:
    """One transaction in the kommun."""
    async with AsyncSession(_engine, expire_on_commit=False) as session, session.begin():
        await session.execute(_SET, {"tenant": tenant, "principal": principal})
        yield Rows(session, UUID(tenant), UUID(principal))
