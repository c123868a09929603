"""Login in a kommun over real HTTP: the way in, and every way that is shut."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from sqlalchemy import select

from hemvist.audit.models import AuditEntry
from hemvist.db import Audience
from hemvist.identity import Membership, Role, authenticate_session
from hemvist.tenancy import tenant_session
from hemvist_infra.dev_issuer.client import log_in
from hemvist_login import Served, browser, serve_login
from hemvist_testing import owner_connection

COOKIE = "hemvist_session"
AIDA = "aida.lindqvist"


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


@pytest.fixture
def address(platform: Served) -> str:
    return platform.address


@pytest.fixture
def client(address: str) -> Iterator[httpx2.Client]:
    with browser(address) as made:
        yield made


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def begin(client: httpx2.Client, slug: str = "helsingborg", **parameters: str) -> dict[str, str]:
    """What our login page asks of the issuer."""
    answer = client.get(f"/{slug}/login", params=parameters)
    assert answer.status_code == 303
    return query(answer.headers["location"])


def choose(client: httpx2.Client, asked: dict[str, str], username: str = AIDA) -> dict[str, str]:
    """What the issuer sends back after a person was chosen."""
    slug = asked["redirect_uri"].split("/")[3]
    answer = client.post(f"/dev-issuer/{slug}/authorize", data={**asked, "username": username})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(asked["redirect_uri"] + "?")
    return query(answer.headers["location"])


def come_back(
    client: httpx2.Client, answer: dict[str, str], slug: str = "helsingborg"
) -> httpx2.Response:
    return client.get(f"/{slug}/oidc/callback", params=answer)


def refused(response: httpx2.Response, code: str, status: int = 400) -> None:
    assert response.status_code == status, response.text
    assert f"<small>{code}</small>" in response.text
    assert COOKIE not in response.cookies


def test_a_caseworker_logs_in(client: httpx2.Client, address: str) -> None:
    asked = begin(client, return_to="/helsingborg/cases?open=1")
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    done = come_back(client, choose(client, asked))
    assert done.status_code == 303
    assert done.headers["location"] == "/helsingborg/cases?open=1"
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower() and "Path=/" in cookie
    session = authenticate_session(client.cookies[COOKIE])
    assert session is not None
    assert session.actor.name == "Aida Lindqvist"
    assert session.actor.memberships == {Membership(Role.CASEWORKER, "SOF-VUX")}
    assert session.tenant_slug == "helsingborg"


def test_each_kommun_has_its_own_people(client: httpx2.Client, address: str) -> None:
    """Karlstad's issuer signs with another kind of key and knows nobody of Helsingborg."""
    log_in(client, address, "karlstad", "sanna.tervo")
    session = authenticate_session(client.cookies[COOKIE])
    assert session is not None
    assert session.actor.memberships == {Membership(Role.PROPERTY_OFFICER, "BG")}
    asked = begin(client, "karlstad")
    stranger = client.post(
        "/dev-issuer/karlstad/authorize", data={**asked, "username": "aida.lindqvist"}
    )
    assert stranger.status_code == 404


def test_the_page_of_people_works_without_javascript(client: httpx2.Client) -> None:
    page = client.get("/dev-issuer/helsingborg/authorize", params=begin(client))
    assert page.status_code == 200
    assert "Aida Lindqvist" in page.text and "Fastighetsförvaltningen" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_replayed_state_is_refused(client: httpx2.Client) -> None:
    answer = choose(client, begin(client))
    assert come_back(client, answer).status_code == 303
    first = client.cookies[COOKIE]
    refused(come_back(client, answer), "state_used")
    assert authenticate_session(first) is not None


def test_a_state_nobody_gave_is_refused(client: httpx2.Client) -> None:
    answer = choose(client, begin(client))
    refused(come_back(client, {**answer, "state": "A" * 43}), "state_unknown")


def test_a_missing_state_is_refused(client: httpx2.Client) -> None:
    answer = choose(client, begin(client))
    del answer["state"]
    refused(come_back(client, answer), "state_unknown")


def test_a_state_of_another_browser_is_refused(client: httpx2.Client, address: str) -> None:
    answer = choose(client, begin(client))
    with browser(address) as other:
        begin(other)
        refused(come_back(other, answer), "other_browser")
    with browser(address) as bare:
        refused(come_back(bare, choose(client, begin(client))), "other_browser")


