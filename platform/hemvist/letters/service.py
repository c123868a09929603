"""Letters: prepared from a case's records, drafted, looked at, released, fetched.

A letter follows its record until a person releases it; then its bytes are kept for good. Before that
everything that it says is searched for what is protected of the case's household.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hemvist import audit
from hemvist.cases.access import case_for, open_matter, reading_departments
from hemvist.cases.checks import raise_if, require_open
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.decisions.models import Decision
from hemvist.documents import (
    Block,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Rendered,
    Sheet,
    Trace,
    keep,
    letterhead_of,
    render,
    traces_of,
)
from hemvist.documents.traces import text_of
from hemvist.errors import Conflict, NotAllowed, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.letters import words
from hemvist.letters.contents import MAKERS, notice_given, standing_waiver
from hemvist.letters.household import Home, home_of
from hemvist.letters.material import Material
from hemvist.letters.models import KINDS, Letter
from hemvist.pack_versions import packs_of
from hemvist.policy import Pack
from hemvist.referrals.models import Referral
from hemvist.tenancy import Tenant, TenantSession
from hemvist.tenancy.keys import tenant_keys

MAX_WORDS = 10_000
#: Letters about what lies behind the conclusion: for the department that has the case alone.
INSIDE = frozenset({"decision", "explanation"})
#: Where the person who writes it says what it is about.
NEEDS_WORDS = frozenset({"demand"})
READ = "letter.read"
DOWNLOAD = "letter.download"
DIGEST_FIELD = "letters.fetched"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as it would go out now, and what of it may not."""

    sheet: Sheet
    head: Letterhead
    home: Home
    pack: Pack

    def traces(self, rendered: Rendered | None = None) -> list[Trace]:
        """What is protected and stands in the letter: by its records, and in the finished pages."""
        found = traces_of(self.home.terms, self.sheet.fields())
        if found or not self.home.terms:
            return found
        rendered = rendered or render(self.sheet, self.head)
        # What no field told, the pages may: two fields that make an address together.
        return traces_of(self.home.terms, [("letter", text_of(rendered.content))])


@dataclass(frozen=True, slots=True)
class File:
    """Bytes to hand out."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def prepare(
    session: TenantSession,
    actor: Actor,
    *,
    kind: str,
    subject_id: UUID,
    own_words: str = "",
) -> Prepared:
    """The letter of ``kind`` about a record, from what the records say now.

    Raises ``NotFound`` where the actor may not see the record's case, or the letter is for the
    department that has it; ``ValidationFailed`` for a record that gives no such letter.
    """
    if kind not in KINDS:
        raise ValidationFailed.one("kind", "unknown_choice", "no such letter", allowed=list(KINDS))
    model, make = MAKERS[kind]
    row: Any = session.find(model, subject_id)
    case = case_for(session, actor, row.case_id, Action.CASE_READ)
    _require_inside(actor, case, kind, model.__name__)
    problem = _unfit(session, kind, row)
    if problem is not None:
        raise ValidationFailed([problem])
    pack = packs_of(session).get(case.pack, getattr(row, "pack_version", None) or case.pack_version)
    home = home_of(session, case)
    tenant = session.get_one(Tenant, session.tenant_id)
    head = letterhead_of(tenant.slug, tenant.name)
    department = pack.departments.get(case.department)
    office = department.label.text("sv") if department else case.department
    made = make(Material(session, actor, case, pack, home, office, head.name), row)
    own: list[Block] = []
    if own_words.strip():
        own = [Heading("Till dig"), Paragraph(own_words.strip(), "ownWords")]
        if kind in NEEDS_WORDS:
            own = [Heading("Det här ska rättas till"), own[1]]
    texts = [Paragraph(one.text, "kommun", one.cite) for one in head.texts_for(kind)]
    sheet = Sheet(
        title=made.title or words.TITLES[kind],
        recipient=made.recipient or home.addressees,
        reference=f"Ärende {case.number}",
        day=today(),
        department=office,
        blocks=(*own, *made.blocks, *texts),
        basis=f"{pack.title.text('sv')}, version {pack.version}",
    )
    return Prepared(sheet, head, home, pack)


def draft(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    kind: str,
    subject_id: UUID,
    own_words: str = "",
) -> Letter:
    """Begin a letter about a record of the case; it follows the record until it is released.

    Raises as ``prepare``; ``Conflict`` for a closed case; ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.LETTER_DRAFT)
    require_open(case)
    raise_if(_check_words(kind, own_words))
    prepare(session, actor, kind=kind, subject_id=subject_id, own_words=own_words)
    model = MAKERS[kind][0]
    if session.find(model, subject_id).case_id != case.id:
        raise NotFound(model.__name__)
    row = session.save(
        Letter(
            case_id=case.id,
            kind=kind,
            subject_type=_subject_type(model),
            subject_id=subject_id,
            own_words=own_words.strip(),
            drafted_by=actor.principal_id,
            drafted_on=today(),
        )
    )
    _journal(session, actor, case, row, "letter_drafted", Action.LETTER_DRAFT)
    return row


