"""Refusals in words, by rule code. A code without words falls back on the service's English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist_graphql.labels import language

#: Rule → (Swedish, English). Parameters of the problem may be named in braces.
MESSAGES: Mapping[str, tuple[str, str]] = {
    "validation_failed": ("Uppgifterna kan inte sparas.", "What was sent cannot be saved."),
    "not_found": ("Det finns inte.", "There is no such thing."),
    "not_allowed": ("Din roll ger inte rätt till detta.", "Your role does not give this right."),
    "four_eyes": (
        "Ingen godkänner det som hen själv har förberett.",
        "Nobody approves what they prepared themselves.",
    ),
    "required": ("Fyll i fältet.", "Fill in the field."),
    "empty": ("Fyll i fältet.", "Fill in the field."),
    "missing": ("Fyll i fältet.", "Fill in the field."),
    "length": ("Texten har fel längd.", "The text has the wrong length."),
    "too_long": ("Högst {limit} tecken.", "At most {limit} characters."),
    "too_large": ("För mycket på en gång.", "Too much at once."),
    "characters": (
        "Texten har tecken som inte kan sparas.",
        "The text has characters that cannot be kept.",
    ),
    "count": ("Högst {limit} stycken.", "At most {limit}."),
    "wrong_type": ("Värdet har fel form.", "The value has the wrong form."),
    "out_of_range": (
        "Talet ligger utanför vad som är tillåtet.",
        "The number is outside what is allowed.",
    ),
    "range": ("Ange ett tal från {min} till {max}.", "Give a number from {min} to {max}."),
    "unknown_choice": ("Välj ett av alternativen.", "Choose one of the options."),
    "not_an_option": ("Välj ett av alternativen.", "Choose one of the options."),
    "unknown_department": ("Välj en remitterande förvaltning.", "Choose a referring department."),
    "unknown_fact": ("Frågan finns inte i regelverket.", "The pack has no such question."),
    "unknown_field": ("Fältet finns inte.", "There is no such field."),
    "unknown_item": ("Regelverket har ingen sådan uppgift.", "The pack has no such item."),
    "twice": ("Samma sak står två gånger.", "The same thing stands twice."),
    "future": ("Datumet får inte ligga i framtiden.", "The date may not lie in the future."),
    "too_early": (
        "Datumet får inte vara före {earliest}.",
        "The date may not lie before {earliest}.",
    ),
    "before_start": (
        "Perioden slutar innan den börjar.",
        "The period ends before it begins.",
    ),
    "one_applicant": (
        "Exakt en person i hushållet är sökande.",
        "Exactly one person of the household is the applicant.",
    ),
    "personal_number_form": (
        "Skriv numret som ÅÅÅÅMMDD-NNNN.",
        "Write the number as YYYYMMDD-NNNN.",
    ),
    "personal_number_check": (
        "Numret är inte ett giltigt personnummer eller samordningsnummer.",
        "The number is not a valid personal or co-ordination number.",
    ),
    "personal_number_future": (
        "Födelsedatumet ligger i framtiden.",
        "The date of birth lies in the future.",
    ),
    "already_registered": ("Finns redan registrerat.", "Is registered already."),
    "kommun_code": (
        "Kommunkoden har fyra siffror, till exempel 0180.",
        "A kommun code has four digits, for example 0180.",
    ),
    "organisation_number_form": (
        "Skriv organisationsnumret som NNNNNN-NNNN.",
        "Write the organisation number as NNNNNN-NNNN.",
    ),
    "organisation_number_check": (
        "Organisationsnumret är inte giltigt.",
        "The organisation number is not valid.",
    ),
    "reason_required": ("En bedömning behöver en motivering.", "A judgement needs its reason."),
    "from_record": ("Svaret hämtas ur akten.", "The record answers this."),
    "not_in_force": (
        "Lagrummet gäller inte för beslutet den dagen.",
        "The provision is not in force for the decision on that day.",
    ),
    "not_in_household": ("Personen ingår inte i hushållet.", "Not a member of the household."),
    "other_contract": (
        "Kontraktet hör till ett annat ärende.",
        "The contract belongs to another case.",
    ),
    "pack_not_adopted": (
        "Kommunen arbetar inte efter det regelverket.",
        "The kommun does not work by that pack.",
    ),
    "choose_pack": ("Välj regelverk.", "Choose one of the kommun's packs."),
    "no_referral": ("Programmet har ingen remiss.", "The programme has no referral."),
    # Conflicts.
    "stale_version": (
        "Någon annan har ändrat detta sedan du öppnade det. Läs om och försök igen.",
        "Somebody has changed this since you opened it. Read it again and retry.",
    ),
    "concurrent_change": (
        "Någon annan hann före. Läs om och försök igen.",
        "Somebody else got there first. Read it again and retry.",
    ),
    "idempotency_key_reused": (
        "Nyckeln har redan använts för något annat.",
        "The key has been used for something else.",
    ),
    "case_closed": ("Ärendet är avslutat.", "The case is closed."),
    "case_already_open": (
        "Hushållet har redan ett öppet ärende: {number}.",
        "The household already has an open case: {number}.",
    ),
    "wrong_state": (
        "Det går inte längre: läget har ändrats.",
        "It is no longer possible: the state has changed.",
    ),
    "referral_under_way": (
        "Ärendet har redan en pågående remiss.",
        "The case already has a referral under way.",
    ),
    "signed_already": ("Underskriften finns redan.", "The signature is there already."),
    "not_proposed": ("Förslaget är redan behandlat.", "The proposal has been dealt with."),
    "already_proposed": (
        "Ett förslag av samma slag väntar på beslut.",
        "A proposal of this kind waits to be decided.",
    ),
    "obligation_not_open": (
        "Åtagandet är redan utfört eller inställt.",
        "The obligation is already done or cancelled.",
    ),
    # Refusals of a guideline or of the law.
    "contents_missing": (
        "Remissen saknar uppgifter som riktlinjen kräver.",
        "The referral does not contain all that the guideline requires.",
    ),
    "signature_missing": ("En underskrift saknas.", "A signature is missing."),
    "notice_not_given": (
        "Den boende har inte fått den upplysning som riktlinjen kräver.",
        "The resident has not been told what the guideline wants told.",
    ),
    "decision_before_referral": (
        "Remissen verkställer ett beslut om stöd, och det finns inget gällande.",
        "A referral carries out a decision on support, and there is none in force.",
    ),
    "other_programme": (
        "Beslutet om stöd gäller ett annat program än remissen.",
        "The decision on support is for another programme than the referral.",
    ),
    "no_extension": ("Remissen kan inte förlängas.", "The referral cannot be extended."),
    "contract_before_decision": (
        "Beslutet om bostaden fattas när kontraktet är undertecknat.",
        "The decision on the housing is made when the contract has been signed.",
    ),
}


class _Lenient(dict[str, Any]):
    """Parameters by name; one that is missing shows as an ellipsis and never fails."""

    def __missing__(self, key: str) -> str:
        return "…"


def message_for(rule: str, lang: str | None, params: Mapping[str, Any], fallback: str) -> str:
    """The words of ``rule`` in ``lang``, else ``fallback``, else the rule's code."""
    words = MESSAGES.get(rule)
    if words is None:
        return fallback or rule
    text = words[0] if language(lang) == "sv" else words[1]
    return text.format_map(_Lenient(params))
