"""Plans that are kept: the least recently used goes first."""

from __future__ import annotations

from hemvist.kept import Kept

__all__ = ["Kept"]
