"""What the application was made with, and what it found last, kept in memory until the books change."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, TypeVar

from fastapi import Depends
from sqlalchemy import Engine
from starlette.requests import Request

from donations.access.session import Lifetime
from donations.access.signing_in import Entrance
from donations.core.calendar import day_of
from donations.core.name import PLACEHOLDER
from donations.jobs.running import Runner
from donations.reports.association import Association
from donations.settings import Settings
from donations.store.log.looks import AccessNotes
from donations.store.payments.written import wordings_with, writings
from donations.store.session import ReadSession
from donations.store.version import KeptPreviews, books_version
from donations.web.access import Routes, visitor_of
from donations.web.beside import Published
from donations.web.long_steps import LongStep, LongSteps
from donations.web.traffic import Traffic

Found = TypeVar("Found")
_FOUND_MAX = 32


@dataclass(slots=True)
class Called:
    """What the organisation is called, as this program read it last; what is given out asks the books."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the application was made with."""

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime]
    """Tells the time with its zone; tests have their own."""
    entrance: Entrance
    routes: Routes
    jobs: Runner
    """Does what was begun beside the pages, by whatever server."""
    called: Called = field(default_factory=Called)
    previews: KeptPreviews = field(default_factory=KeptPreviews)
    readings: KeptPreviews = field(default_factory=lambda: KeptPreviews(most=2))
    """What was read of the files of the last uploads: shown again, and imported, they need not be read again."""
    evening: KeptPreviews = field(default_factory=KeptPreviews)
    """Where the evening stands, as long as the books stay as they are."""
    found: KeptPreviews = field(default_factory=lambda: KeptPreviews(_FOUND_MAX))
    """What pages found by looking at all there is."""
    looks: AccessNotes = field(default_factory=AccessNotes)
    published: Published = field(default_factory=Published)
    long_steps: LongSteps = field(default_factory=LongSteps)
    traffic: Traffic = field(default_factory=Traffic)
    is_demo: bool = False
    """Nobody signs in: whoever sits at this computer sees made-up books as their treasurer."""

    def once(self, session: ReadSession, name: Hashable, find: Callable[[], Found]) -> Found:
        """Return what was found last under a name where the books and the day are the same, or find it."""
        kept: tuple[Found] | None = self.found.get(name, state=self._state(session))
        return self.find_anew(session, name, find) if kept is None else kept[0]

    def find_anew(self, session: ReadSession, name: Hashable, find: Callable[[], Found]) -> Found:
        """Return what is found now, and keep it under a name until the books or the day are other ones."""
        found = find()
        self.found.keep(name, (found,), state=self._state(session))
        return found

    def found_last(self, session: ReadSession, name: Hashable) -> object | None:
        """Return what is kept under a name, without looking for it; None where nothing is."""
        kept: tuple[object] | None = self.found.get(name, state=self._state(session))
        return None if kept is None else kept[0]

    def _state(self, session: ReadSession) -> Hashable:
        return self.today, books_version(session)

    def found_by(self, session: ReadSession, find: Callable[..., Found], *by: Hashable, **named: Hashable) -> Found:
        """Return what a function of the books found last by the same arguments, likewise."""
        name = (find, by, *sorted(named.items()))
        return self.once(session, name, lambda: find(session, *by, **named))

    def wordings_with(self, session: ReadSession, sought: str) -> frozenset[int]:
        """Return which wordings have what is sought; all that is written is opened once until the books change."""
        return wordings_with(session, self.found_by(session, writings), sought)

    @property
    def organisation(self) -> str:
        """What the organisation is called at the head of pages."""
        return self.called.name or self.settings.organisation or self.published.organisation or PLACEHOLDER

    @property
    def own(self) -> Association:
        """What the association says of itself, as this program read it last."""
        return self.published.own or Association()

    @property
    def today(self) -> date:
        """The day in Estonia."""
        return day_of(self.clock())

    @property
    def lifetime(self) -> Lifetime:
        """When sessions end by themselves."""
        return self.entrance.lifetime


def site_of(request: Request) -> Site:
    """Return what the application was made with."""
    site = request.app.state.site
    if not isinstance(site, Site):
        raise TypeError
    return site


def in_the_way(request: Request) -> LongStep | None:
    """Return the step that keeps others from writing, for who is at home here; strangers are told of none."""
    visitor = visitor_of(request)
    return site_of(request).long_steps.in_the_way if visitor.is_signed_in or visitor.is_at_home else None


async def _site(request: Request) -> Site:
    return site_of(request)


SiteHere = Annotated[Site, Depends(_site)]
