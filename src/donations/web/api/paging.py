"""Long lists, a page at a time: in the order of their ids, so that what is added meanwhile moves nothing."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Depends, Query
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.session import ID_MAX

LIMIT_MAX = 200
_MARK = "after:"
Item = TypeVar("Item")


class Page:
    """Which part of a list is wanted; the rest is behind the link `next` (RFC 8288)."""

    def __init__(self, request: Request, response: Response, *, after: int, limit: int) -> None:
        """Ask for `limit` items with ids higher than `after`."""
        self.after = after
        self.limit = limit
        self._request, self._response = request, response

    @property
    def one_more(self) -> int:
        """How many to read, so as to know whether there are more."""
        return self.limit + 1

    def cut(self, found: Sequence[Item], id_of: Callable[[Item], int]) -> tuple[list[Item], str | None]:
        """Return the items of this page and the cursor of the next one, which is told in a `Link` header too."""
        here = list(found[: self.limit])
        if len(found) <= self.limit:
            return here, None
        cursor = _written(id_of(here[-1]))
        url = self._request.url.include_query_params(cursor=cursor, limit=self.limit)
        self._response.headers["Link"] = f'<{_relative(url)}>; rel="next"'
        return here, cursor


def page_wanted(
    request: Request,
    response: Response,
    cursor: Annotated[
        str, Query(max_length=64, description="From `next` of the page before; without it the list begins.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="How many items at most.")] = 50,
) -> Page:
    """Return which part of a list is wanted; raises `Refusal`."""
    return Page(request, response, after=_read(cursor) if cursor else 0, limit=limit)


PageHere = Annotated[Page, Depends(page_wanted)]


def _written(last: int) -> str:
    return urlsafe_b64encode(f"{_MARK}{last}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        text = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise Refusal(RequestCode.BAD_CURSOR) from error
    number = text.removeprefix(_MARK)
    if not text.startswith(_MARK) or not (number.isascii() and number.isdigit()) or int(number) > ID_MAX:
        raise Refusal(RequestCode.BAD_CURSOR)
    return int(number)


def _relative(url: URL) -> str:
    """Return the address without the host: whatever stands before the program, the link leads there."""
    return f"{url.path}?{url.query}"
