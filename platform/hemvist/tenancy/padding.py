"""Fields whose length would tell what is sealed in them: they are filled up to whole steps.

A sealed value is as long as what is in it. How long the names of a mother and her two children are, one
by one, leads from a dump to one household among hundreds; of a question that is answered by yes or no,
the length is the answer; of to whom something was told, it is the kommun.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Bytes of a step, by field. Nearly all that is ever said takes one.
STEPS: Mapping[str, int] = {
    **dict.fromkeys(
        (
            "persons.given_name",
            "persons.family_name",
            "landlord_disclosures.sealed_name",
            "plan_signatures.name",
            "rent_accounts.tenant_name",
            "rent_accounts.street_address",
            "answers.value",
            "home_exclusions.value",
        ),
        64,
    ),
    **dict.fromkeys(
        (
            "kommun_requests.function_address",
            "kommun_request_steps.recipient",
            "secrecy_consents.recipient",
            "secrecy_disclosures.recipient",
        ),
        256,
    ),
    **dict.fromkeys(("handover_items.note", "transfer_overrides.reason"), 2048),
}
#: No text and no JSON ends with it.
_FILL = b"\0"


def padded(field: str, clear: bytes) -> bytes:
    """``clear`` as it is sealed for ``field``. Where nothing is said, that shows (``keys.OVERHEAD``)."""
    step = STEPS.get(field)
    return clear if step is None else clear.ljust(-(-len(clear) // step) * step, _FILL)


def stripped(field: str, clear: bytes) -> bytes:
    """What ``padded`` was given. What was sealed before it was padded is as it was."""
    return clear.rstrip(_FILL) if field in STEPS else clear
