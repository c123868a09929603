"""What a person can mend is told in a line, with exit status 2, by whatever process it meets."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hemvist.errors import HemvistError
from hemvist.settings import MissingSetting, WrongSettings
from hemvist_infra.embedded import ServerProblem
from hemvist_tenants import TenantFileError

#: The status of a process that was refused before it had done anything.
REFUSED = 2


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """End the process with a line for each fault instead of a traceback: no setting or file of a
    kommun that does not hold is our failure.
    """
    try:
        yield
    except (HemvistError, MissingSetting, WrongSettings, ServerProblem, TenantFileError) as error:
        lines = str(error).splitlines() if isinstance(error, WrongSettings) else [str(error)]
        for line in lines:
            print(f"hemvist: {line}", file=sys.stderr)
        sys.exit(REFUSED)
