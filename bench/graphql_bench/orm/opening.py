"""The peer's command: the same rows as ours, by the session's unit of work."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from graphql_bench.orm.types import Case, Info
from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case as CaseRow
from hemvist.cases.models import CaseEvent
from hemvist.clock import now, today
from hemvist.households.models import Household, HouseholdMember
from hemvist.outbox.models import CommandReceipt, OutboxEvent
from hemvist.tenancy.counters import Counter


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    async def open_case(
        self,
        info: Info,
        household: UUID,
        department: str,
        key: str,
        name: str,
        pack: str,
        version: str,
    ) -> Case:
        """Open a case for a household."""
        rows = info.context["rows"]
        session, tenant, actor = rows.session, rows.tenant, rows.principal
        home = await session.get(Household, (tenant, household), with_for_update=True)
        running = select(CaseRow.id).where(
            CaseRow.tenant_id == tenant,
            CaseRow.household_id == household,
            CaseRow.department == department,
            CaseRow.state == "open",
        )
        if home is None or await session.scalar(running) is not None:
            raise ValueError("no household without an open case")
        counted = (
            insert(Counter)
            .values(tenant_id=tenant, id=uuid4(), series=f"case-{today().year}", last=1)
            .on_conflict_do_update(
                index_elements=["tenant_id", "series"], set_={"last": Counter.last + 1}
            )
            .returning(Counter.last)
        )
        number = f"{today().year}-{await session.scalar(counted):06d}"
        persons = select(HouseholdMember.person_id).where(
            HouseholdMember.tenant_id == tenant, HouseholdMember.household_id == household
        )
        case_id, about = uuid4(), {"pack": pack, "version": version}
        case = CaseRow(
            tenant_id=tenant, id=case_id, number=number, household_id=household,
            department=department, handler_id=actor, pack=pack, pack_version=version,
            state="open", opened_on=today(),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        session.add_all(
            [
                CaseEvent(
                    tenant_id=tenant, id=uuid4(), case_id=case_id, kind="case_opened",
                    occurred_on=today(), recorded_at=now(), principal_id=actor, actor_name=name,
                    subject_type="case", subject_id=case_id, data=about,
                ),
                AuditEntry(
                    tenant_id=tenant, id=uuid4(), at=now(), kind="write", principal_id=actor,
                    roles=["caseworker"], channel="api", action="case.open", case_id=case_id,
                    person_ids=list(await session.scalars(persons)), subject_type="case",
                    subject_id=case_id, details={"event": "case_opened"},
                ),
                OutboxEvent(
                    tenant_id=tenant, id=uuid4(), occurred_at=now(), type="case_opened",
                    payload={"case_id": str(case_id), "department": department}, relayed_at=None,
                    trace_context={},
                ),
                CommandReceipt(
                    tenant_id=tenant, id=uuid4(), principal_id=actor, key=key, command="openCase",
                    request_hash=hashlib.sha256(str(household).encode()).digest(),
                    response={"id": str(case_id)}, created_at=now(),
                ),
            ]
        )  # fmt: skip
        await session.flush()
        return case  # type: ignore[return-value]
