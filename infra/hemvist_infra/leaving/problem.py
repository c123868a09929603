"""What keeps a kommun's data from going out, coming in or going away; one line for the operator."""

from __future__ import annotations

from hemvist.errors import HemvistError


class LeavingProblem(HemvistError):
    """It cannot be done, or what lies there is not as it was written."""
