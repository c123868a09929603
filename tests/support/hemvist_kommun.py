"""A kommun and its people in tests, and acts by them: one transaction per act.

Everything is done as the audience ``hemvist_staff``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import real_now
from hemvist.identity import Actor, Membership
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.tenancy import Audience, TenantSession, tenant_session


@dataclass
class Kommun:
    """A kommun: its id, its people by name, and acts by them."""

    tenant_id: UUID
    people: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    @contextmanager
    def session(
        self, actor: Actor | None = None, audience: Audience = Audience.STAFF
    ) -> Iterator[TenantSession]:
        """One transaction in this kommun."""
        principal = None if actor is None else actor.principal_id
        with tenant_session(audience, self.tenant_id, principal) as session:
            yield session

    def act(self, who: str | Actor, verb: Callable[..., Any], **arguments: Any) -> Any:
        """One act in a transaction of its own; what the service returned."""
        actor = self.people[who] if isinstance(who, str) else who
        with self.session(actor) as session:
            return verb(session, actor, **arguments)

    def read(self, reader: Callable[[TenantSession], Any]) -> Any:
        """What ``reader`` gives in a transaction of its own."""
        with self.session() as session:
            return reader(session)

    def again(self, row: Any) -> Any:
        """``row`` as it is now."""
        return self.read(lambda session: session.find(type(row), row.id))

    def rows(self, model: Any, **where: Any) -> list[Any]:
        """Every row of ``model`` with these values, oldest first."""
        return list(
            self.read(
                lambda session: session.scalars(
                    select(model).filter_by(**where).order_by(model.id)
                ).all()
            )
        )

    def add(self, name: str, *memberships: Membership) -> Actor:
        """Somebody with a login and these memberships."""
        with self.session() as session:
            principal = known_principal(
                session, issuer="https://issuer.test", subject=name, kind="person", name=name
            )
            refresh_memberships(session, principal, memberships, real_now())
            self.people[name] = actor_for(principal, frozenset(memberships))
        return self.people[name]


def caseworker_of(department: str) -> str:
    """Name of the department's caseworker."""
    return f"caseworker {department}"


def manager_of(department: str) -> str:
    """Name of the department's manager."""
    return f"manager {department}"
