"""The portal's own files: few and small, read once, named with what they hold."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_tenants import TenantConfig

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/portal"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".md": "text/plain; charset=utf-8",
}
#: A year: the address changes with the content.
_LONG = "public, max-age=31536000, immutable"


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    return {
        str(path.relative_to(FOLDER)): (path.read_bytes(), _TYPES[path.suffix])
        for path in FOLDER.rglob("*")
        if path.suffix in _TYPES
    }


@cache
def static_url(name: str) -> str:
    """The address of the file ``name``, which changes when the file does."""
    content, _ = _files()[name]
    return f"{PREFIX}/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def static_file(name: str) -> Response:
    """The file ``name``. Raises ``Missing``."""
    found = _files().get(name)
    if found is None:
        raise Missing
    content, media_type = found
    return Response(content, media_type=media_type, headers={"Cache-Control": _LONG})


def theme(kommun: TenantConfig) -> Response:
    """The kommun's colours as a stylesheet: the content policy allows no style in a page."""
    colours = kommun.colours
    css = (
        f":root{{--kommun:{colours.primary};--kommun-text:{colours.on_primary};"
        f"--kommun-accent:{colours.accent};}}"
    )
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(css, media_type="text/css", headers=headers)
