"""Leaves against a second meaning: random expressions, random knowledge."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.policy.leaf import Leaf, compile_leaf
from hemvist_policy_oracle import DOMAINS, Maker, completions, names, text, three, truth
from hemvist_policy_scope import SCOPE, env

_SEEDS = st.integers(0, 2**48)


def _compiled(maker: Maker) -> tuple[Any, Leaf]:
    expr = maker.truth_value(3)
    return expr, compile_leaf(text(expr), SCOPE)


@given(_SEEDS)
@settings(max_examples=400, deadline=None)
def test_with_every_fact_known_it_is_ordinary_logic(seed: int) -> None:
    maker = Maker(seed)
    expr, leaf = _compiled(maker)
    facts = {name: maker.random.choice(values) for name, values in DOMAINS.items()}
    assert leaf.value(env(facts)) is truth(expr, facts), text(expr)
    assert leaf.ask(env(facts)) == ()


@given(_SEEDS)
@settings(max_examples=400, deadline=None)
def test_with_facts_missing_it_is_kleenes_logic(seed: int) -> None:
    maker = Maker(seed)
    expr, leaf = _compiled(maker)
    facts = maker.knowledge(set(names(expr)))
    assert leaf.value(env(facts)) is (False, None, True)[three(expr, facts)], text(expr)


@given(_SEEDS)
@settings(max_examples=150, deadline=None)
def test_an_answer_holds_however_the_rest_turns_out(seed: int) -> None:
    maker = Maker(seed)
    expr, leaf = _compiled(maker)
    mentioned = set(names(expr))
    facts = maker.knowledge(mentioned)
    answer = leaf.value(env(facts))
    if answer is not None:
        for whole in completions(facts, mentioned):
            assert truth(expr, whole) is answer, (text(expr), whole)


@given(_SEEDS)
@settings(max_examples=150, deadline=None)
def test_the_answers_to_what_is_asked_settle_it_and_nothing_else_can(seed: int) -> None:
    maker = Maker(seed)
    expr, leaf = _compiled(maker)
    mentioned = set(names(expr))
    facts = maker.knowledge(mentioned)
    asked = set(leaf.ask(env(facts)))
    if leaf.value(env(facts)) is not None:
        assert asked == set()
        return
    assert asked and asked <= mentioned
    for answered in completions(facts, asked):
        settled = leaf.value(env(answered))
        assert settled is not None, (text(expr), facts, asked)
        for whole in completions(answered, mentioned):
            assert truth(expr, whole) is settled, (text(expr), whole)


@given(_SEEDS)
@settings(max_examples=300, deadline=None)
def test_every_fact_asked_for_can_change_the_answer(seed: int) -> None:
    # Exact where no fact is mentioned twice; two mentions can cancel out, as in x || !x.
    maker = Maker(seed, once=True)
    expr, leaf = _compiled(maker)
    mentioned = set(names(expr))
    if len(mentioned) != len(names(expr)):
        return
    facts = {
        name: value
        for name, value in maker.knowledge(mentioned).items()
        if not (name == "r1" and any(one["n"] is None for one in value))
    }
    asked = leaf.ask(env(facts))
    wholes = list(completions(facts, mentioned))
    for name in asked:
        assert any(
            truth(expr, whole) is not truth(expr, whole | {name: other})
            for whole in wholes
            for other in DOMAINS[name]
        ), (text(expr), facts, name)
