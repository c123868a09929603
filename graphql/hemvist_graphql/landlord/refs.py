"""Types by name, for fields and commands of other concepts' modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

if TYPE_CHECKING:
    from hemvist_graphql.landlord.agreements import Agreement, AgreementFile, AgreementVersion
    from hemvist_graphql.landlord.contacts import ContactCard
    from hemvist_graphql.landlord.events import Event
    from hemvist_graphql.landlord.guarantees import Claim, Guarantee
    from hemvist_graphql.landlord.kommuner import Kommun
    from hemvist_graphql.landlord.mails import MailChoice
    from hemvist_graphql.landlord.me import Landlord
    from hemvist_graphql.landlord.members import District, DistrictProperty, Invitation, Member
    from hemvist_graphql.landlord.offers import DealingTime, Offer, Presentation, PresentedHousehold
    from hemvist_graphql.landlord.papers import Paper
    from hemvist_graphql.landlord.reports import Report, ReportAnswer, ReportWord
    from hemvist_graphql.landlord.tenancies import Takeover, TakeoverFigure, TakeoverReply, Tenancy
    from hemvist_graphql.landlord.units import Unit, UnitFile, UnitStateLine
    from hemvist_graphql.landlord.vacancies import Vacancy, VacancyFile, VacancyRow
    from hemvist_graphql.landlord.webhooks import WebhookDelivery, WebhookEndpoint

_PACKAGE = "hemvist_graphql.landlord"

AgreementRef = Annotated["Agreement", strawberry.lazy(f"{_PACKAGE}.agreements")]
AgreementFileRef = Annotated["AgreementFile", strawberry.lazy(f"{_PACKAGE}.agreements")]
AgreementVersionRef = Annotated["AgreementVersion", strawberry.lazy(f"{_PACKAGE}.agreements")]
ContactCardRef = Annotated["ContactCard", strawberry.lazy(f"{_PACKAGE}.contacts")]
DistrictPropertyRef = Annotated["DistrictProperty", strawberry.lazy(f"{_PACKAGE}.members")]
DistrictRef = Annotated["District", strawberry.lazy(f"{_PACKAGE}.members")]
InvitationRef = Annotated["Invitation", strawberry.lazy(f"{_PACKAGE}.members")]
KommunRef = Annotated["Kommun", strawberry.lazy(f"{_PACKAGE}.kommuner")]
LandlordRef = Annotated["Landlord", strawberry.lazy(f"{_PACKAGE}.me")]
MemberRef = Annotated["Member", strawberry.lazy(f"{_PACKAGE}.members")]
UnitRef = Annotated["Unit", strawberry.lazy(f"{_PACKAGE}.units")]
UnitFileRef = Annotated["UnitFile", strawberry.lazy(f"{_PACKAGE}.units")]
UnitStateLineRef = Annotated["UnitStateLine", strawberry.lazy(f"{_PACKAGE}.units")]
VacancyRef = Annotated["Vacancy", strawberry.lazy(f"{_PACKAGE}.vacancies")]
VacancyFileRef = Annotated["VacancyFile", strawberry.lazy(f"{_PACKAGE}.vacancies")]
VacancyRowRef = Annotated["VacancyRow", strawberry.lazy(f"{_PACKAGE}.vacancies")]
EventRef = Annotated["Event", strawberry.lazy(f"{_PACKAGE}.events")]
MailChoiceRef = Annotated["MailChoice", strawberry.lazy(f"{_PACKAGE}.mails")]
WebhookDeliveryRef = Annotated["WebhookDelivery", strawberry.lazy(f"{_PACKAGE}.webhooks")]
WebhookEndpointRef = Annotated["WebhookEndpoint", strawberry.lazy(f"{_PACKAGE}.webhooks")]
ClaimRef = Annotated["Claim", strawberry.lazy(f"{_PACKAGE}.guarantees")]
DealingTimeRef = Annotated["DealingTime", strawberry.lazy(f"{_PACKAGE}.offers")]
GuaranteeRef = Annotated["Guarantee", strawberry.lazy(f"{_PACKAGE}.guarantees")]
OfferRef = Annotated["Offer", strawberry.lazy(f"{_PACKAGE}.offers")]
PaperRef = Annotated["Paper", strawberry.lazy(f"{_PACKAGE}.papers")]
PresentationRef = Annotated["Presentation", strawberry.lazy(f"{_PACKAGE}.offers")]
PresentedHouseholdRef = Annotated["PresentedHousehold", strawberry.lazy(f"{_PACKAGE}.offers")]
ReportAnswerRef = Annotated["ReportAnswer", strawberry.lazy(f"{_PACKAGE}.reports")]
ReportRef = Annotated["Report", strawberry.lazy(f"{_PACKAGE}.reports")]
ReportWordRef = Annotated["ReportWord", strawberry.lazy(f"{_PACKAGE}.reports")]
TakeoverFigureRef = Annotated["TakeoverFigure", strawberry.lazy(f"{_PACKAGE}.tenancies")]
TakeoverRef = Annotated["Takeover", strawberry.lazy(f"{_PACKAGE}.tenancies")]
TakeoverReplyRef = Annotated["TakeoverReply", strawberry.lazy(f"{_PACKAGE}.tenancies")]
TenancyRef = Annotated["Tenancy", strawberry.lazy(f"{_PACKAGE}.tenancies")]

#: What a list is of, and what a command may give back, by type name. One line for each type.
REFS: dict[str, Any] = {
    "Agreement": AgreementRef,
    "AgreementFile": AgreementFileRef,
    "AgreementVersion": AgreementVersionRef,
    "ContactCard": ContactCardRef,
    "District": DistrictRef,
    "DistrictProperty": DistrictPropertyRef,
    "Invitation": InvitationRef,
    "Kommun": KommunRef,
    "Landlord": LandlordRef,
    "Member": MemberRef,
    "Unit": UnitRef,
    "UnitFile": UnitFileRef,
    "UnitStateLine": UnitStateLineRef,
    "Vacancy": VacancyRef,
    "VacancyFile": VacancyFileRef,
    "VacancyRow": VacancyRowRef,
    "Event": EventRef,
    "MailChoice": MailChoiceRef,
    "WebhookDelivery": WebhookDeliveryRef,
    "WebhookEndpoint": WebhookEndpointRef,
    "Claim": ClaimRef,
    "DealingTime": DealingTimeRef,
    "Guarantee": GuaranteeRef,
    "Offer": OfferRef,
    "Paper": PaperRef,
    "Presentation": PresentationRef,
    "PresentedHousehold": PresentedHouseholdRef,
    "Report": ReportRef,
    "ReportAnswer": ReportAnswerRef,
    "ReportWord": ReportWordRef,
    "Takeover": TakeoverRef,
    "TakeoverFigure": TakeoverFigureRef,
    "TakeoverReply": TakeoverReplyRef,
    "Tenancy": TenancyRef,
}
