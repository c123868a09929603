"""What a landlord sees of its agreements: what was agreed, and the documents that were shared.

The terms as they are kept in practice, notes and meetings are the kommun's own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, select

from hemvist.agreements.file_models import AgreementFile, AgreementFileBytes
from hemvist.agreements.models import Agreement, AgreementVersion
from hemvist.agreements.quota_models import QuotaTerm
from hemvist.landlords.views import guarded, landlord_view, within_reach

guarded(AgreementVersion, through=(AgreementVersion.agreement_id, Agreement))
guarded(AgreementFile, through=(AgreementFile.agreement_id, Agreement))
guarded(QuotaTerm, through=(QuotaTerm.agreement_id, Agreement))

_HELD = Agreement.state.in_(("in_force", "ended"))


def _of_agreement(model: Any) -> Any:
    return and_(Agreement.tenant_id == model.tenant_id, Agreement.id == model.agreement_id)


def _reached(statement: Select[Any]) -> Select[Any]:
    return within_reach(statement, Agreement.tenant_id, Agreement.landlord_id)


AGREEMENTS = landlord_view(
    "lv_agreements",
    _reached(
        select(
            Agreement.tenant_id,
            Agreement.id,
            Agreement.landlord_id,
            Agreement.kind,
            Agreement.title,
            Agreement.reference,
            Agreement.state,
            Agreement.starts_on,
            Agreement.ends_on,
            Agreement.ended_on,
            Agreement.notice_months,
        ).where(_HELD)
    ),
)

#: Versions that hold or have held; a draft is nobody's business but the kommun's.
VERSIONS = landlord_view(
    "lv_agreement_versions",
    _reached(
        select(
            AgreementVersion.tenant_id,
            AgreementVersion.id,
            Agreement.landlord_id,
            AgreementVersion.agreement_id,
            AgreementVersion.number,
            AgreementVersion.holds_from,
            AgreementVersion.signed_on,
            AgreementVersion.target_groups,
            AgreementVersion.takes_in_at_once,
        )
        .join(Agreement, _of_agreement(AgreementVersion))
        .where(_HELD, AgreementVersion.state == "in_force")
    ),
)

FILES = landlord_view(
    "lv_agreement_files",
    _reached(
        select(
            AgreementFile.tenant_id,
            AgreementFile.id,
            Agreement.landlord_id,
            AgreementFile.agreement_id,
            AgreementFile.name,
            AgreementFile.media_type,
            AgreementFile.size_bytes,
            AgreementFile.caption,
            AgreementFile.added_at,
        )
        .join(Agreement, _of_agreement(AgreementFile))
        .where(_HELD, AgreementFile.shared)
    ),
)

QUOTA_TERMS = landlord_view(
    "lv_quota_terms",
    _reached(
        select(
            QuotaTerm.tenant_id,
            QuotaTerm.id,
            Agreement.landlord_id,
            QuotaTerm.agreement_id,
            QuotaTerm.version_id,
            QuotaTerm.position,
            QuotaTerm.code,
            QuotaTerm.label,
            QuotaTerm.kind,
            QuotaTerm.force,
            QuotaTerm.per,
            QuotaTerm.homes,
            QuotaTerm.share_bp,
            QuotaTerm.rounding,
            QuotaTerm.counts,
            QuotaTerm.delivered_in,
            QuotaTerm.excluded_areas,
            QuotaTerm.properties,
            QuotaTerm.within_code,
        )
        .join(Agreement, _of_agreement(QuotaTerm))
        .join(
            AgreementVersion,
            and_(
                AgreementVersion.tenant_id == QuotaTerm.tenant_id,
                AgreementVersion.id == QuotaTerm.version_id,
                AgreementVersion.state == "in_force",
            ),
        )
        .where(_HELD)
    ),
)

guarded(AgreementFileBytes, through=(AgreementFileBytes.file_id, AgreementFile))

FILE_BYTES = landlord_view(
    "lv_agreement_file_bytes",
    _reached(
        select(
            AgreementFileBytes.tenant_id,
            AgreementFileBytes.id,
            Agreement.landlord_id,
            AgreementFileBytes.file_id,
            AgreementFile.sha256,
            AgreementFileBytes.content,
        )
        .join(
            AgreementFile,
            and_(
                AgreementFile.tenant_id == AgreementFileBytes.tenant_id,
                AgreementFile.id == AgreementFileBytes.file_id,
                AgreementFile.shared,
            ),
        )
        .join(Agreement, _of_agreement(AgreementFile))
        .where(_HELD)
    ),
)
