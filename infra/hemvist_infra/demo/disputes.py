"""What goes against somebody: a refusal that is appealed, and a landlord that claims its rent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hemvist.appeals import service as appeals
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.decisions import notifying
from hemvist.decisions.models import Decision
from hemvist.guarantees import claims
from hemvist.guarantees.models import Guarantee
from hemvist_infra.demo import words

if TYPE_CHECKING:
    from hemvist_infra.demo.life import Life


def appeal(life: Life, decision: Decision) -> None:
    """The refusal was sent by letter, and an appeal came in the other week: not judged yet."""
    sent = life.planned.day("decided") + timedelta(days=2)
    notifying.notify(
        life.session,
        life.caseworker,
        decision_id=decision.id,
        how="letter",
        expected_version=decision.version,
        notified_on=sent,
    )
    appeals.receive(
        life.session,
        life.caseworker,
        decision_id=decision.id,
        how="letter",
        asks=words.APPEAL,
        received_on=sent + timedelta(days=7),
    )


def claim(life: Life, case: Case) -> None:
    """Two weeks ago the landlord claimed the rent of a month; nobody has decided on it yet.

    Nothing is claimed on a guarantee that began later than that rent was due.
    """
    guarantee = life.session.scalars(select(Guarantee).where(Guarantee.case_id == case.id)).one()
    lease = life.session.find(Contract, guarantee.contract_id)
    last = today() - timedelta(days=20)
    if guarantee.starts_on > last:
        return
    claims.register_claim(
        life.session,
        life.staff.property_officer,
        guarantee_id=guarantee.id,
        kind="rent",
        amount_ore=lease.rent_ore,
        period_from=max(guarantee.starts_on, last - timedelta(days=29)),
        period_to=last,
        documents=[{"kind": "rent_statement", "title": "Hyresavi och påminnelse"}],
        received_on=today() - timedelta(days=14),
    )
