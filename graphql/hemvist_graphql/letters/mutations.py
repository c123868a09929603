"""Commands on letters."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.cases.access import case_for
from hemvist.errors import ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.letters import service
from hemvist.letters.contents import MAKERS
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class DraftLetterInput:
    """A letter to begin."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    kind: str = text(40)
    subject_id: str = text(
        200, description="What it is about: the id of the decision, offer, contract …"
    )
    own_words: str | None = text(service.MAX_WORDS, default=None)


@command(
    DraftLetterInput,
    gives="letter",
    description="Begin a letter about a record of the case; it follows the record until released.",
)
def draft_letter(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Begin a letter."""
    # Whose case it is comes first: to others there is no such case, whatever else they send.
    case_for(session, actor, values["case_id"], Action.LETTER_DRAFT)
    kind = values["kind"]
    if kind not in MAKERS:
        raise ValidationFailed.one("kind", "unknown_choice", "no such letter", allowed=[*MAKERS])
    subject = row_id_of(MAKERS[kind][0].__name__, values["subject_id"])
    if subject is None:
        raise ValidationFailed.one("subjectId", "no_such_letter", "not what such a letter is about")
    return service.draft(session, actor, **(values | {"subject_id": subject}))


@strawberry.input
class ReviseLetterInput:
    """Other words for a draft."""

    idempotency_key: str
    letter_id: strawberry.ID = refers_to("Letter")
    expected_version: int
    own_words: str = text(service.MAX_WORDS)


@command(ReviseLetterInput, gives="letter", description="Change what the writer has added.")
def revise_letter(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Change what the writer has added."""
    return service.revise(session, actor, **values)


@strawberry.input
class DiscardLetterInput:
    """A draft to throw away."""

    idempotency_key: str
    letter_id: strawberry.ID = refers_to("Letter")
    expected_version: int


@command(DiscardLetterInput, gives="letter", description="Throw a draft away.")
def discard_letter(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Throw a draft away."""
    return service.discard(session, actor, **values)


@strawberry.input
class ReleaseLetterInput:
    """A letter to release."""

    idempotency_key: str
    letter_id: strawberry.ID = refers_to("Letter")
    expected_version: int


@command(
    ReleaseLetterInput,
    gives="letter",
    description="Release the letter: its bytes are kept and never change. Refused where it holds "
    "anything protected of the case's household.",
)
def release_letter(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Release the letter."""
    return service.release(session, actor, **values)
