"""In the portal: a ladder begun on a case, climbed step by step to the keys and another home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist.ladder.models import Eviction, JointMeeting, Ladder, LadderAction
from hemvist_goteborg import housed
from hemvist_goteborg import opened as applied
from hemvist_graphql.ids import global_id
from hemvist_ladder import CALLED, demanded, in_goteborg, keys, noticed, opened
from hemvist_visits import Visit
from hemvist_world import World

LogIn = Callable[..., Visit]
OFFICER, SOCIAL, MANAGER = "jorge.lindh", "gerd.malm", "hugo.risberg"
DAY = today().isoformat()


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    """Göteborg of the demo, where the portal's people work."""
    return in_goteborg(get_directory().tenant_id("goteborg"))


def acts(world: World, who: Visit, ladder: Ladder) -> Any:
    """Sends a form of the ladder by its present version."""
    path = f"/goteborg/ladders/{global_id('Ladder', ladder.id)}"

    def act(name: str, **fields: str | list[str]) -> tuple[int, str, str]:
        version = str(world.again(ladder).version)
        return who.post(f"{path}/{name}", **{"expectedVersion": version, **fields})

    return act


def test_a_ladder_from_the_case_to_the_plan(world: World, visit: LogIn) -> None:
    """What is missing is said before, with its source; a refused form loses nothing."""
    case, _ = housed(world, today() - timedelta(days=120))
    officer = visit(OFFICER, "goteborg")
    own = f"/goteborg/cases/{global_id('Case', case.id)}"
    assert f"{own}/ladder" in officer.get(own)[1]
    assert "där kommunen är hyresvärd" in officer.get(f"{own}/ladder")[1]
    given = {"ground": "misconduct", "severity": "serious", "about": "Hög musik.", "openedOn": DAY}
    status, wrong, _ = officer.post(f"{own}/ladder", **given)
    assert status == 422 and "Hög musik." in wrong
    status, _, page = officer.post(f"{own}/ladder", **given, severityReason="Tre anmälningar.")
    assert status == 303 and "/ladders/" in page
    ladder = world.rows(Ladder, case_id=case.id)[0]
    act = acts(world, officer, ladder)

    shown = officer.get(page)[1]
    assert "Nästa steg" in shown and "grannarnas rätt" in shown and "JB 12:42" in shown
    assert "<svg" in shown and "Socialnämnden ska underrättas före uppsägningen" in shown
    assert page in officer.get("/goteborg/ladders")[1]
    assert page not in officer.get("/goteborg/ladders?which=closed")[1]

    demand = {
        "what": "Sluta spela musik efter klockan 22.",
        "ways": ["letter"],
        "copies": ["social_board", "support_worker"],
        "sentOn": DAY,
    }
    status, wrong, _ = act("demand", **demand)
    assert status == 422 and "Sluta spela musik" in wrong and "Rekommenderat brev" in wrong
    demand["ways"] = ["letter", "registered_letter"]
    status, wrong, _ = act("demand", **demand)
    assert status == 422 and "grannarnas rätt" in wrong
    weighed = {
        "severity": "serious",
        "severityReason": "Tre anmälningar.",
        "answers.tenant_situation_weighed.shown": "1",
        "answers.neighbour_right_weighed.shown": "1",
        "answers.tenant_situation_weighed.value": "true",
        "answers.tenant_situation_weighed.reason": "Psykisk ohälsa.",
        "answers.neighbour_right_weighed.value": "true",
    }
    status, wrong, _ = act("questions", **weighed)
    assert status == 422 and "Psykisk ohälsa." in wrong
    weighed["answers.neighbour_right_weighed.reason"] = "Småbarn i huset."
    assert act("questions", **weighed)[0] == 303
    assert act("demand", **demand)[0] == 303
    shown = officer.get(page)[1]
    assert "Stödpersonalen kontaktar hyresgästen" in shown and "Rättelseanmaning" in shown

    helper = visit(SOCIAL, "goteborg")
    assert page in helper.get("/goteborg/ladders")[1]
    status, _, _ = acts(world, helper, ladder)(
        "talk",
        parties=["resident", "support_worker"],
        what="Berättade om sin hälsa.",
        inside="true",
        heldOn=DAY,
    )
    assert status == 303
    assert "Berättade om sin hälsa." in helper.get(page)[1]
    assert "Berättade om sin hälsa." not in officer.get(page)[1]

    meets = (today() + timedelta(days=3)).isoformat()
    status, wrong, _ = act("call", called=["resident"], meetsOn=meets, place="Rådhuset")
    assert status == 422 and "Rådhuset" in wrong
    assert act("call", called=CALLED, meetsOn=meets, place="Rådhuset")[0] == 303
    meeting = world.rows(JointMeeting, ladder_id=ladder.id)[0]
    held = {
        "came": [one for one in CALLED if one != "landlord"],
        "picture": "Alla är överens.",
        "heldOn": DAY,
        "expectedVersion": str(meeting.version),
    }
    row = f"hold/{global_id('JointMeeting', meeting.id)}"
    status, wrong, _ = act(row, **held)
    assert status == 422 and "Alla är överens." in wrong
    assert act(row, **held, **{"absent.landlord": "Sjuk."})[0] == 303
    plan = {"actions[0].what": "Sänker volymen.", "agreedOn": DAY}
    status, wrong, _ = act("plan", **plan)
    assert status == 422 and "Sänker volymen." in wrong
    plan |= {"actions[0].owner": "resident", "actions[0].dueOn": meets}
    assert act("plan", **plan)[0] == 303
    action = world.rows(LadderAction, ladder_id=ladder.id)[0]
    version = {"expectedVersion": str(action.version), "settledOn": DAY}
    row = f"settle/{global_id('LadderAction', action.id)}"
    assert act(row, outcome="not_done", **version)[0] == 422
    assert act(row, outcome="done", **version)[0] == 303
    status, refused, _ = act("notice", givenOn=DAY, wentOnBecause="Fler anmälningar.")
    assert status == 422 and "Upprepad och dokumenterad" in refused
    assert act("end", outcome="corrected", reason="Lugnt nu.", endedOn=DAY)[0] == 303
    assert page in officer.get("/goteborg/ladders?which=corrected")[1]
    assert officer.get(f"{page}/nonsense")[0] in (404, 405)


