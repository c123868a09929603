"""Callers who go on while a platform is upgraded, and what they had to hear."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psycopg

from hemvist.db import Audience, audience_url
from hemvist_faults_load import ANSWER, CASEWORKER, SLUG, Journal, Load, Town
from hemvist_infra.dev_issuer.client import log_in

PAGES = ("today", "cases", "households")
VIEWS = ("lv_reach", "lv_units", "lv_agreements")


class Rotation(httpx2.BaseTransport):
    """What a load balancer does: each request goes to one of the processes that take part."""

    def __init__(self) -> None:
        self._ports: list[int] = []
        self._inner: dict[int, httpx2.HTTPTransport] = {}
        self._lock = threading.Lock()
        self._turn = 0

    def join(self, port: int) -> None:
        """From now on this one gets its share."""
        with self._lock:
            self._inner[port] = httpx2.HTTPTransport()
            self._ports.append(port)

    def leave(self, port: int) -> None:
        """From now on this one gets none; what is under way is its to answer."""
        with self._lock:
            self._ports.remove(port)

    def shut(self) -> None:
        """Nobody asks any more. Not ``close``: each caller's client closes what it was given."""
        for inner in self._inner.values():
            inner.close()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """To whose turn it is."""
        with self._lock:
            self._turn += 1
            port = self._ports[self._turn % len(self._ports)]
            inner = self._inner[port]
        request.url = request.url.copy_with(port=port)
        return inner.handle_request(request)


@dataclass
class Callers(Load):
    """Commands over the API; those who read pages, and the landlords' views, go on beside them."""

    rotation: Rotation = field(default_factory=Rotation)
    times: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, address: str, folder: Path, callers: int) -> Callers:
        """Callers of the platform at an address, who go on until they are told to stop."""
        # No town: what they act on they make themselves.
        town = Town.__new__(Town)
        made = cls(address, town, Journal(folder / "calls.jsonl"), 10**9, 1, callers)
        made.allow(10**9)
        return made

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Until the block ends; every request that was begun is waited for."""
        others = [
            threading.Thread(target=self._guarded_reader, args=(work,))
            for work in (self._read_pages, self._read_views)
        ]
        try:
            with self.going_on():
                for one in others:
                    one.start()
                try:
                    yield
                finally:
                    self._stopping.set()
                    for one in others:
                        one.join()
        finally:
            self.rotation.shut()
            self.journal.close()

    @property
    def requests(self) -> int:
        """How many were answered or failed."""
        return sum(self.answers.values()) + sum(self.pages.values())

    @property
    def failures(self) -> list[str]:
        """Every request that was not answered as it should be."""
        told = [f"{count} x {what}" for what, count in self.answers.items() if what != "200"]
        return told + self.failed + self.wrong

    def _call(self, chance: random.Random) -> None:
        with httpx2.Client(
            base_url=self.address, transport=self.rotation, timeout=ANSWER
        ) as client:
            while not self._stopping.is_set():
                began = time.monotonic()
                getattr(self, chance.choice(("_household", "_case")))(client, chance)
                self._took(began)
                # Constant, and not all that the machine can: an upgrade is not done at the limit.
                time.sleep(0.05)

    def _guarded_reader(self, work: object) -> None:
        try:
            assert callable(work)
            work()
        except Exception as error:
            self.failed.append(f"a reader ended: {type(error).__name__}: {error}")

    def _read_pages(self) -> None:
        with httpx2.Client(transport=self.rotation, timeout=ANSWER, trust_env=False) as client:
            log_in(client, self.address, SLUG, CASEWORKER)
            while not self._stopping.is_set():
                for page in PAGES:
                    began = time.monotonic()
                    answer = client.get(f"{self.address}/{SLUG}/{page}")
                    self._took(began)
                    self.pages[page] += 1
                    if answer.status_code != 200 or "/login" in str(answer.url):
                        self.failed.append(f"{page}: {answer.status_code} {answer.url.path}")
                    time.sleep(0.05)

    def _read_views(self) -> None:
        url = audience_url(Audience.LANDLORD).set(drivername="postgresql")
        with psycopg.connect(
            url.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            while not self._stopping.is_set():
                for view in VIEWS:
                    began = time.monotonic()
                    try:
                        connection.execute(f"SELECT count(*) FROM {view}")
                    except psycopg.Error as error:
                        self.failed.append(f"{view}: {error}")
                    self._took(began)
                    self.pages[view] += 1
                time.sleep(0.02)

    def _took(self, began: float) -> None:
        self.times.append(time.monotonic() - began)
