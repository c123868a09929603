"""Who reads: session, kommun and language, and the one door to data, the GraphQL API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from hemvist.identity import AuthenticatedSession, LoginRefused, authenticate_session, require_csrf
from hemvist.identity.sessions import cookie_name
from hemvist.outages import Outage
from hemvist.serving import caller_is
from hemvist_graphql import execute
from hemvist_portal.documents import document
from hemvist_portal.errors import Forbidden, LoginNeeded, Missing, StaleForm, TryAgain, Unreadable
from hemvist_portal.forms import Failure, Form
from hemvist_portal.rights import with_flags
from hemvist_portal.wording import language_of, mark, translate
from hemvist_tenants import TenantConfig, known_tenants

#: Cookie with the code of what was just done, shown once.
FLASH = "hemvist_flash"


class ReadFailed(RuntimeError):
    """A page's own document was refused: a fault of ours. Carries codes, never values."""


@dataclass(slots=True)
class Visitor:
    """One request of a logged-in person."""

    request: Request
    slug: str
    kommun: TenantConfig
    lang: str
    session: AuthenticatedSession
    flash: str = ""
    #: What the layout shows of the reader, from the page's own document.
    frame: Mapping[str, Any] = field(default_factory=dict)
    #: Commands of this request that were carried out.
    done: int = 0

    def url(self, path: str) -> str:
        """``path`` under this kommun."""
        return f"/{self.slug}/{path}"

    def words(self, text: str) -> str:
        """``text`` in the reader's language."""
        return translate(self.lang, text)

    def read(self, name: str, /, **variables: Any) -> dict[str, Any]:
        """The data of document ``name``.

        Raises ``Forbidden`` when the API refuses, ``Unreadable`` for a value that it cannot read.
        """
        answer = self.ask(name, {"lang": self.lang, **variables})
        data: dict[str, Any] = answer.get("data") or {}
        if answer.get("errors"):
            _raise(name, answer["errors"])
        if "me" in data:
            self.frame = self.framed(data)
        return data

    def ask(self, name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The API's answer to document ``name`` from this reader."""
        return execute(self.session.actor, document(name), variables, None)

    def framed(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the layout shows, of a page's ``data`` with ``me`` in it."""
        return with_flags(data["me"])

    def node(self, name: str, field_name: str, /, **variables: Any) -> dict[str, Any]:
        """As ``read``; ``field_name`` must have been found. Raises ``Missing``."""
        data = self.read(name, **variables)
        if not data.get(field_name):
            raise Missing
        return data

    def command(self, name: str, form: Form, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Carry out mutation ``name``; None when it was refused, and ``form`` then says why.

        Raises ``Missing`` and ``Forbidden``, which no change of the form would cure.
        """
        sent = {"idempotencyKey": form.key, **values}
        answer = self.ask(f"commands/{name}", {"lang": self.lang, "input": sent})
        if answer.get("errors"):
            if _codes(answer["errors"]) == {"BAD_INPUT"}:
                words = mark(
                    "Något i formuläret gick inte att läsa. Gå igenom det och försök igen."
                )
                form.fail(Failure("ValidationFailed", self.words(words)))
                return None
            _raise(name, answer["errors"], unchanged=not self.done)
        result: dict[str, Any] = answer["data"]["result"]
        match result["__typename"]:
            case "NotFound":
                raise Missing
            case "NotAllowed":
                raise Forbidden(result.get("action", ""), result.get("message", ""))
            case "ValidationFailed" | "PolicyRefused" | "Conflict":
                form.fail(Failure.of(result))
                return None
        self.done += 1
        return result

    def require(self, flag: str, action: str) -> None:
        """Raise ``Forbidden`` where the API has said that the reader lacks the right to ``action``.

        A form that could only be refused is not shown. ``flag`` is the frame's name of the right.
        """
        self.read("frame")
        if not self.frame[flag]:
            raise Forbidden(action)

    def check_form(self, token: str) -> None:
        """Raise ``StaleForm`` unless the form was made for this session."""
        try:
            require_csrf(self.session, token)
        except LoginRefused as refused:
            raise StaleForm from refused


def visitor_of(request: Request, slug: str) -> Visitor:
    """The reader of ``request``. Raises ``Missing`` for no such kommun, ``LoginNeeded``."""
    kommun = known_tenants().get(slug)
    if kommun is None:
        raise Missing
    cookie = request.cookies.get(cookie_name(), "")
    session = authenticate_session(cookie)
    if session is None or session.tenant_slug != slug:
        raise LoginNeeded
    caller_is(request.scope, cookie, session.actor.tenant_id, session.actor.principal_id)
    flash = request.cookies.get(FLASH, "")
    return Visitor(request, slug, kommun, language_of(request), session, flash)


def _codes(errors: list[dict[str, Any]]) -> set[str]:
    return {(error.get("extensions") or {}).get("code", "") for error in errors}


_OUTAGES = {"BUSY": Outage.BUSY, "TIMEOUT": Outage.TIMEOUT, "UNAVAILABLE": Outage.UNAVAILABLE}


def _raise(name: str, errors: list[dict[str, Any]], *, unchanged: bool = False) -> None:
    codes = _codes(errors)
    for code in codes & _OUTAGES.keys():
        outage = _OUTAGES[code]
        done = any("carriedOut" in (error.get("extensions") or {}) for error in errors)
        known = unchanged and not done and outage is not Outage.UNAVAILABLE
        raise TryAgain(outage, unchanged=known)
    if codes <= {"NOT_ALLOWED", "FORBIDDEN"}:
        details = errors[0].get("extensions") or {}
        raise Forbidden(details.get("action", ""))
    if codes <= {"BAD_CURSOR", "BAD_PAGE", "BAD_INPUT"}:
        raise Unreadable
    raise ReadFailed(f"{name}: {', '.join(sorted(codes))}")
