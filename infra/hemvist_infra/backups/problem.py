"""What stops a backup or a restore."""

from __future__ import annotations

from hemvist.errors import HemvistError


class BackupProblem(HemvistError):
    """A backup cannot be made, read or restored; the message says what to do, in one line."""
