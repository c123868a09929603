"""Kommuner that compare themselves: people who may opt in, and figures that have been told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from hemvist.clock import now, today
from hemvist.comparisons import running, service
from hemvist.comparisons.models import IndicatorSharing
from hemvist.identity import Membership, Role
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.models import IndicatorTold
from hemvist.tenancy import Audience, tenant_session
from hemvist_kommun import Kommun
from hemvist_testing import new_tenant, owner_connection

ADMIN, POLICY, STEERING, STRANGER = "admin", "policy", "steering", "reviewer"
#: The year before this one, and the comparison that most tests are about.
YEAR = today().year - 1
WAYS = "ways"


def kommun_in_comparisons(tenant_id: UUID | None = None) -> Kommun:
    """A kommun with those who propose, those who agree, those who read, and one who does none of it."""
    kommun = Kommun(tenant_id or new_tenant())
    kommun.add(ADMIN, Membership(Role.TENANT_ADMIN))
    kommun.add(POLICY, Membership(Role.POLICY_OFFICER))
    kommun.add(STEERING, Membership(Role.STEERING))
    kommun.add(STRANGER, Membership(Role.LOG_REVIEWER))
    return kommun


def told(
    kommun: Kommun,
    indicator: str,
    facts: int | None,
    *,
    months: tuple[int, int] = (1, 12),
    year: int = YEAR,
    margin: str = "all",
    cells: Sequence[str] = (),
    **more: Any,
) -> None:
    """Let the kommun have told a number, as its own telling would have."""
    with tenant_session(Audience.WORKER, kommun.tenant_id) as session:
        session.save(
            IndicatorTold(
                indicator=indicator,
                version=more.pop("version", catalogue()[indicator].version),
                margin=margin,
                cells=list(cells),
                from_month=date(year, months[0], 1),
                to_month=date(year, months[1], 1),
                facts=facts,
                met_least=more.pop("met_least", None),
                met_most=more.pop("met_most", None),
                amount=more.pop("amount", None),
                middle=more.pop("middle", None),
                told_at=now(),
            )
        )
        assert not more


def untold(kommun: Kommun) -> None:
    """Take back what the kommun has told: another test's telling of a town that they share."""
    with owner_connection() as connection:
        connection.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true)", (str(kommun.tenant_id),)
        )
        connection.execute("DELETE FROM indicator_told WHERE tenant_id = %s", (kommun.tenant_id,))


def joined(kommun: Kommun, comparison: str = WAYS) -> IndicatorSharing:
    """The kommun's part, proposed by one and agreed to by another."""
    sharing = kommun.act(ADMIN, service.propose, comparison=comparison)
    agreed: IndicatorSharing = kommun.act(
        POLICY, service.agree, indicator_sharing_id=sharing.id, expected_version=sharing.version
    )
    return agreed


def left(kommun: Kommun, sharing: IndicatorSharing) -> IndicatorSharing:
    """The kommun's part, ended."""
    now_: IndicatorSharing = kommun.again(sharing)
    ended: IndicatorSharing = kommun.act(
        POLICY, service.leave, indicator_sharing_id=sharing.id, expected_version=now_.version
    )
    return ended


def code_of(kommun: Kommun) -> str:
    """The kommun's code."""
    with kommun.session() as session:
        found: str = session.execute(
            text("SELECT kommun_code FROM tenants WHERE id = :id"), {"id": kommun.tenant_id}
        ).scalar_one()
    return found


def carried(*kommuner: Kommun, comparison: str = WAYS) -> int:
    """A round among these kommuner."""
    return running.run(comparison, {code_of(one): one.tenant_id for one in kommuner})


def suspended(kommun: Kommun) -> None:
    """Let the kommun be none that workers work for."""
    with owner_connection() as connection:
        connection.execute(
            "UPDATE tenants SET status = 'suspended' WHERE id = %s", (kommun.tenant_id,)
        )
