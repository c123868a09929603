"""Keeping an answer with everything it rests on, and reading it again."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.evaluations.models import KeptEvaluation
from hemvist.ids import new_id
from hemvist.policy import Evaluation, Pack
from hemvist.policy.canonical import canonical_answer, canonical_json
from hemvist.policy.facts import as_json
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import SealBroken, tenant_keys
from hemvist.tenancy.statements import append

#: What the digest is bound to besides the kommun.
SEALED_FIELD = "evaluations.seal"


def keep(
    session: TenantSession,
    case: Case,
    pack: Pack,
    answer: Evaluation,
    facts: Mapping[str, Any],
    on: date,
) -> KeptEvaluation:
    """Write down what ``pack`` answered on ``facts`` on a day. Facts that are None are not known."""
    kept = KeptEvaluation(
        id=new_id(),
        # Before what is sealed for it.
        tenant_id=session.tenant_id,
        case_id=case.id,
        rule=answer.rule,
        evaluated_on=on,
        pack=pack.name,
        pack_version=pack.version,
        pack_hash=pack.content_hash,
        facts={
            name: {"value": as_json(value), "kind": pack.fact(name).kind.value}
            for name, value in facts.items()
            if value is not None
        },
        answer=canonical_answer(answer, on),
        kept_at=now(),
    )
    kept.seal = seal_of(kept)
    # Written with the next statement, before what refers to it.
    append(
        session,
        KeptEvaluation,
        **{column.name: getattr(kept, column.name) for column in KeptEvaluation.__table__.columns},
    )
    return kept


def seal_of(kept: KeptEvaluation) -> bytes:
    """The keyed digest of a record: another one when anything in it was changed.

    The key is derived outside the database, so whoever can write there cannot make a seal.
    """
    return tenant_keys(kept.tenant_id).blind_index(SEALED_FIELD, sealed_content(kept))


def sealed_content(kept: KeptEvaluation) -> str:
    """What the seal of a record is the digest of, word for word."""
    return canonical_json(
        {
            "id": str(kept.id),
            "case": str(kept.case_id),
            "rule": kept.rule,
            "on": kept.evaluated_on.isoformat(),
            "pack": [kept.pack, kept.pack_version, kept.pack_hash],
            "facts": kept.facts,
            "answer": kept.answer,
        }
    )


def is_untouched(kept: KeptEvaluation) -> bool:
    """Whether the record is as it was written."""
    try:
        return hmac.compare_digest(kept.seal, seal_of(kept))
    except SealBroken:
        return False


def facts_kept(kept: KeptEvaluation) -> dict[str, Any]:
    """The facts as the engine takes them."""
    return {name: known["value"] for name, known in kept.facts.items()}


def answer_kept(kept: KeptEvaluation) -> dict[str, Any]:
    """The answer as data: outcome, ask, trace …"""
    read: dict[str, Any] = json.loads(kept.answer)
    return read
