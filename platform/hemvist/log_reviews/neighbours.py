"""Where the staff live, as far as a reviewer needs it (grannar): keyed digests, nobody's address.

A digest says whether two addresses are the same house and nothing else. It is compared with the homes
that the kommun has let to those who were looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.contracts.models import Contract
from hemvist.errors import NotFound, Problem, too_long
from hemvist.households.models import HouseholdMember
from hemvist.identity import Action, Actor, allows
from hemvist.log_reviews.models import LogLook, StaffAddress
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import TenantKeys, tenant_keys
from hemvist.units.models import Unit

MAX_STREET = 200
_FIELD = "staff_addresses.digest"
#: A street and its number. A letter of the stairs behind the number, and what follows, are the same house.
_HOUSE = re.compile(r"^(.*?\D)\s*(\d+)")
_SPACES = re.compile(r"\s+")


def state_address(
    session: TenantSession,
    actor: Actor,
    *,
    look_id: UUID,
    street_address: str,
    postal_code: str,
) -> LogLook:
    """State where the one lives who looked, so that looks at neighbours weigh more from then on.

    Only a digest is kept; it takes the place of an earlier one. Raises ``NotFound``,
    ``ValidationFailed``.
    """
    look = session.find(LogLook, look_id)
    if not allows(actor, Action.LOG_REVIEW) or look.principal_id == actor.principal_id:
        raise NotFound("LogLook")
    problems = required_text("streetAddress", street_address) or too_long(
        "streetAddress", street_address, MAX_STREET
    )
    postal = postal_code.replace(" ", "")
    if not (len(postal) == 5 and postal.isascii() and postal.isdigit()):
        problems.append(Problem("postalCode", "postal_code", "five digits"))
    raise_if(problems)
    digest = digest_of(tenant_keys(session.tenant_id), street_address, postal)
    row = session.scalar(select(StaffAddress).where(StaffAddress.principal_id == look.principal_id))
    if row is None:
        session.save(StaffAddress(principal_id=look.principal_id, digest=digest, stated_at=now()))
    else:
        row.digest, row.stated_at = digest, now()
    session.flush()
    audit.record(
        session,
        actor,
        Action.LOG_REVIEW,
        subject_type="log_look",
        subject_id=look.id,
        details={"stated": "address"},
    )
    return look


def digest_of(keys: TenantKeys, street_address: str, postal_code: str) -> bytes:
    """What says whether two addresses are the same house: 32 bytes."""
    street = _SPACES.sub(" ", street_address.casefold().strip())
    house = _HOUSE.match(street)
    place = f"{house[1].strip()} {house[2]}" if house else street
    return keys.blind_index(_FIELD, f"{place}|{postal_code.replace(' ', '')}")


def of_staff(session: TenantSession) -> dict[UUID, bytes]:
    """The digests that have been stated, by principal."""
    rows = session.execute(select(StaffAddress.principal_id, StaffAddress.digest)).tuples()
    return dict(rows.all())


def homes_of(
    session: TenantSession, cases: Collection[UUID], persons: Collection[UUID]
) -> Mapping[UUID, frozenset[bytes]]:
    """Digests of the homes that are let in these cases and to these people, by the case's and the
    person's id."""
    keys = tenant_keys(session.tenant_id)
    found: dict[UUID, set[bytes]] = {}
    let = (
        select(Contract.case_id, Unit.street_address, Unit.postal_code)
        .join(Unit, (Unit.tenant_id == Contract.tenant_id) & (Unit.id == Contract.unit_id))
        .where(Contract.state == "signed")
    )
    for case_id, street, postal in session.execute(let.where(Contract.case_id.in_(sorted(cases)))):
        found.setdefault(case_id, set()).add(digest_of(keys, street, postal))
    of_people = (
        let.add_columns(HouseholdMember.person_id)
        .join(Case, (Case.tenant_id == Contract.tenant_id) & (Case.id == Contract.case_id))
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Case.tenant_id)
            & (HouseholdMember.household_id == Case.household_id),
        )
        .where(HouseholdMember.person_id.in_(sorted(persons)))
    )
    for _, street, postal, person_id in session.execute(of_people):
        found.setdefault(person_id, set()).add(digest_of(keys, street, postal))
    return {one: frozenset(digests) for one, digests in found.items()}
