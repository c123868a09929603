"""The pack that a case is judged by."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import object_session

from hemvist.cases.models import Case
from hemvist.errors import ValidationFailed
from hemvist.pack_versions import library, packs_of
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.policy import Pack, Programme
from hemvist.tenancy import TenantSession


def pack_of(case: Case) -> Pack:
    """The pinned version of the case's pack: an installed one, or one that the kommun has made.

    A case outside its session can only have an installed one. Raises ``PolicyError``.
    """
    session = object_session(case)
    if isinstance(session, TenantSession):
        return packs_of(session).get(case.pack, case.pack_version)
    return library.installed().get(case.pack, case.pack_version)


def programme_of(case: Case) -> Programme | None:
    """The case's programme, or None while none is chosen."""
    return None if case.programme is None else pack_of(case).programme(case.programme)


def choose_pack(session: TenantSession, name: str | None, on: date) -> Pack:
    """The version in force on a day of the named pack, or of the kommun's only one.

    Raises ``ValidationFailed`` when the kommun has not adopted it, or has several and none is named.
    """
    adopted = adopted_packs(session, on)
    if name is None and len(adopted) == 1:
        name = adopted[0]
    if name is None or name not in adopted:
        rule = "choose_pack" if name is None and adopted else "pack_not_adopted"
        raise ValidationFailed.one(
            "pack", rule, "name one of the packs that the kommun works by", adopted=adopted
        )
    return packs_of(session).in_force(name, on)


def departments_with(pack: Pack, role: str) -> list[str]:
    """Codes of the pack's departments that play ``role``: "referring" or "property"."""
    return [code for code, department in pack.departments.items() if role in department.roles]
