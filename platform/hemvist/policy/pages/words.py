"""The core's own words in Swedish and English. What a pack names, the pack words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hemvist.policy.labels import Label

_Words = Mapping[str, Label]


def _words(**pairs: tuple[str, str]) -> _Words:
    return {key: Label(sv, en) for key, (sv, en) in pairs.items()}


#: As the subject of a sentence: "remitterande förvaltning skriver under".
PARTIES = _words(
    referring=("remitterande förvaltning", "the referring department"),
    property=("fastighetsförvaltningen", "the property department"),
    landlord=("hyresvärden", "the landlord"),
    resident=("den boende", "the resident"),
    manager=("närmaste chef", "the nearest manager"),
    caseworker=("handläggaren", "the caseworker"),
    support_worker=("boendestödjaren", "the support worker"),
    cooperation_group=("samverkansgruppen", "the cooperation group"),
    coordinator=("samordnaren", "the coordinator"),
    economic_assistance=("enheten för ekonomiskt bistånd", "the economic assistance unit"),
    social_board=("socialnämnden", "the social services board"),
)

#: After "efter att" or "när" (when): "när remissen har registrerats".
EVENTS = _words(
    case_opened=("ärendet öppnades", "the case was opened"),
    support_granted=("stöd att få en bostad beviljades", "support to obtain housing was granted"),
    support_refused=("stöd att få en bostad avslogs", "support to obtain housing was refused"),
    right_ended=("rätten till stöd upphörde", "the right to support ended"),
    referral_submitted=("remissen skickades", "the referral was submitted"),
    referral_returned=("remissen återsändes", "the referral was returned"),
    referral_registered=("remissen registrerades", "the referral was registered"),
    referral_extended=("remissen förlängdes", "the referral was extended"),
    referral_expired=("remissen löpte ut", "the referral expired"),
    referral_withdrawn=("remissen återkallades", "the referral was withdrawn"),
    offer_made=("en bostad erbjöds", "a home was offered"),
    offer_accepted=("erbjudandet accepterades", "the offer was accepted"),
    offer_declined=("erbjudandet avböjdes", "the offer was declined"),
    viewing_booked=("visningen bokades", "the viewing was booked"),
    contract_signed=("kontraktet skrevs under", "the contract was signed"),
    guarantee_issued=("hyresgarantin lämnades", "the rent guarantee was issued"),
    decision_granted=("boendet beviljades", "the housing was granted"),
    decision_refused=("boendet avslogs", "the housing was refused"),
    moved_in=("den boende flyttade in", "the resident moved in"),
    follow_up_recorded=("uppföljningen gjordes", "the follow-up was held"),
    plan_signed=("planen upprättades", "the plan was agreed"),
    arrears_registered=("en hyresskuld blev känd", "arrears became known"),
    arrears_settled=("hyresskulden betalades", "the arrears were paid"),
    liability_assumed=(
        "nämnden åtog sig betalningen",
        "the board undertook to pay",
    ),
    commission_sent=("uppdraget skickades", "the commission was sent"),
    support_report_received=("månadsuppföljningen kom in", "the monthly report was received"),
    plan_reviewed=("planen gicks igenom", "the plan was reviewed"),
    follow_up_ended=("uppföljningen avslutades", "the follow-up ended"),
    follow_up_reopened=("uppföljningen återupptogs", "the follow-up was reopened"),
    guarantee_reassessed=("hyresgarantin omprövades", "the rent guarantee was reassessed"),
    guarantee_ended=("hyresgarantin upphörde", "the rent guarantee ended"),
    contract_ended=("kontraktet upphörde", "the contract ended"),
    visit_missed=("ett besök uteblev", "a visit was missed"),
    visit_impossible=("ett besök inte gick att göra", "a visit could not be made"),
    home_visit_held=("ett hembesök gjordes", "a home visit was made"),
    demand_sent=("en rättelseanmaning skickades", "a demand to mend was sent"),
    board_notified=("socialnämnden underrättades", "the social board was notified"),
    action_plan_made=("handlingsplanen gjordes", "the action plan was made"),
    notice_taken_back=("uppsägningen togs tillbaka", "the notice was taken back"),
    eviction_applied=("avhysning begärdes", "eviction was applied for"),
    eviction_dated=("en dag för avhysning bestämdes", "a day of eviction was set"),
    moved_out=("hushållet flyttade ut", "the household moved out"),
    case_closed=("ärendet avslutades", "the case was closed"),
    advance_notice_given=("förvarning lämnades", "advance notice was given"),
    information_meeting_held=("informationsmötet hölls", "the information meeting was held"),
    planning_started=("planeringen påbörjades", "the planning began"),
    planning_meeting_held=("planeringsmötet hölls", "the planning meeting was held"),
    support_assigned=("boendestöd utsågs", "support was assigned"),
    inspection_done=("bostaden besiktigades", "the home was inspected"),
    reconciliation_held=("avstämningen hölls", "the reconciliation was held"),
    lease_taken_over=("kontraktet togs över", "the lease was taken over"),
    support_ended=("stödet upphörde", "the support ended"),
    notice_given=("kontraktet sades upp", "notice was given"),
    keys_returned=("nycklarna lämnades tillbaka", "the keys were returned"),
    problem_reported=("ett problem anmäldes", "a problem was reported"),
    disturbance_reported=("en störning anmäldes", "a disturbance was reported"),
    complaint_received=("ett klagomål kom in", "a complaint was received"),
    rent_unpaid=("hyran inte betalades", "the rent was not paid"),
    absence_reported=("en bortovaro anmäldes", "an absence was reported"),
)

#: After "innan" (before): "innan remissen skickas".
BEFORE = _words(
    case_opened=("ärendet öppnas", "the case is opened"),
    support_granted=("stöd att få en bostad beviljas", "support to obtain housing is granted"),
    support_refused=("stöd att få en bostad avslås", "support to obtain housing is refused"),
    right_ended=("rätten till stöd upphör", "the right to support ends"),
    referral_submitted=("remissen skickas", "the referral is submitted"),
    referral_returned=("remissen återsänds", "the referral is returned"),
    referral_registered=("remissen registreras", "the referral is registered"),
    referral_extended=("remissen förlängs", "the referral is extended"),
    referral_expired=("remissen löper ut", "the referral expires"),
    referral_withdrawn=("remissen återkallas", "the referral is withdrawn"),
    offer_made=("en bostad erbjuds", "a home is offered"),
    offer_accepted=("erbjudandet accepteras", "the offer is accepted"),
    offer_declined=("erbjudandet avböjs", "the offer is declined"),
    viewing_booked=("visningen bokas", "the viewing is booked"),
    contract_signed=("kontraktet skrivs under", "the contract is signed"),
    guarantee_issued=("hyresgarantin lämnas", "the rent guarantee is issued"),
    decision_granted=("boendet beviljas", "the housing is granted"),
    decision_refused=("boendet avslås", "the housing is refused"),
    moved_in=("den boende flyttar in", "the resident moves in"),
    follow_up_recorded=("uppföljningen görs", "the follow-up is held"),
    plan_signed=("planen upprättas", "the plan is agreed"),
    arrears_registered=("en hyresskuld blir känd", "arrears become known"),
    arrears_settled=("hyresskulden betalas", "the arrears are paid"),
    liability_assumed=("nämnden åtar sig betalningen", "the board undertakes to pay"),
    commission_sent=("uppdraget skickas", "the commission is sent"),
    support_report_received=("månadsuppföljningen kommer in", "the monthly report is received"),
    plan_reviewed=("planen gås igenom", "the plan is reviewed"),
    follow_up_ended=("uppföljningen avslutas", "the follow-up ends"),
    follow_up_reopened=("uppföljningen återupptas", "the follow-up is reopened"),
    guarantee_reassessed=("hyresgarantin omprövas", "the rent guarantee is reassessed"),
    guarantee_ended=("hyresgarantin upphör", "the rent guarantee ends"),
    contract_ended=("kontraktet upphör", "the contract ends"),
    visit_missed=("ett besök uteblir", "a visit is missed"),
    visit_impossible=("ett besök inte går att göra", "a visit cannot be made"),
    home_visit_held=("ett hembesök görs", "a home visit is made"),
    demand_sent=("en rättelseanmaning skickas", "a demand to mend is sent"),
    board_notified=("socialnämnden underrättas", "the social board is notified"),
    action_plan_made=("handlingsplanen görs", "the action plan is made"),
    notice_taken_back=("uppsägningen tas tillbaka", "the notice is taken back"),
    eviction_applied=("avhysning begärs", "eviction is applied for"),
    eviction_dated=("en dag för avhysning bestäms", "a day of eviction is set"),
    moved_out=("hushållet flyttar ut", "the household moves out"),
    case_closed=("ärendet avslutas", "the case is closed"),
    advance_notice_given=("förvarning lämnas", "advance notice is given"),
    information_meeting_held=("informationsmötet hålls", "the information meeting is held"),
    planning_started=("planeringen påbörjas", "the planning begins"),
    planning_meeting_held=("planeringsmötet hålls", "the planning meeting is held"),
    support_assigned=("boendestöd utses", "support is assigned"),
    inspection_done=("bostaden besiktigas", "the home is inspected"),
    reconciliation_held=("avstämningen hålls", "the reconciliation is held"),
    lease_taken_over=("kontraktet tas över", "the lease is taken over"),
    support_ended=("stödet upphör", "the support ends"),
    notice_given=("kontraktet sägs upp", "notice is given"),
    keys_returned=("nycklarna lämnas tillbaka", "the keys are returned"),
)

#: How a demand reaches the tenant.
WAYS = _words(
    letter=("vanligt brev", "ordinary letter"),
    registered_letter=("rekommenderat brev", "registered letter"),
    handed_over=("överlämnad personligen", "handing over in person"),
    served=("delgivning", "service"),
)

STEPS = _words(
    assessment=("utredning", "assessment"),
    support=("beslut om stöd", "decision on support"),
    referral=("remiss", "referral"),
    offer=("erbjudande", "offer"),
    viewing=("visning", "viewing"),
    contract=("kontrakt", "contract"),
    guarantee=("hyresgaranti", "rent guarantee"),
    move_in=("inflyttning", "moving in"),
    housing=("beslut om boendet", "decision on the housing"),
    follow_up=("uppföljning", "follow-up"),
)

CONSEQUENCES = _words(
    offer_again=("en ny bostad erbjuds", "another home is offered"),
    referral_lapses=("remissen upphör att gälla", "the referral lapses"),
    reassess=("rätten till stöd omprövas", "the right to support is reassessed"),
    return_to_referring=("remissen går tillbaka", "the referral goes back"),
)

FACT_KINDS = _words(
    asked=("svar", "an answer"),
    assessment=("bedömning med skäl", "a judgement with reasons"),
    derived=("ur registret", "from the record"),
)

TYPES = _words(
    bool=("ja eller nej", "yes or no"),
    int=("ett heltal", "a whole number"),
    money_ore=("ett belopp", "an amount"),
    date=("en dag", "a day"),
    text=("text", "text"),
    long_text=("text", "text"),
    choice=("ett val", "one choice"),
    choice_list=("ett eller flera val", "one or more choices"),
    text_list=("en lista", "a list"),
    records=("en lista med uppgifter", "a list of entries"),
    months=("antal månader", "a number of months"),
    days=("antal dagar", "a number of days"),
)

STATUSES = _words(
    guideline=("Kommunens riktlinje", "The kommun's guideline"),
    described=(
        "Beskriven praxis: så har kommunen beskrivits arbeta, inte en antagen riktlinje",
        "Described practice: how the kommun was reported to work, not an adopted guideline",
    ),
    proposed=("Förslag, inte antaget", "Proposed, not adopted"),
    law=("Lag och rättspraxis", "Law and case law"),
)

CONTRACT_KINDS = _words(
    sublease=("Andrahandskontrakt", "Sublease"),
    first_hand=("Förstahandskontrakt", "First-hand lease"),
    three_party=("Hyreskontrakt mellan tre parter", "Lease of three parties"),
)

#: From when a landlord knows who the tenant is: whole sentences.
NAME_FROM = _words(
    offer_accepted=(
        "Hyresvärden får veta namnet när erbjudandet har accepterats, om hushållet samtycker.",
        "The landlord learns the name when the offer has been accepted, if the household consents.",
    ),
    contract_signed=(
        "Hyresvärden får veta namnet när kontraktet har skrivits under, om hushållet samtycker.",
        "The landlord learns the name when the contract has been signed, if the household consents.",
    ),
    takeover_asked=(
        "Hyresvärden får veta namnet när en överlåtelse efterfrågas, om hushållet samtycker.",
        "The landlord learns the name when a takeover is asked for, if the household consents.",
    ),
    lease_signed=(
        "Hyresvärden får veta namnet först när den boende har ett eget förstahandskontrakt.",
        "The landlord learns the name only when the resident has a first-hand lease of their own.",
    ),
    never=("Hyresvärden får aldrig veta namnet.", "The landlord never learns the name."),
)

#: What a clause's refusal leads to, and where.
EFFECTS = _words(
    block=("stoppas", "is stopped"),
    warn=("ger en varning", "gives a warning"),
)
PLACES = _words(contract=("i kontrakt", "in contracts"), decision=("i beslut", "in decisions"))
ACTS = _words(
    contract=("när kontrakt skrivs", "when a contract is signed"),
    decision=("när beslut fattas", "when a decision is made"),
    guarantee=("när en garanti lämnas", "when a guarantee is issued"),
    guarantor_notice=("när garanten säger upp", "when the guarantor gives notice"),
    notice=("vid uppsägning", "when notice is given"),
    case=("i ärendet", "in the case"),
)

MEASURES = _words(
    units=("bostäder", "homes"),
    contracts=("kontrakt", "contracts"),
    places=("platser", "places"),
    persons=("personer", "persons"),
    guarantees=("garantier", "guarantees"),
)
QUOTA_KINDS = _words(
    binding=("bindande", "binding"),
    target=("mål", "a target"),
    observed=("så har det varit", "as reported"),
)
PERIODS = _words(
    year=("per år", "a year"),
    half_year=("per halvår", "a half-year"),
    month=("per månad", "a month"),
    agreement=("enligt avtalet", "as agreed"),
    standing=("löpande", "standing"),
)
INDICATOR_UNITS = _words(
    count=("antal", "number"),
    percent=("procent", "percent"),
    money_ore=("kronor", "kronor"),
    months=("månader", "months"),
    per_10000=("per 10 000 invånare", "per 10 000 inhabitants"),
)
GOALS = _words(increase=("ska öka", "shall rise"), decrease=("ska minska", "shall fall"))

#: Singular and plural.
UNITS: Mapping[str, tuple[Label, Label]] = {
    "months": (Label("månad", "month"), Label("månader", "months")),
    "days": (Label("dag", "day"), Label("dagar", "days")),
    "working_days": (Label("arbetsdag", "working day"), Label("arbetsdagar", "working days")),
    "hours": (Label("timme", "hour"), Label("timmar", "hours")),
    "times": (Label("gång", "time"), Label("gånger", "times")),
}
_AND = {"sv": "och", "en": "and"}
_OR = {"sv": "eller", "en": "or"}


def word(words: _Words, code: str, lang: str) -> str:
    """The word for ``code``; the code itself where there is none."""
    found = words.get(code)
    return code.replace("_", " ") if found is None else found.text(lang)


def joined(parts: Iterable[str], lang: str, *, either: bool = False) -> str:
    """ "a, b och c", or with ``either`` "a, b eller c"."""
    known = list(parts)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} {(_OR if either else _AND)[lang]} {known[-1]}"


def parties(codes: Iterable[str], lang: str) -> str:
    """The parties in words: "handläggaren och den boende"."""
    return joined((word(PARTIES, code, lang) for code in codes), lang)


def upper_first(text: str) -> str:
    """ "remissen gäller" as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A label inside a sentence. An abbreviation ("SoL") keeps its capital."""
    if len(text) > 1 and any(letter.isupper() for letter in text.split(" ")[0][1:]):
        return text
    return text[:1].lower() + text[1:]
