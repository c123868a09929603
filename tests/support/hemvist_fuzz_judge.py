"""What must hold of every answer, whatever was sent.

No failure of ours, nothing of our insides, no row changed by what was refused or only read, and every
error names what it is about and the rule, in Swedish and in English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx2

from hemvist_fuzz import Case
from hemvist_fuzz_graphql import KIND
from hemvist_fuzz_watch import Change
from hemvist_fuzz_words import foreign_texts, language_of_page, reads_as
from hemvist_graphql.failures import Code

#: Words that only our insides would say. What cases send has none of them.
_INSIDE = re.compile(
    r"Traceback \(most|site-packages|psycopg|sqlalchemy|asyncpg|\bhemvist_(?:graphql|portal|staff|infra)\b"
    r"|SQLSTATE|\bSELECT\b.{1,80}\bFROM\b|\bINSERT INTO\b|\bDELETE FROM\b|\bUPDATE \w+ SET\b"
    r"|violates (?:foreign|unique|check|not)|duplicate key|relation \"|current transaction"
    r"|\b(?:Key|Type|Value|Attribute|Index|Assertion|Unicode\w*|Recursion|Runtime)Error\b"
    r"|object at 0x|NoneType|<class '|\bTenantSession\b|jinja2|strawberry\."
)
#: Rows that change although nothing was done: that somebody asked, and how they stand.
_ASKED = frozenset({"login_sessions", "principals", "memberships", "login_attempts"})
_LOOKED = frozenset({"read", "refused"})
#: Addresses that answer with JSON.
API = ("/graphql", "/graphql/export")
#: Addresses whose errors have another's form, and whose.
OTHERS: Mapping[str, str] = {
    "POST /{slug}/oidc/backchannel-logout": "the standard's: the issuer's server reads it",
}
#: After these words a Swedish sentence quotes a check that speaks English.
QUOTED = "på engelska:"
_SNAKE = re.compile(r"[a-z][a-z0-9_.:-]*")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_ :\[\].-]*")


class Judgement:
    """What is to be said of one answer: how it ended, how many errors it told, what is wrong."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.ended = ""
        self.errors = 0
        self.wrong: list[str] = []

    def judge(
        self, answer: httpx2.Response, changes: Sequence[Change], logged: Sequence[str]
    ) -> None:
        """Judge the answer, what was changed meanwhile, and what was logged as an error."""
        if answer.status_code >= 500:
            self.wrong.append(f"server error {answer.status_code}")
        self.wrong += [f"server error in the log: {one[:400]}" for one in logged]
        found = _INSIDE.search(answer.text)
        if found is not None:
            self.wrong.append(f"tells of our insides: {found[0][:60]!r}")
        done = self._api(answer) if self.case.path.endswith(API) else self._page(answer)
        if not done:
            for change in changes:
                if not _harmless(change):
                    why = "reading" if self._only_reads() else "refusal"
                    self.wrong.append(f"changed on {why}: {change}")

    def _only_reads(self) -> bool:
        return self.case.method == "GET" or self.case.target.startswith("Query.")

    # Both APIs

    def _api(self, answer: httpx2.Response) -> bool:
        try:
            lines = answer.text.splitlines() if "ndjson" in answer.headers["content-type"] else []
            told = json.loads(lines[-1]) if lines else answer.json()
            if lines:
                told = {"data": {}, "errors": [told["error"]] if "error" in told else []}
        except ValueError:
            self.wrong.append("no JSON")
            return False
        errors, data = told.get("errors") or [], told.get("data")
        for one in errors:
            self.errors += 1
            self.wrong += _wrong_in_error(one)
        if data is None and not errors:
            self.wrong.append("neither data nor errors")
        kinds = []
        for result in _results(data):
            kind = result.get("__typename") or result.get(KIND) or ""
            kinds.append(kind)
            if "sv" in result:
                self.errors += 1 + len(result.get("problems") or ())
                self.wrong += _wrong_in_refusal(kind, result, self._input())
        self.ended = kinds[0] if kinds else "errors" if errors else "answered"
        done = any(kind.endswith("Done") for kind in kinds)
        self.ended = "done" if done else self.ended
        return done

    def _input(self) -> set[str] | None:
        body = self.case.body
        given = (body.get("variables") or {}).get("input") if isinstance(body, dict) else None
        return set(given) if isinstance(given, dict) else None

    # Pages

    def _page(self, answer: httpx2.Response) -> bool:
        status, kind = answer.status_code, answer.headers.get("content-type", "")
        leads = answer.headers.get("location", "")
        done = self.case.method == "POST" and (
            status == 204 or (status in (302, 303) and "/login" not in leads)
        )
        self.ended = "done" if done else f"HTTP {status}"
        if status >= 400:
            self.errors += 1
            if self.case.target in OTHERS:
                pass
            elif "text/html" not in kind:
                self.wrong.append(f"{status} is no page: {kind}")
            elif status in (409, 422) and 'id="problems"' not in answer.text:
                self.wrong.append(f"{status} does not say what is wrong")
        if "text/html" in kind and answer.text:
            lang = language_of_page(answer.text)
            if lang != self.case.lang:
                self.wrong.append(f"{status} is in {lang or 'no language'}")
            else:
                for text in foreign_texts(answer.text, lang):
                    self.wrong.append(f"a page in {lang} says {text[:80]!r}")
            if status in (409, 422):
                for text in _problems(answer.text):
                    self.errors += 1
                    if reads_as(text) not in ("", self.case.lang):
                        self.wrong.append(f"a problem is not in {self.case.lang}: {text[:80]!r}")
        return done


