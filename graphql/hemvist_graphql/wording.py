"""Names of events, notices, tasks and next steps in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]


def _words(sv: str, en: str) -> Words:
    return {"sv": sv, "en": en}


EVENTS: Mapping[str, Words] = {
    "case_opened": _words("Ärendet öppnades", "Case opened"),
    "case_migrated": _words(
        "Ärendet gick över till en annan version av riktlinjen",
        "The case went over to another version of the guideline",
    ),
    "obligation_planned": _words("En dag planerades", "A day was planned"),
    "handler_changed": _words("En annan handläggare tog över", "Another caseworker took over"),
    "case_closed": _words("Ärendet avslutades", "Case closed"),
    "circle_closed": _words(
        "Ärendet slöts till en krets av namngivna personer",
        "The case was closed to a circle of named people",
    ),
    "circle_changed": _words("Kretsen kring ärendet ändrades", "The case's circle was changed"),
    "circle_lifted": _words("Den slutna kretsen upphävdes", "The closed circle was lifted"),
    "circle_opened": _words(
        "Ärendet nödöppnades av någon utanför kretsen",
        "Somebody outside the circle opened the case by break-glass",
    ),
    "consent_given": _words("Samtycke lämnades", "Consent given"),
    "consent_withdrawn": _words("Samtycke togs tillbaka", "Consent withdrawn"),
    "disclosed": _words(
        "Uppgifter lämnades över en sekretessgräns", "Something was told over a secrecy border"
    ),
    "questions_answered": _words("Frågor besvarades", "Questions answered"),
    "assessment_concluded": _words("Bedömning gjordes", "Assessment concluded"),
    "decision_proposed": _words("Förslag till beslut lämnades", "Decision proposed"),
    "decision_returned": _words("Förslaget återlämnades", "Proposal returned"),
    "support_granted": _words(
        "Stöd att få en bostad beviljades", "Support to obtain housing granted"
    ),
    "support_refused": _words("Stöd att få en bostad avslogs", "Support to obtain housing refused"),
    "decision_granted": _words("Bostaden beviljades", "Housing granted"),
    "decision_refused": _words("Bostaden avslogs", "Housing refused"),
    "measure_granted": _words("Stödinsats beviljades", "Support measure granted"),
    "measure_refused": _words("Stödinsats avslogs", "Support measure refused"),
    "measure_ended": _words("Stödinsatsen upphörde", "The support measure ended"),
    "decision_extended": _words("Beslutet förlängdes", "Decision extended"),
    "extension_refused": _words("Förlängning avslogs", "Extension refused"),
    "decision_changed": _words("Beslutet ändrades", "Decision changed"),
    "change_refused": _words("Ändring avslogs", "Change refused"),
    "takeover_recommended": _words("Överlåtelse tillstyrktes", "Takeover recommended"),
    "takeover_not_recommended": _words("Överlåtelse avstyrktes", "Takeover not recommended"),
    "decision_notified": _words("Personen fick del av beslutet", "Told of the decision"),
    "decision_executed": _words("Beslutet verkställdes", "Decision carried out"),
    "execution_effort_made": _words(
        "Något gjordes för att verkställa beslutet", "Something was done to carry the decision out"
    ),
    "appeal_received": _words("Överklagande kom in", "Appeal received"),
    "appeal_accepted": _words("Överklagandet prövas", "Appeal accepted"),
    "appeal_dismissed": _words("Överklagandet avvisades", "Appeal dismissed"),
    "appeal_reconsidered": _words("Beslutet omprövades", "Decision reconsidered"),
    "appeal_forwarded": _words("Överklagandet lämnades till domstol", "Appeal sent to the court"),
    "judgment_followed": _words(
        "Beslutet som följer av domen är fattat", "The decision that follows the judgment is made"
    ),
    "appeal_settled": _words("Överklagandet avgjordes", "Appeal settled"),
    "appeal_remanded": _words("Domstolen återförvisade ärendet", "The court sent the case back"),
    "appeal_withdrawn": _words("Överklagandet återkallades", "Appeal withdrawn"),
    "right_ended": _words("Rätten till stöd upphörde", "The right to support ended"),
    "referral_drafted": _words("Remissen påbörjades", "Referral begun"),
    "referral_revised": _words("Remissen ändrades", "Referral revised"),
    "referral_signed_by_resident": _words(
        "Den boende skrev under remissen", "Referral signed by the resident"
    ),
    "referral_signed_by_manager": _words(
        "Chefen skrev under remissen", "Referral signed by the manager"
    ),
    "referral_submitted": _words("Remissen skickades", "Referral submitted"),
    "referral_returned": _words("Remissen återlämnades", "Referral returned"),
    "referral_registered": _words("Remissen registrerades", "Referral registered"),
    "referral_extended": _words("Remissen förlängdes", "Referral extended"),
    "referral_expired": _words("Remissen löpte ut", "Referral expired"),
    "referral_withdrawn": _words("Remissen återkallades", "Referral withdrawn"),
    "referral_fulfilled": _words("Remissen verkställdes", "Referral fulfilled"),
    "offer_made": _words("Bostad erbjöds", "Home offered"),
    "offer_accepted": _words("Erbjudandet antogs", "Offer accepted"),
    "offer_declined": _words("Erbjudandet avböjdes", "Offer declined"),
    "offer_withdrawn": _words("Erbjudandet drogs tillbaka", "Offer withdrawn"),
    "offer_expired": _words("Erbjudandet löpte ut utan svar", "Offer expired unanswered"),
    "offer_accepted_by_household": _words("Hushållet tackade ja", "The household said yes"),
    "offer_consequence_overridden": _words(
        "Följden av ett avböjt erbjudande sattes åt sidan", "Consequence of a decline set aside"
    ),
    "viewing_held": _words("Visningen hölls", "Viewing held"),
    "next_in_line": _words("På tur till en bostad", "Next in line for a home"),
    "home_need_stated": _words("Bostadsbehovet angavs", "Housing need stated"),
    "home_excluded": _words("Bostäder undantogs", "Homes excluded"),
    "home_exclusion_lifted": _words("Ett undantag av bostäder hävdes", "Exclusion of homes lifted"),
    "viewing_booked": _words("Visning bokades", "Viewing booked"),
    "contract_signed": _words("Kontrakt skrevs", "Contract signed"),
    "moved_in": _words("Inflyttning", "Moved in"),
    "guarantee_issued": _words("Hyresgaranti lämnades", "Rent guarantee issued"),
    "guarantee_reassessed": _words("Hyresgarantin omprövades", "Rent guarantee reassessed"),
    "absence_recorded": _words("Frånvaro registrerades", "Absence recorded"),
    "no_absence_stated": _words("Ingen längre frånvaro", "No longer absence"),
    "takeover_step_taken": _words("Steg mot överlåtelse togs", "Step towards takeover taken"),
    "takeover_postponed": _words("Överlåtelsen sköts upp", "Takeover postponed"),
    "takeover_requested": _words(
        "Hyresvärden tillfrågades om överlåtelse", "Landlord asked about the takeover"
    ),
    "takeover_answered": _words(
        "Hyresvärden svarade om överlåtelse", "Landlord answered about the takeover"
    ),
    "takeover_shown": _words(
        "Uppgifter visades för hyresvärden", "Figures were shown to the landlord"
    ),
    "takeover_put_off_by_landlord": _words(
        "Hyresvärden svarade: senare", "The landlord answered: later"
    ),
    "landlord_time_proposed": _words("En tid föreslogs", "A time was proposed"),
    "landlord_time_agreed": _words(
        "En tid avtalades med hyresvärden", "A time was agreed with the landlord"
    ),
    "landlord_time_declined": _words("En föreslagen tid avböjdes", "A proposed time was declined"),
    "landlord_time_withdrawn": _words("En tid togs tillbaka", "A time was taken back"),
    "landlord_chose": _words("Hyresvärden har valt", "The landlord has chosen"),
    "landlord_told_name": _words("Hyresvärden fick veta namnet", "The landlord was told the name"),
    "name_consent_given": _words(
        "Samtycke till att hyresvärden får veta namnet", "Consent to the landlord knowing the name"
    ),
    "name_consent_withdrawn": _words(
        "Samtycket till namnet togs tillbaka", "Consent to the name withdrawn"
    ),
    "takeover_tribunal_asked": _words(
        "Hyresnämnden ombads om tillstånd", "Rent tribunal asked for leave"
    ),
    "takeover_tribunal_decided": _words(
        "Hyresnämnden beslutade om tillstånd", "Rent tribunal decided on leave"
    ),
    "guarantee_ended": _words("Hyresgarantin upphörde", "Rent guarantee ended"),
    "guarantee_claimed": _words("Hyresvärden ställde krav", "The landlord made a claim"),
    "guarantee_claim_decided": _words("Kravet prövades", "The claim was decided"),
    "guarantee_entry_reversed": _words(
        "En bokning på garantin rättades", "An entry of the guarantee was corrected"
    ),
    "guarantee_claim_paid": _words("Kravet betalades", "The claim was paid"),
    "guarantor_notice_given": _words("Garantin sades upp", "Notice of the guarantee given"),
    "recourse_demanded": _words("Hushållet krävdes", "The household was asked to pay back"),
    "recourse_instalments_agreed": _words("Avbetalning avtalades", "Instalments agreed"),
    "recourse_paid": _words("Hushållet betalade", "The household paid"),
    "write_off_proposed": _words("Avskrivning föreslogs", "Write-off proposed"),
    "write_off_decided": _words("Avskrivningen prövades", "Write-off decided"),
    "grant_application_filled": _words(
        "Ansökan om statsbidrag fylldes i", "Application for the state grant filled in"
    ),
    "grant_applied_for": _words("Statsbidrag söktes", "State grant applied for"),
    "follow_up_recorded": _words("Uppföljning genomfördes", "Follow-up held"),
    "plan_signed": _words("Plan upprättades", "Plan agreed"),
    "plan_drafted": _words("Ett utkast till plan skrevs", "Draft of a plan written"),
    "plan_discarded": _words("Ett utkast till plan kastades", "Draft of a plan thrown away"),
    "plan_party_signed": _words("En part skrev under planen", "A party signed the plan"),
    "plan_goal_followed": _words("Ett mål i planen följdes upp", "A goal of the plan followed up"),
    "plan_reviewed": _words("Planen gicks igenom", "Plan reviewed"),
    "support_routed": _words(
        "Egen regi eller upphandlad leverantör avgjordes", "Own or procured provider decided"
    ),
    "support_provider_chosen": _words("Stödutförare valdes", "Support provider chosen"),
    "commission_written": _words("Uppdraget skrevs", "Commission written"),
    "commission_sent": _words("Uppdraget skickades", "Commission sent"),
    "commission_withdrawn": _words("Uppdraget drogs tillbaka", "Commission withdrawn"),
    "commission_ended": _words("Uppdraget avslutades", "Commission ended"),
    "support_report_drafted": _words("En månadsuppföljning påbörjades", "Monthly report begun"),
    "support_report_received": _words("En månadsuppföljning kom in", "Monthly report received"),
    "support_report_read": _words("En månadsuppföljning lästes", "Monthly report read"),
    "follow_up_ended": _words("Uppföljningen avslutades", "Follow-up ended"),
    "follow_up_reopened": _words("Uppföljningen återupptogs", "Follow-up reopened"),
    "visit_missed": _words("Ett besök uteblev", "A visit was missed"),
    "visit_impossible": _words("Ett besök gick inte att göra", "A visit could not be made"),
    "home_visit_held": _words("Hembesök gjordes", "Home visit made"),
    "checklist_sent": _words("Ifylld checklista skickades", "Filled-in checklist sent"),
    "duties_paused": _words("Återkommande åtaganden vilar", "Recurring duties rest"),
    "duties_resumed": _words("Återkommande åtaganden gäller åter", "Recurring duties resumed"),
    "day_corrected": _words("En dag rättades", "A day was corrected"),
    "support_need_noticed": _words(
        "Fastighetssidan såg behov av stöd igen", "The property side saw a need for support again"
    ),
    "support_need_talked": _words(
        "Förvaltningarna talade om stöd igen", "The departments talked about support again"
    ),
    "support_offer_answered": _words(
        "Hyresgästen svarade på erbjudandet om stöd", "The tenant answered the offer of support"
    ),
    "support_need_closed": _words(
        "Frågan om stöd igen avslutades", "The question of support again was closed"
    ),
    "rent_changed": _words("Hyran ändrades", "Rent changed"),
    "tenure_waived": _words("Besittningsskyddet avtalades bort", "Tenure waived"),
    "keys_handed_out": _words("Nycklar lämnades ut", "Keys handed out"),
    "key_returned": _words("En nyckel återlämnades", "A key returned"),
    "keys_lost": _words("En nyckel kom bort", "A key lost"),
    "contract_extended": _words("Hyrestiden förlängdes", "The term was extended"),
    "contract_ended": _words("Kontraktet upphörde", "Contract ended"),
    "earlier_contract_ended": _words(
        "Kontraktet på den tidigare bostaden upphörde", "Contract of the earlier home ended"
    ),
    "programme_changed": _words("Ärendet går vidare i nästa program", "On to the next programme"),
    "advance_notice_given": _words("Förhandsbesked lämnades", "Advance notice given"),
    "information_meeting_held": _words("Informationsmöte hölls", "Information meeting held"),
    "planning_started": _words("Planeringen började", "Planning begun"),
    "planning_meeting_held": _words("Planeringsmöte hölls", "Planning meeting held"),
    "support_assigned": _words("Stödperson utsågs", "Support worker assigned"),
    "inspection_done": _words("Bostaden besiktigades", "Home inspected"),
    "reconciliation_held": _words("Avstämning hölls", "Reconciliation held"),
    "lease_taken_over": _words(
        "Den boende tog över kontraktet", "The resident took over the lease"
    ),
    "support_ended": _words("Stödet upphörde", "Support ended"),
    "notice_given": _words("Kontraktet sades upp", "Notice given"),
    "keys_returned": _words("Nycklarna återlämnades", "Keys returned"),
    "letter_drafted": _words("Ett brev påbörjades", "Letter begun"),
    "letter_revised": _words("Ett brev ändrades", "Letter changed"),
    "letter_discarded": _words("Ett utkast till brev kastades", "Draft of a letter thrown away"),
    "letter_released": _words("Ett brev släpptes", "Letter released"),
    "incident_reported": _words("En händelse i boendet anmäldes", "Incident reported"),
    "incident_assessed": _words("Händelsen bedömdes", "Incident assessed"),
    "incident_acted_on": _words("Något gjordes åt händelsen", "Something was done about it"),
    "incident_shared": _words(
        "Händelsen lämnades till fastighetssidan", "The incident was passed to the property office"
    ),
    "landlord_wrote": _words(
        "Hyresvärden skrev mer om sin anmälan", "The landlord wrote more about its report"
    ),
    "incident_closed": _words("Händelsen avslutades", "Incident closed"),
    "landlord_told": _words("Hyresvärden fick återkoppling", "The landlord was told"),
    "service_clock_answered": _words("En tidsgräns besvarades", "A time limit was answered"),
    "service_clock_late": _words("En tidsgräns har gått ut", "A time limit has run out"),
    "service_clock_cancelled": _words("En tidsgräns togs bort", "A time limit was taken away"),
    "ladder_opened": _words("En åtgärdstrappa påbörjades", "A tenancy in trouble was taken up"),
    "ladder_weighed": _words("Hur allvarligt det är bedömdes", "How serious it is was weighed"),
    "talk_held": _words("Ett samtal hölls med hyresgästen", "A talk was held with the tenant"),
    "demand_sent": _words("En rättelseanmaning skickades", "A demand to mend was sent"),
    "board_notified": _words("Socialnämnden underrättades", "The social board was notified"),
    "joint_meeting_called": _words("Alla kallades till möte", "Everybody was called to a meeting"),
    "joint_meeting_held": _words("Gemensamt möte hölls", "A joint meeting was held"),
    "joint_meeting_cancelled": _words("Mötet ställdes in", "The meeting was called off"),
    "action_plan_made": _words("Handlingsplan gjordes", "An action plan was made"),
    "plan_action_settled": _words(
        "En åtgärd i handlingsplanen följdes upp", "An action of the plan was settled"
    ),
    "landlords_notice_received": _words(
        "Hyresvärdens uppsägning kom in", "The landlord's notice came in"
    ),
    "notice_taken_back": _words("Uppsägningen togs tillbaka", "The notice was taken back"),
    "eviction_applied": _words("Avhysning begärdes", "Eviction was applied for"),
    "eviction_dated": _words("Avhysningsdag bestämdes", "The day of eviction was set"),
    "eviction_confirmed": _words(
        "Avhysningsdagen bekräftades för Kronofogden", "The eviction date was confirmed"
    ),
    "eviction_withdrawn": _words("Avhysningen drogs tillbaka", "The eviction was withdrawn"),
    "evicted": _words("Avhysningen verkställdes", "The eviction was carried out"),
    "told_of_other_housing": _words(
        "Information gavs om annat boende", "The household was told of other housing"
    ),
    "moved_out": _words("Hushållet flyttade ut", "The household moved out"),
    "ladder_ended": _words("Åtgärdstrappan avslutades", "The trouble with the tenancy ended"),
    "new_offer_proposed": _words(
        "Förslag om en ny bostad lämnades", "It was proposed whether to offer another home"
    ),
    "new_offer_granted": _words("En ny bostad får erbjudas", "Another home may be offered"),
    "new_offer_refused": _words("Ingen ny bostad erbjuds", "No other home is offered"),
    "arrears_registered": _words(
        "Hyresvärden meddelade hyresskuld", "The landlord told of arrears"
    ),
    "arrears_settled": _words("Hyresskulden är betald", "The arrears are paid"),
    "recovery_started": _words(
        "Hyresvärden sade upp för obetald hyra", "The landlord gave notice for unpaid rent"
    ),
    "recovery_ended": _words("Återvinningsfristen avslutades", "The time to win back ended"),
    "liability_proposed": _words(
        "Betalningsåtagande föreslogs", "It was proposed that the board answers for the rent"
    ),
    "liability_decided": _words(
        "Betalningsåtagandet skrevs under", "The undertaking to pay was signed"
    ),
    "liability_refused": _words("Betalningsåtagande avslogs", "No undertaking to pay"),
    "liability_assumed": _words(
        "Hyresvärden fick nämndens betalningsåtagande",
        "The landlord had the board's undertaking to pay",
    ),
    "instalments_agreed": _words("En avbetalningsplan gjordes upp", "Instalments were agreed"),
    "instalments_ended": _words("Avbetalningsplanen avslutades", "The instalments ended"),
    "prevention_contact_made": _words(
        "Kontakt togs för att förebygga vräkning", "Contact made to prevent an eviction"
    ),
    "prevention_ended": _words(
        "Det förebyggande arbetet avslutades", "The work to prevent an eviction ended"
    ),
    "obligation_overdue": _words("Ett åtagande är försenat", "An obligation is overdue"),
    "overdue": _words("Ett åtagande är försenat", "An obligation is overdue"),
}

#: Early signals of a tenancy in danger.
ARREARS_SIGNALS: Mapping[str, Words] = {
    "late": _words("Sen hyra", "Late rent"),
    "second_time": _words("Andra gången på ett år", "Second time in a year"),
    "rising": _words("Skulden växer", "The debt grows"),
    "several_rents": _words("Mer än en hyra", "More than one rent"),
    "collection": _words("Inkasso", "Debt collection"),
    "eviction_applied": _words("Avhysning begärd", "Eviction applied for"),
}

#: What a file of rents can tell.
ARREARS_FIELDS: Mapping[str, Words] = {
    "reference": _words("Avtals- eller objektsnummer", "Number of the tenancy"),
    "month": _words("Hyresmånad", "Month"),
    "owed": _words("Obetalt belopp", "Amount unpaid"),
    "rent": _words("Månadens hyra", "The month's rent"),
    "paid": _words("Betalt belopp", "Amount paid"),
    "due_on": _words("Förfallodag", "Due day"),
    "paid_on": _words("Betald den", "Paid on"),
    "tenant_name": _words("Hyresgästens namn", "The tenant's name"),
    "personal_number": _words("Personnummer", "Personal number"),
    "street_address": _words("Gatuadress", "Street address"),
    "apartment_number": _words("Lägenhetsnummer", "Apartment number"),
    "area": _words("Område", "Area"),
    "called_on": _words("Har hört av sig", "Has been in touch"),
    "collection": _words("Inkasso", "Debt collection"),
    "eviction_applied": _words("Avhysning begärd hos Kronofogden", "Eviction applied for"),
}

#: Events of a guarantee where it is a surety (borgen).
SURETY: Mapping[str, Words] = {
    "guarantee_issued": _words("Kommunal borgen lämnades", "Municipal surety given"),
    "guarantee_reassessed": _words("Borgen omprövades", "The surety was reassessed"),
    "guarantee_ended": _words("Borgen upphörde", "The surety ended"),
    "guarantor_notice_given": _words("Borgen sades upp", "Notice of the surety given"),
}

#: What becomes of a version of a guideline.
VERSION_STEPS: Mapping[str, Words] = {
    "drafted": _words("Utkastet påbörjades", "Draft begun"),
    "changed": _words("Utkastet ändrades", "Draft changed"),
    "passed": _words("Kontrollen godtogs", "The check passed"),
    "failed": _words("Kontrollen fann fel", "The check found errors"),
    "submitted": _words("Skickades för godkännande", "Sent for approval"),
    "approved": _words("Godkändes", "Approved"),
    "rejected": _words("Återlämnades", "Sent back"),
    "activated": _words("Började gälla", "Came into force"),
    "frozen": _words("Frystes", "Frozen"),
    "resumed": _words("Gäller åter", "In force again"),
    "withdrawn": _words("Drogs tillbaka", "Withdrawn"),
}

VERSION_STATES: Mapping[str, Words] = {
    "installed": _words("Följer med plattformen", "Comes with the platform"),
    "draft": _words("Utkast", "Draft"),
    "checked": _words("Kontrollerad", "Checked"),
    "submitted": _words("Väntar på godkännande", "Waits for approval"),
    "approved": _words("Godkänd, gäller från sin dag", "Approved, applies from its day"),
    "active": _words("Gäller", "In force"),
    "frozen": _words("Fryst", "Frozen"),
    "withdrawn": _words("Tillbakadragen", "Withdrawn"),
    "rejected": _words("Återlämnad", "Sent back"),
}

SIMULATION_STATES: Mapping[str, Words] = {
    "requested": _words("Väntar på att börja", "Waits to begin"),
    "running": _words("Pågår", "Under way"),
    "done": _words("Klar", "Done"),
    "cancelled": _words("Avbruten", "Cancelled"),
    "failed": _words("Misslyckades", "Failed"),
}

SIMULATION_PHASES: Mapping[str, Words] = {
    "waiting": _words("Väntar på att börja", "Waits to begin"),
    "snapshot": _words("Hämtar uppgifter om ärendena", "Gathers the facts of the cases"),
    "comparing": _words(
        "Prövar ärendena mot båda versionerna", "Judges the cases by both versions"
    ),
    "concluding": _words("Ställer samman resultatet", "Puts the result together"),
    "ended": _words("Avslutad", "Ended"),
}

SIMULATION_CHANGES: Mapping[str, Words] = {
    "gain": _words("Från nej till ja", "From no to yes"),
    "loss": _words("Från ja till nej", "From yes to no"),
    "newly_unknown": _words("Något behöver frågas", "Something must be asked"),
    "newly_known": _words("Inget mer behöver frågas", "Nothing more must be asked"),
}

TASKS: Mapping[str, Words] = {
    "obligation": _words("Åtagande", "Obligation"),
    "sign_referral": _words("Skriv under remissen som chef", "Sign the referral as manager"),
    "decide": _words("Fatta beslut", "Decide"),
    "register_referral": _words("Registrera remissen", "Register the referral"),
    "answer_offer": _words("Svara på erbjudandet", "Answer the offer"),
    "draft_referral": _words("Remiss under arbete", "Referral being written"),
    "read_report": _words("Läs stödets rapport", "Read the support's report"),
    "joint_meeting": _words("Gemensamt möte", "Joint meeting"),
    "ladder_action": _words("Åtgärd i handlingsplanen", "Action of the plan"),
    "eviction": _words("Avhysning är utsatt", "Eviction has a day"),
    "waits_for_decision": _words(
        "Förslag som väntar på beslut", "Proposal that waits for decision"
    ),
    "waits_for_registration": _words(
        "Remiss som väntar på registrering", "Referral that waits for registration"
    ),
    "waits_for_answer": _words("Erbjudande som väntar på svar", "Offer that waits for an answer"),
}

#: Acts that answered a question by being registered; what a person wrote stands as it was written.
ANSWERED_BY: Mapping[str, Words] = {
    "landlord_answer": _words("hyresvärdens svar", "the landlord's answer"),
    "tribunal_decision": _words("hyresnämndens beslut", "the rent tribunal's decision"),
    "no_absence": _words("besked om att ingen varit borta", "word that nobody was away"),
    "support_need": _words(
        "det som registrerats om stöd igen", "what was registered of support again"
    ),
    "contract_notice": _words("uppsägningen av kontraktet", "the notice of the lease"),
    "ladder": _words("bedömningen i åtgärdstrappan", "what was weighed on the ladder"),
    "ladder_step": _words("hur anmaningen skickades", "how the demand was sent"),
    "notice_taken_back": _words("uppsägningen som togs tillbaka", "the notice taken back"),
}

STEPS: Mapping[str, Words] = {
    "answer_questions": _words("Besvara frågorna", "Answer the questions"),
    "conclude_assessment": _words("Gör bedömningen", "Conclude the assessment"),
    "propose_support": _words(
        "Föreslå beslut om stöd att få en bostad", "Propose the decision on support"
    ),
    "decide_support": _words(
        "Besluta om stöd att få en bostad", "Decide on support to obtain housing"
    ),
    "draft_referral": _words("Skriv remissen", "Write the referral"),
    "complete_content": _words("Fyll i det som saknas i remissen", "Complete the referral"),
    "resident_signature": _words(
        "Registrera den boendes underskrift", "Register the resident's signature"
    ),
    "manager_signature": _words("Skriv under som chef", "Sign as manager"),
    "submit_referral": _words("Skicka remissen", "Submit the referral"),
    "register_referral": _words(
        "Registrera remissen eller återlämna den", "Register the referral or return it"
    ),
    "complete_returned": _words("Komplettera remissen", "Complete the returned referral"),
    "make_offer": _words("Erbjud en bostad", "Offer a home"),
    "answer_offer": _words("Svara på erbjudandet", "Answer the offer"),
    "sign_contract": _words("Skriv kontrakt", "Sign the contract"),
    "propose_housing": _words("Föreslå beslut om bostaden", "Propose the decision on the housing"),
    "decide_housing": _words("Besluta om bostaden", "Decide on the housing"),
    "follow_up": _words("Gör uppföljningen", "Hold the follow-up"),
    "record_milestone": _words("Registrera händelsen", "Record the event"),
    "give_guarantee": _words(
        "Lämna garantin eller borgen som hör till kontraktet",
        "Give the guarantee or surety that goes with the lease",
    ),
    "conclude_end": _words(
        "Bedöm om uppföljningen kan avslutas", "Conclude whether the follow-up may end"
    ),
    "end_follow_up": _words("Avsluta uppföljningen", "End the follow-up"),
}

#: Subject of an event or a notice → the schema's type.
SUBJECTS: Mapping[str, str] = {
    "assessment": "Assessment",
    "case": "Case",
    "case_migration": "CaseMigration",
    "contract": "Contract",
    "decision": "Decision",
    "filled_checklist": "FilledChecklist",
    "follow_up": "FollowUp",
    "missed_follow_up": "MissedFollowUp",
    "obligation_pause": "ObligationPause",
    "renewed_need": "RenewedNeed",
    "guarantee": "Guarantee",
    "guarantee_claim": "GuaranteeClaim",
    "guarantee_recourse": "GuaranteeRecourse",
    "guarantee_write_off": "GuaranteeWriteOff",
    "household": "Household",
    "incident": "Incident",
    "eviction": "Eviction",
    "joint_meeting": "JointMeeting",
    "ladder": "Ladder",
    "ladder_step": "LadderStep",
    "letter": "Letter",
    "milestone": "Milestone",
    "obligation": "Obligation",
    "offer": "Offer",
    "person": "Person",
    "referral": "Referral",
    "service_clock": "ServiceClock",
    "commission": "Commission",
    "support_plan": "SupportPlan",
    "support_report": "SupportReport",
    "absence": "Absence",
    "takeover": "Takeover",
    "unit": "Unit",
}


#: Why a home is not for a household.
MATCH_REASONS = {
    "too_small": _words("För få rum", "Too few rooms"),
    "too_large": _words("För många rum", "Too many rooms"),
    "floor": _words("För högt upp utan hiss", "Too high up without a lift"),
    "no_lift": _words("Hiss saknas", "No lift"),
    "not_step_free": _words("Inte utan trappsteg", "Not step-free"),
    "not_adapted": _words("Inte anpassad", "Not adapted"),
    "rent": _words("För hög hyra", "Rent too high"),
    "area": _words("Olämpligt område", "Unsuitable area"),
    "landlord": _words("Hyresvärden är utesluten", "Landlord excluded"),
    "excluded": _words("Undantagen", "Excluded"),
    "landlord_rule": _words(
        "Riktlinjen säger nej till hyresvärden", "Landlord refused by guideline"
    ),
    "closed_area": _words("Riktlinjen undantar området", "Area left out by the guideline"),
    "offered_before": _words("Har redan erbjudits", "Offered before"),
    "need_not_stated": _words("Behovet är inte angivet", "Need not stated"),
}

#: Stations of the way to a lease of one's own.
STATIONS: Mapping[str, Words] = {
    "support": _words("Stöd beviljat", "Support granted"),
    "referral": _words("Remissen registrerad", "Referral registered"),
    "offer": _words("Bostad accepterad", "Home accepted"),
    "housing": _words("Boendet beviljat", "Housing granted"),
    "contract": _words("Kontrakt skrivet", "Contract signed"),
    "moved_in": _words("Inflyttad", "Moved in"),
    "guarantee": _words("Hyresgaranti", "Rent guarantee"),
    "guarantee_ends": _words("Garantin upphör", "The guarantee ends"),
    "surety": _words("Kommunal borgen", "Municipal surety"),
    "surety_ends": _words("Borgen upphör", "The surety ends"),
    "contract_ended": _words("Kontraktet upphörde", "Contract ended"),
    "takeover_day": _words("Första dag för överlåtelse", "First day of a takeover"),
    "landlord": _words("Hyresvärden går med på det", "The landlord agrees"),
    "earlier_home": _words("Tidigare bostad", "Earlier home"),
    "another_home": _words("En ny bostad", "Another home"),
    "own_lease": _words("Eget kontrakt", "A lease of one's own"),
    "next_programme": _words("Vidare till nästa boende", "On to the next home"),
    "after_care": _words("Stöd efter överlåtelsen", "Support after the takeover"),
    "follow_up_ends": _words("Uppföljningen upphör", "Follow-up ends"),
}
#: What is missing for a station, where it is no condition of the guideline.
MISSING_ON_THE_WAY: Mapping[str, Words] = {
    "refused": _words("Avslag", "Refused"),
    "waits_for_registration": _words(
        "Remissen väntar på att registreras", "The referral waits to be registered"
    ),
    "waits_for_answer": _words("En bostad är erbjuden", "A home is offered"),
    "landlord_not_asked": _words("Hyresvärden är inte tillfrågad", "The landlord is not asked"),
    "landlord_asked": _words("Hyresvärden har inte svarat", "The landlord has not answered"),
    "landlord_refused": _words("Hyresvärden har sagt nej", "The landlord has said no"),
    "tribunal_tries": _words("Hyresnämnden prövar det", "The rent tribunal tries it"),
}
