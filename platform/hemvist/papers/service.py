"""Sending papers to the other side, opening them, taking them back, reading a list of rents in."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select

from hemvist import audit
from hemvist.arrears.columns import guess
from hemvist.arrears.files import read_file
from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.files import opened_whole
from hemvist.clock import now
from hemvist.documents.uploads import checked, safe_name
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.landlord_events import tell_landlord
from hemvist.landlords.access import access_of, landlord_named
from hemvist.papers.models import KINDS, SHEETS, LandlordPaper, LandlordPaperBytes
from hemvist.papers.searching import problems_of
from hemvist.spreadsheets.sheets import read_sheet
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

MAX_TITLE = 120
#: Papers of one landlord in one kommun: what is sent without end fills no disk.
MAX_PAPERS = 2_000


def send_to_landlord(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    kind: str,
    title: str,
    name: str,
    content: bytes,
    unit_id: UUID | None = None,
) -> LandlordPaper:
    """Send a paper from the kommun: a PDF, a picture, or as ``rents`` a CSV or Excel file.

    The landlord's people are told that something waits. Raises ``ValidationFailed`` (among others
    ``landlordId`` where the door is not open, so that nobody could read it), ``Conflict`` when the
    same file is there, ``NotFound``, ``NotAllowed``.
    """
    require_to_landlord(session, actor, landlord_id)
    row = _keep(session, actor, "to_landlord", landlord_id, unit_id, kind, title, name, content)
    tell_landlord(
        session,
        "paper.sent",
        landlord_id=landlord_id,
        subject_id=row.id,
        property_designation=_designation(session, row),
    )
    return row


def require_to_landlord(session: TenantSession, actor: Actor, landlord_id: UUID) -> None:
    """Raise unless the actor may send the landlord papers, as ``send_to_landlord`` does."""
    door = access_of(session, landlord_id)
    if door is None:
        # Whether some other kommun deals with it is not told.
        raise NotFound("Landlord")
    require(actor, Action.PAPERS_SHARE)
    if door.status != "open":
        raise ValidationFailed.one("landlordId", "door_closed", "the landlord has no access here")


def send_to_kommun(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    kind: str,
    title: str,
    name: str,
    content: bytes,
    unit_id: UUID | None = None,
) -> LandlordPaper:
    """Send a paper from the landlord to the kommun. Errors as ``send_to_landlord``."""
    require(actor, Action.PAPERS_SHARE, landlord=landlord_id)
    return _keep(session, actor, "to_kommun", landlord_id, unit_id, kind, title, name, content)


def open_paper(
    session: TenantSession, actor: Actor, *, paper_id: UUID
) -> tuple[LandlordPaper, bytes]:
    """The paper and its bytes, for either side; the first time that the other side opens it is kept.

    The reading is logged. Bytes that are no longer what was sent are given to nobody. Raises
    ``NotFound``.
    """
    row, side = _of(session, actor, paper_id)
    kept = session.scalar(select(LandlordPaperBytes).where(LandlordPaperBytes.paper_id == row.id))
    content = None if kept is None else opened_whole(kept, row.sha256)
    if content is None:
        raise NotFound("LandlordPaper")
    if row.opened_at is None and side != row.direction:
        row.opened_at = now()
    _log(session, actor, row, "paper.read", kind="read")
    return row, content


def take_back(
    session: TenantSession, actor: Actor, *, paper_id: UUID, expected_version: int
) -> LandlordPaper:
    """Take back a paper that one's own side sent, by mistake or because it is out of date.

    Its bytes are gone; that it was there, and whether it was opened, stays. Raises ``Conflict``
    (``paper_ended``, ``not_yours``), ``NotFound``, ``NotAllowed``.
    """
    row, side = _of(session, actor, paper_id)
    session.change(row, expected_version)
    _require_there(row)
    if side != row.direction:
        raise Conflict("not_yours", "the other side sent it")
    _end(session, actor, row, "taken_back")
    _log(session, actor, row, "paper.take_back")
    return row


def read_rents(
    session: TenantSession,
    actor: Actor,
    *,
    paper_id: UUID,
    department: str,
    expected_version: int,
    position_on: date | None = None,
) -> LandlordPaper:
    """Read a list of rents that a landlord sent into a preview among the department's own files.

    From then on it is a file of ``hemvist.arrears`` and no paper: its rows are looked through and
    imported there. Raises as ``hemvist.arrears.files.read_file``, ``Conflict``.
    """
    row = session.find(LandlordPaper, paper_id)
    require(actor, Action.PAPERS_SHARE)
    session.change(row, expected_version)
    _require_there(row)
    if row.kind != "rents" or row.direction != "to_kommun":
        raise Conflict("no_rents", "it is no list of rents from a landlord")
    kept = session.scalars(
        select(LandlordPaperBytes).where(LandlordPaperBytes.paper_id == row.id)
    ).one()
    landlord = landlord_named(session, row.landlord_id)
    file = read_file(
        session,
        actor,
        department=department,
        organisation_number=landlord.organisation_number,
        landlord_name=landlord.name,
        name=row.name,
        content=kept.content,
        position_on=position_on,
    )
    row.arrears_file_id = file.id
    row.opened_at = row.opened_at or now()
    _end(session, actor, row, "read_in")
    _log(session, actor, row, "paper.read_in")
    return row


def _keep(
    session: TenantSession,
    actor: Actor,
    direction: str,
    landlord_id: UUID,
    unit_id: UUID | None,
    kind: str,
    title: str,
    name: str,
    content: bytes,
) -> LandlordPaper:
    problems = required_text("title", title, MAX_TITLE)
    if kind not in KINDS:
        allowed = {"allowed": list(KINDS)}
        problems.append(Problem("kind", "unknown_choice", "no such kind", allowed))
    if unit_id is not None and session.find(Unit, unit_id).landlord_id != landlord_id:
        raise NotFound("Unit")
    raise_if(problems)
    media_type, kept = _checked(kind, content)
    if direction == "to_landlord":
        raise_if(
            problems_of(
                session,
                landlord_id=landlord_id,
                unit_id=unit_id,
                title=title,
                name=name,
                media_type=media_type,
                content=kept,
            )
        )
    digest = hashlib.sha256(kept).hexdigest()
    _require_room(session, landlord_id, direction, digest)
    row = session.save(
        LandlordPaper(
            landlord_id=landlord_id,
            unit_id=unit_id,
            direction=direction,
            kind=kind,
            title=title.strip(),
            name=safe_name(name, "handling"),
            media_type=media_type,
            size_bytes=len(kept),
            sha256=digest,
            sent_at=now(),
            sent_by=actor.principal_id,
        )
    )
    session.save(LandlordPaperBytes(paper_id=row.id, content=kept))
    _log(session, actor, row, "paper.send")
    return row


def _checked(kind: str, content: bytes) -> tuple[str, bytes]:
    """Media type and bytes as they are kept. Raises ``ValidationFailed`` on ``content``."""
    if kind != "rents":
        return checked(content)
    return SHEETS[read_sheet(content, guess).format], content


def _require_room(session: TenantSession, landlord_id: UUID, direction: str, digest: str) -> None:
    theirs = select(func.count()).where(
        LandlordPaper.tenant_id == session.tenant_id,
        LandlordPaper.landlord_id == landlord_id,
        LandlordPaper.state != "taken_back",
    )
    if (session.scalar(theirs) or 0) >= MAX_PAPERS:
        raise_if([Problem("content", "count", f"at most {MAX_PAPERS}", {"limit": MAX_PAPERS})])
    same = theirs.where(LandlordPaper.direction == direction, LandlordPaper.sha256 == digest)
    if session.scalar(same):
        raise Conflict("file_known", "the same file is there already")


def _of(session: TenantSession, actor: Actor, paper_id: UUID) -> tuple[LandlordPaper, str]:
    """The paper, and which side the actor is of, by the direction in which it sends."""
    row = session.find(LandlordPaper, paper_id)
    if actor.landlords:
        require(actor, Action.PAPERS_SHARE, landlord=row.landlord_id)
        return row, "to_kommun"
    require(actor, Action.PAPERS_SHARE)
    return row, "to_landlord"


def _require_there(row: LandlordPaper) -> None:
    if row.state != "there":
        raise Conflict("paper_ended", f"the paper is {row.state}", state=row.state)


def _end(session: TenantSession, actor: Actor, row: LandlordPaper, state: str) -> None:
    row.state = state
    row.ended_at = now()
    row.ended_by = actor.principal_id
    session.flush()
    session.execute(delete(LandlordPaperBytes).where(LandlordPaperBytes.paper_id == row.id))


def _designation(session: TenantSession, row: LandlordPaper) -> str | None:
    return None if row.unit_id is None else session.find(Unit, row.unit_id).property_designation


def _log(
    session: TenantSession, actor: Actor, row: LandlordPaper, action: str, kind: str = "write"
) -> None:
    session.flush()
    audit.record(
        session,
        actor,
        action,
        kind=kind,
        subject_type="landlord_paper",
        subject_id=row.id,
        details={"kind": row.kind, "direction": row.direction},
    )
