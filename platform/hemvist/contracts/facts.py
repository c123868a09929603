"""Facts that the contracts answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from hemvist.cases.derived import derives
from hemvist.contracts.models import FIRST_HAND, Contract
from hemvist.tenancy.statements import Ask, of_tenant


class _Signed(NamedTuple):
    """A signed contract."""

    signed_on: date
    starts_on: date
    told_of_link_on: date | None
    form: str
    kind: str
    ended_on: date | None


_SIGNED = Ask(
    select(
        Contract.signed_on,
        Contract.starts_on,
        Contract.told_of_link_on,
        Contract.form,
        Contract.kind,
        Contract.ended_on,
    ).where(Contract.tenant_id == of_tenant(), Contract.case_id == bindparam("case"))
)


@derives(_SIGNED)
def contract_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """Whether the case's contract is signed, and the home that the household lives in by it.

    Without one in this record the household may still live by one from elsewhere: then its form and
    months are unknown. Whether the tenant was told in writing that the home is tied to the assistance
    (RH 2018:28) is unknown until there is a contract to be told of.
    """
    known = [_Signed(*row) for row in rows]
    contracts = [one for one in known if one.ended_on is None or one.ended_on > on]
    by_now = (one for one in contracts if one.signed_on <= on)
    signed = max(by_now, key=lambda one: (one.signed_on, one.starts_on), default=None)
    if signed is None:
        return {"contract_signed": False}
    told = signed.told_of_link_on
    facts: dict[str, Any] = {
        "contract_signed": True,
        "contract_signed_on": signed.signed_on,
        "link_proof_signed": told is not None and told <= on,
    }
    return facts | _home(contracts, on)


def _home(rows: Iterable[_Signed], on: date) -> dict[str, Any]:
    """The contract that has begun, and for how many whole months."""
    begun = (one for one in rows if one.starts_on <= on)
    contract = max(begun, key=lambda one: one.starts_on, default=None)
    if contract is None:
        return {}
    started = contract.starts_on
    months = (on.year - started.year) * 12 + on.month - started.month - (on.day < started.day)
    facts: dict[str, Any] = {
        "current_contract_form": contract.form,
        "months_in_home": months,
        "moved_in_on": started,
    }
    if contract.kind in FIRST_HAND:
        facts["first_hand_since"] = started
    return facts
