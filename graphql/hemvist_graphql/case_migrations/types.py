"""Open cases under another version: what would change, and what has been moved."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, exists, select

from hemvist.case_migrations.comparing import ProgrammeChange, Verdict
from hemvist.case_migrations.models import CaseMigration as MigrationRow
from hemvist.case_migrations.models import MigratedCase as MigratedRow
from hemvist.case_migrations.service import preview
from hemvist.deadlines.replanning import Difference
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Actor
from hemvist.pack_versions import packs_of
from hemvist.policy import Pack
from hemvist_graphql.access import of_own_case
from hemvist_graphql.context import Context
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import find_many
from hemvist_graphql.messages import message_for
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    readable,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import CaseRef, MigratedCaseRef, PrincipalRef

#: Cases in one preview.
MAX_PREVIEW = 50


def _of_own_migration(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``CaseMigration``: it moved a case of a department that the actor reads."""
    return exists(
        select(MigratedRow.id).where(
            MigratedRow.tenant_id == MigrationRow.tenant_id,
            MigratedRow.case_migration_id == MigrationRow.id,
            of_own_case(MigratedRow)(actor),
        )
    )


@strawberry.type(description="A question of the guideline, by name and in words.")
class FactName:
    """A question of the guideline."""

    fact: str
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The question in words."""
        return worded(self.text, lang, self.fact)


@strawberry.type(description="What an entry rule says under one version.")
class EntryVerdict:
    """What an entry rule says under one version."""

    outcome: str = strawberry.field(description="true, false or unknown")
    ask: list[FactName] = strawberry.field(description="What would settle an unknown one.")


@strawberry.type(description="A programme's entry rule under both versions.")
class ProgrammeComparison:
    """A programme's entry rule under both versions."""

    programme: str
    text: strawberry.Private[Any]
    before: EntryVerdict | None = strawberry.field(description="Null for a new programme.")
    after: EntryVerdict | None = strawberry.field(description="Null for one that is gone.")
    changed: bool
    newly_missing: list[FactName]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The programme in words."""
        return worded(self.text, lang, self.programme)


@strawberry.type(description="An obligation that comes, goes or moves.")
class ObligationChange:
    """An obligation that comes, goes or moves."""

    code: str
    text: strawberry.Private[Any]
    before: dt.date | None = strawberry.field(description="Null when it is new.")
    after: dt.date | None = strawberry.field(description="Null when it goes.")

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The obligation in words."""
        return worded(self.text, lang, self.code)


