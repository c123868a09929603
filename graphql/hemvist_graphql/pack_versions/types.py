"""Versions of guidelines that the kommun has made: files, checks, history, differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, exists, func, select

from hemvist.cases.models import Case as CaseRow
from hemvist.identity import Action, Actor, allows
from hemvist.pack_versions import packs_of, service
from hemvist.pack_versions.access import visible_versions
from hemvist.pack_versions.differences import differences
from hemvist.pack_versions.drafting import files_of_known, known_version
from hemvist.pack_versions.library import KnownVersion, files_of
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.pack_versions.models import PackVersionEvent as EventRow
from hemvist.pack_versions.models import PackVersionFile as FileRow
from hemvist.pack_versions.written import written_parameters
from hemvist.policy import PolicyError
from hemvist_graphql.context import Context, Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import find, together
from hemvist_graphql.pack_versions.reviews import (
    PackCheck,
    PackDiff,
    PackItemChange,
    PackParameterChange,
    PackRuleChange,
)
from hemvist_graphql.packs.parameters import PackParameter
from hemvist_graphql.packs.types import Pack
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    PackVersionFileRef,
    PackVersionStepRef,
    PrincipalRef,
)
from hemvist_graphql.states import PackVersionState
from hemvist_graphql.wording import VERSION_STATES, VERSION_STEPS


def _of_visible_version(model: Any) -> Callable[[Actor], ColumnElement[bool]]:
    def criterion(actor: Actor) -> ColumnElement[bool]:
        return exists(
            select(PackVersionRow.id).where(
                PackVersionRow.tenant_id == model.tenant_id,
                PackVersionRow.id == model.pack_version_id,
                visible_versions(actor),
            )
        )

    return criterion


@reads(FileRow, visible=_of_visible_version(FileRow))
@strawberry.type(description="A file of a version.")
class PackVersionFile(Readable):
    """A file of a version."""

    name: str = column(FileRow.name)
    content: str = column(FileRow.content)


@reads(EventRow, visible=_of_visible_version(EventRow), also=(EventRow.data,))
@strawberry.type(description="A step in the life of a version.")
class PackVersionStep(Readable):
    """A step in the life of a version."""

    kind: str = column(EventRow.kind, description="drafted, changed, passed, submitted, approved …")
    state: str = column(EventRow.state, description="The state that it led to.")
    at: dt.datetime = column(EventRow.at)
    actor_name: str = column(EventRow.actor_name)
    by: PrincipalRef | None = to_one("Principal", EventRow.principal_id)
    reason: str = column(EventRow.reason)

    @computed(needs=("kind",), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The step in words."""
        return worded(VERSION_STEPS.get(self.row["kind"]), lang, self.row["kind"])

    @computed(
        needs=("data",), description="The parameter that the step changed, if it changed one."
    )
    def parameter(self) -> str | None:
        """The parameter that the step changed."""
        found: str | None = self.row["data"].get("parameter")
        return found

    @computed(needs=("data",), description="The file that the step changed, if it changed one.")
    def file(self) -> str | None:
        """The file that the step changed."""
        found: str | None = self.row["data"].get("file")
        return found


