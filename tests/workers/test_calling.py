"""One call to a landlord's system, over real sockets: whom it reaches, and whom it never does."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest

from hemvist.webhooks.queue import Failure
from hemvist_receiver import certificate_for, dripping, receiver
from hemvist_workers.calling import call

HEADERS = {"Content-Type": "application/json", "webhook-id": "evt_1"}


def test_what_is_posted_arrives_as_it_is() -> None:
    with receiver() as there:
        assert call(there.url(), b'{"a":"\xc3\xa5"}', HEADERS, lenient=True) == "204"
    ((headers, body),) = there.received
    assert body == b'{"a":"\xc3\xa5"}'
    assert headers["webhook-id"] == "evt_1"
    assert headers["host"] == f"127.0.0.1:{there.port}"
    assert headers[":path"] == "/hooks?key=1"
    assert headers["user-agent"].startswith("Hemvist-Webhooks/")


@pytest.mark.parametrize(
    ("status", "more", "answered", "wish"),
    [
        (302, {"Location": "http://127.0.0.1:1/elsewhere"}, True, None),
        (400, {}, True, None),
        (410, {}, True, None),
        (500, {}, True, None),
        (429, {"Retry-After": "120"}, False, timedelta(seconds=120)),
        (502, {}, False, None),
        (503, {"Retry-After": "tomorrow"}, False, None),
        (504, {"Retry-After": "9" * 30}, False, None),
    ],
)
def test_what_it_answers_is_judged(
    status: int, more: dict[str, str], answered: bool, wish: timedelta | None
) -> None:
    with receiver() as there:
        there.answers = [(status, more)]
        found = call(there.url(), b"{}", HEADERS, lenient=True)
    assert found == Failure(str(status), answered, wish)
    # A redirect is not followed.
    assert len(there.received) == 1


def test_strictly_this_machine_is_not_called_by_whatever_name() -> None:
    with receiver() as there:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"):
            found = call(there.url(host), b"{}", HEADERS, lenient=False)
            assert found == Failure("address_refused", answered=False), host
    assert there.received == []


def test_a_certificate_is_held_to_the_name_though_the_address_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_for("localhost", tmp_path)
    with receiver(certificate) as there:
        assert call(there.url("localhost"), b"{}", HEADERS, lenient=True) == Failure("tls", False)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert call(there.url("localhost"), b"{}", HEADERS, lenient=True) == "204"
        assert there.received[0][0]["host"] == f"localhost:{there.port}"
        # The same machine by another name than the certificate's.
        assert call(there.url("127.0.0.1"), b"{}", HEADERS, lenient=True) == Failure("tls", False)
    assert len(there.received) == 1


def test_nobody_there_and_no_such_name() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        found = call(f"http://127.0.0.1:{port}/", b"{}", HEADERS, lenient=True)
        assert found == Failure("unreachable", answered=False)
    found = call("http://nobody.invalid/", b"{}", HEADERS, lenient=True)
    assert found == Failure("unknown_host", answered=False)


def test_a_receiver_that_answers_drop_by_drop_has_so_long_and_no_longer() -> None:
    with dripping(0.05) as there:
        began = time.monotonic()
        found = call(there.url(), b"{}", HEADERS, lenient=True, patience=0.5)
        assert found == Failure("timeout", answered=False)
        assert time.monotonic() - began < 3


def test_a_proxy_of_the_surroundings_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as there, receiver() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(path=""))
        assert call(there.url(), b"{}", HEADERS, lenient=True) == "204"
    assert proxy.received == []
