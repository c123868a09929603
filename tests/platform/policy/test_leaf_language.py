"""What the leaf language takes, what it refuses, and where it says the fault is."""

from __future__ import annotations

import pytest

from hemvist.policy.leaf import LeafError, compile_leaf
from hemvist_policy_scope import SCOPE, env


def _value(text: str, **facts: object) -> bool | None:
    return compile_leaf(text, SCOPE).value(env(facts))


def _refusal(text: str) -> LeafError:
    with pytest.raises(LeafError) as caught:
        compile_leaf(text, SCOPE)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true || false && false", True),
        ("(true || false) && false", False),
        ("!true || true", True),
        ("1 + 2 * 3 == 7", True),
        ("(1 + 2) * 3 == 9", True),
        ("7 - 2 - 1 == 4", True),
        ("12 / 2 / 3 == 2", True),
        ("-7 / 2 == -3", True),
        ("- - 3 == 3", True),
        ("1 < 2 && 2 < 3", True),
        ("1 + 1 in p.odd", False),
        ("p.two + 1 in p.odd", True),
        ('"a" in p.words && \'c\' != "d"', True),
        ("'it\\'s' == \"it's\"", True),
        ("p.yes == true", True),
        ("size(p.words) == p.two", True),
        ("addMonths(p.day, 1) < p.later", True),
        ("addDays(p.day, 31) == p.later", True),
        ("addDays(addMonths(p.day, 1), 3) == p.later", True),
        ("true\n  && // no comments\n true".replace("// no comments", ""), True),
    ],
)
def test_precedence_and_constants(text: str, expected: bool) -> None:
    assert _value(text) is expected


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_three_values(
    left: bool | None, right: bool | None, both: bool | None, either: bool | None
) -> None:
    known = {"b1": left, "b2": right}
    facts = {name: value for name, value in known.items() if value is not None}
    for order in (("b1", "b2"), ("b2", "b1")):
        a, b = (f"h.{name}" for name in order)
        assert _value(f"{a} && {b}", **facts) is both
        assert _value(f"{a} || {b}", **facts) is either


def test_lists() -> None:
    records = [{"k": "a", "n": 2}, {"k": "b", "n": None}]
    assert _value('h.r1.exists(x, x.k == "a" && x.n > 1)', r1=records) is True
    assert _value('h.r1.exists(x, x.k == "b" && x.n > 1)', r1=records) is None
    assert _value('h.r1.all(x, x.k == "a")', r1=records) is False
    assert _value("sum(h.r1.map(x, x.n)) > 1", r1=records) is None
    assert _value("sum(h.r1.map(x, x.n * 2)) == 4", r1=records[:1]) is True
    assert _value("sum(h.r1.map(x, x.n)) == 0", r1=[]) is True
    assert _value("h.r1.all(x, x.n > 9)", r1=[]) is True
    assert _value("h.r1.exists(x, true)", r1=[]) is False
    assert _value("size(h.r1) == 2", r1=records) is True
    assert _value('"a" in h.l1 && !("b" in h.l1)', l1=["a", "c"]) is True
    assert _value('h.l1.all(o, o == "a" || h.b1)', l1=["a", "c"], b1=True) is True


@pytest.mark.parametrize(
    ("text", "facts", "asked"),
    [
        ("h.b1 && h.b2", {}, ("b1", "b2")),
        ("h.b1 && h.b2", {"b1": True}, ("b2",)),
        ("h.b1 && h.b2", {"b1": False}, ()),
        ("h.b1 || h.b2 && h.b3", {"b2": False}, ("b1",)),
        ("h.n1 > 1 || (h.b1 && h.n2 > h.n1)", {"b1": False}, ("n1",)),
        ("h.r1.exists(x, x.n > h.n1)", {}, ("r1", "n1")),
        ("h.r1.exists(x, h.b1 && x.n > h.n1)", {"b1": False}, ("r1",)),
        ('h.r1.exists(x, x.k == "a" && h.b1)', {"r1": [{"k": "b", "n": 1}]}, ()),
        ('h.r1.exists(x, x.k == "a" && h.b1)', {"r1": [{"k": "a", "n": 1}]}, ("b1",)),
        ("sum(h.r1.map(x, x.n)) > 1", {"r1": [{"k": "a", "n": None}]}, ("r1",)),
        ("h.c1 in h.l1", {"l1": []}, ()),
        ("h.b1 || h.b1", {}, ("b1",)),
    ],
)
def test_only_what_would_still_settle_it_is_asked(
    text: str, facts: dict[str, object], asked: tuple[str, ...]
) -> None:
    assert compile_leaf(text, SCOPE).ask(env(facts)) == asked