def revise(
    session: TenantSession,
    actor: Actor,
    *,
    letter_id: UUID,
    expected_version: int,
    own_words: str,
) -> Letter:
    """Change what the writer has added. Raises as ``draft``; ``Conflict`` once it is released."""
    row, case = _draft(session, actor, letter_id, Action.LETTER_DRAFT)
    raise_if(_check_words(row.kind, own_words))
    session.change(row, expected_version)
    _require_draft(row)
    row.own_words = own_words.strip()
    _journal(session, actor, case, row, "letter_revised", Action.LETTER_DRAFT)
    return row


def discard(
    session: TenantSession, actor: Actor, *, letter_id: UUID, expected_version: int
) -> Letter:
    """Throw a draft away; its line in the case stays. Raises ``Conflict`` once it is released."""
    row, case = _draft(session, actor, letter_id, Action.LETTER_DRAFT)
    session.change(row, expected_version)
    _require_draft(row)
    row.state = "discarded"
    _journal(session, actor, case, row, "letter_discarded", Action.LETTER_DRAFT)
    return row


def release(
    session: TenantSession, actor: Actor, *, letter_id: UUID, expected_version: int
) -> Letter:
    """Release the letter: its bytes are kept, with hash, template and guideline, and never change.

    Refused with ``ValidationFailed`` on each field that holds a protected name, address or number,
    without saying it (OSL 21:3, 22:1, 26:14 c). ``Conflict`` for a stale version; ``NotAllowed``.
    """
    row, case = _draft(session, actor, letter_id, Action.LETTER_RELEASE)
    session.change(row, expected_version)
    _require_draft(row)
    raise_if(_check_words(row.kind, row.own_words))
    prepared = prepare(
        session, actor, kind=row.kind, subject_id=row.subject_id, own_words=row.own_words
    )
    rendered = render(prepared.sheet, prepared.head)
    traces = prepared.traces(rendered)
    if traces:
        raise ValidationFailed(
            [Problem(one.field, f"protected_{one.kind}", "is protected") for one in traces]
        )
    kept = keep(
        session,
        actor,
        rendered,
        kind=f"letter.{row.kind}",
        file_name=file_name(row, case),
        pack=case.pack,
        pack_version=prepared.pack.version,
    )
    row.state = "released"
    row.document_id = kept.id
    row.sha256 = kept.sha256
    row.pack_version = kept.pack_version
    row.template_version = kept.template_version
    row.released_by = actor.principal_id
    row.released_on = today()
    row.released_at = now()
    _journal(session, actor, case, row, "letter_released", Action.LETTER_RELEASE)
    return row


def shown(session: TenantSession, actor: Actor, *, letter_id: UUID) -> tuple[Letter, Prepared]:
    """A draft as it would go out now. Raises ``NotFound``; the caller logs that it was read."""
    row = _seen(session, actor, letter_id)
    if row.state != "draft":
        raise NotFound("Letter")
    prepared = prepare(
        session, actor, kind=row.kind, subject_id=row.subject_id, own_words=row.own_words
    )
    return row, prepared


