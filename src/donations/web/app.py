"""The application: pages, guards and error pages put together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from donations.review import CannotAnswerError
from donations.sameness import CannotDecideError
from donations.settings import Settings
from donations.undo import CannotUndoError
from donations.web.failures import FAILURES, Failure, FailureCode, PageError
from donations.web.guard import Guard
from donations.web.headers import Headers, headers_for
from donations.web.language import Languages
from donations.web.pages import Site, failure_page
from donations.web.public import router as public_pages
from donations.web.treasurer.routes import router as treasurer_pages

_LOG = logging.getLogger(__name__)
_BY_STATUS = {
    400: FailureCode.BAD_UPLOAD,
    404: FailureCode.UNKNOWN_PAGE,
    405: FailureCode.METHOD_NOT_ALLOWED,
    413: FailureCode.FILE_TOO_LARGE,
}


def create_app(settings: Settings, engine: Engine, *, clock: Callable[[], datetime] | None = None) -> FastAPI:
    """Make the application over a migrated database; `clock` tells the time with its zone."""
    app = FastAPI(title=settings.organisation, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = Site(settings=settings, engine=engine, clock=clock or (lambda: datetime.now(UTC)))
    app.include_router(public_pages)
    app.include_router(treasurer_pages)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(PageError, _page_error)
    app.add_exception_handler(CannotAnswerError, _cannot_answer)
    app.add_exception_handler(CannotDecideError, _cannot_answer)
    app.add_exception_handler(CannotUndoError, _cannot_undo)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_form)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(Exception, _internal)
    app.add_middleware(Guard)
    app.add_middleware(Languages)
    app.add_middleware(Headers)
    return app


def _page_error(request: Request, error: Exception) -> Response:
    return failure_page(request, error.failure if isinstance(error, PageError) else FAILURES[FailureCode.INTERNAL])


def _cannot_answer(request: Request, error: Exception) -> Response:
    code = error.code if isinstance(error, CannotAnswerError | CannotDecideError) else FailureCode.BAD_FORM
    if code in FAILURES:
        return failure_page(request, FAILURES[FailureCode(code)])
    remedy = "Go back and choose another answer."
    return failure_page(request, Failure(code=code, status=422, what=str(error), remedy=remedy))


def _cannot_undo(request: Request, error: Exception) -> Response:
    code = error.code if isinstance(error, CannotUndoError) else FailureCode.UNKNOWN_IMPORT
    return failure_page(request, FAILURES[FailureCode(code)])


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return failure_page(request, FAILURES[_BY_STATUS.get(status, FailureCode.INTERNAL)])


def _bad_form(request: Request, _: Exception) -> Response:
    """Say so without what was sent, which the framework's own answer would repeat."""
    return failure_page(request, FAILURES[FailureCode.BAD_FORM])


def _database(request: Request, error: Exception) -> Response:
    """Tell a lock that will pass and a full disk from what nobody foresaw; the driver only says it in words."""
    said = str(error).lower()
    if "locked" in said or "lock timeout" in said:
        answer = failure_page(request, FAILURES[FailureCode.BUSY])
        answer.headers["Retry-After"] = "5"
        return answer
    if "full" in said or "readonly" in said or "no space" in said:
        return failure_page(request, FAILURES[FailureCode.STORAGE_FULL])
    raise error


def _internal(request: Request, error: Exception) -> Response:
    """Answer without details; this page is made outside all middleware, so it brings its headers itself."""
    _LOG.error("unforeseen %s on %s", type(error).__name__, request.scope["path"])
    answer = failure_page(request, FAILURES[FailureCode.INTERNAL])
    answer.headers.update(headers_for(request.scope["path"]))
    return answer
