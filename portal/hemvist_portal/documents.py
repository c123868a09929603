"""The portal's GraphQL documents: one file each, with the fragments that they spread."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from hemvist_graphql.documents import register

FOLDER = Path(__file__).parent / "documents"
_SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")


@cache
def document(name: str) -> str:
    """The document ``name`` ("case", "commands/open_case") with every fragment that it needs."""
    text = (FOLDER / f"{name}.graphql").read_text("utf-8")
    used: dict[str, str] = {}
    _collect(text, used)
    return "\n".join([text, *used.values()])


def names() -> list[str]:
    """Every document there is."""
    return sorted(
        str(path.relative_to(FOLDER).with_suffix(""))
        for path in FOLDER.rglob("*.graphql")
        if path.parent.name != "fragments"
    )


def register_documents() -> None:
    """Have every document parsed, validated and kept by the API for good. Raises ``ValueError``."""
    for name in names():
        registered = register(document(name))
        if registered.failed is not None or registered.errors:
            raise ValueError(f"the portal's document {name} is not valid")


def _collect(text: str, used: dict[str, str]) -> None:
    for name in _SPREAD.findall(text):
        if name not in used:
            used[name] = (FOLDER / "fragments" / f"{name}.graphql").read_text("utf-8")
            _collect(used[name], used)
