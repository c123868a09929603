"""A caseworker's way through a restored instance: in, a page, a case, a command, and the log goes on.

Through the application itself, in this process. Nothing leaves it: there is no broker, no worker and no mail,
and the command (a filter of a list is saved) concerns nobody. The login at the kommun's issuer is not gone
through, for it would tell the issuer: the session is opened as a login opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg
from starlette.testclient import TestClient

from hemvist.audit import linking, verifying
from hemvist.db import Audience
from hemvist.identity import get_directory, use_directory
from hemvist.identity.models import Principal
from hemvist.identity.sessions import cookie_name, open_session, revoke_session
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session
from hemvist_graphql.ids import global_id

#: Caseworkers with a case of their department's, the newest first; nothing closed to a circle.
_SOMEBODY = """
SELECT c.tenant_id, t.slug, m.principal_id, c.id, c.number
  FROM cases c
  JOIN tenants t ON t.id = c.tenant_id AND t.status = 'active'
  JOIN memberships m ON m.tenant_id = c.tenant_id AND m.role = 'caseworker'
       AND m.department = c.department
  JOIN principals p ON p.tenant_id = m.tenant_id AND p.id = m.principal_id AND p.status = 'active'
 WHERE NOT EXISTS (SELECT FROM circle_rows r WHERE r.tenant_id = c.tenant_id AND r.row_id = c.id)
   AND t.slug = ANY(%s)
 ORDER BY c.id DESC LIMIT 1
"""
_CASE = """query Restored($id: ID!) { case(id: $id) { number state
  household { members { person { givenName familyName } } } } }"""
_SAVE = (
    """mutation Restored($input: SaveFilterInput!) { saveFilter(input: $input) { __typename } }"""
)


class _Somebody(NamedTuple):
    tenant_id: UUID
    slug: str
    principal_id: UUID
    case_id: UUID
    number: str


def go(connection: psycopg.Connection, told: list[str]) -> Iterator[str]:
    """Go it, on the database that this process is pointed at; gives what went wrong."""
    from hemvist_infra.app import create_app

    with _directory():
        app = create_app()
        row = connection.execute(_SOMEBODY, [list(get_directory().slugs)]).fetchone()
        connection.rollback()
        if row is None:
            yield "no journey: no kommun that can be logged in to has a caseworker with a case"
            return
        one = _Somebody(*row)
        with tenant_session(Audience.STAFF, one.tenant_id) as session:
            opened = open_session(session, one.slug, session.find(Principal, one.principal_id))
        client = TestClient(app, base_url=get_settings().base_url, follow_redirects=False)
        client.cookies.set(cookie_name(), opened.cookie)
        wrong = list(_steps(client, one, opened.session.csrf_token))
        revoke_session(opened.cookie)
        wrong += _logged(connection, one)
        yield from wrong
        if not wrong:
            told.append(f"journey through case {one.number} of {one.slug}")


@contextmanager
def _directory() -> Iterator[None]:
    before = get_directory()
    try:
        yield
    finally:
        use_directory(before)


def _steps(client: TestClient, one: _Somebody, csrf: str) -> Iterator[str]:
    page = client.get(f"/{one.slug}", follow_redirects=True)
    if page.status_code != 200 or not page.url.path.startswith(f"/{one.slug}/"):
        yield f"journey: the first page answers {page.status_code} at {page.url.path}"
    data = _asked(client, one, csrf, _CASE, {"id": global_id("Case", one.case_id)})
    case = data.get("case") or {}
    if case.get("number") != one.number:
        yield f"journey: the case is not read: {data}"
    elif not all(
        member["person"]["givenName"] and member["person"]["familyName"]
        for member in case["household"]["members"]
        if member["person"] is not None
    ):
        yield "journey: somebody in the case has no name"
    given = {
        "idempotencyKey": str(uuid4()),
        "page": "cases",
        "name": f"Restored {uuid4().hex[:8]}",
        "selection": {},
    }
    for time in ("first", "second"):
        data = _asked(client, one, csrf, _SAVE, {"input": given})
        done = (data.get("saveFilter") or {}).get("__typename")
        if done != "SaveFilterDone":
            yield f"journey: the command was answered {data} the {time} time"


def _asked(
    client: TestClient, one: _Somebody, csrf: str, document: str, variables: dict[str, Any]
) -> dict[str, Any]:
    answer = client.post(
        f"/{one.slug}/graphql",
        json={"query": document, "variables": variables},
        headers={"X-CSRF-Token": csrf},
    )
    try:
        told = answer.json()
    except ValueError:
        told = {}
    data: dict[str, Any] = told.get("data") or {"status": answer.status_code}
    if told.get("errors"):
        data["errors"] = [error.get("extensions", {}).get("code") for error in told["errors"]]
    return data


def _logged(connection: psycopg.Connection, one: _Somebody) -> Iterator[str]:
    """Whether reading and writing went to the log, and the chain goes on over the restore."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE kind = 'read' AND case_id = %(case)s),"
        "       count(*) FILTER (WHERE kind = 'write')"
        "  FROM audit_entries WHERE tenant_id = %(tenant)s AND principal_id = %(who)s"
        "   AND at > now() - interval '10 minutes'",
        {"case": one.case_id, "tenant": one.tenant_id, "who": one.principal_id},
    ).fetchone()
    connection.rollback()
    if row is None or not all(row):
        yield f"journey: the log does not tell of the look and the command: {row}"
    linking.link(one.tenant_id, None)
    for finding in verifying.verify(one.tenant_id).findings:
        yield f"journey: log of {one.slug} afterwards: {finding.kind}: {finding.told}"
