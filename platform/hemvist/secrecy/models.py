"""Disclosures over a secrecy border, and the consents (samtycken) that they may rest on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedOptionalText,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: Ways round the secrecy of OSL 26:1, each with its place in the law.
#: The general clause (10:27) is none of them: it does not cover 26:1.
GROUNDS = {
    "consent": "OSL 10:1, 12:2",
    "necessity": "OSL 10:2",
    "statutory_duty": "OSL 10:28",
}
#: Grounds that nothing may rest on without a consent that covers it.
BY_CONSENT = frozenset({"consent"})
#: What can be told, by kind; never the values.
FIELDS = (
    "identity",
    "address",
    "contact",
    "household",
    "housing_need",
    "health",
    "economy",
    "assessment",
    "decision",
    "support",
    "protection",
)
RECIPIENTS = ("board", "authority", "kommun", "landlord", "provider", "other")
GIVEN = ("written", "signed_electronically", "oral")


class Consent(TenantScoped, Versioned, Base):
    """A person lets something be told to somebody (samtycke), until it is withdrawn.

    Source: OSL 10:1 and 12:2: secrecy to the protection of a person is that person's to give up.
    """

    __tablename__ = "secrecy_consents"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("persons", "person_id"),
        tenant_reference("principals", "registered_by"),
        one_of("given", GIVEN),
        one_of("recipient_kind", RECIPIENTS),
        CheckConstraint("cardinality(scope) > 0", name="scope"),
        CheckConstraint("until IS NULL OR until >= given_on", name="until"),
        CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= given_on", name="withdrawn"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    #: Who consents: somebody of the household.
    person_id: Mapped[UUID]
    recipient_kind: Mapped[str]
    recipient_sealed: Mapped[bytes] = sealed_column("secrecy_consents.recipient")
    recipient = SealedText("recipient_sealed")
    #: What may be told, of ``FIELDS``.
    scope: Mapped[list[str]]
    given: Mapped[str]
    given_on: Mapped[date]
    until: Mapped[date | None]
    registered_by: Mapped[UUID]
    withdrawn_on: Mapped[date | None]
    withdrawn_how: Mapped[str | None]


class SecrecyDisclosure(TenantScoped, Base):
    """Something of a case was told over a secrecy border: what, to whom, on which ground.

    Source: OSL 8:1, 10:1, 10:2, 10:28, 26:1.
    """

    __tablename__ = "secrecy_disclosures"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("secrecy_consents", "consent_id"),
        tenant_reference("principals", "disclosed_by"),
        one_of("ground", tuple(GROUNDS)),
        one_of("recipient_kind", RECIPIENTS),
        # The database itself takes none by consent without the consent.
        CheckConstraint("(ground = 'consent') = (consent_id IS NOT NULL)", name="consented"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        Index(None, "tenant_id", "case_id", "disclosed_on"),
        Index(None, "tenant_id", "disclosed_on", "id"),
    )

    case_id: Mapped[UUID]
    ground: Mapped[str]
    #: The ground's place in the law, as it was cited then.
    cite: Mapped[str]
    recipient_kind: Mapped[str]
    recipient_sealed: Mapped[bytes] = sealed_column("secrecy_disclosures.recipient")
    recipient = SealedText("recipient_sealed")
    fields: Mapped[list[str]]
    consent_id: Mapped[UUID | None]
    #: Why it was needed; compulsory where no consent is.
    purpose_sealed: Mapped[bytes | None] = sealed_column("secrecy_disclosures.purpose")
    disclosed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    disclosed_by: Mapped[UUID]

    purpose = SealedOptionalText("purpose_sealed")
