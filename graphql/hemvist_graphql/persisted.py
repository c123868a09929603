"""Documents of callers' own programs: files in a folder that the operator has chosen to trust.

A caller then sends ``documentId`` instead of ``query``. A document gives nobody a right and holds
nobody's data, so one folder serves every kommun, and who may ask what is decided as ever.
"""

from __future__ import annotations

from pathlib import Path

import structlog

from hemvist.errors import HemvistError
from hemvist_graphql.documents import Document, document_id, read, register
from hemvist_graphql.limits import MAX_COST

SUFFIX = ".graphql"
_log = structlog.get_logger("hemvist.graphql")


def register_folder(folder: Path) -> int:
    """Register every document in ``folder``; says how many.

    One that no longer holds (the schema moves on) is registered too: whoever asks for it is told
    what is wrong with it. Raises ``HemvistError`` when the folder cannot be read.
    """
    if not folder.is_dir():
        raise HemvistError(f"HEMVIST_DOCUMENTS_DIR: there is no folder {folder}")
    paths = sorted(folder.rglob(f"*{SUFFIX}"))
    for path in paths:
        found = register(_text(path))
        wrong = problems(found)
        if wrong:
            _log.warning("document_does_not_hold", file=path.name, problem=wrong[0])
    return len(paths)


def problems(document: Document) -> list[str]:
    """What is wrong with a document, in English; nothing for one that can be asked."""
    if document.failed is not None:
        return [document.failed.message]
    return [error.message for error in document.errors]


def persist(path: Path, into: Path | None = None) -> tuple[str, int]:
    """The id of the document in a file, and the most that it can cost.

    With ``into`` it is put there under a name made of its id. Raises ``HemvistError`` for one that
    would be refused.
    """
    text = _text(path)
    document = read(text)
    wrong = problems(document)
    if wrong:
        raise HemvistError(f"{path}: {'; '.join(wrong)}")
    cost = most(document)
    if cost > MAX_COST:
        raise HemvistError(f"{path}: it costs up to {cost}, and an operation may cost {MAX_COST}")
    id_ = document_id(text)
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)
        # As bytes: its digest is of these bytes and no others.
        (into / f"{id_.partition(':')[2]}{SUFFIX}").write_bytes(text.encode())
    return id_, cost


def most(document: Document) -> int:
    """What its costliest operation can cost: with the longest pages that its variables may ask."""
    return max(prepared.cost.most() for prepared in document.operations())


def _text(path: Path) -> str:
    try:
        # Not read_text, which would make other line ends of some.
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise HemvistError(f"{path} cannot be read: {type(error).__name__}") from None
