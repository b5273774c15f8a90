"""One entry becomes one line: its own money and day, its text, reference and ids, and the parts of a batch."""

from __future__ import annotations

from datetime import date

import pytest
from tests.readers.camt_sample import DAY, HEAD, codes, details, document, entry, line, lines, problems

from donations.core.problem import ProblemCode
from donations.core.statement import IdScheme, LineKind, StatementLine

SERVICER, NUMBER, END_TO_END, INSTRUCTION = (
    IdScheme.ACCOUNT_SERVICER,
    IdScheme.ENTRY,
    IdScheme.END_TO_END,
    IdScheme.INSTRUCTION,
)


def ids(found: StatementLine) -> list[tuple[IdScheme, str]]:
    return [(each.scheme, each.value) for each in found.ids]


@pytest.mark.parametrize(
    ("way", "amount", "cents"),
    [
        ("CRDT", "10.00", 1000),
        ("DBIT", "10.00", -1000),
        ("CRDT", "7", 700),
        ("CRDT", "7.50000", 750),
        (" DBIT ", "1.0", -100),
    ],
)
def test_money_is_the_entrys_amount_in_its_direction(way: str, amount: str, cents: int) -> None:
    (found,) = lines(HEAD + entry(way=way, amount=amount))
    assert found.money.signed_minor == cents


@pytest.mark.parametrize(
    ("way", "amount", "code"),
    [
        ("CRDT", "-10.00", ProblemCode.SIGN_CONFLICT),
        ("crdt", "10.00", ProblemCode.MISSING_FIELD),
        ("C", "10.00", ProblemCode.MISSING_FIELD),
        ("", "10.00", ProblemCode.MISSING_FIELD),
        ("CRDT", "", ProblemCode.MISSING_FIELD),
        ("CRDT", "10,00", ProblemCode.BAD_AMOUNT),
        ("CRDT", "1 000.00", ProblemCode.BAD_AMOUNT),
        ("CRDT", "NaN", ProblemCode.BAD_AMOUNT),
        ("CRDT", "1e3", ProblemCode.BAD_AMOUNT),
        ("CRDT", "10.001", ProblemCode.BAD_AMOUNT),
        ("CRDT", "99999999999.00", ProblemCode.AMOUNT_OUT_OF_RANGE),
        ("CRDT", "0.00", ProblemCode.ZERO_AMOUNT),
    ],
)
def test_money_that_is_not_sure_is_a_problem_and_the_other_entries_are_read(
    way: str, amount: str, code: ProblemCode
) -> None:
    statement = HEAD + entry(way=way, amount=amount) + entry()
    assert codes(document(statement)) == [code]
    assert len(lines(statement)) == 1


def test_the_entrys_amount_counts_and_not_what_was_sent_in_another_currency() -> None:
    sent = '<AmtDtls><InstdAmt><Amt Ccy="USD">11.80</Amt></InstdAmt><TxAmt><Amt Ccy="USD">11.80</Amt></TxAmt></AmtDtls>'
    assert str(line(sent).money.amount) == "10.00 EUR"


def test_an_amount_without_a_currency_is_in_the_accounts_and_a_wrong_one_is_a_problem() -> None:
    (found,) = lines(HEAD + entry().replace(' Ccy="EUR"', ""))
    assert str(found.money.amount) == "10.00 EUR"
    assert codes(document(HEAD + entry().replace("EUR", "EURO"))) == [ProblemCode.BAD_CURRENCY]


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ("<BookgDt><Dt>2026-01-05</Dt></BookgDt><ValDt><Dt>2026-01-07</Dt></ValDt>", date(2026, 1, 5)),
        ("<BookgDt><Dt>2026-01-05+02:00</Dt></BookgDt>", date(2026, 1, 5)),
        ("<BookgDt><DtTm>2026-01-05T23:30:00Z</DtTm></BookgDt>", date(2026, 1, 5)),
        ("<BookgDt><DtTm>2026-01-05T24:00:00</DtTm></BookgDt>", date(2026, 1, 5)),
        ("<BookgDt><DtTm>2026-01-05T00:00:00.000+14:00</DtTm></BookgDt>", date(2026, 1, 5)),
        ("<ValDt><Dt>2026-01-07</Dt></ValDt>", date(2026, 1, 7)),
        ("", None),
        ("<BookgDt><Dt>2026-02-30</Dt></BookgDt>", None),
        ("<BookgDt><Dt>20260105</Dt></BookgDt>", None),
        ("<BookgDt><Dt>2026-01-051</Dt></BookgDt>", None),
        ("<BookgDt><Dt>2026-W01-1</Dt></BookgDt>", None),
        ("<BookgDt><Dt>05.01.2026</Dt></BookgDt><ValDt><Dt>2026-01-07</Dt></ValDt>", None),
    ],
)
def test_the_day_is_the_banks_calendar_day_as_written(dates: str, day: date | None) -> None:
    statement = HEAD + entry(dates=dates)
    assert [found.booked_on for found in lines(statement)] == ([] if day is None else [day])
    assert codes(document(statement)) == ([ProblemCode.BAD_DATE] if day is None else [])