def _harmless(change: Change) -> bool:
    if change.relation == "audit_entries":
        return change.act == "INSERT" and change.kind in _LOOKED
    return change.relation in _ASKED


def _results(data: Any) -> Iterator[dict[str, Any]]:
    """What each command of an operation answered."""
    for value in (data or {}).values() if isinstance(data, dict) else ():
        if isinstance(value, dict) and (KIND in value or "__typename" in value):
            yield value


def _wrong_in_error(error: Mapping[str, Any]) -> Iterator[str]:
    more = error.get("extensions") or {}
    code, words, swedish = more.get("code"), error.get("message"), more.get("messageSv")
    if code == Code.INTERNAL:
        yield "server error INTERNAL"
        return
    if code not in set(Code):
        yield f"an error without a code of ours: {code}"
    if not more.get("field") or not _FIELD.match(str(more["field"])):
        yield f"{code} names no field"
    yield from _wrong_in_words(str(code), swedish, words)
    for one in more.get("problems") or ():
        if not one.get("field") or not one.get("rule"):
            yield f"{code} has a problem without field or rule"
        yield from _wrong_in_words(str(one.get("rule")), one.get("messageSv"), one.get("message"))


def _wrong_in_refusal(kind: str, result: Mapping[str, Any], sent: set[str] | None) -> Iterator[str]:
    yield from _wrong_in_words(str(result.get("rule") or kind), result.get("sv"), result.get("en"))
    for name in ("field", "rule"):
        if kind != "ValidationFailed" and not result.get(name):
            yield f"{kind} names no {name}"
    if kind == "ValidationFailed" and not result.get("problems"):
        yield "ValidationFailed without a problem"
    for one in result.get("problems") or ():
        field, rule = str(one.get("field") or ""), str(one.get("rule") or "")
        if not field:
            yield f"the problem {rule} names no field"
        if not _SNAKE.fullmatch(rule):
            yield f"a problem of {field} names no rule"
        yield from _wrong_in_words(rule, one.get("sv"), one.get("en"))


def _wrong_in_words(what: str, swedish: Any, english: Any) -> Iterator[str]:
    if not swedish or not english:
        yield f"{what} has no words in {'Swedish' if not swedish else 'English'}"
    elif swedish == english:
        yield f"{what} says the same in both languages: {english[:80]!r}"
    elif reads_as(swedish.partition(QUOTED)[0]) == "en":
        yield f"{what} is English in Swedish: {swedish[:80]!r}"
    elif reads_as(english) == "sv":
        yield f"{what} is Swedish in English: {english[:80]!r}"
    elif swedish == what or english == what:
        yield f"{what} has no words but its code"


_TAG = re.compile(r"<[^>]+>")


def _problems(html: str) -> Iterator[str]:
    """The sentences of a page's summary of problems, without what somebody typed."""
    _, _, after = html.partition('id="problems"')
    for item in re.findall(r"<li>(.*?)</li>", after.partition("</ul>")[0], re.S)[:20]:
        yield " ".join(_TAG.sub(" ", item).split())
