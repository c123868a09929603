"""A submission package for the e-archive: an E-ARK SIP (FGS Paketstruktur 2.0) of one case.

Source: E-ARK CSIP and SIP 2.1.0: a folder with ``METS.xml`` at its root, ``metadata/`` (descriptive,
preservation) and ``representations/rep1/data/``; every file is listed with its size and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from hemvist.retention.exported import Exported, media_type

METS = "http://www.loc.gov/METS/"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
SIP = "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
XLINK = "http://www.w3.org/1999/xlink"
PREMIS = "http://www.loc.gov/premis/v3"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
DATA = "representations/rep1/data"
_PREFIXES = {
    "mets": METS,
    "csip": CSIP,
    "sip": SIP,
    "xlink": XLINK,
    "premis": PREMIS,
    "dc": DC,
    "xsi": XSI,
}


@dataclass(frozen=True, slots=True)
class About:
    """What a package says of itself: the case's number, whose it is, and by which rule it is kept."""

    tenant_id: UUID
    kommun: str
    kommun_code: str
    case_id: UUID
    number: str
    department: str
    opened_on: str
    closed_on: str
    rule: str
    cite: tuple[str, ...]

    @property
    def identifier(self) -> str:
        """The package's name: the same for the same case, so that it is known again."""
        return f"SE-{self.kommun_code}-{self.number}"


def packaged(about: About, content: Exported, at: datetime) -> dict[str, bytes]:
    """The package's files by their path from its root, ``METS.xml`` last."""
    files: dict[str, bytes] = {
        f"{DATA}/case.json": _json(about, content),
        f"{DATA}/case.xml": _xml(_case(about, content)),
    }
    files |= {f"{DATA}/files/{name}": held for name, held in sorted(content.files.items())}
    files["metadata/descriptive/dc.xml"] = _xml(_dublin_core(about))
    files["metadata/preservation/premis.xml"] = _xml(_premis(about, files, at))
    files["METS.xml"] = _xml(_mets(about, files, at))
    return files


def write(folder: Path, about: About, files: Mapping[str, bytes]) -> Path:
    """Put the package below ``folder``; its root. Raises ``FileExistsError`` where one is already."""
    root = folder / about.identifier
    root.mkdir(parents=True)
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return root


def _json(about: About, content: Exported) -> bytes:
    document = {"case": about.number, "kommun": about.kommun_code, "tables": content.rows}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _case(about: About, content: Exported) -> Element:
    root = Element("case", {"number": about.number, "kommun": about.kommun_code})
    for table, rows in content.rows.items():
        group = SubElement(root, "table", {"name": table})
        for row in rows:
            line = SubElement(group, "row")
            for name, value in row.items():
                if value is not None:
                    SubElement(line, "value", {"name": name}).text = _text(value)
    return root


def _text(value: Any) -> str:
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # What XML 1.0 cannot hold at all is left to the JSON file beside it.
    return "".join(one if one in "\t\n\r" or one >= " " else "\ufffd" for one in said)


def _dublin_core(about: About) -> Element:
    root = Element("metadata")
    for name, said in (
        ("identifier", about.identifier),
        ("title", f"Ärende {about.number}"),
        ("creator", f"{about.kommun}, {about.department}"),
        ("date", f"{about.opened_on}/{about.closed_on}"),
        ("type", "Social housing case"),
        ("language", "sv"),
        ("rights", f"Kept: {about.rule} ({'; '.join(about.cite)}). OSL 26:1"),
    ):
        SubElement(root, f"{{{DC}}}{name}").text = said
    return root


def _premis(about: About, files: Mapping[str, bytes], at: datetime) -> Element:
    root = Element(f"{{{PREMIS}}}premis", {"version": "3.0"})
    for path, content in files.items():
        if not path.startswith(DATA):
            continue
        one = SubElement(root, f"{{{PREMIS}}}object", {f"{{{XSI}}}type": "premis:file"})
        identifier = SubElement(one, f"{{{PREMIS}}}objectIdentifier")
        _said(identifier, "objectIdentifierType", "local")
        _said(identifier, "objectIdentifierValue", path)
        shape = SubElement(one, f"{{{PREMIS}}}objectCharacteristics")
        fixity = SubElement(shape, f"{{{PREMIS}}}fixity")
        _said(fixity, "messageDigestAlgorithm", "SHA-256")
        _said(fixity, "messageDigest", hashlib.sha256(content).hexdigest())
        _said(shape, "size", str(len(content)))
        designation = SubElement(
            SubElement(shape, f"{{{PREMIS}}}format"), f"{{{PREMIS}}}formatDesignation"
        )
        _said(designation, "formatName", media_type(path, content))
    event = SubElement(root, f"{{{PREMIS}}}event")
    identifier = SubElement(event, f"{{{PREMIS}}}eventIdentifier")
    _said(identifier, "eventIdentifierType", "UUID")
    _said(identifier, "eventIdentifierValue", str(uuid5(about.case_id, at.isoformat())))
    _said(event, "eventType", "information package creation")
    _said(event, "eventDateTime", _instant(at))
    return root


