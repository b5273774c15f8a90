"""Every kind of error, and the page or redirect that answers it; one table inside the application and around it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode, RunningCode
from donations.core.texts import text_refused
from donations.store.place import foreseen
from donations.web.declared import SAFE_METHODS
from donations.web.guard import ProofNeededError, SignInNeededError, StepNeededError
from donations.web.headers import headers_for
from donations.web.navigation import SIGN_IN_PATH
from donations.web.pages import refusal_page, see
from donations.web.refused import OF_STATUS
from donations.web.sign_in.account import ACCOUNT_PATH
from donations.web.sign_in.again import errand_of, path_asked, proof_page

_LOG = logging.getLogger(__name__)


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


def _refused(request: Request, error: Exception) -> Response:
    return refusal_page(request, error if isinstance(error, Refusal) else Refusal(RequestCode.INTERNAL))


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusal_page(request, Refusal(OF_STATUS.get(status, RequestCode.INTERNAL)))


def _beyond_numbers(request: Request, _: Exception) -> Response:
    """Nothing is kept under a number that the database cannot hold."""
    return refusal_page(request, Refusal(RequestCode.UNKNOWN_PAGE))


def _bad_form(request: Request, error: Exception) -> Response:
    """Say so without what was sent, which the framework's own answer would repeat."""
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    too_long = next((each for each in wrong if each["type"] == "string_too_long"), None)
    if too_long is not None:
        return refusal_page(request, text_refused(str(too_long["loc"][-1]), too_long["ctx"]["max_length"]))
    return refusal_page(request, Refusal(RequestCode.BAD_FORM))


def _database(request: Request, error: Exception) -> Response:
    """Tell a lock that will pass and a full disk from what nobody foresaw."""
    code = foreseen(error)
    if code not in {RunningCode.BUSY, RunningCode.STORAGE_FULL}:
        raise error
    return refusal_page(request, Refusal(code))


def internal_error(request: Request, error: Exception) -> Response:
    """Answer without details; this page is made outside all middleware, so it brings its headers itself."""
    # The route and not the path: a link's secret stands in its path, and it may still be good.
    _LOG.error("unforeseen %s on %s", type(error).__name__, getattr(request.scope.get("route"), "path", "no route"))
    answer = refusal_page(request, Refusal(RequestCode.INTERNAL))
    answer.headers.update(headers_for(request.scope["path"]))
    return answer


HANDLERS: dict[int | type[Exception], Callable[[Request, Exception], Response]] = {
    SignInNeededError: _sign_in_needed,
    ProofNeededError: _proof_needed,
    StepNeededError: _step_needed,
    Refusal: _refused,
    HTTPException: _http_error,
    RequestValidationError: _bad_form,
    OperationalError: _database,
    OverflowError: _beyond_numbers,
    DataError: _beyond_numbers,
}
"""What the unforeseen is answered with is `internal_error`."""
