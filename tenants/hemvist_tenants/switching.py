"""A kommun's file with another choice of a switch in it: everything else stays as somebody wrote it."""

from __future__ import annotations

import json
import re
from datetime import date

#: A block ``[[switches]]`` up to the next table or the end, with the blank lines before it.
_BLOCK = re.compile(r"\n*^\[\[switches\]\][^\n]*\n(?:(?!^\[).*(?:\n|\Z))*", re.M)


def with_choice(text: str, name: str, on: bool, by: str, since: date, why: str) -> str:
    """``text`` with the choice of ``name`` as its last block; an earlier choice of it is gone."""
    named = re.compile(rf'^name\s*=\s*"{re.escape(name)}"', re.M)
    kept = _BLOCK.sub(lambda block: "\n" if named.search(block[0]) else block[0], text)
    block = (
        f'[[switches]]\nname = "{name}"\non = {str(on).lower()}\nby = {_quoted(by)}\n'
        f"since = {since.isoformat()}\nwhy = {_quoted(why)}\n"
    )
    return f"{kept.rstrip()}\n\n{block}"


def _quoted(words: str) -> str:
    """A basic string of TOML: JSON's escapes are among its own."""
    return json.dumps(words, ensure_ascii=False)
