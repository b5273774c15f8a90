"""The working list for form INF 4: whom the tax board is told about, who cannot be listed yet and why, and the rest.

It is no file of the tax board: its layout for uploading is not public. Due on 1 February for the year before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from donations.acts.year_given import DonorYear, year_given
from donations.core.donor import ANONYMOUS, DonorId, DonorKind
from donations.core.language import N_
from donations.core.money import EUR, Currency, Minor, totals
from donations.core.period import Period
from donations.core.person_code import CheckedCode
from donations.ledger.retention import unnamed
from donations.matching.payer import is_registry_code
from donations.store.donors.restricted import all_restricted, names_kept
from donations.store.papers.tax_lists import KeptLine, codes_by_donor, donors_with_bad_codes, lines_of, named
from donations.store.session import ReadSession


class UnlistedReason(StrEnum):
    """Why a donor cannot be listed."""

    CODE_MISSING = "code_missing"
    CODE_INVALID = "code_invalid"
    """A code came with the gifts, but its check digit is wrong."""
    TWO_CODES = "two_codes"
    """Donors were merged who have a code each."""
    NAME_MISSING = "name_missing"
    NOTHING_LEFT = "nothing_left"
    """As much or more went back as was given in the year."""


WHY_UNLISTED = {
    UnlistedReason.CODE_MISSING: N_("The code is missing"),
    UnlistedReason.CODE_INVALID: N_("A code came with the gift, but it is not valid"),
    UnlistedReason.TWO_CODES: N_("Two donors with different codes were merged"),
    UnlistedReason.NAME_MISSING: N_("The name is missing"),
    UnlistedReason.NOTHING_LEFT: N_("As much was paid back as was given"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """A donor who cannot be listed yet."""

    donor: DonorId
    name: str
    why: UnlistedReason
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Inf4:
    """A calendar year; euro cents, less what of its gifts ever went back. All parts add up to `total`."""

    year: int
    lines: tuple[KeptLine, ...]
    """By name."""
    unlisted: tuple[Unlisted, ...]
    """The largest sums first."""
    anonymous: Minor
    without_donor: Minor
    """Refunds of which nobody said whose gift they return: zero or negative."""
    elsewhere: tuple[tuple[Currency, Minor], ...]
    """What was given in other currencies: the form wants euros."""
    returned_later: Minor
    """Of the year's gifts, in later years; taken off here, and in other reports on the day it was paid back."""
    returned_of_before: Minor
    """Paid back in the year, of gifts of earlier years; taken off theirs here, and off this year in other reports."""

    @property
    def listed(self) -> Minor:
        """The sum of the lines."""
        return sum(each.minor for each in self.lines)

    @property
    def not_listed(self) -> Minor:
        """The sum of those who cannot be listed yet."""
        return sum(each.minor for each in self.unlisted)

    @property
    def total(self) -> Minor:
        """What was given in euros in the year, less what of it ever went back."""
        return self.listed + self.not_listed + self.anonymous + self.without_donor

    @property
    def booked(self) -> Minor:
        """Gifts less refunds by day of booking, as the report of donors by year says."""
        return self.total + self.returned_later - self.returned_of_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A line that is not as it was on the list before; None where it is not on one of the two."""

    donor: DonorId
    name: str
    """As it is now, else as it was."""
    before: KeptLine | None
    now: KeptLine | None


_DECLARED_UNTIL = 6
"""Until June one looks back at the year before: the form is due on 1 February and is corrected in spring."""


def year_to_declare(today: date) -> int:
    """Return the year that one is busy with on a day."""
    return today.year - 1 if today.month <= _DECLARED_UNTIL else today.year


def kind_of(code: CheckedCode) -> DonorKind:
    """Return whose code it is."""
    return DonorKind.ORGANISATION if is_registry_code(code) else DonorKind.PERSON


def inf4(session: ReadSession, year: int) -> Inf4:
    """Return what the tax board would be told of a year, as the books are now."""
    days = Period.of(year=year)
    found = year_given(session, year)
    codes = codes_by_donor(session)
    bad = donors_with_bad_codes(session, first_day=days.first_day, last_day=days.last_day)
    nameless = all_restricted(session) - names_kept(session).keys()
    lines: list[KeptLine] = []
    unlisted: list[Unlisted] = []
    rest: Counter[DonorId | None] = Counter()
    for each in found.given:
        if each.currency != EUR:
            continue
        if each.donor is None or each.donor == ANONYMOUS:
            rest[each.donor] += each.minor
            continue
        own = codes.get(each.donor, ())
        why = _why(each, own, is_bad=each.donor in bad, has_name=bool(each.name) and each.donor not in nameless)
        if why is None:
            lines.append(KeptLine(each.donor, own[0], each.name, each.minor))
        else:
            unlisted.append(Unlisted(donor=each.donor, name=each.name, why=why, minor=each.minor))
    return Inf4(
        year=year,
        lines=tuple(lines),
        unlisted=tuple(sorted(unlisted, key=lambda each: (-each.minor, each.donor))),
        anonymous=rest[ANONYMOUS],
        without_donor=rest[None],
        elsewhere=totals(each for each in found.given if each.currency != EUR),
        returned_later=found.returned_later[EUR],
        returned_of_before=found.returned_of_before[EUR],
    )


def _why(each: DonorYear, codes: Sequence[CheckedCode], *, is_bad: bool, has_name: bool) -> UnlistedReason | None:
    if each.minor <= 0:
        return UnlistedReason.NOTHING_LEFT
    if not codes:
        return UnlistedReason.CODE_INVALID if is_bad else UnlistedReason.CODE_MISSING
    if len(codes) > 1:
        return UnlistedReason.TWO_CODES
    return None if has_name else UnlistedReason.NAME_MISSING


def differences(before: Iterable[KeptLine], now: Iterable[KeptLine]) -> list[Differs]:
    """Return the donors whose lines came, went or changed between two lists, by name."""
    old, new = ({each.donor: each for each in lines} for lines in (before, now))
    found = [
        Differs(donor=donor, name=(new.get(donor) or old[donor]).name, before=old.get(donor), now=new.get(donor))
        for donor in {*old, *new}
        if old.get(donor) != new.get(donor)
    ]
    return sorted(found, key=lambda each: (each.name.casefold(), each.donor))


def changed_since(session: ReadSession, number: int, lines: Iterable[KeptLine]) -> list[Differs]:
    """Return what differs from a kept list; of restricted donors it shows no names."""
    hidden = all_restricted(session)
    found = differences(lines_of(session, number), named(session, lines))
    return [replace(each, name=unnamed(each.donor)) if each.donor in hidden else each for each in found]
