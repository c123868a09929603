"""The certificate of a thinning (gallringsbevis): what went, by which rule, who, when, and what backups
may still hold."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import now
from hemvist.identity.models import Principal
from hemvist.policy.canonical import canonical_json
from hemvist.retention.fates import fates
from hemvist.retention.models import KeptVoucher, ThinningItem, ThinningRun
from hemvist.retention.terms import Terms
from hemvist.tenancy import Tenant, TenantSession

#: Raised when the document's form changes.
FORMAT = 2


def number_hash(tenant_id: UUID, number: str) -> str:
    """What stands for a case's number when the case is gone: whoever knows the number can check it."""
    return hashlib.sha256(f"{tenant_id}:{number}".encode()).hexdigest()


def digest(certificate: Mapping[str, Any]) -> str:
    """SHA-256 of a certificate, by which it is known again."""
    return hashlib.sha256(canonical_json(certificate).encode()).hexdigest()


def written(
    session: TenantSession,
    run: ThinningRun,
    terms: Terms,
    aged: Mapping[str, int],
    backups_until: date,
) -> dict[str, Any]:
    """The certificate of a run that has been carried out."""
    items = session.scalars(
        select(ThinningItem).where(ThinningItem.run_id == run.id).order_by(ThinningItem.id)
    ).all()
    gone = [item for item in items if item.state == "thinned"]
    vouchers = session.scalars(select(KeptVoucher).where(KeptVoucher.run_id == run.id)).all()
    rows: Counter[str] = Counter(aged)
    for item in gone:
        rows.update({table: int(count) for table, count in item.counts.items()})
    return {
        "format": FORMAT,
        "kommun": session.get_one(Tenant, session.tenant_id).kommun_code,
        "run": str(run.id),
        "judged_on": run.on_day.isoformat(),
        "proposed": _act(session, run.proposed_by, run.proposed_at.isoformat()),
        "approved": _act(
            session,
            run.approved_by,
            None if run.approved_at is None else run.approved_at.isoformat(),
        ),
        "stopped": None
        if run.stopped_at is None
        else _act(session, run.stopped_by, run.stopped_at.isoformat()),
        "carried_out": now().isoformat(),
        "rules": _rules(gone, terms),
        "rows": dict(sorted(rows.items())),
        "cases": [_case(item) for item in sorted(gone, key=lambda one: one.number_hash)],
        "left": dict(
            sorted(Counter(one.left_because for one in items if one.state == "left").items())
        ),
        "kept": {
            "vouchers": len(vouchers),
            "vouchers_until": max((one.keep_until.isoformat() for one in vouchers), default=None),
            "vouchers_cite": list(terms.cite["bookkeeping_years"]),
            "tables": dict(sorted(fates().kept.items())),
        },
        "backups": {
            "until": backups_until.isoformat(),
            "meaning": "A backup taken before the thinning may hold what was thinned until this day."
            " Until then a sealed list of the cases is kept, by which they are thinned again if a"
            " backup is restored; on the day after it is removed.",
        },
    }


def _act(session: TenantSession, principal_id: UUID | None, at: str | None) -> dict[str, Any]:
    name = None
    if principal_id is not None:
        name = session.find(Principal, principal_id).display_name
    return {"by": None if principal_id is None else str(principal_id), "name": name, "at": at}


def _rules(gone: Sequence[ThinningItem], terms: Terms) -> dict[str, Any]:
    cites = {
        "after_last_note": terms.cite["thinning_months"],
        "child_inquiry": terms.cite["child_inquiry_years"],
    }
    return {
        rule: {"cases": count, "cite": list(cites[rule])}
        for rule, count in sorted(Counter(item.rule for item in gone).items())
    }


def _case(item: ThinningItem) -> dict[str, Any]:
    return {
        "number_sha256": item.number_hash,
        "rule": item.rule,
        "due_on": item.due_on.isoformat(),
        "done_by": item.done_by.isoformat(),
        "thinned_at": None if item.thinned_at is None else item.thinned_at.isoformat(),
    }
