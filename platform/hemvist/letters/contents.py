"""What each kind of letter says, out of the record that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import select

from hemvist.applicant_sheets.appeal import appeal_text
from hemvist.applicant_sheets.service import sheet_for
from hemvist.assessments.models import Assessment
from hemvist.contracts.changes import TenureWaiver
from hemvist.contracts.models import Contract, ContractNotice
from hemvist.decisions.models import Decision
from hemvist.decisions.service import definition
from hemvist.documents import Block, Heading, Items, Paragraph, Rows, Signatures
from hemvist.errors import HemvistError
from hemvist.guarantees.models import Guarantee
from hemvist.ladder.models import Eviction, JointMeeting, LadderStep
from hemvist.letters import ladders, leases, words
from hemvist.letters.material import Content, Material
from hemvist.milestones.models import Milestone
from hemvist.offers.models import Offer
from hemvist.policy.clauses import CLAUSES
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

_PARTNERS = {"accepts": "Godtar avståendet", "does_not_accept": "Godtar inte avståendet"}


def decision(material: Material, row: Decision) -> Content:
    """The decision as the household gets it: outcome, reasons, conditions, how to appeal."""
    label = words.DECISIONS.get(row.kind, row.kind)
    bases = tuple(
        material.pack.legal_bases[id] for id in row.legal_basis if id in material.pack.legal_bases
    )
    with suppress(HemvistError):
        label = definition(material.pack, row.programme, row.kind).label.text("sv")
    facts = [
        ("kind", "Beslutet gäller", label),
        ("outcome", "Utfall", words.OUTCOMES.get(row.outcome, row.outcome)),
        ("valid_from", "Gäller från", words.day(row.valid_from)),
        ("valid_until", "Gäller till", words.day(row.valid_until)),
        ("decided_on", "Beslutat", words.day(row.decided_on)),
        ("decided_by", "Beslutat av", material.name_of(row.decided_by)),
        ("legal_basis", "Lagrum", "; ".join(basis.label.text("sv") for basis in bases)),
    ]
    if row.outcome == "refused":
        facts = [one for one in facts if one[0] not in ("valid_from", "valid_until")]
    blocks: list[Block] = [Rows("Beslutet", tuple(one for one in facts if one[2]))]
    if row.motivation:
        blocks += [Heading("Skälen för beslutet"), Paragraph(row.motivation, "motivation")]
    if row.child_assessment:
        blocks += [Heading("Barnets bästa"), Paragraph(row.child_assessment, "childAssessment")]
    if row.conditions:
        blocks += [Heading("Villkor"), _clauses(row.conditions, "conditions")]
    assert row.decided_on is not None
    blocks += [
        Heading("Så överklagar du"),
        Paragraph(appeal_text(row.decided_on, bases, material.office, "sv"), "appeal"),
    ]
    return Content(tuple(blocks))


def referral(material: Material, row: Referral) -> Content:
    """The referral as the property office gets it."""
    programme = material.programme(row.programme)
    rules = programme.referral if programme else None
    items = (*rules.requires, *rules.optional) if rules else ()
    offices = [
        one.label.text("sv")
        for one in material.pack.departments.values()
        if "property" in one.roles
    ]
    facts = (
        ("household", "Hushåll", material.home.alias),
        ("programme", "Program", programme.label.text("sv") if programme else row.programme),
        ("submitted_on", "Skickad", words.day(row.submitted_on) if row.submitted_on else "Inte än"),
        ("valid_until", "Gäller till", words.day(row.valid_until)),
    )
    content = tuple(
        (f"content.{id}", name, value) for id, name, value in words.labelled(row.content, items)
    )
    blocks: tuple[Block, ...] = (Rows("Remissen", facts),)
    return Content(
        (*blocks, Rows("Uppgifter", content)) if content else blocks,
        tuple(offices) or ("Fastighetskontoret",),
    )


def offer(material: Material, row: Offer) -> Content:
    """The flat that is offered, and until when it can be answered."""
    unit = material.session.find(Unit, row.unit_id)
    facts = [
        *_flat(material, unit),
        ("viewing_on", "Visning", words.day(row.viewing_on) if row.viewing_on else ""),
        ("answer_by", "Svara senast", words.day(row.answer_by)),
    ]
    return Content((Rows("Bostaden", tuple(one for one in facts if one[2])),))


def contract(material: Material, row: Contract) -> Content:
    """The contract with its terms and clauses, to be signed."""
    unit = material.session.find(Unit, row.unit_id)
    form = _form(material, row)
    facts = [
        *_parties(material, row),
        ("starts_on", "Gäller från", words.day(row.starts_on)),
        ("ends_on", "Gäller till", words.day(row.ends_on)),
        *leases.rents(material.session, row),
    ]
    blocks: list[Block] = [
        Rows("Parter och tid", tuple(facts)),
        Rows("Bostaden", tuple(_flat(material, unit)[:4])),
    ]
    terms = words.labelled(row.terms, form.terms if form else ())
    if terms:
        blocks.append(Rows("Villkor", tuple((f"terms.{id}", a, b) for id, a, b in terms)))
    if row.clauses:
        blocks += [Heading("Särskilda villkor"), _clauses(row.clauses, "clauses")]
    if row.told_of_link_on:
        text, cite = words.TIED
        told = text.format(day=words.day(row.told_of_link_on))
        blocks += [Heading("Bostaden och biståndet"), Paragraph(told, "told_of_link_on", cite)]
    blocks.append(_signatures(material, row))
    return Content(tuple(blocks), title=form.label.text("sv") if form else "")


def waiver(material: Material, row: Contract) -> Content:
    """The waiver as its own document (JB 12:45 a)."""
    kept = standing_waiver(material.session, row)
    facts = [("starts_on", "Hyresavtalet gäller från", words.day(row.starts_on))]
    if kept is not None:
        approved = f"Hyresnämnden, {kept.approval_number}" if kept.approved_on else "Inte än"
        facts += [
            ("months", "Avståendet gäller", f"{kept.months} månader"),
            ("until_on", "Gäller till", words.day(kept.until_on)),
            ("approved", "Godkänt", approved if kept.basis == "tribunal" else "Behövs inte"),
            ("approved_on", "Godkänt den", words.day(kept.approved_on) if kept.approved_on else ""),
            ("partner", "Make eller sambo", _PARTNERS.get(kept.partner, "")),
        ]
    else:
        given = row.waiver
        months = f"{given['months']} månader" if given.get("months") else ""
        facts += [
            ("months", "Avståendet gäller", months),
            ("approved", "Godkänt av hyresnämnden", _yes(given.get("approved"))),
            ("approved", "Hyresnämndens ärendenummer", given.get("approval_number") or ""),
            ("partner", "Make eller sambo godtar", _yes(given.get("partner_accepts"))),
        ]
    unit = material.session.find(Unit, row.unit_id)
    return Content(
        (
            Rows("Bostaden", (*_flat(material, unit)[:1], *_parties(material, row)[:2])),
            Rows("Avståendet", tuple(one for one in facts if one[2])),
            *_law("waiver"),
            _signatures(material, row),
        )
    )


def standing_waiver(session: TenantSession, row: Contract) -> TenureWaiver | None:
    """The waiver of tenure that stands for the contract, if it has its own record."""
    return session.scalar(
        select(TenureWaiver)
        .where(TenureWaiver.contract_id == row.id, TenureWaiver.state == "standing")
        .limit(1)
    )


def guarantee(material: Material, row: Guarantee) -> Content:
    """The guarantee as the landlord gets it."""
    signed = material.session.find(Contract, row.contract_id)
    unit = material.session.find(Unit, signed.unit_id)
    scope = {
        item.id: item
        for one in material.pack.programmes.values()
        if one.guarantee
        for item in one.guarantee.scope
    }
    covers = tuple(scope[id].label.text("sv") if id in scope else id for id in row.covers)
    landlord = leases.landlord_of(material.session, unit)
    cap = words.money(row.cap_ore)
    facts = (
        ("guarantor", "Borgensman" if row.kind == "surety" else "Garant", material.kommun),
        ("landlord", "Hyresvärd", landlord),
        ("tenant", "Hyresgäst", material.home.called),
        ("unit", "Bostad", material.home.unit(unit)),
        ("contract", "Hyresavtal från", words.day(signed.starts_on)),
        ("rent", "Hyra per månad", words.money(row.rent_ore)),
        ("starts_on", "Gäller från", words.day(row.starts_on)),
        ("ends_on", "Gäller till", words.day(row.ends_on)),
        (
            "cap_ore",
            "Högsta belopp",
            f"{cap}, {row.cap_rent_months} månadshyror" if row.cap_rent_months else cap,
        ),
        ("issued_on", "Lämnad", words.day(row.issued_on)),
    )
    blocks: list[Block] = [Rows(words.GUARANTEES[row.kind], facts)]
    if covers:
        blocks += [Heading("Omfattar"), Items(covers, "covers")]
    law = [
        Paragraph(text, "law", cite) for text, cite in words.of_guarantee(row.kind, row.issued_on)
    ]
    blocks += [*law, Signatures((material.kommun,))]
    title = "Kommunal borgen" if row.kind == "surety" else ""
    return Content(tuple(blocks), (landlord,), title)


def demand(material: Material, row: Contract) -> Content:
    """A demand to put something right; what, the person who writes it says."""
    unit = material.session.find(Unit, row.unit_id)
    facts = (
        *_parties(material, row)[:2],
        ("unit", "Bostad", material.home.unit(unit)),
        ("starts_on", "Hyresavtal från", words.day(row.starts_on)),
    )
    return Content((Rows("Hyresavtalet", facts), *_law("demand")))


def notice(material: Material, row: Contract) -> Content:
    """A notice that was given: its ground and the day it ends on."""
    given = notice_given(material.session, row)
    assert given is not None
    by = "Hyresgästen" if given.get("given_by") == "tenant" else "Hyresvärden"
    unit = material.session.find(Unit, row.unit_id)
    facts = [
        *_parties(material, row)[:2],
        ("unit", "Bostad", material.home.unit(unit)),
        ("given_by", "Uppsagt av", by),
        ("given_on", "Uppsagt den", words.day(given["given_on"])),
        ("ground", "Skäl", words.GROUNDS.get(str(given.get("ground")), "")),
        ("ends_on", "Upphör den", _iso(given.get("ends_on"))),
        ("demand_sent_on", "Rättelseanmaning skickad", _iso(given.get("demand_sent_on"))),
        ("board_told_on", "Socialnämnden underrättad", _iso(given.get("board_told_on"))),
    ]
    return Content((Rows("Uppsägningen", tuple(one for one in facts if one[2])), *_law("notice")))


def notice_given(session: TenantSession, row: Contract) -> Mapping[str, Any] | None:
    """Particulars of the contract's latest notice, or of the one recorded as an event."""
    kept = session.scalar(
        select(ContractNotice)
        .where(ContractNotice.contract_id == row.id)
        .order_by(ContractNotice.given_on.desc(), ContractNotice.id.desc())
        .limit(1)
    )
    if kept is not None:
        names = ("given_by", "given_on", "ground", "ends_on")
        return {**kept.details, **{name: getattr(kept, name) for name in names}}
    event = session.scalar(
        select(Milestone)
        .where(Milestone.case_id == row.case_id, Milestone.event == "notice_given")
        .order_by(Milestone.happened_on.desc(), Milestone.id.desc())
        .limit(1)
    )
    return None if event is None else {**event.details, "given_on": event.happened_on}


