"""A pack as people read it: one document, in Swedish or English, for the portal, the web and print.

``page_of`` makes the document; ``markdown``, ``web`` and ``data`` write it down.
"""

from hemvist.policy.pages.blocks import Block, Line, Lines, Page, Paragraph, Part, Table
from hemvist.policy.pages.whole import page_of

__all__ = ["Block", "Line", "Lines", "Page", "Paragraph", "Part", "Table", "page_of"]
