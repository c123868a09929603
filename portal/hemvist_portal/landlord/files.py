"""Files that landlords read through their views."""

from __future__ import annotations

import hashlib

from sqlalchemy import Table, select
from starlette.responses import Response

from hemvist.landlords.session import landlord_session
from hemvist_graphql.ids import row_id_of
from hemvist_portal.errors import Missing
from hemvist_portal.files import given_out
from hemvist_portal.landlord.visitor import LandlordVisitor


def opened(
    visitor: LandlordVisitor, type_name: str, file_id: str, files: Table, contents: Table
) -> Response:
    """The file of a row of ``files`` within reach, whole. Raises ``Missing``."""
    row_id = row_id_of(type_name, file_id)
    principal_id = visitor.session.actor.principal_id
    if row_id is None or principal_id is None:
        raise Missing
    digest = (files if "sha256" in files.c else contents).c.sha256
    with landlord_session(principal_id) as session:
        found = session.execute(
            select(files.c.name, files.c.media_type, digest, contents.c.content)
            .join(
                contents,
                (contents.c.tenant_id == files.c.tenant_id) & (contents.c.file_id == files.c.id),
            )
            .where(files.c.id == row_id)
        ).one_or_none()
    if found is None or hashlib.sha256(found.content).hexdigest() != found.sha256:
        raise Missing
    return given_out(found.content, found.media_type, found.name)
