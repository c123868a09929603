"""A kommun's issuer tested live: everything that a login will need, one step at a time.

The steps follow each other as a login does (OpenID Connect Discovery 1.0 §4, Core 1.0 §3.1): name,
certificate, discovery document, keys, our client, the address that people come back to, clock. The first
that cannot be passed is told in words that the kommun's own people can act on. Nobody logs in.
"""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from hemvist.clock import real_now
from hemvist.identity.exchange import callback_url
from hemvist.identity.issuers import KEY_TYPES, IssuerConfig
from hemvist.identity.provider import check_address, http_options
from hemvist.identity.refusals import LoginRefused
from hemvist.identity.tokens import LEEWAY_S
from hemvist_infra.tenant_life.findings import Report
from hemvist_tenants.reading import near

#: Days before a certificate ends from which it is told.
CERTIFICATE_DAYS = 30
_DISCOVERY = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class _Stop(Exception):
    """The rest cannot be tried before this is mended."""


def check_issuer(report: Report, slug: str, config: IssuerConfig) -> None:
    """Try the issuer of ``config`` for the kommun ``slug``, and note each step in ``report``."""
    _Trial(report, slug, config).run()


class _Trial:
    def __init__(self, report: Report, slug: str, config: IssuerConfig) -> None:
        self.report = report
        self.slug = slug
        self.config = config
        self.about = f"issuer {config.issuer}"

    def run(self) -> None:
        try:
            self._reached()
            document = self._discovered()
            self._promises(document)
            self._keys(document)
            self._client(document)
            self._redirect(document)
        except _Stop:
            return

    def _fine(self, message: str) -> None:
        self.report.fine(self.about, message)

    def _stop(self, message: str, cure: str) -> _Stop:
        self.report.fault(self.about, message, cure)
        return _Stop()

    def _reached(self) -> None:
        """The name is known, somebody listens there, and the certificate is theirs."""
        try:
            check_address(self.config.issuer)
        except LoginRefused:
            raise self._stop(
                "is not an https address", "people's tokens are not sent in clear: use https"
            ) from None
        parts = urlsplit(self.config.issuer)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise self._stop(
                f"the name {host} is not known here ({error.strerror or error})",
                "look for a slip in the address; else this server's DNS cannot see the kommun's",
            ) from None
        try:
            with socket.create_connection((host, port), timeout=5) as raw:
                if parts.scheme == "https":
                    self._certificate(raw, host)
        except ssl.SSLCertVerificationError as error:
            raise self._stop(
                f"its certificate does not hold: {error.verify_message}",
                "the issuer must send its whole chain, for this very name, from an authority that"
                " this server knows (or SSL_CERT_FILE names)",
            ) from None
        except ssl.SSLError as error:
            raise self._stop(
                f"TLS does not come about: {error.reason or error}",
                "it must speak TLS 1.2 or later",
            ) from None
        except OSError as error:
            raise self._stop(
                f"nobody answers at {host} port {port} ({error.strerror or error})",
                "the way out from this server to that address must be open in both firewalls",
            ) from None
        self._fine(f"{host} answers")

    def _certificate(self, raw: socket.socket, host: str) -> None:
        with ssl.create_default_context().wrap_socket(raw, server_hostname=host) as secure:
            found = secure.getpeercert() or {}
        ends = ssl.cert_time_to_seconds(str(found["notAfter"]))
        days = int((ends - real_now().timestamp()) // 86_400)
        if days < CERTIFICATE_DAYS:
            self.report.note(self.about, f"its certificate ends in {days} days", "renew it in time")

    def _ask(self, address: str) -> httpx2.Response:
        try:
            check_address(address)
            with httpx2.Client(**http_options(address)) as client:
                return client.get(address)
        except (httpx2.HTTPError, httpx2.InvalidURL, LoginRefused) as error:
            raise self._stop(
                f"{address} does not answer: {error}", "try it from this server"
            ) from None

    def _discovered(self) -> Mapping[str, Any]:
        address = self.config.issuer.rstrip("/") + _DISCOVERY
        answer = self._ask(address)
        if answer.status_code != 200:
            raise self._stop(
                f"{address} answers with HTTP {answer.status_code}",
                "issuer in the file is the address before /.well-known/openid-configuration",
            )
        self._clock(answer)
        try:
            document = answer.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise self._stop(
                f"{address} is no discovery document", "it is a page for people, or a proxy's"
            )
        named = document.get("issuer")
        if named != self.config.issuer:
            raise self._stop(
                f"calls itself {named!r}",
                f'write issuer = "{named}": it must be the same to the letter, the last / too',
            )
        missing = [name for name in _ENDPOINTS if not isinstance(document.get(name), str)]
        if missing:
            raise self._stop(
                f"its discovery document has no {', '.join(missing)}", "it is no OpenID issuer"
            )
        self._fine("its discovery document names it and every endpoint")
        return document

    def _clock(self, answer: httpx2.Response) -> None:
        try:
            theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
        except (TypeError, ValueError):
            return
        if theirs.tzinfo is None:
            theirs = theirs.replace(tzinfo=UTC)
        apart = abs((real_now() - theirs).total_seconds())
        if apart > LEEWAY_S:
            self.report.fault(
                self.about,
                f"its clock and ours are {apart:.0f} seconds apart",
                f"tokens are refused from {LEEWAY_S} seconds on: set both by NTP",
            )
        else:
            self._fine("its clock is ours")

    def _promises(self, document: Mapping[str, Any]) -> None:
        """What the document says that it can, where it says so at all."""
        for name, wanted, cure in (
            ("id_token_signing_alg_values_supported", self.config.algorithms, "algorithms"),
            ("scopes_supported", self.config.scopes, "scopes"),
        ):
            offered = document.get(name)
            if not isinstance(offered, list):
                continue
            lacking = [one for one in wanted if one not in offered]
            message = f"does not offer {', '.join(lacking)} ({name})"
            cure = f"it offers {', '.join(map(str, offered))}: set {cure} in the file by it"
            if name == "scopes_supported" and lacking:
                # The list need not be complete (Discovery 1.0 §3): the login itself will tell.
                self.report.note(self.about, message, cure)
            elif lacking and len(lacking) == len(wanted):
                self.report.fault(self.about, message, cure)
        if "S256" not in document.get("code_challenge_methods_supported", ["S256"]):
            self.report.fault(
                self.about, "does not take PKCE with S256", "switch PKCE S256 on there"
            )
        if "code" not in document.get("response_types_supported", ["code"]):
            self.report.fault(
                self.about,
                "does not offer the authorization code flow",
                "switch it on for the client",
            )
        if self.config.use_userinfo and not document.get("userinfo_endpoint"):
            self.report.fault(
                self.about, "has no userinfo endpoint", "set use_userinfo = false in the file"
            )
        self._claims(document)

    def _claims(self, document: Mapping[str, Any]) -> None:
        offered = document.get("claims_supported")
        if not isinstance(offered, list):
            return
        needed = {rule.claim[0] for rule in self.config.rules} | set(self.config.required_claims)
        for name in sorted(needed - set(offered)):
            like = near(name, [one for one in offered if isinstance(one, str)])
            self.report.note(
                self.about,
                f"does not list the claim {name!r} that roles come from{', ' if like else ''}{like}",
                "let it send the claim, or look with --claims at what it sends (claims_supported)",
            )

    def _keys(self, document: Mapping[str, Any]) -> None:
        address = document["jwks_uri"]
        answer = self._ask(address)
        try:
            keys = list(KeySet.import_key_set({"keys": answer.json()["keys"]}))
        except (JoseError, KeyError, TypeError, ValueError, AttributeError):
            raise self._stop(
                f"{address} gives no keys", "its jwks_uri must be open to us"
            ) from None
        kinds = {KEY_TYPES[algorithm] for algorithm in self.config.algorithms}
        fitting = [
            key
            for key in keys
            if not isinstance(key, OctKey)
            and key.key_type in kinds
            and key.get("use") in (None, "sig")
            and key.get("alg") in (None, *self.config.algorithms)
        ]
        if not fitting:
            raise self._stop(
                f"has no key for {', '.join(self.config.algorithms)}",
                "set algorithms in the file to what it signs ID tokens with",
            )
        self._fine(f"{len(fitting)} of its {len(keys)} keys can sign what we take")

    def _client(self, document: Mapping[str, Any]) -> None:
        """Ask for tokens with a code that never was: who it refuses, the code or us, is the answer."""
        form = {
            "grant_type": "authorization_code",
            "code": secrets.token_urlsafe(24),
            "code_verifier": secrets.token_urlsafe(48),
            "redirect_uri": callback_url(self.slug),
        }
        address = document["token_endpoint"]
        who = (self.config.client_id, self.config.client_secret)
        try:
            with httpx2.Client(**http_options(check_address(address))) as client:
                answer = client.post(address, data=form, auth=who)
        except (httpx2.HTTPError, LoginRefused) as error:
            raise self._stop(
                f"{address} does not answer: {error}", "try it from this server"
            ) from None
        code = _error_of(answer)
        if code == "invalid_grant":
            self._fine(f"knows the client {self.config.client_id} and its secret")
        elif code in ("invalid_client", "unauthorized_client") or answer.status_code == 401:
            self.report.fault(
                self.about,
                f"refuses the client {self.config.client_id} ({code or answer.status_code})",
                "client_id and the secret must be of one client there, which is confidential and may"
                " use the authorization code flow with client_secret_basic",
            )
        else:
            self.report.note(
                self.about,
                f"answered {answer.status_code} {code} to a code that never was",
                "whether it knows our client shows at the first login",
            )

    def _redirect(self, document: Mapping[str, Any]) -> None:
        """Begin a login as a browser would; an issuer that does not know the address stops there."""
        back = callback_url(self.slug)
        asked = {
            "response_type": "code",
            "client_id": self.config.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.config.scopes),
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": secrets.token_urlsafe(32),
            "code_challenge_method": "S256",
        }
        address = str(httpx2.URL(document["authorization_endpoint"]).copy_merge_params(asked))
        answer = self._ask(address)
        target = answer.headers.get("Location", "")
        if answer.status_code >= 400:
            self.report.fault(
                self.about,
                f"refuses to begin a login (HTTP {answer.status_code})",
                f"register the redirect URI {back} there, to the letter",
            )
        elif target.startswith(back) and "error=" in target:
            error = httpx2.URL(target).params.get("error", "")
            self.report.fault(
                self.about,
                f"sends people back with {error!r}",
                "look at the client's scopes and flows",
            )
        else:
            self._fine(f"begins a login that comes back to {back}")


def _error_of(answer: httpx2.Response) -> str:
    """The OAuth error that an answer names, or nothing (RFC 6749 §5.2)."""
    try:
        return str(answer.json().get("error", ""))
    except (ValueError, AttributeError):
        return ""
