"""The events that landlords are told of, and what each is about."""

from __future__ import annotations

from collections.abc import Mapping

#: In the outbox: a landlord event was written. Workers make mails and webhooks of it.
EVENT_RECORDED = "landlord_event_recorded"

#: Type, as landlords' own systems get it, and the kind of row whose id is the subject's.
TYPES: Mapping[str, str] = {
    # The kommun took a vacancy (ledig bostad) in as one of its units; the subject is the unit.
    "unit.taken_in": "unit",
    "vacancy.declined": "vacancy",
    "offer.made": "offer",
    # Households are presented under letters, and the landlord may choose one of them.
    "households.presented": "presentation",
    "offer.withdrawn": "offer",
    # A time for the viewing (visning), for signing: proposed, agreed or moved.
    "viewing.set": "offer",
    "signing.set": "offer",
    "contract.signed": "contract",
    # The kommun asks whether the tenant may take the lease over (överlåtelse).
    "takeover.asked": "takeover",
    "takeover.decided": "takeover",
    # What the landlord reported of disturbance, arrears or other: it is in, answered, late.
    "report.received": "report",
    "report.feedback": "report",
    "report.late": "report",
    # The kommun sent a paper (handling) to be read and fetched.
    "paper.sent": "paper",
    "quota.changed": "agreement",
    "agreement.changed": "agreement",
    # The kommun closed its door; nothing else of it is to be seen any more.
    "access.closed": "access",
}
