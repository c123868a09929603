"""The web attacked with guessed ids: every place of the map that takes one, given another kommun's.

Who asks is logged in and may be there; whose ids are sent is another kommun, or another landlord. What
comes back must be what an id of nothing is answered with, to the letter, and hold no word of theirs.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from hemvist_api_inputs import named_by
from hemvist_attack import Tally
from hemvist_attack_web import Caller, Place, ask, of_nothing, sound

#: Global ids of rows that are attacked, by type.
Ids = Mapping[str, str]
#: A made-up text or an id, as ``words_of`` has them.
_WORD = re.compile(r"[0-9a-f]{32}|[0-9a-f]{16}")
#: What differs from answer to answer: ids of requests, keys of forms, tokens.
_CHANGING = re.compile(
    r"[A-Za-z0-9_-]{40,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}"
)
#: Words that a place may take are looked for in the module of its route.
_WORDLIKE = re.compile(r"[a-z][a-z_-]{2,30}")


def attack_ids(
    tally: Tally,
    client: TestClient,
    places: Sequence[Place],
    who: Caller,
    theirs: Ids,
    words: set[str],
    *,
    kind: str = "places with ids",
) -> None:
    """Every place that takes an id, given ``theirs``: nothing of ``words`` comes back, and no sign."""
    for place in places:
        names = place.takes()
        if not names:
            continue
        for values in _values(place, names, theirs):
            tally.strike(kind, str(place))
            said = []
            for given in (
                {n: v if n in _acts(place) else _nothing_like(v) for n, v in values.items()},
                values,
            ):
                tally.tried()
                answer = ask(client, place, who, place.address(**given))
                sound(tally, place, "a guessed id", answer)
                said.append(_told(answer, given))
            leaked = words.intersection(_WORD.findall(_without_sent(answer.text, values)))
            if leaked:
                tally.find(f"{place} shows {len(leaked)} words of another's")
            if said[0] != said[1]:
                tally.find(f"{place} tells another's id from one of nothing")


def _nothing_like(row_id: str) -> str:
    return of_nothing(row_id.partition("_")[0])


def _acts(place: Place) -> set[str]:
    """The parts of an address that are words, not ids."""
    return {name for name in place.takes() if not name.endswith("_id")}


def _values(place: Place, names: Sequence[str], theirs: Ids) -> Iterator[dict[str, str]]:
    """What the address is filled with: of ids each type that may be meant, of words each that is known."""
    ids = [name for name in names if name.endswith("_id")]
    if not ids:
        return
    fitting = {name: list(_meant(name, theirs)) for name in ids}
    longest = max(len(one) for one in fitting.values())
    acts = [name for name in names if name not in ids]
    spoken = _words_of(place.endpoint) if acts else ("",)
    for number in range(longest):
        chosen = {name: one[number % len(one)] for name, one in fitting.items()}
        # Of many types that may be meant each with one word, of one with each.
        for word in spoken if number == 0 else spoken[:1]:
            yield {**chosen, **dict.fromkeys(acts, word)}


def _meant(name: str, theirs: Ids) -> Iterator[str]:
    head, *rest = name.removesuffix("_id").split("_")
    camel = head + "".join(part.capitalize() for part in rest)
    kind = camel[0].upper() + camel[1:]
    exact = next((theirs[one] for one in (kind, named_by(f"{camel}Id")) if one in theirs), None)
    if exact is not None:
        yield exact
        return
    ending = [row_id for one, row_id in theirs.items() if one.endswith(kind)]
    yield from ending or theirs.values()


@cache
def _words_of(endpoint: Callable[..., Any]) -> tuple[str, ...]:
    """Words that a route may know: keys of the dicts and parts of the tuples of its module."""
    source = inspect.getsourcefile(inspect.unwrap(endpoint))
    if source is None:
        return ("x",)
    found = {
        one.value
        for node in ast.walk(ast.parse(Path(source).read_text("utf-8")))
        for one in (
            node.keys
            if isinstance(node, ast.Dict)
            else node.elts
            if isinstance(node, ast.Tuple)
            else ()
        )
        if isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and _WORDLIKE.fullmatch(one.value)
    }
    return tuple(sorted(found)[:40]) or ("x",)


def _without_sent(text: str, sent: Mapping[str, str]) -> str:
    for value in sent.values():
        text = text.replace(value, "…")
        _, _, bare = value.partition("_")
        if bare:
            text = text.replace(bare, "…")
    return text


def _told(answer: Any, sent: Mapping[str, str]) -> tuple[int, str, str]:
    """An answer without what was sent and what changes from one to the next."""
    location = _CHANGING.sub("…", _without_sent(answer.headers.get("location", ""), sent))
    return answer.status_code, location, _CHANGING.sub("…", _without_sent(answer.text, sent))


def attack_documents_served(
    tally: Tally,
    client: TestClient,
    slug: str,
    who: Caller,
    documents: Mapping[str, tuple[str, Mapping[str, Any]]],
    words: set[str],
    *,
    shut: bool,
) -> None:
    """Every registered document by its id, as a page sends it, with ids of another kommun.

    ``documents`` are digest and variables by name. With ``shut`` the caller may not be there at all.
    Asked twice: what is known of a caller from the first is believed at the second.
    """
    headers = {**who.headers, "x-csrf-token": who.csrf}
    for name, (digest, variables) in documents.items():
        tally.strike("persisted operations", name)
        tally.strike("principals", who.name)
        for _ in range(1 if shut else 2):
            tally.tried()
            answer = client.post(
                f"/{slug}/graphql",
                json={"documentId": digest, "variables": dict(variables)},
                headers=headers,
            )
            if shut and (answer.status_code not in (401, 403) or '"data":{' in answer.text):
                tally.find(f"{who.name} is answered {name} with {answer.status_code}")
            text = answer.text
            for sent in re.findall(r"[A-Z]\w+_[0-9a-f]{32}", str(variables)):
                text = _without_sent(text, {"": sent})
            leaked = words.intersection(_WORD.findall(text))
            if leaked:
                tally.find(f"the served document {name} shows {len(leaked)} words of another's")
            if answer.status_code >= 500:
                tally.find(f"the served document {name} answers {answer.status_code}")