def explanation(material: Material, row: Assessment) -> Content:
    """The sheet for the applicant, as a letter."""
    sheet = sheet_for(material.session, material.actor, assessment_id=row.id, language="sv")
    facts = (
        ("assessed_on", "Bedömt", words.day(sheet.assessed_on)),
        (
            "concluded",
            "Slutsats",
            "Kraven är uppfyllda" if sheet.concluded_met else "Kraven är inte uppfyllda",
        ),
        ("guideline", "Riktlinje", f"{sheet.guideline} {sheet.version}"),
    )
    blocks: list[Block] = [Rows("Bedömningen", facts)]
    if sheet.reason:
        blocks += [Heading("Skälen"), Paragraph(sheet.reason, "reason")]
    states = {
        "met": "uppfyllt",
        "not_met": "inte uppfyllt",
        "not_known": "vet vi inte än",
        "not_needed": "behövde inte prövas",
    }
    points = tuple(
        f"{one.label}: {states.get(one.state, one.state)}"
        for one in sheet.criteria
        if one.level <= 1
    )
    if points:
        blocks += [Heading("Det här prövades"), Items(points, "criteria")]
    if sheet.missing:
        missing = tuple(f"{one.question}. {one.how}" for one in sheet.missing)
        blocks += [Heading("Det här saknas"), Items(missing, "missing")]
    if sheet.decision is not None:
        blocks += [Heading("Så överklagar du"), Paragraph(sheet.decision.appeal, "appeal")]
    return Content(tuple(blocks))


