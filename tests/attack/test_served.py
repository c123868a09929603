"""The platform as it is served: logins that somebody has prepared, and callers who never finish."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hemvist_attack import Tally
from hemvist_attack_served import (
    attack_begun_elsewhere,
    attack_fixation,
    attack_leading,
    attack_slowly,
)
from hemvist_browser import serve_platform

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(database: str, valkey: str) -> Iterator[str]:
    with serve_platform() as address:
        yield address


def test_a_session_that_somebody_has_put_there_is_not_taken_over(
    tally: Tally, address: str
) -> None:
    attack_fixation(tally, address)


def test_a_login_that_another_browser_began_is_not_finished(tally: Tally, address: str) -> None:
    attack_begun_elsewhere(tally, address)


def test_a_login_leads_to_the_kommuns_own_pages(tally: Tally, address: str) -> None:
    attack_leading(tally, address)
    assert tally.count("logins") > 10


def test_callers_who_never_finish_keep_nobody_waiting(tally: Tally, address: str) -> None:
    attack_slowly(tally, address)