def test_a_state_is_good_for_ten_minutes(client: httpx2.Client) -> None:
    answer = choose(client, begin(client))
    with owner_connection() as owner:
        tenant = owner.execute("SELECT id FROM tenants WHERE slug = 'helsingborg'").fetchone()
        assert tenant is not None
        owner.execute("SELECT set_config('hemvist.tenant_id', %s, true)", (str(tenant[0]),))
        left = owner.execute(
            "UPDATE login_attempts SET expires_at = expires_at - interval '10 minutes'"
            " WHERE used_at IS NULL RETURNING expires_at < now() + interval '1 second'"
        ).fetchall()
    assert left and all(row[0] for row in left)
    refused(come_back(client, answer), "state_expired")


def test_a_state_of_one_kommun_is_unknown_in_another(client: httpx2.Client) -> None:
    answer = choose(client, begin(client))
    refused(come_back(client, answer, "karlstad"), "state_unknown")


def test_an_answer_of_another_issuer_is_refused(client: httpx2.Client, address: str) -> None:
    """RFC 9207: mix-up of issuers."""
    answer = choose(client, begin(client))
    refused(
        come_back(client, {**answer, "iss": f"{address}/dev-issuer/karlstad"}), "issuer_mismatch"
    )


def test_an_answer_that_hides_its_issuer_is_refused(client: httpx2.Client) -> None:
    answer = choose(client, begin(client))
    del answer["iss"]
    refused(come_back(client, answer), "issuer_mismatch")


def test_a_used_code_is_refused_even_with_a_fresh_state(client: httpx2.Client) -> None:
    first = choose(client, begin(client))
    assert come_back(client, first).status_code == 303
    second = choose(client, begin(client))
    refused(come_back(client, {**second, "code": first["code"]}), "code_refused")


def test_a_stolen_code_fails_for_its_verifier(client: httpx2.Client, address: str) -> None:
    """PKCE: a code put into another login does not fit that login's verifier."""
    stolen = choose(client, begin(client))
    with browser(address) as thief:
        own = choose(thief, begin(thief))
        refused(come_back(thief, {**own, "code": stolen["code"]}), "code_refused")


def test_an_id_token_of_another_login_is_refused(client: httpx2.Client, platform: Served) -> None:
    """The issuer puts another nonce into the token than this login asked for."""
    answer = choose(client, begin(client))
    platform.issuers["helsingborg"]._codes[answer["code"]].nonce = "of-another-login"
    refused(come_back(client, answer), "token_nonce")


def test_a_refusal_by_the_issuer_is_told(client: httpx2.Client, address: str) -> None:
    asked = begin(client)
    back = {"state": asked["state"], "iss": f"{address}/dev-issuer/helsingborg"}
    refused(come_back(client, {**back, "error": "access_denied"}), "denied_by_issuer")


def test_someone_without_a_role_is_not_let_in(client: httpx2.Client) -> None:
    answer = choose(client, begin(client), "olof.utan")
    refused(come_back(client, answer), "no_membership", 403)


def test_an_unknown_kommun_is_not_found(client: httpx2.Client) -> None:
    refused(client.get("/atlantis/login"), "tenant_unknown", 404)
    refused(client.get("/atlantis/oidc/callback?state=x&code=y"), "tenant_unknown", 404)


def test_no_session_is_fixed_before_login(client: httpx2.Client, address: str) -> None:
    """A cookie planted before the login is worth nothing after it."""
    log_in(client, address, "helsingborg", "elin.karimi")
    planted = client.cookies[COOKIE]
    with browser(address) as victim:
        victim.cookies.set(COOKIE, planted)
        log_in(victim, address, "helsingborg", AIDA)
        values = {cookie.value for cookie in victim.cookies.jar if cookie.name == COOKIE}
    fresh = (values - {planted}).pop()
    assert fresh is not None
    session = authenticate_session(fresh)
    assert session is not None and session.actor.name == "Aida Lindqvist"
    assert authenticate_session(planted) is None


