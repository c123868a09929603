"""What a landlord (hyresvärd) learns of a household, as a programme says it."""

from __future__ import annotations

from dataclasses import dataclass

#: Steps from which a landlord may learn the tenant's name, the earliest first.
NAME_STEPS = ("offer_accepted", "contract_signed", "takeover_asked", "lease_signed", "never")
#: Where a programme says nothing: when the landlord is the tenant's own landlord.
DEFAULT_STEP = "lease_signed"


@dataclass(frozen=True, slots=True)
class LandlordTold:
    """From which step the landlord may learn the name, and what a takeover request may show.

    From ``name_from`` on the name is told with the household's recorded consent (OSL 10:1, 12:2); at
    ``lease_signed``, where tenant and landlord are each other's parties in a first-hand lease, by that
    lease. ``consent_term`` is the contract's term that holds the consent, ``evidence`` the facts that
    may be shown with a request to take the lease over.
    """

    cite: tuple[str, ...]
    covers: tuple[str, ...]
    name_from: str
    consent_term: str | None = None
    evidence: tuple[str, ...] = ()
