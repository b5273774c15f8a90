"""The three tables of Estonian internet banks: LHV, Swedbank and SEB, each with marks and signs of its own."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Literal

from tests.truth.values import Download, Kind, Line, Statement
from tests.truth.writers.amounts import decimal

LHV = (
    *("Kliendi konto", "Dokumendi number", "Kuupäev", "Saaja/maksja konto", "Saaja/maksja nimi"),
    *("Deebet/Kreedit (D/C)", "Summa", "Viitenumber", "Arhiveerimistunnus", "Selgitus", "Valuuta"),
    *("Isikukood või registrikood", "Saaja/maksja panga BIC", "Makse algataja nimi", "Kande viide"),
    "Konto teenusepakkuja viide",
)
LHV_ENGLISH = (
    *("Customer account no", "Document no", "Date", "Sender/receiver account", "Sender/receiver name"),
    *("Debit/Credit (D/C)", "Amount", "Reference number", "Archiving code", "Description", "Currency"),
    *("Personal code or register code", "Sender/receiver bank BIC", "Ultimate debtor name"),
    *("Transaction reference", "Account servicer reference"),
)
SWEDBANK = (
    *("Kliendi konto", "Reatüüp", "Kuupäev", "Saaja/Maksja", "Selgitus", "Summa", "Valuuta", "Deebet/Kreedit"),
    *("Arhiveerimistunnus", "Tehingu tüüp", "Viitenumber", "Dokumendi number"),
)
SWEDBANK_ENGLISH = (
    *("Client account", "Row type", "Date", "Beneficiary/Payer", "Details", "Amount", "Currency", "Debit/Credit"),
    *("Transfer reference", "Transaction type", "Reference number", "Document number"),
)
SEB = (
    *("Kliendi konto", "Dokumendi number", "Kuupäev", "Saaja/maksja konto", "Saaja/maksja nimi", "Saaja panga kood"),
    *("Tüüp", "Deebet/Kreedit (D/C)", "Summa", "Viitenumber", "Arhiveerimistunnus", "Selgitus", "Teenustasu"),
    *("Valuuta", "Isikukood või registrikood"),
)
_SWEDBANK_TYPES = {Kind.FEE: "KOM", Kind.INTEREST: "AI", Kind.TAX: "TAX"}


def _written(rows: Iterable[Iterable[str]], *, mark: str, quotes: bool, tail: str = "") -> str:
    text = StringIO()
    style: Literal[0, 1] = csv.QUOTE_ALL if quotes else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=mark, quoting=style, lineterminator=f"{tail}\n").writerows(rows)
    return text.getvalue()


def _id(line: Line, scheme: str) -> str:
    return dict(line.ids).get(scheme, "")


def write_lhv(download: Download, statements: tuple[Statement, ...]) -> bytes:
    def row(statement: Statement, line: Line) -> tuple[str, ...]:
        is_bank_own = line.kind in {Kind.INTEREST, Kind.TAX}
        return (
            *(statement.account, "", line.day.isoformat(), line.iban, line.name),
            *("C" if line.minor > 0 else "D", decimal(line.minor), line.reference, _id(line, "csv"), line.text),
            *(statement.currency, line.code, "", line.on_behalf_of),
            *(f"I{line.day:%Y%m%d}" if is_bank_own else "", _id(line, "camt")),
        )

    rows = (row(each, line) for each in statements for line in each.lines)
    header = LHV_ENGLISH if download.english else LHV
    mark = "" if download.english else "\ufeff"
    return (mark + _written([header, *rows], mark=",", quotes=not download.english)).encode()


def write_seb(_download: Download, statements: tuple[Statement, ...]) -> bytes:
    def row(statement: Statement, line: Line) -> tuple[str, ...]:
        return (
            *(statement.account, "", f"{line.day:%d.%m.%Y}", line.iban, line.name, "", "MK"),
            *("C" if line.minor > 0 else "D", decimal(abs(line.minor), ","), line.reference),
            *(_id(line, "csv") or _id(line, "camt"), line.text, "0,00", statement.currency, line.code),
        )

    rows = (row(each, line) for each in statements for line in each.lines)
    return ("\ufeff" + _written([SEB, *rows], mark=";", quotes=False)).encode()


def write_swedbank(download: Download, statements: tuple[Statement, ...]) -> bytes:
    rows = [row for each in statements for row in _swedbank_rows(each)]
    header = SWEDBANK_ENGLISH if download.english else SWEDBANK
    return _written([header, *rows], mark=";", quotes=True, tail=";").encode()


def _swedbank_rows(statement: Statement) -> list[tuple[str, ...]]:
    account, currency = statement.account, statement.currency

    def summary(kind: str, day: str, said: str, minor: int, flag: str, code: str) -> tuple[str, ...]:
        return account, kind, day, "", said, decimal(abs(minor), ","), currency, flag, "", code, "", ""

    def flag(minor: int) -> str:
        return "K" if minor >= 0 else "D"

    rows: list[tuple[str, ...]] = [
        (
            *(account, "20", f"{line.day:%d.%m.%Y}", line.name, line.text, decimal(abs(line.minor), ",")),
            *(currency, flag(line.minor), _id(line, "csv") or _id(line, "camt")),
            *(_SWEDBANK_TYPES.get(line.kind, "MK"), line.reference, ""),
        )
        for line in statement.lines
    ]
    if statement.opening is None or statement.closing is None:
        return rows
    first, last = f"{statement.first_day:%d.%m.%Y}", f"{statement.last_day:%d.%m.%Y}"
    money_in = sum(line.minor for line in statement.lines if line.minor > 0)
    money_out = -sum(line.minor for line in statement.lines if line.minor < 0)
    return [
        summary("10", first, "Algsaldo", statement.opening, flag(statement.opening), "AS"),
        *rows,
        summary("82", last, "Käive", money_in, "K", "K2"),
        summary("82", last, "Käive", money_out, "D", "K2"),
        summary("86", last, "Lõppsaldo", statement.closing, flag(statement.closing), "LS"),
    ]


ANY = ("Account", "Currency", "Booked", "Who", "Their account", "What for", "Amount", "Balance")


def write_any(_download: Download, statements: tuple[Statement, ...]) -> bytes:
    """Write a table of no bank in particular: the balance behind each row, in the order of the rows."""
    rows: list[tuple[str, ...]] = []
    for each in statements:
        lines = sorted(each.lines, key=lambda line: line.day)
        held = each.shown_balances[0] if each.shown_balances else 0
        for line in lines:
            held += line.minor
            rows.append(
                (
                    *(each.account, each.currency, f"{line.day:%d.%m.%Y}", line.name, line.iban, line.text),
                    *(decimal(line.minor, ","), "" if each.shown_balances is None else decimal(held, ",")),
                )
            )
    return _written([ANY, *rows], mark=";", quotes=False).encode()
