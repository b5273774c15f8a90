"""What a bank shows in a download: which movements by then, in which order, with which balances, ids and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from tests.truth.bank_ids import Numbering
from tests.truth.values import (
    Batches,
    Change,
    ChangeKind,
    Download,
    Form,
    Habits,
    Line,
    Movement,
    Statement,
    Times,
    World,
)

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over."""
    return datetime.combine(day + _DAY, time.min)


def changed_by(one: Movement, change: Change | None) -> Movement | None:
    """Return a movement after a change; None where the bank shows it no more."""
    if change is None:
        return one
    match change.kind:
        case ChangeKind.VANISHED:
            return None
        case ChangeKind.MOVED:
            return replace(one, at=one.at + timedelta(days=change.days))
        case ChangeKind.PAYER:
            return replace(one, party=replace(one.party, iban=change.iban))
        case ChangeKind.TEXT:
            return replace(one, text=change.text)


@dataclass(slots=True)
class Bank:
    """All banks of a world."""

    world: World
    _as_of: dict[datetime, tuple[Movement, ...]] = field(default_factory=dict)

    def as_of(self, moment: datetime) -> tuple[Movement, ...]:
        """Return the movements that are booked by a moment, as the bank shows them then."""
        if moment not in self._as_of:
            shown = sorted(self._shown(moment), key=lambda each: (each.at, each.key))
            self._as_of[moment] = tuple(shown)
        return self._as_of[moment]

    def _shown(self, moment: datetime) -> Iterator[Movement]:
        changes = {each.movement: each for each in self.world.changes if each.since <= moment}
        for one in self.world.movements:
            changed = changed_by(one, changes.get(one.key)) if one.at <= moment else None
            if changed is not None:
                yield changed

    def balance(self, account: str, currency: str, *, before: datetime, seen_at: datetime) -> int:
        """Return what an account held at a moment, by what the bank shows at another."""
        opening = next(minor for iban, other, minor in self.world.openings if (iban, other) == (account, currency))
        return opening + sum(
            each.minor
            for each in self.as_of(seen_at)
            if (each.account, each.currency) == (account, currency) and each.at < before
        )

    def statements(self, download: Download) -> tuple[Statement, ...]:
        """Return what a download shows, a statement for each currency."""
        return tuple(self._statement(download, currency) for currency in download.currencies)

    def _statement(self, download: Download, currency: str) -> Statement:
        habits = self.world.account(download.account).habits
        begin = download.begins_at or datetime.combine(download.first_day, time.min)
        end = end_of(download.last_day)
        own = [
            each
            for each in self.as_of(download.made_at)
            if (each.account, each.currency) == (download.account, currency) and begin <= each.at < end
        ]
        lines = lines_of(own, download, habits, Numbering(world=self.world, download=download))
        first_day, last_day = _printed_days(download, lines)
        opening, closing, closing_on = self._balances(download, currency, begin, end)
        made, ended = _printed_times(download)
        return Statement(
            account=download.account,
            currency=currency,
            first_day=first_day,
            last_day=last_day,
            lines=lines,
            pending=self._pending(download, currency, habits),
            opening=opening,
            closing=closing,
            closing_on=closing_on,
            begins_at=download.begins_at,
            made_at=download.made_at,
            printed_made=made,
            printed_end=ended,
            number=_number(download) if habits.numbers else None,
            owner=self.world.organisation if habits.shows_owner else "",
            is_report=download.form.is_report,
            begins_somewhere=download.form is Form.TABLE,
            by_names=habits.swift_names,
            shown_balances=self._shown_balances(download, currency, begin),
        )

    def _shown_balances(self, download: Download, currency: str, begin: datetime) -> tuple[int, int] | None:
        """Return the balances of a report, or before and behind the rows of a table, which prove no edge of it."""
        if download.form not in {Form.CAMT_052, Form.TABLE} or not download.balances:
            return None
        seen, account = download.made_at, download.account
        began, now = (self.balance(account, currency, before=each, seen_at=seen) for each in (begin, seen + _SECOND))
        return began, now

    def _balances(
        self, download: Download, currency: str, begin: datetime, end: datetime
    ) -> tuple[int | None, int | None, date | None]:
        """Return the opening and the closing balance, and of which day the closing is."""
        form = download.form
        if form.is_report or not (download.balances or form is Form.MT940) or form in {Form.LHV_CSV, Form.SEB_CSV}:
            return None, None, None
        seen, account = download.made_at, download.account
        opening = self.balance(account, currency, before=begin, seen_at=seen)
        if form is Form.TABLE:
            return None, None, None
        is_ofx = form in {Form.OFX_1, Form.OFX_2}
        if is_ofx and download.balance_of_download:
            now = self.balance(account, currency, before=seen + _SECOND, seen_at=seen)
            return None, now, seen.date()
        closing = self.balance(account, currency, before=end, seen_at=seen)
        return None if is_ofx else opening, closing, download.last_day

    def _pending(self, download: Download, currency: str, habits: Habits) -> tuple[Line, ...]:
        """Return what is announced at noon and booked in the evening."""
        if not (habits.shows_pending and download.form.is_camt and download.is_part_of_last_day):
            return ()
        later = [
            each
            for each in self.world.movements
            if (each.account, each.currency) == (download.account, currency)
            and each.at > download.made_at
            and each.day == download.last_day == download.made_at.date()
            and each.batch is None
        ]
        numbering = Numbering(world=self.world, download=download)
        return tuple(replace(_single(each, download, habits, numbering), ids=()) for each in later)


