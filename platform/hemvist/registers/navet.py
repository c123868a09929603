"""Posts with the term codes of Navet, the Tax Agency's notices from the population register.

A post lies between ``#POST_START`` and ``#POST_SLUT``; each line ``#UP code value`` is one term. Read
are the number (01001), the secrecy mark (01003) and protected registration (01020), and the day on
which the file was made (``#SKAPAD``); names and addresses are passed over, so that no address that a
register sends by mistake is ever kept.

Source: Skatteverket, Navet, technical description, terms and file structure with term codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from hemvist.registers.answers import Answer

NUMBER, SECRECY_MARK, PROTECTED_REGISTRATION = "01001", "01003", "01020"
_NUMBER = re.compile(r"[0-9]{12}")
_YES, _NO = "J", "N"


def posts(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """The whole posts of a file, each as its terms. One that is cut off is none."""
    post: dict[str, str] | None = None
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "#POST_START":
            post = {}
        elif word == "#POST_SLUT":
            if post is not None:
                yield post
            post = None
        elif word == "#UP" and post is not None:
            code, _, value = rest.strip().partition(" ")
            # A term said twice in two ways says nothing that can be relied on.
            post[code] = "?" if post.get(code, value.strip()) != value.strip() else value.strip()


def made_on(lines: Iterable[str]) -> date | None:
    """The day on which the file was made, as its heading says."""
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "#SKAPAD":
            try:
                return datetime.strptime(rest.split()[0], "%Y%m%d").date()
            except (IndexError, ValueError):
                return None
    return None


def level_of(post: Mapping[str, str], *, left_out_means_no: bool) -> str | None:
    """The level that a post tells, or None where it tells none for certain.

    A register may leave out the marks that a person does not have; then, and only where the kommun
    has said that its own does, a term that is missing means no.
    """
    missing = _NO if left_out_means_no else ""
    mark = post.get(SECRECY_MARK, missing)
    registration = post.get(PROTECTED_REGISTRATION, missing)
    if registration == _YES:
        return "protected_registration"
    if mark == _YES:
        return "secrecy_mark"
    return "none" if (mark, registration) == (_NO, _NO) else None


def answers(lines: Iterable[str], on: date, *, left_out_means_no: bool) -> dict[str, Answer]:
    """What the posts of a file tell, by number. Of a number with two different posts, nothing."""
    found: dict[str, str | None] = {}
    for post in posts(lines):
        number = post.get(NUMBER, "")
        if not _NUMBER.fullmatch(number):
            continue
        level = level_of(post, left_out_means_no=left_out_means_no)
        found[number] = level if found.get(number, level) == level else None
    return {number: Answer(level, on) for number, level in found.items() if level is not None}


def written(levels: Mapping[str, str], on: date) -> str:
    """A file of posts for the levels of numbers: only what a register answers about protection."""
    lines = [f"#SKAPAD {on:%Y%m%d}", "#DATA_START"]
    for number, level in sorted(levels.items()):
        marks = {
            NUMBER: number,
            SECRECY_MARK: _YES if level == "secrecy_mark" else _NO,
            PROTECTED_REGISTRATION: _YES if level == "protected_registration" else _NO,
        }
        lines += ["#POST_START", *(f"#UP {code} {said}" for code, said in marks.items())]
        lines.append("#POST_SLUT")
    return "\n".join([*lines, "#DATA_SLUT", ""])
