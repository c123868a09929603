"""How a proposal came about, made again from what was kept sealed: for those who may know, years later.

Only of one move at a time, by the name that one side has for it. Of other households it says nothing
but which level of the objective would have been worse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist import clearing as engine
from hemvist.db import Audience
from hemvist.errors import NotFound
from hemvist.exchange import moves
from hemvist.exchange.models import ExchangeClearing, ExchangeRound
from hemvist.exchange.sealing import opened, opened_pair
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.transfers.proposal_models import TransferProposal


@dataclass(frozen=True, slots=True)
class Instead:
    """Another flat that the request could have taken, and why it was not proposed."""

    flat: UUID
    reason: str
    #: The first level of the objective that would have been worse, if that is why.
    level: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A clearing that proposed the move."""

    number: int
    cleared_at: datetime
    #: The input is, to the byte, what was kept a digest of; and the engine says today what it said then.
    input_as_kept: bool
    same_answer: bool
    #: The certificate proves that no plan was better.
    proven: bool
    objective: tuple[int, ...]
    instead: tuple[Instead, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """How a proposal came about."""

    round_kind: str
    begun_at: datetime
    #: The seed is the one that was committed to before anything was collected.
    seed_as_committed: bool
    by_override: bool
    request: UUID
    flat: UUID
    #: None for an override that no clearing proposed.
    clearings: tuple[Shown, ...]


def account(kommun: UUID, proposal_id: UUID, *, matter: str) -> Account:
    """How a kommun's proposal came about. ``matter`` is the number under which it was asked for.

    The kommun's log says that it was looked at, before anything is opened. Raises ``NotFound``.
    """
    with tenant_session(Audience.WORKER, kommun) as session:
        proposal = session.find(TransferProposal, proposal_id)
        network_id, slip = proposal.network_id, proposal.slip
        audit.record(
            session,
            Actor.system(kommun),
            Action.TRANSFER_READ,
            kind="read",
            subject_type="transfer_proposal",
            subject_id=proposal.id,
            details={"event": "reconstructed", "matter": matter},
        )
    with tenant_session(Audience.EXCHANGE, network_id) as session:
        return _account(session, slip)


def _account(session: TenantSession, slip: UUID) -> Account:
    move = moves.by_slip(session, slip)
    if move is None:
        raise NotFound("TransferProposal")
    pair = opened_pair(session, move.sealed)
    round_ = session.find(ExchangeRound, move.round_id)
    seed = str(opened(session, "exchange_rounds.seed", round_.seed_sealed))
    kept = session.scalars(
        select(ExchangeClearing)
        .where(ExchangeClearing.round_id == round_.id)
        .order_by(ExchangeClearing.number)
    )
    shown = [_shown(session, one, str(pair.pseudonym), str(pair.token)) for one in kept]
    return Account(
        round_kind=round_.kind,
        begun_at=round_.begun_at,
        seed_as_committed=hashlib.sha256(bytes.fromhex(seed)).digest() == round_.seed_digest,
        by_override=move.by_override,
        request=pair.pseudonym,
        flat=pair.token,
        clearings=tuple(one for one in shown if one is not None),
    )


def _shown(session: TenantSession, kept: ExchangeClearing, request: str, flat: str) -> Shown | None:
    """The clearing made again, if it proposed the pair anew."""
    given = str(opened(session, "exchange_clearings.input", kept.input_sealed))
    answer: Mapping[str, Any] = opened(session, "exchange_clearings.answer", kept.answer_sealed)
    said: Mapping[str, Any] = json.loads(given)
    if [request, flat] not in answer["moves"] or [request, flat] in said["keep"] + said["frozen"]:
        return None
    instance = read_instance(said["instance"])
    terms: dict[str, Any] = {
        name: {(one, other) for one, other in said[name]} for name in ("keep", "frozen", "bans")
    }
    seed = int(said["seed"], 16)
    plan = engine.clear(instance, seed, **terms)
    own = next(one for one in instance.requests if one.id == request)
    others = sorted(set(own.offers or ()) - {flat})
    why = {
        other: engine.why_not(instance, seed, request, other, plan=plan, **terms)
        for other in others
    }
    return Shown(
        number=kept.number,
        cleared_at=kept.cleared_at,
        input_as_kept=hashlib.sha256(given.encode()).digest() == kept.input_digest,
        same_answer=sorted([move.request, move.vacancy] for move in plan.moves) == answer["moves"]
        and list(plan.objective) == answer["objective"],
        proven=not engine.check(instance, plan, **terms),
        objective=tuple(plan.objective),
        instead=tuple(Instead(UUID(other), one.reason, one.level) for other, one in why.items()),
    )


def read_instance(said: Mapping[str, Any]) -> engine.Instance:
    """An instance as it was kept."""
    return engine.Instance(
        [
            engine.Municipality(**{**one, "services": frozenset(one["services"])})
            for one in said["municipalities"]
        ],
        [
            engine.Request(
                id=one["id"],
                origin=one["origin"],
                urgency=one["urgency"],
                waiting_weeks=one["waiting_weeks"],
                forbidden=frozenset(one["forbidden"]),
                offers=one["offers"],
            )
            for one in said["requests"]
        ],
        [engine.Vacancy(**one) for one in said["vacancies"]],
    )
