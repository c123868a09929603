"""Leaf text to tokens. Everything outside the language is refused here or in the parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_LENGTH = 1000
MAX_STRING = 200
MAX_INT = 10**12

_SPACE = re.compile(r"[ \t\n]+")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INT = re.compile(r"[0-9]+")
_SYMBOL = re.compile(r"==|!=|<=|>=|&&|\|\||[<>!()+\-*/.,]")
_STRING = re.compile(r"""'((?:[^'\\\n]|\\['"\\])*)'|"((?:[^"\\\n]|\\['"\\])*)\"""")
_ESCAPE = re.compile(r"\\(.)")


class LeafError(Exception):
    """A leaf is wrong at one character, counted from 0."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class TokenKind(StrEnum):
    """What a token is."""

    WORD = "word"
    INT = "int"
    STRING = "string"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` is the content without quotes and escapes."""

    kind: TokenKind
    text: str
    offset: int


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of ``text``, the last one ``END``. Raises ``LeafError``."""
    if len(text) > MAX_LENGTH:
        raise LeafError(MAX_LENGTH, f"the expression is longer than {MAX_LENGTH} characters")
    tokens: list[Token] = []
    offset = 0
    while offset < len(text):
        if space := _SPACE.match(text, offset):
            offset = space.end()
            continue
        token, offset = _token(text, offset)
        tokens.append(token)
    return (*tokens, Token(TokenKind.END, "", len(text)))


def _token(text: str, offset: int) -> tuple[Token, int]:
    if found := _WORD.match(text, offset):
        return Token(TokenKind.WORD, found[0], offset), found.end()
    if found := _INT.match(text, offset):
        return _integer(text, found), found.end()
    if found := _STRING.match(text, offset):
        content = _ESCAPE.sub(r"\1", found[1] if found[1] is not None else found[2])
        if len(content) > MAX_STRING:
            raise LeafError(offset, f"a text is longer than {MAX_STRING} characters")
        return Token(TokenKind.STRING, content, offset), found.end()
    if found := _SYMBOL.match(text, offset):
        return Token(TokenKind.SYMBOL, found[0], offset), found.end()
    raise LeafError(offset, _refusal(text[offset]))


def _integer(text: str, found: re.Match[str]) -> Token:
    following = text[found.end() : found.end() + 1]
    if following.isalnum() or following in ("_", "."):
        raise LeafError(found.start(), "only whole decimal numbers are allowed")
    # The length first: turning thousands of digits into a number is itself the attack.
    if len(found[0]) > 13 or int(found[0]) > MAX_INT:
        raise LeafError(found.start(), f"a number is larger than {MAX_INT}")
    return Token(TokenKind.INT, found[0], found.start())


def _refusal(character: str) -> str:
    match character:
        case "?" | ":":
            return "there is no '? :' in the language; write it as rules"
        case "[" | "]" | "{" | "}":
            return "there are no lists or maps in the language; put the list in a parameter"
        case "=":
            return "compare with '=='"
        case "&" | "|":
            return f"write '{character * 2}'"
        case "'" | '"':
            return "a text is not closed, or holds a line break or an unknown escape"
        case _:
            return f"unexpected character {character!r}"
