"""Landlords' access, their people and districts: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

LANDLORDS: Mapping[str, tuple[str, str]] = {
    "landlord_access": (
        "Hyresvärdens tillgång har ett annat läge nu. Ladda om sidan.",
        "The landlord's access is in another state now. Reload the page.",
    ),
    "landlord_invitation": (
        "Inbjudan har ett annat läge nu. Ladda om sidan.",
        "The invitation is in another state now. Reload the page.",
    ),
    "landlord_invites": (
        "Hyresvärden har egna administratörer. De bjuder in sina medarbetare själva.",
        "The landlord has administrators of its own, who invite its people.",
    ),
    "landlord_member": (
        "Medarbetaren är redan borttagen.",
        "The member has been removed already.",
    ),
    "last_administrator": (
        "Hyresvärden måste ha kvar en administratör. Utse en annan först.",
        "A landlord keeps one administrator. Appoint another first.",
    ),
    "invited_email": (
        "Skriv en e-postadress, till exempel namn@foretaget.se.",
        "Write a mail address, such as name@company.se.",
    ),
    "invited_client": (
        "Skriv maskinens klient-id: bokstäver, siffror, punkt, streck.",
        "Write the machine's client id: letters, digits, dot, hyphen.",
    ),
    "whole_landlord": (
        "En administratör är en person som ser hela beståndet.",
        "An administrator is a person who sees the whole stock.",
    ),
    "district_name": (
        "Ge distriktet ett namn på högst {limit} tecken.",
        "Give the district a name of at most {limit} characters.",
    ),
    "district_known": (
        "Det finns redan ett distrikt med det namnet.",
        "There is a district of that name already.",
    ),
    "too_many_properties": (
        "Högst {limit} fastigheter i ett distrikt. Dela upp dem på flera distrikt.",
        "At most {limit} properties in a district. Divide them among several.",
    ),
}
