"""What goes wrong, as programs read it: RFC 9457 problems from the catalogue of refusals, in the request's language."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field
from starlette.responses import JSONResponse

from donations.core.problem import Problem as FileProblem
from donations.core.refusal import Refusal, RefusalCode
from donations.core.refusals import AccessCode
from donations.views.formats import PLAIN_TELLER as TELLER
from donations.views.phrases import problem_views
from donations.views.value import View
from donations.web.long_steps import LongStep
from donations.web.refused import refusal_in_words, retry_after, status_of

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


class ProblemDocument(View):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="Where the code is explained.", json_schema_extra={"format": "uri-reference"})
    title: str = Field(description="What happened.")
    status: int
    detail: str
    code: str = Field(description="Stable: programs and translations hang on it.")
    money: str = Field(description="What it means for the money.")
    remedy: str = Field(description="What to do.")
    problems: list[Wrong] = Field(description="Each thing that is wrong, where there are several.")


class RefusedForProblems(Refusal):
    """A request is refused for several things, which are named in particular."""

    def __init__(self, code: RefusalCode, problems: Iterable[Wrong]) -> None:
        """Keep each thing that is wrong."""
        self.problems = tuple(problems)
        super().__init__(code)


def problem(refusal: Refusal, in_the_way: LongStep | None = None, *, of_body: bool = False) -> JSONResponse:
    """Return a refusal as an answer. Texts are in the reader's language; the code never changes.

    What a body names and is not there makes the body wrong (`of_body`), not the address.
    """
    status = status_of(refusal.code)
    if of_body and status == 404:
        status = 422
    answer = ProblemDocument(
        type=f"{CATALOGUE_PATH}#{refusal.code}",
        status=status,
        problems=list(refusal.problems) if isinstance(refusal, RefusedForProblems) else [],
        **refusal_in_words(refusal, in_the_way).document(),
    )
    return JSONResponse(
        answer.model_dump(), status, _headers(refusal.code, status) | retry_after(refusal, in_the_way), MEDIA_TYPE
    )


def problems_of_file(problems: Iterable[FileProblem]) -> list[Wrong]:
    """Return what is wrong with a statement file in words; remedies are those of no page."""
    return [Wrong(**dict(each)) for each in problem_views(problems, TELLER)]


def _headers(code: RefusalCode, status: int) -> dict[str, str]:
    if status == 401:
        error = "" if code is AccessCode.TOKEN_MISSING else ', error="invalid_token"'  # RFC 6750 § 3.1
        return {"WWW-Authenticate": f'Bearer realm="donations"{error}'}
    if code is AccessCode.SCOPE_MISSING:
        return {"WWW-Authenticate": 'Bearer realm="donations", error="insufficient_scope"'}
    return {}
