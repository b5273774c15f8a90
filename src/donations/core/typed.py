"""What a person types, read in one way everywhere: amounts, days, months, donors; and how long a text may be.

SQLite takes any text; PostgreSQL refuses NUL, and in an index all that is longer than 2,704 bytes. Both refuse the same
here, with one refusal.
"""

from __future__ import annotations

import re
from datetime import date

from donations.core.calendar import BadMonthError, Month
from donations.core.donor import ANONYMOUS, DonorId
from donations.core.money import BadAmountError, BadCurrencyError, Currency, Minor, parse_currency, parse_minor
from donations.core.reference import Reference, parse_reference
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, BooksCode, RequestCode

NAME_MAX = 80
"""What something of ours is called: an account, an appeal, a person, a program, the organisation."""
DONOR_NAME_MAX = 140
"""As in a transfer (ISO 20022 Max140Text)."""
REASON_MAX = 1_000
NOTE_MAX = 2_000
LINE_MAX = 500
"""Whatever else is one line: four bytes to a letter, an index holds it."""

UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")
"""NUL, and halves of letters, which no encoding writes."""


def text_refused(field: str, limit: int) -> Refusal:
    """Return the refusal of a text that is too long or cannot be kept; it is not repeated, for it may name somebody."""
    return Refusal(RequestCode.TEXT_REFUSED, field=field, limit=limit)


def bounded(text: str, field: str, limit: int) -> str:
    """Return a text that can be kept, without blanks around it. Raises `Refusal`."""
    text = text.strip()
    if len(text) > limit or UNREADABLE.search(text):
        raise text_refused(field, limit)
    return text


_WRITTEN = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?: \d{3}){1,3})(?:[.,]\d{1,2})?", re.ASCII)
"""A comma or a point before one or two decimals; thousands are parted by blanks, for other marks could be either."""
_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_ESTONIAN_DAY = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})", re.ASCII)
_DONOR_NUMBER = re.compile(r"(?:№\s*)?(\d{1,9})", re.ASCII)


def typed_amount(text: str, currency: Currency) -> Minor:
    """Return an amount that moved, more than nothing. Raises `Refusal`: `bad_amount`."""
    minor = _minor(text, currency)
    if minor is None or minor <= 0 or text.strip().startswith("+"):
        raise Refusal(AnswerCode.BAD_AMOUNT)
    return minor


def typed_balance(text: str, currency: Currency) -> Minor:
    """Return what an account held, below nothing with a minus. Raises `Refusal`: `bad_balance`."""
    minor = _minor(text, currency)
    if minor is None:
        raise Refusal(BooksCode.BAD_BALANCE)
    return minor


def typed_currency(text: str) -> Currency:
    """Return a currency. Raises `Refusal`: `bad_currency`."""
    try:
        return parse_currency(text)
    except BadCurrencyError:
        raise Refusal(BooksCode.BAD_CURRENCY) from None


def typed_day(text: str) -> date:
    """Return a day as browsers send it, `2026-01-31`, or as people in Estonia write it. Raises `Refusal`: `bad_day`."""
    found = _DAY.fullmatch(text.strip()) or _ESTONIAN_DAY.fullmatch(text.strip())
    if found is None:
        raise Refusal(BooksCode.BAD_DAY)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise Refusal(BooksCode.BAD_DAY) from None


def typed_month(text: str) -> Month:
    """Return the month written as `2026-10`. Raises `Refusal`: `bad_month`."""
    try:
        return Month.parse(text.strip())
    except BadMonthError:
        raise Refusal(BooksCode.BAD_MONTH) from None


def typed_donor(text: str) -> DonorId | str:
    """Return a donor by number, `anonymous` as the one that has no name, and all else as a name."""
    written = text.strip()
    if written.lower() == "anonymous":
        return ANONYMOUS
    number = _DONOR_NUMBER.fullmatch(written)
    return written if number is None else DonorId(int(number[1]))


def typed_reference(text: str) -> Reference:
    """Return a reference number. Raises `Refusal`: `bad_reference`."""
    reference = parse_reference(text)
    if reference is None:
        raise Refusal(BooksCode.BAD_REFERENCE, word=text.strip())
    return reference


def _minor(text: str, currency: Currency) -> Minor | None:
    written = " ".join(text.replace("\N{MINUS SIGN}", "-").strip().removesuffix("€").split())
    if _WRITTEN.fullmatch(written) is None:
        return None
    try:
        return parse_minor(written.replace(" ", ""), currency=currency, mark="," if "," in written else ".")
    except BadAmountError:  # cents of a currency that has none
        return None
