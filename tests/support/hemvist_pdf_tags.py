"""Whether a tagged PDF's structure is whole: kinds, nesting, reading order, nothing left outside of it.

Clauses are of ISO 14289-1 (PDF/UA-1) and ISO 32000-1 where nothing else is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, ByteStringObject, ContentStream, TextStringObject

#: Standard types of structure (32000-1, 14.8.4).
STANDARD = frozenset(
    f"/{kind}"
    for kind in (
        *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI"),
        *("Index", "NonStruct", "Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6"),
        *("L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"),
        *("Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure"),
        *("Formula", "Form"),
    )
)
#: What stands in what.
PARENTS = {
    "/TR": ("/Table", "/THead", "/TBody", "/TFoot"),
    "/TH": ("/TR",),
    "/TD": ("/TR",),
    "/THead": ("/Table",),
    "/TBody": ("/Table",),
    "/TFoot": ("/Table",),
    "/LI": ("/L",),
    "/Lbl": ("/LI",),
    "/LBody": ("/LI",),
}
#: These say something; without content they are read aloud as nothing.
SAYS = frozenset(("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/TH", "/LI"))


def tag_faults(reader: pypdf.PdfReader) -> Iterator[str]:
    """What is wrong with the structure of the document, its content and its colours."""
    root: Any = reader.trailer["/Root"]
    yield from _of_profile(root)
    tree = root.get("/StructTreeRoot")
    if tree is None:
        return
    roles = tree.get("/RoleMap", {})
    marks: dict[int, list[int]] = defaultdict(list)
    heads: set[str] = set()
    asked: set[str] = set()
    for element, parent in _with_parents(tree, ""):
        kind = str(element.get("/S"))
        meant = str(roles.get(kind, kind))
        if meant not in STANDARD:
            yield f"{kind} is no standard type and stands for none (7.1)"
        wanted = PARENTS.get(kind)
        if wanted is not None and parent not in wanted:
            yield f"{kind} stands in {parent or 'nothing'} (32000-1, 14.8.4.3)"
        if kind in SAYS and not _kids(element):
            yield f"an empty {kind}"
        for page, mark in _marks(element, reader):
            marks[page].append(mark)
        if kind == "/TH" and "/ID" in element:
            heads.add(str(element["/ID"]))
        asked |= _headers(element)
    if asked - heads:
        yield "a cell points at a heading that is not there (7.5)"
    for number, page in enumerate(reader.pages):
        operations = ContentStream(page["/Contents"].get_object(), reader).operations
        shown = _shown(operations)
        told = marks.get(number, [])
        if len(told) != len(set(told)):
            yield f"page {number + 1}: content stands in the structure twice"
        if set(shown) - set(told):
            yield f"page {number + 1}: content that the structure does not have (7.1)"
        elif set(told) - set(shown):
            yield f"page {number + 1}: the structure has content that is not there"
        elif told != shown:
            yield f"page {number + 1}: read aloud in another order than it is set (7.2)"
        if _has_undefined(operations):
            yield f"page {number + 1}: a character that the font does not have (7.21.8)"


def _of_profile(root: Any) -> Iterator[str]:
    intents = root.get("/OutputIntents") or [{}]
    profile = intents[0].get_object().get("/DestOutputProfile") if intents[0] else None
    if profile is None:
        return
    stream = profile.get_object()
    data = stream.get_data()
    if data[36:40] != b"acsp":
        yield "the output intent's profile is no ICC profile (19005-2, 6.2.4.2)"
    elif {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}.get(data[16:20]) != stream.get("/N"):
        yield "the output intent's profile has other colours than it says"


def _with_parents(node: Any, parent: str) -> Iterator[tuple[Any, str]]:
    for kid in _kids(node):
        if not isinstance(kid, int) and "/S" in kid:
            yield kid, parent
            yield from _with_parents(kid, str(kid["/S"]))


def _kids(node: Any) -> list[Any]:
    found = node.get("/K")
    if found is None:
        return []
    kids = found if isinstance(found, ArrayObject) else [found]
    return [int(kid) if isinstance(kid, int) else kid.get_object() for kid in kids]


def _marks(element: Any, reader: pypdf.PdfReader) -> Iterator[tuple[int, int]]:
    """Page and number of an element's own content; what goes on to another page names it."""
    for kid in _kids(element):
        if isinstance(kid, int):
            yield _page_of(element, reader), kid
        elif "/MCID" in kid:
            yield _page_of(kid if "/Pg" in kid else element, reader), int(kid["/MCID"])


def _page_of(element: Any, reader: pypdf.PdfReader) -> int:
    at = element
    while "/Pg" not in at and "/P" in at:
        at = at["/P"].get_object()
    page = at["/Pg"].get_object()
    return next(number for number, one in enumerate(reader.pages) if one.get_object() == page)


def _headers(element: Any) -> set[str]:
    attributes = element.get("/A")
    if attributes is None:
        return set()
    rows = attributes if isinstance(attributes, ArrayObject) else [attributes]
    return {str(one) for row in rows for one in row.get_object().get("/Headers", ())}


def _shown(operations: list[tuple[Any, bytes]]) -> list[int]:
    """The numbers of what is marked as content, in the order in which it is set."""
    found: list[int] = []
    for operands, operator in operations:
        if operator == b"BDC" and isinstance(operands[1], dict) and "/MCID" in operands[1]:
            found.append(int(operands[1]["/MCID"]))
    return found


def _has_undefined(operations: list[tuple[Any, bytes]]) -> bool:
    """Whether glyph 0 (.notdef) is shown; letters are set with two bytes for each character."""
    for operands, operator in operations:
        if operator not in (b"Tj", b"TJ"):
            continue
        parts = operands[0] if operator == b"TJ" else [operands[0]]
        for part in parts:
            if isinstance(part, ByteStringObject | TextStringObject):
                raw = part.original_bytes
                if any(raw[at : at + 2] == b"\0\0" for at in range(0, len(raw), 2)):
                    return True
    return False
