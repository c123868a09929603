"""A household's way through the portal, as people walk it page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Browser

from hemvist_browser import CASEWORKER, MANAGER, OFFICER, Desk
from hemvist_infra.demo.numbers import organisation_number, personal_number

#: Answers by which a homeless adult with an addiction has the right to a social flat.
ENTITLED = {
    "current_housing": "no_home",
    "has_own_contract": "false",
    "searched_other_kommuner": "true",
    "searched_second_hand": "true",
    "has_guarantor": "false",
    "has_contact_children": "false",
    "lacks_roof": "true",
    "need_met_otherwise": "false",
    "assistance_reasonable": "true",
    "manages_home": "with_support",
    "combined_difficulties": "true",
    "own_ways_exhausted": "true",
}
#: What a text of the referral or the plan says, by how its name begins.
_TEXTS = {
    "household": "Ensamstående, en vuxen.",
    "home_size": "Ett rum och kök räcker.",
    "present_housing": "Sover hos bekanta några nätter i taget.",
    "housing_history": "Egen lägenhet till 2021, därefter utan bostad.",
    "housing_support": "Boendestöd två gånger i veckan.",
    "means_of_support": "Sjukersättning.",
    "debt_picture": "Inga skulder.",
    "motivation": "Grundkriterierna är uppfyllda och behovet går inte att möta på annat sätt.",
    "decision": "Stöd till bostadsanskaffning.",
    "way_forward": "Bo kvar, sköta hyran och söka egen bostad efter ett år.",
    "to_work_on": "Betala hyran i tid och hålla kontakt med grannarna.",
    "support_needs": "Stöd med ekonomi och myndighetskontakter.",
    "sub_goals": "Autogiro för hyran inom en månad.",
    "follow_up_how": "Hembesök tillsammans.",
    "follow_up_when": "Var tredje månad.",
}


@dataclass(frozen=True)
class Lived:
    """What a journey left: its pages' addresses under the kommun."""

    case: str
    referral: str
    unit: str
    offer: str
    contract: str
    granted: date
    visited: list[tuple[str, str]]


@dataclass
class People:
    """The three who carry a case, each at a browser."""

    caseworker: Desk
    manager: Desk
    officer: Desk

    @classmethod
    def at(cls, browser: Browser, address: str, *, javascript: bool) -> People:
        """Log all three in."""
        return cls(
            *(
                Desk(browser, address, name, javascript=javascript)
                for name in (CASEWORKER, MANAGER, OFFICER)
            )
        )

    def close(self) -> None:
        """Everybody goes home."""
        for desk in (self.caseworker, self.manager, self.officer):
            desk.close()

    @property
    def visited(self) -> list[tuple[str, str]]:
        """Who saw which page, one address for each kind of page."""
        return [
            (desk.person, url)
            for desk in (self.caseworker, self.manager, self.officer)
            for url in desk.visited.values()
        ]


def register_household(desk: Desk, serial: int) -> None:
    """Register one adult, known not to be protected."""
    desk.open("households/new")
    desk.fill("members[0].givenName", "Maja")
    desk.fill("members[0].familyName", "Testsson")
    desk.fill("members[0].personalNumber", personal_number(date(1985, 3, serial), 981))
    desk.fill("members[0].registeredKommun", "1283")
    desk.choose("members[0].protection", "none")
    desk.fill("members[0].protectionCheckedOn", date.today().isoformat())
    desk.press("Registrera hushållet")
    desk.told("Hushållet är registrerat.")


def open_case(desk: Desk) -> str:
    """Open a case for the household on screen; gives the case's path."""
    desk.press("Öppna ärendet")
    desk.told("Ärendet är öppnat.")
    return desk.path


