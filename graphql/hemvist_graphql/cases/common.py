"""What the parts of the case have in common."""

from __future__ import annotations

#: What names the pack of a case.
PINNED = ("pack", "pack_version")
INSIDE = "Empty for those whom the case was only disclosed to."
