"""From kommuner's files to the letterheads of their letters."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist.documents import Letterhead, LetterText
from hemvist_tenants import TenantConfig


def letterheads(tenants: Mapping[str, TenantConfig]) -> dict[str, Letterhead]:
    """Each kommun's letterhead by its slug."""
    return {
        slug: Letterhead(
            name=one.letters.name,
            primary=one.colours.primary,
            on_primary=one.colours.on_primary,
            accent=one.colours.accent,
            contact=one.letters.contact,
            texts=tuple(LetterText(text.kind, text.text, text.cite) for text in one.letters.texts),
        )
        for slug, one in tenants.items()
    }
