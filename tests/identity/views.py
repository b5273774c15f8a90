"""True payments, and every way a treasurer may download them: the worlds in which identity has to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise

from hypothesis import strategies as st
from tests.book import OTHER_OWN, OWN

from donations.core.iban import parse_account
from donations.core.money import EUR, Balance, Minor, money_of
from donations.core.person_code import parse_code
from donations.core.statement import BankId, Counterparty, IdScheme, Statement, StatementLine

FIRST = date(2026, 3, 1)
DAYS = 8
OPENING = 100_000

# Payers: a joint account, one name on two accounts, a code that comes only sometimes, a payer without a name.
PAYERS = (
    ("Mari Mets", "EE307700771000000012", ""),
    ("Mari Mets", "EE307700771000000012", "49403136526"),
    ("Jaan Mets", "EE307700771000000012", ""),
    ("", "EE307700771000000012", ""),
    ("Mari Mets", "EE832200221000000012", "49403136526"),
    ("Näidis OÜ", "EE471000001020145685", "12345678"),
    ("Kiri Kivi", "", ""),
    ("Own account", OTHER_OWN, ""),
)
TEXTS = ("Annetus", "Annetus 38001085718", "annetuseks", "anetus", "Arve 17", "annetuse tagastus", "")


class Format(StrEnum):
    """What a download shows of a payment."""

    XML = "xml"  # everything, with the bank's lasting reference
    CSV = "csv"  # everything but the code, with an archive id of another scheme
    OFX = "ofx"  # a name cut short, an id that lasts
    RENUMBERED = "renumbered"  # ids that the bank gives anew at each download
    BARE = "bare"  # no account, no id: name and text only


@dataclass(frozen=True, slots=True)
class TruePayment:
    """What really happened."""

    number: int
    day: date
    minor: Minor
    payer: int
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """One download: some days, in one format; part of a day where `until` ends inside its last day."""

    first_day: date
    last_day: date
    form: Format
    with_balances: bool
    shown_of_last_day: int | None = None
    """How many of the last day's payments it shows; None for all."""
    number: int = 0


@st.composite
def truths(draw: st.DrawFn) -> tuple[TruePayment, ...]:
    """Draw payments of a few days in a few amounts, so that twins are common."""
    count = draw(st.integers(1, 14))
    drawn = [
        (
            draw(st.integers(0, DAYS - 1)),
            draw(st.sampled_from([1000, 1000, 2000, -1000, -700])),
            draw(st.integers(0, len(PAYERS) - 1)),
            draw(st.sampled_from(TEXTS)),
        )
        for _ in range(count)
    ]
    return tuple(
        TruePayment(number, FIRST + timedelta(days=day), minor, payer, text)
        for number, (day, minor, payer, text) in enumerate(sorted(drawn, key=lambda each: each[0]))
    )


@st.composite
def downloads(draw: st.DrawFn, *, forms: Sequence[Format] = tuple(Format), parts: bool = True) -> list[View]:
    """Draw overlapping downloads that together show every day whole."""
    views = [_view(draw, forms, 0, DAYS - 1)] if draw(st.booleans()) else _consecutive(draw, forms)
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, DAYS - 1))
        views.append(_view(draw, forms, first, draw(st.integers(first, DAYS - 1)), parts=parts))
    return [
        View(v.first_day, v.last_day, v.form, v.with_balances, v.shown_of_last_day, number)
        for number, v in enumerate(views)
    ]


def _consecutive(draw: st.DrawFn, forms: Sequence[Format]) -> list[View]:
    cuts = sorted({0, *draw(st.sets(st.integers(1, DAYS - 1), max_size=3)), DAYS})
    return [_view(draw, forms, first, after - 1) for first, after in pairwise(cuts)]


def _view(draw: st.DrawFn, forms: Sequence[Format], first: int, last: int, *, parts: bool = False) -> View:
    form = draw(st.sampled_from(forms))
    # A bank that renumbers shows nothing in common with an unfinished day: only the balance tells then.
    partial = parts and form is not Format.RENUMBERED and draw(st.booleans())
    return View(
        FIRST + timedelta(days=first),
        FIRST + timedelta(days=last),
        form,
        with_balances=True if form is Format.RENUMBERED else draw(st.booleans()),
        shown_of_last_day=draw(st.integers(0, 3)) if partial else None,
    )


def statement_of(truth: Sequence[TruePayment], view: View) -> Statement:
    """Return what the bank's file states."""
    before = sum(payment.minor for payment in truth if payment.day < view.first_day)
    days = [payment for payment in truth if view.first_day <= payment.day <= view.last_day]
    if view.shown_of_last_day is not None:
        last = [payment for payment in days if payment.day == view.last_day]
        days = [payment for payment in days if payment.day < view.last_day] + last[: view.shown_of_last_day]
    *_, closing = accumulate((payment.minor for payment in days), initial=OPENING + before)
    account = parse_account(OWN)
    assert account is not None
    return Statement(
        account=account,
        currency=EUR,
        first_day=view.first_day,
        last_day=view.last_day,
        lines=tuple(_line(payment, view) for payment in days),
        opening=Balance(OPENING + before, EUR) if view.with_balances else None,
        closing=Balance(closing, EUR) if view.with_balances else None,
        balances=(),
    )


def _line(payment: TruePayment, view: View) -> StatementLine:
    name, iban, code = PAYERS[payment.payer]
    ids: tuple[BankId, ...] = ()
    match view.form:
        case Format.XML:
            ids = (BankId(IdScheme.ACCOUNT_SERVICER, f"A1B2C3D4{payment.number:04}"),)
        case Format.CSV:
            ids, code = (BankId(IdScheme.ARCHIVE, f"20260301{payment.number:08}"),), ""
        case Format.OFX:
            ids, name, code = (BankId(IdScheme.FITID, f"F{payment.number}"),), name[:32], ""
        case Format.RENUMBERED:
            ids, code = (BankId(IdScheme.ENTRY, f"{view.number}-{payment.number}"),), ""
        case Format.BARE:
            iban, code = "", ""
    return StatementLine(
        row=payment.number + 1,
        booked_on=payment.day,
        money=money_of(payment.minor, EUR),
        counterparty=Counterparty(name=name, account=parse_account(iban), code=parse_code(code)),
        text=payment.text,
        ids=ids,
    )
