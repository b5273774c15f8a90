"""A step that is shown before it is taken: done and rolled back, then done exactly as it was shown (docs/adr/0004)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing
from donations.store.version import books_version
from donations.views.value import digest_of
from donations.web.site import Site

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Result]):
    """What a step comes to."""

    result: Result
    promised: str
    is_outdated: bool = False
    """Whether something else had been promised, so that nothing was changed."""

    @property
    def shown(self) -> dict[str, Any]:
        """What the page that shows it is given."""
        return {
            "status": 409 if self.is_outdated else 200,
            "result": self.result,
            "promised": self.promised,
            "outdated": self.is_outdated,
        }


class _OutdatedError(Exception):
    """Rolls the step back."""


Act = Callable[[WriteSession], Result]


def tried(site: Site, act: Act[Result], *, again: Hashable = None) -> Outcome[Result]:
    """Take a step and roll it back.

    With `again`, a name for the step, its result is shown again as long as the books and the day are the same.
    """
    if again is not None:
        with reading(site.engine) as session:
            known: Outcome[Result] | None = site.previews.get(again, state=_state(site, session))
        if known is not None:
            return known
    with writing(site.engine, keep=False) as session:
        state = _state(site, as_reader(session))
        result = act(session)
    outcome = Outcome(result=result, promised=digest_of(result))
    if again is not None:
        site.previews.keep(again, outcome, state=state)
    return outcome


def _state(site: Site, session: ReadSession) -> Hashable:
    return site.today, books_version(session)


def taken(
    site: Site, act: Act[Result], *, promised: str, digest: Callable[[Result], str] = digest_of
) -> Outcome[Result]:
    """Take a step if it comes to what was promised; where it does not, roll it back and say so."""
    is_outdated = True
    with suppress(_OutdatedError), writing(site.engine) as session:
        result = act(session)
        if digest(result) != promised:
            raise _OutdatedError
        is_outdated = False
    return Outcome(result=result, promised=digest(result), is_outdated=is_outdated)
