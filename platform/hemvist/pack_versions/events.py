"""What happens to a version: names in its history, in the audit log and in the outbox."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """A step in the life of a version, in the past tense."""

    DRAFTED = "drafted"
    CHANGED = "changed"
    #: The check found no error, or it did.
    PASSED = "passed"
    FAILED = "failed"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    ACTIVATED = "activated"
    FROZEN = "frozen"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"

    @property
    def event(self) -> str:
        """What the outbox calls it."""
        return f"pack_version_{self.value}"


#: Steps that make a person one of those who prepared the version.
PREPARING = (Step.DRAFTED.value, Step.CHANGED.value, Step.SUBMITTED.value)
