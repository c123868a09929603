"""What a session that only reads has found stays found; a session that writes looks again."""

from __future__ import annotations

from hemvist.tenancy import Audience, tenant_session
from hemvist_testing import new_tenant


def test_only_a_session_that_reads_remembers(database: str) -> None:
    tenant = new_tenant()
    asked: list[str] = []

    def find() -> int:
        asked.append("once")
        return len(asked)

    with tenant_session(Audience.STAFF, tenant, only_reads=True) as session:
        assert [session.remembered(("a", 1), find) for _ in range(3)] == [1, 1, 1]
        assert session.remembered(("a", 2), find) == 2
        # Also that there is nothing.
        assert session.remembered("none", lambda: asked.append("none")) is None
        assert session.remembered("none", find) is None
    with tenant_session(Audience.STAFF, tenant) as session:
        assert [session.remembered(("a", 1), find) for _ in range(2)] == [4, 5]
    with tenant_session(Audience.STAFF, tenant, only_reads=True) as session:
        assert session.remembered(("a", 1), find) == 6, "of its own session only"
