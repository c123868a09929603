"""What a kommun notices of another that asks ten times as often as it may.

One web process as it is served, two kommuner of the demo. Karlstad's people read their list of cases at
a quiet pace; Helsingborg's at ten times what a kommun may send. Karlstad's 95th percentile beside that of
the same load alone, in short turns, over all turns together. The seconds in which Helsingborg begins, and
has what it may send at once, are told by themselves.

Answers around which the machine's host took processors away count in neither, and it is told how many
those are (``graphql_bench.paced``).

    make bench-noisy                  # NOISY_SECONDS=4 NOISY_TURNS=20 HEMVIST_DEMO_HOUSEHOLDS=200
"""

from __future__ import annotations

import json
import os
import pickle
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from graphql_bench.driver import Load, Outcome
from graphql_bench.paced import Answer, Call, ask
from graphql_bench.processes import Server, free_port, serving
from graphql_bench.variants import hemvist
from report import Figure, report
from sweep import _server

NOISY, QUIET = "helsingborg", "karlstad"
#: How many times more than it may the noisy one sends, and requests a second of the other.
TIMES, PACE = 10, 10.0
#: Seconds in which the noisy one begins, and sends what it may send at once.
BEGIN = 2.0
#: How far the 95th percentile of the other may rise.
GOAL = 1.5
#: Fewer undisturbed answers than this of each kind say nothing of a 95th percentile.
ENOUGH = 100
CASES = """query Cases {
  cases(first: 20) { totalCount edges { node { id number state household { id } } } }
}"""


@dataclass(slots=True)
class _Part:
    """What came of all seconds of a kind: the quiet one's answers, what the noisy one sent, and the web
    process's seconds of processor."""

    answers: list[Answer] = field(default_factory=list)
    noise: list[Outcome] = field(default_factory=list)
    cpu: float = 0.0
    seconds: float = 0.0

    @property
    def p95(self) -> float:
        """Milliseconds, of what the host left alone. Raises ``SystemExit`` where that is too little."""
        kept = sorted(one.milliseconds for one in self.answers if one.undisturbed)
        if len(kept) < ENOUGH:
            raise SystemExit(
                f"the machine's host left {len(kept)} of {len(self.answers)} answers alone:"
                " measure at another time, or for longer"
            )
        return kept[len(kept) * 95 // 100]

    @property
    def disturbed(self) -> float:
        """Which share of the answers does not count."""
        return sum(not one.undisturbed for one in self.answers) / len(self.answers)


def main() -> None:
    """Fill a database, serve, measure, report."""
    seconds = float(os.environ.get("NOISY_SECONDS", 4))
    turns = int(os.environ.get("NOISY_TURNS", 20))
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
        noise = [_sent(call, port) for call in _calls(NOISY)]
        calls = _calls(QUIET)
        log = Path("build/bench/noisy.log")
        with serving("hemvist", hemvist(port), port, {"HEMVIST_LOG_LEVEL": "WARNING"}, log) as web:
            # Connections, plans and sessions are known, and what may be sent at once is spent.
            _measure(_Part(), web, calls, 4)
            _measure(_Part(), web, calls, 4, noise, rate)
            alone, begins, beside = _Part(), _Part(), _Part()
            for number in range(turns):
                # What may be sent at once comes together while the other is alone; then it goes on
                # without that.
                _measure(alone, web, calls, seconds)
                _measure(begins, web, calls, BEGIN, noise, rate)
                _measure(beside, web, calls, seconds, noise, rate)
                print(f"turn {number + 1} of {turns}", flush=True)
    report("noisy", _figures(rate, alone, begins, beside))


def _calls(slug: str) -> list[Call]:
    """The list of cases, asked for by each of the kommun's people who may read it."""
    sys.path.insert(0, "tests/support")
    from hemvist.identity import use_directory
    from hemvist.identity.matrix import Action, allows
    from hemvist_infra.dev_issuer.people import people_of
    from hemvist_login import session_cookie
    from hemvist_tenants import directory_of, login_tenants

    use_directory(directory_of(login_tenants()))
    made = []
    for person in people_of(slug).values():
        if not person.groups:
            continue
        name, cookie, session = session_cookie(slug, person.username)
        if not allows(session.actor, Action.CASE_READ):
            continue
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"{name}={cookie}",
            "X-CSRF-Token": session.csrf_token,
        }
        made.append(Call(f"/{slug}/graphql", headers, json.dumps({"query": CASES})))
    return made


def _sent(call: Call, port: int) -> bytes:
    """What the driver of a load writes to its connection."""
    headers = {"Host": f"127.0.0.1:{port}", **call.headers, "Content-Length": str(len(call.body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {call.path} HTTP/1.1\r\n{lines}\r\n{call.body}".encode()


def _measure(
    part: _Part,
    web: Server,
    calls: list[Call],
    seconds: float,
    noise: Sequence[bytes] = (),
    rate: float = 0.0,
) -> None:
    """Add these seconds to ``part``: the quiet one's, and the noisy one's from a process beside."""
    cpu, began = web.cpu, time.monotonic()
    with _noise(web.port, noise, rate, seconds) if noise else nullcontext(part.noise) as heard:
        part.answers += ask("127.0.0.1", web.port, calls, pace=PACE, seconds=seconds)
    if noise:
        part.noise += heard
    part.cpu += web.cpu - cpu
    part.seconds += time.monotonic() - began


@contextmanager
def _noise(
    port: int, requests: Sequence[bytes], rate: float, seconds: float
) -> Iterator[list[Outcome]]:
    """The noisy one's load while the block runs; what came of it stands in the list afterwards."""
    # It sends a little longer than the other, so that none of whose answers is without it.
    longer = seconds + 0.3
    load = Load("127.0.0.1", port, list(requests), 40, longer, rate=rate, never=(b"INTERNAL",))
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.pickle"
        path.write_bytes(pickle.dumps(load))
        driver = subprocess.Popen(
            [sys.executable, "-m", "graphql_bench.driver", str(path)],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        )
        # Until the driver is there.
        time.sleep(0.3)
        yield found
        if driver.wait():
            raise SystemExit("the driver failed")
        found.append(pickle.loads(path.with_suffix(".out").read_bytes()))


def _figures(rate: float, alone: _Part, begins: _Part, beside: _Part) -> list[Figure]:
    spent = sum(one.seconds for one in beside.noise)
    answered = sum(len(one.latencies) for one in beside.noise) / spent
    refused = sum(one.errors for one in beside.noise) / spent
    return [
        Figure("the noisy kommun would send", rate, "a second"),
        Figure("and sends", answered + refused, "a second"),
        Figure("of which are answered", answered, "a second"),
        Figure("and told to wait (429)", refused, "a second"),
        Figure("the other kommun sends", PACE, "a second"),
        Figure("its p95 alone", alone.p95, "ms"),
        Figure("its p95 while the noisy one begins", begins.p95, "ms"),
        Figure("its p95 beside the noisy one", beside.p95, "ms"),
        Figure("the one over the other", beside.p95 / alone.p95, "times", GOAL),
        Figure("web process alone", alone.cpu / alone.seconds, "cores"),
        Figure("web process beside", beside.cpu / beside.seconds, "cores"),
        Figure("answers disturbed by the host, alone", alone.disturbed, ""),
        Figure("answers disturbed by the host, beside", beside.disturbed, ""),
    ]


if __name__ == "__main__":
    main()
