"""Writing a version: started from another, changed value by value or file by file, or sent in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from hemvist.clock import now, today
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.pack_versions import editing, library
from hemvist.pack_versions.access import version_for
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.pack_versions.archives import check_name, check_text, read_archive
from hemvist.pack_versions.checking import MAX_TOTAL
from hemvist.pack_versions.events import Step
from hemvist.pack_versions.journal import move, record
from hemvist.pack_versions.library import KnownVersion, files_of, number_key, packs_of
from hemvist.pack_versions.models import OPEN, PackVersion, PackVersionFile
from hemvist.policy import ParamType, PolicyError
from hemvist.policy.loading.parts import HEAD, MAX_BYTES
from hemvist.policy.texts import content_hash
from hemvist.tenancy import TenantSession


def start_draft(
    session: TenantSession,
    actor: Actor,
    *,
    pack: str,
    base: str | None = None,
    in_force_from: date | None = None,
) -> PackVersion:
    """Start a draft from a version, with the next number; in force from tomorrow unless told.

    ``base`` is a version that cases are or may be pinned to; the one in force today when none is
    named. Raises ``NotAllowed``, ``ValidationFailed`` for a pack that the kommun has not adopted and
    for a version that is none.
    """
    require(actor, Action.POLICY_CHANGE)
    _require_adopted(session, pack)
    known = _base(session, pack, base)
    day = in_force_from or max(today() + timedelta(days=1), known.in_force.start)
    _require_coming(day)
    files = editing.restate(files_of_known(session, known), _next_number(session, pack), day)
    return _make(session, actor, files, known.number)


def upload(session: TenantSession, actor: Actor, *, archive: bytes) -> PackVersion:
    """Take in a whole version as an archive (zip).

    Raises ``NotAllowed``; ``ValidationFailed`` with file, line and column, and for a version whose
    number is taken or whose guideline the kommun has not adopted.
    """
    require(actor, Action.POLICY_CHANGE)
    files = read_archive(archive)
    pack, number, start, _ = editing.stated(files)
    _require_adopted(session, pack)
    _require_free(session, pack, number)
    _require_coming(start)
    return _make(session, actor, files, _base(session, pack, None).number)


def change_parameter(
    session: TenantSession,
    actor: Actor,
    *,
    pack_version_id: UUID,
    parameter: str,
    value: Any,
    expected_version: int,
    valid_from: date | None = None,
) -> PackVersion:
    """Give a parameter a value from a day on, by default the version's first day.

    What it was before that day stays in the text. Raises ``NotFound``, ``NotAllowed``, ``Conflict``,
    ``ValidationFailed`` for an unknown parameter, a value that its type does not allow, and a day
    before the version is in force.
    """
    version = version_for(session, actor, pack_version_id, Action.POLICY_CHANGE)
    since = valid_from or version.in_force_from
    if since < version.in_force_from:
        raise ValidationFailed.one(
            "validFrom",
            "before_in_force",
            f"the version is in force from {version.in_force_from}",
            day=str(since),
            start=str(version.in_force_from),
        )
    files = files_of(session, version.id)
    type_ = _type_of(files, parameter)
    file, text = editing.set_parameter(files, parameter, type_, value, since)
    return _change(
        session,
        actor,
        version,
        {**files, file: text},
        expected_version,
        {"parameter": parameter, "from": since.isoformat(), "file": file},
    )


def replace_file(
    session: TenantSession,
    actor: Actor,
    *,
    pack_version_id: UUID,
    name: str,
    content: str,
    expected_version: int,
) -> PackVersion:
    """Write a file anew, or a new file; an empty ``content`` removes it.

    Raises as ``change_parameter`` does. The text need not hold as a pack: that is for the check.
    """
    version = version_for(session, actor, pack_version_id, Action.POLICY_CHANGE)
    check_name(name)
    check_text(name, content)
    files = files_of(session, version.id)
    if content.strip():
        files[name] = content
    else:
        if name == HEAD:
            raise ValidationFailed.one("name", "required", f"{HEAD} must stay")
        files.pop(name, None)
    _require_size(name, files)
    return _change(session, actor, version, files, expected_version, {"file": name})


def reschedule(
    session: TenantSession,
    actor: Actor,
    *,
    pack_version_id: UUID,
    in_force_from: date,
    expected_version: int,
) -> PackVersion:
    """Let a draft be in force from another day. Raises as ``change_parameter`` does."""
    version = version_for(session, actor, pack_version_id, Action.POLICY_CHANGE)
    _require_coming(in_force_from)
    files = editing.restate(files_of(session, version.id), version.number, in_force_from)
    return _change(
        session, actor, version, files, expected_version, {"in_force_from": str(in_force_from)}
    )


def files_of_known(session: TenantSession, known: KnownVersion) -> dict[str, str]:
    """The texts of an installed or a stored version. Raises ``PolicyError``."""
    if known.row_id is not None:
        return files_of(session, known.row_id)
    return library.installed().files(known.name, known.number)


def known_version(session: TenantSession, pack: str, number: str) -> KnownVersion | None:
    """A version that cases are or may be pinned to, by its number."""
    found = packs_of(session).versions(pack)
    return next((one for one in found if one.number == number), None)


def _make(
    session: TenantSession, actor: Actor, files: Mapping[str, str], based_on: str
) -> PackVersion:
    pack, number, start, end = editing.stated(files)
    _require_size("archive", files)
    version = session.save(
        PackVersion(
            pack=pack,
            number=number,
            in_force_from=start,
            in_force_to=end,
            content_hash=content_hash(files),
            based_on=based_on,
            made_by=actor.principal_id,
            made_at=now(),
        )
    )
    _write(session, version, files)
    record(
        session,
        actor,
        version,
        Step.DRAFTED,
        action=Action.POLICY_CHANGE,
        data={"based_on": based_on},
    )
    return version


def _change(
    session: TenantSession,
    actor: Actor,
    version: PackVersion,
    files: Mapping[str, str],
    expected_version: int,
    data: Mapping[str, Any],
) -> PackVersion:
    session.change(version, expected_version)
    if version.state not in OPEN:
        raise Conflict(
            "version_closed", "what has been submitted is not changed", state=version.state
        )
    if data.get("file") in (None, HEAD):
        pack, number, start, end = editing.stated(files)
        if pack != version.pack:
            raise ValidationFailed.one(
                "content", "other_pack", f"the version is of {version.pack}", pack=version.pack
            )
        if number != version.number:
            _require_free(session, pack, number)
        version.number, version.in_force_from, version.in_force_to = number, start, end
    if version.state != "draft":
        move(version, "draft")
    version.reason = ""
    version.content_hash = content_hash(files)
    _write(session, version, files)
    record(session, actor, version, Step.CHANGED, action=Action.POLICY_CHANGE, data=data)
    return version


def _write(session: TenantSession, version: PackVersion, files: Mapping[str, str]) -> None:
    session.execute(
        delete(PackVersionFile).where(
            PackVersionFile.tenant_id == session.tenant_id,
            PackVersionFile.pack_version_id == version.id,
        )
    )
    for name, content in sorted(files.items()):
        session.add(PackVersionFile(pack_version_id=version.id, name=name, content=content))
    session.flush()


def _base(session: TenantSession, pack: str, number: str | None) -> KnownVersion:
    if number is None:
        try:
            number = packs_of(session).in_force(pack, today()).version
        except PolicyError:
            number = packs_of(session).get(pack).version
    known = known_version(session, pack, number)
    if known is None:
        raise ValidationFailed.one("base", "unknown_choice", "the guideline has no such version")
    return known


def _next_number(session: TenantSession, pack: str) -> str:
    """One more than the highest there is, drafts and installed versions included."""
    numbers = {one.number for one in packs_of(session).versions(pack)}
    numbers |= set(session.scalars(select(PackVersion.number).where(PackVersion.pack == pack)))
    first, second, _ = max(number_key(number) for number in numbers)
    return f"{first}.{second + 1}.0"


def _require_adopted(session: TenantSession, pack: str) -> None:
    adopted = adopted_packs(session, today())
    if pack not in adopted:
        raise ValidationFailed.one(
            "pack",
            "pack_not_adopted",
            "name one of the packs that the kommun works by",
            adopted=adopted,
        )


def _require_free(session: TenantSession, pack: str, number: str) -> None:
    taken = known_version(session, pack, number) is not None or session.scalar(
        select(PackVersion.id).where(PackVersion.pack == pack, PackVersion.number == number)
    )
    if taken:
        raise ValidationFailed.one(
            "version", "version_taken", f"there is a version {number} already", number=number
        )


def _require_coming(day: date) -> None:
    if day < today():
        raise ValidationFailed.one(
            "inForceFrom", "past", "rules are not made for days that have passed", day=str(day)
        )


def _require_size(name: str, files: Mapping[str, str]) -> None:
    too_large = [file for file, text in files.items() if len(text.encode()) > MAX_BYTES]
    if too_large or sum(map(len, files.values())) > MAX_TOTAL:
        raise ValidationFailed.one(
            name, "too_long", f"at most {MAX_BYTES} bytes a file", limit=MAX_BYTES
        )


def _type_of(files: Mapping[str, str], parameter: str) -> ParamType:
    for file, text in files.items():
        if "params:" in text:
            written = editing.Document(file, text).scalar("params", parameter, "type")
            if written in set(ParamType):
                return ParamType(written)
    raise ValidationFailed.one("parameter", "unknown_choice", "the guideline has no such parameter")
