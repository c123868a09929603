"""Landlords (hyresvärdar): who they are, their people, and which kommuner these reach."""

from hemvist.tenancy.platform import PLATFORM_SLUG, PLATFORM_TENANT

__all__ = ["PLATFORM_SLUG", "PLATFORM_TENANT"]