#: ¤ marks the place of the fault.
@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("h.b1 ¤? h.b2 : h.b3", "there is no '? :'"),
        ("h.c1 in ¤[1, 2]", "put the list in a parameter"),
        ("¤has(h.b1)", "not in the language"),
        ("¤siz(h.l1) > 1", "did you mean 'size'"),
        ('h.c1.¤startsWith("a")', "not in the language"),
        ("h.r1.¤filter(x, x.n > 1)", "not in the language"),
        ("h.r1.¤map(x, x.n) == 1", "map is only used as sum"),
        ("h.b1 ¤= true", "compare with '=='"),
        ("h.b1 ¤& h.b2", "write '&&'"),
        ("h.n1 ¤% 2 == 0", "unexpected character '%'"),
        ("h.n1 > ¤1.5", "whole decimal numbers"),
        ("h.n1 > ¤0x10", "whole decimal numbers"),
        ("h.n1 > ¤1u", "whole decimal numbers"),
        ("h.c1 == ¤'a", "a text is not closed"),
        ('h.c1 == ¤"\\x61"', "unknown escape"),
        ("h.b1 && ¤", "found 'the end'"),
        ("(h.b1¤", "expected ')'"),
        ("h.b1 ¤h.b2", "an operator or the end"),
        ("¤", "found 'the end'"),
        ("h.¤b9", "unknown fact 'b9'"),
        ("h.¤bl1", "did you mean"),
        ("p.¤tvo == 2", "unknown parameter 'tvo'; did you mean 'two'"),
        ("h.r1.exists(x, x.¤m > 1)", "unknown field 'm'"),
        ("¤b1", "facts are written h.name"),
        ("¤h == 1", "write h.name"),
        ("h.b1.¤b2", "nothing here has a part"),
        ("¤h.n1", "a whole number, not a truth value"),
        ("h.n1 + 1 == 2 && ¤h.n1", "expected a truth value, found a whole number"),
        ("h.b1 && ¤h.n1 + 1", "expected a truth value, found a whole number"),
        ("h.n1 ¤== h.b1", "cannot compare a whole number with a truth value"),
        ("h.c1 ¤< 'b'", "< needs numbers or dates"),
        ("h.b1 ¤<= h.b2", "<= needs numbers or dates"),
        ("1 < h.n1 ¤< 3", "cannot compare a truth value with a whole number"),
        ("h.l1 ¤== h.l1", "cannot compare a list of options"),
        ('h.c1 == ¤"d"', "'d' is not an option"),
        ('¤"d" == h.c1', "'d' is not an option"),
        ('¤"d" in h.l1', "'d' is not an option"),
        ("h.l1.exists(x, x == ¤'d')", "'d' is not an option"),
        ("h.r1.exists(x, ¤x == 1)", "name a field: x.field"),
        ("h.n1 ¤in p.words", "a whole number cannot be in a list of texts"),
        ("h.n1 ¤in h.n2", "'in' needs a parameter list"),
        ("h.n1 ¤/ 0 == 1", "division is by a written number, not 0"),
        ("h.n1 ¤/ h.n2 == 1", "division is by a written number, not 0"),
        ("!¤h.n1", "expected a truth value"),
        ("-¤h.b1 == 1", "expected a whole number"),
        ("¤size(h.n1) == 1", "size needs a list"),
        ("¤size(h.l1, h.r1) == 1", "size takes 1 argument"),
        ("¤sum(h.l1) == 1", "write sum(list.map(x, x.field))"),
        ("h.r1.¤exists(x) ", "write list.exists(x, …)"),
        ("h.r1.¤exists(x.n, true)", "write list.exists(x, …)"),
        ("h.n1.¤exists(x, true)", "needs a fact that is a list"),
        ("p.words.¤exists(x, true)", "needs a fact that is a list"),
        ("addMonths(¤h.n1, 1) == p.day", "expected a date"),
        ("¤addMonths(h.d1, 1000000) == p.day", "could leave the calendar"),
        ("¤addDays(h.d1, 1000000000000) == p.day", "could leave the calendar"),
    ],
)
def test_refusals_name_the_place(marked: str, message: str) -> None:
    offset = marked.index("¤")
    error = _refusal(marked.replace("¤", "", 1))
    assert message in error.message
    assert error.offset == offset


@pytest.mark.parametrize("name", ["h", "p", "size", "all", "addMonths"])
def test_a_loop_variable_shadows_nothing(name: str) -> None:
    assert _refusal(f"h.r1.exists({name}, true)").offset == len("h.r1.exists(")


@pytest.mark.parametrize("word", ["in", "true", "1", "h.b1"])
def test_a_loop_variable_is_a_name(word: str) -> None:
    assert _refusal(f"h.r1.exists({word}, true)").message.startswith(("expected", "write list"))


@pytest.mark.parametrize(
    "text",
    [
        "h.r1.exists(x, h.l1.exists(y, true))",
        "h.r1.all(x, sum(h.r1.map(y, y.n)) > x.n)",
        "sum(h.r1.map(x, sum(h.r1.map(y, y.n)))) > 1",
    ],
)
def test_lists_do_not_nest(text: str) -> None:
    assert "inside another list" in _refusal(text).message


def test_a_loop_variable_ends_with_its_loop() -> None:
    assert "unknown name 'x'" in _refusal("h.r1.exists(x, true) && x.n > 1").message
