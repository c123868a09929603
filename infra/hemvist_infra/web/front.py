"""Past the router for the one address that programs and pages ask hundreds of times a minute."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from hemvist_graphql.http import Endpoint, endpoint
from hemvist_graphql.landlord.http import PLACE

_PATH = re.compile(r"/([^/]+)/graphql")


class Front:
    """ASGI middleware inside the edge: hands GraphQL requests to their endpoint itself.

    The same endpoint that the router would find after all its other routes; everything that guards
    it (edge, telemetry) lies outside, session and rights inside. Other methods go to the router,
    which refuses them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http" and scope["method"] == "POST":
            found = _PATH.fullmatch(scope["path"])
            # The landlords' own has a route, before that of the kommuner.
            if found is not None and found[1] != PLACE:
                scope["path_params"] = {"slug": found[1]}
                scope["route"] = Endpoint
                await endpoint(scope, receive, send)
                return
        await self._app(scope, receive, send)
