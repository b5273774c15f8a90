"""What goes wrong, as programs read it: RFC 9457 problems from the same catalogue as the error pages."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field
from starlette.responses import JSONResponse

from donations.core.problem import Problem as FileProblem
from donations.views.problem import problem_views
from donations.views.value import View
from donations.web.api.catalogue import API_FAILURES
from donations.web.api.language import TELLER
from donations.web.failures import Failure
from donations.web.language import gettext

API_PATH = "/api/"
MEDIA_TYPE = "application/problem+json"
CATALOGUE_PATH = "/docs/problems"


def is_api(path: str) -> bool:
    """Whether a program asks: it is answered in JSON whatever happens."""
    return path.startswith(API_PATH)


class Wrong(View):
    """One of several things that are wrong with what was sent."""

    code: str
    what: str
    remedy: str = ""
    line: int | None = Field(default=None, description="Of the file, counted from 1.")
    at: str | None = Field(default=None, description="The field, parameter or header.")


class Problem(View):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="Where the code is explained.", json_schema_extra={"format": "uri-reference"})
    title: str = Field(description="What happened.")
    status: int
    detail: str
    code: str = Field(description="Stable: programs and translations hang on it.")
    money: str = Field(description="What it means for the money.")
    remedy: str = Field(description="What to do.")
    problems: list[Wrong] = Field(description="Each thing that is wrong, where there are several.")


class ApiError(Exception):
    """The request is refused; `failure` says why in general, `problems` in particular."""

    def __init__(self, code: str, *, problems: Iterable[Wrong] = ()) -> None:
        """Take the failure from the catalogue."""
        self.failure = API_FAILURES[code]
        self.problems = tuple(problems)
        super().__init__(code)


def problem(failure: Failure, *, problems: Iterable[Wrong] = ()) -> JSONResponse:
    """Return a failure as an answer. Texts are in the reader's language; the code never changes."""
    what, remedy = failure.told(gettext), gettext(failure.remedy)
    told = Problem(
        type=f"{CATALOGUE_PATH}#{failure.code}",
        title=what,
        status=failure.status,
        detail=f"{what} {remedy}",
        code=failure.code,
        money=gettext(failure.money),
        remedy=remedy,
        problems=list(problems),
    )
    return JSONResponse(told.model_dump(), failure.status, _headers(failure), MEDIA_TYPE)


def said_of_file(problems: Iterable[FileProblem]) -> list[Wrong]:
    """Return what is wrong with a statement file in words; remedies are those of no page."""
    return [Wrong(**dict(each)) for each in problem_views(problems, TELLER)]


def _headers(failure: Failure) -> dict[str, str]:
    if failure.status == 401:
        error = "" if failure.code == "token_missing" else ', error="invalid_token"'  # RFC 6750 § 3.1
        return {"WWW-Authenticate": f'Bearer realm="donations"{error}'}
    if failure.code == "scope_missing":
        return {"WWW-Authenticate": 'Bearer realm="donations", error="insufficient_scope"'}
    return {"Retry-After": "5"} if failure.code in {"busy", "idempotency_key_in_flight"} else {}
