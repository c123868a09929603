"""Letters: what they say, who may release them, and that nothing protected leaves with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hemvist.assessments import service as assessments
from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case, CaseEvent
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.decisions.models import Decision
from hemvist.documents import Document
from hemvist.documents.traces import text_of
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.households.models import Person
from hemvist.letters import service
from hemvist.letters.models import Letter
from hemvist.tenancy import Audience, tenant_session
from hemvist.units.models import Unit
from hemvist_pdf import faults
from hemvist_world import World, adult, as_owner, caseworker_of

ME = caseworker_of("SOF-VUX")
#: Protected, and one whose protection nobody knows: the same to a letter.
PROTECTED: list[dict[str, Any]] = [
    {"protection": "protected_registration", "protection_checked_on": date(2026, 1, 2)},
    {"protection": "unknown", "protection_checked_on": None},
]


def hidden(**changes: Any) -> Any:
    return adult(given_name="Bo", family_name="Hemlingsson", **changes)


def contract_of(world: World, case: Case) -> Contract:
    return world.contract(world.accepted(case, world.registered(case)))


def draft(world: World, case: Case, kind: str, row: Any, who: str = ME, words: str = "") -> Letter:
    return world.act(  # type: ignore[no-any-return]
        who, service.draft, case_id=case.id, kind=kind, subject_id=row.id, own_words=words
    )


def release(world: World, letter: Letter, who: str = ME) -> Letter:
    return world.act(  # type: ignore[no-any-return]
        who, service.release, letter_id=letter.id, expected_version=letter.version
    )


def file_of(world: World, letter: Letter, who: str = ME) -> service.File:
    return world.act(who, service.file_of, letter_id=letter.id)  # type: ignore[no-any-return]


def test_a_released_decision_is_kept_with_hash_template_and_guideline(world: World) -> None:
    case = world.case()
    decision = world.grant(case)
    letter = release(world, draft(world, case, "decision", decision, words="Ring mig gärna."))
    [kept] = world.rows(Document, id=letter.document_id)
    assert (letter.sha256, letter.pack_version) == (kept.sha256, decision.pack_version)
    assert kept.template_version and kept.pack == case.pack
    file = file_of(world, letter)
    said = text_of(file.content)
    for words in ("Alva Testsson", "Bifall", decision.motivation, "Ring mig gärna.", case.number):
        assert words in said
    assert "Så överklagar du" in said and "Utkast" not in said
    assert file.name == f"beslut-{case.number}.pdf"
    assert "letter_released" in [one.kind for one in world.rows(CaseEvent, case_id=case.id)]


def test_a_draft_says_that_it_is_one_and_follows_the_records(world: World) -> None:
    case = world.case()
    letter = draft(world, case, "decision", world.grant(case))
    file = file_of(world, letter)
    assert "UTKAST" in text_of(file.content) and file.name.startswith("utkast-")
    world.act(
        ME, service.revise, letter_id=letter.id, expected_version=letter.version, own_words="Nytt."
    )
    assert "Nytt." in text_of(file_of(world, letter).content)
    with pytest.raises(Conflict):
        release(world, letter)


@pytest.mark.parametrize("protection", PROTECTED)
@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Ni bor på {street}.", "protected_address"),
        ("Ni bor på PROV­GATAN  {number}.", "protected_address"),
        ("Ni bor på Prov-\ngatan {number}.", "protected_address"),
        ("Ni bor på Provg. {number}.", "protected_address"),
        ("Ni bor på {street} A.", "protected_address"),
        ("Ni bor på provgatan {below}–{above}.", "protected_address"),
        ("c/o Hemlingsson, 252 20", "protected_name"),
        ("Posten går till 252 20.", "protected_address"),
        ("Hej Bo!", "protected_name"),
        ("hej hemlingsson, bo", "protected_name"),
        ("Hemlings-\nson har ringt", "protected_name"),
        ("Nummer {born}-1234", "protected_number"),
    ],
)
def test_what_is_protected_does_not_leave(
    world: World, protection: dict[str, Any], words: str, rule: str
) -> None:
    case = world.case(hidden(**protection))
    contract = contract_of(world, case)
    [unit] = world.rows(Unit, id=contract.unit_id)
    number = unit.street_address.split()[1]
    [person] = world.rows(Person, id=world.applicant(case))
    letter = draft(
        world,
        case,
        "contract",
        contract,
        "property",
        words.format(
            street=unit.street_address,
            number=number,
            below=max(int(number) - 1, 1),
            above=int(number) + 1,
            born=f"{person.birth_date:%y%m%d}",
        ),
    )
    with pytest.raises(ValidationFailed) as refused:
        release(world, letter, "property")
    assert ("ownWords", rule) in [(one.field, one.rule) for one in refused.value.problems]
    told = str(refused.value) + str([one.params for one in refused.value.problems])
    assert unit.street_address not in told and "Hemlingsson" not in told
    assert world.again(letter).state == "draft"
    # Mended, it goes; and says neither name nor address of its own accord.
    mended = world.act(
        "property",
        service.revise,
        letter_id=letter.id,
        expected_version=letter.version,
        own_words="Ni får bo kvar. Storgatan 1 är en annan.",
    )
    said = text_of(file_of(world, release(world, mended, "property"), "property").content)
    assert unit.street_address not in said and "Hemlingsson" not in said
    assert "Adressen lämnas muntligen" in said


def test_a_protected_address_in_a_record_is_named_by_its_field(world: World) -> None:
    case = world.case(hidden(protection="unknown", protection_checked_on=None))
    decision = world.grant(case, motivation="Familjen Hemlingsson behöver hjälp.")
    letter = draft(world, case, "decision", decision)
    with pytest.raises(ValidationFailed) as refused:
        release(world, letter)
    assert [(one.field, one.rule) for one in refused.value.problems] == [
        ("motivation", "protected_name")
    ]


def test_a_household_that_is_not_protected_is_called_by_name_and_address(world: World) -> None:
    case = world.case()
    contract = contract_of(world, case)
    letter = release(world, draft(world, case, "contract", contract, "property"), "property")
    said = text_of(file_of(world, letter, "property").content)
    assert "Alva Testsson" in said and "Provgatan" in said and "5 500 kr" in " ".join(said.split())


def test_nothing_changes_a_released_letter(world: World) -> None:
    case = world.case()
    letter = release(world, draft(world, case, "decision", world.grant(case)))
    for verb, more in (
        (service.revise, {"own_words": "Annat."}),
        (service.discard, {}),
        (service.release, {}),
    ):
        with pytest.raises(Conflict) as refused:
            world.act(ME, verb, letter_id=letter.id, expected_version=letter.version, **more)
        assert refused.value.rule == "letter_released"
    for statement in (
        "UPDATE documents SET file_name = 'annat.pdf'",
        "DELETE FROM documents",
        "UPDATE letters SET own_words_sealed = '\\x01'",
        "DELETE FROM letters",
    ):
        with (
            as_owner(world.tenant_id) as connection,
            pytest.raises(psycopg.errors.RestrictViolation),
        ):
            connection.execute(statement)


RESEALING = "SELECT set_config('hemvist.resealing', 'on', true)"


def test_a_letter_with_other_bytes_is_given_to_nobody(world: World) -> None:
    cases = [world.case(), world.case()]
    mine, other = (
        release(world, draft(world, case, "decision", world.grant(case))) for case in cases
    )
    assert file_of(world, mine).content
    for columns in ("content_sealed", "content_sealed, sha256_sealed"):
        with as_owner(world.tenant_id) as connection:
            connection.execute(RESEALING)
            # Sealed for the same kommun and field: they open.
            connection.execute(
                f"UPDATE documents SET ({columns}) = (SELECT {columns} FROM documents WHERE id = %s)"
                " WHERE id = %s",
                [other.document_id, mine.document_id],
            )
        with pytest.raises(NotFound):
            file_of(world, mine)
    assert file_of(world, other).content


def test_what_is_kept_is_sealed_anew_by_the_owner_and_nothing_else_of_it(world: World) -> None:
    case = world.case()
    release(world, draft(world, case, "decision", world.grant(case)))
    anew = "UPDATE {} SET {} = {}"
    with as_owner(world.tenant_id) as connection:
        connection.execute(RESEALING)
        connection.execute(anew.format("documents", "content_sealed", "content_sealed || '\\x00'"))
        connection.execute(
            anew.format("letters", "own_words_sealed", "own_words_sealed || '\\x00'")
        )
    for statement in (
        anew.format("documents", "kind", "'letter.other'"),
        anew.format("letters", "drafted_on", "drafted_on + 1"),
        "DELETE FROM documents",
        "DELETE FROM letters",
    ):
        with (
            as_owner(world.tenant_id) as connection,
            pytest.raises(psycopg.errors.RestrictViolation),
        ):
            connection.execute(RESEALING)
            connection.execute(statement)


def test_staff_cannot_say_that_they_seal_anew(world: World) -> None:
    case = world.case()
    letter = release(world, draft(world, case, "decision", world.grant(case)))
    with (
        pytest.raises(DBAPIError, match="kept as it was given out"),
        tenant_session(Audience.STAFF, world.tenant_id) as session,
    ):
        session.execute(text(RESEALING))
        session.execute(
            text("UPDATE letters SET own_words_sealed = '\\x01' WHERE id = :id"), {"id": letter.id}
        )


def test_each_fetch_is_logged_with_whose_data_it_was(world: World) -> None:
    case = world.case()
    letter = release(world, draft(world, case, "decision", world.grant(case)))
    file_of(world, letter)
    file_of(world, letter)
    entries = world.rows(AuditEntry, action=service.DOWNLOAD, subject_id=letter.id)
    assert len(entries) == 2
    assert entries[0].person_ids == [world.applicant(case)] and entries[0].kind == "read"


def test_the_property_office_neither_reads_nor_writes_what_lies_behind(world: World) -> None:
    case = world.case()
    contract = contract_of(world, case)
    [decision] = world.rows(Decision, case_id=case.id)
    with pytest.raises(NotFound):
        draft(world, case, "decision", decision, "property")
    letter = draft(world, case, "decision", decision)
    with pytest.raises(NotFound):
        file_of(world, letter, "property")
    with pytest.raises(NotFound):
        release(world, letter, "property")
    other = draft(world, case, "contract", contract, "property")
    assert file_of(world, other, ME)


def test_strangers_see_no_letter(world: World) -> None:
    case = world.case()
    letter = draft(world, case, "decision", world.grant(case))
    for who in (caseworker_of("AMF"), "property"):
        with pytest.raises(NotFound):
            file_of(world, letter, who)
        with pytest.raises((NotFound, NotAllowed)):
            release(world, letter, who)


def test_what_gives_no_letter_is_refused(world: World) -> None:
    case = world.case()
    proposal = world.propose(case)
    with pytest.raises(ValidationFailed) as refused:
        draft(world, case, "decision", proposal)
    assert refused.value.problems[0].rule == "no_such_letter"
    with pytest.raises(ValidationFailed):
        draft(world, case, "nonsense", proposal)
    with pytest.raises(NotFound):
        draft(world, case, "offer", proposal)
    other = world.case()
    with pytest.raises(NotFound):
        draft(world, other, "decision", world.grant(world.case()))


def test_a_demand_says_what_is_to_be_put_right(world: World) -> None:
    case = world.case()
    contract = contract_of(world, case)
    with pytest.raises(ValidationFailed) as refused:
        draft(world, case, "demand", contract, "property")
    assert refused.value.problems[0].field == "ownWords"
    letter = draft(world, case, "demand", contract, "property", "Hög musik efter klockan 22.")
    said = text_of(file_of(world, release(world, letter, "property"), ME).content)
    assert "Hög musik efter klockan 22." in said and "42 §§ jordabalken" in said


def test_every_kind_of_letter_can_be_written_and_is_a_whole_pdf(world: World) -> None:
    """One household that has come the whole way; each kind from its record, each validated."""
    case = world.case()
    referral = world.registered(case)
    offer = world.accepted(case, referral)
    waiver = {"own_document": True, "approved": True, "approval_number": "77-26", "months": 24}
    contract = world.contract(offer, waiver=waiver, went_on_because="Prövat.")
    [decision] = world.rows(Decision, case_id=case.id)
    world.act(
        "property",
        ending.notice,
        contract_id=contract.id,
        expected_version=world.again(contract).version,
        given_by="tenant",
    )
    for kind, row, who, words in (
        ("decision", decision, ME, "Så överklagar du"),
        ("referral", referral, ME, "Sover hos bekanta."),
        ("offer", offer, "property", "Svara senast"),
        ("contract", contract, "property", "Hyra per månad"),
        ("waiver", contract, "property", "77-26"),
        ("demand", contract, "property", "jordabalken"),
        ("notice", contract, "property", "Upphör den"),
    ):
        own = "Rätta till detta." if kind == "demand" else ""
        letter = release(world, draft(world, case, kind, row, who, own), who)
        pdf = file_of(world, letter, who).content
        assert faults(pdf) == [], kind
        assert words in " ".join(text_of(pdf).split()), kind
        assert letter.kind == kind


def test_the_explanation_is_the_applicants_sheet(world: World) -> None:
    case = world.case()
    assessment = world.act(
        ME,
        assessments.conclude,
        case_id=case.id,
        rule="entitled",
        conclusion=True,
        reason="Alla villkor är prövade.",
    )
    letter = release(world, draft(world, case, "explanation", assessment))
    said = text_of(file_of(world, letter).content)
    assert "Kraven är uppfyllda" in said and "Alla villkor är prövade." in said
    with pytest.raises(NotFound):
        file_of(world, letter, "property")
