"""Where the packs for tests of the language lie."""

from __future__ import annotations

from pathlib import Path

PACKS = Path(__file__).parents[1] / "platform" / "policy" / "packs"
#: Every section that stands outside the path of a case.
TRAINING = PACKS / "training"
