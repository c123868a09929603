"""The pack's form (kontraktsform) that a contract was signed by."""

from __future__ import annotations

from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.models import Contract
from hemvist.policy.programmes import Contract as ContractRules


def form_of(case: Case, contract: Contract) -> ContractRules | None:
    """The form by the case's version of the guideline; None when that no longer has it."""
    pack = pack_of(case)
    if case.programme in pack.programmes:
        own = pack.programme(case.programme).contract if case.programme else None
        if own is not None and own.form == contract.form:
            return own
    for programme in pack.programmes.values():
        if programme.contract is not None and programme.contract.form == contract.form:
            return programme.contract
    return None
