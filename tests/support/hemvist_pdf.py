"""What a PDF must have to be taken by an archive and by a reader of the screen.

veraPDF is asked when ``HEMVIST_VERAPDF`` names its program. Otherwise the structure is checked here
by pypdf: what PDF/A-2 (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) ask of a text letter, clause by
clause. ``validator`` says which of the two it was.
"""

from __future__ import annotations

import io
import itertools
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from hemvist_pdf_tags import tag_faults

_FORBIDDEN = ("/JavaScript", "/JS", "/Launch", "/Movie", "/Sound", "/ImportData", "/ResetForm")


def validator() -> str:
    """Which check is made: ``veraPDF`` or ``structure``."""
    return "veraPDF" if os.environ.get("HEMVIST_VERAPDF") else "structure"


def faults(pdf: bytes) -> list[str]:
    """What is wrong with ``pdf`` as PDF/A-2a and as PDF/UA-1; empty when nothing is."""
    found = list(_of_structure(pdf))
    if validator() == "veraPDF":
        found += _of_verapdf(pdf)
    return found


def _of_verapdf(pdf: bytes) -> list[str]:
    program = os.environ["HEMVIST_VERAPDF"]
    wrong = []
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        for flavour in ("2a", "ua1"):
            told = subprocess.run(
                [program, "--format", "text", "--flavour", flavour, file.name],
                capture_output=True,
                text=True,
                check=False,
            )
            if not told.stdout.startswith("PASS"):
                wrong.append(f"veraPDF {flavour}: {told.stdout}{told.stderr}")
    return wrong


def _of_structure(pdf: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(io.BytesIO(pdf), strict=True)
    root: Any = reader.trailer["/Root"]
    if b"%PDF-1.7" not in pdf[:16] and b"%PDF-1.4" not in pdf[:16]:
        yield "version: neither 1.4 nor 1.7"
    if "/Encrypt" in reader.trailer:
        yield "encrypted"
    if "/ID" not in reader.trailer:
        yield "trailer without ID (19005-2, 6.1.3)"
    yield from _of_catalogue(root)
    yield from _of_metadata(root, reader)
    yield from _of_fonts(reader)
    yield from _of_tags(root, reader)
    yield from tag_faults(reader)
    yield from _of_actions(reader)


def _of_catalogue(root: Any) -> Iterator[str]:
    if not re.fullmatch(r"sv(-SE)?", str(root.get("/Lang", ""))):
        yield "language of the document is not Swedish (14289-1, 7.2)"
    if root.get("/MarkInfo", {}).get("/Marked") != True:  # noqa: E712 - pypdf's own boolean
        yield "not marked as tagged (14289-1, 7.1)"
    if root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") != True:  # noqa: E712
        yield "does not show its title (14289-1, 7.1)"
    intents = root.get("/OutputIntents")
    if not intents or intents[0].get_object().get("/S") != "/GTS_PDFA1":
        yield "no output intent (19005-2, 6.2.3)"
    elif "/DestOutputProfile" not in intents[0].get_object():
        yield "output intent without profile"


def _of_metadata(root: Any, reader: pypdf.PdfReader) -> Iterator[str]:
    stream = root.get("/Metadata")
    if stream is None:
        yield "no XMP metadata"
        return
    if "/Filter" in stream.get_object():
        yield "metadata is compressed"
    said = stream.get_object().get_data().decode()
    for name, value in (("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")):
        if not re.search(rf"{name}(?:=\"|>){value}", said):
            yield f"metadata does not say {name} {value}"
    title = reader.metadata.title if reader.metadata else None
    if not title or title not in said:
        yield "title is missing or not the one of the metadata (14289-1, 7.1)"


def _of_fonts(reader: pypdf.PdfReader) -> Iterator[str]:
    seen = 0
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for name, font in resources.get("/Font", {}).items():
            seen += 1
            whole = font.get_object()
            if "/ToUnicode" not in whole:
                yield f"font {name}: characters without Unicode (14289-1, 7.21.7)"
            parts = whole.get("/DescendantFonts")
            inner = parts[0].get_object() if parts else whole
            described = inner.get("/FontDescriptor", DictionaryObject()).get_object()
            if not any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                yield f"font {name}: not embedded (19005-2, 6.2.11.4)"
    if not seen:
        yield "no font at all"


def _of_tags(root: Any, reader: pypdf.PdfReader) -> Iterator[str]:
    tree = root.get("/StructTreeRoot")
    if tree is None:
        yield "no structure (14289-1, 7.1)"
        return
    kinds: list[str] = []
    for element in _elements(tree):
        kind = str(element.get("/S"))
        kinds.append(kind)
        if kind == "/Figure" and not element.get("/Alt"):
            yield "a figure without a text in its place (14289-1, 7.3)"
        if kind == "/TH" and "/Scope" not in str(element.get("/A")):
            yield "a table's heading without scope (14289-1, 7.5)"
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    if not levels or levels[0] != 1:
        yield "the first heading is not of level 1 (14289-1, 7.4.2)"
    if any(after - before > 1 for before, after in itertools.pairwise(levels)):
        yield "a level of headings is skipped (14289-1, 7.4.2)"
    if "/P" not in kinds:
        yield "no paragraph"
    for number, page in enumerate(reader.pages, start=1):
        if "/StructParents" not in page:
            yield f"page {number} is not tied to the structure"
        if page.get("/Tabs", "/S") != "/S":
            yield f"page {number}: tabs do not follow the structure"
        yield from _of_content(number, page.get_contents().get_data())


def _of_content(number: int, content: bytes) -> Iterator[str]:
    """Everything shown is either tagged or said to be an artifact (14289-1, 7.1)."""
    depth = 0
    marks = re.compile(rb"\b(BDC|BMC|EMC|Tj|TJ)\b")
    for found in marks.finditer(content):
        word = found.group(1)
        if word in (b"BDC", b"BMC"):
            depth += 1
        elif word == b"EMC":
            depth -= 1
        elif depth == 0:
            yield f"page {number}: text outside of any mark"
            return
    if depth:
        yield f"page {number}: marks do not end"


def _of_actions(reader: pypdf.PdfReader) -> Iterator[str]:
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values()))):
        try:
            found = reader.get_object(IndirectObject(number, 0, reader))
        except (KeyError, pypdf.errors.PdfReadError):
            continue
        if isinstance(found, StreamObject) and "/F" in found:
            yield f"object {number}: content outside of the file"
        if isinstance(found, DictionaryObject):
            for name in _FORBIDDEN:
                if found.get("/S") == name or name in found:
                    yield f"object {number}: {name} (19005-2, 6.5)"


def _elements(node: Any) -> Iterator[Any]:
    kids = node.get("/K")
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        if kid is None or isinstance(kid, int):
            continue
        whole = kid.get_object()
        if isinstance(whole, DictionaryObject) and "/S" in whole:
            yield whole
            yield from _elements(whole)
