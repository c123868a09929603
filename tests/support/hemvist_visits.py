"""A logged-in person at the portal, without a browser."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook
from starlette.testclient import TestClient

from hemvist_portal import excel

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


def version_of(page: str, action: str) -> str:
    """The version that the form to ``action`` sends."""
    form = re.search(rf'action="[^"]*{action}".*?name="expectedVersion" value="(\d+)"', page, re.S)
    assert form, action
    return form[1]


def fetched(visit: Visit, path: str, slug: str = "helsingborg") -> Any:
    """The sheet of a list fetched as Excel."""
    answer = visit.client.get(f"/{slug}/excel/{path}", headers=visit.headers)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == excel.MEDIA_TYPE
    assert answer.headers["cache-control"] == "no-store"
    return load_workbook(io.BytesIO(answer.content)).worksheets[0]


def table(sheet: Any) -> list[dict[str, Any]]:
    """Its rows by their headings."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]
