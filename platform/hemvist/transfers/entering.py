"""What a kommun's requests are in a round: pseudonyms and the flats they could take, no profiles.

Reckoned in the kommun itself, as the worker. What a household needs and where the threat is never
leaves it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import today
from hemvist.ids import new_id
from hemvist.networks import Rules
from hemvist.tenancy import TenantSession, exchange_keys
from hemvist.tenancy.keys import SealBroken
from hemvist.transfers.models import TransferRequest
from hemvist.transfers.needs import Edge, Flat, Needs, edges
from hemvist.transfers.proposal_models import TransferBan, TransferEntry

_ASKING = "transfers.asked beside the plan"


@dataclass(frozen=True, slots=True)
class Wish:
    """A proposal in a certain kommun that a coordinator asks for beside the plan, by a letter."""

    letter: UUID
    kommun: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A request as the clearing sees it."""

    pseudonym: UUID
    urgency: str
    #: Rounded down to the network's band.
    waiting_weeks: int
    edges: tuple[Edge, ...]
    wishes: tuple[Wish, ...] = ()


def asking(session: TenantSession, request_id: UUID, kommun: str) -> str:
    """What a letter that asks for a proposal in ``kommun`` says: only the own kommun opens it."""
    said = f"{request_id} {kommun}".encode()
    return b64encode(exchange_keys.seal_to(session.tenant_id, said, _ASKING)).decode()


def entries(
    session: TenantSession,
    network_id: UUID,
    round_id: UUID,
    rules: Rules,
    flats: Sequence[Flat],
    *,
    only_acute: bool,
    asked: Mapping[UUID, str] | None = None,
) -> list[Entry]:
    """The kommun's part in a round: of those that take part already, and of new ones.

    ``only_acute`` says that no others come in anew, since an ordinary request waits for its round;
    but for those that the letters in ``asked`` are for. Asked again, the same request has the same
    pseudonym.
    """
    day = today()
    wishes = _wishes(session, asked or {})
    known = dict(
        session.execute(
            select(TransferEntry.request_id, TransferEntry.pseudonym).where(
                TransferEntry.round_id == round_id
            )
        )
        .tuples()
        .all()
    )
    new = TransferRequest.state == "open"
    if only_acute:
        new &= (TransferRequest.urgency == "acute") | TransferRequest.id.in_(wishes)
    requests = session.scalars(
        select(TransferRequest)
        .where(
            TransferRequest.network_id == network_id,
            or_(
                new,
                TransferRequest.id.in_(known)
                & TransferRequest.state.in_(("open", "proposed", "agreed")),
            ),
        )
        .order_by(TransferRequest.id)
    ).all()
    banned = _banned(session, [request.id for request in requests])
    band = rules.terms_on(day).waiting_band_weeks
    found: list[Entry] = []
    for request in requests:
        assert request.opened_on is not None
        weeks = max(0, (day - request.opened_on).days // 7)
        needs = Needs.open(session.tenant_id, request.needs_sealed)
        could = [
            edge for edge in edges(needs, flats, rules, day) if edge.token not in banned[request.id]
        ]
        pseudonym = known.get(request.id) or _enter(session, network_id, round_id, request.id)
        wished = wishes[request.id] if request.state in ("open", "proposed") else []
        found.append(
            Entry(pseudonym, request.urgency, weeks // band * band, tuple(could), tuple(wished))
        )
    return found


def _wishes(session: TenantSession, asked: Mapping[UUID, str]) -> dict[UUID, list[Wish]]:
    """What the letters ask for, by request."""
    found: dict[UUID, list[Wish]] = defaultdict(list)
    for letter, sealed in asked.items():
        try:
            said = exchange_keys.open_own(session.tenant_id, b64decode(sealed), _ASKING).decode()
        except (SealBroken, ValueError):
            # Nobody here has written it.
            continue
        request_id, kommun = said.split()
        found[UUID(request_id)].append(Wish(letter, kommun))
    return found


def _banned(session: TenantSession, requests: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    banned: dict[UUID, set[UUID]] = defaultdict(set)
    rows = session.execute(
        select(TransferBan.request_id, TransferBan.token).where(
            TransferBan.request_id.in_(requests)
        )
    )
    for request_id, token in rows:
        banned[request_id].add(token)
    return banned


def _enter(session: TenantSession, network_id: UUID, round_id: UUID, request_id: UUID) -> UUID:
    """Its pseudonym; two who enter it at once give it one."""
    session.execute(
        insert(TransferEntry)
        .values(
            tenant_id=session.tenant_id,
            id=new_id(),
            network_id=network_id,
            round_id=round_id,
            request_id=request_id,
            pseudonym=uuid4(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "round_id", "request_id"])
    )
    return session.execute(
        select(TransferEntry.pseudonym).where(
            TransferEntry.round_id == round_id, TransferEntry.request_id == request_id
        )
    ).scalar_one()
