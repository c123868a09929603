"""Two people let a kommun in, one lets it out; it gives what it has told, and gets for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hemvist.clock import now
from hemvist.comparisons import reading, receiving, service
from hemvist.comparisons.giving import open_sharing
from hemvist.comparisons.models import ComparedFigure, IndicatorSharing, SharedFigure
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import Audience
from hemvist_compared import (
    ADMIN,
    POLICY,
    STEERING,
    STRANGER,
    WAYS,
    YEAR,
    carried,
    code_of,
    joined,
    kommun_in_comparisons,
    left,
    told,
)
from hemvist_kommun import Kommun
from hemvist_world import at_once


@pytest.fixture
def kommun(database: str) -> Kommun:
    return kommun_in_comparisons()


@pytest.fixture
def three(database: str) -> list[Kommun]:
    """Three that take part and have told a year."""
    found = [kommun_in_comparisons() for _ in range(3)]
    for number, one in enumerate(found):
        told(one, "moved_on", 10 + number)
        joined(one)
    return found


def seen(kommun: Kommun, year: int = YEAR) -> dict[str, dict[str, int | None]]:
    """What the steering group is shown: by indicator the number of each kommun."""
    with kommun.session(kommun[STEERING]) as session:
        sharing = reading.open_part(session, kommun[STEERING], WAYS)
        if sharing is None:
            return {}
        return {
            one.definition.code: {figure.kommun: figure.facts for figure in one.figures}
            for one in reading.compared(session, sharing, year)
        }


def test_one_proposes_and_another_agrees(kommun: Kommun) -> None:
    sharing = kommun.act(ADMIN, service.propose, comparison=WAYS)
    assert sharing.state == "proposed"
    for who in (ADMIN, STEERING, STRANGER):
        with pytest.raises((NotAllowed, NotFound)):
            kommun.act(who, service.agree, indicator_sharing_id=sharing.id, expected_version=1)
    with pytest.raises(Conflict):
        kommun.act(POLICY, service.agree, indicator_sharing_id=sharing.id, expected_version=7)
    agreed = kommun.act(POLICY, service.agree, indicator_sharing_id=sharing.id, expected_version=1)
    assert (agreed.state, agreed.agreed_by) == ("open", kommun[POLICY].principal_id)
    with pytest.raises(Conflict):
        kommun.act(POLICY, service.agree, indicator_sharing_id=sharing.id, expected_version=2)
    [event] = kommun.rows(OutboxEvent, type="comparison_joined")
    assert event.payload == {"comparison": WAYS, "sharing_id": str(sharing.id)}


def test_who_may_propose_and_what(kommun: Kommun) -> None:
    for who in (STEERING, STRANGER):
        with pytest.raises(NotAllowed):
            kommun.act(who, service.propose, comparison=WAYS)
    with pytest.raises(ValidationFailed) as wrong:
        kommun.act(ADMIN, service.propose, comparison="everything")
    assert wrong.value.problems[0].field == "comparison"
    kommun.act(POLICY, service.propose, comparison=WAYS)
    with pytest.raises(Conflict):
        kommun.act(ADMIN, service.propose, comparison=WAYS)
    assert kommun.act(ADMIN, service.propose, comparison="work").state == "proposed"


def test_nobody_agrees_to_their_own_whoever_writes(kommun: Kommun) -> None:
    sharing = kommun.act(ADMIN, service.propose, comparison=WAYS)
    with pytest.raises(DBAPIError, match="second_person"), kommun.session() as session:
        session.execute(
            text(
                "UPDATE indicator_sharings SET state = 'open', agreed_by = proposed_by,"
                " agreed_at = now() WHERE id = :id"
            ),
            {"id": sharing.id},
        )


def test_proposed_twice_at_once_is_there_once(kommun: Kommun) -> None:
    def act() -> object:
        try:
            return kommun.act(ADMIN, service.propose, comparison=WAYS)
        except DBAPIError as error:
            return error

    at_once(act, act, act)
    assert len(kommun.rows(IndicatorSharing)) == 1


def test_a_proposal_is_taken_back_and_made_again(kommun: Kommun) -> None:
    sharing = kommun.act(ADMIN, service.propose, comparison=WAYS)
    ended = left(kommun, sharing)
    assert (ended.state, ended.agreed_by) == ("ended", None)
    with pytest.raises(Conflict):
        left(kommun, sharing)
    assert kommun.rows(OutboxEvent, type="comparison_left") == []
    assert joined(kommun).state == "open"


def test_a_list_that_is_another_one_is_agreed_to_anew(kommun: Kommun) -> None:
    sharing = joined(kommun)
    with kommun.session() as session:
        session.execute(text("UPDATE indicator_sharings SET comparison_version = 99"))
    with kommun.session(audience=Audience.WORKER) as session:
        assert open_sharing(session, WAYS) is None
    assert seen(kommun) == {}
    left(kommun, sharing)
    proposed = kommun.act(ADMIN, service.propose, comparison=WAYS)
    with kommun.session() as session:
        session.execute(text("UPDATE indicator_sharings SET comparison_version = 99"))
    with pytest.raises(Conflict, match="propose it anew"):
        kommun.act(POLICY, service.agree, indicator_sharing_id=proposed.id, expected_version=1)


def test_three_who_give_see_each_other(three: list[Kommun]) -> None:
    assert carried(*three) == 3
    codes = [code_of(one) for one in three]
    expected = {"moved_on": dict(zip(codes, (10, 11, 12), strict=True))}
    for one in three:
        assert seen(one) == expected
        [sharing] = one.rows(IndicatorSharing)
        assert sharing.members == sorted(codes)
    with three[0].session(three[0][STEERING]) as session:
        sharing = reading.open_part(session, three[0][STEERING], WAYS)
        assert sharing is not None
        assert reading.years(session, sharing) == [YEAR]
        [found] = reading.compared(session, sharing, YEAR)
        assert [one.kommun for one in found.figures if one.own] == codes[:1]
        assert [one.year for one in reading.given(session, sharing.id)] == [YEAR]


def test_two_are_not_enough(database: str) -> None:
    two = [kommun_in_comparisons() for _ in range(2)]
    outside = kommun_in_comparisons()
    for one in (*two, outside):
        told(one, "moved_on", 10)
    for one in two:
        joined(one)
    assert carried(*two, outside) == 2
    for one in (*two, outside):
        assert seen(one) == {}
        assert one.rows(ComparedFigure) == []
    # What is not given to be compared is not given at all.
    assert outside.rows(SharedFigure) == []


def test_a_figure_that_two_have_told_is_not_shown_among_three(three: list[Kommun]) -> None:
    for one in three[:2]:
        told(one, "ended", 8)
    carried(*three)
    assert set(seen(three[0])) == {"moved_on"}
    told(three[2], "ended", 9)
    carried(*three)
    assert set(seen(three[0])) == {"moved_on", "ended"}


def test_another_version_of_a_definition_is_not_compared(three: list[Kommun]) -> None:
    for one in three[:2]:
        told(one, "ended", 8)
    told(three[2], "ended", 8, version=99)
    carried(*three)
    assert set(seen(three[0])) == {"moved_on"}


def test_only_the_kommun_as_a_whole_and_whole_years_are_given(kommun: Kommun) -> None:
    joined(kommun)
    told(kommun, "moved_on", 30, margin="programme", cells=("training",))
    told(kommun, "moved_on", 10, months=(1, 6))
    told(kommun, "transfers", 10)
    told(kommun, "ended", None)
    told(kommun, "moved_on", 30, year=YEAR - 9)
    carried(kommun)
    assert kommun.rows(SharedFigure) == []
    told(kommun, "moved_on", 11, months=(7, 12))
    carried(kommun)
    carried(kommun)
    [figure] = kommun.rows(SharedFigure)
    assert (figure.indicator, figure.year, figure.facts) == ("moved_on", YEAR, 21)


def test_who_leaves_sees_nothing_and_is_seen_by_nobody(three: list[Kommun]) -> None:
    fourth = kommun_in_comparisons()
    told(fourth, "moved_on", 99)
    joined(fourth)
    carried(*three, fourth)
    assert code_of(fourth) in seen(three[0])["moved_on"]
    [sharing] = fourth.rows(IndicatorSharing)
    left(fourth, sharing)
    # Its own at once; it need not wait for the worker.
    assert seen(fourth) == {}
    assert fourth.rows(ComparedFigure) == []
    [event] = fourth.rows(OutboxEvent, type="comparison_left")
    assert event.payload["comparison"] == WAYS
    assert carried(*three, fourth) == 3
    for one in three:
        assert set(seen(one)["moved_on"]) == {code_of(other) for other in three}
        assert code_of(fourth) not in str([row.figures for row in one.rows(ComparedFigure)])
    # Its own account of what others may have kept stays with it.
    assert [one.facts for one in fourth.rows(SharedFigure)] == [99]


def test_when_too_few_are_left_nobody_sees_anything(three: list[Kommun]) -> None:
    carried(*three)
    [sharing] = three[0].rows(IndicatorSharing)
    left(three[0], sharing)
    carried(*three)
    for one in three:
        assert one.rows(ComparedFigure) == []


def test_who_comes_back_gives_anew(three: list[Kommun]) -> None:
    carried(*three)
    [sharing] = three[0].rows(IndicatorSharing)
    left(three[0], sharing)
    again = joined(three[0])
    carried(*three)
    assert [one.facts for one in three[0].rows(SharedFigure, sharing_id=again.id)] == [10]
    assert len(seen(three[1])["moved_on"]) == 3


def test_an_earlier_round_does_not_overtake_a_later_one(three: list[Kommun]) -> None:
    """A round that read before somebody left ends after the one that read afterwards."""
    carried(*three)
    one = three[0]
    with one.session(audience=Audience.WORKER) as session:
        sharing = open_sharing(session, WAYS)
        assert sharing is not None
        assert sharing.gathered_at is not None
        earlier = sharing.gathered_at - timedelta(seconds=1)
        assert not receiving.receive(session, sharing, {}, [], earlier)
    assert len(seen(one)["moved_on"]) == 3
    with one.session(audience=Audience.WORKER) as session:
        sharing = open_sharing(session, WAYS)
        assert sharing is not None
        assert receiving.receive(session, sharing, {}, [code_of(one)], now() + timedelta(hours=1))
    assert seen(one) == {}


def test_one_that_cannot_be_asked_is_not_shown(
    three: list[Kommun], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it has left is not known, so the others are shown nothing of it."""
    from hemvist.comparisons import running

    fourth = kommun_in_comparisons()
    told(fourth, "moved_on", 99)
    joined(fourth)
    carried(*three, fourth)
    give = running.give

    def failing(session, sharing):  # type: ignore[no-untyped-def]
        if session.tenant_id == fourth.tenant_id:
            raise RuntimeError("cannot be asked")
        return give(session, sharing)

    monkeypatch.setattr(running, "give", failing)
    with pytest.raises(RuntimeError, match="cannot be asked"):
        carried(*three, fourth)
    assert len(seen(three[0])["moved_on"]) == 3


def test_what_is_given_is_never_changed(three: list[Kommun]) -> None:
    carried(*three)
    for audience in (Audience.STAFF, Audience.WORKER):
        for statement in ("UPDATE shared_figures SET facts = 1", "DELETE FROM shared_figures"):
            with (
                pytest.raises(DBAPIError, match="permission denied"),
                three[0].session(audience=audience) as session,
            ):
                session.execute(text(statement))


def test_strangers_in_the_kommun_are_told_of_nothing(kommun: Kommun) -> None:
    sharing = joined(kommun)
    stranger = kommun[STRANGER]
    with kommun.session(stranger) as session:
        assert reading.sharings(session, stranger) == {}
    with pytest.raises(NotFound):
        kommun.act(
            stranger,
            service.leave,
            indicator_sharing_id=sharing.id,
            expected_version=sharing.version,
        )
    with pytest.raises(NotAllowed):
        kommun.act(
            STEERING,
            service.leave,
            indicator_sharing_id=sharing.id,
            expected_version=sharing.version,
        )
