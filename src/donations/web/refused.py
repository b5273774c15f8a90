"""How the web answers a refusal: the status of its code, and its words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import Formatter

from donations.core.refusal import Refusal, RefusalCode, RefusalInWords, RefusalKind
from donations.core.refusals import CODES, AccessCode, BooksCode, DonorCode, RequestCode, RunningCode
from donations.views.formats import TELLER
from donations.views.language import gettext
from donations.web.long_steps import LongStep, try_again

_OF_KIND = {
    RefusalKind.WRONG_INPUT: 422,
    RefusalKind.ABSENT: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.BUSY: 503,
    RefusalKind.UNFORESEEN: 500,
}
_OTHERWISE: dict[RefusalCode, int] = {
    **dict.fromkeys((BooksCode.FILE_LET_GO, DonorCode.NAME_ERASED), 410),
    **dict.fromkeys(
        (
            AccessCode.TOKEN_MISSING,
            AccessCode.TOKEN_UNKNOWN,
            AccessCode.TOKEN_EXPIRED,
            AccessCode.TOKEN_REVOKED,
            AccessCode.TOKEN_OWNER_LEFT,
        ),
        401,
    ),
    **dict.fromkeys(
        (
            AccessCode.TOKEN_IN_URL,
            RequestCode.BAD_HOST,
            RequestCode.BAD_JSON,
            RequestCode.BAD_UPLOAD,
            RequestCode.NO_FILE,
            RequestCode.IDEMPOTENCY_KEY_MISSING,
        ),
        400,
    ),
    BooksCode.UNKNOWN_REPORT: 404,
    RequestCode.METHOD_NOT_ALLOWED: 405,
    RequestCode.BODY_TOO_SLOW: 408,
    RequestCode.FILE_TOO_LARGE: 413,
    RequestCode.UNSUPPORTED_MEDIA_TYPE: 415,
}
"""What HTTP has a status of its own for."""

OF_STATUS = {
    400: RequestCode.BAD_UPLOAD,
    404: RequestCode.UNKNOWN_PAGE,
    405: RequestCode.METHOD_NOT_ALLOWED,
    408: RequestCode.BODY_TOO_SLOW,
    413: RequestCode.FILE_TOO_LARGE,
}
"""What a status means that the framework answers by itself."""


def status_of(code: RefusalCode) -> int:
    """Return the status of HTTP."""
    return _OTHERWISE.get(code, _OF_KIND[code.kind])


def refusal_in_words(refusal: Refusal, in_the_way: LongStep | None = None) -> RefusalInWords:
    """Return the refusal in the language of this request; where the books are busy, with what is in the way."""
    words = refusal.translated(gettext, lambda fact: TELLER.write(str(fact) if isinstance(fact, int) else fact))
    if refusal.code is not RunningCode.BUSY or in_the_way is None:
        return words
    seconds = in_the_way.seconds_left
    return replace(words, what=in_the_way.to_others, remedy=words.remedy if seconds is None else try_again(seconds))


def retry_after(refusal: Refusal, in_the_way: LongStep | None = None) -> dict[str, str]:
    """Return the header that says when to come again; none where that would not help."""
    if refusal.code not in {RunningCode.BUSY, RequestCode.IDEMPOTENCY_KEY_IN_FLIGHT}:
        return {}
    return {"Retry-After": str(max(5, (in_the_way and in_the_way.seconds_left) or 5))}


@dataclass(frozen=True, slots=True)
class Explained:
    """A code as it is explained to who writes programs."""

    refusal: RefusalInWords
    status: int


def explained() -> Iterator[Explained]:
    """Yield every code; what fills its sentences is left open."""
    for code in CODES.values():
        facts = {
            name: f"‹{name}›" for said in (code.what, code.remedy) for _, name, *_ in Formatter().parse(said) if name
        }
        yield Explained(refusal_in_words(Refusal(code, **facts)), status_of(code))
