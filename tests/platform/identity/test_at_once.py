"""Two at once: what must happen only once does, whoever comes first."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy import func, select

from hemvist.db import Audience
from hemvist.identity import LoginRefused, Refusal, authenticate_bearer, get_directory
from hemvist.identity.login import begin_login, complete_login
from hemvist.identity.models import Principal
from hemvist.identity.sessions import digest
from hemvist.tenancy import tenant_session
from hemvist_login import Served, browser
from hemvist_testing import owner_connection

SLUG = "helsingborg"


def test_one_answer_sent_eight_times_at_once_opens_one_session(platform: Served) -> None:
    with browser(platform.address) as client:
        first = client.get(f"/{SLUG}/login")
        asked = {n: v[0] for n, v in parse_qs(urlsplit(first.headers["location"]).query).items()}
        back = client.post(
            f"/dev-issuer/{SLUG}/authorize", data={**asked, "username": "elin.karimi"}
        )
        cookies = dict(client.cookies)

    def come_back(_: int) -> httpx2.Response:
        with httpx2.Client(cookies=cookies, trust_env=False, timeout=30) as one:
            return one.get(back.headers["location"])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(come_back, range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 7
    assert sum("hemvist_session" in answer.cookies for answer in answers) == 1


def test_a_state_being_used_is_waited_for(platform: Served) -> None:
    """The second to come reads the attempt only when the first has marked it as used."""
    begun = begin_login(SLUG)
    state = parse_qs(urlsplit(begun.url).query)["state"][0]
    with ThreadPoolExecutor(1) as pool, owner_connection() as first:
        tenant_id = str(get_directory().tenant_id(SLUG))
        first.execute("SELECT set_config('hemvist.tenant_id', %s, true)", (tenant_id,))
        first.execute(
            "UPDATE login_attempts SET used_at = now() WHERE state_sha256 = %s", (digest(state),)
        )
        second = pool.submit(
            complete_login, SLUG, {"state": state}, browser_secret=begun.browser_secret
        )
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        first.commit()
        with pytest.raises(LoginRefused) as refused:
            second.result(timeout=20)
    assert refused.value.code is Refusal.STATE_USED


def test_a_first_token_sent_eight_times_at_once_makes_one_principal(platform: Served) -> None:
    issuer, now = platform.issuers[SLUG], int(time.time())
    subject = f"new-{secrets.token_hex(6)}"
    token = issuer.sign(
        {
            "iss": issuer.address,
            "aud": issuer.api_audience,
            "sub": subject,
            "scope": issuer.api_scope,
            "groups": ["hv-property-ff"],
            "iat": now,
            "exp": now + 60,
        },
        typ="at+jwt",
    )
    with ThreadPoolExecutor(8) as pool:
        actors = list(pool.map(lambda _: authenticate_bearer(SLUG, token), range(8)))
    assert len({actor.principal_id for actor in actors}) == 1
    with tenant_session(Audience.STAFF, get_directory().tenant_id(SLUG)) as session:
        count = select(func.count()).select_from(Principal).where(Principal.subject == subject)
        assert session.scalar(count) == 1
