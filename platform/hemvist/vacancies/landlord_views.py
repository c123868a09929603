"""What a landlord sees of the vacancies that it has reported."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, or_, select

from hemvist.landlords.models import LandlordMember
from hemvist.landlords.views import READER, guarded, landlord_view, within_reach
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist.vacancies.models import Vacancy, VacancyFile, VacancyRow

#: Its reports and the kommun's answers; who in the kommun answered is the kommun's own.
VACANCIES = landlord_view(
    "lv_vacancies",
    within_reach(
        select(
            Vacancy.tenant_id,
            Vacancy.id,
            Vacancy.landlord_id,
            Vacancy.unit_id,
            Vacancy.file_id,
            Vacancy.state,
            Vacancy.property_designation,
            Vacancy.street_address,
            Vacancy.postal_code,
            Vacancy.city,
            Vacancy.area,
            Vacancy.apartment_number,
            Vacancy.rooms,
            Vacancy.size_m2,
            Vacancy.rent_ore,
            Vacancy.rent_parts,
            Vacancy.floor,
            Vacancy.lift,
            Vacancy.step_free,
            Vacancy.step_free_width_cm,
            Vacancy.adapted,
            Vacancy.available_from,
            Vacancy.note_sealed,
            Vacancy.reported_on,
            Vacancy.answered_on,
            Vacancy.decline_code,
            Vacancy.answer_words_sealed,
            Vacancy.version,
        ),
        Vacancy.tenant_id,
        Vacancy.landlord_id,
        designation=Vacancy.property_designation,
    ),
)

#: A list may hold flats of every district: who has some of them sees the lists that they sent.
_sent_or_all = or_(
    VacancyFile.sender_id == READER,
    exists(
        select(1).where(
            LandlordMember.tenant_id == PLATFORM_TENANT,
            LandlordMember.principal_id == READER,
            LandlordMember.landlord_id == VacancyFile.landlord_id,
            LandlordMember.status == "active",
            func.cardinality(LandlordMember.districts) == 0,
        )
    ),
)

#: Lists that were sent in.
VACANCY_FILES = landlord_view(
    "lv_vacancy_files",
    within_reach(
        select(
            VacancyFile.tenant_id,
            VacancyFile.id,
            VacancyFile.landlord_id,
            VacancyFile.name_sealed,
            VacancyFile.format,
            VacancyFile.state,
            VacancyFile.rows_total,
            VacancyFile.rows_good,
            VacancyFile.rows_faulty,
            VacancyFile.rows_known,
            VacancyFile.rows_imported,
            VacancyFile.read_at,
            VacancyFile.ended_on,
            VacancyFile.version,
        ).where(_sent_or_all),
        VacancyFile.tenant_id,
        VacancyFile.landlord_id,
    ),
)

guarded(VacancyRow, through=(VacancyRow.file_id, VacancyFile))

VACANCY_ROWS = landlord_view(
    "lv_vacancy_rows",
    within_reach(
        select(
            VacancyRow.tenant_id,
            VacancyRow.id,
            VacancyFile.landlord_id,
            VacancyRow.file_id,
            VacancyRow.number,
            VacancyRow.state,
            VacancyRow.values_sealed,
            VacancyRow.problems_sealed,
        )
        .join(
            VacancyFile,
            and_(
                VacancyFile.tenant_id == VacancyRow.tenant_id,
                VacancyFile.id == VacancyRow.file_id,
            ),
        )
        .where(_sent_or_all),
        VacancyRow.tenant_id,
        VacancyFile.landlord_id,
    ),
)
