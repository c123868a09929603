"""Files that somebody sends in: which are kept, how large, and under what name."""

from __future__ import annotations

import re

from hemvist.documents.images import without_metadata
from hemvist.errors import Problem, ValidationFailed, too_long

MAX_BYTES = 8 * 1024 * 1024
MAX_NAME = 120
MAX_CAPTION = 300
TYPES = ("image/jpeg", "image/png", "application/pdf")
#: What a file begins with, whatever its name says.
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_UNSAFE = re.compile(r"[^\w. ()-]+", re.UNICODE)


def sniffed(content: bytes) -> str | None:
    """The media type by the content itself, or None when it is none that is kept."""
    return next((kind for start, kind in _SIGNATURES if content.startswith(start)), None)


def checked(content: bytes, caption: str = "") -> tuple[str, bytes]:
    """Media type and bytes as they are kept, without what a camera wrote into them.

    Raises ``ValidationFailed`` on ``content`` and ``caption`` with every problem.
    """
    kind = sniffed(content)
    problems: list[Problem] = []
    if not content:
        problems.append(Problem("content", "required", "choose a file"))
    elif kind is None:
        problems.append(Problem("content", "media_type", "only JPEG, PNG or PDF"))
    if len(content) > MAX_BYTES:
        problems.append(
            Problem("content", "too_large", f"at most {MAX_BYTES} bytes", {"limit": MAX_BYTES})
        )
    problems += too_long("caption", caption, MAX_CAPTION)
    if problems or kind is None:
        raise ValidationFailed(problems)
    return kind, without_metadata(content, kind)


def safe_name(name: str, otherwise: str) -> str:
    """A file name without folders and without characters that a header or a disk minds."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _UNSAFE.sub("_", last).strip(". ")[:MAX_NAME] or otherwise