def answer_everything(desk: Desk, case: str, extra: dict[str, str] | None = None) -> None:
    """Answer what the right to a flat needs, a reason for each judgement."""
    desk.open(f"{case}/assessment")
    desk.choose("answers.current_housing.value", "no_home")
    desk.fill("answers.debts_ore.value", "0")
    desk.press("Spara och stanna här")
    desk.told("Svaren är sparade")
    for fact, value in {**ENTITLED, **(extra or {})}.items():
        if desk.page.locator(f'[name="answers.{fact}.value"]').count() == 0:
            continue
        desk.choose(f"answers.{fact}.value", value)
        reason = desk.page.locator(f'[name="answers.{fact}.reason"]')
        if reason.count():
            reason.fill("Framgår av samtal och handlingar.")
    desk.choose("answers.vulnerable_groups.value", "addiction")
    reason = desk.page.locator('[name="answers.vulnerable_groups.reason"]')
    if reason.count():
        reason.fill("Pågående insats.")
    desk.fill("source", "Samtal med den sökande")
    desk.press("Spara och gå till ärendet")


def conclude(desk: Desk, case: str, rule: str) -> None:
    """Write the caseworker's own conclusion of the rule."""
    desk.open(f"{case}/conclusion?rule={rule}")
    desk.choose("conclusion", "true")
    desk.fill("reason", "Alla villkor är prövade och uppfyllda.")
    desk.press("Spara bedömningen")
    desk.told("Bedömningen är sparad.")


def propose(desk: Desk, case: str, kind: str, programme: str = "") -> str:
    """Propose a grant; gives the proposal's path."""
    desk.open(f"{case}/decision?kind={kind}&programme={programme}")
    desk.choose("legalBasis", "sol_2025_11_1")
    desk.fill("motivation", "Grundkriterierna är uppfyllda.")
    if desk.page.locator('[name="contractId"]').count():
        desk.page.locator('[name="contractId"]').first.check()
    desk.press("Lämna förslaget")
    desk.told("Förslaget väntar nu på beslut.")
    return desk.path


def decide(desk: Desk, decision: str) -> None:
    """Decide as proposed."""
    desk.open(decision)
    desk.press("Besluta enligt förslaget")
    desk.told("Beslutet är fattat.")


def write_referral(desk: Desk, case: str, programme: str) -> str:
    """Draft a referral, save it unfinished, see what is missing, complete it; gives its path."""
    desk.open(f"{case}/referral")
    desk.choose("programme", programme)
    desk.press("Fortsätt till innehållet")
    desk.fill("content.present_housing", "")
    desk.press("Spara")
    desk.told("Det här saknas")
    referral = desk.path
    desk.told("Det går inte att avgöra om uppgiften behövs")
    desk.follow("Besvara frågan")
    for fact in ("needs_adapted_home", "has_unsuitable_area", "has_other_contacts"):
        desk.choose(f"answers.{fact}.value", "false")
    desk.press("Spara och stanna här")
    desk.open(referral)
    desk.follow("Ändra innehållet")
    fill_texts(desk, "content")
    desk.fill("toldOneOfferOn", date.today().isoformat())
    desk.press("Spara")
    desk.told("Innehållet är fullständigt.")
    return referral


def fill_texts(desk: Desk, prefix: str) -> None:
    """Write in every empty text that must be there, and say yes to every yes-or-no."""
    for box in desk.page.locator(
        f'textarea[name^="{prefix}."], input[type=text][name^="{prefix}."]'
    ).all():
        name = (box.get_attribute("name") or "").removeprefix(f"{prefix}.")
        if not box.input_value() and name in _TEXTS:
            box.fill(_TEXTS[name])
    for radio in desk.page.locator(f'input[type=radio][name^="{prefix}."][value=true]').all():
        radio.check()


def sign_and_send(people: People, referral: str) -> None:
    """The resident's and the manager's signatures, and the sending."""
    people.caseworker.open(referral)
    people.caseworker.press("Registrera underskriften")
    people.caseworker.told("Den boendes underskrift är registrerad.")
    people.manager.open(referral)
    people.manager.press("Skriv under som chef")
    people.manager.told("Du har skrivit under remissen.")
    people.caseworker.open(referral)
    people.caseworker.press("Skicka remissen")
    people.caseworker.told("Remissen är skickad")


