"""What time brings to guarantees: a period that runs out is a duty for a person, never an end by itself.

Also guarantees from before there were kinds: those of a programme that gives a surety are named so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from hemvist import audit
from hemvist.cases.models import Case, CaseEvent
from hemvist.cases.packs import departments_with, pack_of
from hemvist.deadlines.models import Obligation
from hemvist.deadlines.service import mark_done
from hemvist.guarantees.models import Guarantee
from hemvist.guarantees.terms import KIND_OF, programme_of
from hemvist.identity import Actor
from hemvist.policy import add_months
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession

CODE = "guarantee_period_over"
#: The obligation belongs to no programme of the pack, so that replanning leaves it.
PROGRAMME = "law"
#: The platform's own reminder: how long before its day the duty is seen.
AHEAD_MONTHS = 1
_LABEL = {
    "sv": "Garantins tid går ut: avsluta garantin eller ompröva den",
    "en": "The guarantee's period runs out: end the guarantee or reassess it",
}
_SURETY_LABEL = {
    "sv": "Borgensåtagandets tid går ut: avsluta det eller ompröva det",
    "en": "The surety's period runs out: end the surety or reassess it",
}


def raise_duties(session: TenantSession, on: date, limit: int) -> list[Obligation]:
    """Lay out the duty to end or go on with each guarantee whose period runs out; at most ``limit``.

    The duty is the property department's and is due on the first day on which the guarantee no
    longer holds by its period. Until a person ends it the guarantee stands as active: claims for
    days within it may still come.
    """
    duty = (
        select(Obligation.id)
        .where(
            Obligation.tenant_id == Guarantee.tenant_id,
            Obligation.case_id == Guarantee.case_id,
            Obligation.anchor_id == Guarantee.id,
            Obligation.code == CODE,
            Obligation.due_on == Guarantee.ends_on,
        )
        .correlate(Guarantee)
    )
    found = session.scalars(
        select(Guarantee)
        .where(
            Guarantee.state == "active",
            Guarantee.ends_on <= add_months(on, AHEAD_MONTHS),
            ~exists(duty),
        )
        .order_by(Guarantee.ends_on, Guarantee.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [_raise(session, guarantee) for guarantee in found]


def _raise(session: TenantSession, guarantee: Guarantee) -> Obligation:
    case = session.find(Case, guarantee.case_id)
    pack = pack_of(case)
    programme = programme_of(case, guarantee.kind)
    rules = None if programme is None else programme.guarantee
    law = law_pack()
    return session.save(
        Obligation(
            case_id=case.id,
            programme=PROGRAMME,
            code=CODE,
            ordinal=cancel_duty(session, guarantee) + 1,
            due_on=guarantee.ends_on,
            anchor="guarantee_issued",
            anchor_id=guarantee.id,
            anchored_on=guarantee.starts_on,
            by=["property"],
            departments=departments_with(pack, "property"),
            cite="" if rules is None else ", ".join(rules.cite),
            label=_SURETY_LABEL if guarantee.kind == "surety" else _LABEL,
            agenda=[],
            creates=None,
            pack=law.name,
            pack_version=law.version,
            state="open",
        )
    )


def cancel_duty(session: TenantSession, guarantee: Guarantee) -> int:
    """The period was prolonged: nothing runs out on that day. How many duties there have been."""
    rows = _duties(session, guarantee)
    for row in rows:
        if row.state == "open":
            row.state = "cancelled"
            row.version += 1
    session.flush()
    return len(rows)


def duty_done(session: TenantSession, guarantee: Guarantee, on: date) -> None:
    """A person has ended the guarantee."""
    for row in _duties(session, guarantee):
        if row.state == "open":
            mark_done(session, row, on)


def _duties(session: TenantSession, guarantee: Guarantee) -> Sequence[Obligation]:
    return session.scalars(
        select(Obligation)
        .where(
            Obligation.case_id == guarantee.case_id,
            Obligation.anchor_id == guarantee.id,
            Obligation.code == CODE,
        )
        .order_by(Obligation.ordinal)
        .with_for_update()
    ).all()


def name_sureties(session: TenantSession, actor: Actor, limit: int) -> list[UUID]:
    """Name guarantees from before there were kinds what their guideline calls them; their ids.

    The migration named all of them guarantees. One of before is known by the line of its case, which
    then named no kind. What was given since bears the kind that it was given as.
    """
    issued = (
        select(CaseEvent.id)
        .where(
            CaseEvent.tenant_id == Guarantee.tenant_id,
            CaseEvent.case_id == Guarantee.case_id,
            CaseEvent.kind == "guarantee_issued",
            CaseEvent.subject_id == Guarantee.id,
            ~CaseEvent.data.has_key("kind"),
        )
        .correlate(Guarantee)
    )
    rows = session.execute(
        select(Guarantee, Case)
        .join(Case, (Case.tenant_id == Guarantee.tenant_id) & (Case.id == Guarantee.case_id))
        .where(Guarantee.kind == "guarantee", exists(issued))
        .order_by(Guarantee.id)
        .with_for_update(of=Guarantee, skip_locked=True)
    ).all()
    named: list[UUID] = []
    for guarantee, case in rows:
        programmes = pack_of(case).programmes
        programme = programmes.get(case.programme or "")
        rules = None if programme is None else programme.guarantee
        if rules is None or KIND_OF[rules.kind] == guarantee.kind:
            continue
        guarantee.kind = KIND_OF[rules.kind]
        guarantee.version += 1
        session.flush()
        audit.record(
            session,
            actor,
            "guarantee.name_kind",
            case_id=case.id,
            subject_type="guarantee",
            subject_id=guarantee.id,
            details={"kind": guarantee.kind},
        )
        named.append(guarantee.id)
        if len(named) == limit:
            break
    return named
