"""Bearer tokens: whom they let in, and each way in which one does not hold."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import (
    LoginRefused,
    Membership,
    Refusal,
    Role,
    authenticate_bearer,
    get_directory,
)
from hemvist.identity.models import MembershipRow, Principal
from hemvist.identity.principals import refresh_memberships
from hemvist.identity.provider import forget_providers
from hemvist.tenancy import tenant_session
from hemvist_infra.dev_issuer.client import machine_token, person_token, person_tokens
from hemvist_infra.dev_issuer.people import people_of
from hemvist_login import Served, session_cookie
from hemvist_testing import owner_connection

SLUG = "helsingborg"


def claims_for(platform: Served, **changes: Any) -> dict[str, Any]:
    """What a good access token says, with ``changes``; None leaves a claim out."""
    now = int(time.time())
    good = {
        "iss": platform.issuers[SLUG].address,
        "aud": "hemvist-api",
        "sub": "a-program",
        "client_id": "some-client",
        "name": "Ett program",
        "scope": "hemvist.api",
        "groups": ["hv-caseworker-amf"],
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def token_for(platform: Served, **changes: Any) -> str:
    return platform.issuers[SLUG].sign(claims_for(platform, **changes), typ="at+jwt")


def refusal(slug: str, token: str) -> Refusal:
    with pytest.raises(LoginRefused) as refused:
        authenticate_bearer(slug, token)
    return refused.value.code


def test_a_persons_program_acts_as_the_person(platform: Served) -> None:
    actor = authenticate_bearer(SLUG, person_token(platform.address, SLUG, "ingrid.falk"))
    assert actor.name == "Ingrid Falk"
    assert actor.memberships == {Membership(Role.PROPERTY_OFFICER, "FF")}
    assert actor.channel == "api"
    assert actor.tenant_id == get_directory().tenant_id(SLUG)
    again = authenticate_bearer(SLUG, person_token(platform.address, SLUG, "ingrid.falk"))
    assert again.principal_id == actor.principal_id


def test_token_and_session_are_the_same_principal(platform: Served) -> None:
    actor = authenticate_bearer(SLUG, person_token(platform.address, SLUG, "elin.karimi"))
    _, _, session = session_cookie(SLUG, "elin.karimi")
    assert session.actor.principal_id == actor.principal_id


def test_a_machine_acts_as_itself(platform: Served) -> None:
    token = machine_token(platform.address, "karlstad", "fastighetssystem-karlstad")
    actor = authenticate_bearer("karlstad", token)
    assert actor.name == "Fastighetssystemet"
    assert actor.memberships == {Membership(Role.PROPERTY_OFFICER, "BG")}
    with tenant_session(Audience.STAFF, actor.tenant_id) as session:
        assert session.find(Principal, actor.principal_id).kind == "machine"


def test_a_token_of_one_kommun_is_refused_in_another(platform: Served) -> None:
    token = person_token(platform.address, "karlstad", "petra.solberg")
    assert authenticate_bearer("karlstad", token).name == "Petra Solberg"
    assert refusal(SLUG, token) is Refusal.ISSUER_UNKNOWN


def test_a_token_that_only_claims_the_other_issuer_is_refused(platform: Served) -> None:
    """Karlstad's key under Helsingborg's name."""
    forged = platform.issuers["karlstad"].sign(claims_for(platform))
    assert refusal(SLUG, forged) is Refusal.TOKEN_ALGORITHM
    key = RSAKey.generate_key(2048, auto_kid=True)
    header = {"alg": "RS256", "kid": platform.issuers[SLUG].key.kid}
    own_key = jwt.encode(header, claims_for(platform), key)
    assert refusal(SLUG, own_key) is Refusal.TOKEN_SIGNATURE


def test_an_expired_token_is_refused(platform: Served) -> None:
    now = int(time.time())
    just = token_for(platform, iat=now - 600, exp=now - 30)
    assert authenticate_bearer(SLUG, just).name == "Ett program"  # within the clocks' leeway
    assert refusal(SLUG, token_for(platform, iat=now - 600, exp=now - 61)) is Refusal.TOKEN_EXPIRED


def test_a_token_without_expiry_is_refused(platform: Served) -> None:
    assert refusal(SLUG, token_for(platform, exp=None)) is Refusal.TOKEN_CLAIM


@pytest.mark.parametrize("exp", ["soon", True, float("nan"), [9999999999], 1e400])
def test_an_expiry_that_is_no_instant_is_refused(platform: Served, exp: object) -> None:
    assert refusal(SLUG, token_for(platform, exp=exp)) is Refusal.TOKEN_CLAIM


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_from_the_future_is_refused(platform: Served, claim: str) -> None:
    early = token_for(platform, **{claim: int(time.time()) + 300})
    assert refusal(SLUG, early) is Refusal.TOKEN_NOT_YET_VALID


@pytest.mark.parametrize("aud", [None, "somebody-else", ["x", "y"], "hemvist-helsingborg", 7])
def test_a_wrong_audience_is_refused(platform: Served, aud: object) -> None:
    assert refusal(SLUG, token_for(platform, aud=aud)) is Refusal.TOKEN_AUDIENCE


def test_one_of_several_audiences_is_enough(platform: Served) -> None:
    actor = authenticate_bearer(SLUG, token_for(platform, aud=["x", "hemvist-api"]))
    assert actor.name == "Ett program"


def test_an_id_token_is_no_bearer_token(platform: Served) -> None:
    tokens = person_tokens(platform.address, SLUG, "aida.lindqvist")
    assert refusal(SLUG, tokens["id_token"]) is Refusal.TOKEN_AUDIENCE


def test_a_logout_token_is_no_bearer_token(platform: Served) -> None:
    token = platform.issuers[SLUG].sign(claims_for(platform), typ="logout+jwt")
    assert refusal(SLUG, token) is Refusal.TOKEN_TYPE


@pytest.mark.parametrize("scope", [None, "openid profile", "hemvist.apis", ""])
def test_a_missing_scope_is_refused(platform: Served, scope: str | None) -> None:
    assert refusal(SLUG, token_for(platform, scope=scope)) is Refusal.TOKEN_SCOPE


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims)}"


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
def test_an_unsigned_token_is_refused(platform: Served, name: str) -> None:
    kid = platform.issuers[SLUG].key.kid
    token = unsigned({"alg": name, "kid": kid}, claims_for(platform)) + "."
    assert refusal(SLUG, token) is Refusal.TOKEN_ALGORITHM


def test_a_token_signed_with_the_public_key_as_secret_is_refused(platform: Served) -> None:
    """Everyone has the public key; HMAC with it must prove nothing, in any of its spellings."""
    key = platform.issuers[SLUG].key
    body = unsigned({"alg": "HS256", "kid": key.kid}, claims_for(platform))
    spellings = [
        key.as_pem(private=False),
        key.as_pem(private=False).strip(),
        json.dumps(key.as_dict(private=False)).encode(),
        key.as_der(private=False),
    ]
    for secret in spellings:
        mac = hmac.new(secret, body.encode(), hashlib.sha256).digest()
        token = f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        assert refusal(SLUG, token) is Refusal.TOKEN_ALGORITHM


def test_a_changed_token_is_refused(platform: Served) -> None:
    head, _, signature = token_for(platform).split(".")
    other = claims_for(platform, groups=["hv-admin"])
    body = unsigned({}, other).split(".")[1]
    assert refusal(SLUG, f"{head}.{body}.{signature}") is Refusal.TOKEN_SIGNATURE


def test_an_unknown_key_is_refused_and_asked_for_once(platform: Served) -> None:
    """The issuer's keys are fetched again for an unknown id, but nobody can make us do it often."""
    stranger = RSAKey.generate_key(2048, auto_kid=True)
    asked: list[str] = []
    served = httpx2.Client.get

    def counting(self: httpx2.Client, url: str, **options: Any) -> httpx2.Response:
        asked.append(url)
        return served(self, url, **options)

    forget_providers()
    authenticate_bearer(SLUG, token_for(platform))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2.Client, "get", counting)
        for _ in range(20):
            token = jwt.encode(
                {"alg": "RS256", "kid": stranger.kid}, claims_for(platform), stranger
            )
            assert refusal(SLUG, token) is Refusal.TOKEN_KEY_UNKNOWN
    assert len(asked) <= 1


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "....", "e30.e30.", "eyJhbGciOiJSUzI1NiJ9.W10.x", "é.é.é", "a" * 20_000],
)
def test_what_is_no_token_is_refused(platform: Served, token: str) -> None:
    assert refusal(SLUG, token) is Refusal.TOKEN_MALFORMED


