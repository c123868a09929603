"""What stands in the way of an act, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

#: Somebody else got there first, or the state no longer allows it.
CONFLICTS: Mapping[str, tuple[str, str]] = {
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
    "letter_released": (
        "Brevet är redan släppt och går inte att ändra.",
        "The letter has been released and cannot be changed.",
    ),
    "letter_discarded": ("Utkastet är kastat.", "The draft has been thrown away."),
    "case_closed": ("Ärendet är avslutat.", "The case is closed."),
    "case_already_open": (
        "Hushållet har redan ett öppet ärende: {number}.",
        "The household already has an open case: {number}.",
    ),
    "referral_hinders_closing": (
        "Ärendet har en remiss som är inskickad eller registrerad. Återkalla den först.",
        "The case has a referral that is submitted or registered. Withdraw it first.",
    ),
    "proposal_hinders_closing": (
        "Ett förslag till beslut väntar. Det ska beslutas eller lämnas tillbaka först.",
        "A proposal waits. It has to be decided or returned first.",
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
    "appeal_hinders_closing": (
        "Ett överklagande väntar på kommunens nästa steg.",
        "An appeal waits for the kommun's next step.",
    ),
    "not_alterable": (
        "Bara ett beviljat beslut kan förlängas, ändras eller upphöra.",
        "Only a granted decision can be extended, changed or ended.",
    ),
    "already_ended": ("Rätten har redan upphört.", "The right has ended already."),
    "not_decided": ("Beslutet är inte fattat.", "The decision has not been made."),
    "already_notified": (
        "Det är redan noterat att personen har fått del av beslutet.",
        "It is noted already that the person was told of the decision.",
    ),
    "already_appealed": (
        "Ett överklagande av beslutet pågår redan.",
        "An appeal of the decision is under way already.",
    ),
    "appeal_moved_on": (
        "Det går inte längre: överklagandet har kommit vidare.",
        "It is no longer possible: the appeal has moved on.",
    ),
    "appeal_not_reconsidered": (
        "Beslutet ska omprövas innan överklagandet lämnas över.",
        "The decision is reconsidered before the appeal is passed on.",
    ),
    "appeal_not_forwarded": (
        "Överklagandet ligger inte hos domstol.",
        "The appeal is not with a court.",
    ),
    "appeal_not_remanded": (
        "Det finns ingen dom som väntar på ett nytt beslut.",
        "There is no judgment that waits for a new decision.",
    ),
    "already_named": (
        "Personen är redan utsedd.",
        "This person is named already.",
    ),
    "function_too_small": (
        "Funktionen har {named} utsedda personer av {wanted}. Utse fler innan den gör något.",
        "The function has {named} named people of {wanted}. Name more before it does anything.",
    ),
    "transfer_running": (
        "Ärendet har redan en begäran om skyddad flytt.",
        "The case has a request for a protected move already.",
    ),
    "transfer_state": (
        "Det går inte längre: begäran har kommit vidare.",
        "It is no longer possible: the request has come further.",
    ),
    "offer_state": (
        "Det går inte längre: bostaden är inte erbjuden.",
        "It is no longer possible: the home is not on offer.",
    ),
    "flat_too_new": (
        "Bostaden måste ha funnits i registret i {days} dagar innan nätverket erbjuds den.",
        "The home must have stood in the register for {days} days before it is offered.",
    ),
    "offered_already": (
        "Bostaden är redan erbjuden ett nätverk.",
        "The home is offered to a network already.",
    ),
    "proposal_state": (
        "Det går inte längre: förslaget är besvarat eller inte aktuellt.",
        "It is no longer possible: the proposal is answered or gone.",
    ),
    "too_late": ("Svarstiden har gått ut.", "The time for an answer has run out."),
    "not_receiving": (
        "Den kommun som hushållet flyttar till registrerar flytten.",
        "The kommun that the household moves to records the move.",
    ),
    "handover_begun": (
        "Överlämningen har redan börjat.",
        "The handover has begun already.",
    ),
    "handover_state": (
        "Det går inte längre: överlämningen har kommit vidare.",
        "It is no longer possible: the handover has come further.",
    ),
    "too_many_named": (
        "Högst {limit} kan vara utsedda på en gång.",
        "At most {limit} can be named at a time.",
    ),
    "not_sending": (
        "Den kommun som hushållet flyttar från lämnar uppgifterna.",
        "The kommun that the household leaves tells.",
    ),
    "not_agreed": (
        "Flytten är inte överenskommen, eller inte längre.",
        "The move is not agreed on, or not any more.",
    ),
    "not_arrived": (
        "Inga uppgifter har kommit än.",
        "Nothing has come yet.",
    ),
    "checklist_open": (
        "Allt som måste vara klart före inflyttning är inte det.",
        "Not all that has to be seen to before moving in is done.",
    ),
    "takeover_already_asked": (
        "Ärendet har redan en begäran om att flyttas till eller från en annan kommun.",
        "The case has a request already to go over to, or come from, another kommun.",
    ),
    "kommun_request_moved_on": (
        "Det går inte längre: begäran har kommit vidare.",
        "It is no longer possible: the request has moved on.",
    ),
    "arrival_noted": (
        "Det är redan noterat vilken dag begäran kom in.",
        "The day on which it came in is noted already.",
    ),
    "answer_not_due": (
        "Den andra kommunen har en månad på sig att svara, från den dag begäran kom in.",
        "The other kommun has a month to answer, from the day on which the request came in.",
    ),
    "not_to_carry_over": (
        "Det är inte bestämt att ärendet ska över till den andra kommunen.",
        "It is not settled that the case goes over to the other kommun.",
    ),
    "data_not_handed_over": (
        "Lämna över de uppgifter som behövs först. De följer med ärendet (SoL 29:12).",
        "Hand over the data that are needed first. They go with the case (SoL 29:12).",
    ),
    "no_handler": ("Ingen handlägger ärendet.", "Nobody handles the case."),
    "handles_already": ("Hen handlägger den redan.", "They handle it already."),
    "not_favourable": (
        "Bara det som har beviljats verkställs.",
        "Only what was granted is carried out.",
    ),
    "already_executed": (
        "Det är redan noterat att beslutet är verkställt.",
        "It is noted already that the decision was carried out.",
    ),
    "report_sent": (
        "Rapporten är skickad och ligger fast.",
        "The report has been sent and stays as it is.",
    ),
    "report_not_ready": (
        "Det finns ingen färdig fil att skicka.",
        "There is no file ready to send.",
    ),
    "already_proposed": (
        "Ett förslag av samma slag väntar på beslut.",
        "A proposal of this kind waits to be decided.",
    ),
    "obligation_not_open": (
        "Åtagandet är inte längre öppet.",
        "The obligation is no longer open.",
    ),
    "unit_taken": ("Bostaden är inte längre ledig.", "The home is no longer vacant."),
    "unit_state": (
        "Det går inte längre: bostadens läge har ändrats.",
        "It is no longer possible: the home's state has changed.",
    ),
    "offer_answered": (
        "Erbjudandet är redan besvarat.",
        "The offer has been answered already.",
    ),
    "offer_accepted": (
        "Ett erbjudande på remissen är redan antaget.",
        "An offer on the referral has been accepted.",
    ),
    "offer_not_accepted": ("Erbjudandet är inte antaget.", "The offer has not been accepted."),
    "no_follow_up": (
        "Åtagandet utförs genom ett beslut, inte en uppföljning.",
        "A decision carries this out, and no follow-up.",
    ),
    "follow_up_ended": (
        "Uppföljningen är redan avslutad.",
        "The follow-up has ended already.",
    ),
    "obligation_done": (
        "Åtagandet är inte längre öppet.",
        "The obligation is no longer open.",
    ),
}

#: The kommun's guideline, or the law, says no.
REFUSED: Mapping[str, tuple[str, str]] = {
    "contents_missing": (
        "Remissen saknar uppgifter som riktlinjen kräver.",
        "The referral does not contain all that the guideline requires.",
    ),
    "signature_missing": ("En underskrift saknas.", "A signature is missing."),
    "notice_not_given": (
        "Riktlinjen kräver att det här har gjorts först.",
        "The guideline wants this done first.",
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
    "one_offer": (
        "Riktlinjen ger ett erbjudande, och det har lämnats.",
        "The guideline gives one offer, and it has been made.",
    ),
    "referral_not_in_force": (
        "Bostäder erbjuds på en gällande remiss.",
        "Homes are offered on a referral in force.",
    ),
    "landlord_closed": (
        "Riktlinjen säger nej till den hyresvärden för det här hushållet.",
        "The guideline says no to that landlord for this household.",
    ),
    "offers_at_a_time": (
        "Så många erbjudanden som riktlinjen tillåter är redan öppna.",
        "As many offers as the guideline allows are open already.",
    ),
    "against_law": (
        "Lagen tillåter inte detta. Inget är sparat.",
        "The law does not allow this. Nothing has been saved.",
    ),
    "refused_by_guideline": (
        "Riktlinjen tillåter inte detta. Inget är sparat.",
        "The guideline does not allow this. Nothing has been saved.",
    ),
    "rule_not_met": (
        "Riktlinjens regel för detta är inte uppfylld: {rule}.",
        "The guideline's rule for this is not met: {rule}.",
    ),
    "rule_not_known": (
        "Det går inte att avgöra om riktlinjens regel är uppfylld: {rule}. Inte besvarat: {open}.",
        "It cannot be told whether the guideline's rule is met: {rule}. Not answered: {open}.",
    ),
    "takeover_too_early": (
        "Tiden innan kontraktet kan tas över har inte gått.",
        "The time before the lease can be taken over has not passed.",
    ),
    "takeover_not_begun": (
        "Tiden innan kontraktet kan tas över har inte börjat.",
        "The time before the lease can be taken over has not begun.",
    ),
    "no_offers": ("Programmet erbjuder inga bostäder.", "The programme offers no homes."),
    "no_contract": ("Programmet har inget kontrakt.", "The programme has no contract."),
    "decision_before_contract": (
        "Kontraktet skrivs när beslutet om bostaden är fattat.",
        "The contract is signed when the decision on the housing has been made.",
    ),
    "guarantee_needs_lease": (
        "Hyresgaranti lämnas för ett förstahandskontrakt.",
        "A guarantee is given on a first-hand lease.",
    ),
    "no_end_of_follow_up": (
        "Programmet har ingen uppföljning som avslutas.",
        "The programme has no follow-up that ends.",
    ),
    "not_concluded": (
        "Ingen har bedömt att uppföljningen kan avslutas.",
        "Nobody has concluded that the follow-up may end.",
    ),
    "plan_due": (
        "Planen upprättas vid denna uppföljning.",
        "The plan is drawn up at this follow-up.",
    ),
    "plan_contents_missing": (
        "Planen saknar uppgifter som riktlinjen kräver.",
        "The plan does not contain all that the guideline requires.",
    ),
}