def register_unit(desk: Desk, serial: int) -> str:
    """Register a vacant flat; gives its path."""
    desk.open("units/new")
    for name, value in {
        "streetAddress": f"Provgatan {serial}",
        "apartmentNumber": f"{1000 + serial}",
        "postalCode": "252 25",
        "area": "Söder",
        "propertyDesignation": f"PROVET {serial}",
        "rooms": "1",
        "sizeM2": "34,5",
        "rentOre": "5 480",
        "floor": "2",
        "landlordName": "Provbostäder AB",
        "landlordOrganisationNumber": organisation_number(900),
    }.items():
        desk.fill(name, value)
    desk.choose("lift", "true")
    desk.choose("source", "own_rental")
    desk.press("Registrera bostaden")
    desk.told("Bostaden är registrerad.")
    return desk.path


def offer_home(people: People, referral: str, unit: str) -> str:
    """The property office offers, the department accepts; gives the offer's path."""
    people.officer.open(f"{referral}/offer")
    people.officer.choose("unitId", unit.split("/")[1])
    people.officer.press("Erbjud bostaden")
    people.officer.told("Bostaden är erbjuden")
    offer = people.officer.path
    people.caseworker.open("today")
    people.caseworker.told("Erbjudanden att svara på")
    people.caseworker.open(offer)
    people.caseworker.press("Tacka ja till bostaden")
    people.caseworker.told("Erbjudandet är accepterat.")
    return offer


def sign_contract(desk: Desk, offer: str, *, guarantee_months: int | None = None) -> str:
    """Register the signed contract; gives its path."""
    desk.open(f"{offer}/contract")
    today = date.today().isoformat()
    desk.fill("startsOn", today)
    if desk.page.locator('[name="toldOfLinkOn"]').count():
        desk.fill("toldOfLinkOn", today)
        desk.fill("ownerNotifiedOn", today)
    if guarantee_months:
        desk.choose("guaranteeMonths", str(guarantee_months))
    link = desk.page.locator('input[name="terms.informed_of_link"][value=true]')
    if link.count():
        link.check()
    desk.press("Registrera kontraktet")
    desk.told("Kontraktet är registrerat.")
    return desk.path


def live(
    people: People,
    serial: int,
    programme: str,
    rule: str,
    *,
    extra: dict[str, str] | None = None,
    guarantee_months: int | None = None,
) -> Lived:
    """The whole way from first contact to a recorded first follow-up."""
    caseworker, manager, officer = people.caseworker, people.manager, people.officer
    register_household(caseworker, serial)
    case = open_case(caseworker)
    caseworker.told("Fråga återstår")
    answer_everything(caseworker, case, extra)
    caseworker.told("Svaren är sparade")
    conclude(caseworker, case, rule)
    proposal = propose(caseworker, case, "support_to_obtain_housing", programme)
    manager.open("today")
    manager.told("Att besluta")
    decide(manager, proposal)
    referral = write_referral(caseworker, case, programme)
    sign_and_send(people, referral)
    officer.open("today")
    officer.told("Att registrera")
    officer.open(referral)
    officer.press("Registrera")
    officer.told("Remissen är registrerad.")
    unit = register_unit(officer, serial)
    offer = offer_home(people, referral, unit)
    contract = sign_contract(officer, offer, guarantee_months=guarantee_months)
    housing = propose(caseworker, case, "housing")
    decide(manager, housing)
    record_first_follow_up(caseworker, case)
    officer.open(contract)
    return Lived(case, referral, unit, offer, contract, date.today(), people.visited)


def record_first_follow_up(desk: Desk, case: str) -> None:
    """Record the first follow-up with everything that its form asks for."""
    desk.open(f"{case}/follow-ups")
    desk.follow("Registrera Första uppföljningen")
    desk.page.locator('[name="residentTookPart"]').check()
    desk.page.locator('[name="inTheHome"]').check()
    for box in desk.page.locator('[name="agendaDone"]').all():
        box.check()
    fill_texts(desk, "plan")
    desk.press("Registrera")
    desk.told("Uppföljningen är registrerad.")