def _said(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{PREMIS}}}{name}").text = text


def _mets(about: About, files: Mapping[str, bytes], at: datetime) -> Element:
    root = Element(
        f"{{{METS}}}mets",
        {
            "OBJID": about.identifier,
            "TYPE": "OTHER",
            f"{{{CSIP}}}OTHERTYPE": "Social services case",
            f"{{{CSIP}}}CONTENTINFORMATIONTYPE": "OTHER",
            f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE": "Hemvist case 1",
            "LABEL": f"Ärende {about.number}",
            "PROFILE": PROFILE,
        },
    )
    _header(root, about, at)
    described = SubElement(
        root,
        f"{{{METS}}}dmdSec",
        {"ID": "dmd-1", "CREATED": _instant(at), "STATUS": "CURRENT"},
    )
    _reference(described, "metadata/descriptive/dc.xml", files, at, "DC")
    kept = SubElement(root, f"{{{METS}}}amdSec", {"ID": "amd-1"})
    provenance = SubElement(
        kept, f"{{{METS}}}digiprovMD", {"ID": "digiprov-1", "STATUS": "CURRENT"}
    )
    _reference(provenance, "metadata/preservation/premis.xml", files, at, "PREMIS")
    listed = _files(root, files, at)
    _structure(root, about, listed)
    return root


def _header(root: Element, about: About, at: datetime) -> None:
    header = SubElement(
        root,
        f"{{{METS}}}metsHdr",
        {
            "CREATEDATE": _instant(at),
            "RECORDSTATUS": "NEW",
            f"{{{CSIP}}}OAISPACKAGETYPE": "SIP",
        },
    )
    software = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    _agent(header, software, "Hemvist", "SOFTWARE VERSION", "1")
    board = {"ROLE": "ARCHIVIST", "TYPE": "ORGANIZATION"}
    _agent(
        header,
        board,
        f"{about.kommun}, {about.department}",
        "IDENTIFICATIONCODE",
        about.kommun_code,
    )
    sender = {"ROLE": "CREATOR", "TYPE": "ORGANIZATION"}
    _agent(header, sender, about.kommun, "IDENTIFICATIONCODE", about.kommun_code)


def _agent(header: Element, what: Mapping[str, str], name: str, note: str, said: str) -> None:
    agent = SubElement(header, f"{{{METS}}}agent", dict(what))
    SubElement(agent, f"{{{METS}}}name").text = name
    SubElement(agent, f"{{{METS}}}note", {f"{{{CSIP}}}NOTETYPE": note}).text = said


def _reference(
    parent: Element, path: str, files: Mapping[str, bytes], at: datetime, kind: str
) -> None:
    SubElement(
        parent,
        f"{{{METS}}}mdRef",
        {"LOCTYPE": "URL", "MDTYPE": kind, **_linked(path), **_measured(path, files[path], at)},
    )


def _files(root: Element, files: Mapping[str, bytes], at: datetime) -> list[str]:
    section = SubElement(root, f"{{{METS}}}fileSec", {"ID": "files-1"})
    group = SubElement(
        section, f"{{{METS}}}fileGrp", {"ID": "group-rep1", "USE": "Representations/rep1"}
    )
    listed: list[str] = []
    for path, content in files.items():
        if path.startswith(DATA):
            listed.append(f"file-{len(listed) + 1}")
            one = SubElement(
                group, f"{{{METS}}}file", {"ID": listed[-1], **_measured(path, content, at)}
            )
            SubElement(one, f"{{{METS}}}FLocat", {"LOCTYPE": "URL", **_linked(path)})
    return listed


def _structure(root: Element, about: About, listed: list[str]) -> None:
    section = SubElement(
        root, f"{{{METS}}}structMap", {"ID": "map-1", "TYPE": "PHYSICAL", "LABEL": "CSIP"}
    )
    whole = SubElement(section, f"{{{METS}}}div", {"ID": "div-1", "LABEL": about.identifier})
    SubElement(
        whole,
        f"{{{METS}}}div",
        {"ID": "div-2", "LABEL": "Metadata", "DMDID": "dmd-1", "ADMID": "digiprov-1"},
    )
    held = SubElement(whole, f"{{{METS}}}div", {"ID": "div-3", "LABEL": "Representations/rep1"})
    for one in listed:
        SubElement(held, f"{{{METS}}}fptr", {"FILEID": one})


def _linked(path: str) -> dict[str, str]:
    return {f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": path}


def _measured(path: str, content: bytes, at: datetime) -> dict[str, str]:
    return {
        "MIMETYPE": media_type(path, content),
        "SIZE": str(len(content)),
        "CREATED": _instant(at),
        "CHECKSUM": hashlib.sha256(content).hexdigest(),
        "CHECKSUMTYPE": "SHA-256",
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _xml(root: Element) -> bytes:
    for prefix, uri in _PREFIXES.items():
        register_namespace(prefix, uri)
    indent(root, " ")
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
