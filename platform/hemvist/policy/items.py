"""What a guideline names: an item with its label, its source and what it covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hemvist.policy.labels import Label
from hemvist.policy.leaf import Leaf


@dataclass(frozen=True, slots=True)
class Item:
    """Something a guideline names, with its source."""

    id: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...] = ()
    help: Label | None = None


@dataclass(frozen=True, slots=True)
class Notice(Item):
    """Something a person must be told, at the latest ``before`` an event."""

    before: str = "referral_submitted"


@dataclass(frozen=True, slots=True)
class ContentItem(Item):
    """Something a document must hold; ``when`` makes it required only where the leaf is true."""

    kind: str = "text"
    options: Mapping[str, Label] | None = None
    must_be: bool | None = None
    prefill: str | None = None
    when: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, and why."""

    by: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...] = ()
