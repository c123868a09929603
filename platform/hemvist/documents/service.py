"""Keeping documents."""

from __future__ import annotations

from hemvist.clock import now
from hemvist.documents.models import MAX_SIZE, Document
from hemvist.documents.rendering import MEDIA_TYPE, Rendered
from hemvist.errors import ValidationFailed
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession


def keep(
    session: TenantSession,
    actor: Actor,
    rendered: Rendered,
    *,
    kind: str,
    file_name: str,
    pack: str = "",
    pack_version: str = "",
    field: str = "letter",
) -> Document:
    """Store a rendered document for good; the row. Nothing changes or removes it afterwards.

    ``field`` is named by the ``ValidationFailed`` of a document that is too large. The caller logs
    the act.
    """
    if len(rendered.content) > MAX_SIZE:
        raise ValidationFailed.one(field, "too_large", f"at most {MAX_SIZE} bytes", limit=MAX_SIZE)
    return session.save(
        Document(
            kind=kind,
            file_name=file_name,
            media_type=MEDIA_TYPE,
            content=rendered.content,
            sha256=rendered.sha256,
            template=rendered.template,
            template_version=rendered.template_version,
            pack=pack,
            pack_version=pack_version,
            made_at=now(),
            made_by=actor.principal_id,
        )
    )
