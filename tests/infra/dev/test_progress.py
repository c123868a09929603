"""What of the processes' lines reaches the screen."""

from __future__ import annotations

import io

from rich.console import Console

from hemvist_infra.dev.progress import Steps


def test_daily_work_stays_in_the_log_and_trouble_is_shown() -> None:
    screen = io.StringIO()
    steps = Steps(Console(file=screen, width=200))
    steps.show("worker", '{"event": "task", "level": "info"}')
    steps.show("worker", '{"event": "task", "level": "error"}')
    steps.show("web", "Address already in use")
    shown = screen.getvalue()
    assert '"info"' not in shown
    assert 'worker | {"event": "task", "level": "error"}' in shown
    assert "web    | Address already in use" in shown
