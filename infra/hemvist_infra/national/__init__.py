"""Data of a whole country, for measuring: every kommun, ten years, millions of rows. Never real.

``generate`` is what ``hemvist demo national`` and ``make national-data`` call.
"""

from hemvist_infra.national.generating import Report, Size, generate

__all__ = ["Report", "Size", "generate"]
