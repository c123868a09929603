"""Real commands over the real API, each with a key of its own, and a journal of what was answered.

Who does not know whether a command was done sends the same again under the same key, as every caller
should. The journal is on disk before anybody acts on an answer: a line for each sending, each answer.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.guarantees.models import Guarantee
from hemvist.identity import get_directory, use_directory
from hemvist_graphql.ids import global_id
from hemvist_guarantees import guaranteed
from hemvist_infra.dev_issuer.client import person_token
from hemvist_tenants import directory_of, login_tenants
from hemvist_world import World, a_number, peopled

SLUG = "helsingborg"
CASEWORKER, MANAGER, OFFICER = "aida.lindqvist", "bengt.sandell", "ingrid.falk"
#: Seconds for which a command is tried.
PATIENCE = 240.0
#: Seconds that an answer is waited for: longer than any limit of the platform's own.
ANSWER = 40.0
#: Codes that a caller may be told while something is away.
CLEAR = {"UNAVAILABLE", "BUSY", "TIMEOUT", "UNAUTHENTICATED"}

#: Command → who gives it, the selection, and what its answer holds.
COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "registerHousehold": (CASEWORKER, "household { id }", "household"),
    "openCase": (CASEWORKER, "case { id }", "case"),
    "decide": (MANAGER, "decision { id }", "decision"),
    "registerGuaranteeClaim": (OFFICER, "guaranteeClaim { id version }", "guaranteeClaim"),
    "decideGuaranteeClaim": (MANAGER, "guaranteeClaim { id version }", "guaranteeClaim"),
    "payGuaranteeClaim": (OFFICER, "guaranteeClaim { id version }", "guaranteeClaim"),
}


class Journal:
    """What was sent and what was answered, a line each, on disk before it counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a")
        self._lock = threading.Lock()

    def write(self, **line: Any) -> None:
        """Write a line and wait for the disk."""
        with self._lock:
            self._file.write(json.dumps(line, default=str) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    @staticmethod
    def lines(path: Path) -> list[dict[str, Any]]:
        """Every line of a journal."""
        return [json.loads(line) for line in path.read_text().splitlines()]


@dataclass
class Town:
    """What there is to act on, made before anything is hurt."""

    tenant_id: UUID
    world: World
    guarantees: list[Guarantee]
    proposals: list[tuple[UUID, int]]
    #: A case that nobody is at.
    spare: Case

    @classmethod
    def prepared(cls, commands: int) -> Town:
        """Guarantees and proposals, enough for so many commands."""
        use_directory(directory_of(login_tenants()))
        tenant_id = get_directory().tenant_id(SLUG)
        world = peopled(tenant_id)
        guarantees = [guaranteed(world) for _ in range(max(2, commands // 100))]
        proposals = []
        for _ in range(max(3, commands // 10)):
            made = world.propose(world.case())
            proposals.append((made.id, made.version))
        return cls(tenant_id, world, guarantees, proposals, world.case())


@dataclass
class Load:
    """Callers of the API, ``commands`` in all."""

    address: str
    town: Town
    journal: Journal
    commands: int
    seed: int
    callers: int = 6
    #: Answers by status and code.
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    acknowledged: int = 0
    sent: int = 0
    given_up: int = 0
    refused: int = 0
    _begun: int = 0
    _tokens: dict[str, str] = field(default_factory=dict)
    _households: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _allowed: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _gate: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def going_on(self) -> Iterator[threading.Event]:
        """The load, until the block ends; the event is set when every command has been answered."""
        over = threading.Event()
        with ThreadPoolExecutor(self.callers + 1) as threads:
            work = [threads.submit(self._guarded, number) for number in range(self.callers)]

            def watch() -> None:
                for one in work:
                    one.result()
                over.set()

            threads.submit(watch)
            try:
                yield over
            except BaseException:
                # Nobody goes on alone.
                self._stopping.set()
                self.allow(self.commands)
                raise

    def _guarded(self, number: int) -> None:
        try:
            self._call(random.Random(f"{self.seed}:{number}"))
        except Exception as error:
            self.wrong.append(f"caller {number}: {type(error).__name__}: {error}")

    def _call(self, chance: random.Random) -> None:
        with httpx2.Client(base_url=self.address, trust_env=False, timeout=ANSWER) as client:
            while self._may_begin():
                what = chance.choices(("household", "case", "decide", "claim"), (35, 30, 15, 20))[0]
                getattr(self, f"_{what}")(client, chance)

    @property
    def finished(self) -> int:
        """Commands of which nothing more is expected."""
        return self.acknowledged + self.given_up + self.refused

    def allow(self, commands: int) -> None:
        """Let so many be begun and no more, so that some are left for the faults that come."""
        with self._gate:
            self._allowed = commands
            self._gate.notify_all()

    def _may_begin(self) -> bool:
        with self._gate:
            self._begun += 1
            place = self._begun
            self._gate.wait_for(lambda: place <= self._allowed or place > self.commands)
            return place <= self.commands and not self._stopping.is_set()

    def _household(self, client: httpx2.Client, chance: random.Random) -> None:
        member = {
            "role": "applicant",
            "givenName": chance.choice(("Alva", "Bo", "Cia", "Disa")),
            "familyName": "Prövad",
            "personalNumber": a_number(date(1985, 3, 14)),
            "registeredKommun": "1283",
            "protection": "none",
            "protectionCheckedOn": str(today() - timedelta(days=1)),
        }
        given = {"department": "SOF-VUX", "members": [member]}
        made = self._done(client, "registerHousehold", given, chance)
        if made is not None:
            with self._lock:
                self._households.append(made["id"])

    def _case(self, client: httpx2.Client, chance: random.Random) -> None:
        with self._lock:
            household = self._households.pop() if self._households else None
        if household is None:
            self._household(client, chance)
            return
        self._done(client, "openCase", {"householdId": household, "department": "SOF-VUX"}, chance)

    def _decide(self, client: httpx2.Client, chance: random.Random) -> None:
        with self._lock:
            proposal = self.town.proposals.pop() if self.town.proposals else None
        if proposal is None:
            self._household(client, chance)
            return
        row_id, version = proposal
        given = {"decisionId": global_id("Decision", row_id), "expectedVersion": version}
        self._done(client, "decide", given, chance)

    def _claim(self, client: httpx2.Client, chance: random.Random) -> None:
        """A claim, its decision and its payment: three commands."""
        guarantee = chance.choice(self.town.guarantees)
        first = guarantee.starts_on
        claim = self._done(
            client,
            "registerGuaranteeClaim",
            {
                "guaranteeId": global_id("Guarantee", guarantee.id),
                "kind": "rent",
                "amountOre": 1_000,
                "periodFrom": str(first),
                "periodTo": str(first + timedelta(days=29)),
                "receivedOn": str(today() - timedelta(days=20)),
                "documents": [{"kind": "rent_statement", "title": "Hyresavi"}],
            },
            chance,
        )
        if claim is None or not self._may_begin():
            return
        decision = {
            "guaranteeClaimId": claim["id"],
            "outcome": "approved",
            "approvedOre": 1_000,
            "motivation": "Hyran är obetald.",
            "on": str(today() - timedelta(days=15)),
            "expectedVersion": claim["version"],
        }
        claim = self._done(client, "decideGuaranteeClaim", decision, chance)
        if claim is None or not self._may_begin():
            return
        payment = {
            "guaranteeClaimId": claim["id"],
            "amountOre": 1_000,
            "reference": f"BG {chance.getrandbits(48)}",
            "on": str(today() - timedelta(days=10)),
            "expectedVersion": claim["version"],
        }
        self._done(client, "payGuaranteeClaim", payment, chance)

    def _done(
        self, client: httpx2.Client, name: str, given: dict[str, Any], chance: random.Random
    ) -> dict[str, Any] | None:
        """What the command made, sent until it is answered; None when it never was."""
        who, selection, holds = COMMANDS[name]
        key = f"{name}-{chance.getrandbits(96):024x}"
        type_ = name[0].upper() + name[1:]
        document = (
            f"mutation Do($input: {type_}Input!) {{ {name}(input: $input) {{ __typename"
            " ... on ValidationFailed { problems { field rule } } ... on PolicyRefused { rule }"
            f" ... on Conflict {{ rule }} ... on {type_}Done {{ {selection} }} }} }}"
        )
        body = {"query": document, "variables": {"input": {**given, "idempotencyKey": key}}}
        limit, times = time.monotonic() + PATIENCE, 0
        while time.monotonic() < limit and not self._stopping.is_set():
            times += 1
            self.journal.write(did="sent", key=key, command=name, who=who, times=times)
            with self._lock:
                self.sent += 1
            data = self._asked(client, who, body)
            if data is None:
                time.sleep(min(2.0, 0.1 * times))
                continue
            answer = data[name]
            if answer["__typename"] != f"{type_}Done":
                self.journal.write(did="refused", key=key, answer=answer)
                self.wrong.append(f"{name} {key} was refused: {answer}")
                with self._lock:
                    self.refused += 1
                return None
            made: dict[str, Any] = answer[holds]
            self.journal.write(did="acknowledged", key=key, command=name, id=made["id"])
            with self._lock:
                self.acknowledged += 1
            return made
        self.journal.write(did="given up", key=key)
        with self._lock:
            self.given_up += 1
        return None

    def _asked(self, client: httpx2.Client, who: str, body: dict[str, Any]) -> Any:
        """The data, or None when it is to be sent again; what nobody should be told is noted."""
        try:
            response = client.post(
                f"/{SLUG}/graphql",
                json=body,
                headers={"Authorization": f"Bearer {self._token(who)}"},
            )
        except (httpx2.HTTPError, LookupError) as error:
            self._told(f"no answer ({type(error).__name__})")
            return None
        with suppress(ValueError):
            answer = response.json()
            if response.status_code == 200 and "errors" not in answer:
                self._told("200")
                return answer["data"]
        code = _code(response)
        self._told(f"{response.status_code} {code}")
        if response.status_code == 401:
            with self._lock:
                self._tokens.pop(who, None)
        elif response.status_code not in (200, 429, 503) or code not in CLEAR:
            self.wrong.append(f"{response.status_code} {code} {response.text[:300]}")
        return None

    def _told(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1

    def _token(self, who: str) -> str:
        with self._lock:
            found = self._tokens.get(who)
        if found is None:
            found = person_token(self.address, SLUG, who)
            with self._lock:
                self._tokens[who] = found
        return found


def _code(response: httpx2.Response) -> str:
    with suppress(ValueError, KeyError, IndexError, TypeError):
        body = response.json()
        return str(body["errors"][0]["extensions"]["code"] if "errors" in body else body["code"])
    return ""
