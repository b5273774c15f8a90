"""Statement lines as identity sees them: what a payment's lines say together, and which moments a statement covers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NewType

from donations.core.calendar import TALLINN
from donations.core.iban import AccountNumber, ValidIban
from donations.core.keyword import normal
from donations.core.money import Minor
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import Code, UnverifiedCode
from donations.core.statement import (
    UNKNOWN_PROVENANCE,
    BankId,
    Counterparty,
    IdScheme,
    LineKind,
    Provenance,
    StatementLine,
)

_LAST_MINUTE = timedelta(minutes=1)
"""Banks write 23:59 or 23:59:59 for the end of a day."""


def begin_of(day: date) -> datetime:
    """Return the moment at which a day begins in Estonia."""
    return datetime.combine(day, time.min, TALLINN)


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over in Estonia."""
    return begin_of(day + timedelta(days=1))


def is_over(day: date, at: datetime) -> bool:
    """Whether a day was over at a moment, as banks write it."""
    return at >= end_of(day) - _LAST_MINUTE


def begins_inside(first_day: date, provenance: Provenance) -> bool:
    """Whether the file says that its first day had begun before."""
    return provenance.begins_at is not None and provenance.begins_at > begin_of(first_day) + _LAST_MINUTE


def ends_wholly(last_day: date, provenance: Provenance) -> bool | None:
    """Whether a statement goes up to the end of its last day, by its own words; None where it says no time.

    Its period must reach the day's end, and it must have been made after it: a file that was made at noon shows the
    morning, whatever period was asked for.
    """
    said = [moment for moment in (provenance.made_at, provenance.ends_at) if moment is not None]
    return all(is_over(last_day, moment) for moment in said) if said else None


_TEXT_START = 20
"""Formats cut texts at different lengths; this much of the start tells texts apart."""


def merged(payment: PaymentId, account: AccountNumber, lines: Sequence[StatementLine]) -> Payment:
    """Return the payment that the lines attest; they come in the order in which the bank made their statements.

    A valid IBAN or checked code of any line wins over an unverified one, and longer text over shorter, for formats
    cut texts at different lengths. Where two contradict each other, the bank corrected it: the later one counts.
    """
    if len(lines) == 1:
        return _payment(payment, account, lines[0], lines[0].counterparty, lines[0].text)
    parties = [line.counterparty for line in lines]
    fullest = Counterparty(
        name=_fullest((party.name for party in parties), _same_name),
        account=_last([party.account for party in parties], is_sure=_is_valid_iban),
        code=_last([party.code for party in parties], is_sure=_is_checked),
        on_behalf_of=_fullest((party.on_behalf_of for party in parties), _same_name),
        bic=_fullest((party.bic for party in parties), begins_alike),
    )
    return Payment(
        id=payment,
        account=account,
        booked_on=lines[0].booked_on,
        money=lines[0].money,
        counterparty=fullest,
        text=_fullest((line.text for line in lines), begins_alike),
        reference=_last([line.reference for line in lines], is_sure=bool),
        kind=max((line.kind for line in lines), key=lambda kind: (kind is not LineKind.TRANSFER, kind)),
        is_reversal=any(line.is_reversal for line in lines),
        return_reason=_fullest((line.return_reason for line in lines), begins_alike),
        value_date=_last([line.value_date for line in lines], is_sure=bool),
        original=_last([line.original for line in lines], is_sure=bool),
        charges=_last([line.charges for line in lines], is_sure=bool),
        details=next((line.details for line in reversed(lines) if line.details), ()),
    )


def _payment(
    payment: PaymentId, account: AccountNumber, line: StatementLine, counterparty: Counterparty, text: str
) -> Payment:
    return Payment(
        id=payment,
        account=account,
        booked_on=line.booked_on,
        money=line.money,
        counterparty=counterparty,
        text=text,
        reference=line.reference,
        kind=line.kind,
        is_reversal=line.is_reversal,
        return_reason=line.return_reason,
        value_date=line.value_date,
        original=line.original,
        charges=line.charges,
        details=line.details,
    )


