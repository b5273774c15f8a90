"""Other programs on the same export of LHV, run as programs only: from the file to their books, and a sum by month."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from benchmarks.programs import ProgramError, Used, run

_HERE = Path(__file__).parent
_TRANSACTION = re.compile(r"^[0-9]{4}[-/]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program that keeps books from bank files."""

    name: str
    lacking: str | None
    """What to do where it is not installed."""
    does: str
    does_not: str
    run: Callable[[Path, Path], Used]
    """From an export, in an empty folder."""


def _hledger(export: Path, folder: Path) -> Used:
    rules, journal = folder / "lhv.rules", folder / "books.journal"
    rules.write_text(
        "skip 1\n"
        "fields own, number, date, iban, payee, side, amount, reference, bank_id, text\n"
        "date-format %Y-%m-%d\ncurrency EUR \ndescription %payee | %text\n"
        "account1 assets:bank\naccount2 income:other\nif %text annetus\n account2 income:gifts\n"
    )
    journal.touch()
    given = shutil.copy(export, folder / "lhv.csv")  # it keeps beside the file how far it has come
    imported = run("hledger", "-f", journal, "import", given, "--rules-file", rules)
    months = run("hledger", "-f", journal, "bal", "--monthly", "income:gifts", into=folder / "months")
    return _checked(imported + months, journal, export)


def _ledger(export: Path, folder: Path) -> Used:
    plain, accounts, books = folder / "plain.csv", folder / "accounts", folder / "books.ledger"
    _write_for_ledger(export, plain)
    accounts.write_text("account Assets:Bank\n")
    convert = ("convert", plain, "--input-date-format", "%Y-%m-%d", "--account", "Assets:Bank")
    imported = run("ledger", "-f", accounts, *convert, into=books)
    months = run("ledger", "-f", books, "register", "--monthly", "--collapse", "Assets:Bank", into=folder / "months")
    return _checked(imported + months, books, export)


def _write_for_ledger(export: Path, plain: Path) -> None:
    with export.open(encoding="utf-8", newline="") as given, plain.open("w", encoding="utf-8", newline="") as made:
        written = csv.writer(made)
        written.writerow(["date", "payee", "note", "amount"])
        written.writerows(
            [row["Kuupäev"], row["Saaja/maksja nimi"], row["Selgitus"], row["Summa"]] for row in csv.DictReader(given)
        )


def _beancount(python: Path) -> Callable[[Path, Path], Used]:
    def way(export: Path, folder: Path) -> Used:
        extracted, books = folder / "extracted.beancount", folder / "books.beancount"
        given = shutil.copy(export, folder / "export.lhv-csv")
        read = run(python, _HERE / "beangulp_lhv.py", "extract", given, into=extracted)
        opened = "".join(f"1970-01-01 open {each}\n" for each in ("Assets:Bank", "Income:Gifts", "Income:Other"))
        books.write_text(f'{opened}include "{extracted}"\n')
        months = run(python, _HERE / "beancount_months.py", books, into=folder / "months")
        return _checked(read + months, extracted, export)

    return way


def _checked(used: Used, books: Path, export: Path) -> Used:
    """Raise `ProgramError` where not every line of the export has become a transaction."""
    found = len(_TRANSACTION.findall(books.read_text(encoding="utf-8")))
    with export.open(encoding="utf-8") as lines:
        wanted = sum(1 for _ in lines) - 1
    if found != wanted:
        raise ProgramError(f"{books.name} has {found} transactions of {wanted}")
    return used


def peers(environment: Path) -> Mapping[str, Peer]:
    """Return all peers; beancount is in an environment of its own."""
    python = environment / "bin" / "python"
    has_beancount = python.exists() and any(environment.glob("lib/python*/site-packages/beangulp"))
    every = (
        Peer(
            name="hledger",
            lacking=_lacking("hledger"),
            does="reads the CSV by rules, tells gifts by a word, writes a journal, reads it again, adds up by month",
            does_not="know payers or donors, check account numbers or balances, match, explain; known lines are told by"
            " day alone",
            run=_hledger,
        ),
        Peer(
            name="beancount",
            lacking=None if has_beancount else "not installed: make bench does it",
            does="reads the CSV, tells gifts by a word, writes books, loads them with all checks, adds up by month",
            does_not="know payers or donors, check account numbers, match, explain; known lines are looked for only if"
            " told to",
            run=_beancount(python),
        ),
        Peer(
            name="ledger",
            lacking=_lacking("ledger"),
            does="converts four columns cut out for it untimed, writes a journal, reads it again, adds up by month",
            does_not="tell gifts from other payments, know payers, donors or a line that came before, check or explain"
            " anything",
            run=_ledger,
        ),
    )
    return MappingProxyType({each.name: each for each in every})


def _lacking(program: str) -> str | None:
    return None if shutil.which(program) else f"not installed: apt-get install {program}"


OURS = (
    "reads and checks every field, proves balances, pairs lines with those of other files, finds donors and says why,"
    " keeps regular giving, questions and the audit log; committed to disk, append-only, undone exactly"
)
