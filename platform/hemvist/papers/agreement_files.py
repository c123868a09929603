"""Documents of agreements that a landlord may open: searched as every paper that leaves for one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hemvist.agreements import files
from hemvist.agreements.file_models import AgreementFile
from hemvist.agreements.models import Agreement
from hemvist.cases.checks import raise_if
from hemvist.identity import Actor
from hemvist.papers.searching import problems_of
from hemvist.tenancy import TenantSession


def add_agreement_file(
    session: TenantSession,
    actor: Actor,
    *,
    agreement_id: UUID,
    name: str,
    content: bytes,
    caption: str = "",
    shared: bool = False,
) -> AgreementFile:
    """As ``hemvist.agreements.files.add_agreement_file``; what is shared holds nothing protected.

    Raises also ``ValidationFailed`` on the field in which it stands.
    """
    row = files.add_agreement_file(
        session,
        actor,
        agreement_id=agreement_id,
        name=name,
        content=content,
        caption=caption,
        shared=shared,
    )
    if shared:
        found = problems_of(
            session,
            landlord_id=session.find(Agreement, agreement_id).landlord_id,
            unit_id=None,
            title=caption,
            name=name,
            media_type=row.media_type,
            content=content,
        )
        raise_if([replace(one, field="caption") if one.field == "title" else one for one in found])
    return row