def test_a_new_login_gets_a_new_session(client: httpx2.Client, address: str) -> None:
    log_in(client, address, "helsingborg", AIDA)
    before = client.cookies[COOKIE]
    log_in(client, address, "helsingborg", AIDA)
    after = client.cookies[COOKIE]
    assert before.split(".")[1] != after.split(".")[1]
    assert before.split(".")[2] != after.split(".")[2]
    assert authenticate_session(before) is None


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/%5cevil.example/",
        "\\\\evil.example",
        "/helsingborg/\r\nSet-Cookie: a=b",
        "/helsingborg/..//evil.example",
        "/helsingborg/%2e%2e/karlstad/",
        "/karlstad/",
        "javascript:alert(1)",
        "/helsingborg/login",
        "/helsingborg/oidc/callback",
        " /helsingborg/",
        "/\t/evil.example",
        "helsingborg/",
        "//[",
        "https://[x",
        "/helsingborg/" + "a" * 3000,
    ],
)
def test_no_login_leads_out_of_the_kommun(client: httpx2.Client, target: str) -> None:
    answer = client.get("/helsingborg/login?" + urlencode({"return_to": target}))
    done = come_back(client, choose(client, query(answer.headers["location"])))
    assert done.headers["location"] == "/helsingborg/"


def test_logout_shuts_the_session_here_and_at_the_issuer(
    client: httpx2.Client, address: str
) -> None:
    log_in(client, address, "helsingborg", AIDA)
    cookie = client.cookies[COOKIE]
    session = authenticate_session(cookie)
    assert session is not None
    answer = client.post("/helsingborg/logout", data={"csrf": session.csrf_token})
    assert answer.status_code == 303
    target = answer.headers["location"]
    assert target.startswith(f"{address}/dev-issuer/helsingborg/end-session?")
    assert query(target)["id_token_hint"].count(".") == 2
    assert COOKIE not in client.cookies
    assert authenticate_session(cookie) is None
    back = client.get(target)
    assert (back.status_code, back.headers["location"]) == (303, f"{address}/helsingborg/")


def test_logout_needs_the_sessions_own_form(client: httpx2.Client, address: str) -> None:
    log_in(client, address, "helsingborg", AIDA)
    with browser(address) as other:
        log_in(other, address, "helsingborg", "elin.karimi")
        foreign = authenticate_session(other.cookies[COOKIE])
    assert foreign is not None
    for token in ("", "guess", foreign.csrf_token):
        refused(client.post("/helsingborg/logout", data={"csrf": token}), "csrf", 403)
    assert authenticate_session(client.cookies[COOKIE]) is not None


def test_logout_without_a_session_is_told(client: httpx2.Client) -> None:
    refused(client.post("/helsingborg/logout", data={"csrf": "x"}), "session_missing", 401)


def test_another_name_of_this_machine_is_led_to_the_one_whose_cookies_count(
    client: httpx2.Client, address: str
) -> None:
    port = urlsplit(address).port
    answer = client.get(
        "/helsingborg/login?return_to=/helsingborg/a", headers={"host": f"localhost:{port}"}
    )
    assert answer.headers["location"] == f"{address}/helsingborg/login?return_to=/helsingborg/a"
    foreign = client.get("/helsingborg/login", headers={"host": "evil.example"})
    assert foreign.headers["location"].startswith(f"{address}/dev-issuer/helsingborg/authorize?")


def test_login_and_logout_stand_in_the_audit_log(client: httpx2.Client, address: str) -> None:
    log_in(client, address, "helsingborg", "lars.nyholm")
    session = authenticate_session(client.cookies[COOKIE])
    assert session is not None
    client.post("/helsingborg/logout", data={"csrf": session.csrf_token})
    with tenant_session(Audience.STAFF, session.actor.tenant_id) as database:
        entries = database.scalars(
            select(AuditEntry)
            .where(AuditEntry.principal_id == session.actor.principal_id)
            .order_by(AuditEntry.at)
        ).all()
    assert [entry.action for entry in entries] == ["session.open", "session.close"]
    assert all(entry.roles == ["log_reviewer"] for entry in entries)


def test_errors_reveal_nothing(client: httpx2.Client) -> None:
    answer = choose(client, begin(client))
    page = come_back(client, {**answer, "code": "<script>x</script>"})
    refused(page, "code_refused")
    for secret in ("script", "Traceback", "dev-issuer", "client_secret", answer["state"]):
        assert secret not in page.text