def test_from_the_notice_to_the_keys(world: World, visit: LogIn) -> None:
    _, contract, ladder = opened(world)
    keys(world, contract, "handed_out", contract.starts_on)
    demanded(world, ladder)
    noticed(world, ladder)
    officer, helper = visit(OFFICER, "goteborg"), visit(SOCIAL, "goteborg")
    act, social = acts(world, officer, ladder), acts(world, helper, ladder)
    page = f"/goteborg/ladders/{global_id('Ladder', ladder.id)}"
    shown = officer.get(page)[1]
    assert "Nycklarna är inte inlämnade" in shown and "Hushållet ska få veta" in shown
    assert act("apply", number="U-5-26", appliedOn=DAY)[0] == 303
    shown = helper.get(page)[1]
    assert "U-5-26" in shown and "Kronofogden har bestämt en dag" in shown
    row = world.rows(Eviction, ladder_id=ladder.id)[0]
    id = global_id("Eviction", row.id)

    def on_eviction(name: str, who: Any, **fields: str) -> tuple[int, str, str]:
        version = str(world.again(row).version)
        return who(f"{name}/{id}", expectedVersion=version, **fields)  # type: ignore[no-any-return]

    when = {"learnedOn": DAY, "learnedTime": "00:01"}
    evicts = (today() + timedelta(days=14)).isoformat()
    assert on_eviction("date", social, evictsOn=evicts, **when)[0] == 303
    assert "Bekräfta avhysningsdagen" in helper.get(page)[1]
    status, wrong, _ = on_eviction(
        "confirm", social, confirmedOn=DAY, confirmedTime="25:99", wentOnBecause="x"
    )
    assert status == 422
    assert on_eviction("confirm", social, confirmedOn=DAY, confirmedTime="00:01")[0] == 303
    assert "SFS 2025:468 11:3" in helper.get(page)[1]
    assert on_eviction("withdraw", social, because="Flyttar själv.", on=DAY)[0] == 303
    assert social("housing", what="Berättade om bostadskön.", toldOn=DAY)[0] == 303
    status, wrong, _ = act("move-out", movedOn=DAY)
    assert status == 409 and "Nycklarna är inte inlämnade" in wrong
    keys(world, contract, "returned", today())
    assert act("move-out", movedOn=DAY)[0] == 303
    assert social("propose", offer="no", because="Vill bo hos sin bror.")[0] == 303
    assert "Vill bo hos sin bror." not in officer.get(page)[1]
    decided = acts(world, visit(MANAGER, "goteborg"), ladder)("decide", offer="no")
    assert decided[0] == 303
    assert world.again(ladder).new_offer is False


def test_one_begins_where_another_is_the_landlord(world: World, visit: LogIn) -> None:
    case = applied(world, today() - timedelta(days=60))
    helper = visit(SOCIAL, "goteborg")
    own = f"/goteborg/cases/{global_id('Case', case.id)}/ladder"
    assert "registreras som de kommer in" in helper.get(own)[1]
    given = {"ground": "arrears", "severity": "serious", "about": "Två hyror.", "openedOn": DAY}
    page = helper.post(own, **given, severityReason="Två månader.")[2]
    ladder = world.rows(Ladder, case_id=case.id)[0]
    act = acts(world, helper, ladder)
    sent = {"what": "Betala.", "sentOn": DAY, "receivedOn": DAY}
    assert act("received-demand", **sent)[0] == 303
    notice = {"what": "Hyran.", "givenOn": DAY, "receivedOn": DAY}
    assert act("received-notice", **notice)[0] == 303
    assert act("apply", appliedOn=DAY, byLandlord="true")[0] == 303
    shown = helper.get(page)[1]
    assert "hyresvärdens; kom in" in shown and "pågående trappa" in helper.get(own)[1]
