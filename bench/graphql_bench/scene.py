"""Who asks for what: caseworkers of many kommuner, and cases that they see."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from graphql_bench.cluster import Cluster

#: How long a token of the bench is valid: as long as the longest run.
TOKEN_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class Person:
    """A caseworker who asks, and the kommun that the answer must come from."""

    slug: str
    tenant: UUID
    principal: UUID
    department: str
    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A case that went the whole way, and its household."""

    person: Person
    case: UUID
    household: UUID


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that requests are made of."""

    people: tuple[Person, ...]
    matters: tuple[Matter, ...]
    #: Households without a case, where one can be opened, with who may.
    homes: tuple[tuple[Person, UUID], ...]
    tokens: dict[UUID, str]
    #: The guideline that a case opened today is pinned to, and its version.
    pack: tuple[str, str]


def scene(at: Cluster, kommuner: int, seed: int = 7) -> Scene:
    """Caseworkers of ``kommuner`` kommuner spread over all sizes, each with a full list of cases."""
    dice = Random(seed)
    with at.connect() as connection:
        places = connection.execute(
            "SELECT t.slug, c.tenant_id, c.department FROM cases c JOIN tenants t ON t.id = c.tenant_id"
            " GROUP BY 1, 2, 3 HAVING count(*) FILTER (WHERE c.state = 'open') >= 51"
            " AND count(*) FILTER (WHERE c.state = 'closed') >= 51 ORDER BY 1, 3"
        ).fetchall()
        if not places:
            raise SystemExit("no department has lists of 50 cases: generate more households")
        pack = connection.execute(
            "SELECT pack, pack_version FROM cases ORDER BY opened_on DESC, id LIMIT 1"
        ).fetchone()
        assert pack is not None
        slugs = sorted({slug for slug, _, _ in places})
        taken = set(dice.sample(slugs, min(kommuner, len(slugs))))
        people: list[Person] = []
        matters: list[Matter] = []
        homes: list[tuple[Person, UUID]] = []
        for slug, tenant, department in places:
            if slug not in taken:
                continue
            colleagues = _colleagues(connection, slug, tenant, department)
            people += colleagues
            for number, (case, household) in enumerate(
                connection.execute(_MATTERS, [tenant, department]).fetchall()
            ):
                matters.append(Matter(colleagues[number % len(colleagues)], case, household))
            homes += [
                (colleagues[0], one)
                for (one,) in connection.execute(_HOMES, [tenant, department]).fetchall()
            ]
    dice.shuffle(people)
    dice.shuffle(matters)
    dice.shuffle(homes)
    return Scene(tuple(people), tuple(matters), tuple(homes), _tokens(at, people), pack)


_MATTERS = """
SELECT c.id, c.household_id FROM cases c WHERE tenant_id = %s AND department = %s
AND EXISTS (SELECT FROM contracts k WHERE k.tenant_id = c.tenant_id AND k.case_id = c.id)
ORDER BY c.id LIMIT 60
"""
_HOMES = """
SELECT h.id FROM households h WHERE tenant_id = %s AND department = %s
AND NOT EXISTS (SELECT FROM cases c WHERE c.tenant_id = h.tenant_id AND c.household_id = h.id
  AND c.state = 'open') ORDER BY h.id LIMIT 200
"""


def _colleagues(connection: Any, slug: str, tenant: UUID, department: str) -> list[Person]:
    rows = connection.execute(
        "SELECT p.id, p.subject, p.display_name FROM principals p JOIN memberships m"
        " ON m.tenant_id = p.tenant_id AND m.principal_id = p.id WHERE p.tenant_id = %s"
        " AND m.role = 'caseworker' AND m.department = %s ORDER BY p.id LIMIT 2",
        [tenant, department],
    ).fetchall()
    return [Person(slug, tenant, one, department, subject, name) for one, subject, name in rows]


def _tokens(at: Cluster, people: list[Person]) -> dict[UUID, str]:
    """Access tokens as the development issuer makes them, but for the length of a run."""
    from hemvist.identity import Role
    from hemvist_infra.dev_issuer.tenant_issuer import TenantIssuer
    from hemvist_infra.national.staff import group_of
    from hemvist_tenants import load_tenants

    tenants, now = load_tenants(), int(time.time())
    issuers: dict[str, TenantIssuer] = {}
    local = Path(at.environment()["HEMVIST_LOCAL_DIR"])
    found = {}
    for one in people:
        if one.slug not in issuers:
            base = at.environment()["HEMVIST_BASE_URL"]
            issuers[one.slug] = TenantIssuer(base, local, tenants[one.slug])
        issuer = issuers[one.slug]
        claims = {
            "iss": issuer.address,
            "aud": issuer.api_audience,
            "sub": one.subject,
            "client_id": "bench",
            "scope": issuer.api_scope,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": str(one.principal),
            "name": one.name,
            "groups": [group_of(Role.CASEWORKER, one.department)],
        }
        found[one.principal] = issuer.sign(claims, typ="at+jwt")
    return found