def test_a_very_long_token_is_refused(platform: Served) -> None:
    token = token_for(platform, padding="x" * 20_000)
    assert refusal(SLUG, token) is Refusal.TOKEN_MALFORMED


@pytest.mark.parametrize("sub", [None, "", 7, "a\x00b", "å", "x" * 256])
def test_a_subject_that_is_no_identifier_is_refused(platform: Served, sub: object) -> None:
    assert refusal(SLUG, token_for(platform, sub=sub)) is Refusal.TOKEN_CLAIM


@pytest.mark.parametrize("groups", [None, [], "hv-", ["hv-caseworker"], {"hv-admin": 1}, [["x"]]])
def test_claims_that_earn_nothing_open_nothing(platform: Served, groups: object) -> None:
    assert refusal(SLUG, token_for(platform, groups=groups)) is Refusal.NO_MEMBERSHIP


def test_an_unknown_kommun_has_no_tokens(platform: Served) -> None:
    assert refusal("atlantis", token_for(platform)) is Refusal.TENANT_UNKNOWN


def test_a_name_is_cleaned_for_the_page_and_the_log(platform: Served) -> None:
    token = token_for(platform, sub="odd-name", name=" Å\x00sa\n\u202eLind " + "x" * 500)
    name = authenticate_bearer(SLUG, token).name
    assert name.startswith("Å sa Lind") and len(name) == 200


