"""A logged-in person at the portal, without a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from starlette.testclient import TestClient

_KEY = re.compile(r'name="idempotencyKey" value="([^"]+)"')


@dataclass
class Visit:
    """One person's client. ``csrf`` is the token of the person's session."""

    client: TestClient
    csrf: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, str]:
        """Status and page."""
        answer = self.client.get(path, headers=self.headers)
        return answer.status_code, answer.text

    def post(self, path: str, **fields: str | list[str]) -> tuple[int, str, str]:
        """Status, page, and where it leads. Sends the session's token unless ``csrf`` is given."""
        sent = {"csrf": self.csrf, "idempotencyKey": "k-" + path, **fields}
        answer = self.client.post(path, data=sent, headers=self.headers)
        return answer.status_code, answer.text, answer.headers.get("location", "")

    def key(self, page: str) -> str:
        """The key of the first form on ``page``."""
        found = _KEY.search(page)
        assert found
        return found[1]
