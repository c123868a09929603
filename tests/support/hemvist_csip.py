"""Holds a folder against the structure rules of an E-ARK SIP (CSIP and SIP 2.1.0), requirement by
requirement: what is missing, wrong, or in the folder and not listed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

METS = "{http://www.loc.gov/METS/}"
CSIP = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}"
XLINK = "{http://www.w3.org/1999/xlink}"
PREMIS = "{http://www.loc.gov/premis/v3}"
_ORDER = ("metsHdr", "dmdSec", "amdSec", "fileSec", "structMap")


def problems(root: Path) -> list[str]:
    """What does not hold, a line each, beginning with the requirement's number where it has one."""
    mets = root / "METS.xml"
    if not mets.is_file():
        return ["CSIPSTR4: METS.xml is not at the root"]
    try:
        read = ElementTree.parse(mets).getroot()
    except ElementTree.ParseError as wrong:
        return [f"METS.xml: {wrong}"]
    found = [f"CSIPSTR: {path} is missing" for path in _folders() if not (root / path).is_dir()]
    return [*found, *_root(root, read), *_header(read), *_listed(root, read), *_structure(read)]


def _folders() -> Iterator[str]:
    yield from ("metadata", "metadata/preservation", "metadata/descriptive")
    yield from ("representations", "representations/rep1", "representations/rep1/data")


def _root(root: Path, read: ElementTree.Element) -> Iterator[str]:
    if read.tag != f"{METS}mets":
        yield "CSIP: the root element is not mets"
    if read.get("OBJID") != root.name:
        yield "CSIP1: OBJID is not the package's name"
    if not read.get("TYPE"):
        yield "CSIP2: no TYPE"
    if read.get("TYPE") == "OTHER" and not read.get(f"{CSIP}OTHERTYPE"):
        yield "CSIP3: no OTHERTYPE"
    if not read.get(f"{CSIP}CONTENTINFORMATIONTYPE"):
        yield "CSIP4: no CONTENTINFORMATIONTYPE"
    if read.get("PROFILE") != "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml":
        yield "SIP2: PROFILE is not that of a SIP"
    if [one.tag.removeprefix(METS) for one in read] != list(_ORDER):
        yield "METS: the sections are not in order"


def _header(read: ElementTree.Element) -> Iterator[str]:
    header = read.find(f"{METS}metsHdr")
    if header is None:
        yield "CSIP117: no metsHdr"
        return
    yield from _instant("CSIP7", header.get("CREATEDATE"))
    if header.get(f"{CSIP}OAISPACKAGETYPE") != "SIP":
        yield "SIP4: OAISPACKAGETYPE is not SIP"
    agents = header.findall(f"{METS}agent")
    software = [one for one in agents if one.get("OTHERTYPE") == "SOFTWARE"]
    if not software or any(
        (one.get("ROLE"), one.get("TYPE")) != ("CREATOR", "OTHER") for one in software
    ):
        yield "CSIP10: no software agent"
    if not [
        one for one in agents if (one.get("ROLE"), one.get("TYPE")) == ("CREATOR", "ORGANIZATION")
    ]:
        yield "SIP15: no submitting agent"
    for one in agents:
        note = one.find(f"{METS}note")
        if not one.findtext(f"{METS}name"):
            yield "CSIP14: an agent without a name"
        if note is None or not note.text or not note.get(f"{CSIP}NOTETYPE"):
            yield "CSIP15: an agent without a note"


