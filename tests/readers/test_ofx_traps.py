"""The nineteen traps of ofxparse 0.21, one test each: none of them reaches a treasurer's books."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import version

import pytest
from ofxparse.ofxparse import OfxParser  # noqa: TID251 - its class is what trap 15 is about
from tests.readers.ofx_sample import (
    PAYER,
    SGML,
    XML_HEADER,
    balance,
    codes,
    facts,
    gift,
    line,
    lines,
    ofx,
    open_line,
    problems,
    statement,
)

from donations.core.iban import UnverifiedAccount
from donations.core.problem import Refused
from donations.core.statement import BalancePoint, StatedBalance, StatementStart
from donations.readers.ofx import OFX

ESTONIAN = "Õnne Äär, Žanna Šõlk"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("header", [XML_HEADER, ""])
def test_trap_01_ofx_2_and_headerless_files_are_not_ascii(mark: str, header: str) -> None:
    content = ofx(statement(line(NAME=ESTONIAN)), header=mark + header)
    assert [entry.counterparty.name for entry in lines(content)] == [ESTONIAN]
    assert codes(content) == []


@pytest.mark.parametrize(
    "written",
    [
        "20260115",
        "20260115000000[+3:EET]",
        "20260115000000[2:EET]",
        "20260115[+2:EET]",
        "20260115233000[-8:PST]",
        "20260115235959.999",
        "20260115\n",
    ],
)
def test_trap_02_the_booking_date_is_not_shifted_by_its_zone(written: str) -> None:
    assert [entry.booked_on for entry in lines(gift(DTPOSTED=written))] == [date(2026, 1, 15)]


def test_trap_03_a_zone_with_half_an_hour_shifts_nothing_either() -> None:
    assert [entry.booked_on for entry in lines(gift(DTPOSTED="20260115233000[+5.30:IST]"))] == [date(2026, 1, 15)]


@pytest.mark.parametrize(
    "content",
    [
        ofx(statement(line(), line(FITID="F2", NAME=ESTONIAN)), header=XML_HEADER),
        ofx(statement(open_line(), open_line(FITID="F2", NAME=ESTONIAN))),
    ],
    ids=["XML", "SGML"],
)
def test_trap_04_a_file_cut_anywhere_is_refused(content: bytes) -> None:
    assert len(lines(content)) == 2
    whole = content.rstrip()
    for end in range(len(whole)):
        with pytest.raises(Refused):
            facts(whole[:end])


@pytest.mark.parametrize(
    ("declared", "written_in", "said"),
    [
        ("1252", "utf-8", ["encoding_detected"]),
        ("1252", "utf-16", ["encoding_detected"]),
        ("1252", "cp1252", []),
        ("WINDOWS-1257", "cp1257", []),
        ("ISO-8859-15", "iso8859-15", []),
    ],
)
def test_trap_05_the_bytes_are_believed_before_the_header(declared: str, written_in: str, said: list[str]) -> None:
    content = ofx(
        statement(line(NAME=ESTONIAN)), header=SGML.format(encoding="USASCII", charset=declared), encoding=written_in
    )
    assert [entry.counterparty.name for entry in lines(content)] == [ESTONIAN]
    assert codes(content) == said


@pytest.mark.parametrize(
    "header",
    [
        SGML.format(encoding="USASCII", charset="NONE"),
        SGML.format(encoding="USASCII", charset="8859-15"),
        SGML.format(encoding="ISO-8859-1", charset="NONE"),
        SGML.format(encoding="WINDOWS-1252", charset="NONE"),
        SGML.format(encoding="utf-8", charset="csUnicode"),
        SGML.format(encoding="UNICODE", charset="NONE"),
        SGML.format(encoding="NO SUCH", charset="NO:SUCH"),
        SGML.format(encoding="USASCII", charset="1252").replace("\n", ""),
        SGML.format(encoding="USASCII", charset="1252").replace("\n", " "),
        SGML.format(encoding="USASCII", charset="1252").replace("\n", "\r"),
        "\n\n  OFXHEADER : 100\n",
    ],
)
def test_trap_06_no_header_makes_the_reader_fail(header: str) -> None:
    content = ofx(statement(line(NAME="Mari")), header=header)
    assert OFX.claims(content)
    assert [entry.counterparty.name for entry in lines(content)] == ["Mari"]
    assert codes(content) == []


def test_trap_07_letters_outside_latin_1_are_read() -> None:
    name = "Čaikovskis Łukasz Ivančák Мария"
    assert [entry.counterparty.name for entry in lines(gift(NAME=name))] == [name]


def test_trap_08_the_payers_account_and_the_other_dropped_fields_are_read() -> None:
    (entry,) = lines(
        gift(
            BANKACCTTO=f"<BANKID>EKRDEE22</BANKID><ACCTID>{PAYER}</ACCTID>",
            REFNUM="RF18 1234 5678 9",
            EXTDNAME="Mari-Liis Maasikas-Murakas",
            ORIGCURRENCY="<CURRATE>1.1</CURRATE><CURSYM>USD</CURSYM>",
        )
    )
    assert entry.counterparty.account == PAYER
    assert entry.counterparty.name == "Mari-Liis Maasikas-Murakas"
    assert entry.money.amount.currency == "EUR"
    (card,) = lines(gift(CCACCTTO="<ACCTID>4000 0012</ACCTID>"))
    assert card.counterparty.account == UnverifiedAccount("40000012")
    (foreign,) = lines(gift(CURRENCY="<CURRATE>1.1</CURRATE><CURSYM>USD</CURSYM>"))
    assert foreign.money.amount.currency == "USD"
    assert codes(gift(CORRECTFITID="F0", CORRECTACTION="DELETE")) == ["correction_unsupported"]


@pytest.mark.parametrize(
    ("fitids", "ids", "told"),
    [
        (["F1", "F1"], ["F1", "F1"], []),
        (["0", "000"], [], []),
        (["", None], [], ["missing_reference", "missing_reference"]),
    ],
)
def test_trap_09_a_bank_reference_is_needed_but_not_trusted(
    fitids: list[str | None], ids: list[str], told: list[str]
) -> None:
    content = ofx(statement(*(line(FITID=fitid) for fitid in fitids)))
    assert [found.value for entry in lines(content) for found in entry.ids] == ids
    assert codes(content) == told


def test_trap_10_empty_fields_do_not_cost_the_file() -> None:
    name = line(NAME="").replace("<MEMO>Annetus</MEMO>", "<MEMO/>")
    content = ofx(statement(name, balances=balance("")).replace("<STATUS>", "<TRNUID></TRNUID><STATUS>"))
    assert [(entry.counterparty.name, entry.text) for entry in lines(content)] == [("", "")]
    assert codes(content) == ["balance_unreadable"]


@pytest.mark.parametrize(
    "written",
    [
        *("NaN", "sNaN", "Infinity", "-inf", "1E+999999", "1e3", "1_000", "5+5", "1 0", "null", "", ".", "(5.00)"),
        *("5.00-", "−5.00", "1'234.56", "0x10", "--5", "1 234,56", "１２.００", "5.00 EUR", "0.005"),
    ],
)
def test_trap_11_what_is_no_amount_is_refused_with_its_line(written: str) -> None:
    assert [(problem.code, problem.line) for problem in problems(gift(TRNAMT=written))] == [("bad_amount", 13)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a <b c", "a <b c"),
        ("<i>hi</i>", "<i>hi</i>"),
        ("kassid <3 ja <KOERAD> ka", "kassid <3 ja <KOERAD> ka"),
        ("A&copy B &para 5", "A&copy B &para 5"),
        ("A &amp; B &lt;x&gt; &quot;&apos;", "A & B <x> \"'"),
        ("A &amp;amp; B", "A &amp; B"),
        ("&#213;nne &#x00e4;&#0;&#xFFFFFF;", "Õnne ä&#0;&#xFFFFFF;"),
        ("<![CDATA[A & B <MEMO> &amp;]]>", "A & B <MEMO> &amp;"),
        ("A <!-- not said --> B", "A  B"),
    ],
)
def test_trap_12_the_payers_text_is_kept_as_written(written: str, read: str) -> None:
    assert [entry.text for entry in lines(gift(MEMO=written))] == [read]


def test_trap_13_an_unclosed_transaction_ends_where_the_next_begins() -> None:
    content = ofx(statement(open_line(), open_line(FITID="F2"), line(FITID="F3")))
    assert [entry.ids[0].value for entry in lines(content)] == ["F1", "F2", "F3"]
    assert codes(ofx(statement(line().replace("<STMTTRN>", '<STMTTRN id="1">')))) == ["bad_ofx"]


def test_trap_14_an_error_beside_a_statement_is_an_error() -> None:
    content = gift().replace(b"<CODE>0</CODE><SEVERITY>INFO", b"<CODE>2000</CODE><SEVERITY>ERROR")
    (problem,) = problems(content)
    assert (problem.code, dict(problem.values)) == ("bank_error", {"status": "2000"})


def test_trap_15_nothing_is_kept_on_a_class_that_threads_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OfxParser, "fail_fast", False, raising=False)
    monkeypatch.setattr(OfxParser, "custom_date_format", "%Y%d%m", raising=False)
    contents = [
        ofx(statement(*(line(FITID=f"F{n}", DTPOSTED="20260203") for n in range(count)))) for count in range(40)
    ]
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(lines, contents))
    assert [len(found) for found in read] == list(range(40))
    assert {entry.booked_on for found in read for entry in found} == {date(2026, 2, 3)}
    assert OfxParser.fail_fast is False


def test_trap_16_time_grows_with_the_file_and_not_with_its_square() -> None:
    def seconds(count: int) -> float:
        content = ofx(statement(*(open_line(FITID=f"F{n}") for n in range(count))))
        begun = time.process_time()
        assert len(lines(content)) == count
        return time.process_time() - begun

    small = min(seconds(500) for _ in range(3))
    assert seconds(8_000) < 16 * small * 5, "sixteen times the lines; the square would be 256 times the time"


@pytest.mark.parametrize(
    "hostile",
    [
        gift(MEMO="<" * 300_000),
        gift(MEMO="<b>" * 100_000),
        gift(MEMO="&" * 300_000),
        gift(MEMO="<!--" * 75_000),
        gift(MEMO="<![CDATA[" * 50_000),
        gift(TRNAMT="1," * 150_000),
        gift(DTPOSTED=" " * 300_000),
        ofx(statement("<STMTTRN><MEMO>x\n" * 20_000)),
        ofx("<STATUS>" * 50_000),
        ofx("<V>" * 50_000 + "</V>" * 50_000),
        ofx("<STMTRS" * 50_000),
        b"<!--" * 100_000,
        b"ENCODING:" * 50_000,
    ],
    ids=lambda content: content[-240:-220].decode() if isinstance(content, bytes) else None,
)
def test_trap_16_hostile_shapes_take_no_time_either(hostile: bytes) -> None:
    begun = time.process_time()
    OFX.claims(hostile)
    codes(hostile)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    "content",
    [
        gift(TRNAMT="Mari Maasikas"),
        gift(DTPOSTED="Mari Maasikas"),
        gift(FITID=""),
        gift(CURRENCY="<CURSYM>Mari Maasikas</CURSYM>"),
        gift(MEMO="</PAYEE>Mari Maasikas"),
        gift(CORRECTFITID=PAYER),
        ofx(statement(line(), "Mari Maasikas")),
        ofx(statement(line(), currency="Mari Maasikas")),
        gift().replace(b"<CODE>0</CODE><SEVERITY>INFO", b"<CODE>Mari Maasikas</CODE><SEVERITY>ERROR"),
    ],
)
def test_trap_17_no_problem_repeats_names_or_accounts(content: bytes) -> None:
    told = list(problems(content))
    assert told
    for problem in told:
        assert "Mari" not in problem.message
        assert PAYER not in problem.message


def test_trap_18_only_the_booked_balance_is_stated_and_never_an_opening_one() -> None:
    available = "<AVAILBAL><BALAMT>999.00</BALAMT><DTASOF>20260131</DTASOF></AVAILBAL>"
    (stated,) = [fact for fact in facts(ofx(statement(line(), balances=available + balance()))) if is_balance(fact)]
    assert isinstance(stated, StatedBalance)
    assert (stated.point, stated.balance.minor, stated.on) == (BalancePoint.CLOSING, 11_000, date(2026, 1, 31))
    assert not any(is_balance(fact) for fact in facts(ofx(statement(line(), balances=available))))


def is_balance(fact: object) -> bool:
    return isinstance(fact, StatedBalance)


def test_trap_19_the_unmaintained_parser_is_pinned_and_read_the_way_we_rely_on() -> None:
    assert version("ofxparse") == "0.21"
    content = gift(TRNTYPE="FEE", TRNAMT="-1.00", CHECKNUM="77")
    start, entry, _ = facts(content)
    assert isinstance(start, StatementStart)
    assert entry == lines(content)[0]
    assert [(found.scheme, found.value) for found in lines(content)[0].ids] == [("fitid", "F1"), ("instruction", "77")]
