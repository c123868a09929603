"""Commands that were tried and refused: an entry in the log of their own, after they were undone."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from hemvist import audit
from hemvist.errors import (
    Conflict,
    HemvistError,
    NotAllowed,
    NotFound,
    PolicyRefused,
    ValidationFailed,
)
from hemvist.identity import Actor
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.inputs import arguments

#: More names or ids than this say no more about what was tried.
_MOST = 20
#: In characters, of a path.
_LONGEST = 120
_NO_NAME = re.compile(r"[^A-Za-z0-9_.\[\]-]+")


def log_refusal(actor: Actor, command: str, given: Any, why: HemvistError) -> None:
    """Write who tried ``command``, on what ids of the input ``given``, and why not, in its own transaction.

    The refused command's has been rolled back, and its entry with it. What goes wrong here is raised:
    a refusal that cannot be logged is not told either.
    """
    ids = _ids(given)
    with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
        audit.record(
            session,
            actor,
            command,
            kind="refused",
            details={**code_of(why), **({"about": ids[:_MOST]} if ids else {})},
        )


def _ids(given: Any) -> list[str]:
    try:
        values = arguments(given)
    except HemvistError:
        # An id of another kind, perhaps: that is why it was refused.
        return []
    return [str(value) for value in values.values() if isinstance(value, UUID)]


def _place(field: str) -> str:
    """The path without what is no name: a key of a JSON value is the caller's own text, and may hold what
    no column can."""
    return _NO_NAME.sub("?", field)[:_LONGEST]


def code_of(why: HemvistError) -> dict[str, Any]:
    """Why, in codes and names of fields; nothing that somebody wrote."""
    match why:
        case NotAllowed():
            return {"code": "not_allowed", "action": str(why.action)}
        case NotFound():
            return {"code": "not_found", "kind": why.kind}
        case Conflict():
            return {"code": "conflict", "rule": why.rule}
        case PolicyRefused():
            return {"code": "policy_refused", "rule": why.rule}
        case ValidationFailed():
            problems = [f"{_place(one.field)}: {one.rule}" for one in why.problems[:_MOST]]
            return {"code": "validation_failed", "problems": problems}
        case _:
            return {"code": type(why).__name__}
