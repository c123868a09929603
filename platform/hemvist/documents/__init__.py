"""Documents (handlingar): letters set as archivable, accessible PDF, kept so that nothing changes them.

``render`` sets a ``Letter`` of plain blocks; ``keep`` stores the bytes; ``traces_of`` searches texts
for what is protected. Knows nothing of cases: who may make, release or read a document is the
caller's matter.
"""

from hemvist.documents.blocks import Block, Heading, Items, Paragraph, Rows, Sheet, Signatures
from hemvist.documents.letterheads import Letterhead, LetterText, letterhead_of, use_letterheads
from hemvist.documents.models import Document
from hemvist.documents.rendering import Rendered, render
from hemvist.documents.service import keep
from hemvist.documents.traces import Term, Trace, traces_of

__all__ = [
    "Block",
    "Document",
    "Heading",
    "Items",
    "LetterText",
    "Letterhead",
    "Paragraph",
    "Rendered",
    "Rows",
    "Sheet",
    "Signatures",
    "Term",
    "Trace",
    "keep",
    "letterhead_of",
    "render",
    "traces_of",
    "use_letterheads",
]
