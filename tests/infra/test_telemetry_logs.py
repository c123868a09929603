"""A log line tells what happened and where; no message of an exception, no value of a library's."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hemvist_infra.telemetry import logs
from hemvist_rows import owner_engine

SECRET = "zyxmark"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged from here on; the process' own logging is put back."""
    root = logging.getLogger()
    kept = (root.handlers[:], root.level, logging.raiseExceptions)
    logs.configure("INFO")
    output = io.StringIO()
    (handler,) = [
        handler
        for handler in root.handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(output)
    yield output
    root.handlers[:], root.level = kept[0], kept[1]
    logging.raiseExceptions = kept[2]
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """The lines, each of which must be JSON."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_our_line_has_what_we_put_in(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("hemvist.x").info("referral_expired", tenant_id="t-1")
    (line,) = lines(written)
    assert line["event"] == "referral_expired"
    assert (line["tenant_id"], line["request_id"], line["level"]) == ("t-1", "r-1", "info")
    assert line["logger"] == "hemvist.x"


def test_an_exception_is_told_by_type_and_place(written: io.StringIO) -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as inner:
            raise ValueError(SECRET) from inner
    except ValueError:
        structlog.get_logger("hemvist.x").exception("it_failed")
    (line,) = lines(written)
    assert line["error"]["type"] == "ValueError"
    assert line["error"]["caused_by"] == ["KeyError"]
    assert line["error"]["at"][-1].startswith("test_telemetry_logs.py:")
    assert SECRET not in written.getvalue()


def test_a_database_error_is_told_by_its_sqlstate(database: str, written: io.StringIO) -> None:
    """PostgreSQL's DETAIL quotes the row: "Key (slug)=(…) already exists"."""
    insert = text("INSERT INTO tenants VALUES (gen_random_uuid(), :mark, :mark, :mark, now())")
    with owner_engine().connect() as connection:
        connection.execute(insert, {"mark": SECRET})
        with pytest.raises(IntegrityError) as broken:
            connection.execute(insert, {"mark": SECRET})
        connection.rollback()
    assert SECRET in str(broken.value)
    structlog.get_logger("hemvist.x").error("it_failed", exc_info=broken.value)
    (line,) = lines(written)
    assert line["error"]["sqlstate"] == "23505"
    assert SECRET not in written.getvalue()


def test_a_librarys_line_keeps_its_fixed_text_only(written: io.StringIO) -> None:
    library = logging.getLogger("some.library")
    library.warning("cannot handle %s", SECRET)
    library.error(ValueError(SECRET))
    library.error("first line\n%s", SECRET)
    library.info("took %s", SECRET)
    try:
        raise ValueError(SECRET)
    except ValueError:
        library.exception("it broke: %s", SECRET)
    said = lines(written)
    assert [line["event"] for line in said] == [
        "cannot handle %s",
        "ValueError",
        "first line",
        "took %s",
        "it broke: %s",
    ]
    assert said[-1]["error"]["type"] == "ValueError"
    assert SECRET not in written.getvalue()


def test_a_warning_is_a_line_too(written: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"about {SECRET}", UserWarning, stacklevel=1)
    assert SECRET not in written.getvalue()
    assert lines(written)[0]["logger"] == "py.warnings"


def test_the_servers_access_log_is_silent(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info('"GET /%s" 200', SECRET)
    logging.getLogger("httpx2").info("GET https://x/?q=%s", SECRET)
    assert written.getvalue() == ""


def test_how_a_server_starts_is_told_in_full(
    written: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    # A server that another test served with may have turned its logger down.
    caplog.set_level(logging.INFO, logger="uvicorn.error")
    logging.getLogger("uvicorn.error").info("running on %s", "http://127.0.0.1:8000")
    assert lines(written)[0]["event"] == "running on http://127.0.0.1:8000"
