"""The long steps that this process takes, in memory: how far each is, for who waits for it and who is kept by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from math import ceil
from time import monotonic

from babel.numbers import format_decimal

from donations.core.language import N_
from donations.core.progress import Tell
from donations.views.language import current_locale, gettext, ngettext


class Phase(Enum):
    """What a step is at: how that is said with its figures, and to others where it holds the books meanwhile."""

    READING = (N_("Reading file {at} of {total}"), "")
    WAITING = (N_("Waiting until the books are free"), "")
    TRYING = (N_("Trying it out: {done} of {total}"), "")
    BOOKING = (N_("Booking: {done} of {total}"), N_("A statement is being booked, {percent} % done."))
    JUDGING = (N_("Judging anew: {done} of {total}"), N_("Payments are being judged anew, {percent} % done."))
    CHECKING = (
        N_("Checking the books: {done} of {total}"),
        N_("The books are being checked before figures are published."),
    )

    def __init__(self, words: str, to_others: str) -> None:
        """Keep the words; steps with none for others hold nothing that they wait for."""
        self.words, self.to_others = words, to_others
        self.is_even = "{percent}" in to_others
        """Whether each part of it takes about as long; of 26 checks one takes most of the time."""


UNKNOWN = N_("It is being worked on.")


class LongStep:
    """One step and how far it is; one thread writes, others read."""

    def __init__(self, session: str, path: str) -> None:
        """Begin with waiting; `path` is where it was asked for, by whom the digest of the session says."""
        self.session, self.path = session, path
        self._over_at: float | None = None
        self.at(Phase.WAITING)

    def at(self, phase: Phase, total: int = 0) -> Tell:
        """Begin with a phase, and return what is to be told how far it is; `total` where it is known already."""
        self._far, self._over_at = (phase, 0, total), None
        first: tuple[float, int] | None = None

        def tell(done: int, total: int) -> None:
            nonlocal first
            now = monotonic()
            begun, before = first = first or (now, done)
            self._far = (phase, done, total)
            if phase.is_even and done > before:
                self._over_at = now + (total - done) * (now - begun) / (done - before)

        return tell

    def document(self) -> dict[str, str | int]:
        """Return it for the page that waits, in the reader's language."""
        phase, done, total = self._far
        figures = {"at": min(done + 1, total), "done": done, "total": total}
        written = {name: format_decimal(each, locale=current_locale()) for name, each in figures.items()}
        words = phase.words if total or phase is Phase.WAITING else UNKNOWN
        return {"is_known": True, "words": gettext(words).format(**written), "done": done, "total": total}

    @property
    def to_others(self) -> str:
        """What it does with the books, for who cannot write to them meanwhile; empty where it does not hold them."""
        phase, done, total = self._far
        return gettext(phase.to_others).format(percent=100 * done // max(total, 1))

    @property
    def seconds_left(self) -> int | None:
        """How long it takes still at the speed that it had since it first told; None where that is not known."""
        left = 0 if self._over_at is None else ceil(self._over_at - monotonic())
        return left if left > 0 else None


def try_again(seconds: int) -> str:
    """Return when to try again, rounded up to five seconds."""
    fives = ceil(seconds / 5) * 5
    return ngettext("Try again in about %(num)s second.", "Try again in about %(num)s seconds.", fives) % {"num": fives}


class LongSteps:
    """All long steps of this process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._steps: dict[LongStep, None] = {}

    @contextmanager
    def step(self, session: str, path: str) -> Iterator[LongStep]:
        """Let a step be known while it is taken."""
        step = LongStep(session, path)
        self._steps[step] = None
        try:
            yield step
        finally:
            del self._steps[step]

    def document(self, session: str, path: str) -> dict[str, str | int]:
        """Return how far the step is that was asked for there, the first of several; another process knows of none."""
        asked = (each for each in list(self._steps) if (each.session, each.path) == (session, path))
        found = next(asked, None)
        return {"is_known": False, "words": gettext(UNKNOWN)} if found is None else found.document()

    @property
    def in_the_way(self) -> LongStep | None:
        """The step that holds the books; None where another process does."""
        return next((each for each in list(self._steps) if each.to_others), None)
