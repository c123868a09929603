"""Packs with things wrong with them: texts mutated the way a hand, a merge or an attacker would."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import date

from hemvist.policy import (
    PackError,
    PolicyError,
    evaluate,
    explain,
    load_pack,
    missing_contents,
    schedule,
)
from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.pack import Pack
from hemvist.policy.programmes import EVENTS
from hemvist.policy.sentences import read_sentences
from hemvist.policy.texts import TextFolder

#: Pieces that have hurt parsers, compilers and calendars elsewhere.
HOSTILE = (
    *("&a [*a]", "*a", "<<: *a", "!!python/object/apply:os.system [id]", "!x 1", "? [a]", "\t"),
    *("[" * 50, "{a: " * 30, "]", "}", "'", '"', "|", ">-", "\x00", "\u2028", "\ud7ff", "😀" * 40),
    *("999999999999999999999", "-1", "0x10", "1e309", ".inf", ".nan", "null", "~", "yes", "no"),
    *("0000-00-00", "9999-12-31", "2026-02-30", "1583-01-01", "p.missing", "h.missing", "h.", "p."),
    *("when: '" + "(" * 120 + "true" + ")" * 120 + "'", "when: '" + "!" * 900 + "true'"),
    *("when: 'addMonths(h.decision_date, 120000) > h.decision_date'", "when: '1 / 0 == 1'"),
    *("when: '" + "1 + " * 200 + "1 == 1'", "unless: []", "all: []", "any: []", "not: {}"),
    *("rule: entitled", "{rule: entitled}", "include: [pack.yaml]", "include: [../../secret.yaml]"),
    *("__class__", "h.__class__", "p.__init__", "{{ 7 * 7 }}", "${HOME}", "'; DROP TABLE x; --"),
)
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*|-?[0-9]+|[^\sA-Za-z0-9_]")
_ALLOWED = (PackError, PolicyError)

Files = Mapping[str, str]


def mutated(files: Files, chance: random.Random, steps: int) -> dict[str, str]:
    """A copy of ``files`` after ``steps`` changes, each of one kind in one file."""
    found = dict(files)
    for _ in range(steps):
        name = chance.choice(sorted(found))
        found[name] = chance.choice(_KINDS)(found[name], chance)[:1_100_000]
    return found


def attempt(files: Files) -> str:
    """What becomes of a pack from a stranger: ``refused``, or ``judged`` after everything that an
    installed pack may be asked. Lets every error through that is not the one made for it."""
    folder = TextFolder(files)
    try:
        pack = load_pack(folder)
    except PackError as refused:
        _check_place(refused, files)
        return "refused"
    try:
        sentences = read_sentences(pack, folder)
    except PackError as refused:
        _check_place(refused, files)
        sentences = ()
    for sentence in sentences[:50]:
        sentence.judge()
        sentence.outcome()
    _ask_everything(pack)
    return "judged"


def _check_place(refused: PackError, files: Files) -> None:
    """An error points into a file that is there, and says something."""
    name = refused.file.rpartition("/")[2]
    lines = files.get(name, "").count("\n") + 2
    assert refused.message.strip(), "an error without words"
    assert 1 <= refused.line <= lines, f"{refused}: line {refused.line} of {lines}"
    assert refused.column >= 1


def _ask_everything(pack: Pack) -> None:
    for on in (pack.in_force.start, date(2026, 11, 30), date(2199, 12, 31)):
        for rule in pack.rules:
            for ask in (
                lambda: evaluate(pack, rule, {}, on),  # noqa: B023
                lambda: explain(pack, rule, "sv", on),  # noqa: B023
            ):
                _quietly(ask)
        for programme in pack.programmes:
            anchors = dict.fromkeys(EVENTS, on)
            _quietly(lambda: schedule(pack, programme, anchors, date(2030, 1, 1)))  # noqa: B023
            _quietly(lambda: missing_contents(pack, programme, {}, {}, on))  # noqa: B023
    _quietly(lambda: dead_ends(pack))


def _quietly(ask: Callable[[], object]) -> None:
    try:
        ask()
    except _ALLOWED:
        return


# The kinds of change.


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True) or [""]


def _drop_line(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    del lines[chance.randrange(len(lines))]
    return "".join(lines)


def _repeat_line(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    line = chance.choice(lines)
    lines.insert(chance.randrange(len(lines) + 1), line * chance.choice((1, 1, 2, 300)))
    return "".join(lines)


def _move_block(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    start = chance.randrange(len(lines))
    block = lines[start : start + chance.randrange(1, 8)]
    place = chance.randrange(len(lines) + 1)
    return "".join(lines[:place] + block + lines[place:])


def _indent(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    number = chance.randrange(len(lines))
    lines[number] = chance.choice((" ", "  ", "")) + lines[number].lstrip(
        " " if chance.random() < 0.5 else ""
    )
    return "".join(lines)


def _swap_tokens(text: str, chance: random.Random) -> str:
    tokens = list(_TOKEN.finditer(text))
    if len(tokens) < 2:
        return text + "x"
    target, source = chance.choice(tokens), chance.choice(tokens)
    return text[: target.start()] + source.group() + text[target.end() :]


def _hostile(text: str, chance: random.Random) -> str:
    piece = chance.choice(HOSTILE)
    tokens = list(_TOKEN.finditer(text))
    if not tokens or chance.random() < 0.2:
        return text + "\n" + piece
    target = chance.choice(tokens)
    return text[: target.start()] + piece + text[target.end() :]


def _number(text: str, chance: random.Random) -> str:
    numbers = list(re.finditer(r"[0-9]+", text))
    if not numbers:
        return text + "1"
    target = chance.choice(numbers)
    value = chance.choice(("0", "1", "-1", "99999", "1000000000000", "9" * 30, "36600", "1201"))
    return text[: target.start()] + value + text[target.end() :]


def _character(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    piece = chance.choice(
        (chr(chance.randrange(1, 0x2FF)), " ", "\n", ":", "'", "-", "{", "[", "#")
    )
    return text[:place] + piece + text[place + chance.randrange(2) :]


_KINDS: tuple[Callable[[str, random.Random], str], ...] = (
    *(_drop_line, _repeat_line, _move_block, _indent, _swap_tokens, _swap_tokens),
    *(_hostile, _number, _character),
)
