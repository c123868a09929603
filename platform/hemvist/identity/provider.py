"""An issuer as it describes itself: discovery document and signing keys, cached and checked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, OctKey

from hemvist.identity.issuers import KEY_TYPES
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.settings import get_settings

TIMEOUT_S = 5.0
MAX_BYTES = 512_000
LIFETIME_S = 3600.0
#: An issuer that does not answer is believed as last heard for so long.
GRACE_S = 24 * 3600.0
#: An unknown key id makes us ask again, but not more often than this: else anyone could make us ask.
MIN_INTERVAL_S = 10.0
#: After a failure with nothing kept, callers are told at once instead of each waiting in line.
FAILURE_PAUSE_S = 2.0

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """The parts of the discovery document (OpenID Connect Discovery 1.0 §3) that are used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    #: RFC 9207: the issuer promises ``iss`` in its answer to the browser.
    names_itself: bool


def check_address(address: str) -> str:
    """``address`` if it is safe to speak to: https, or this machine outside production."""
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if parts.scheme == "https" and parts.hostname:
        return address
    if local and get_settings().environment != "production":
        return address
    raise LoginRefused(Refusal.ISSUER_UNAVAILABLE, f"not an https address: {address}")


def http_options(address: str) -> dict[str, Any]:
    """Options of every call to an issuer. A proxy of the surroundings is not for this machine."""
    return {
        "timeout": TIMEOUT_S,
        "follow_redirects": False,
        "trust_env": urlsplit(address).hostname not in _LOOPBACK,
    }


ValueT = TypeVar("ValueT")


class _Kept(Generic[ValueT]):
    """Something fetched, kept for a while, and asked for again within bounds."""

    def __init__(self, fetch: Callable[[], ValueT]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._value: ValueT | None = None
        self._fetched_at = 0.0
        self._tried_at = float("-inf")
        self._failure: LoginRefused | None = None

    def get(self, *, again: bool = False) -> ValueT:
        with self._lock:
            now = time.monotonic()
            age, pause = now - self._fetched_at, now - self._tried_at
            if self._value is not None:
                if (age <= LIFETIME_S and not again) or pause < MIN_INTERVAL_S:
                    return self._value
            elif self._failure is not None and pause < FAILURE_PAUSE_S:
                raise LoginRefused(self._failure.code, self._failure.detail)
            self._tried_at = now
            try:
                self._value = self._fetch()
            except LoginRefused as failure:
                self._failure = failure
                if self._value is None or age > GRACE_S:
                    raise
            else:
                self._fetched_at = now
            return self._value

    def at_hand(self) -> ValueT | None:
        """What ``get`` gives, where that takes no asking and no waiting; else None."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            fresh = time.monotonic() - self._fetched_at <= LIFETIME_S
            return self._value if fresh else None
        finally:
            self._lock.release()


class Provider:
    """One issuer. Safe to share between threads."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._metadata = _Kept(self._discover)
        self._keys = _Kept(self._fetch_keys)

    def metadata(self) -> Metadata:
        """The discovery document, at most an hour old while the issuer answers."""
        return self._metadata.get()

    def key(self, algorithm: str, key_id: str | None) -> Key:
        """The public key for ``algorithm`` that the issuer calls ``key_id``.

        An unknown id makes us fetch the keys once more, since issuers change keys. Without an id
        the issuer must have just one key of the kind. Raises ``LoginRefused``.
        """
        kind = KEY_TYPES[algorithm]
        found = self._pick(self._keys.get(), kind, algorithm, key_id)
        if found is None:
            found = self._pick(self._keys.get(again=True), kind, algorithm, key_id)
        if found is None:
            raise LoginRefused(Refusal.TOKEN_KEY_UNKNOWN, self.issuer)
        return found

    def keys(self) -> object:
        """The issuer's keys as last fetched, at most an hour old: another object is another set."""
        return self._keys.get()

    def keys_at_hand(self) -> object | None:
        """``keys`` where they need not be fetched, else None."""
        return self._keys.at_hand()

    def get_json(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A JSON object from the issuer. Raises ``LoginRefused`` when it gives none."""
        check_address(address)
        try:
            with httpx2.Client(**http_options(address)) as client:
                response = client.get(address, headers=dict(headers or {}))
            if response.status_code != 200 or len(response.content) > MAX_BYTES:
                raise LoginRefused(
                    Refusal.ISSUER_UNAVAILABLE, f"{address}: HTTP {response.status_code}"
                )
            data = response.json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise LoginRefused(Refusal.ISSUER_UNAVAILABLE, f"{address}: {error}") from error
        if not isinstance(data, dict):
            raise LoginRefused(Refusal.ISSUER_UNAVAILABLE, f"{address}: not a JSON object")
        return data

    def _discover(self) -> Metadata:
        issuer = self.issuer
        document = self.get_json(issuer.rstrip("/") + "/.well-known/openid-configuration")
        if document.get("issuer") != issuer:
            raise LoginRefused(
                Refusal.ISSUER_MISMATCH, f"{issuer} calls itself {document.get('issuer')!r}"
            )

        def endpoint(name: str) -> str | None:
            value = document.get(name)
            return check_address(value) if isinstance(value, str) else None

        def needed(name: str) -> str:
            value = endpoint(name)
            if value is None:
                raise LoginRefused(Refusal.ISSUER_UNAVAILABLE, f"{issuer} states no {name}")
            return value

        return Metadata(
            issuer=issuer,
            authorization_endpoint=needed("authorization_endpoint"),
            token_endpoint=needed("token_endpoint"),
            jwks_uri=needed("jwks_uri"),
            userinfo_endpoint=endpoint("userinfo_endpoint"),
            end_session_endpoint=endpoint("end_session_endpoint"),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _fetch_keys(self) -> KeySet:
        address = self.metadata().jwks_uri
        document = self.get_json(address)
        try:
            return KeySet.import_key_set({"keys": document["keys"]})
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise LoginRefused(Refusal.ISSUER_UNAVAILABLE, f"{address}: {error}") from error

    @staticmethod
    def _pick(keys: KeySet, kind: str, algorithm: str, key_id: str | None) -> Key | None:
        fitting = [
            key
            for key in keys
            if not isinstance(key, OctKey)
            and key.key_type == kind
            and key.get("use") in (None, "sig")
            and key.get("alg") in (None, algorithm)
            and key_id in (None, key.kid)
        ]
        return fitting[0] if len(fitting) == 1 else None


_providers: dict[str, Provider] = {}
_providers_lock = threading.Lock()


def provider(issuer: str) -> Provider:
    """The provider at the address ``issuer``, one per process so that all share what it keeps."""
    with _providers_lock:
        return _providers.setdefault(issuer, Provider(issuer))


def forget_providers() -> None:
    """Drop everything kept of every issuer, as after a change of their set-up."""
    with _providers_lock:
        _providers.clear()