def _flat(material: Material, unit: Unit) -> list[tuple[str, str, str]]:
    size = f"{unit.size_m2:f}".rstrip("0").rstrip(".").replace(".", ",")
    return [
        ("unit", "Adress", material.home.unit(unit)),
        ("designation", "Fastighet", material.home.designation(unit)),
        ("rooms", "Rum utöver kök", str(unit.rooms)),
        ("size", "Storlek", f"{size} m²"),
        ("floor", "Våning", f"{unit.floor}, {'med' if unit.lift else 'utan'} hiss"),
        ("rent", "Hyra per månad", words.money(unit.rent_ore)),
        ("available_from", "Ledig från", words.day(unit.available_from)),
    ]


def _parties(material: Material, row: Contract) -> list[leases.Line]:
    return leases.parties(material.session, row, material.home, material.kommun)


def _form(material: Material, row: Contract) -> Any:
    return next(
        (
            one.contract
            for one in material.pack.programmes.values()
            if one.contract is not None and one.contract.form == row.form
        ),
        None,
    )


def _clauses(rows: list[dict[str, Any]], field: str) -> Items:
    return Items(
        tuple(
            row.get("text") or CLAUSES[row["kind"]].text("sv")
            for row in rows
            if row.get("text") or row.get("kind") in CLAUSES
        ),
        field,
    )


def _law(kind: str) -> list[Block]:
    return [Paragraph(text, "law", cite) for text, cite in words.LAW.get(kind, ())]


def _signatures(material: Material, row: Contract) -> Signatures:
    return leases.signatures(material.session, row, material.home, material.kommun)


def _yes(value: object) -> str:
    return "" if value is None else ("Ja" if value else "Nej")


def _iso(value: object) -> str:
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    return words.day(value) if isinstance(value, date) else ""


#: Kind → what it is about, and what it says.
MAKERS: Mapping[str, tuple[type[Any], Callable[[Material, Any], Content]]] = {
    "decision": (Decision, decision),
    "referral": (Referral, referral),
    "offer": (Offer, offer),
    "contract": (Contract, contract),
    "waiver": (Contract, waiver),
    "guarantee": (Guarantee, guarantee),
    "demand": (Contract, demand),
    "notice": (Contract, notice),
    "explanation": (Assessment, explanation),
    "ladder_demand": (LadderStep, ladders.ladder_demand),
    "board_notice": (LadderStep, ladders.board_notice),
    "meeting_call": (JointMeeting, ladders.meeting_call),
    "eviction_answer": (Eviction, ladders.eviction_answer),
}