@pytest.mark.parametrize("status", ["BOOK", "<Cd>BOOK</Cd>", ""])
def test_booked_is_what_says_so_or_says_nothing(status: str) -> None:
    assert len(lines(HEAD + entry(status=status))) == 1


@pytest.mark.parametrize("status", ["PDNG", "<Cd>PDNG</Cd>", "INFO", "<Cd>FUTR</Cd>"])
def test_pending_entries_are_left_out_with_one_notice_that_counts_them(status: str) -> None:
    statement = HEAD + entry(status=status) + entry() + entry(status=status)
    assert len(lines(statement)) == 1
    (notice,) = problems(document(statement))
    assert (notice.code, notice.values) == (ProblemCode.PENDING_SKIPPED, (("count", "2"),))


@pytest.mark.parametrize("status", ["booked", "<Prtry>VORM</Prtry>"])
def test_a_status_that_nobody_knows_is_not_guessed(status: str) -> None:
    assert codes(document(HEAD + entry(status=status))) == [ProblemCode.MISSING_FIELD]


@pytest.mark.parametrize("way", ["CRDT", "DBIT"])
@pytest.mark.parametrize("mark", ["<RvslInd>true</RvslInd>", "<RvslInd>1</RvslInd>", details("<RtrInf/>")])
def test_a_reversal_is_marked_and_its_direction_not_turned_round(mark: str, way: str) -> None:
    (found,) = lines(HEAD + entry(mark, way=way))
    assert found.is_reversal
    assert found.money.signed_minor == (1000 if way == "CRDT" else -1000)


def test_no_reversal_is_said_by_false() -> None:
    (found,) = lines(HEAD + entry("<RvslInd>false</RvslInd>"))
    assert not found.is_reversal


@pytest.mark.parametrize(
    ("inside", "text", "reference"),
    [
        ("<RmtInf><Ustrd>Annetus</Ustrd><Ustrd>jaanuar</Ustrd></RmtInf>", "Annetus\njaanuar", None),
        ("<RmtInf><Ustrd>/RFB/20260011/TXT/Annetus</Ustrd></RmtInf>", "Annetus", "20260011"),
        ("<RmtInf><Ustrd>/RFB/20260012/TXT/Annetus</Ustrd></RmtInf>", "Annetus\n20260012", None),
        ("<RmtInf>{ref}<Ustrd>Annetus</Ustrd></RmtInf>", "Annetus", "20260011"),
        ("<RmtInf><Ustrd>/RFB/20260011/TXT/Annetus</Ustrd>{ref}</RmtInf>", "Annetus", "20260011"),
        ("<RmtInf><Ustrd>/RFB/13/TXT/Annetus</Ustrd>{ref}</RmtInf>", "Annetus\n13", "20260011"),
        ("<RmtInf><Strd><AddtlRmtInf>lisa</AddtlRmtInf></Strd><Ustrd>Annetus</Ustrd></RmtInf>", "Annetus\nlisa", None),
        ("<AddtlTxInf>tehing</AddtlTxInf>", "tehing", None),
        ("", "kanne", None),
    ],
)
def test_text_and_reference_lose_nothing(inside: str, text: str, reference: str | None) -> None:
    structured = "<Strd><CdtrRefInf><Ref>RF5220260011</Ref></CdtrRefInf></Strd>"
    statement = HEAD + entry(details(inside.format(ref=structured)) + "<AddtlNtryInf>kanne</AddtlNtryInf>")
    (found,) = lines(statement)
    assert (found.text, found.reference) == (text, reference)


def test_ids_keep_who_gave_them_and_placeholders_are_none() -> None:
    refs = "<Refs><AcctSvcrRef>A1</AcctSvcrRef><InstrId>179</InstrId><EndToEndId>E1</EndToEndId></Refs>"
    placeholder = details("<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>")
    found, nameless = lines(
        HEAD + entry(f"<NtryRef>2026-000001</NtryRef><AcctSvcrRef>A1</AcctSvcrRef>{details(refs)}") + entry(placeholder)
    )
    assert ids(found) == [(SERVICER, "A1"), (END_TO_END, "E1"), (INSTRUCTION, "179"), (NUMBER, "2026-000001")]
    assert ids(nameless) == []


@pytest.mark.parametrize("number", ["1", "00012"])
def test_the_number_of_an_entry_in_its_statement_is_no_id(number: str) -> None:
    (found,) = lines(HEAD + entry(f"<NtryRef>{number}</NtryRef>"))
    assert ids(found) == []


