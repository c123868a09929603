"""Leaving out of a picture what the camera wrote into it: place, device, time (EXIF, XMP, text)."""

from __future__ import annotations

import struct

#: Parts of a JPEG that the picture needs: JFIF (APP0) and colours (APP2, APP14).
_KEPT_APP = {0xE0, 0xE2, 0xEE}
_APPS = range(0xE0, 0xF0)
_COMMENT = 0xFE
_START_OF_SCAN = 0xDA
#: Chunks of a PNG that tell of something else than the picture.
_PNG_TELLS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
_ORIENTATION = 0x0112


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The same picture, its orientation kept; a file that cannot be followed stays as it is read.

    A PDF is left alone: it is a document that somebody signed.
    """
    if media_type == "image/jpeg":
        return _jpeg(content)
    if media_type == "image/png":
        return _png(content)
    return content


def _jpeg(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _START_OF_SCAN:
            kept.append(content[at:])
            return b"".join(kept)
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        part = content[at : at + 2 + length]
        if marker == 0xE1:
            turned = _orientation(part[4:])
            if turned not in (None, 1):
                kept.append(_only_orientation(turned or 1))
        elif marker != _COMMENT and (marker not in _APPS or marker in _KEPT_APP):
            kept.append(part)
        at += 2 + length
    # Without a scan there is no picture to clean; nothing of the headers is given on.
    return b"".join(kept)


def _orientation(exif: bytes) -> int | None:
    """How the picture is turned, 1 to 8, or None when it is not said."""
    if not exif.startswith(b"Exif\0\0"):
        return None
    tiff = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return None
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(min(count, 200)):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else None
    except struct.error:
        return None
    return None


def _only_orientation(turned: int) -> bytes:
    tiff = b"MM\0\x2a\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        chunk = content[at : at + 12 + length]
        if content[at + 4 : at + 8] not in _PNG_TELLS:
            kept.append(chunk)
        at += 12 + length
    return b"".join(kept)
