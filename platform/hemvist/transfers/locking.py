"""The one order in which a proposal is locked: after the request or the flat that it is of.

Whoever takes a request or a flat back has its row before the proposals that hang on it. Somebody who
began with the proposal would wait for that row, and be waited for.
"""

from __future__ import annotations

from hemvist.tenancy import TenantSession
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal


def lock(
    session: TenantSession, proposal: TransferProposal
) -> tuple[TransferRequest | None, TransferOffer | None]:
    """Lock what the proposal is of, then the proposal; what it is of."""
    request = offer = None
    if proposal.request_id is not None:
        request = session.find(TransferRequest, proposal.request_id)
        session.lock(request)
    if proposal.offer_id is not None:
        offer = session.find(TransferOffer, proposal.offer_id)
        session.lock(offer)
    session.lock(proposal)
    return request, offer
