"""Statements for a database on many machines: the tenant's value beside each comparison of two tenants.

Citus finds a row's machine by a value that ``tenant_id`` is compared with, at the statement's own level
and in each of its sub-selects. Ours compare a sub-select's tenant with that of the row around it. On one
machine they go out as they are (``HEMVIST_DATABASE_DISTRIBUTED``); decision 0052.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

#: As SQLAlchemy writes it, and as we do: two columns of that name, each with its table.
_TENANTS = re.compile(r'("?\b\w+\b"?)\.tenant_id = ("?\b\w+\b"?)\.tenant_id\b')


def by_value(query: Any, tenant_id: UUID) -> Any:
    """``query`` with both sides of each such comparison compared with ``tenant_id`` too.

    Both are of that tenant or the comparison fails as before: what the statement says does not change.
    """
    return _bound(query, f"{UUID(int=tenant_id.int)}") if isinstance(query, str) else query


@lru_cache(maxsize=4096)
def _bound(text: str, tenant: str) -> str:
    # An id alone stands in the text: nothing that somebody wrote.
    return _TENANTS.sub(rf"\g<0> AND \1.tenant_id = '{tenant}' AND \2.tenant_id = '{tenant}'", text)
