"""The web process: API, portal, login and health in one ASGI application."""

from __future__ import annotations

import gc
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import psycopg
from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from hemvist.documents import use_letterheads
from hemvist.identity import use_directory
from hemvist.outages import Busy, outage_of
from hemvist.settings import Process, Settings, begin, get_settings
from hemvist.tenancy.key_folder import require_keys
from hemvist_graphql.http import router as graphql_router
from hemvist_graphql.http_calendar import router as calendar_router
from hemvist_graphql.http_export import router as export_router
from hemvist_graphql.landlord.http import router as landlord_router
from hemvist_graphql.landlord.schema import executable_schema as landlord_schema
from hemvist_graphql.persisted import register_folder
from hemvist_graphql.schema import executable_schema
from hemvist_infra import dev_issuer, telemetry
from hemvist_infra.dev.local import local_path
from hemvist_infra.letterheads import letterheads
from hemvist_infra.refusals import told_in_a_line
from hemvist_infra.telemetry.http import RequestTelemetry
from hemvist_infra.web import health
from hemvist_infra.web.answers import (
    BAD_REQUEST,
    NOT_FOUND,
    OUTAGES,
    WRONG_METHOD,
    Refusal,
    answer,
)
from hemvist_infra.web.auth import auth_router
from hemvist_infra.web.compression import Compression
from hemvist_infra.web.edge import Edge, guarding_headers
from hemvist_infra.web.front import Front
from hemvist_infra.web.rations import Rations, Refusing
from hemvist_portal.app import router as portal_router
from hemvist_portal.documents import register_documents
from hemvist_portal.login import login_refused
from hemvist_tenants import TenantConfig, directory_of, load_tenants, login_tenants

_LOOPBACK = ("127.0.0.1", "localhost")
#: What a route may say of a refusal: one of our codes.
_CODE = re.compile(r"[a-z][a-z_]{2,40}")
_REFUSALS = {404: NOT_FOUND, 405: WRONG_METHOD}


def create_app() -> FastAPI:
    """The application. ``uvicorn hemvist_infra.app:create_app --factory`` serves it.

    Ends the process with status 2 and a line for each fault where settings or a kommun's file do not
    hold, or the keys are missing: a server would show a traceback.
    """
    with told_in_a_line():
        begin(Process.WEB)
        require_keys()
        return _application(get_settings())


def _application(settings: Settings) -> FastAPI:
    running = telemetry.start("web")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        _settle()
        # Those who read and those who log in at once, and some for what asks no database.
        threads = to_thread.current_default_thread_limiter()
        threads.total_tokens = max(threads.total_tokens, 2 * settings.database_pool_size + 24)
        yield
        # Not left to the interpreter's end: a server told to stop by a signal ends without it.
        running.flush()

    tenants = load_tenants()
    logins = login_tenants()
    directory = directory_of(logins)
    use_directory(directory)
    use_letterheads(lambda: letterheads(tenants))
    register_documents()
    if settings.documents_dir is not None:
        register_folder(settings.documents_dir)
    app = FastAPI(
        title="Hemvist",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # Its own telemetry exports addresses and headers as they were sent.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    for trouble in (Busy, SQLAlchemyError, psycopg.Error):
        app.add_exception_handler(trouble, _not_now)
    app.include_router(health.router)
    app.include_router(auth_router(on_error=login_refused))
    app.include_router(landlord_router)
    app.include_router(graphql_router)
    app.include_router(export_router)
    app.include_router(calendar_router)
    if settings.environment != "production":
        _mount_development_issuer(app, settings, logins)
    # Last: a kommun's slug is any first part of an address.
    app.include_router(portal_router)
    app.add_middleware(Front)
    issuers = (config.issuer for slug in directory.slugs for config in directory.issuers(slug))
    app.add_middleware(Compression)
    app.add_middleware(Refusing)
    https = settings.base_url.startswith("https://")
    # A login and a logout end in a redirect to the issuer, and form-action holds for those too.
    form_targets = {_origin(issuer) for issuer in issuers} - {_origin(settings.base_url)}
    app.add_middleware(
        Edge,
        hosts=_hosts(settings),
        https=https,
        form_targets=form_targets,
        body_time_limit=settings.body_time_limit,
    )
    app.add_middleware(RequestTelemetry)
    headers = guarding_headers(https=https, form_targets=form_targets)
    app.add_middleware(Rations, settings=settings, headers=headers)
    return app


def _settle() -> None:
    """Make what every request needs, and let the collector look no more at what stays.

    A collection of everything takes a tenth of a second in the midst of somebody's request.
    """
    executable_schema()
    landlord_schema()
    gc.collect()
    gc.freeze()


def _mount_development_issuer(
    app: FastAPI, settings: Settings, tenants: dict[str, TenantConfig]
) -> None:
    app.mount(
        dev_issuer.MOUNT_PATH,
        dev_issuer.dev_issuer_app(settings.base_url, local_path(), tenants),
    )


def _hosts(settings: Settings) -> set[str]:
    """The names we answer to: the address's own, and in development those of this machine."""
    own = urlsplit(settings.base_url).hostname or ""
    return {own} if settings.environment == "production" else {own, *_LOOPBACK}


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = str(error.detail) if _CODE.fullmatch(str(error.detail)) else f"http_{error.status_code}"
    refusal = _REFUSALS.get(error.status_code) or Refusal(
        error.status_code, code, "Det gick inte.", "It did not work."
    )
    return answer(refusal, request.scope, _request_id(request), error.headers)


def _unreadable(request: Request, error: Exception) -> Response:
    # FastAPI's own answer quotes what was sent; names of fields are not ours to show either.
    return answer(BAD_REQUEST, request.scope, _request_id(request))


def _not_now(request: Request, error: Exception) -> Response:
    outage = outage_of(error)
    if outage is None:
        raise error
    headers = {"Retry-After": "5"}
    return answer(OUTAGES[outage], request.scope, _request_id(request), headers)


def _request_id(request: Request) -> str:
    return str(getattr(request.state, "request_id", ""))
