"""The portal's GraphQL documents: one file each, with the fragments that they spread."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from hemvist_graphql.documents import register
from hemvist_graphql.landlord.execution import LIBRARY

FOLDER = Path(__file__).parent / "documents"
#: Those of the landlords' pages, for the landlords' own schema.
LANDLORDS = Path(__file__).parent / "landlord" / "documents"
_SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")


@cache
def document(name: str, folder: Path = FOLDER) -> str:
    """The document ``name`` ("case", "commands/open_case") with every fragment that it needs."""
    text = (folder / f"{name}.graphql").read_text("utf-8")
    used: dict[str, str] = {}
    _collect(text, used, folder)
    return "\n".join([text, *used.values()])


def names(folder: Path = FOLDER) -> list[str]:
    """Every document there is."""
    return sorted(
        str(path.relative_to(folder).with_suffix(""))
        for path in folder.rglob("*.graphql")
        if path.parent.name != "fragments"
    )


def register_documents() -> None:
    """Have every document parsed, validated and kept by the API for good. Raises ``ValueError``."""
    for name in names():
        registered = register(document(name))
        if registered.failed is not None or registered.errors:
            raise ValueError(f"the portal's document {name} is not valid")
    for name in names(LANDLORDS):
        registered = LIBRARY.register(document(name, LANDLORDS))
        if registered.failed is not None or registered.errors:
            raise ValueError(f"the landlords' document {name} is not valid")


def _collect(text: str, used: dict[str, str], folder: Path) -> None:
    for name in _SPREAD.findall(text):
        if name not in used:
            used[name] = (folder / "fragments" / f"{name}.graphql").read_text("utf-8")
            _collect(used[name], used, folder)