def test_a_blocked_principal_is_shut_out(platform: Served) -> None:
    token = token_for(platform, sub="to-be-blocked")
    actor = authenticate_bearer(SLUG, token)
    with tenant_session(Audience.STAFF, actor.tenant_id) as session:
        session.find(Principal, actor.principal_id).status = "blocked"
    assert refusal(SLUG, token) is Refusal.BLOCKED


def test_a_token_gives_no_more_than_the_issuer_said_since(platform: Served) -> None:
    """A role taken away at a later login is gone from older tokens too."""
    token = token_for(
        platform, sub="moved", groups=["hv-caseworker-amf", "hv-manager-amf"], iat=time.time() - 60
    )
    actor = authenticate_bearer(SLUG, token)
    assert actor.roles == {Role.CASEWORKER, Role.DEPARTMENT_MANAGER}
    kept = Membership(Role.CASEWORKER, "AMF")
    with tenant_session(Audience.STAFF, actor.tenant_id) as session:
        principal = session.find(Principal, actor.principal_id)
        refresh_memberships(session, principal, [kept], real_now())
    assert authenticate_bearer(SLUG, token).memberships == {kept}


def test_a_token_gives_no_more_than_it_says(platform: Served) -> None:
    """A program's token for one of the person's roles does not carry the others."""
    _, _, session = session_cookie(SLUG, "karin.dahlgren")
    assert session.actor.roles == {Role.POLICY_OFFICER}
    narrow = token_for(
        platform,
        sub=people_of(SLUG)["karin.dahlgren"].subject,
        groups=["hv-caseworker-amf"],
        iat=time.time() - 60,
    )
    assert refusal(SLUG, narrow) is Refusal.NO_MEMBERSHIP


def test_one_kommuns_principals_are_unseen_in_another(platform: Served) -> None:
    actor = authenticate_bearer(SLUG, token_for(platform, sub="unseen"))
    other = get_directory().tenant_id("karlstad")
    with tenant_session(Audience.STAFF, other) as session:
        assert session.get(Principal, (actor.tenant_id, actor.principal_id)) is None
        assert session.query(MembershipRow).filter_by(principal_id=actor.principal_id).all() == []
    with owner_connection() as owner:
        row = owner.execute("SELECT count(*) FROM principals").fetchone()
    assert row == (0,)


def test_every_demo_person_with_a_role_can_use_the_api(platform: Served) -> None:
    for slug in ("helsingborg", "karlstad"):
        for username, person in people_of(slug).items():
            if username != "olof.utan":
                token = person_token(platform.address, slug, username)
                assert authenticate_bearer(slug, token).name == person.name
