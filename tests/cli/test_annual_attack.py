"""Figures for the annual report and INF 9 against the banks' own files, read here anew by a model of a few lines.

Nothing of the product reads them: entries and balances of camt.053 as ISO 20022 has them, each entry once by the bank's
reference. The program gets the same files in any order, some twice, and is asked in the terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from tests.cli.conftest import STATEMENTS, Cli, document

FILES = [
    STATEMENTS / name
    for name in (
        "lhv-2026-01-month.xml",
        "lhv-2026-02-near-misses.xml",
        "lhv-2026-03-overlap.xml",
        "lhv-2026-05-eur-usd-batch-return.xml",
        "seb-2026-01-02-two-months.xml",
        "swedbank-2026-01-03-quarter.xml",
    )
]


class Moved(NamedTuple):
    """An entry of a statement."""

    account: str
    currency: str
    day: date
    cents: int


def entries(file: Path) -> Iterator[tuple[object, Moved]]:
    """Yield what a file says moved, with what tells entries apart."""
    tree = ET.parse(file).getroot()  # noqa: S314 - our own samples
    for statement in tree.findall(".//{*}Stmt"):
        account = statement.findtext("{*}Acct/{*}Id/{*}IBAN") or statement.findtext("{*}Acct/{*}Id/{*}Othr/{*}Id") or ""
        for entry in statement.findall("{*}Ntry"):
            amount = entry.find("{*}Amt")
            assert amount is not None
            sign = 1 if entry.findtext("{*}CdtDbtInd") == "CRDT" else -1
            day = date.fromisoformat(
                (entry.findtext("{*}BookgDt/{*}Dt") or entry.findtext("{*}BookgDt/{*}DtTm") or "")[:10]
            )
            cents = sign * int(Decimal(amount.text or "") * 100)
            moved = Moved(account, amount.get("Ccy", ""), day, cents)
            yield (account, entry.findtext("{*}AcctSvcrRef"), moved), moved


def moved_in(files: list[Path], first: date, last: date) -> dict[str, Counter[bool]]:
    """Return what came in and went out by currency, each entry once."""
    known = {key: moved for file in files for key, moved in entries(file)}
    found: dict[str, Counter[bool]] = {}
    for each in known.values():
        if first <= each.day <= last:
            found.setdefault(each.currency, Counter())[each.cents > 0] += each.cents
    return found


def told(report: Any) -> dict[str, dict[str, list[tuple[str, int]]]]:
    """Return the rows of a report by currency and part."""
    found: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for row in report["rows"]:
        if row["minor"] is not None:
            money = row["minor"]
            parts = found.setdefault(money["currency"] if isinstance(money, dict) else row["currency"], {})
            cents = money["minor"] if isinstance(money, dict) else money
            parts.setdefault(str(row["part"]), []).append((str(row.get("code") or row["item"]), cents))
    return found


ORDERS = [list(each) for each in list(permutations(FILES))[:: len(FILES) * 119 + 6]]
PERIODS = [
    (date(2026, 1, 1), date(2026, 3, 31), True),
    (date(2026, 2, 1), date(2026, 2, 28), True),
    (date(2026, 1, 1), date(2026, 12, 31), False),
]
"""Whether the files have all of it: April is missing, and what moved in it is left over."""


@pytest.mark.parametrize("order", range(len(ORDERS)))
def test_reports_add_up_to_what_the_banks_say_moved(cli: Cli, order: int) -> None:
    files = ORDERS[order]
    assert cli("import", *files, files[0], "--add-accounts").returncode == 0
    for first, last, is_whole in PERIODS:
        days = ("--from", first, "--to", last, "--json")
        annual, inf9 = (told(document(cli("report", name, *days))) for name in ("annual", "inf9"))
        for currency, moved in moved_in(FILES, first, last).items():
            parts = {part: sum(cents for _, cents in rows) for part, rows in annual[currency].items()}
            proof = dict(annual[currency]["proof"])
            by_bank = moved[True] + moved[False]
            assert proof["residue"] == by_bank - (parts["closing"] - parts["opening"])
            assert (proof["residue"] == 0) is (is_whole or currency != "EUR")
            gifts = parts.get("restricted", 0) + parts.get("unrestricted", 0)
            income, costs = gifts + parts.get("income", 0), parts.get("costs", 0)
            assert income == proof["all_income"]
            assert income - costs + proof["transfer"] + proof["unallocated"] == by_bank
            form = dict(inf9[currency]["I"])
            assert form["19050"] - form["19170"] + proof["transfer"] + proof["unallocated"] == by_bank
            assert 0 <= costs <= -moved[False]


def test_the_model_would_see_a_cent(cli: Cli) -> None:
    """The control: of the same files without one, the model says something else than the program."""
    assert cli("import", *FILES, "--add-accounts").returncode == 0
    annual = told(document(cli("report", "annual", "--year", 2026, "--json")))["EUR"]
    change = sum(cents for _, cents in annual["closing"]) - sum(cents for _, cents in annual["opening"])
    year = date(2026, 1, 1), date(2026, 12, 31)
    for left_out in (FILES[0], FILES[4]):
        moved = moved_in([each for each in FILES if each != left_out], *year)["EUR"]
        assert moved.total() != change
