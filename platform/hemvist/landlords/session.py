"""Reading as a landlord's person: one transaction that sees the views and can change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from hemvist.db import Audience, TimeLimits, time_limits, writing_connection
from hemvist.pipelined import PipelinedConnection
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist.tenancy.platform import PLATFORM_TENANT

_DRIVER = "hemvist.driver"


@contextmanager
def landlord_session(principal_id: UUID, *, limits: TimeLimits | None = None) -> Iterator[Session]:
    """A transaction as ``hemvist_landlord`` for the principal of the landlords' tenant.

    It spans every kommun within the principal's reach and selects from the views of
    ``hemvist.landlords.views`` only: ``session.execute(select(UNITS).where(...))``. What is within
    reach is asked anew by each statement, so a door that closes is shut in the midst of it.
    """
    within = limits or time_limits(Audience.LANDLORD, reading=True)
    with writing_connection(Audience.LANDLORD) as driver:
        driver.act_for(PLATFORM_TENANT)
        driver.open_with(
            "SET LOCAL transaction_read_only = on;"
            # No tenant's own policy lets anything through here.
            f" SET LOCAL {TENANT_SETTING} = '';"
            f" SET LOCAL {PRINCIPAL_SETTING} = '{UUID(int=principal_id.int)}';"
            " SET LOCAL jit = off;"
            " SET LOCAL plan_cache_mode = force_generic_plan;"
            f" SET LOCAL statement_timeout = {int(within.statement)};"
            f" SET LOCAL idle_in_transaction_session_timeout = {int(within.idle)}"
        )
        try:
            with (
                Session(
                    driver.orm, expire_on_commit=False, autoflush=False, info={_DRIVER: driver}
                ) as session,
                session.begin(),
            ):
                yield session
        finally:
            with suppress(psycopg.Error):
                driver.rollback()


def answers(
    session: Session, questions: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[list[Any]]:
    """The rows of several questions on the views, in one round trip: rows with names, for each."""
    driver: PipelinedConnection = session.info[_DRIVER]
    return driver.answers(questions)
