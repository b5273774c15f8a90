"""Transactions are cut out of a document without losing one, and without moving the lines of the rest."""

from __future__ import annotations

import pytest

from donations.core.problem import Refused
from donations.readers.ofx import cut
from donations.readers.ofx_text import read_text


def parts(body: str) -> list[list[str]]:
    source = read_text(f"<OFX>{body}</OFX>".encode())
    _, statements = cut(source)
    edges = [span.edges for _, span in statements]
    return [[source.text[start:end] for start, end in zip(found[::2], found[1::2], strict=True)] for found in edges]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<STMTRS><STMTTRN>a</STMTTRN><STMTTRN>b</STMTTRN></STMTRS>", [["a", "b"]]),
        ("<STMTRS><STMTTRN>a<STMTTRN>b<STMTTRN>c</STMTRS>", [["a", "b", "c"]]),
        ("<stmtrs><banktranlist><StmtTrn>a</banktranlist></stmtrs>", [["a"]]),
        ("<STMTRS></STMTRS><CCSTMTRS><STMTTRN >a</STMTTRN ></CCSTMTRS>", [[], ["a"]]),
        ("<STMTTRNRS></STMTTRNRS>", []),
        # The end tag of the list is left out.
        ("<STMTRS><BANKTRANLIST><STMTTRN>a</STMTTRN><LEDGERBAL></LEDGERBAL></STMTRS>", [["a"]]),
        ("<STMTRS><BANKTRANLIST><STMTTRN>a<LEDGERBAL></LEDGERBAL></STMTRS>", [["a"]]),
        ("<STMTRS><BANKTRANLIST><STMTTRN>a</STMTTRN></STMTRS><STMTRS><STMTTRN>b</STMTTRN></STMTRS>", [["a"], ["b"]]),
        ("<STMTRS><BANKTRANLIST><STMTTRN>a<STMTTRN>b</STMTRS>", [["a", "b"]]),
        ("<STMTRS><BANKTRANLIST><LEDGERBAL></LEDGERBAL></STMTRS>", [[]]),
        ("<STMTRS><BANKTRANLIST><STMTTRN>a<LEDGERBAL></STMTTRN></BANKTRANLIST></STMTRS>", [["a<LEDGERBAL>"]]),
    ],
)
def test_transactions_are_found_by_statement(body: str, expected: list[list[str]]) -> None:
    assert parts(body) == expected


def test_the_rest_keeps_its_lines() -> None:
    document, _ = cut(read_text(b"<OFX>\n<STMTRS>\n<STMTTRN>\n<A>1\n</STMTTRN>\n<B>2\n</STMTRS></OFX>"))
    assert [(tag.name, tag.row) for tag in document.every()] == [("STMTRS", 2), ("B", 6)]


@pytest.mark.parametrize(
    "body",
    [
        "\n<STMTTRN>a</STMTTRN>",
        "\n<STMTRS></STMTRS><STMTTRN>a</STMTTRN>",
        "<STMTRS>\n</STMTTRN></STMTRS>",
        '<STMTRS>\n<STMTTRN a="1">a</STMTTRN></STMTRS>',
        "<STMTRS>\n<STMTTRN<A>1</STMTRS>",
        "<STMTRS><STMTTRN>a\n</STMTTRN>b<STMTTRN>c</STMTTRN></STMTRS>",
        "<STMTRS>\n<STMTRS></STMTRS></STMTRS>",
        "\n</STMTRS>",
    ],
)
def test_a_transaction_that_could_get_lost_refuses_the_file(body: str) -> None:
    with pytest.raises(Refused) as refused:
        parts(body)
    assert [(problem.code.value, problem.line) for problem in refused.value.problems] == [("bad_ofx", 2)]


@pytest.mark.parametrize("behind", ["<LEDGERBAL>\n<BALAMT>1</LEDGERBAL>", "<AVAILBAL>\n<BALAMT>1</AVAILBAL>", ""])
def test_a_list_without_an_end_ends_at_what_follows_it(behind: str) -> None:
    document, _ = cut(
        read_text(f"<OFX>\n<STMTRS><BANKTRANLIST>\n<STMTTRN>\n</STMTTRN>\n{behind}</STMTRS></OFX>".encode())
    )
    statement = document.child("STMTRS")
    assert statement is not None
    followed = [("BALAMT", 6)] if behind else []
    assert [child.name for child in statement.children] == [
        "BANKTRANLIST",
        *([behind[1:].partition(">")[0]] if behind else []),
    ]
    assert [(tag.name, tag.row) for tag in statement.every() if tag.name == "BALAMT"] == followed
