"""Whole camt.053 files of every version and shape, what is refused as another document, and what others' files say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.readers.camt_sample import (
    HEAD,
    OTHER,
    OWN,
    PAYER,
    PERIOD,
    balance,
    codes,
    details,
    document,
    entry,
    facts,
    lines,
    party,
    problems,
    reading,
)

from donations.core.money import decimal_text
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import LineKind, Reading, StatementLine
from donations.readers.camt053 import CAMT053
from donations.readers.finalise import finalise

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
ACCOUNT = HEAD.removeprefix(PERIOD)
OLD, NEW = ["02", "03", "04", "05", "06", "07"], ["08", "09", "10", "11", "12", "13", "99"]


def statement(*, choices: bool = False) -> str:
    """Return a gift and a fee; with `choices` as versions from 08 write status and party."""
    name = "<Nm>Mari Maasikas</Nm><Id><PrvtId><Othr><Id>38001085718</Id></Othr></PrvtId></Id>"
    payer = f"<Dbtr>{f'<Pty>{name}</Pty>' if choices else name}</Dbtr>{party('Dbtr', account=PAYER)}"
    status = "<Cd>BOOK</Cd>" if choices else "BOOK"
    fee = "<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>FEES</SubFmlyCd></Fmly></Domn></BkTxCd>"
    return (
        HEAD
        + balance("OPBD", "100.00", day="2026-01-01")
        + balance("CLBD", "109.50")
        + entry(details(f"<RltdPties>{payer}</RltdPties><RmtInf><Ustrd>Annetus</Ustrd></RmtInf>"), status=status)
        + entry(f"{fee}<AddtlNtryInf>Kuutasu</AddtlNtryInf>", amount="0.50", way="DBIT", status=status)
    )


@pytest.mark.parametrize("version", OLD + NEW)
def test_every_version_says_the_same(version: str) -> None:
    content = document(statement(choices=version in NEW), version=version)
    assert CAMT053.claims(content)
    (found,) = reading(content).statements
    gift, fee = found.lines
    assert (found.account, found.currency, found.imbalance) == (OWN, "EUR", 0)
    assert (found.first_day, found.last_day) == (date(2026, 1, 1), date(2026, 1, 31))
    assert (gift.counterparty.name, gift.counterparty.account) == ("Mari Maasikas", PAYER)
    assert (gift.counterparty.code, gift.text, gift.row) == ("38001085718", "Annetus", 4)
    assert (fee.kind, fee.text, fee.money.signed_minor, fee.row) == (LineKind.FEE, "Kuutasu", -50, 5)


@pytest.mark.parametrize(
    ("head", "is_told"),
    [
        (HEAD.replace("2026-01-01T", "2026-01-31T"), True),  # the period is one day
        (ACCOUNT + balance("OPBD", "90.00") + balance("CLBD", "100.00"), True),
        (ACCOUNT + balance("OPBD", "90.00", day="2026-01-30") + balance("CLBD", "100.00"), False),
        (ACCOUNT + balance("PRCD", "90.00") + balance("CLBD", "100.00"), False),  # closed on some day before
        (ACCOUNT + balance("CLBD", "100.00"), False),
        (HEAD + balance("OPBD", "90.00") + balance("CLBD", "100.00"), False),  # the period says it was longer
        (HEAD, False),
    ],
    ids=["one-day period", "one-day balances", "two days", "previous closing", "closing only", "a month", "nothing"],
)
def test_entries_without_a_date_are_of_their_statements_only_day_and_it_is_told(head: str, is_told: bool) -> None:
    content = document(head + entry(dates="") + entry(dates=""))
    found = [fact.booked_on for fact in facts(content) if isinstance(fact, StatementLine)]
    if is_told:
        assert found == [date(2026, 1, 31)] * 2
        (notice,) = problems(content)
        assert (notice.code, notice.refuses) == (ProblemCode.UNDATED_LINES, False)
        assert "own: 2." in notice.message
        assert "2026-01-31" in notice.message
    else:
        assert not found
        assert codes(content) == [ProblemCode.BAD_DATE] * 2


def prefixed(content: bytes) -> bytes:
    """Return the file with a prefix on every element."""
    text = content.decode().replace("xmlns=", "xmlns:b=")
    return text.replace("</", "\0").replace("<", "<b:").replace("\0", "</b:").replace("<b:?xml", "<?xml").encode()


PLAIN = document(statement())


@pytest.mark.parametrize(
    "content",
    [
        prefixed(PLAIN),
        PLAIN.replace(b' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"', b""),
        PLAIN.replace(b"camt.053.001.02", b"camt.054.001.02"),
        PLAIN.replace(b"xmlns=", b"xmlns:not-used="),
        PLAIN.replace(b"BkToCstmrStmt>", b"BkToCstmrStmtV01>"),
        PLAIN.replace(b"<BkToCstmrStmt>", b"<?style sheet?>\n<!-- > <x> -->\n<BkToCstmrStmt>", 1),
        PLAIN.replace(b"<Document", b"<Envelope><Header/><Document").replace(b"</Document>", b"</Document></Envelope>"),
    ],
)
def test_local_names_decide_and_not_name_spaces_prefixes_or_envelopes(content: bytes) -> None:
    assert CAMT053.claims(content)
    (found,) = reading(content).statements
    assert [line.money.signed_minor for line in found.lines] == [1000, -50]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("BkToCstmrDbtCdtNtfctn", "camt.054"),
        ("CstmrCdtTrfInitn", "pain.001"),
        ("CstmrDrctDbtInitn", "pain.008"),
        ("CstmrPmtStsRpt", "pain.002"),
        ("AcctRptgReq", "another ISO 20022 message"),
    ],
)
def test_another_message_is_claimed_and_named(message: str, kind: str) -> None:
    content = PLAIN.replace(b"BkToCstmrStmt", message.encode())
    assert CAMT053.claims(content)
    (problem,) = problems(content)
    assert problem.code is ProblemCode.WRONG_DOCUMENT
    assert kind in problem.message


def test_a_payment_order_is_no_statement_whatever_is_in_it() -> None:
    assert codes(PLAIN.replace(b"camt.053.001.02", b"pain.001.001.09")) == [ProblemCode.WRONG_DOCUMENT]


@pytest.mark.parametrize(
    "content",
    [b"", b"OFXHEADER:100", b"<OFX></OFX>", b"<html><body>iso:20022</body></html>", b"a;b;c", b"<kml><Document/>"],
)
def test_what_is_no_iso_20022_document_is_not_claimed(content: bytes) -> None:
    assert not CAMT053.claims(content)


@pytest.mark.parametrize("content", [document(), b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>'])
def test_a_document_without_a_statement_says_so(content: bytes) -> None:
    assert CAMT053.claims(content)
    with pytest.raises(Refused) as refused:
        reading(content)
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.NO_STATEMENT]


def test_each_statement_of_a_file_keeps_its_own_account_lines_and_balances() -> None:
    empty = HEAD.replace(OWN, OTHER) + balance("OPBD", "7.00") + balance("CLBD", "7.00")
    first, second = reading(document(statement(), empty)).statements
    assert (first.account, len(first.lines), str(first.closing)) == (OWN, 2, "109.50 EUR")
    assert (second.account, len(second.lines), str(second.closing)) == (OTHER, 0, "7.00 EUR")


def test_nothing_is_taken_from_a_text_that_looks_like_structure() -> None:
    evil = details("<RmtInf><Ustrd>x&lt;/Ustrd>&lt;/Ntry>&lt;Ntry><![CDATA[</Ntry><Ntry>]]></Ustrd></RmtInf>")
    (found,) = (fact for fact in facts(document(HEAD + entry(evil))) if isinstance(fact, StatementLine))
    assert found.text == "x</Ustrd></Ntry><Ntry></Ntry><Ntry>"


def checked(path: Path) -> Reading:
    """Read a file of the corpus as its reader, with an imbalance accepted."""
    return finalise(
        CAMT053.facts(path.read_bytes()),
        format_name=CAMT053.name,
        today=date(2026, 6, 1),
        lines_max=1000,
        accept_imbalance=True,
    )


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 14)])
def test_derived_files_of_the_corpus_say_what_they_were_made_from(version: str) -> None:
    path = CORPUS / "derived" / f"camt.053.001.{version}.xml"
    if not path.exists():
        pytest.skip("the corpus of other projects' statements is not beside this checkout")
    expected = json.loads((CORPUS / "derived" / "EXPECTED.json").read_text())[path.name]
    (found,) = checked(path).statements
    assert len(found.lines) == expected["transactions"]
    assert decimal_text(sum(line.money.signed_minor for line in found.lines), found.currency) == expected["net"]
    assert found.imbalance == 0


READABLE = {  # by a person, who counted entries and added up
    "estonia/swedbank_camt053_from_SwedbankBankStatementExtractorTest_1.xml": [(4, 256607, 0)],
    "camt/HMB-research-open-accounting/lhv_official_sample_1.xml": [(1, 0, -100)],
    "camt/HMB-research-open-accounting/account_statement_camt053_official.xml": [(1, 0, -100), (1, 0, -100)],
    "camt/TulevaEE-onboarding-service/historical-transactions-response.xml": [(1, 0, -100)],
    "camt/TulevaEE-onboarding-service/eod-transactions-response.xml": [(0, 0, 0)],
    "camt/Subite-eu-camt-to-coda/BE68793230773034-202411.xml": [(268, 18000000, -15183125)],
    "camt/Subite-eu-camt-to-coda/account_statement-2.xml": [(462, 42500499, -42444970)],
    "camt/viafintech-sepa_file_parser/camt053__valid_example.xml": [(4, 100, -1100)],
    "camt/sebastienrousseau-bankstatementparser/camt.053.001.02.xml": [(3, 13567850, -20000000)],
    "hostile/camt/reversal.xml": [(2, 1000, -1000)],
    "hostile/camt/batch_three_details.xml": [(1, 3000, 0)],
    "hostile/camt/comment_in_amount.xml": [(1, 100000, 0)],
}


@pytest.mark.parametrize("name", READABLE)
def test_files_of_the_corpus_are_read_as_a_person_reads_them(name: str) -> None:
    if not (CORPUS / name).exists():
        pytest.skip("the corpus of other projects' statements is not beside this checkout")
    signed = [[line.money.signed_minor for line in each.lines] for each in checked(CORPUS / name).statements]
    sums = [
        (len(amounts), sum(minor for minor in amounts if minor > 0), sum(minor for minor in amounts if minor < 0))
        for amounts in signed
    ]
    assert sums == READABLE[name]


def test_too_many_balances_refuse_the_file_before_they_fill_the_memory() -> None:
    assert codes(document(HEAD + balance("ITBD", "1.00") * 10_001)) == [ProblemCode.FILE_TOO_COMPLEX]


def test_what_a_statement_says_that_nobody_asks_for_is_not_kept() -> None:
    assert len(lines(HEAD + "<a/>" * 20_000 + entry())) == 1
