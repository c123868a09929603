"""A landlord attacks: every field, list and command of its API with the ids of others.

Two landlords let to the same kommun, in which every table has a row of the one, with words that are
found nowhere else. The other reaches that kommun too, and has rows of its own in a second. Whatever
the schema has is tried: a module that adds to it is attacked with it.
"""

from __future__ import annotations

from collections import defaultdict
from uuid import uuid4

import pytest
from sqlalchemy import select

from hemvist.audit.models import AuditEntry
from hemvist.identity import Actor
from hemvist.landlords.session import landlord_session
from hemvist.landlords.views import columns_read
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import global_id
from hemvist_graphql.landlord.declaring import shown_types
from hemvist_landlord_api import ask
from hemvist_landlord_attack import (
    crawled,
    filtered,
    ids_in,
    looked_up,
    places,
    told,
    tried,
    type_names,
)
from hemvist_landlord_town import NAME, Town, made_town
from hemvist_landlords import shut

#: Types of the kommun as a whole, which every landlord it has let in may read.
COMMON = {"ContactCard"}
#: Types of the landlord's own, in its own tenant: they stay, whichever kommun shuts its door.
OWN = {
    *("District", "DistrictProperty", "Invitation", "Landlord", "MailChoice", "Member"),
    *("WebhookDelivery", "WebhookEndpoint"),
}
#: Types of which the made-up kommun shows its landlord no row, and why.
NOT_SHOWN: dict[str, str] = {}
#: Of these nothing goes to a landlord, whatever a view should one day show.
NEVER = (
    *("persons", "households", "household_members", "cases", "referrals", "decisions"),
    *("assessments", "assessment_answers", "support_plans", "follow_ups", "evaluations"),
)


@pytest.fixture(scope="module")
def town(database: str) -> Town:
    return made_town()


def test_the_owner_sees_a_row_of_every_type(town: Town) -> None:
    """A control: what is not found below is there to be found."""
    assert set(town.ids) | set(NOT_SHOWN) >= set(type_names())
    for name, ids in town.ids.items():
        place = f"node {ids[0]}"
        assert looked_up(town.owner, [ids[0]])[place] == {"__typename": name}


def test_the_owner_reads_nothing_that_no_view_shows(town: Town) -> None:
    answer = told(crawled(town.owner))
    assert sum(word in answer for word in town.words.of()) > 10
    leaked = sorted(word for word in town.words.hidden(columns_read()) if word in answer)
    assert leaked == []
    assert sorted(word for word in town.words.of(*NEVER) if word in answer) == []


def test_a_name_that_is_read_is_in_the_kommuns_log_first(town: Town) -> None:
    def entries() -> list[AuditEntry]:
        with tenant_session(Audience.STAFF, town.tenant_id) as session:
            query = select(AuditEntry).where(AuditEntry.kind == "read").order_by(AuditEntry.at)
            return [one for one in session.scalars(query) if "disclosures" in one.details]

    before = len(entries())
    named = "query Mine { offers { edges { node { alias tenantName tenancies { tenantName } } } } }"
    ask(town.owner, "query Mine { offers { edges { node { alias tenancies { id } } } } }")
    assert len(entries()) == before
    assert NAME in told(ask(town.owner, named))
    *_, entry = entries()
    assert len(entries()) == before + 1
    assert entry.details == {"disclosures": [str(town.rows["landlord_disclosures"])]}
    assert (entry.action, entry.channel) == ("Mine", "landlord")
    assert entry.case_id == town.rows["cases"]
    assert entry.person_ids == [town.rows["persons"]]
    assert NAME not in told([one.details for one in entries()])


@pytest.mark.parametrize("who", ["other", "narrow", "nobody"])
def test_no_list_shows_anything_of_it(town: Town, who: str) -> None:
    stranger: Actor = getattr(town, who)
    found = crawled(stranger)
    mine = {one for name, ids in town.ids.items() if name not in COMMON for one in ids}
    if who == "narrow":
        # A colleague: of the landlord's own, and of the kommun as a whole, but of no property.
        assert not {one for one in ids_in(found) if one.startswith(("Unit_", "Vacancy_", "Offer_"))}
        return
    assert ids_in(found) & mine == set()
    common = {word for table in ("contact_cards",) for word in town.words.of(table)}
    assert sorted(w for w in town.words.of() - common if w in told(found)) == []


@pytest.mark.parametrize("who", ["other", "nobody"])
def test_no_id_of_the_landlords_leads_anywhere(town: Town, who: str) -> None:
    stranger: Actor = getattr(town, who)
    theirs = [one for name, ids in town.ids.items() if name not in COMMON for one in ids]
    assert looked_up(stranger, theirs) == {}
    assert (
        filtered(stranger, [ids[0] for name, ids in town.ids.items() if name not in COMMON]) == {}
    )


def test_no_id_of_any_row_leads_anywhere(town: Town) -> None:
    """Of persons, cases, contracts and all else, under the name of every type that there is."""
    assert len(town.rows) > 100
    for who in (town.other, town.nobody):
        assert who.principal_id is not None
        with landlord_session(who.principal_id) as session:
            for name in type_names():
                view = shown_types()[name].shape.view
                if name not in COMMON and "id" in view.c:
                    found = session.scalars(
                        select(view.c.id).where(view.c.id.in_(town.rows.values()))
                    )
                    assert found.all() == [], (who.name, name)
    never = [town.rows[table] for table in NEVER if table in town.rows]
    ids = [global_id(name, row_id) for name in type_names() for row_id in never]
    # Nor does the owner find a person or a case, whatever the id is called.
    for who in (town.other, town.owner):
        assert looked_up(who, ids) == {}


def test_no_command_takes_an_id_of_anothers(town: Town) -> None:
    attempts = 0
    for label, path, type_name in places():
        others = {
            place: ids[0]
            for command, place, kind in places()
            # Beside it stand ids that are the caller's own, where there are any.
            if command == label and place != path and (ids := _own(town).get(kind))
        }
        of_nothing = tried(town.other, label, path, global_id(type_name, uuid4()), others)
        assert of_nothing["__typename"] == "NotFound", (label, path, of_nothing)
        for row_id in [*town.ids.get(type_name, [])[:2], global_id(type_name, town.rows["cases"])]:
            if type_name in COMMON and row_id in town.ids.get(type_name, []):
                continue
            assert tried(town.other, label, path, row_id, others) == of_nothing, (label, path)
            attempts += 1
    assert attempts >= len(places())


def test_an_agent_does_nothing_outside_its_district(town: Town) -> None:
    attempts = 0
    for label, path, type_name in places():
        hidden = [one for one in town.ids.get(type_name, []) if not looked_up(town.narrow, [one])]
        for row_id in hidden[:1]:
            of_nothing = tried(town.narrow, label, path, global_id(type_name, uuid4()), {})
            assert tried(town.narrow, label, path, row_id, {}) == of_nothing, (label, path)
            attempts += 1
    assert attempts > 5


def _own(town: Town) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row_id in sorted(ids_in(crawled(town.other))):
        found[row_id.partition("_")[0]].append(row_id)
    return found


def test_when_the_kommun_shuts_its_door_all_of_it_is_gone(town: Town) -> None:
    shut(town.tenant_id, town.landlord_id)
    answer = told(crawled(town.owner))
    assert sorted(word for word in town.words.of() if word in answer) == []
    gone = [one for name, ids in town.ids.items() if name not in OWN for one in ids]
    assert looked_up(town.owner, gone) == {}
