"""An issuer that is not as it should be is told in words that say what to do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from hemvist.identity import ClaimRule, IssuerConfig, Role
from hemvist_infra.tenant_life.findings import Report, Weight
from hemvist_infra.tenant_life.issuer import check_issuer
from hemvist_login import base_url
from hemvist_receiver import certificate_for
from hemvist_testing import open_folder

EC = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
RSA = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)


@dataclass
class Planted:
    """An issuer of the test: what it says of itself, and how it answers."""

    address: str
    document: dict[str, Any]
    keys: list[dict[str, Any]]
    #: Status and body of the token endpoint, and status and target of a begun login.
    token: tuple[int, dict[str, str]] = (400, {"error": "invalid_grant"})
    login: tuple[int, str] = (200, "")
    discovery: int = 200
    late: timedelta = timedelta(0)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def planted() -> Iterator[Planted]:
    """An issuer where nothing is wrong, to begin with."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    issuer = Planted(
        address,
        {
            "issuer": address,
            "authorization_endpoint": f"{address}/authorize",
            "token_endpoint": f"{address}/token",
            "jwks_uri": f"{address}/jwks",
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "response_types_supported": ["code"],
            "claims_supported": ["sub", "groups"],
        },
        [EC.as_dict(private=False)],
    )

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            if self.path.startswith("/.well-known"):
                self._send(issuer.discovery, issuer.document)
            elif self.path == "/jwks":
                self._send(200, {"keys": issuer.keys})
            else:
                self._send(issuer.login[0], {}, issuer.login[1])

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._send(*issuer.token)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(datetime.now(UTC) - issuer.late, usegmt=True)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the test's own output."""

        def _send(self, status: int, body: object, target: str = "") -> None:
            self.send_response(status)
            if target:
                self.send_header("Location", target)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with base_url("http://127.0.0.1:9"):
        yield issuer
    server.shutdown()
    server.server_close()


def config_of(address: str, **changed: Any) -> IssuerConfig:
    """A kommun's issuer at the address."""
    return IssuerConfig(
        **{
            "issuer": address,
            "client_id": "hemvist",
            "client_secret": "s" * 20,
            "api_audience": "hemvist-api",
            "api_scope": "hemvist.api",
            "rules": (ClaimRule(("groups",), "hv", Role.STEERING),),
            "algorithms": ("ES256",),
            **changed,
        }
    )


@contextmanager
def served_by_tls(folder: Path) -> Iterator[int]:
    """The port of a server with a certificate that it has signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_for("localhost", folder))
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    context.wrap_socket(connection, server_side=True)

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]


def found(config: IssuerConfig) -> Report:
    """What the trial says."""
    report = Report()
    check_issuer(report, "provsta", config)
    return report


def test_one_that_holds_has_no_faults(planted: Planted) -> None:
    report = found(config_of(planted.address))
    assert {one.weight for one in report.findings} == {Weight.FINE}, report.findings
    assert "comes back to http://127.0.0.1:9/provsta/oidc/callback" in report.findings[-1].message
    assert any("redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fprovsta" in one for one in planted.asked)


@pytest.mark.parametrize(
    ("change", "weight", "words"),
    [
        ({"discovery": 404}, Weight.FAULT, "HTTP 404"),
        (
            {"document": {"issuer": "https://another.example/"}},
            Weight.FAULT,
            "calls itself 'https://another.example/'",
        ),
        ({"document": {"jwks_uri": None}}, Weight.FAULT, "has no jwks_uri"),
        (
            {"document": {"id_token_signing_alg_values_supported": ["RS256"]}},
            Weight.FAULT,
            "does not offer ES256",
        ),
        ({"document": {"code_challenge_methods_supported": ["plain"]}}, Weight.FAULT, "PKCE"),
        (
            {"document": {"response_types_supported": ["id_token"]}},
            Weight.FAULT,
            "authorization code flow",
        ),
        (
            {"document": {"claims_supported": ["sub", "group"]}},
            Weight.NOTE,
            "does not list the claim 'groups'",
        ),
        ({"keys": [RSA.as_dict(private=False)]}, Weight.FAULT, "no key for ES256"),
        ({"keys": [{"kty": "none"}]}, Weight.FAULT, "gives no keys"),
        ({"token": (401, {"error": "invalid_client"})}, Weight.FAULT, "refuses the client hemvist"),
        ({"token": (500, {})}, Weight.NOTE, "a code that never was"),
        ({"login": (400, "")}, Weight.FAULT, "refuses to begin a login"),
        (
            {"login": (302, "http://127.0.0.1:9/provsta/oidc/callback?error=invalid_scope")},
            Weight.FAULT,
            "sends people back with 'invalid_scope'",
        ),
        ({"late": timedelta(minutes=5)}, Weight.FAULT, "seconds apart"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_told(
    planted: Planted, change: dict[str, Any], weight: Weight, words: str
) -> None:
    for name, value in change.items():
        if name == "document":
            planted.document.update(value)
        else:
            setattr(planted, name, value)
    report = found(config_of(planted.address))
    told = [one for one in report.findings if one.weight is not Weight.FINE]
    assert len(told) == 1, told
    assert told[0].weight is weight
    assert words in told[0].message
    assert told[0].cure


def test_a_name_that_nobody_has() -> None:
    (only,) = found(config_of("https://login.exempelby.invalid")).findings
    assert "login.exempelby.invalid is not known here" in only.message


def test_nobody_answers() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        (only,) = found(config_of(address)).findings
    assert "nobody answers at 127.0.0.1" in only.message


def test_a_certificate_of_nobodys() -> None:
    """A certificate that no authority has signed."""
    with open_folder() as folder, served_by_tls(folder) as port:
        (only,) = found(config_of(f"https://localhost:{port}")).findings
    assert "its certificate does not hold" in only.message


def test_not_even_tls(planted: Planted) -> None:
    (only,) = found(
        config_of(planted.address.replace("http://127.0.0.1", "https://localhost"))
    ).findings
    assert "TLS does not come about" in only.message


def test_in_clear_over_the_network() -> None:
    (only,) = found(config_of("http://login.exempelby.example")).findings
    assert "is not an https address" in only.message