@reads(
    PackVersionRow,
    visible=visible_versions,
    also=(PackVersionRow.check_result, PackVersionRow.checked_hash, PackVersionRow.checked_at),
)
@strawberry.type(description="A version of a guideline that the kommun has made itself.")
class PackVersion(Node):
    """A version of a guideline that the kommun has made itself."""

    pack: str = column(PackVersionRow.pack, description="kommun/guideline")
    number: str = column(PackVersionRow.number, description="Three numbers: 2026.3.0.")
    state: PackVersionState = column(PackVersionRow.state)
    in_force_from: dt.date = column(PackVersionRow.in_force_from)
    in_force_to: dt.date | None = column(PackVersionRow.in_force_to)
    based_on: str = column(PackVersionRow.based_on, description="The version it was started from.")
    fingerprint: str = column(
        PackVersionRow.content_hash, description="Equal for equal files: their SHA-256."
    )
    made_by: PrincipalRef | None = to_one("Principal", PackVersionRow.made_by)
    made_at: dt.datetime = column(PackVersionRow.made_at)
    submitted_by: PrincipalRef | None = to_one("Principal", PackVersionRow.submitted_by)
    submitted_at: dt.datetime | None = column(PackVersionRow.submitted_at)
    approved_by: PrincipalRef | None = to_one("Principal", PackVersionRow.approved_by)
    approved_at: dt.datetime | None = column(PackVersionRow.approved_at)
    activated_at: dt.datetime | None = column(PackVersionRow.activated_at)
    reason: str = column(
        PackVersionRow.reason, description='Why it was rejected, frozen or withdrawn; "" else.'
    )
    version: int = column(PackVersionRow.version)
    files: list[PackVersionFileRef] = to_many(
        "PackVersionFile", FileRow.pack_version_id, order=(FileRow.name,)
    )
    history: list[PackVersionStepRef] = to_many(
        "PackVersionStep", EventRow.pack_version_id, order=(EventRow.at, EventRow.id)
    )

    @computed(needs=("state",), description="The state in Swedish (sv) or English (en).")
    def state_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The state in words."""
        return worded(VERSION_STATES.get(self.row["state"]), lang, self.row["state"])

    @computed(5, description="What the latest check found; null before the first.")
    def check(self) -> PackCheck | None:
        """What the latest check found."""
        if self.row["check_result"] is None:
            return None
        return PackCheck(
            result=self.row["check_result"],
            checked_at=self.row["checked_at"],
            current=self.row["checked_hash"] == self.row["content_hash"],
        )

    @computed(
        20,
        needs=("id",),
        reads=False,
        description="The guideline as it reads; null while it has not passed the check.",
    )
    def guideline(self, info: Info) -> Pack | None:
        """The guideline as it reads."""
        try:
            return Pack(model=packs_of(info.context.session).stored(self.row["id"]))
        except PolicyError:
            return None

    @computed(
        100,
        description="What it says otherwise than another version, by default the one it is based "
        "on; null while it has not passed the check, and for a version that there is not.",
    )
    def diff(self, info: Info, against: str | None = None) -> PackDiff | None:
        """What it says otherwise than another version."""
        session = info.context.session
        try:
            other = known_version(session, self.row["pack"], against or self.row["based_on"])
            if other is None:
                return None
            found = differences(
                packs_of(session).get(other.name, other.number),
                files_of_known(session, other),
                packs_of(session).stored(self.row["id"]),
                files_of(session, self.row["id"]),
            )
        except PolicyError:
            return None
        return PackDiff(
            from_version=other.number,
            to_version=self.row["number"],
            parameters=[PackParameterChange(model=one) for one in found.parameters],
            rules=[PackRuleChange(model=one) for one in found.rules],
            others=[PackItemChange(model=one) for one in found.others],
        )

    @computed(
        20,
        description="Its figures as the files have them, checked or not; empty where the files "
        "cannot be read.",
    )
    def parameters(self, info: Info) -> list[PackParameter]:
        """Its figures as the files have them."""
        files = files_of(info.context.session, self.row["id"])
        return [PackParameter(model=one) for one in written_parameters(files)]

    @computed(2, description="Whether the caller has written in it or sent it for approval.")
    def prepared_by_caller(self, info: Info) -> bool:
        """Whether the caller is one of those who prepared it: they do not approve it."""
        return info.context.actor.principal_id in _prepared_by(info.context, self)

    @computed(2, description="Whether the caller may approve it, reject it or let it apply again.")
    def may_decide(self, info: Info) -> bool:
        """Whether the caller may decide on it: not on what they prepared themselves."""
        return self.decided_by_other(info.context)

    @computed(2, description="Open cases that are pinned to it.")
    def open_cases(self, info: Info) -> int:
        """Open cases that are pinned to it."""
        found = together(self, "open_cases", lambda rows: _open_cases(info.context, rows))
        return int(found or 0)

    def decided_by_other(self, context: Context) -> bool:
        """Whether the caller approves versions and has not prepared this one."""
        actor = context.actor
        return allows(actor, Action.POLICY_APPROVE) and actor.principal_id not in _prepared_by(
            context, self
        )


def _prepared_by(context: Context, version: PackVersion) -> frozenset[UUID]:
    row = context.session.find(PackVersionRow, version.row["id"])
    return service.prepared_by(context.session, row)


def _open_cases(context: Context, rows: Any) -> dict[Any, int]:
    by_version = _counted(context, {row["pack"] for row in rows})
    return {row["id"]: by_version.get((row["pack"], row["number"]), 0) for row in rows}


def _counted(context: Context, packs: set[str]) -> dict[tuple[str, str], int]:
    """Open cases by guideline and version. How many there are tells nothing of anybody."""
    counted = context.session.execute(
        select(CaseRow.pack, CaseRow.pack_version, func.count())
        .where(CaseRow.state == "open", CaseRow.pack.in_(packs))
        .group_by(CaseRow.pack, CaseRow.pack_version)
    )
    return {(pack, number): count for pack, number, count in counted}


@strawberry.type(description="A version that cases are or may be pinned to.")
class KnownPackVersion:
    """A version that cases are or may be pinned to: installed, or the kommun's own."""

    model: strawberry.Private[KnownVersion]

    @computed(description="Three numbers.")
    def number(self) -> str:
        """The version."""
        return self.model.number

    @computed(description="installed, or the state of the kommun's own version.")
    def state(self) -> str:
        """Where it stands."""
        return self.model.state

    @computed(description="The state in Swedish (sv) or English (en).")
    def state_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The state in words."""
        return worded(VERSION_STATES.get(self.model.state), lang, self.model.state)

    @computed()
    def in_force_from(self) -> dt.date:
        """The first day on which it applies."""
        return self.model.in_force.start

    @computed()
    def in_force_to(self) -> dt.date | None:
        """The last day on which it applies."""
        return self.model.in_force.end

    @computed(description="Whether new cases are pinned to it from its first day on.")
    def binding(self) -> bool:
        """Whether new cases are pinned to it."""
        return self.model.binding

    @computed(2, description="Open cases that are pinned to it.")
    def open_cases(self, info: Info) -> int:
        """Open cases that are pinned to it."""
        name = self.model.name
        return _counted(info.context, {name}).get((name, self.model.number), 0)

    @computed(2, description="The kommun's own version; null for an installed one.")
    def own(self, info: Info) -> PackVersion | None:
        """The kommun's own version."""
        return find(info.context, PackVersion, self.model.row_id)