@pytest.mark.parametrize(
    ("domain", "family", "subfamily", "kind"),
    [
        ("PMNT", "RCDT", "ESCT", LineKind.TRANSFER),
        ("PMNT", "CCRD", "POSD", LineKind.CARD),
        ("PMNT", "MCRD", "POSP", LineKind.CARD),
        ("PMNT", "CNTR", "CDPT", LineKind.CASH),
        ("ACMT", "MDOP", "FEES", LineKind.FEE),
        ("ACMT", "MDOP", "CHRG", LineKind.FEE),
        ("PMNT", "CCRD", "COMM", LineKind.FEE),
        ("ACMT", "MCOP", "INTR", LineKind.INTEREST),
        ("ACMT", "MDOP", "TAXE", LineKind.TAX),
        ("SECU", "CCRD", "OTHR", LineKind.TRANSFER),
    ],
)
def test_the_banks_code_says_the_kind(domain: str, family: str, subfamily: str, kind: LineKind) -> None:
    inner = f"<Fmly><Cd>{family}</Cd><SubFmlyCd>{subfamily}</SubFmlyCd></Fmly>"
    (found,) = lines(HEAD + entry(f"<BkTxCd><Domn><Cd>{domain}</Cd>{inner}</Domn></BkTxCd>"))
    assert found.kind is kind


UETR = "8a562c67-ca16-48ba-b074-65581be6f001"


@pytest.mark.parametrize(
    ("refs", "expected"),
    [
        ("<TxId>TX-000001</TxId>", [(IdScheme.TRANSACTION, "TX-000001")]),
        (f"<UETR>{UETR}</UETR>", [(IdScheme.UETR, UETR)]),
        (f"<UETR>{UETR.upper()}</UETR>", [(IdScheme.UETR, UETR)]),
        ("<UETR>8a562c67</UETR>", []),
        ("<TxId>1</TxId>", []),
        ("<TxId>NOTPROVIDED</TxId>", []),
        ("<EndToEndId>STANDING-1</EndToEndId><TxId>STANDING-1</TxId>", [(END_TO_END, "STANDING-1")]),
    ],
)
def test_the_ids_that_go_from_bank_to_bank_are_kept(refs: str, expected: list[tuple[IdScheme, str]]) -> None:
    assert ids(line(f"<Refs>{refs}</Refs>")) == expected


@pytest.mark.parametrize("mark", ["<RvslInd>true</RvslInd>", ""])
def test_what_comes_back_does_not_have_the_ids_of_what_went_out(mark: str) -> None:
    returned = "" if mark else "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    refs = f"<Refs><EndToEndId>E1</EndToEndId><TxId>TX-000001</TxId><UETR>{UETR}</UETR></Refs>"
    (found,) = lines(HEAD + entry(mark + details(refs + returned)))
    assert ids(found) == [(END_TO_END, "E1")]


@pytest.mark.parametrize(
    ("inside", "reason", "said"),
    [
        ("<Rsn><Cd>AC04</Cd></Rsn>", "AC04", ""),
        ("<Rsn><Cd>AM04</Cd></Rsn><AddtlInf>Not enough balance</AddtlInf>", "AM04", "Not enough balance"),
        ("<Rsn><Prtry>kinni</Prtry></Rsn>", "kinni", ""),
        ("<AddtlInf>account closed</AddtlInf>", "account closed", "account closed"),
        ("", "", ""),
    ],
)
def test_why_a_payment_came_back_is_kept(inside: str, reason: str, said: str) -> None:
    found = line(f"<RtrInf>{inside}</RtrInf>")
    assert (found.is_reversal, found.return_reason, found.bank_text) == (True, reason, said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Annetus", "SEPA Credit Transfer\nkanne"),
        ("Annetus, kanne", "SEPA Credit Transfer"),
        ("", "kanne"),  # without a text of the payer's the bank's is the text
    ],
)
def test_the_banks_words_stand_beside_the_payers(text: str, said: str) -> None:
    told = details(f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf><AddtlTxInf>SEPA Credit Transfer</AddtlTxInf>")
    (found,) = lines(HEAD + entry(f"{told}<AddtlNtryInf>kanne</AddtlNtryInf>"))
    assert (found.text, found.bank_text) == (text or "SEPA Credit Transfer", said)


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        (f"{DAY}<ValDt><Dt>2026-01-07</Dt></ValDt>", date(2026, 1, 7)),
        (f"{DAY}<ValDt><DtTm>2026-01-07T00:00:00Z</DtTm></ValDt>", date(2026, 1, 7)),
        (f"{DAY}<ValDt><Dt>07.01.2026</Dt></ValDt>", None),
        (DAY, None),
    ],
)
def test_the_value_date_is_kept_and_never_the_day_of_the_books(dates: str, day: date | None) -> None:
    (found,) = lines(HEAD + entry(dates=dates))
    assert (found.booked_on, found.value_date) == (date(2026, 1, 5), day)
