"""Facts and told numbers in tests, written as the worker writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.ids import new_id
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.models import IndicatorFact, IndicatorRun, IndicatorTold
from hemvist.indicators.snapshots import month_of
from hemvist.policy import add_months
from hemvist.tenancy import Audience
from hemvist_kommun import Kommun


def last_month() -> date:
    """The first day of the month that ended last."""
    return add_months(month_of(today()), -1)


def write_fact(kommun: Kommun, case: Case, indicator: str, **changes: Any) -> None:
    """A fact of a case: this month's first day, unless said otherwise."""
    values: dict[str, Any] = {
        "of": new_id(),
        "begins": month_of(today()),
        "ends": None,
        "programme": "",
        "step": "",
        "area": "",
        "groups": [],
        "amount": None,
        "met": None,
    }
    with kommun.session(audience=Audience.WORKER) as session:
        session.add(IndicatorFact(case_id=case.id, indicator=indicator, **{**values, **changes}))


def write_told(kommun: Kommun, indicator: str, **changes: Any) -> None:
    """A number of last month's whole, unless said otherwise."""
    values: dict[str, Any] = {
        "version": catalogue()[indicator].version,
        "margin": "all",
        "cells": [],
        "from_month": last_month(),
        "to_month": last_month(),
        "facts": None,
        "met_least": None,
        "met_most": None,
        "amount": None,
        "middle": None,
        "told_at": now(),
    }
    with kommun.session(audience=Audience.WORKER) as session:
        session.add(IndicatorTold(indicator=indicator, **{**values, **changes}))


def write_run(kommun: Kommun, **changes: Any) -> None:
    """That everything is counted."""
    values: dict[str, Any] = {
        "counted_to": now(),
        "definitions": "-",
        "full_at": now(),
        "differed": 0,
    }
    with kommun.session(audience=Audience.WORKER) as session:
        session.add(IndicatorRun(part="facts", **{**values, **changes}))
