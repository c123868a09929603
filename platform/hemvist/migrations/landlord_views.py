"""Imports every module that declares views for landlords, so that ``VIEWS`` is whole."""

from hemvist.agreements import landlord_views as agreements
from hemvist.contact_cards import landlord_views as contact_cards
from hemvist.dealings import landlord_views as dealings
from hemvist.guarantees import landlord_views as guarantees
from hemvist.incidents import landlord_views as incidents
from hemvist.landlord_mails import landlord_views as landlord_mails
from hemvist.landlords import landlord_views as landlords
from hemvist.landlords.views import VIEWS, VIEWS_ROLE, columns_read, guards
from hemvist.papers import landlord_views as papers
from hemvist.quotas import landlord_views as quotas
from hemvist.units import landlord_views as units
from hemvist.vacancies import landlord_views as vacancies
from hemvist.webhooks import landlord_views as webhooks

__all__ = [
    "VIEWS",
    "VIEWS_ROLE",
    "agreements",
    "columns_read",
    "contact_cards",
    "dealings",
    "guarantees",
    "guards",
    "incidents",
    "landlord_mails",
    "landlords",
    "papers",
    "quotas",
    "units",
    "vacancies",
    "webhooks",
]
