"""Rows of inner secrecy and of one's own, for attacks to which only their ids matter."""

from __future__ import annotations

from hemvist.calendar_feeds import service as calendar_feeds
from hemvist.cases.models import Case
from hemvist.circles import glass
from hemvist.circles import service as circles
from hemvist.clock import today
from hemvist.comparisons import service as comparisons
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.service import find_by_number, open_number
from hemvist.identity import Membership, Role
from hemvist.log_reviews import drawing
from hemvist.log_reviews.models import LogLook
from hemvist.retention import service as retention
from hemvist.retention.certificate import number_hash
from hemvist.retention.models import ThinningItem, ThinningRun
from hemvist.saved_filters import service as saved_filters
from hemvist.secrecy import consents, disclosures
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import global_id
from hemvist_world import World

OWNER = "caseworker SOF-VUX"


def told_over_a_border(world: World, case: Case) -> dict[str, str]:
    """A consent, and something that was told by it."""
    told_to = {"recipient_kind": "provider", "recipient": "Fridhem"}
    [member, *_] = world.rows(HouseholdMember, household_id=case.household_id)
    consent = world.act(
        OWNER,
        consents.give,
        case_id=case.id,
        person_id=member.person_id,
        **told_to,
        scope=["contact"],
        given="written",
    )
    told = world.act(
        OWNER,
        disclosures.disclose,
        case_id=case.id,
        ground="consent",
        **told_to,
        fields=["contact"],
        consent_id=consent.id,
    )
    return {
        "SecrecyConsent": global_id("SecrecyConsent", consent.id),
        "SecrecyDisclosure": global_id("SecrecyDisclosure", told.id),
    }


def closed_and_broken(world: World) -> dict[str, str]:
    """A circle round a case of its own, and an opening by somebody outside."""
    case = world.case()
    circle = world.act(
        "manager SOF-VUX",
        circles.close,
        case_id=case.id,
        members=[world[OWNER].principal_id],
        reason="Hot.",
        expected_version=case.version,
    )
    breaker = world.add("breaker SOF-VUX", Membership(Role.CASEWORKER, "SOF-VUX"))
    opening = world.act(breaker, glass.break_glass, number=case.number, reason="Hon ringer.")
    return {
        "CaseCircle": global_id("CaseCircle", circle.id),
        "CaseOpening": global_id("CaseOpening", opening.id),
    }


def drawn_of_the_log(world: World) -> dict[str, str]:
    """A look of a sample of this month's log: the household was looked for by its number."""
    person = world.rows(Person)[0]
    world.act(OWNER, find_by_number, personal_number=open_number(person))
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        drawing.draw(session, today())
    return {"LogLook": global_id("LogLook", world.rows(LogLook)[0].id)}


def to_be_thinned(world: World, case: Case) -> dict[str, str]:
    """A thinning that found an old case, and a hold on ``case``."""
    world.add("archivist", Membership(Role.POLICY_OFFICER))
    held = world.act(OWNER, retention.place_mark, case_id=case.id, kind="hold", reason="Tillsyn.")
    run = world.act("archivist", retention.propose)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        session.find(ThinningRun, run.id).state = "proposed"
        # As if it had been closed long ago.
        item = ThinningItem(
            run_id=run.id,
            case_id=case.id,
            department=case.department,
            number_hash=number_hash(world.tenant_id, case.number),
            rule="after_last_note",
            due_on=today(),
            done_by=today(),
        )
        session.add(item)
        session.flush()
        item_id = item.id
    return {
        "RetentionMark": global_id("RetentionMark", held.id),
        "ThinningRun": global_id("ThinningRun", run.id),
        "ThinningItem": global_id("ThinningItem", item_id),
    }


def compared(world: World) -> dict[str, str]:
    """A comparison with other kommuner that somebody has proposed."""
    world.add("comparer", Membership(Role.POLICY_OFFICER))
    proposed = world.act("comparer", comparisons.propose, comparison="ways")
    return {"IndicatorSharing": global_id("IndicatorSharing", proposed.id)}


def of_ones_own(world: World) -> dict[str, str]:
    """A selection that somebody kept, and their calendar's address."""
    kept = world.act(OWNER, saved_filters.save, page="work", name="Sena", selection={})
    feed = world.act(OWNER, calendar_feeds.make)
    return {
        "SavedFilter": global_id("SavedFilter", kept.id),
        "CalendarFeed": global_id("CalendarFeed", feed.id),
    }
