"""Rows that nobody waits for, as few statements: which go together, and what they are then."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from hemvist.joined import Sending, Waiting, joined

PARENT = "INSERT INTO parents (id) VALUES (%(id)s)"
CHILD = "INSERT INTO children (id, parent) VALUES (%(id)s, %(parent)s)"


def row(text: str, **params: Any) -> Waiting:
    return Waiting(text, params, True)


def sent(*waiting: Waiting) -> list[Sending]:
    return list(joined(waiting))


def test_rows_beside_each_other_are_one_statement_with_values_of_their_own() -> None:
    (one,) = sent(row(PARENT, id=1), row(CHILD, id=2, parent=1))
    assert one.params == {"0_id": 1, "1_id": 2, "1_parent": 1}
    assert one.made_of == (PARENT, CHILD)


def test_a_statement_alone_goes_as_it_is() -> None:
    assert sent(row(PARENT, id=1)) == [Sending(PARENT, {"id": 1}, (PARENT,))]
    assert sent() == []


def test_what_is_no_row_keeps_its_place_between_them() -> None:
    update = Waiting("UPDATE parents SET id = 3", None, False)
    assert [one.made_of for one in sent(row(PARENT, id=1), update, row(CHILD, id=2, parent=3))] == [
        (PARENT,),
        (update.text,),
        (CHILD,),
    ]


def test_the_same_row_many_times_is_sent_many_times() -> None:
    made = sent(*(row(PARENT, id=number) for number in range(3)))
    assert [one.made_of for one in made] == [(PARENT,)] * 3


def test_no_more_than_eight_go_together() -> None:
    made = sent(*(row(f"INSERT INTO t{number} DEFAULT VALUES") for number in range(10)))
    assert [len(one.made_of) for one in made] == [8, 2]


def test_a_part_may_refer_to_what_another_writes(postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        connection.execute("CREATE TEMPORARY TABLE parents (id int PRIMARY KEY)")
        connection.execute(
            "CREATE TEMPORARY TABLE children (id int, parent int REFERENCES parents (id))"
        )
        (both,) = sent(row(CHILD, id=2, parent=1), row(PARENT, id=1))
        connection.execute(both.text, both.params)
        assert connection.execute("SELECT id, parent FROM children").fetchall() == [(2, 1)]
        (wrong,) = sent(row(CHILD, id=4, parent=9), row(PARENT, id=3))
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(wrong.text, wrong.params)
        connection.rollback()