def prints_period(download: Download) -> bool:
    """Whether a file says of which days it is: tables do not, but with Swedbank's balances, nor camt without any."""
    form = download.form
    if form.is_report or form is Form.TABLE:
        return False
    if form.is_csv:
        return form is Form.SWEDBANK_CSV and download.balances
    return not form.is_camt or download.balances or download.times is not Times.DATES


def _printed_days(download: Download, lines: tuple[Line, ...]) -> tuple[date, date]:
    """Where a file prints no period, it is what the rows span."""
    if not prints_period(download) and lines:
        return min(line.day for line in lines), max(line.day for line in lines)
    return download.first_day, download.last_day


def _printed_times(download: Download) -> tuple[datetime | None, datetime | None]:
    """Return when it was made and when its period ended, as far as the file says so."""
    nominal = end_of(download.last_day) - _SECOND
    if download.form.is_csv or download.form is Form.TABLE:
        return None, None
    if download.form.is_swift:
        return (None if download.times is Times.DATES else download.made_at), None
    match download.times:
        case Times.EXACT:
            return download.made_at, min(download.made_at, nominal)
        case Times.NOMINAL:
            return nominal, nominal
        case Times.DATES:
            return datetime.combine(download.made_at.date(), time.min), None


def _number(download: Download) -> int | None:
    """Statements of whole months are numbered one after another; others carry none."""
    first, last = download.first_day, download.last_day
    is_month = first.day == 1 and (last + _DAY).day == 1 and (first.year, first.month) == (last.year, last.month)
    return first.month if is_month else None


def lines_of(own: Iterable[Movement], download: Download, habits: Habits, numbering: Numbering) -> tuple[Line, ...]:
    """Return the lines that show these movements."""
    entries: dict[object, list[Movement]] = {}
    for one in own:
        entries.setdefault(("batch", one.batch) if one.batch is not None else one.key, []).append(one)
    lines = [line for entry in entries.values() for line in _entry(entry, download, habits, numbering)]
    if habits.newest_first:
        lines.reverse()
    return numbering.numbered(lines)


def _entry(entry: list[Movement], download: Download, habits: Habits, numbering: Numbering) -> list[Line]:
    singles = [_single(each, download, habits, numbering) for each in entry]
    if len(singles) == 1:
        return singles
    whole = Line(
        movements=tuple(each.key for each in entry),
        day=singles[0].day,
        at=singles[0].at,
        minor=sum(each.minor for each in singles),
        ids=numbering.of_batch(entry[0]),
        parts=tuple(singles),
    )
    if not download.form.is_camt:
        # A table has no entries: each part is a row, or the total is one.
        is_total = (download.batches or habits.csv_batches) is Batches.TOTAL
        return [replace(whole, parts=(), text="Kogumakse")] if is_total else singles
    match download.batches or habits.camt_batches:
        case Batches.TOTAL:
            return [replace(whole, details=0)]
        case Batches.FIRST_DETAIL:
            return [replace(whole, details=1)]
        case Batches.OTHER_SPLIT:
            return [replace(whole, parts=_other_split(singles))]
        case Batches.PARTS:
            return [whole]


def _other_split(singles: list[Line]) -> tuple[Line, ...]:
    """Let one part have a euro more and another one less: as where charges are taken off differently."""
    return (
        replace(singles[0], minor=singles[0].minor + 100),
        replace(singles[1], minor=singles[1].minor - 100),
        *singles[2:],
    )


def _names_behind(form: Form, habits: Habits) -> bool:
    """Whether a file says for whom somebody paid."""
    return form.is_camt or form is Form.LHV_CSV or (form.is_swift and not habits.swift_names)


def _single(one: Movement, download: Download, habits: Habits, numbering: Numbering) -> Line:
    form, party, text = download.form, one.party, one.text
    is_ofx = form in {Form.OFX_1, Form.OFX_2}
    in_memo = is_ofx and habits.iban_in_memo
    has_code = habits.gives_codes and not (is_ofx or form.is_swift) and form not in {Form.SWEDBANK_CSV, Form.TABLE}
    has_iban = form is not Form.SWEDBANK_CSV and not in_memo and not (is_ofx and habits.ofx_names_only)
    if in_memo and party.iban:
        text = f"{party.iban} {text}".strip()
    name = party.name[: min(habits.name_length, 32 if is_ofx else 54 if form.is_swift else 70)].rstrip()
    return Line(
        movements=(one.key,),
        day=one.day,
        at=one.at,
        minor=one.minor,
        name=name.upper() if habits.capitals else name,
        iban=party.iban if has_iban else "",
        code=party.code if has_code else "",
        on_behalf_of=party.on_behalf_of if _names_behind(form, habits) else "",
        text=text[: habits.text_length].rstrip(),
        reference=one.reference,
        kind=one.kind,
        ids=numbering.of(one),
    )
