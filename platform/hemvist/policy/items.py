"""What a guideline names: an item with its label, its source and what it covers."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist.policy.labels import Label


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
