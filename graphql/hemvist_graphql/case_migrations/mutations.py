"""The command by which open cases go over to another version."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.case_migrations import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text


@strawberry.input
class CaseToMigrateInput:
    """A case as the caller saw it."""

    case_id: strawberry.ID = refers_to("Case")
    expected_version: int


@strawberry.input
class MigrateCasesInput:
    """Open cases of one guideline and the version that they go over to."""

    idempotency_key: str
    cases: list[CaseToMigrateInput]
    to_version: str = text(40)
    reason: str = text(MAX_TEXT)


@command(
    MigrateCasesInput,
    gives="case_migration",
    description="Let open cases go over to another version, all of them or none.",
)
def migrate_cases(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let open cases go over to another version."""
    return service.migrate(session, actor, **values)
