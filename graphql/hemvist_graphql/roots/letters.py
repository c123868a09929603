"""Letters of the cases."""

from __future__ import annotations

import strawberry

from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.letters.types import (
    Letter,
    LetterFile,
    LetterPreview,
    file_shown,
    preview_shown,
)
from hemvist_graphql.loading import find
from hemvist_graphql.reading import computed, looked_up


@strawberry.type
class LetterRoots:
    """Letters of the cases."""

    @looked_up("Letter")
    def letter(self, info: Info, id: strawberry.ID) -> Letter | None:
        """A letter by its id."""
        return find(info.context, Letter, row_id_of("Letter", id))

    @computed(50, description="A draft of a letter as it would go out now. Logged.")
    def letter_preview(self, info: Info, letter_id: strawberry.ID) -> LetterPreview | None:
        """A draft of a letter as it would go out now."""
        return preview_shown(info.context, row_id_of("Letter", letter_id))

    @computed(50, description="A letter's bytes: released, or a draft marked as one. Logged.")
    def letter_file(self, info: Info, letter_id: strawberry.ID) -> LetterFile | None:
        """A letter's bytes."""
        return file_shown(info.context, row_id_of("Letter", letter_id))