@strawberry.type(description="What would change for a case today under another version.")
class CaseMigrationPreview:
    """What would change for a case today under another version."""

    case: CaseRef
    from_version: str
    to_version: str
    refusal: str | None = strawberry.field(
        description="The code of why the case cannot be moved; null when it can."
    )
    programmes: list[ProgrammeComparison]
    obligations: list[ObligationChange]
    unfit: list[FactName] = strawberry.field(
        description="Answers that the version cannot take: they would have to be given anew."
    )
    raw: strawberry.Private[str] = ""
    params: strawberry.Private[Any] = None

    @computed(description="Why it cannot be moved, in Swedish (sv) or English (en).")
    def refusal_message(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """Why it cannot be moved."""
        if self.refusal is None:
            return None
        return message_for(self.refusal, lang, self.params or {}, self.raw)

    @computed(description="Whether anything at all would change.")
    def changed(self) -> bool:
        """Whether anything would change."""
        return bool(self.obligations or self.unfit or any(one.changed for one in self.programmes))


@reads(
    MigratedRow,
    visible=of_own_case(MigratedRow),
    case=MigratedRow.case_id,
    also=(MigratedRow.programmes, MigratedRow.obligations),
)
@strawberry.type(description="A case that was moved to another version, with what it changed.")
class MigratedCase(Readable):
    """A case that was moved to another version, with what it changed."""

    case: CaseRef = to_one("Case", MigratedRow.case_id)
    from_version: str = column(MigratedRow.from_version)
    to_version: str = column(MigratedRow.to_version)

    @computed()
    def programmes(self) -> list[ProgrammeComparison]:
        """What the entry rules said before and after."""
        return [
            _programme(
                ProgrammeChange(one["programme"], _said(one["before"]), _said(one["after"])),
                None,
            )
            for one in self.row["programmes"]
        ]

    @computed()
    def obligations(self) -> list[ObligationChange]:
        """Obligations that came, went or moved."""
        return [
            ObligationChange(
                code=one["code"],
                text=one["label"],
                before=dt.date.fromisoformat(one["before"]) if one["before"] else None,
                after=dt.date.fromisoformat(one["after"]) if one["after"] else None,
            )
            for one in self.row["obligations"]
        ]


@reads(MigrationRow, visible=_of_own_migration)
@strawberry.type(description="A choice by which open cases went over to another version.")
class CaseMigration(Node):
    """A choice by which open cases went over to another version."""

    pack: str = column(MigrationRow.pack)
    to_version: str = column(MigrationRow.to_version)
    reason: str = column(MigrationRow.reason)
    migrated_on: dt.date = column(MigrationRow.migrated_on)
    migrated_by: PrincipalRef | None = to_one("Principal", MigrationRow.migrated_by)
    cases: list[MigratedCaseRef] = to_many(
        "MigratedCase", MigratedRow.case_migration_id, order=(MigratedRow.id,)
    )


def previews(context: Context, ids: list[strawberry.ID], to_version: str) -> Any:
    """A preview for each case that the actor may see; what cannot be moved says why."""
    if len(ids) > MAX_PREVIEW:
        raise RequestFailed(Code.BAD_INPUT, f"at most {MAX_PREVIEW} cases", limit=MAX_PREVIEW)
    wanted = [row_id for one in ids if (row_id := row_id_of("Case", one)) is not None]
    seen = find_many(context, readable("Case"), wanted)
    return [
        found
        for row_id in dict.fromkeys(wanted)
        if row_id in seen
        for found in [_preview(context, seen[row_id], row_id, to_version)]
        if found is not None
    ]


def _preview(
    context: Context, case: Any, row_id: UUID, to_version: str
) -> CaseMigrationPreview | None:
    here = {"case": case, "from_version": case.row["pack_version"], "to_version": to_version}
    try:
        found = preview(context.session, context.actor, case_id=row_id, to_version=to_version)
    except (NotFound, NotAllowed):
        return None
    except ValidationFailed as failed:
        one = failed.problems[0]
        return _refused(here, one.rule, str(failed), one.params)
    except Conflict as conflict:
        return _refused(here, conflict.rule, str(conflict), conflict.params)
    except PolicyRefused as refused:
        return _refused(here, refused.rule, str(refused), {})
    target = packs_of(context.session).get(case.row["pack"], to_version)
    return CaseMigrationPreview(
        **here,
        refusal=None,
        programmes=[_programme(one, target) for one in found.programmes],
        obligations=[_obligation(one) for one in found.obligations],
        unfit=_names(found.unfit, target),
    )


def _refused(here: dict[str, Any], rule: str, raw: str, params: Any) -> CaseMigrationPreview:
    return CaseMigrationPreview(
        **here, refusal=rule, programmes=[], obligations=[], unfit=[], raw=raw, params=params
    )


def _programme(one: ProgrammeChange, target: Pack | None) -> ProgrammeComparison:
    known = target.programmes.get(one.programme) if target is not None else None
    return ProgrammeComparison(
        programme=one.programme,
        text=known.label if known is not None else None,
        before=_verdict(one.before, target),
        after=_verdict(one.after, target),
        changed=one.changed,
        newly_missing=_names(one.newly_missing, target),
    )


def _verdict(verdict: Verdict | None, target: Pack | None) -> EntryVerdict | None:
    if verdict is None:
        return None
    return EntryVerdict(outcome=verdict.outcome, ask=_names(verdict.ask, target))


def _names(facts: tuple[str, ...], target: Pack | None) -> list[FactName]:
    known = target.facts if target is not None else {}
    return [
        FactName(fact=fact, text=known[fact].label if fact in known else None) for fact in facts
    ]


def _obligation(one: Difference) -> ObligationChange:
    return ObligationChange(code=one.code, text=one.label, before=one.before, after=one.after)


def _said(written: Any) -> Verdict | None:
    return None if written is None else Verdict(written["outcome"], tuple(written["ask"]))
