"""Authorities' forms."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.authority_forms.models import AuthorityForm as FormRow
from hemvist.authority_forms.models import AuthorityFormLine as LineRow
from hemvist.identity import Action
from hemvist_graphql.authority_forms.kinds import AuthorityFormKind, kinds
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.reading import computed
from hemvist_graphql.roots.filtering import short

_FORMS = Ordering("authority_forms", (FormRow.last_day, FormRow.id))
_LINES = Ordering("authority_form_lines", (LineRow.on_day, LineRow.id), descending=False)


@strawberry.type
class AuthorityFormRoots:
    """Authorities' forms."""

    @computed(
        description="The forms there are, with their windows, for those who prepare them.",
    )
    def authority_form_kinds(self, info: Info) -> list[AuthorityFormKind]:
        """The forms there are."""
        return kinds(info.context.actor)

    @connection(
        "AuthorityForm",
        _FORMS,
        needs=Action.AUTHORITY_FORM_PREPARE,
        description="Forms that the caller's departments have prepared, the newest period first.",
    )
    def authority_forms(self, info: Info, code: str | None = None) -> list[ColumnElement[bool]]:
        """Forms that the caller's departments have prepared."""
        return [] if code is None else [FormRow.form == short("code", code)]

    @connection(
        "AuthorityFormLine",
        _LINES,
        needs=Action.AUTHORITY_FORM_PREPARE,
        description="Rows behind a figure, or behind all, of cases that the caller sees, oldest first.",
    )
    def authority_form_lines(
        self, info: Info, authority_form_id: strawberry.ID, question: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The rows behind a figure, or behind all."""
        found: list[ColumnElement[bool]] = [
            LineRow.form_id == row_id_of("AuthorityForm", authority_form_id)
        ]
        if question is not None:
            found.append(LineRow.question == short("question", question))
        return found
