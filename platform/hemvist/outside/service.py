"""Writing a package of a request between kommuner, and taking the answer in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hemvist import audit
from hemvist.cases.models import Case
from hemvist.errors import Conflict
from hemvist.identity import Action, Actor
from hemvist.kommun_requests import service as requests
from hemvist.kommun_requests.access import request_for
from hemvist.kommun_requests.models import KommunRequest
from hemvist.networks.service import code_of
from hemvist.outside.packages import package, read_answer
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

_REFERENCE = "outside.reference"


@dataclass(frozen=True, slots=True)
class Package:
    """A file for somebody to send, and the function that it is for (funktionsadress in SDK)."""

    name: str
    content: bytes
    function_address: str


def export(session: TenantSession, actor: Actor, *, request_id: UUID) -> Package:
    """The package of a request that the kommun makes, for a person to send by SDK. It is logged.

    It says what is asked, on which ground and why, and not of whom: who it is about goes with the
    data, when they are handed over. Raises ``NotFound`` outside the circle, ``NotAllowed``,
    ``Conflict`` when nothing waits for an answer.
    """
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    _require_waiting(request)
    reference = reference_of(request)
    content = package(
        reference,
        request.kind,
        {
            "from": code_of(session, session.tenant_id),
            "to": request.counterpart,
            "sent_on": str(request.sent_on),
            "wish": request.wish,
            "reasons": request.reasons,
        },
    )
    _log(session, actor, request, case, "exported")
    return Package(f"begaran-{reference}.zip", content, request.function_address)


def take_answer(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    content: bytes,
    expected_version: int,
) -> KommunRequest:
    """Take in the file that came back, as the other kommun's answer.

    Raises as ``export``; ``ValidationFailed`` for a file that is no answer to this very request.
    """
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    _require_waiting(request)
    said = read_answer(content, reference_of(request))
    answered = requests.answer(
        session,
        actor,
        request_id=request.id,
        agreed=said.agreed,
        reasons=said.reasons,
        expected_version=expected_version,
        on=said.answered_on,
    )
    _log(session, actor, request, case, "answer_taken_in")
    return answered


def reference_of(request: KommunRequest) -> str:
    """What a request is called between two kommuner: leads to nothing here without the kommun's key."""
    keys = tenant_keys(request.tenant_id)
    return keys.blind_index(_REFERENCE, str(request.id)).hex()[:20].upper()


def _require_waiting(request: KommunRequest) -> None:
    if request.direction != "outgoing" or request.state != "waiting":
        raise Conflict(
            "kommun_request_moved_on", "it waits for no answer of theirs", state=request.state
        )


def _log(
    session: TenantSession, actor: Actor, request: KommunRequest, case: Case, event: str
) -> None:
    audit.record(
        session,
        actor,
        Action.KOMMUN_REQUEST_HANDLE,
        case_id=case.id,
        subject_type="kommun_request",
        subject_id=request.id,
        details={"event": event},
    )
