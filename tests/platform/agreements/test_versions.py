"""Agreements: two persons for what holds, versions, terms as they are kept, documents, meetings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import hemvist_agreements as agreed
from hemvist.agreements import files, meetings, quota_terms, service, versions
from hemvist.agreements.models import Agreement, AgreementParty, AgreementTerm, AgreementVersion
from hemvist.agreements.quota_models import QuotaTerm
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.landlord_events.models import LandlordEvent
from hemvist_world import World, new_world

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def world(database: str) -> World:
    """A kommun of its own for each: what is there is what the test has made."""
    return new_world()


def test_what_one_wrote_another_confirms(world: World) -> None:
    """Nobody who has written in a draft lets it hold; the landlord is told when it does."""
    agreement, draft = agreed.opened(world, starts_on=today())
    assert [one.role for one in world.rows(AgreementParty)] == ["kommun", "landlord"]
    agreed.with_quota(world, draft, homes=12)
    with pytest.raises(NotAllowed):
        agreed.confirmed(world, draft, agreed.OFFICER)
    with pytest.raises(NotFound):
        world.act(
            "caseworker VOF",
            service.note_on_agreement,
            agreement_id=agreement.id,
            what="Hej",
        )
    agreed.confirmed(world, draft, "manager VOF")
    assert world.again(agreement).state == "in_force"
    assert [one.type for one in world.rows(LandlordEvent)] == ["agreement.changed"]
    with pytest.raises(Conflict, match="in_force"):
        agreed.with_quota(world, draft, homes=13)


def test_a_next_version_begins_with_what_the_latest_says(world: World) -> None:
    """Parties, terms and quotas come along; practice stands beside what is written."""
    agreement, draft = agreed.opened(world, starts_on=today() - timedelta(days=400))
    world.act(
        agreed.OFFICER,
        versions.change_version,
        version_id=draft.id,
        takes_in_at_once=True,
        target_groups="Hushåll med kommunalt kontrakt",
        parties=[
            {"role": "kommun", "name": "Kommunen"},
            {"role": "landlord", "name": agreed.NAME},
            {"role": "provider", "name": "Bostad först", "undertakes": "Stöd i boendet"},
        ],
        terms=[{"subject": "Svarstid", "written": "Två dagar"}],
        expected_version=world.again(draft).version,
    )
    agreed.with_quota(world, draft, homes=12)
    assert not _at_once(world, agreement)
    agreed.confirmed(world, draft, "manager VOF")
    assert _at_once(world, agreement)
    [term] = world.rows(AgreementTerm)
    world.act(
        agreed.OFFICER,
        versions.note_actual,
        term_id=term.id,
        actual="Oftast en vecka",
        expected_version=term.version,
    )
    following = world.act(
        agreed.OFFICER,
        versions.draft_version,
        agreement_id=agreement.id,
        holds_from=today() + timedelta(days=30),
        because="Fler lägenheter",
        expected_version=world.again(agreement).version,
    )
    copied = [one for one in world.rows(AgreementTerm) if one.version_id == following.id]
    assert [(one.written, one.actual) for one in copied] == [("Två dagar", "Oftast en vecka")]
    assert len([one for one in world.rows(AgreementParty) if one.version_id == following.id]) == 3
    assert [one.homes for one in world.rows(QuotaTerm) if one.version_id == following.id] == [12]
    assert following.target_groups == "Hushåll med kommunalt kontrakt"
    with pytest.raises(Conflict, match="draft"):
        world.act(
            agreed.OFFICER,
            versions.draft_version,
            agreement_id=agreement.id,
            holds_from=today() + timedelta(days=31),
            because="En till",
            expected_version=world.again(agreement).version,
        )


def test_an_ended_agreement_takes_in_nothing_more(world: World) -> None:
    agreement, draft = agreed.opened(world, starts_on=today() - timedelta(days=30))
    world.act(
        agreed.OFFICER,
        versions.change_version,
        version_id=draft.id,
        takes_in_at_once=True,
        expected_version=draft.version,
    )
    agreed.confirmed(world, draft, "manager VOF")
    world.act(
        agreed.OFFICER,
        service.end_agreement,
        agreement_id=agreement.id,
        last_day=today() - timedelta(days=1),
        because="Uppsagt",
        expected_version=world.again(agreement).version,
    )
    assert not _at_once(world, agreement)
    assert world.again(agreement).state == "ended"


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"kind": "number"}, "required"),
        ({"kind": "number", "homes": 5, "share_bp": 100}, "not_for_kind"),
        ({"kind": "vacated_share", "share_bp": 1_000, "per": "standing"}, "not_standing"),
        ({"kind": "stock_share"}, "required"),
        ({"kind": "number", "homes": 5, "within_code": "other"}, "unknown_quota"),
        ({"kind": "number", "homes": 5, "delivered_in": "existing"}, "properties_needed"),
        ({"kind": "number", "homes": 5, "code": "Två"}, "code_form"),
        ({"kind": "lottery", "homes": 5}, "unknown_choice"),
        ({"kind": "number", "homes": 5, "pack": "none/such", "pack_quota": "x"}, "unknown_choice"),
    ],
)
def test_a_quota_that_cannot_be_reckoned_is_not_kept(
    world: World, wrong: dict[str, Any], rule: str
) -> None:
    _, draft = agreed.opened(world, starts_on=today())
    with pytest.raises(ValidationFailed) as refused:
        agreed.with_quota(world, draft, **wrong)
    assert rule in {one.rule for one in refused.value.problems}
    assert world.rows(QuotaTerm) == []


def test_quotas_do_not_lie_within_each_other(world: World) -> None:
    """One within the other may be taken out, the outer one not before it."""
    _, draft = agreed.opened(world, starts_on=today())
    agreed.with_quota(world, draft, homes=16, code="house")
    agreed.with_quota(world, draft, homes=8, code="emergency", within_code="house")
    with pytest.raises(ValidationFailed, match="within each other"):
        agreed.with_quota(world, draft, homes=16, code="house", within_code="emergency")
    for code in ("house", "emergency", "house"):
        try:
            world.act(
                agreed.OFFICER,
                quota_terms.remove_quota,
                version_id=draft.id,
                code=code,
                expected_version=world.again(draft).version,
            )
        except ValidationFailed:
            assert len(world.rows(QuotaTerm)) == 2
    assert world.rows(QuotaTerm) == []


def test_a_draft_that_is_thrown_away_takes_its_agreement_along(world: World) -> None:
    agreement, draft = agreed.opened(world, starts_on=today())
    world.act(
        agreed.OFFICER,
        versions.discard_version,
        version_id=draft.id,
        expected_version=draft.version,
    )
    assert world.again(agreement).state == "discarded"
    assert [one.state for one in world.rows(AgreementVersion)] == ["discarded"]


def test_a_shared_document_is_told_and_every_opening_logged(world: World) -> None:
    agreement, _ = agreed.opened(world, starts_on=today())
    kept = world.act(
        agreed.OFFICER,
        files.add_agreement_file,
        agreement_id=agreement.id,
        name="avtal.pdf",
        content=PDF,
        shared=True,
    )
    assert [one.subject_id for one in world.rows(LandlordEvent)] == [agreement.id]
    _, content = world.act("manager VOF", files.open_agreement_file, file_id=kept.id)
    assert content == PDF
    with pytest.raises(NotFound):
        world.act("caseworker VOF", files.open_agreement_file, file_id=kept.id)
    with pytest.raises(Conflict):
        world.act(
            agreed.OFFICER,
            files.add_agreement_file,
            agreement_id=agreement.id,
            name="en gång till.pdf",
            content=PDF,
        )


def test_the_guidelines_meeting_is_planned_and_held(world: World) -> None:
    with world.session() as session:
        pack, meeting = meetings.guideline_meetings(session, today())[0]
    planned = world.act(
        agreed.OFFICER,
        meetings.plan_meeting,
        pack=pack,
        code=meeting.id,
        title="Styrgruppen",
        planned_on=today(),
    )
    held = world.act(
        agreed.OFFICER,
        meetings.hold_meeting,
        meeting_id=planned.id,
        present="Enhetschefer",
        notes="Kvoten ligger efter.",
        expected_version=planned.version,
    )
    assert (held.state, held.held_on) == ("held", today())
    with pytest.raises(Conflict):
        world.act(
            agreed.OFFICER,
            meetings.cancel_meeting,
            meeting_id=planned.id,
            expected_version=held.version,
        )
    with pytest.raises(ValidationFailed, match="no such meeting"):
        world.act(
            agreed.OFFICER,
            meetings.plan_meeting,
            pack=pack,
            code="no_such",
            title="Möte",
            planned_on=today(),
        )


def _at_once(world: World, agreement: Agreement) -> bool:
    with world.session() as session:
        return service.takes_in_at_once(session, agreement.landlord_id, today())
