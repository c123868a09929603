"""What a kommun notices of another that asks ten times as often as it may.

One web process as it is served, two kommuner of the demo. Karlstad's people read their list of cases at
an even pace; Helsingborg's at ten times what a kommun may send. Karlstad's 95th percentile beside that of
the same load alone, in turns, so that what else the machine does falls on both. The seconds in which
Helsingborg begins, and has what it may send at once, are told by themselves.

    make bench-noisy                  # NOISY_SECONDS=8 NOISY_TURNS=3 HEMVIST_DEMO_HOUSEHOLDS=200
"""

from __future__ import annotations

import json
import os
import pickle
import secrets
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from graphql_bench.driver import Load, Outcome
from graphql_bench.processes import free_port, serving
from graphql_bench.variants import hemvist
from report import Figure, report
from sweep import _server

NOISY, QUIET = "helsingborg", "karlstad"
#: How many times more than it may the noisy one sends, and requests a second of the other.
TIMES, PACE = 10, 10.0
#: Seconds in which the noisy one begins, and sends what it may send at once.
BEGIN = 4.0
#: How far the 95th percentile of the other may rise.
GOAL = 1.5
CASES = """query Cases {
  cases(first: 20) { totalCount edges { node { id number state household { id } } } }
}"""


def main() -> None:
    """Fill a database, serve, measure, report."""
    seconds = float(os.environ.get("NOISY_SECONDS", 12))
    turns = int(os.environ.get("NOISY_TURNS", 5))
    os.environ.setdefault("HEMVIST_ENVIRONMENT", "development")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    os.environ.setdefault("HEMVIST_DEMO_HOUSEHOLDS", "200")
    port = free_port()
    os.environ["HEMVIST_BASE_URL"] = f"http://127.0.0.1:{port}"
    Path("build/bench").mkdir(parents=True, exist_ok=True)
    with _server():
        command = str(Path(sys.executable).with_name("hemvist"))
        subprocess.run([command, "demo", "seed"], check=True, stdout=subprocess.DEVNULL)
        from hemvist.settings import get_settings

        rate = TIMES * get_settings().kommun_requests_per_minute / 60
        requests = {slug: _requests(slug, port) for slug in (NOISY, QUIET)}
        log = Path("build/bench/noisy.log")
        with serving("hemvist", hemvist(port), port, {"HEMVIST_LOG_LEVEL": "WARNING"}, log):
            # Connections, plans and sessions are known, and what may be sent at once is spent.
            _loads(port, {QUIET: (requests[QUIET], PACE)}, 4)
            _loads(port, {NOISY: (requests[NOISY], rate)}, 4)
            both = {QUIET: (requests[QUIET], PACE), NOISY: (requests[NOISY], rate)}
            alone, begins, beside = [], [], []
            for _ in range(turns):
                alone.append(_loads(port, {QUIET: (requests[QUIET], PACE)}, seconds))
                # What may be sent at once has come together meanwhile; then it goes on without that.
                begins.append(_loads(port, both, BEGIN))
                beside.append(_loads(port, both, seconds))
    report("noisy", _figures(rate, alone, begins, beside))


def _requests(slug: str, port: int) -> list[bytes]:
    """The list of cases, asked for by each of the kommun's people."""
    sys.path.insert(0, "tests/support")
    from hemvist.identity import use_directory
    from hemvist_infra.dev_issuer.people import people_of
    from hemvist_login import session_cookie
    from hemvist_tenants import directory_of, login_tenants

    use_directory(directory_of(login_tenants()))
    body = json.dumps({"query": CASES}).encode()
    made = []
    for person in people_of(slug).values():
        if not person.groups:
            continue
        name, cookie, session = session_cookie(slug, person.username)
        if not session.actor.memberships:
            continue
        head = (
            f"POST /{slug}/graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nCookie: {name}={cookie}\r\n"
            f"X-CSRF-Token: {session.csrf_token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def _loads(
    port: int, loads: dict[str, tuple[list[bytes], float]], seconds: float
) -> dict[str, Outcome]:
    """What came of these loads, all at the same time, each from a process of its own."""
    beside = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with tempfile.TemporaryDirectory() as folder:
        running = {}
        for slug, (requests, rate) in loads.items():
            load = Load("127.0.0.1", port, requests, 40, seconds, rate=rate, never=(b"INTERNAL",))
            path = Path(folder) / f"{slug}.pickle"
            path.write_bytes(pickle.dumps(load))
            command = [sys.executable, "-m", "graphql_bench.driver", str(path)]
            running[slug] = (path, subprocess.Popen(command, env=beside))
        if any(driver.wait() for _, driver in running.values()):
            raise SystemExit("a driver failed")
        found: dict[str, Outcome] = {
            slug: pickle.loads(path.with_suffix(".out").read_bytes())
            for slug, (path, _) in running.items()
        }
    if found.get(QUIET) and found[QUIET].errors:
        raise SystemExit(found[QUIET].wrong[0].decode(errors="replace"))
    return found


def _figures(
    rate: float,
    alone: list[dict[str, Outcome]],
    begins: list[dict[str, Outcome]],
    beside: list[dict[str, Outcome]],
) -> list[Figure]:
    quiet = [_p95(one[QUIET]) for one in alone]
    begun = [_p95(one[QUIET]) for one in begins]
    loud = [_p95(one[QUIET]) for one in beside]
    noisy = [one[NOISY] for one in beside]
    spent = sum(one.seconds for one in noisy)
    return [
        Figure("the noisy kommun sends", rate, "a second"),
        Figure(
            "of which are answered", sum(len(one.latencies) for one in noisy) / spent, "a second"
        ),
        Figure("and told to wait (429)", sum(one.errors for one in noisy) / spent, "a second"),
        Figure("the other kommun sends", PACE, "a second"),
        Figure("its p95 alone", statistics.median(quiet), "ms"),
        Figure("its p95 while the noisy one begins", statistics.median(begun), "ms"),
        Figure("its p95 beside the noisy one", statistics.median(loud), "ms"),
        Figure(
            "the one over the other",
            statistics.median(loud) / statistics.median(quiet),
            "times",
            GOAL,
        ),
    ]


def _p95(outcome: Outcome) -> float:
    ordered = sorted(outcome.latencies)
    return ordered[len(ordered) * 95 // 100]


if __name__ == "__main__":
    main()
