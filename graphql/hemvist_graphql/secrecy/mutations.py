"""Commands on consents and on what is told over secrecy borders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.secrecy import consents, disclosures
from hemvist.secrecy.models import FIELDS, GIVEN, GROUNDS, RECIPIENTS
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class GiveSecrecyConsentInput:
    """A consent to what is told to whom."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    person_id: strawberry.ID = refers_to("Person")
    recipient_kind: str = text(20, description=", ".join(RECIPIENTS))
    recipient: str = text(consents.MAX_RECIPIENT)
    scope: list[str] = text(20, description=", ".join(FIELDS))
    given: str = text(30, description=", ".join(GIVEN))
    given_on: dt.date | None = None
    until: dt.date | None = None


@command(
    GiveSecrecyConsentInput,
    gives="secrecy_consent",
    description="Register that somebody of the household consents to what is told to whom.",
)
def give_secrecy_consent(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a consent."""
    return consents.give(session, actor, **values)


@strawberry.input
class WithdrawSecrecyConsentInput:
    """A consent that is taken back."""

    idempotency_key: str
    secrecy_consent_id: strawberry.ID = refers_to("SecrecyConsent")
    how: str = text(30, description=", ".join(GIVEN))
    on: dt.date | None = None
    expected_version: int


@command(
    WithdrawSecrecyConsentInput,
    gives="secrecy_consent",
    description="Register that the person takes the consent back: nothing rests on it any more.",
)
def withdraw_secrecy_consent(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that a consent is withdrawn."""
    values["consent_id"] = values.pop("secrecy_consent_id")
    return consents.withdraw(session, actor, **values)


@strawberry.input
class DiscloseOverBorderInput:
    """What is told over a secrecy border."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    ground: str = text(30, description=", ".join(GROUNDS))
    recipient_kind: str = text(20, description=", ".join(RECIPIENTS))
    recipient: str = text(disclosures.MAX_RECIPIENT)
    fields: list[str] = text(20, description=", ".join(FIELDS))
    secrecy_consent_id: strawberry.ID | None = refers_to("SecrecyConsent", default=None)
    purpose: str | None = text(disclosures.MAX_PURPOSE, default=None)
    on: dt.date | None = None


@command(
    DiscloseOverBorderInput,
    gives="secrecy_disclosure",
    description="Write down what is told: by consent only with one that holds and covers it.",
)
def disclose_over_border(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write down what is told over a border."""
    if "secrecy_consent_id" in values:
        values["consent_id"] = values.pop("secrecy_consent_id")
    return disclosures.disclose(session, actor, **values)
