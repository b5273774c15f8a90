"""The same days as MT940, MT942, camt.053 and CSV are one ledger, in whatever order the files come."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.book import Book
from tests.conftest import FreshEngine
from tests.readers import camt_sample, mt940_sample

from donations.acts.importing import take
from donations.acts.reading_files import Terms
from donations.core.problem import ProblemCode
from donations.core.statement import GivenFile
from donations.reports.dump import dump
from donations.store.session import reading

STATEMENTS = Path(__file__).parents[2] / "statements"
TERMS = Terms(by="treasurer", now=datetime(2026, 11, 22, tzinfo=UTC), add_accounts=True)


def sample(name: str) -> GivenFile:
    return GivenFile(name=name, content=(STATEMENTS / name).read_bytes())


MONTH, CSV = sample("lhv-2026-01-month.xml"), sample("lhv-2026-01-same-month.csv")
SWIFT, INTERIM = sample("lhv-2026-01-same-month.sta"), sample("lhv-2026-01-interim.sta")

SWIFT_LINES = [line for line in SWIFT.content.splitlines() if line.startswith(b":61:")]


def ledger(engine: Engine, *files: GivenFile) -> bytes:
    """Return the ledger of the files, which bring no question that one of them alone would not."""
    for file in files:
        told = {problem.code for problem in take(engine, file, TERMS).problems}
        assert told.isdisjoint({ProblemCode.ORPHANS, ProblemCode.OVERLAP_CONFLICT, ProblemCode.CORRECTED})
    assert not Book(engine).broken()
    with reading(engine) as session:
        return dump(session)


@pytest.mark.parametrize("other", [MONTH, CSV, INTERIM], ids=lambda file: file.name)
def test_a_month_and_the_same_days_in_another_format_are_one_ledger(
    other: GivenFile, fresh_sqlite: FreshEngine
) -> None:
    ledgers = set()
    for files in permutations([SWIFT, other]):
        with fresh_sqlite() as engine:
            ledgers.add(ledger(engine, *files))
    (found,) = ledgers
    assert len(found.splitlines()) == len(SWIFT_LINES)
    # The fuller one alone is that ledger: camt.053 knows the payers' codes, an interim report nothing more.
    if other is not CSV:
        with fresh_sqlite() as engine:
            assert found == ledger(engine, SWIFT if other is INTERIM else other)


OWN, PAYER = camt_sample.OWN, camt_sample.PAYER
GIFTS = ("E-1", "E-2", "E-3")
"""End-to-end ids of three equal gifts of one payer on one day."""


def as_camt(ids: tuple[str, ...]) -> GivenFile:
    party = camt_sample.party("Dbtr", "Mari Maasikas", PAYER)
    entries = (
        camt_sample.entry(
            camt_sample.details(
                f"<Refs><EndToEndId>{each}</EndToEndId></Refs><RltdPties>{party}</RltdPties>"
                "<RmtInf><Ustrd>annetus</Ustrd></RmtInf>"
            )
        )
        for each in ids
    )
    balances = camt_sample.balance("OPBD", "0.00", day="2026-01-01") + camt_sample.balance("CLBD", f"{len(ids)}0.00")
    return GivenFile(name="month.xml", content=camt_sample.document(camt_sample.HEAD + balances + "".join(entries)))


def as_mt940(ids: tuple[str, ...]) -> GivenFile:
    gifts = (
        mt940_sample.gift(
            f"166?00LAEKUMINE?20EREF+{each}?21SVWZ+annetus?31{PAYER}?32Mari Maasikas",
            line="2601050105C10,00NTRFNONREF",
        )
        for each in ids
    )
    text = mt940_sample.statement(*gifts, opening="C251231EUR0,00", closing=f"C260131EUR{len(ids)}0,00")
    return GivenFile(name="month.sta", content=text.replace(mt940_sample.OWN, OWN).encode())


def test_equal_gifts_of_a_day_are_told_apart_by_their_end_to_end_ids(fresh_sqlite: FreshEngine) -> None:
    ledgers = set()
    for files in permutations([as_camt(GIFTS), as_mt940(GIFTS[::-1])]):
        with fresh_sqlite() as engine:
            found = ledger(engine, *files)
        assert len(found.splitlines()) == len(GIFTS)
        ledgers.add(found)
    assert len(ledgers) == 1
