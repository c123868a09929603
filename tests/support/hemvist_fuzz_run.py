"""Sends cases to a served kommun, so many to each target, and judges what comes back."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4
from zlib import crc32

import httpx2
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from hemvist_attack_web import Place
from hemvist_fuzz import Case, Count, Maker
from hemvist_fuzz_graphql import (
    apis,
    command_targets,
    document_targets,
    documents,
    inputs,
)
from hemvist_fuzz_judge import API, Judgement
from hemvist_fuzz_town import Town
from hemvist_fuzz_web import cases, forms_on_pages, learn_modules, places
from hemvist_portal.wording import COOKIE

#: Of a hundred cases so many are of each part.
SHARES: Mapping[str, int] = {
    "documents": 24,
    "inputs": 38,
    "landlords' documents": 4,
    "landlords' inputs": 6,
    "web": 28,
}

#: A target's name, and what makes its cases.
Target = tuple[str, Callable[[], Maker]]


class Fuzzing:
    """A run against ``town`` with one seed."""

    def __init__(self, town: Town, number: int) -> None:
        self.town, self.seed, self.count = town, number, Count()

    def run(self, number: int, only: str = "", until: float = math.inf) -> Count:
        """Send so many cases, shared out among all parts and their targets.

        ``only`` is a part of the names of the targets that are aimed at; ``until`` the moment of the
        monotonic clock after which no more are sent.
        """
        parts = {
            part: [one for one in targets if only in one[0]]
            for part, targets in self.parts().items()
        }
        parts = {part: targets for part, targets in parts.items() if targets}
        whole = sum(SHARES[part] for part in parts)
        jobs, left = [], number
        for position, (part, targets) in enumerate(parts.items()):
            last = position == len(parts) - 1
            share = left if last else number * SHARES[part] // whole
            left -= share
            jobs += [(part, *one) for one in _shared_out(targets, share, self.seed)]
        # In no order of theirs: a run that is ended early has been everywhere a little.
        random.Random(self.seed).shuffle(jobs)
        for part, target, times in jobs:
            try:
                made = self._made(target, times)
            except Exception as failed:
                # What cannot be sent is not tried: as bad as what breaks.
                lost = Case(part, target[0], "", "", "")
                self.count.find(f"cannot be made: {type(failed).__name__}: {failed}", lost)
                continue
            for case in made:
                if time.monotonic() > until:
                    return self.count
                self.play(case)
        return self.count

    def parts(self) -> dict[str, list[Target]]:
        """Every target there is, by part."""
        town, found = self.town, {}
        for api in apis():
            found[f"{api.prefix}documents"] = [
                (name, partial(documents, api, name, town)) for name in document_targets(api)
            ]
            found[f"{api.prefix}inputs"] = [
                (name, partial(inputs, api, name, town)) for name in command_targets(api)
            ]
        learn_modules(town.app)
        found["web"] = [(str(one), partial(self._web, one)) for one in places(town)]
        return found

    def _web(self, place: Place) -> Maker:
        if self.town.forms is None:
            self.town.forms = forms_on_pages(self.town)
        return cases(place, self.town.forms.get(str(place), []), self.town)

    def _made(self, target: Target, times: int) -> list[Case]:
        """So many cases of one target, the same for the same seed."""
        name, making = target
        maker, drawn = making(), list[Any]()
        for attempt in range(3):
            if len(drawn) < times:
                number = crc32(f"{self.seed} {attempt} {name}".encode())
                drawn += _drawn(maker.drawn, times - len(drawn), number)
        # Of what has few forms, each is sent more often: what is replaced in it differs.
        chance = random.Random(f"{self.seed} {name}")
        return [maker.case(drawn[position % len(drawn)], chance) for position in range(times)]

    def play(self, case: Case) -> Judgement:
        """Send one case and judge it."""
        self.count.sends(case)
        town = self.town
        town.watch.changes()
        town.errors.fresh()
        judged = Judgement(case)
        try:
            answer = send(town, case)
        except httpx2.HTTPError as broken:
            judged.wrong.append(f"server error: no answer ({type(broken).__name__})")
            judged.ended = "no answer"
        else:
            judged.judge(answer, town.watch.changes(), town.errors.fresh())
        self.count.ended[judged.ended] += 1
        self.count.errors += judged.errors
        for told in judged.wrong:
            self.count.find(told, case)
        return judged


def _shared_out(targets: list[Target], number: int, seed_: int) -> Iterator[tuple[Target, int]]:
    """So many for each target; where there are fewer than targets, for some of them by the seed."""
    each, more = divmod(number, len(targets))
    chosen = set(random.Random(seed_).sample(range(len(targets)), more))
    for position, target in enumerate(targets):
        if times := each + (position in chosen):
            yield target, times


def _drawn(strategy: st.SearchStrategy[Any], number: int, with_seed: int) -> list[Any]:
    made: list[Any] = []

    @seed(with_seed)
    @settings(
        # Each begins with the smallest there is: it is drawn beside those that are asked for.
        max_examples=number + 1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def draw(case: Any) -> None:
        made.append(case)

    draw()
    return (made[1:] if len(made) > number else made)[:number]


def send(town: Town, case: Case) -> httpx2.Response:
    """The answer to a case. Its key is new: what has that of an earlier one is not carried out."""
    sender = town.senders[case.who]
    for name in [one.name for one in sender.http.cookies.jar if one.name == COOKIE]:
        # Not the language that an earlier case chose.
        sender.http.cookies.delete(name)
    names = town.landlord_names if case.kind.startswith("landlords'") else town.names
    stands_for = {"@@key@@": str(uuid4()), "@@csrf@@": sender.csrf}

    def filled(value: Any) -> Any:
        if isinstance(value, str) and value in stands_for:
            return stands_for[value]
        if isinstance(value, dict):
            return {filled(one): filled(inner) for one, inner in value.items()}
        if isinstance(value, list | tuple):
            return [filled(one) for one in value]
        return names.filled(value)

    headers = {"accept-language": case.lang, "accept": "text/html"}
    path = _quoted(names.filled(case.path))
    if case.path.endswith(API) and "query" in (case.body or {}):
        headers |= {
            "accept": "application/json",
            "content-type": "application/json",
            "x-csrf-token": sender.csrf,
        }
        # Escaped, so that half of a surrogate pair can be sent as well.
        content = json.dumps(filled(case.body)).encode()
        return sender.http.post(path, content=content, headers=headers)
    if case.method == "GET":
        query = urlencode(_pairs(filled(dict(case.query))), errors="surrogatepass")
        return sender.http.get(f"{path}?{query}" if query else path, headers=headers)
    body = filled(case.body or {})
    if case.kind.endswith("files"):
        kind, content = _multipart(body)
    else:
        kind = "application/x-www-form-urlencoded"
        content = urlencode(_pairs(body), errors="surrogatepass").encode()
    headers["content-type"] = kind
    return sender.http.request(case.method, path, content=content, headers=headers)


def _quoted(path: str) -> str:
    return "/".join(quote(part, safe="", errors="surrogatepass") for part in path.split("/"))


def _pairs(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (str(name), one if isinstance(one, str) else json.dumps(one))
        for name, value in body.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _multipart(body: dict[str, Any]) -> tuple[str, bytes]:
    """A form with its file as a browser sends it, whatever its name and bytes are."""
    name, content = body.pop("file")
    border = "hemvist-fuzz-border"
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode(
            "utf-8", "surrogatepass"
        )
        for key, value in _pairs(body)
    ]
    parts.append(
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode("utf-8", "surrogatepass")
        + content.encode("latin-1")
        + f"\r\n--{border}--\r\n".encode()
    )
    return f"multipart/form-data; boundary={border}", b"".join(parts)
