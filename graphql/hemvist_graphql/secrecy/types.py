"""Consents (samtycken) and what was told over secrecy borders."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.clock import today
from hemvist.secrecy.models import Consent as ConsentRow
from hemvist.secrecy.models import SecrecyDisclosure as DisclosureRow
from hemvist_graphql.access import of_own_case
from hemvist_graphql.reading import Node, column, computed, opened, reads, to_one
from hemvist_graphql.refs import CaseRef, PersonRef, PrincipalRef, SecrecyConsentRef


@reads(ConsentRow, visible=of_own_case(ConsentRow), case=ConsentRow.case_id)
@strawberry.type(description="A person lets something be told to somebody (OSL 10:1, 12:2).")
class SecrecyConsent(Node):
    """A person lets something be told to somebody."""

    person: PersonRef | None = to_one("Person", ConsentRow.person_id)
    recipient_kind: str = column(
        ConsentRow.recipient_kind,
        description="board, authority, kommun, landlord, provider or other",
    )
    recipient: str = opened(ConsentRow.recipient)
    scope: list[str] = column(ConsentRow.scope, description="What may be told.")
    given: str = column(ConsentRow.given, description="written, signed_electronically or oral")
    given_on: dt.date = column(ConsentRow.given_on)
    until: dt.date | None = column(ConsentRow.until)
    withdrawn_on: dt.date | None = column(ConsentRow.withdrawn_on)
    withdrawn_how: str | None = column(
        ConsentRow.withdrawn_how, description="written, signed_electronically or oral"
    )
    registered_by: PrincipalRef | None = to_one("Principal", ConsentRow.registered_by)
    version: int = column(ConsentRow.version)

    @computed(
        needs=("given_on", "until", "withdrawn_on"),
        description="Whether something can be told by it today.",
    )
    def in_force(self) -> bool:
        """Whether something can be told by it today."""
        until, day = self.row["until"], today()
        return (
            self.row["withdrawn_on"] is None
            and self.row["given_on"] <= day
            and (until is None or day <= until)
        )


@reads(DisclosureRow, visible=of_own_case(DisclosureRow), case=DisclosureRow.case_id)
@strawberry.type(description="Something of the case that was told over a secrecy border (OSL 8:1).")
class SecrecyDisclosure(Node):
    """Something of the case that was told over a secrecy border."""

    case: CaseRef = to_one("Case", DisclosureRow.case_id)
    ground: str = column(DisclosureRow.ground, description="consent, necessity or statutory_duty")
    cite: str = column(DisclosureRow.cite, description="The ground's place in the law.")
    recipient_kind: str = column(
        DisclosureRow.recipient_kind,
        description="board, authority, kommun, landlord, provider or other",
    )
    recipient: str = opened(DisclosureRow.recipient)
    fields: list[str] = column(DisclosureRow.fields, description="What was told, by kind.")
    consent: SecrecyConsentRef | None = to_one("SecrecyConsent", DisclosureRow.consent_id)
    purpose: str | None = opened(DisclosureRow.purpose, description="Why it was needed.")
    disclosed_on: dt.date = column(DisclosureRow.disclosed_on)
    recorded_at: dt.datetime = column(DisclosureRow.recorded_at)
    disclosed_by: PrincipalRef | None = to_one("Principal", DisclosureRow.disclosed_by)
