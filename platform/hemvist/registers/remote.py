"""A register that is asked over HTTP: the kommun's own service before Navet, or ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx2

from hemvist.registers.answers import Answer, NoAnswer
from hemvist.registers.files import read

#: Seconds for the whole question. Who must wait longer has no answer.
PATIENCE = 10.0
MAX_BYTES = 5_000_000
PATH = "/look-up"


@dataclass(frozen=True)
class RemoteRegister:
    """Asks ``address`` with a POST, so that no number stands in an address that somebody logs."""

    address: str
    name: str
    token: str = field(repr=False)
    left_out_means_no: bool = False

    def look_up(self, numbers: Sequence[str]) -> Mapping[str, Answer]:
        """As ``Register.look_up``. Whatever goes wrong is no answer."""
        asked = frozenset(numbers)
        try:
            with (
                httpx2.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "POST",
                    self.address.rstrip("/") + PATH,
                    content=json.dumps({"numbers": sorted(asked)}),
                    headers={
                        "Authorization": f"Bearer {self.token}",
                        "Content-Type": "application/json",
                    },
                ) as response,
            ):
                if response.status_code != 200:
                    raise NoAnswer(f"http_{response.status_code}")
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > MAX_BYTES:
                        raise NoAnswer("too_large")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NoAnswer("no_contact") from error
        told = read(body.decode("latin-1").splitlines(), left_out_means_no=self.left_out_means_no)
        # Nobody is told of who was not asked about.
        return {number: answer for number, answer in told.items() if number in asked}
