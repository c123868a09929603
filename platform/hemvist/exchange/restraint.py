"""What a kommun may learn of others' households by saying no: little, and no more each quarter.

To a kommun that offers flats, a proposal says that somebody waits who could take one. Whoever offers
flats to find that out, and refuses, is asked seldom, and after a number of noes not at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from hemvist.clock import now, today
from hemvist.exchange.models import HOLDING, ExchangeMove, ExchangeRound
from hemvist.exchange.sealing import Pair, opened_pair
from hemvist.networks import Rules
from hemvist.networks.rules import NOES_COUNT_FOR, URGENCIES
from hemvist.tenancy import TenantSession
from hemvist.transfers.needs import Flat


def resting(session: TenantSession, since: datetime | None) -> set[UUID]:
    """Flats whose kommun has said no, or nothing, since an instant.

    To the kommun every household that could take a flat looks the same. Asked again at once, it would
    learn from its own noes how many there are.
    """
    wanted = select(ExchangeMove).where(ExchangeMove.banned.is_(True))
    if since is not None:
        rounds = select(ExchangeRound.id).where(ExchangeRound.begun_at >= since)
        wanted = wanted.where(ExchangeMove.round_id.in_(rounds))
    return {
        opened_pair(session, move.sealed).token
        for move in session.scalars(wanted)
        if _ended_by_receiver(move)
    }


def fruitless(session: TenantSession, since: datetime) -> Counter[UUID]:
    """By receiving kommun: the proposals that no household has come of, but for others' doing.

    Those under way, whenever they were made, and those made since an instant that the kommun itself
    has ended. What leads to a household, and what the other side or a new plan ends, counts no longer.
    """
    wanted = select(ExchangeMove).where(
        or_(
            ExchangeMove.state.in_(HOLDING),
            # Made before it had to be answered: so none that was made since is left out.
            and_(ExchangeMove.state.in_(("failed", "cancelled")), ExchangeMove.answer_by > since),
        )
    )
    return Counter(
        opened_pair(session, move.sealed).receiver
        for move in session.scalars(wanted)
        if move.state in HOLDING or _ended_by_receiver(move)
    )


def _ended_by_receiver(move: ExchangeMove) -> bool:
    """Whether the receiving kommun said no, kept silent or took the flat back."""
    silent = move.banned and move.receiving_said == "" and move.sending_said != "no"
    return silent or move.receiving_said == "no"


def noes_left(session: TenantSession, rules: Rules, kommuner: Iterable[UUID]) -> Mapping[UUID, int]:
    """How many more proposals to take a household each kommun may be given; none from nought down."""
    most = rules.terms_on(today()).noes_in_quarter
    counted = fruitless(session, now() - NOES_COUNT_FOR)
    return {kommun: most - counted[kommun] for kommun in kommuner}


def within_noes(
    flats: Sequence[Flat],
    proposed: Iterable[Pair],
    taken: set[UUID],
    kommuner: Mapping[str, UUID],
    left: Mapping[UUID, int],
) -> list[Flat]:
    """``flats`` but for those by which a plan gives a kommun more proposals than are left to it.

    Of its flats those stay that are ``taken``, and of those newly proposed the ones for the most
    pressing: so it is proposed no more in the next plan, whatever that is.
    """
    new: dict[UUID, list[Pair]] = defaultdict(list)
    for pair in proposed:
        new[pair.receiver].append(pair)
    stays: dict[str, set[UUID]] = {}
    for code, kommun in kommuner.items():
        if len(new[kommun]) > max(0, left[kommun]):
            pressing = sorted(
                new[kommun], key=lambda pair: (-URGENCIES.index(pair.urgency), pair.token)
            )
            stays[code] = taken | {pair.token for pair in pressing[: max(0, left[kommun])]}
    return [flat for flat in flats if flat.kommun not in stays or flat.token in stays[flat.kommun]]
