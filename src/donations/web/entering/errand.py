"""What somebody was about when a proof was asked for: a page to open, or a form that was sent, whose content is kept.

It travels in the pages themselves, and nowhere else: nothing of it is kept on the server, and no form in an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

from donations.web.access import visitor_of
from donations.web.entering.local_path import local_path
from donations.web.navigation import home_of

AGAIN_PATH = "/sign-in/again"
_KEPT = "kept."
"""What the names of the kept fields begin with, so that none is taken for one of the proof's own."""
_IS_FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Where to go on, and where one came from; both lead nowhere but to this site."""

    then: str
    back: str
    """Empty where it is not known."""
    fields: tuple[tuple[str, str], ...] | None = None
    """Of the form that was sent; None where a page was asked for."""

    @property
    def proof_path(self) -> str:
        """Where the proof for a page is asked for, and where one goes on once it is given."""
        return f"{AGAIN_PATH}?{urlencode({'next': self.then, 'back': self.back})}"

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The fields by which it travels through the forms of the proof."""
        form = (
            [] if self.fields is None else [(_IS_FORM, "yes"), *((_KEPT + name, value) for name, value in self.fields)]
        )
        return [("then", self.then), ("back", self.back), *form]


def path_asked(request: Request) -> str:
    """Return what a request asks for, as it can be asked for again."""
    path, query = str(request.scope["path"]), request.url.query
    return f"{path}?{query}" if query else path


def errand_of(request: Request, *, fields: Sequence[tuple[str, str]] | None) -> Errand:
    """Return what a request is about."""
    kept = None if fields is None else tuple(fields)
    return Errand(then=path_asked(request), back=_came_from(request), fields=kept)


def errand_asked(request: Request, *, then: str, back: str) -> Errand:
    """Return an errand that an address names."""
    home = home_of(request, visitor_of(request))
    return Errand(then=local_path(then, otherwise=home), back=local_path(back, otherwise=""))


def errand_sent(request: Request, sent: FormData) -> Errand:
    """Return the errand that travelled in a form."""
    told = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    asked = errand_asked(request, then=dict(told).get("then", ""), back=dict(told).get("back", ""))
    if _IS_FORM not in sent:
        return asked
    kept = ((name.removeprefix(_KEPT), value) for name, value in told if name.startswith(_KEPT))
    return Errand(then=asked.then, back=asked.back, fields=tuple(kept))


def _came_from(request: Request) -> str:
    """Return the page of ours that named this address; browsers say it to the same site."""
    parts = urlsplit(request.headers.get("referer", ""))
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return local_path(path, otherwise="") if parts.netloc == request.headers.get("host") else ""
