"""Decisions that nothing has carried out: the lines of the quarterly report, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hemvist.authority_forms.rules.scope import Found, Scope
from hemvist.unexecuted import report


def unexecuted(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """The report's lines of a standing, or about somebody of a sex."""
    lines = scope.once(
        "lines", lambda: report.lines(scope.session, scope.department, scope.first, scope.last)
    )
    for line in lines:
        if given.get("standing", line.standing) != line.standing:
            continue
        if given.get("sex", line.sex) != line.sex:
            continue
        yield Found(line.decision.case_id, line.decision.id, line.since)