def file_of(session: TenantSession, actor: Actor, *, letter_id: UUID) -> File:
    """The released bytes, or a draft's with its mark on every page. Each fetch is logged.

    Raises ``NotFound`` where the actor does not see the letter or it was thrown away.
    """
    row = _seen(session, actor, letter_id)
    case = session.find(Case, row.case_id)
    if row.state == "released":
        kept = session.find(Document, row.document_id)
        file = File(kept.file_name, kept.media_type, kept.content, kept.sha256)
        if not file.sha256 == row.sha256 == hashlib.sha256(file.content).hexdigest():
            # Bytes that are not those that were released are given to nobody.
            raise NotFound("Letter")
        persons = home_of(session, case).persons
    else:
        _, prepared = shown(session, actor, letter_id=letter_id)
        made = render(prepared.sheet, prepared.head, draft=True)
        file = File(f"utkast-{file_name(row, case)}", "application/pdf", made.content, made.sha256)
        persons = prepared.home.persons
    audit.record(
        session,
        actor,
        DOWNLOAD,
        kind="read",
        persons=persons,
        case_id=case.id,
        subject_type="letter",
        subject_id=row.id,
        details={"state": row.state, "digest": _digest(session, file)},
    )
    return file


def file_name(row: Letter, case: Case) -> str:
    """What the file is called: its kind and the case's number, nobody's name."""
    return f"{_FILES[row.kind]}-{case.number}.pdf"


def _digest(session: TenantSession, file: File) -> str:
    """Which bytes were fetched, for who has them: a bare hash would tell a guess from the letter."""
    return tenant_keys(session.tenant_id).blind_index(DIGEST_FIELD, file.sha256).hex()


def _draft(
    session: TenantSession, actor: Actor, letter_id: UUID, action: Action
) -> tuple[Letter, Case]:
    row, case = open_matter(session, actor, Letter, letter_id, action)
    _require_inside(actor, case, row.kind, "Letter")
    return row, case


def _require_draft(row: Letter) -> None:
    if row.state != "draft":
        raise Conflict(f"letter_{row.state}", f"the letter is {row.state}", state=row.state)


def _seen(session: TenantSession, actor: Actor, letter_id: UUID) -> Letter:
    row = session.find(Letter, letter_id)
    try:
        case = case_for(session, actor, row.case_id, Action.CASE_READ)
    except (NotFound, NotAllowed) as hidden:
        raise NotFound("Letter") from hidden
    _require_inside(actor, case, row.kind, "Letter")
    return row


def _require_inside(actor: Actor, case: Case, kind: str, name: str) -> None:
    inside = case.department in reading_departments(actor, Action.CASE_READ)[0]
    if kind in INSIDE and not inside and not actor.is_system:
        raise NotFound(name)


def _check_words(kind: str, own_words: str) -> list[Problem]:
    if kind in NEEDS_WORDS and not own_words.strip():
        return [Problem("ownWords", "required", "say what is to be put right")]
    return too_long("ownWords", own_words, MAX_WORDS)


def _unfit(session: TenantSession, kind: str, row: Any) -> Problem | None:
    """Why the record gives no such letter, or not yet."""
    wrong = {
        "decision": isinstance(row, Decision) and row.state != "decided",
        "referral": isinstance(row, Referral) and row.state in ("draft", "withdrawn"),
    }
    if kind == "notice":
        wrong["notice"] = notice_given(session, row) is None
    if kind == "waiver":
        wrong["waiver"] = not row.waiver and standing_waiver(session, row) is None
    of_step = {"ladder_demand": "demand", "board_notice": "board_notified"}
    if kind in of_step:
        # What another landlord sent is not ours to write; a copy tells the board by itself.
        wrong[kind] = row.kind != of_step[kind] or row.received_on is not None
    if kind == "eviction_answer":
        wrong[kind] = row.confirmed_at is None
    if wrong.get(kind):
        return Problem("subjectId", "no_such_letter", "the record gives no such letter yet")
    return None


def _subject_type(model: type[Any]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def _journal(
    session: TenantSession, actor: Actor, case: Case, row: Letter, event: str, action: Action
) -> None:
    data: Mapping[str, Any] = {"letter": row.kind}
    record(
        session,
        actor,
        case,
        event,
        today(),
        action=action,
        subject_type="letter",
        subject_id=row.id,
        data=data,
    )


_FILES: Mapping[str, str] = {
    "decision": "beslut",
    "referral": "remiss",
    "offer": "erbjudande",
    "contract": "kontrakt",
    "waiver": "avstaende",
    "guarantee": "hyresgaranti",
    "demand": "rattelseanmaning",
    "notice": "uppsagning",
    "explanation": "bedomning",
    "ladder_demand": "rattelseanmaning",
    "board_notice": "underrattelse",
    "meeting_call": "kallelse",
    "eviction_answer": "bekraftelse",
}
