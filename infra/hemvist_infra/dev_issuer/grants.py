"""What the development issuer keeps of clients and of the consents given to them."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist_infra.dev_issuer.people import Person

#: A program of a person, without a secret: PKCE is its whole proof (RFC 8252).
CLI_CLIENT = "hemvist-cli"
CLI_REDIRECT = "http://127.0.0.1:8765/callback"


class GrantRefused(Exception):
    """An error answer of the token endpoint (RFC 6749 §5.2)."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client. ``secret`` None: public."""

    client_id: str
    secret: str | None
    redirect_uris: tuple[str, ...] = ()
    after_logout_uris: tuple[str, ...] = ()
    grants: tuple[str, ...] = ("authorization_code", "refresh_token")


@dataclass(slots=True)
class Grant:
    """A person's consent, from code to the last refresh token."""

    client_id: str
    person: Person
    scopes: frozenset[str]
    session: str
    auth_time: int
    nonce: str | None
    redirect_uri: str
    challenge: str
    ends_at: float
    code_used: bool = False
    refresh_token: str | None = None
    revoked: bool = False
