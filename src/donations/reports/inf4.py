"""The working list for form INF 4: whom the tax board is told about, who cannot be listed yet and why, and the rest.

It is no file of the tax board: its layout for uploading is not public. Due on 1 February for the year before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from donations.acts.certificate import DonorYear, giving_of_year
from donations.acts.promise import is_as_promised
from donations.core.calendar import Period
from donations.core.canonical import canonical
from donations.core.donor import ANONYMOUS, DonorId, DonorKind
from donations.core.money import EUR, Currency, Minor, totals
from donations.core.name_order import name_order
from donations.core.person_code import CheckedCode
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.ledger.audit import commitment_to
from donations.ledger.retention import unnamed
from donations.ledger.returned import counted_between
from donations.matching.payer import is_registry_code
from donations.store.donors.restricted import all_restricted, names_kept
from donations.store.giving.donor_giving import parts_of
from donations.store.log.audit import secret_of_books
from donations.store.organisation import IncentiveList, said
from donations.store.papers import (
    KeptLine,
    codes_by_donor,
    donors_with_bad_codes,
    kept_lists,
    lines_of_list,
    names_on_list,
)
from donations.store.session import ReadSession
from donations.views.inf4 import Inf4View, KeptListView, ListedChange, ListedView, UnlistedReason, UnlistedView
from donations.views.value import Money, Named, money, money_by_currency


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
    outside: Minor
    """Of known donors, given while the association was not on the list of those with income tax incentives."""
    incentives: IncentiveList | None
    """When it was; None where nobody said it, and then all counts."""
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
        return self.listed + self.not_listed + self.anonymous + self.without_donor + self.outside

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
    found, incentives = giving_of_year(session, year), said(session, IncentiveList)
    inside = _given_inside(session, found.given, days, incentives)
    codes = codes_by_donor(session)
    bad = donors_with_bad_codes(session, first_day=days.first_day, last_day=days.last_day)
    nameless = all_restricted(session) - names_kept(session).keys()
    lines: list[KeptLine] = []
    unlisted: list[Unlisted] = []
    rest: Counter[DonorId | None] = Counter()
    outside = 0
    for each in found.given:
        if each.currency != EUR:
            continue
        if each.donor is None or each.donor == ANONYMOUS:
            rest[each.donor] += each.minor
            continue
        minor = each.minor if inside is None else inside.get(each.donor, 0)
        outside += each.minor - minor
        if inside is not None and each.donor not in inside:
            continue
        own = codes.get(each.donor, ())
        why = _why(minor, own, is_bad=each.donor in bad, has_name=bool(each.name) and each.donor not in nameless)
        if why is None:
            lines.append(KeptLine(each.donor, own[0], each.name, minor))
        else:
            unlisted.append(Unlisted(donor=each.donor, name=each.name, why=why, minor=minor))
    return Inf4(
        year=year,
        lines=tuple(lines),
        unlisted=tuple(sorted(unlisted, key=lambda each: (-each.minor, each.donor))),
        anonymous=rest[ANONYMOUS],
        without_donor=rest[None],
        outside=outside,
        incentives=incentives,
        elsewhere=totals(each for each in found.given if each.currency != EUR),
        returned_later=found.returned_later[EUR],
        returned_of_before=found.returned_of_before[EUR],
    )


def _given_inside(
    session: ReadSession, given: Iterable[DonorYear], year: Period, incentives: IncentiveList | None
) -> dict[DonorId, Minor] | None:
    """Return what known donors gave in euros while gifts were to be declared; None: that is all of the year."""
    if incentives is None or (incentives.has(year.first_day) and incentives.has(year.last_day)):
        return None
    if incentives.since is None:
        return {}
    first, last = max(incentives.since, year.first_day), min(incentives.until or date.max, year.last_day)
    if first > last:
        return {}
    donors = {each.donor for each in given if each.donor is not None and each.donor != ANONYMOUS}
    parts = (part for part in parts_of(session, donors) if part.currency == EUR)
    return counted_between(parts, first_day=first, last_day=last)


def _why(minor: Minor, codes: Sequence[CheckedCode], *, is_bad: bool, has_name: bool) -> UnlistedReason | None:
    if minor <= 0:
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
    return sorted(found, key=lambda each: (name_order(each.name), each.donor))


def changed_since(session: ReadSession, number: int, lines: Iterable[KeptLine]) -> list[Differs]:
    """Return what differs from a kept list; of restricted donors it shows no names."""
    hidden = all_restricted(session)
    found = differences(lines_of_list(session, number), names_on_list(session, lines))
    return [replace(each, name=unnamed(each.donor)) if each.donor in hidden else each for each in found]


def inf4_view(session: ReadSession, found: Inf4) -> Inf4View:
    """Return the year as it is shown, with the lists that were taken along."""
    lists = kept_lists(session, found.year)
    changed = changed_since(session, lists[0].id, found.lines) if lists else []
    return Inf4View.made_of(
        found,
        listed=[
            ListedView(donor=_named(each), kind=kind_of(each.code), money=_eur(each.minor)) for each in found.lines
        ],
        not_listed=[UnlistedView(donor=_named(each), money=_eur(each.minor), why=each.why) for each in found.unlisted],
        **{f"{name}_sum": _eur(getattr(found, name)) for name in ("listed", "not_listed")},
        **{name: _eur(getattr(found, name)) for name in _SUMS},
        elsewhere=money_by_currency(found.elsewhere),
        lists=[KeptListView.made_of(each, money=_eur(each.minor)) for each in lists],
        changed=list(map(_change, changed)),
        is_list_said=found.incentives is not None,
        on_list_since=found.incentives and found.incentives.since,
        on_list_until=found.incentives and found.incentives.until,
        promised=_promise_of(session, found),
    )


def refuse_other_list(session: ReadSession, found: Inf4, *, promised: str | None) -> None:
    """Raise `Refusal`, `preview_outdated`, where a list was promised and it is another one now."""
    if promised is not None and not is_as_promised(promised, _promise_of(session, found)):
        raise Refusal(RequestCode.PREVIEW_OUTDATED)


def _promise_of(session: ReadSession, found: Inf4) -> str:
    """Return what a list says, codes too, as a digest under a secret: who sees names must not try codes out."""
    secret = secret_of_books(session)
    lines = names_on_list(session, found.lines)
    rows = [[each.donor, each.name, each.minor, str(each.code) if secret else ""] for each in lines]
    return commitment_to(canonical(["inf4", found.year, rows]), secret)


_SUMS = ("anonymous", "without_donor", "outside", "total", "returned_later", "returned_of_before", "booked")


def _change(each: Differs) -> ListedChange:
    before, now = each.before, each.now
    return ListedChange(
        donor=_named(each),
        before=before and _eur(before.minor),
        now=now and _eur(now.minor),
        has_other_code=before is not None and now is not None and before.code != now.code,
        has_other_name=before is not None and now is not None and before.name != now.name,
    )


def _given(each: KeptLine | Unlisted) -> dict[str, Any]:
    return {"donor": _named(each), "money": _eur(each.minor)}


def _named(each: KeptLine | Unlisted | Differs) -> Named:
    return Named(id=each.donor, name=each.name)


def _eur(minor: Minor) -> Money:
    return money(minor, EUR)
