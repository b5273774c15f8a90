"""Every kind of error, and the page or redirect that answers it; one table inside the application and around it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from donations.access.link import LinkGoneError
from donations.access.members import LastAdminError, UnknownPersonError
from donations.access.password import TooBusyError
from donations.core.refusal import RefusedError
from donations.core.texts import TextRefusedError
from donations.web.declared import SAFE_METHODS
from donations.web.entering.account import ACCOUNT_PATH
from donations.web.entering.again import proof_page
from donations.web.entering.errand import errand_of, path_asked
from donations.web.failure_code import FailureCode
from donations.web.failures import FAILURES, PageError
from donations.web.guard import ProofNeededError, SignInNeededError, StepNeededError
from donations.web.headers import headers_for
from donations.web.navigation import SIGN_IN_PATH
from donations.web.pages import failure_page, see
from donations.web.refusals import REFUSALS

_LOG = logging.getLogger(__name__)
_BY_STATUS = {
    400: FailureCode.BAD_UPLOAD,
    404: FailureCode.UNKNOWN_PAGE,
    405: FailureCode.METHOD_NOT_ALLOWED,
    408: FailureCode.BODY_TOO_SLOW,
    413: FailureCode.FILE_TOO_LARGE,
}
_BY_KIND: dict[type[Exception], FailureCode] = {
    LinkGoneError: FailureCode.LINK_GONE,
    UnknownPersonError: FailureCode.UNKNOWN_PERSON,
    LastAdminError: FailureCode.LAST_ADMIN,
    TooBusyError: FailureCode.SIGN_IN_BUSY,
}


def _sign_in_needed(request: Request, _: Exception) -> Response:
    """Send to the sign-in page, and back here afterwards where nothing was being changed."""
    if request.method not in SAFE_METHODS:
        return see(request, SIGN_IN_PATH)
    return see(request, f"{SIGN_IN_PATH}?{urlencode({'next': path_asked(request)})}")


def _proof_needed(request: Request, error: Exception) -> Response:
    """Ask who is there: at an address of its own for a page, and here for a form, whose content is in no address."""
    errand = errand_of(request, fields=error.fields if isinstance(error, ProofNeededError) else None)
    return see(request, errand.proof_path) if errand.fields is None else proof_page(request, errand, status=401)


def _step_needed(request: Request, _: Exception) -> Response:
    return see(request, ACCOUNT_PATH)


def _page_error(request: Request, error: Exception) -> Response:
    return failure_page(request, error.failure if isinstance(error, PageError) else FAILURES[FailureCode.INTERNAL])


def _of_access(request: Request, error: Exception) -> Response:
    return failure_page(request, FAILURES[_BY_KIND[type(error)]])


def _refused(request: Request, error: Exception) -> Response:
    code = error.code if isinstance(error, RefusedError) else FailureCode.BAD_FORM
    if code in FAILURES:
        return failure_page(request, FAILURES[FailureCode(code)])
    return failure_page(request, REFUSALS.get(code, FAILURES[FailureCode.BAD_FORM]))


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return failure_page(request, FAILURES[_BY_STATUS.get(status, FailureCode.INTERNAL)])


def _beyond_numbers(request: Request, _: Exception) -> Response:
    """Nothing is kept under a number that the database cannot hold."""
    return failure_page(request, FAILURES[FailureCode.UNKNOWN_PAGE])


def _bad_form(request: Request, error: Exception) -> Response:
    """Say so without what was sent, which the framework's own answer would repeat."""
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    too_long = next((each for each in wrong if each["type"] == "string_too_long"), None)
    if too_long is not None:
        return _text_refused(request, TextRefusedError(str(too_long["loc"][-1]), too_long["ctx"]["max_length"]))
    return failure_page(request, FAILURES[FailureCode.BAD_FORM])


def _text_refused(request: Request, error: Exception) -> Response:
    failure = REFUSALS["text_refused"]
    if isinstance(error, TextRefusedError):
        failure = replace(failure, values={"field": error.field, "limit": error.limit})
    return failure_page(request, failure)


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


def internal_error(request: Request, error: Exception) -> Response:
    """Answer without details; this page is made outside all middleware, so it brings its headers itself."""
    # The route and not the path: a link's secret stands in its path, and it may still be good.
    _LOG.error("unforeseen %s on %s", type(error).__name__, getattr(request.scope.get("route"), "path", "no route"))
    answer = failure_page(request, FAILURES[FailureCode.INTERNAL])
    answer.headers.update(headers_for(request.scope["path"]))
    return answer


HANDLERS: dict[int | type[Exception], Callable[[Request, Exception], Response]] = {
    SignInNeededError: _sign_in_needed,
    ProofNeededError: _proof_needed,
    StepNeededError: _step_needed,
    **dict.fromkeys(_BY_KIND, _of_access),
    PageError: _page_error,
    TextRefusedError: _text_refused,
    RefusedError: _refused,
    HTTPException: _http_error,
    RequestValidationError: _bad_form,
    OperationalError: _database,
    OverflowError: _beyond_numbers,
    DataError: _beyond_numbers,
}
"""What the unforeseen is answered with is `internal_error`."""
