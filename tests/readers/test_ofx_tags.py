"""Tags with and without end tags make the same tree; what does not nest is refused."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.problem import Refused
from donations.readers.ofx_text import DEPTH_MAX, Tag, transaction, tree

Shape = tuple[str, "str | list[Shape]"]


def shape(tag: Tag) -> list[Shape]:
    return [(child.name, shape(child) if child.children else child.text) for child in tag.children]


@pytest.mark.parametrize(
    "written",
    [
        "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><MEMO>x y</MEMO><NAME></NAME>",
        "<STATUS><CODE>0<SEVERITY>INFO</STATUS><MEMO>x y<NAME>",
        "<status>\n <Code> 0\n <severity>\tINFO </STATUS><MEMO >x y</MEMO><NAME/>",
        "<STATUS><CODE>0</CODE><SEVERITY>INFO</STATUS><MEMO>x y</DTUSER><NAME />",
    ],
)
def test_all_ways_of_writing_make_one_tree(written: str) -> None:
    expected = [("STATUS", [("CODE", "0"), ("SEVERITY", "INFO")]), ("MEMO", "x y"), ("NAME", "")]
    assert shape(tree(written, row=1)) == expected


def test_an_empty_value_without_end_tag_does_not_swallow_the_next() -> None:
    ledger = tree("<LEDGERBAL>\n<BALAMT>\n<DTASOF>20260131\n</LEDGERBAL>", row=1)
    assert shape(ledger) == [("LEDGERBAL", [("BALAMT", ""), ("DTASOF", "20260131")])]
    mixed = tree("<A><BALAMT><DTASOF>1</DTASOF></A><BALAMT>2</BALAMT><A></A>", row=1)
    assert shape(mixed) == [("A", [("BALAMT", ""), ("DTASOF", "1")]), ("BALAMT", "2"), ("A", "")]


def test_a_direct_child_is_found_before_a_deeper_one() -> None:
    tag = tree("<PAYEE><NAME>deep</NAME></PAYEE><NAME>direct</NAME><X><Y>1</Y></X>", row=1)
    assert [found.text for name in ("name", "y") if (found := tag.find(name))] == ["direct", "1"]
    assert tag.find("MEMO") is None
    assert [found.text for found in tag.findAll("Name")] == ["deep", "direct"]


def test_tags_know_their_line() -> None:
    assert [tag.row for tag in tree("\n<A>\n\n<B>1\n</A>\n<C>2", row=5).every()] == [6, 8, 10]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("<STATUS><CODE>0", "bad_ofx"),
        ("<CODE>0</STATUS>", "bad_ofx"),
        ("<STMTRS><STATUS></STMTRS>", "bad_ofx"),
        ("</CODE>", "bad_ofx"),
        ("x<CODE>0", "bad_ofx"),
        ("<CODE>0</CODE>x", "bad_ofx"),
        ("<CODE/>x", "bad_ofx"),
        ("<STATUS>x<CODE>0</CODE></STATUS>", "bad_ofx"),
        ("<STATUS>" * (DEPTH_MAX + 1), "file_too_complex"),
    ],
)
def test_what_does_not_nest_is_refused_with_its_line(written: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        tree("\n" + written, row=1)
    assert [(problem.code.value, problem.line) for problem in refused.value.problems] == [(code, 2)]


@pytest.mark.parametrize(
    ("memo", "read"),
    [
        ("<b>x</b>", "<b>x</b>"),
        ("x <PALUN> y", "x <PALUN> y"),
        ("<x>", "<x>"),
        ("x </i> y < z > w", "x </i> y < z > w"),
    ],
)
@pytest.mark.parametrize("end", ["</MEMO>", ""])
def test_what_only_looks_like_a_tag_is_what_the_payer_wrote(memo: str, read: str, end: str) -> None:
    assert shape(transaction(f"<FITID>1</FITID><MEMO>{memo}{end}<NAME>n</NAME>", row=1)) == [
        ("FITID", "1"),
        ("MEMO", read),
        ("NAME", "n"),
    ]


@pytest.mark.parametrize(
    "own",
    ["<BANK.NOTE>7", "<BANK.NOTE>7</BANK.NOTE>", "\n  <CATEGORY>7\n", "</MEMO><CATEGORY>7</CATEGORY>"],
)
def test_a_banks_own_tag_is_no_text(own: str) -> None:
    tag = transaction(f"<MEMO>x{own}<NAME>n</NAME>", row=1)
    assert [child.text for child in tag.children] == ["x", "7", "n"]


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_any_text_that_a_bank_escapes_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert shape(transaction(f"<MEMO>{escaped}</MEMO>", row=1)) == [("MEMO", text.strip())]


@given(st.text("<>/ABSTMEO.&; \n", max_size=60), st.sampled_from([tree, transaction]))
def test_any_markup_is_read_or_refused_but_never_fails(written: str, build: Callable[..., Tag]) -> None:
    with contextlib.suppress(Refused):
        assert build(written, row=1).name == ""
