"""What the fields of OFX statements and transactions say beyond what ofxparse takes from them, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from donations.core.calendar import names_a_day
from donations.core.iban import AccountNumber, parse_account, parse_bic, parse_iban
from donations.core.language import N_
from donations.core.money import BadCurrencyError, Currency, parse_currency
from donations.core.problem import Problem, ProblemCode, refuse
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.core.statement import LineKind
from donations.readers.draft import FIRST_BELIEVABLE_DAY, ofx_moment
from donations.readers.ofx_text import Tag

KINDS = {
    "FEE": LineKind.FEE,
    "SRVCHG": LineKind.FEE,
    "INT": LineKind.INTEREST,
    "POS": LineKind.CARD,
    "ATM": LineKind.CARD,
    "CASH": LineKind.CASH,
}
"""TRNTYPE, where it says more than that money moved."""


def own_account(account_id: str, *, bank: str) -> AccountNumber | None:
    """Return the IBAN, or the bank's own number behind the bank's code: alone it would not be unique."""
    return parse_iban(account_id) or parse_account(f"{bank}/{account_id}" if bank and account_id else account_id)


def period(first: date | None, last: date | None, *, posted: Collection[str]) -> tuple[date | None, date | None]:
    """Return DTSTART and DTEND if they can be the period; `posted` are the days of the lines as eight digits.

    In real files they are what was asked for: from 1970, in the wrong order, the day of the download, or with lines
    outside. Then they say nothing of which days the file covers, and the days of the lines do.
    """
    is_contradicted = (
        (first and first < FIRST_BELIEVABLE_DAY)
        or (first and posted and min(posted) < f"{first:%Y%m%d}")
        or (last and posted and max(posted) > f"{last:%Y%m%d}")
        or (first and last and last < first)
    )
    return (None, None) if is_contradicted else (first, last)


def flaws(values: Mapping[str, list[str]], *, row: int) -> Iterator[Problem]:
    """Report what ofxparse fails for, and what it passes over: repeated fields and corrections."""
    for name, field in (("TRNAMT", N_("The amount")), ("DTPOSTED", N_("The booking date"))):
        if name not in values:
            yield Problem.of(ProblemCode.MISSING_FIELD, line=row, field=field)
    if not any(values.get("FITID", ())):
        yield Problem.of(ProblemCode.MISSING_REFERENCE, line=row)
    if any(len(values.get(name, ())) > 1 for name in ("TRNAMT", "DTPOSTED", "FITID", "TRNTYPE", "NAME")):
        yield Problem.of(ProblemCode.BAD_OFX, line=row, what=N_("a field is there twice"))
    if any(day(posted) is None for posted in values.get("DTPOSTED", ())):
        yield Problem.of(ProblemCode.BAD_DATE, line=row)
    if _corrects_another(values):
        yield Problem.of(ProblemCode.CORRECTION_UNSUPPORTED, line=row)


def _corrects_another(values: Mapping[str, list[str]]) -> bool:
    """Whether a line takes another's place or takes it away; one that replaces itself is the line as it is now."""
    if "CORRECTFITID" not in values and "CORRECTACTION" not in values:
        return False
    actions = {action.strip().upper() for action in values.get("CORRECTACTION", ())}
    return values.get("CORRECTFITID") != values.get("FITID") or not actions <= {"REPLACE"}


def currency(tag: Tag) -> Currency | None:
    """Return the currency of an amount that is not in the account's; ORIGCURRENCY only tells what it once was in."""
    aggregate = tag.child("CURRENCY")
    if aggregate is None:
        return None
    try:
        return parse_currency("".join(aggregate.values()["CURSYM"]))
    except BadCurrencyError:
        raise refuse(ProblemCode.BAD_CURRENCY, line=tag.row) from None


def reference(refnum: str, memo: str) -> tuple[Reference | None, str]:
    """Return the payment reference and the free text: REFNUM if its check digits hold, else `/RFB/` in the memo."""
    stated = parse_reference(refnum) or parse_reference(split_remittance(refnum)[0])
    written, text = split_remittance(memo)
    if stated is None and (found := parse_reference(written)):
        return found, text
    return stated, memo


def counterparty_bank(tag: Tag) -> tuple[AccountNumber | None, str]:
    """Return the account and the BIC of BANKACCTTO or CCACCTTO.

    Banks that export no such field write `IBAN: DE..` into the memo. So does a payer, and nothing tells the two
    apart: an IBAN in a text stays there, as a hint.
    """
    aggregate = tag.child("BANKACCTTO") or tag.child("CCACCTTO")
    if aggregate is None:
        return None, ""
    values = aggregate.values()
    return parse_account("".join(values["ACCTID"])), parse_bic("".join(values["BANKID"]))


def moment_of_day(text: str) -> datetime | None:
    """Return the moment that a balance is of, where the text has a time inside the day; None for its end."""
    moment = ofx_moment(text)
    return None if moment is None or names_a_day(moment) else moment


def day(text: str) -> date | None:
    """Return the day that the first eight digits name, as the bank wrote it; None where they name none."""
    written = text[:8]
    if len(written) < 8 or not (written.isascii() and written.isdigit()):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
