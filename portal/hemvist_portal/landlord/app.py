"""Every page for landlords in one router. Comes before the kommuner's: ``/hyresvard`` is no kommun."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter

from hemvist_portal.landlord import routes

__all__ = ["router"]

#: Every module of ``routes`` is found by itself. Addresses that begin alike are of one module, which has
#: those that name their end first.
router = APIRouter(include_in_schema=False)
for _module in sorted(one.name for one in iter_modules(routes.__path__)):
    router.include_router(import_module(f"{routes.__name__}.{_module}").router)
