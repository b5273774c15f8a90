"""What costs time or memory without being a line of a statement is counted too; the numbers are those of assurance.md.

Each file is as cheap as it can be written for what it costs, has at most the size of an upload, and is refused for what
it has too many of, or read, within the second that `seconds_of` gives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.attack import seconds_of
from tests.readers import ofx_sample
from tests.readers.camt_sample import HEAD, document, entry
from tests.readers.test_bounds import CELLS, csv

from donations.core.problem import ProblemCode, Refused
from donations.readers import Limits
from donations.readers.registry import read

LINES = 2_000
TOO_COMPLEX, TOO_MANY = ProblemCode.FILE_TOO_COMPLEX, ProblemCode.TOO_MANY_LINES


def camt(inside: str) -> bytes:
    return document(HEAD + inside)


def ofx(before: bytes, more: bytes) -> bytes:
    """Return an OFX file with more of something in it."""
    return ofx_sample.gift().replace(before, more + before, 1)


def with_zeros(count: int) -> bytes:
    """Return a CSV file with so many lines of zero behind another."""
    row = ",".join(f'"{cell}"' for cell in (CELLS | {"amount": "0.00"}).values())
    return csv() + f"\n{row}".encode() * count


COSTLY: dict[str, tuple[ProblemCode, Callable[[], bytes]]] = {
    "B24 elements in one entry": (TOO_COMPLEX, lambda: camt(entry("<a/>" * 800_000))),
    "B24 elements beside the entries": (TOO_COMPLEX, lambda: camt("<a/>" * 800_000)),
    "B24 elements around one another": (TOO_COMPLEX, lambda: camt("<a>" * 40 + "</a>" * 40 + entry())),
    "B24 one text of an element": (TOO_COMPLEX, lambda: camt(entry(f"<AddtlNtryInf>{'x' * 66_000}</AddtlNtryInf>"))),
    "B24 statements of camt": (TOO_COMPLEX, lambda: document("").replace(b"</Stmt>", b"</Stmt>" + b"<Stmt/>" * 3_100)),
    "B24 balances of camt": (TOO_COMPLEX, lambda: camt("<Bal/>" * 800_000)),
    "B24 tags of OFX": (TOO_COMPLEX, lambda: ofx(b"</OFX>", b"<A>" * 51_000)),
    "B24 tags of one transaction": (TOO_COMPLEX, lambda: ofx(b"</STMTTRN>", b"<A>1" * 51_000)),
    "B24 tags around one another": (TOO_COMPLEX, lambda: ofx(b"</OFX>", b"<SONRS>" * 33)),
    "B24 statements of OFX": (TOO_COMPLEX, lambda: ofx(b"<STMTRS>", b"<STMTRS></STMTRS>" * 26_000)),
    "B24 balances of OFX": (TOO_COMPLEX, lambda: ofx(b"<LEDGERBAL>", b"<LEDGERBAL></LEDGERBAL>" * 26_000)),
    "B24 blank rows": (TOO_COMPLEX, lambda: csv() + b"\n" * 101_000),
    "B24 empty rows": (TOO_COMPLEX, lambda: csv() + b",,,,,,,,,,,,,\n" * 101_000),
    "B24 columns": (TOO_COMPLEX, lambda: csv() + b"," * 1_000_000),
    "B25 lines": (TOO_MANY, lambda: csv() + (b"\n" + csv().partition(b"\n")[2]) * 2_100),
    "B25 empty details": (TOO_MANY, lambda: camt(entry(f"<NtryDtls>{'<TxDtls/>' * 2_100}</NtryDtls>"))),
    "B25 lines of zero in CSV": (TOO_MANY, lambda: with_zeros(2_100)),
    "B25 lines of zero in camt": (TOO_MANY, lambda: camt(entry(amount="0.00") * 2_100)),
}


@pytest.mark.parametrize("kind", COSTLY)
def test_what_costs_is_counted_and_refused_in_time(kind: str) -> None:
    code, content = COSTLY[kind]
    written = content()

    def refused() -> None:
        with pytest.raises(Refused) as found:
            read(written, today=date(2026, 6, 1), limits=Limits(lines=LINES))
        assert {problem.code for problem in found.value.problems} == {code}

    seconds_of(refused)


def test_notices_take_no_more_time_each_the_more_there_are() -> None:
    seconds_of(lambda: read(with_zeros(15_000), today=date(2026, 6, 1), limits=Limits(lines=20_000)))
