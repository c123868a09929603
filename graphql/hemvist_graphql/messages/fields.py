"""What is wrong with a field, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, tuple[str, str]] = {
    "validation_failed": ("Uppgifterna kan inte sparas.", "What was sent cannot be saved."),
    "not_found": ("Det finns inte.", "There is no such thing."),
    "not_allowed": ("Din roll ger inte rätt till detta.", "Your role does not give this right."),
    "four_eyes": (
        "Ingen godkänner det som hen själv har förberett.",
        "Nobody approves what they prepared themselves.",
    ),
    "alters_none": (
        "Beslut av det här slaget ändrar inget annat beslut.",
        "This kind of decision alters no other.",
    ),
    "end_is_granted": (
        "Att något upphör beslutas, eller så lämnas inget förslag.",
        "An end is decided, or not proposed at all.",
    ),
    "open_ended": (
        "Beslutet gäller redan tills vidare.",
        "The decision runs until further notice already.",
    ),
    "no_extension": (
        "Beslutet gäller redan så länge.",
        "The decision runs that long already.",
    ),
    "no_reservation": (
        "Beslutet har inget omprövningsförbehåll.",
        "The decision makes no reservation.",
    ),
    "not_open_ended": (
        "Grunden finns bara för beslut tills vidare, från den 1 juli 2025 (SoL 14:9).",
        "The ground is for open-ended decisions only, from 1 July 2025 (SoL 14:9).",
    ),
    "came_in_time": (
        "Överklagandet kom i rätt tid och ska prövas.",
        "The appeal came in time and is tried.",
    ),
    "choice": ("Välj ett av alternativen.", "Choose one of the options."),
    "no_coordinator": (
        "Välj någon som är samordnare för skyddade flyttar.",
        "Choose somebody who is a transfer coordinator.",
    ),
    "unknown_service": (
        "Stödet finns inte i nätverket.",
        "The network has no such support.",
    ),
    "nobody_left": (
        "Någon som inte är barn måste flytta.",
        "Somebody who is no child has to move.",
    ),
    "not_possible": (
        "Det valet går inte att göra här. Välj något annat.",
        "That choice cannot be made here. Choose another.",
    ),
    "not_a_kommun": (
        "En kommunkod har fyra siffror, till exempel 0180.",
        "A kommun's code has four digits, such as 0180.",
    ),
    "own_kommun": ("Välj en annan kommun än den egna.", "Choose another kommun than your own."),
    "not_a_takeover": (
        "IVO prövar bara om ett ärende ska flyttas över, inte en ansökan.",
        "The Inspectorate tries only whether a case goes over, not an application.",
    ),
    "not_a_handler": (
        "Personen handlägger inga sådana begäran i förvaltningen.",
        "The person handles no such requests in the department.",
    ),
    "nothing_told": (
        "Inga uppgifter lämnas ut i det här steget.",
        "No data are told in this step.",
    ),
    "consent_day": (
        "Ange vilken dag personen samtyckte, och bara när grunden är samtycke.",
        "State the day of the consent, and only where consent is the ground.",
    ),
    "no_new_decision": (
        "Välj ett beslut i ärendet som är fattat efter överklagandet.",
        "Choose a decision of the case that was made after the appeal.",
    ),
    "not_as_judged": (
        "Domstolen har gett personen rätt: välj ett beslut som beviljar samma sak.",
        "The court has found for the person: choose a decision that grants the same.",
    ),
    "bad_format": ("Ett kvartal skrivs som 2026-Q4.", "A quarter is written 2026-Q4."),
    "required": ("Fyll i fältet.", "Fill in the field."),
    "empty": ("Fyll i fältet.", "Fill in the field."),
    "missing": ("Fyll i fältet.", "Fill in the field."),
    "length": ("Texten har fel längd.", "The text has the wrong length."),
    "too_short": ("Minst {limit} tecken.", "At least {limit} characters."),
    "too_long": ("Högst {limit} tecken.", "At most {limit} characters."),
    "characters_unseen": (
        "Texten har tecken som inte kan skrivas i ett brev, till exempel en bild.",
        "The text has characters that cannot be printed in a letter, such as a picture.",
    ),
    "protected_unsearchable": (
        "Någon skyddad bor i bostaden, och filen går inte att söka igenom. Lämna den på papper.",
        "Somebody protected lives in the home, and the file cannot be searched. Hand it over on paper.",
    ),
    "protected_address": (
        "Här står en skyddad adress. Ta bort den innan brevet släpps.",
        "A protected address stands here. Take it out before the letter is released.",
    ),
    "protected_name": (
        "Här står ett skyddat namn. Ta bort det innan brevet släpps.",
        "A protected name stands here. Take it out before the letter is released.",
    ),
    "protected_number": (
        "Här står ett skyddat personnummer. Ta bort det innan brevet släpps.",
        "A protected personal number stands here. Take it out before the letter is released.",
    ),
    "no_such_letter": (
        "Ett sådant brev går inte att skriva om detta än.",
        "No such letter can be written about this yet.",
    ),
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
    "money_range": (
        "Ange ett belopp från {min} till {max}.",
        "Give an amount from {min} to {max}.",
    ),
    "unreadable": (
        "Filen är inget svar på en begäran: det ska vara den ifyllda svar.json.",
        "The file is no answer to a request: it has to be svar.json, filled in.",
    ),
    "other_request": (
        "Filen svarar på en annan begäran.",
        "The file answers another request.",
    ),
    "agreed": (
        "I filen ska agreed vara true eller false.",
        "In the file, agreed has to be true or false.",
    ),
    "reasons": (
        "I filen ska reasons vara en text.",
        "In the file, reasons has to be a text.",
    ),
    "answered_on": (
        "I filen ska answered_on vara en dag, ÅÅÅÅ-MM-DD.",
        "In the file, answered_on has to be a day, YYYY-MM-DD.",
    ),
    "unknown_choice": ("Välj ett av alternativen.", "Choose one of the options."),
    "not_an_option": ("Välj ett av alternativen.", "Choose one of the options."),
    "unknown_department": ("Välj en remitterande förvaltning.", "Choose a referring department."),
    "unknown_fact": ("Frågan finns inte i regelverket.", "The pack has no such question."),
    "unknown_field": ("Fältet finns inte.", "There is no such field."),
    "unknown_item": ("Regelverket har ingen sådan uppgift.", "The pack has no such item."),
    "granted_together": (
        "Riktlinjen kräver att besluten om stödet och om bostaden fattas tillsammans ({cite}).",
        "The guideline grants the support and the home together ({cite}).",
    ),
    "say_why_you_go_on": ("{sv} Skriv varför ni går vidare.", "{en} Say why you go on."),
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
    "must_be": (
        "Riktlinjen tillåter bara det andra svaret.",
        "The guideline allows only the other answer.",
    ),
    "unknown_term": ("Kontraktet har inget sådant villkor.", "The contract has no such term."),
    "apartment_number": (
        "Lägenhetsnumret har fyra siffror, till exempel 1102.",
        "The number of a flat has four digits, for example 1102.",
    ),
    "postal_code": ("Postnumret har fem siffror.", "A postal code has five digits."),
    "before_signing": (
        "Dagen får inte ligga före undertecknandet.",
        "The day may not lie before the signing.",
    ),
    "after_signing": (
        "Upplysningen måste ha lämnats senast vid undertecknandet.",
        "It must have been told by the signing.",
    ),
    "link_not_told": (
        "Hyresgästen ska ha fått veta att bostaden är kopplad till insatsen.",
        "The tenant must have been told that the home is tied to the assistance.",
    ),
    "guarantee_period": (
        "Välj en av riktlinjens garantitider.",
        "Choose one of the guideline's periods.",
    ),
    "no_guarantee": ("Programmet ger ingen hyresgaranti.", "The programme gives no guarantee."),
    "no_plan": ("Programmet har ingen plan.", "The programme has no plan."),
    "party_missing": (
        "Båda parter deltar i denna uppföljning.",
        "Both sides take part in this follow-up.",
    ),
}
