"""Whether somebody of the staff and somebody who was looked at may be related, or the same, by their names.

The login says a whole name, in one order or the other, with or without a comma; landlords' files do as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

#: What stands between the words of a name, and marks around them: ``Lindqvist, Aida (SOF)``.
_BETWEEN = re.compile(r"[\s,;./()\[\]\"-]+")
#: What many names begin with and nobody is related by.
_PARTICLES = frozenset(
    {
        *("af", "al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el"),
        *("ibn", "la", "le", "van", "von", "zu", "zur"),
    }
)


def words(name: str) -> frozenset[str]:
    """The words of a name by which people are compared, however they are written."""
    found = _BETWEEN.split(_folded(name))
    return frozenset(word for word in found if word and word not in _PARTICLES)


def family_of(name: str) -> str:
    """The family name within a whole name as a landlord writes it: before the comma, or the last word."""
    before, comma, _ = name.partition(",")
    return before if comma else (name.split() or [""])[-1]


class Staff:
    """The names of the staff, by principal."""

    def __init__(self, names: Mapping[UUID, str]) -> None:
        # Without a comma nobody can say which of the words is the family name.
        self._family = {
            who: words(name.partition(",")[0] if "," in name else name)
            for who, name in names.items()
        }
        self._by_word: dict[str, set[UUID]] = defaultdict(set)
        for who, name in names.items():
            for word in words(name):
                self._by_word[word].add(who)

    def shares(self, who: UUID, family: str) -> bool:
        """Whether ``who`` has the family name, or one of a double name's."""
        return bool(self._family.get(who, frozenset()) & words(family))

    def has_another(self, who: UUID, given: str, family: str) -> bool:
        """Whether another one of the staff has this name. A first given name is enough."""
        first = next((word for word in _BETWEEN.split(_folded(given)) if word), "")
        named = self._by_word.get(first, set())
        return any(
            one != who
            for word in words(family) - {first}
            for one in self._by_word.get(word, set()) & named
        )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
