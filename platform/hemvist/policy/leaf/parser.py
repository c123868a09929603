"""Tokens to syntax by recursive descent, with CEL's precedence.

From loose to tight: ``||``, ``&&``, comparisons and ``in``, ``+ -``, ``* /``, ``! -``, ``.``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from hemvist.policy.leaf.lexer import LeafError, Token, TokenKind, tokenize
from hemvist.policy.leaf.syntax import Binary, Call, Expr, Literal, Logic, Member, Name, Unary

MAX_NODES = 200
MAX_DEPTH = 24

_RELATIONS = ("==", "!=", "<", "<=", ">", ">=", "in")


def parse(text: str) -> Expr:
    """The expression in ``text``. Raises ``LeafError`` with the offset of the first fault."""
    return _Parser(tokenize(text)).whole()


class _Parser:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.position = 0
        self.nodes = 0
        self.depth = 0

    def whole(self) -> Expr:
        expression = self.disjunction()
        if self.token.kind is not TokenKind.END:
            self.unexpected("an operator or the end")
        return expression

    # Grammar, loosest first.

    def disjunction(self) -> Expr:
        return self.logic("||", self.conjunction)

    def conjunction(self) -> Expr:
        return self.logic("&&", self.relation)

    def relation(self) -> Expr:
        return self.chain(_RELATIONS, self.addition)

    def addition(self) -> Expr:
        return self.chain(("+", "-"), self.multiplication)

    def multiplication(self) -> Expr:
        return self.chain(("*", "/"), self.unary)

    def unary(self) -> Expr:
        if not self.at("!", "-"):
            return self.member()
        operator = self.advance()
        self.deeper(operator)
        operand = self.unary()
        self.depth -= 1
        return self.counted(Unary(operator.offset, operator.text, operand))

    def member(self) -> Expr:
        expression = self.primary()
        while self.at("."):
            self.advance()
            name = self.word("a name after '.'")
            if self.at("("):
                arguments = self.arguments()
                expression = self.counted(Call(name.offset, expression, name.text, arguments))
            else:
                expression = self.counted(Member(name.offset, expression, name.text))
        return expression

    def primary(self) -> Expr:
        token = self.token
        if token.kind is TokenKind.INT:
            self.advance()
            return self.counted(Literal(token.offset, int(token.text)))
        if token.kind is TokenKind.STRING:
            self.advance()
            return self.counted(Literal(token.offset, token.text))
        if self.at("("):
            self.deeper(self.advance())
            inner = self.disjunction()
            self.symbol(")")
            self.depth -= 1
            return inner
        name = self.word("a fact, a parameter or a value")
        if name.text in ("true", "false"):
            return self.counted(Literal(name.offset, name.text == "true"))
        if self.at("("):
            return self.counted(Call(name.offset, None, name.text, self.arguments()))
        return self.counted(Name(name.offset, name.text))

    # Parts.

    def logic(self, operator: str, part: Callable[[], Expr]) -> Expr:
        first = part()
        if not self.at(operator):
            return first
        offset = self.token.offset
        parts = [first]
        while self.at(operator):
            self.advance()
            parts.append(part())
        return self.counted(Logic(offset, operator, tuple(parts)))

    def chain(self, operators: tuple[str, ...], part: Callable[[], Expr]) -> Expr:
        left = part()
        while self.at(*operators):
            operator = self.advance()
            left = self.counted(Binary(operator.offset, operator.text, left, part()))
        return left

    def arguments(self) -> tuple[Expr, ...]:
        self.deeper(self.symbol("("))
        found: list[Expr] = []
        while not self.at(")"):
            if found:
                self.symbol(",")
            found.append(self.disjunction())
        self.advance()
        self.depth -= 1
        return tuple(found)

    # Tokens and limits.

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def at(self, *texts: str) -> bool:
        token = self.token
        return token.kind in (TokenKind.SYMBOL, TokenKind.WORD) and token.text in texts

    def advance(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def symbol(self, text: str) -> Token:
        if not self.at(text):
            self.unexpected(repr(text))
        return self.advance()

    def word(self, wanted: str) -> Token:
        if self.token.kind is not TokenKind.WORD or self.token.text == "in":
            self.unexpected(wanted)
        return self.advance()

    def unexpected(self, wanted: str) -> NoReturn:
        found = self.token.text if self.token.kind is not TokenKind.END else "the end"
        raise LeafError(self.token.offset, f"expected {wanted}, found {found!r}")

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LeafError(token.offset, f"nested deeper than {MAX_DEPTH}")

    def counted(self, node: Expr) -> Expr:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise LeafError(node.offset, f"the expression has more than {MAX_NODES} parts")
        return node
