"""The property office's answers to reported vacancies."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.vacancies import service
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class TakeInVacancyInput:
    """A reported home to take in."""

    idempotency_key: str
    vacancy_id: strawberry.ID = refers_to("Vacancy")
    source: str | None = text(
        40,
        default=None,
        description="How the kommun has it; by agreement with the owner unless said otherwise.",
    )
    expected_version: int


@command(
    TakeInVacancyInput,
    gives="vacancy",
    description="Take a reported home in: it becomes a vacant home of the kommun's.",
)
def take_in_vacancy(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a reported home in."""
    return service.take_in(session, actor, **values)


@strawberry.input
class DeclineVacancyInput:
    """A reported home to say no to."""

    idempotency_key: str
    vacancy_id: strawberry.ID = refers_to("Vacancy")
    code: str = text(
        40,
        description="not_needed, too_expensive, too_small, not_accessible, poor_condition, "
        "area_not_agreed, outside_agreement, already_known or other",
    )
    words: str | None = text(1_000, default=None, description="The landlord reads them.")
    expected_version: int


@command(
    DeclineVacancyInput,
    gives="vacancy",
    description="Say no to a reported home, with a reason that the landlord reads.",
)
def decline_vacancy(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say no to a reported home."""
    return service.decline(session, actor, **values)
