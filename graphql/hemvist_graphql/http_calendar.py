"""``GET /{slug}/calendar/{feed}/{key}.ics``: what is due, for a calendar that cannot log in.

The address is all that it takes, so it gives nobody's data: how many of what are due when. One that is
wrong, revoked or of somebody who was blocked is answered like one that never was.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from hemvist.calendar_feeds.icalendar import MEDIA_TYPE
from hemvist.calendar_feeds.publishing import published
from hemvist.db import Audience
from hemvist.hands import hands
from hemvist.identity import LoginRefused, get_directory
from hemvist.ids import parse_id
from hemvist.serving import gate, share_of
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session

router = APIRouter()
MAX_KEY = 100


@router.get("/{slug}/calendar/{feed}/{key}.ics", include_in_schema=False)
async def calendar(request: Request, slug: str, feed: str, key: str) -> Response:
    """The calendar as a file. Raises 404 for whatever is not to be read."""
    feed_id = parse_id(feed)
    if feed_id is None or len(key) > MAX_KEY or slug not in get_directory().slugs:
        raise HTTPException(404)

    def read() -> bytes | None:
        try:
            tenant_id = get_directory().open_tenant_id(slug)
        except LoginRefused:
            # A kommun that has a file and is not taken in yet, or is not open just now.
            return None
        request.state.tenant_id = tenant_id
        address = f"{get_settings().base_url.rstrip('/')}/{slug}"
        with tenant_session(Audience.STAFF, tenant_id) as session:
            return published(session, feed_id, key, address)

    async with gate("data").place(share_of(request.scope)):
        found = await hands().run(read)
    if found is None:
        raise HTTPException(404)
    return Response(
        found,
        media_type=MEDIA_TYPE,
        headers={
            # Private and short: what is revoked or done is not shown by a cache in between.
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
            "Content-Disposition": 'inline; filename="hemvist.ics"',
        },
    )