def _listed(root: Path, read: ElementTree.Element) -> Iterator[str]:
    """Every file is listed once, as it is, and nothing is listed that is not there."""
    known: list[str] = ["METS.xml"]
    for tag, kind in (("dmdSec", None), ("digiprovMD", "PREMIS")):
        sections = list(read.iter(f"{METS}{tag}"))
        if not sections:
            yield f"CSIP: no {tag}"
        for section in sections:
            if section.get("STATUS") != "CURRENT" or not section.get("ID"):
                yield f"CSIP: {tag} without ID or STATUS"
            reference = section.find(f"{METS}mdRef")
            if reference is None:
                yield f"CSIP: {tag} without mdRef"
                continue
            if kind is not None and reference.get("MDTYPE") != kind:
                yield f"CSIP: {tag} is not {kind}"
            known.append(reference.get(f"{XLINK}href", ""))
            yield from _file(root, reference, reference)
    for one in read.iter(f"{METS}file"):
        location = one.find(f"{METS}FLocat")
        if location is None:
            yield "CSIP79: a file without FLocat"
            continue
        known.append(location.get(f"{XLINK}href", ""))
        yield from _file(root, one, location)
    there = sorted(str(one.relative_to(root)) for one in root.rglob("*") if one.is_file())
    yield from (f"CSIP: {path} is not listed" for path in there if path not in known)
    yield from (f"CSIP: {path} is listed twice" for path in set(known) if known.count(path) > 1)
    yield from _premis(root, [path for path in known if path.startswith("representations/")])


def _file(root: Path, measured: ElementTree.Element, linked: ElementTree.Element) -> Iterator[str]:
    href = linked.get(f"{XLINK}href", "")
    if (linked.get("LOCTYPE"), linked.get(f"{XLINK}type")) != ("URL", "simple"):
        yield f"CSIP: {href} is not a simple URL"
    path = root / href
    if not href or not path.is_file() or root.resolve() not in path.resolve().parents:
        yield f"CSIP: {href} is not in the package"
        return
    content = path.read_bytes()
    if measured.get("SIZE") != str(len(content)):
        yield f"CSIP: {href} has another size"
    if (measured.get("CHECKSUMTYPE"), measured.get("CHECKSUM")) != (
        "SHA-256",
        hashlib.sha256(content).hexdigest(),
    ):
        yield f"CSIP: {href} has another checksum"
    if "/" not in measured.get("MIMETYPE", ""):
        yield f"CSIP: {href} has no type"
    yield from _instant(f"CSIP: {href}", measured.get("CREATED"))


def _premis(root: Path, data: list[str]) -> Iterator[str]:
    path = root / "metadata/preservation/premis.xml"
    if not path.is_file():
        return
    read = ElementTree.parse(path).getroot()
    said = {
        one.findtext(f".//{PREMIS}objectIdentifierValue"): one.findtext(f".//{PREMIS}messageDigest")
        for one in read.iter(f"{PREMIS}object")
    }
    for file in data:
        if (root / file).is_file() and said.get(file) != hashlib.sha256(
            (root / file).read_bytes()
        ).hexdigest():
            yield f"PREMIS: {file} is not as it is told"
    if read.find(f"{PREMIS}event") is None:
        yield "PREMIS: no event"


def _structure(read: ElementTree.Element) -> Iterator[str]:
    maps = [
        one
        for one in read.iter(f"{METS}structMap")
        if (one.get("TYPE"), one.get("LABEL")) == ("PHYSICAL", "CSIP")
    ]
    if len(maps) != 1:
        yield "CSIP80: no structMap of CSIP"
        return
    labels = {one.get("LABEL") for one in maps[0].iter(f"{METS}div")}
    yield from (
        f"CSIP: no div {name}"
        for name in ("Metadata", "Representations/rep1", read.get("OBJID"))
        if name not in labels
    )
    ids = [one.get("ID") for one in read.iter() if one.get("ID")]
    yield from (f"METS: {one} is used twice" for one in set(ids) if ids.count(one) > 1)
    pointed = [one.get("FILEID") for one in maps[0].iter(f"{METS}fptr")]
    listed = [one.get("ID") for one in read.iter(f"{METS}file")]
    if sorted(map(str, pointed)) != sorted(map(str, listed)):
        yield "CSIP116: the structMap does not point at every file once"
    for div in maps[0].iter(f"{METS}div"):
        for name in ("DMDID", "ADMID"):
            if div.get(name) and div.get(name) not in ids:
                yield f"CSIP: {name} points at nothing"


def _instant(what: str, written: str | None) -> Iterator[str]:
    try:
        if written is None or datetime.fromisoformat(written).tzinfo is None:
            yield f"{what}: no instant"
    except ValueError:
        yield f"{what}: no instant"
