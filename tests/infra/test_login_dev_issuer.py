"""The development issuer keeps the rules of a real one, so that the login is really tried."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from hemvist.settings import get_settings
from hemvist_infra.dev_issuer import demo_logins, dev_issuer_app
from hemvist_infra.dev_issuer.client import machine_token, person_token, person_tokens
from hemvist_infra.dev_issuer.grants import CLI_CLIENT, CLI_REDIRECT
from hemvist_login import Served, browser, serve_login
from hemvist_tenants import development_secret, load_tenants

SLUG = "helsingborg"
PORTAL = "hemvist-helsingborg"
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-0123456789"


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


@pytest.fixture
def issuer(platform: Served) -> Iterator[httpx2.Client]:
    with browser(platform.issuers[SLUG].address) as client:
        yield client


def ask(platform: Served, **changes: str) -> dict[str, str]:
    request = {
        "client_id": PORTAL,
        "redirect_uri": f"{platform.address}/{SLUG}/oidc/callback",
        "response_type": "code",
        "scope": "openid profile groups offline_access",
        "state": "s",
        "nonce": "n",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
        "username": "aida.lindqvist",
    }
    return {name: value for name, value in {**request, **changes}.items() if value}


def sent_back(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def a_code(issuer: httpx2.Client, platform: Served, **changes: str) -> str:
    return sent_back(issuer.post("/authorize", data=ask(platform, **changes)))["code"]


def redeem(issuer: httpx2.Client, platform: Served, code: str, **changes: str) -> httpx2.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": f"{platform.address}/{SLUG}/oidc/callback",
        "code_verifier": VERIFIER,
        "client_id": PORTAL,
        "client_secret": development_secret(SLUG, PORTAL),
    }
    return issuer.post("/token", data={n: v for n, v in {**form, **changes}.items() if v})


def refused(answer: httpx2.Response, error: str) -> None:
    assert answer.status_code == (401 if error == "invalid_client" else 400), answer.text
    assert answer.json()["error"] == error
    assert "access_token" not in answer.text


def refresh(issuer: httpx2.Client, token: str) -> httpx2.Response:
    return issuer.post(
        "/token",
        data={"grant_type": "refresh_token", "refresh_token": token},
        auth=(PORTAL, development_secret(SLUG, PORTAL)),
    )


@pytest.mark.parametrize("verifier", ["", "another" * 8, VERIFIER + "x", challenge(VERIFIER)])
def test_a_wrong_verifier_is_refused(
    issuer: httpx2.Client, platform: Served, verifier: str
) -> None:
    code = a_code(issuer, platform)
    refused(redeem(issuer, platform, code, code_verifier=verifier), "invalid_grant")
    # Tried once is used up: guessing gets no second try.
    refused(redeem(issuer, platform, code), "invalid_grant")


def test_the_right_verifier_gets_tokens(issuer: httpx2.Client, platform: Served) -> None:
    answer = redeem(issuer, platform, a_code(issuer, platform))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert {"access_token", "id_token", "refresh_token"} <= answer.json().keys()


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": ""},
        {"code_challenge_method": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
    ],
)
def test_no_code_without_pkce(
    issuer: httpx2.Client, platform: Served, changes: dict[str, str]
) -> None:
    answer = sent_back(issuer.post("/authorize", data=ask(platform, **changes)))
    assert answer["error"] == "invalid_request" and "code" not in answer


def test_only_codes_are_given(issuer: httpx2.Client, platform: Served) -> None:
    answer = sent_back(issuer.post("/authorize", data=ask(platform, response_type="token")))
    assert answer["error"] == "unsupported_response_type"


@pytest.mark.parametrize(
    "path",
    ["/oidc/callback/", "/oidc/callback?x=1", "/OIDC/callback", "/../karlstad/oidc/callback"],
)
def test_nothing_is_sent_to_an_unregistered_address(
    issuer: httpx2.Client, platform: Served, path: str
) -> None:
    for target in (f"{platform.address}/{SLUG}{path}", f"https://evil.example{path}"):
        answer = issuer.post("/authorize", data=ask(platform, redirect_uri=target))
        assert answer.status_code == 400
        assert "location" not in answer.headers


def test_an_unknown_client_gets_nothing(issuer: httpx2.Client, platform: Served) -> None:
    assert issuer.post("/authorize", data=ask(platform, client_id="x")).status_code == 400
    assert issuer.get("/authorize").status_code == 400


def test_an_unknown_person_is_told_and_the_request_kept(
    issuer: httpx2.Client, platform: Served
) -> None:
    answer = issuer.post("/authorize", data=ask(platform, username="<b>nobody</b>"))
    assert answer.status_code == 404
    assert "&lt;b&gt;nobody" in answer.text and "<b>nobody" not in answer.text
    assert challenge(VERIFIER) in answer.text


def test_a_code_is_good_once_and_a_replay_ends_what_it_gave(
    issuer: httpx2.Client, platform: Served
) -> None:
    code = a_code(issuer, platform)
    tokens = redeem(issuer, platform, code).json()
    refused(redeem(issuer, platform, code), "invalid_grant")
    refused(refresh(issuer, tokens["refresh_token"]), "invalid_grant")


def test_a_code_is_short_lived(issuer: httpx2.Client, platform: Served) -> None:
    code = a_code(issuer, platform)
    platform.issuers[SLUG]._codes[code].ends_at = time.time() - 1
    refused(redeem(issuer, platform, code), "invalid_grant")


def test_a_code_is_bound_to_its_client_and_address(issuer: httpx2.Client, platform: Served) -> None:
    other = {"client_id": CLI_CLIENT, "client_secret": ""}
    refused(redeem(issuer, platform, a_code(issuer, platform), **other), "invalid_grant")
    wrong = {"redirect_uri": CLI_REDIRECT}
    refused(redeem(issuer, platform, a_code(issuer, platform), **wrong), "invalid_grant")


def test_a_code_of_one_kommun_is_nothing_in_another(
    issuer: httpx2.Client, platform: Served
) -> None:
    code = a_code(issuer, platform)
    secret = development_secret("karlstad", "hemvist-karlstad")
    with browser(platform.issuers["karlstad"].address) as karlstad:
        client = {"client_id": "hemvist-karlstad", "client_secret": secret}
        refused(redeem(karlstad, platform, code, **client), "invalid_grant")


@pytest.mark.parametrize(
    "client",
    [
        {"client_secret": "wrong"},
        {"client_secret": ""},
        {"client_id": "unknown"},
        {"client_id": CLI_CLIENT, "client_secret": "any"},
        {"client_secret": development_secret("karlstad", PORTAL)},
    ],
)
def test_a_client_must_prove_itself(
    issuer: httpx2.Client, platform: Served, client: dict[str, str]
) -> None:
    code = a_code(issuer, platform)
    refused(redeem(issuer, platform, code, **client), "invalid_client")
    assert redeem(issuer, platform, code).status_code == 200


@pytest.mark.parametrize("header", ["Basic !!!", "Basic eA==", "Bearer x", "Basic \x00"])
def test_a_broken_authorization_header_is_refused(issuer: httpx2.Client, header: str) -> None:
    answer = issuer.post(
        "/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": header.replace("\x00", "%00")},
    )
    refused(answer, "invalid_client")


def test_refresh_tokens_rotate(issuer: httpx2.Client, platform: Served) -> None:
    first = redeem(issuer, platform, a_code(issuer, platform)).json()["refresh_token"]
    second = refresh(issuer, first).json()["refresh_token"]
    assert second != first
    third = refresh(issuer, second).json()["refresh_token"]
    # An old one that comes again was stolen, or the new one was: nobody may go on.
    refused(refresh(issuer, first), "invalid_grant")
    refused(refresh(issuer, third), "invalid_grant")


def test_no_refresh_token_unasked(issuer: httpx2.Client, platform: Served) -> None:
    code = a_code(issuer, platform, scope="openid profile")
    assert "refresh_token" not in redeem(issuer, platform, code).json()


def test_a_machine_gets_only_a_token_of_its_own(platform: Served, issuer: httpx2.Client) -> None:
    name = "fastighetssystem-helsingborg"
    token = machine_token(platform.address, SLUG, name)
    claims = platform.issuers[SLUG]._own(token)
    assert (claims["sub"], claims["aud"]) == (name, "hemvist-api")
    portal = {"client_id": name, "client_secret": development_secret(SLUG, name)}
    refused(redeem(issuer, platform, a_code(issuer, platform), **portal), "unauthorized_client")
    with pytest.raises(httpx2.HTTPStatusError):
        machine_token(platform.address, SLUG, PORTAL)


def test_userinfo_speaks_of_the_bearer_only(platform: Served, issuer: httpx2.Client) -> None:
    tokens = person_tokens(platform.address, SLUG, "ingrid.falk", scope="openid profile groups")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = issuer.get("/userinfo", headers=bearer)
    assert answer.json()["name"] == "Ingrid Falk"
    assert issuer.get("/userinfo").status_code == 401
    foreign = person_token(platform.address, "karlstad", "petra.solberg")
    wrong = {"Authorization": f"Bearer {foreign}"}
    assert issuer.get("/userinfo", headers=wrong).status_code == 401


def test_logout_leads_only_to_registered_places(platform: Served, issuer: httpx2.Client) -> None:
    home = f"{platform.address}/{SLUG}/"
    there = {"client_id": PORTAL, "post_logout_redirect_uri": home}
    assert issuer.get("/end-session", params=there).headers["location"] == home
    for target in ("https://evil.example/", home + "x", ""):
        answer = issuer.get("/end-session", params={**there, "post_logout_redirect_uri": target})
        assert (answer.status_code, "location" in answer.headers) == (200, False)
    answer = issuer.get("/end-session", params={**there, "id_token_hint": "x.y.z"})
    assert "location" not in answer.headers


def test_keys_differ_between_kommuner_and_outlive_a_restart(tmp_path: Path) -> None:
    def keys() -> dict[str, Any]:
        app = dev_issuer_app("http://127.0.0.1:1", tmp_path, load_tenants())
        return {slug: issuer.key.as_dict() for slug, issuer in app.state.issuers.items()}

    first = keys()
    assert first["helsingborg"]["kty"] == "RSA" and first["karlstad"]["kty"] == "EC"
    assert keys() == first
    for file in (tmp_path / "dev-issuer").iterdir():
        assert file.stat().st_mode & 0o077 == 0


def test_keys_that_are_public_hold_nothing_private(issuer: httpx2.Client) -> None:
    (key,) = issuer.get("/jwks").json()["keys"]
    assert not {"d", "p", "q", "dp", "dq", "qi"} & key.keys()


def test_it_refuses_to_exist_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMVIST_ENVIRONMENT", "production")
    monkeypatch.setenv("HEMVIST_BASE_URL", "https://hemvist.example")
    get_settings.cache_clear()
    try:
        with pytest.raises(RuntimeError, match="production"):
            dev_issuer_app("https://hemvist.example", tmp_path, load_tenants())
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


def test_the_banner_names_everyone() -> None:
    logins = {(login.slug, login.username): login for login in demo_logins()}
    aida = logins[("helsingborg", "aida.lindqvist")]
    assert (aida.kommun, aida.role, aida.department) == ("Helsingborg", "Handläggare", "SOF-VUX")
    assert logins[("karlstad", "sanna.tervo")].department == "BG"
    held = {(login.role, login.department) for (slug, _), login in logins.items() if slug == SLUG}
    for department in ("AMF", "SOF-BUF", "SOF-VUX", "VOF"):
        assert {("Handläggare", department), ("Chef", department)} <= held
