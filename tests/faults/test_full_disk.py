"""The disk of the anchors' file is full: nothing is half told, and all of it is when there is room."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import pytest

from hemvist import audit
from hemvist.audit import anchors, linking, verifying
from hemvist.identity import Actor
from hemvist.tenancy import Audience, tenant_session
from hemvist_testing import full_disk


def grown(tenant: UUID) -> None:
    """The log has grown, and an anchor tells of it."""
    with tenant_session(Audience.STAFF, tenant) as session:
        audit.record(session, Actor.system(tenant), "act")
    linking.link(tenant, None)
    linking.anchor(tenant, now=True)


@pytest.mark.parametrize("left", [0, 100])
def test_anchors_are_told_whole_or_not_at_all(tenant: UUID, left: int) -> None:
    with full_disk(1) as folder:
        file, filler = folder / "anchors.jsonl", folder / "filler"
        grown(tenant)
        assert anchors.carry_out(tenant, file) == 1
        # To the end of a page, so that the next line begins on one that is not there.
        with file.open("ab") as handle:
            handle.write(b"\n" * (4096 - left - file.stat().st_size))
        before = file.read_bytes()
        with filler.open("wb", buffering=0) as handle, suppress(OSError):
            while True:
                handle.write(bytes(4096))
        grown(tenant)
        with pytest.raises(OSError, match="No space left|no room"):
            anchors.carry_out(tenant, file)
        assert file.read_bytes() == before
        filler.unlink()
        assert anchors.carry_out(tenant, file) == 1
        report = verifying.verify(tenant, file)
        assert (report.outside, report.findings) == (2, [])
