"""A landlord's system talks to Hemvist: takes up its invitation, lists homes, reports vacancies.

    export HEMVIST_URL=https://hemvist.example
    export TOKEN_URL=https://login.example/token CLIENT_ID=our-system CLIENT_SECRET=…
    python landlord_client.py accept TOKEN      # once, with the invitation's secret
    python landlord_client.py kommuner          # the kommuner that have opened their door
    python landlord_client.py units > homes.csv # every home in all of them
    python landlord_client.py report Karlstad vacancies.csv

Python's standard library is all it needs. ``vacancies.csv`` has a line of names first, which are those
of the fields of ReportVacancyInput; the file can be sent again after a failure: what was reported is
not reported twice.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

#: What can be wrong with a command, and what is asked of it.
REFUSALS = """
  __typename
  ... on ValidationFailed { problems { field rule message(lang: "en") } }
  ... on PolicyRefused { rule cite message(lang: "en") }
  ... on Conflict { rule message(lang: "en") }
  ... on NotAllowed { message(lang: "en") }
  ... on NotFound { message(lang: "en") }
"""
#: Names of columns that are whole numbers, numbers, and yes or no.
WHOLE, NUMBERS, YES_OR_NO = (
    {"rooms", "rentOre", "floor", "stepFreeWidthCm"},
    {"sizeM2"},
    {"lift", "stepFree", "adapted"},
)


class Refused(Exception):
    """Hemvist said no, and says why."""


class Client:
    """The landlords' API, for one machine."""

    def __init__(self, url: str, token_url: str, client_id: str, client_secret: str) -> None:
        self._url = url.rstrip("/") + "/landlord/graphql"
        self._token_url = token_url
        self._credentials = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._token, self._good_until = "", 0.0

    def token(self) -> str:
        """An access token by client credentials, kept until a minute before it ends."""
        if time.time() >= self._good_until:
            request = urllib.request.Request(
                self._token_url,
                urlencode({"grant_type": "client_credentials"}).encode(),
                {"Authorization": f"Basic {self._credentials}"},
            )
            with urllib.request.urlopen(request, timeout=30) as response:
                told = json.load(response)
            self._token = told["access_token"]
            self._good_until = time.time() + int(told.get("expires_in", 300)) - 60
        return self._token

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation. Waits and asks again where it is told to; raises ``Refused``."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        for attempt in range(5):
            request = urllib.request.Request(
                self._url,
                body,
                {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"},
            )
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    answer = json.load(response)
            except urllib.error.HTTPError as error:
                if error.code in (429, 503) and attempt < 4:
                    time.sleep(min(float(error.headers.get("Retry-After", "1")), 30))
                    continue
                answer = json.load(error)
            except (urllib.error.URLError, ConnectionError):
                # It is not known whether it arrived: a command has its key, and is done once.
                if attempt == 4:
                    raise
                time.sleep(2**attempt)
                continue
            if answer.get("errors"):
                raise Refused("; ".join(error["message"] for error in answer["errors"]))
            data: dict[str, Any] = answer["data"]
            return data
        raise Refused("Hemvist is busy: try again later")

    def rows(self, name: str, fields: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, a hundred at a time."""
        after = None
        while True:
            page = self.ask(
                f"query Rows($after: String) {{ {name}(first: 100, after: $after) {{"
                f" edges {{ node {{ {fields} }} }} pageInfo {{ hasNextPage endCursor }} }} }}",
                after=after,
            )[name]
            yield from (edge["node"] for edge in page["edges"])
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def command(self, name: str, gives: str, key: str, **given: Any) -> dict[str, Any]:
        """What a command gave; the same key and input are carried out once. Raises ``Refused``."""
        kind = name[0].upper() + name[1:]
        document = (
            f"mutation {kind}($input: {kind}Input!) {{ {name}(input: $input) {{"
            f" {REFUSALS} ... on {kind}Done {{ {gives} }} }} }}"
        )
        answer: dict[str, Any] = self.ask(document, input={"idempotencyKey": key, **given})[name]
        if answer["__typename"] == f"{kind}Done":
            return answer
        problems = answer.get("problems") or [answer]
        told = (" ".join(filter(None, (one.get("field"), one["message"]))) for one in problems)
        raise Refused("; ".join(told))


def typed(name: str, text: str) -> Any:
    """A cell as the API takes it."""
    if name in WHOLE:
        return int(text)
    if name in NUMBERS:
        return float(text.replace(",", "."))
    return text.lower() in ("ja", "yes", "true", "1") if name in YES_OR_NO else text


def report(client: Client, kommun: str, path: str) -> int:
    """Report every line of the file; how many were refused."""
    doors = client.ask("{ kommuner { id name } }")["kommuner"]
    ids = [one["id"] for one in doors if one["name"] == kommun]
    if len(ids) != 1:
        raise Refused(f"{kommun} is not within reach")
    refused = 0
    with open(path, encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(csv.DictReader(file, delimiter=";"), start=2):
            given = {name: typed(name, text) for name, text in line.items() if text}
            # The same line has the same key, however often the file is sent.
            key = hashlib.sha256(json.dumps([kommun, given], sort_keys=True).encode()).hexdigest()
            try:
                client.command("reportVacancy", "vacancy { id }", key, kommunId=ids[0], **given)
            except Refused as error:
                refused += 1
                print(f"line {number}: {error}", file=sys.stderr)
    return refused


def main(words: list[str]) -> int:
    """One command of the line."""
    names = ("HEMVIST_URL", "TOKEN_URL", "CLIENT_ID", "CLIENT_SECRET")
    client = Client(*(os.environ[name] for name in names))
    match words:
        case ["accept", token]:
            done = client.command(
                "acceptInvitation",
                "landlord { name }",
                hashlib.sha256(token.encode()).hexdigest(),
                token=token,
            )
            print(done["landlord"]["name"])
        case ["kommuner"]:
            for one in client.ask("{ kommuner { name landlord { name } } }")["kommuner"]:
                print(f"{one['name']}: {one['landlord']['name']}")
        case ["units"]:
            out = csv.writer(sys.stdout, delimiter=";")
            out.writerow(["kommun", "address", "number", "rent", "state", "available from"])
            fields = "streetAddress apartmentNumber rentOre state availableFrom kommun { name }"
            for one in client.rows("units", fields):
                rent = f"{one['rentOre'] / 100:.2f}"
                out.writerow(
                    [
                        one["kommun"]["name"],
                        *(one["streetAddress"], one["apartmentNumber"], rent, one["state"]),
                        one["availableFrom"],
                    ]
                )
        case ["report", kommun, path]:
            return 1 if report(client, kommun, path) else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused as refusal:
        sys.exit(str(refusal))