@lru_cache(maxsize=100_000)
def text_start(text: str) -> str:
    """Return by what texts are told apart whatever a format does to blanks, case and length."""
    return normal(text).replace(" ", "")[:_TEXT_START]


def begins_alike(one: str, other: str) -> bool:
    """Whether one text begins the other: a format cut it, or has nothing of it."""
    return text_start(one).startswith(text_start(other)) or text_start(other).startswith(text_start(one))


def _is_valid_iban(number: AccountNumber) -> bool:
    return isinstance(number, str)


def _is_checked(code: Code) -> bool:
    return not isinstance(code, UnverifiedCode)


def _same_name(one: str, other: str) -> bool:
    words, others = set(name_key(one).split()), set(name_key(other).split())
    return words <= others or others <= words


def _fullest(texts: Iterable[str], is_same: Callable[[str, str], bool]) -> str:
    """Return the last text that says something, in the fullest spelling of those that say the same."""
    said = [text for text in texts if text]
    if not said:
        return ""
    return max((text for text in said if is_same(text, said[-1])), key=lambda text: (len(text), text))


def _last(values: Sequence[Any], *, is_sure: Callable[[Any], bool]) -> Any:
    """Return the last value that is sure, else the last one that there is."""
    known = [value for value in values if value is not None]
    return next((value for value in reversed(known) if is_sure(value)), known[-1] if known else None)


LineId = NewType("LineId", int)
StatementId = NewType("StatementId", int)


@dataclass(frozen=True, slots=True, eq=False)
class SeenLine:
    """One line of an imported statement: a payment's line, or the total of a batch entry."""

    id: LineId
    statement: StatementId
    line: StatementLine
    batch: LineId | None = None
    """The total that this line is a part of."""
    is_batch_total: bool = False
    """Whether the line's parts are the payments, and the line itself is none."""

    @property
    def bucket(self) -> tuple[date, Minor]:
        """Lines can only be the same payment on one booking date and with one signed amount."""
        return (self.line.booked_on, self.line.money.signed_minor)

    @property
    def iban(self) -> ValidIban | None:
        """The counterparty's account where it is a valid IBAN."""
        account = self.line.counterparty.account
        return account if isinstance(account, str) else None

    @property
    def words(self) -> frozenset[str]:
        """The folded words of the counterparty's name."""
        return frozenset(name_key(self.line.counterparty.name).split())


@dataclass(frozen=True, slots=True, eq=False)
class SeenStatement:
    """A statement of one account and currency whose lines are all here."""

    id: StatementId
    fingerprint: str
    """Digest of its file and its place in it: an order that does not depend on when it was imported."""
    first_day: date
    last_day: date
    opening: Minor | None
    closing: Minor | None
    lines: tuple[SeenLine, ...]
    provenance: Provenance = UNKNOWN_PROVENANCE
    demoted: frozenset[BankId] = field(init=False)
    """Ids that the statement repeats on different rows: this bank reuses them, so they prove nothing here."""

    def __post_init__(self) -> None:
        """Find the ids that tell nothing."""
        once: set[BankId] = set()
        repeated: set[BankId] = set()
        for seen in self.lines:
            for bank_id in seen.line.ids:
                (repeated if bank_id in once else once).add(bank_id)
        object.__setattr__(self, "demoted", frozenset(repeated))

    @property
    def made(self) -> tuple[datetime, str]:
        """Orders statements by when the bank made them, as far as it is known; never by when they were imported."""
        known = (self.provenance.made_at, self.provenance.ends_at, end_of(self.last_day))
        return next(moment for moment in known if moment is not None), self.fingerprint

    def on(self, day: date) -> tuple[SeenLine, ...]:
        """Return its entries of one day: a batch counts once, as its total."""
        return tuple(seen for seen in self.lines if seen.line.booked_on == day and seen.batch is None)

    def ids_of(self, seen: SeenLine) -> dict[IdScheme, frozenset[str]]:
        """Return the line's telling ids by scheme."""
        found: dict[IdScheme, frozenset[str]] = {}
        for bank_id in seen.line.ids:
            if bank_id not in self.demoted:
                found[bank_id.scheme] = found.get(bank_id.scheme, frozenset()) | {bank_id.value}
        return found
