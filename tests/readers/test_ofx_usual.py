"""A usual transaction is read as the library reads it, whatever stands in it and was read before it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.ofx_sample import ofx, statement
from tests.readers.stated import Stated, stated

from donations.core.problem import Refused
from donations.readers import ofx_usual
from donations.readers.ofx import OFX
from donations.readers.ofx_usual import UsualTransactions

VALUES = {
    "TRNTYPE": ("CREDIT", "CREDIT", "DEBIT", "other", ""),
    "DTPOSTED": ("20260105", "20260106120000[+2:EET]", "20260230", "&#32;20260105", ""),
    "TRNAMT": ("10.00", "25,50", "-7", "0.00", "1.000", "x", ""),
    "FITID": ("F1", "F&amp;2", "", "F" * 200),
    "NAME": ("Mari", "M&#228;rt <b>", "", " Jüri "),
    "MEMO": ("annetus", "/RFB/121312952/TXT/kass", "", "a &lt;b&gt;\nc"),
    "REFNUM": ("121312952", "12"),
    "CHECKNUM": ("17", "0", " "),
    "DTAVAIL": ("20260107", "x"),
    "DTUSER": ("20260108", "x"),
    "SRVRTID": ("S1", "S2"),
    "CORRECTFITID": ("F1",),
}
RARE = (
    "",
    "",
    "",
    "",
    "<CURRENCY><CURRATE>1<CURSYM>USD</CURRENCY>",
    "<PAYEE><NAME>Leena</PAYEE>",
    "<b>",
    "<MEMO/>",
    "</MEMO>",
)
ACCOUNTS = ("", "<BANKACCTTO><BANKID>22<ACCTID>EE782200221020001114</BANKACCTTO>", "<CCACCTTO><ACCTID>17</CCACCTTO>")


def mostly(*values: str) -> st.SearchStrategy[str]:
    """Return the first value, and any other now and then."""
    return st.sampled_from(values[:1] * 12 + values)


@st.composite
def transactions(draw: st.DrawFn) -> str:
    """Return a transaction as banks write them, and as nobody does."""
    fields = []
    for at, (name, values) in enumerate(VALUES.items()):
        if draw(st.integers(0, 40)) < (40 if at < 4 else 20 if at < 8 else 2):
            tag, end = draw(mostly(name, name.lower())), draw(mostly("\n", f"</{name}>"))
            fields += [f"<{tag}>{draw(mostly(*values))}{end}"] * draw(st.sampled_from((1,) * 40 + (2,)))
    fields += [draw(mostly("", *RARE)), draw(mostly("", *ACCOUNTS))]
    order = draw(st.permutations(fields)) if draw(st.integers(0, 9)) == 9 else fields
    return f"<STMTTRN>{''.join(order)}</STMTTRN>\n"


def outcome(content: bytes) -> list[Stated]:
    try:
        return stated(OFX, content)
    except Refused as refused:
        return list(refused.problems)


@settings(max_examples=80)
@given(st.lists(transactions(), min_size=2, max_size=5), st.integers(2, 3))
def test_what_is_read_again_is_what_the_library_reads(drawn: list[str], times: int) -> None:
    content = ofx(statement(*drawn * times), statement(*drawn))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ofx_usual, "_KNOWN_MAX", 3)
        found = outcome(content)
        patch.setattr(UsualTransactions, "line", lambda *_: None)
        assert found == outcome(content)
