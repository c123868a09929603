"""What a landlord sees of what it reported by its login: its own words and the answers to them.

Nothing of the incident that it became is here: neither what was done nor whether it is closed.
"""

from __future__ import annotations

from sqlalchemy import and_, func, select

from hemvist.incidents.models import IncidentFeedback
from hemvist.incidents.report_models import LandlordReport, LandlordReportWord
from hemvist.landlords.views import landlord_view, within_reach
from hemvist.units.models import Unit

_UNIT = and_(Unit.tenant_id == LandlordReport.tenant_id, Unit.id == LandlordReport.unit_id)

_FIRST_ANSWER = (
    select(func.min(IncidentFeedback.told_at))
    .where(
        IncidentFeedback.tenant_id == LandlordReport.tenant_id,
        IncidentFeedback.incident_id == LandlordReport.incident_id,
        IncidentFeedback.landlord_id == LandlordReport.landlord_id,
    )
    .correlate(LandlordReport)
    .scalar_subquery()
)

REPORTS = landlord_view(
    "lv_reports",
    within_reach(
        select(
            LandlordReport.tenant_id,
            LandlordReport.id,
            LandlordReport.landlord_id,
            LandlordReport.unit_id,
            Unit.property_designation,
            Unit.street_address,
            Unit.apartment_number,
            LandlordReport.kind,
            LandlordReport.what_sealed,
            LandlordReport.happened_on,
            LandlordReport.happened_at,
            LandlordReport.received_at,
            LandlordReport.due_at,
            LandlordReport.due_label,
            _FIRST_ANSWER.label("answered_at"),
        ).join(Unit, _UNIT),
        LandlordReport.tenant_id,
        LandlordReport.landlord_id,
        designation=Unit.property_designation,
    ),
)

REPORT_ANSWERS = landlord_view(
    "lv_report_answers",
    within_reach(
        select(
            IncidentFeedback.tenant_id,
            IncidentFeedback.id,
            IncidentFeedback.landlord_id,
            LandlordReport.id.label("report_id"),
            IncidentFeedback.words,
            IncidentFeedback.told_how,
            IncidentFeedback.told_at,
        )
        .join(
            LandlordReport,
            and_(
                LandlordReport.tenant_id == IncidentFeedback.tenant_id,
                LandlordReport.incident_id == IncidentFeedback.incident_id,
                LandlordReport.landlord_id == IncidentFeedback.landlord_id,
            ),
        )
        .join(Unit, _UNIT),
        IncidentFeedback.tenant_id,
        IncidentFeedback.landlord_id,
        designation=Unit.property_designation,
    ),
)

REPORT_WORDS = landlord_view(
    "lv_report_words",
    within_reach(
        select(
            LandlordReportWord.tenant_id,
            LandlordReportWord.id,
            LandlordReportWord.landlord_id,
            LandlordReportWord.report_id,
            LandlordReportWord.what_sealed,
            LandlordReportWord.said_at,
        )
        .join(
            LandlordReport,
            and_(
                LandlordReport.tenant_id == LandlordReportWord.tenant_id,
                LandlordReport.id == LandlordReportWord.report_id,
            ),
        )
        .join(Unit, _UNIT),
        LandlordReportWord.tenant_id,
        LandlordReportWord.landlord_id,
        designation=Unit.property_designation,
    ),
)
