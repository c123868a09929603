"""The register that a kommun looks people up in, as its file has it."""

from __future__ import annotations

import re

from hemvist_tenants.config import RegisterEntry
from hemvist_tenants.reading import Table

KINDS = ("file", "service")
_TOKEN = re.compile(r"env:[A-Z][A-Z0-9_]*|file:/.+")
_LOCAL = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


def read_register(table: Table) -> RegisterEntry:
    """The register of a kommun's file; what does not hold is noted in the table's faults."""
    kind = table.choice("kind", KINDS)
    place = table.text("place")
    token = table.text("token_from", "")
    if kind == "file" and not place.startswith("/"):
        table.fault("place", "must be the whole path of a file")
    if kind == "service":
        if not place.startswith(("https://", *_LOCAL)):
            table.fault("place", "must be https, or this machine itself")
        if not _TOKEN.fullmatch(token):
            table.fault("token_from", "must be env:NAME or file:/path")
    entry = RegisterEntry(
        kind=kind,
        place=place,
        name=table.text("name", "Folkbokföringen"),
        token_from=token,
        left_out_means_no=table.flag("left_out_means_no", False),
    )
    table.finish()
    return entry
