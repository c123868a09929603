"""Texts that people read, in the languages of the portal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """One text in Swedish and in English."""

    sv: str
    en: str

    def text(self, lang: str) -> str:
        """The text in ``lang``; Swedish for any language but ``en``."""
        return self.en if lang == "en" else self.sv

    def as_json(self) -> dict[str, str]:
        """``{"sv": …, "en": …}``."""
        return {"sv": self.sv, "en": self.en}
