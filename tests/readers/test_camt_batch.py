"""What moved is one payer's, a batch in parts, or one payment of nobody with its details: as the file explains it."""

from __future__ import annotations

import pytest
from tests.readers.camt_sample import HEAD, OTHER, PAYER, codes, details, document, entry, line, lines, party, problems

from donations.core.problem import ProblemCode
from donations.core.statement import Counterparty, IdScheme, LineKind, StatementLine

SERVICER = IdScheme.ACCOUNT_SERVICER


def ids(found: StatementLine) -> list[tuple[IdScheme, str]]:
    return [(each.scheme, each.value) for each in found.ids]


PARTS = {"Amt": '<Amt Ccy="EUR">{}</Amt>', "TxAmt": '<AmtDtls><TxAmt><Amt Ccy="EUR">{}</Amt></TxAmt></AmtDtls>'}


def gift(name: str, amount: str, *, shape: str = "Amt", inside: str = "") -> str:
    refs = f"<Refs><AcctSvcrRef>ref-{name}</AcctSvcrRef></Refs>"
    parties = f"<RltdPties>{party('Dbtr', name, PAYER)}</RltdPties>"
    return refs + PARTS[shape].format(amount) + inside + parties + f"<RmtInf><Ustrd>{name}</Ustrd></RmtInf>"


@pytest.mark.parametrize("shape", list(PARTS))
def test_a_batch_is_one_line_with_a_part_for_each_payment(shape: str) -> None:
    batch = details(gift("Mari", "4.00", shape=shape)) + details(
        gift("Jüri", "5.00", shape=shape), gift("Kai", "1", shape=shape)
    )
    (found,) = lines(HEAD + entry(f"<AcctSvcrRef>whole</AcctSvcrRef>{batch}"))
    assert found.money.signed_minor == 1000
    assert ids(found) == [(SERVICER, "whole")]
    assert [(part.counterparty.name, part.text, part.money.signed_minor, ids(part)) for part in found.parts] == [
        (name, name, cents, [(SERVICER, f"ref-{name}")]) for name, cents in (("Mari", 400), ("Jüri", 500), ("Kai", 100))
    ]


def test_parts_may_go_the_other_way_and_a_part_of_zero_is_no_payment() -> None:
    back = gift("Jüri", "2.00", inside="<CdtDbtInd>DBIT</CdtDbtInd>")
    (found,) = lines(HEAD + entry(details(gift("Mari", "12.00"), back, gift("Kai", "0.00"))))
    assert [part.money.signed_minor for part in found.parts] == [1200, -200]


def test_parts_in_another_currency_are_not_added() -> None:
    statement = HEAD + entry(details(gift("Mari", "4.00"), gift("Jüri", "6.00").replace("EUR", "USD")))
    assert lines(statement)[0].parts == ()
    assert codes(document(statement)) == [ProblemCode.BATCH_KEPT_WHOLE]


def test_a_batch_without_its_payments_is_one_line_and_said_of_money_in() -> None:
    batch = details(batch="<Btch><NbOfTxs>3</NbOfTxs></Btch>")
    assert [found.parts for found in lines(HEAD + entry(batch))] == [()]
    assert codes(document(HEAD + entry(batch))) == [ProblemCode.BATCH_KEPT_WHOLE]
    assert codes(document(HEAD + entry(batch, way="DBIT"))) == []


MARI = f"<RltdPties>{party('Dbtr', 'Mari', PAYER)}</RltdPties><RmtInf><Ustrd>Annetus</Ustrd></RmtInf>"
JAAN = f"<RltdPties>{party('Dbtr', 'Jaan', OTHER)}</RltdPties><RmtInf><Ustrd>niidule</Ustrd></RmtInf>"


def amount(written: str, *, of: str = "", ccy: str = "EUR") -> str:
    """Return an amount of a payment: its own, or one of `AmtDtls`."""
    inside = f'<Amt Ccy="{ccy}">{written}</Amt>'
    return f"<AmtDtls><{of}>{inside}</{of}></AmtDtls>" if of else inside


def charge(written: str, *, way: str = "DBIT", ccy: str = "EUR", more: str = "") -> str:
    """Return one record of charges (version 03 and later)."""
    return f'<Rcrd><Amt Ccy="{ccy}">{written}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}</Rcrd>'


@pytest.mark.parametrize(
    ("stated", "original", "charges"),
    [
        ("", None, None),
        (amount("10.00"), None, None),
        (amount("10"), None, None),
        (amount("10.00", of="TxAmt"), None, None),
        (amount("10.00", of="InstdAmt"), None, None),
        (amount("11.80", of="InstdAmt", ccy="USD"), "11.80 USD", None),
        (amount("11.80", of="TxAmt", ccy="USD"), "11.80 USD", None),
        (amount("11.80", of="InstdAmt", ccy="USD") + amount("10.00"), "11.80 USD", None),
        (amount("12.00", of="InstdAmt") + amount("10.00", of="TxAmt"), "12.00 EUR", None),
        (amount("12.00", of="InstdAmt") + f"<Chrgs>{charge('2.00')}</Chrgs>", "12.00 EUR", "2.00 EUR"),
        (amount("12.00") + f"<Chrgs>{charge('2.50')}{charge('0.50', way='CRDT')}</Chrgs>", "12.00 EUR", "2.00 EUR"),
        (
            amount("12.00") + '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">2.00</TtlChrgsAndTaxAmt></Chrgs>',
            "12.00 EUR",
            "2.00 EUR",
        ),
        # Version 02 has no records.
        (amount("12.00") + '<Chrgs><Amt Ccy="EUR">2.00</Amt></Chrgs>', "12.00 EUR", "2.00 EUR"),
        (amount("10.00") + f"<Chrgs>{charge('0.30', more='<ChrgInclInd>false</ChrgInclInd>')}</Chrgs>", None, None),
        (amount("10.00") + f"<Chrgs>{charge('0.00')}</Chrgs>", None, None),
        (amount("x", of="InstdAmt") + amount("10.00"), None, None),
        (amount("", of="InstdAmt"), None, None),
    ],
)
def test_one_payment_that_the_file_explains_is_its_payers(
    stated: str, original: str | None, charges: str | None
) -> None:
    found = line(stated + MARI)
    assert (found.counterparty.name, found.counterparty.account, found.text) == ("Mari", PAYER, "Annetus")
    assert (found.money.signed_minor, found.details) == (1000, ())
    assert (found.original and str(found.original), found.charges and str(found.charges)) == (original, charges)


def test_the_entry_may_say_what_its_only_payment_was() -> None:
    told = amount("11.80", of="InstdAmt", ccy="USD") + f"<Chrgs>{charge('1.00')}</Chrgs>" + details(MARI)
    (found,) = lines(HEAD + entry(told))
    assert (str(found.original), str(found.charges), found.counterparty.name) == ("11.80 USD", "1.00 EUR", "Mari")


def test_of_money_out_charges_are_added() -> None:
    found = line(
        amount("9.50", of="InstdAmt") + f"<Chrgs>{charge('0.50')}</Chrgs>" + MARI.replace("Dbtr", "Cdtr"), way="DBIT"
    )
    assert (found.counterparty.name, str(found.original), str(found.charges)) == ("Mari", "9.50 EUR", "0.50 EUR")


ONE = "<Btch><NbOfTxs>1</NbOfTxs></Btch>"
THREE = "<Btch><NbOfTxs>3</NbOfTxs></Btch>"
MISSING = "not all of them have an amount"


@pytest.mark.parametrize(
    ("batch", "payments", "shown", "said"),
    [
        ("", [amount("4.00") + MARI], [("Mari", "4.00 EUR")], "4.00 EUR"),
        (ONE, [amount("4.00", of="TxAmt") + MARI], [("Mari", "4.00 EUR")], "4.00 EUR"),
        ("", [amount("40.00") + MARI], [("Mari", "40.00 EUR")], "40.00 EUR"),
        ("", [amount("x") + MARI], [("Mari", "None")], MISSING),
        ("", [amount("-10.00") + MARI], [("Mari", "None")], MISSING),
        ("", [amount("0.00") + MARI], [("Mari", "None")], "0.00 EUR"),
        ("", [amount("4.00") + amount("11.80", of="InstdAmt", ccy="USD") + MARI], [("Mari", "4.00 EUR")], "4.00 EUR"),
        ("", [amount("4.00") + f"<Chrgs>{charge('2.00')}</Chrgs>" + MARI], [("Mari", "4.00 EUR")], "4.00 EUR"),
        (
            "",
            [amount("12.00") + f"<Chrgs>{charge('2.00', ccy='USD')}</Chrgs>" + MARI],
            [("Mari", "12.00 EUR")],
            "12.00 EUR",
        ),
        (THREE, [amount("10.00") + MARI], [("Mari", "10.00 EUR")], "not all of them are shown"),
        (THREE, [MARI], [("Mari", "None")], "not all of them are shown"),
        ("", [amount("4.00") + MARI, amount("5.00") + JAAN], [("Mari", "4.00 EUR"), ("Jaan", "5.00 EUR")], "9.00 EUR"),
        ("", [amount("4.00") + MARI, JAAN], [("Mari", "4.00 EUR"), ("Jaan", "None")], MISSING),
        ("", [amount("4.00") + MARI, amount("-6.00") + JAAN], [("Mari", "4.00 EUR"), ("Jaan", "None")], MISSING),
        ("", [amount("4.00") + MARI, amount("x") + JAAN], [("Mari", "4.00 EUR"), ("Jaan", "None")], MISSING),
        (
            "",
            [amount("10.00") + MARI, amount("7.00", ccy="USD") + JAAN],
            [("Mari", "10.00 EUR"), ("Jaan", "7.00 USD")],
            MISSING,
        ),
        (
            "",
            [amount("6.00", of="InstdAmt", ccy="USD") + MARI, amount("5.00", of="InstdAmt", ccy="USD") + JAAN],
            [("Mari", "6.00 USD"), ("Jaan", "5.00 USD")],
            MISSING,
        ),
        ("", [amount("4.00") + MARI, amount("5.00") + MARI], [("Mari", "4.00 EUR"), ("Mari", "5.00 EUR")], "9.00 EUR"),
    ],
)
def test_what_details_do_not_explain_is_one_payment_of_nobody_with_them_beside_it(
    batch: str, payments: list[str], shown: list[tuple[str, str]], said: str
) -> None:
    statement = HEAD + entry(f"<AcctSvcrRef>whole</AcctSvcrRef>{details(*payments, batch=batch)}")
    (found,) = lines(statement)
    assert (found.parts, found.money.signed_minor, found.counterparty) == ((), 1000, Counterparty())
    assert (found.text, found.reference, ids(found)) == ("", None, [(SERVICER, "whole")])
    assert [(detail.counterparty.name, str(detail.amount)) for detail in found.details] == shown
    (notice,) = problems(document(statement))
    assert (notice.code, dict(notice.values)) == (
        ProblemCode.BATCH_KEPT_WHOLE,
        {"parts": said, "total": "10.00 EUR"},
    )


def test_a_detail_keeps_all_that_the_file_shows_of_it() -> None:
    code = "<Id><PrvtId><Othr><Id>49403136526</Id><SchmeNm><Cd>NIDN</Cd></SchmeNm></Othr></PrvtId></Id>"
    told = f"<RltdPties>{party('Dbtr', 'Mari', PAYER, code)}</RltdPties>"
    remittance = "<RmtInf><Ustrd>Annetus</Ustrd><Strd><CdtrRefInf><Ref>20260011</Ref></CdtrRefInf></Strd></RmtInf>"
    (detail,) = line(amount("4.00") + told + remittance).details
    party_ = detail.counterparty
    assert (party_.name, party_.account, party_.code) == ("Mari", PAYER, "49403136526")
    assert (detail.text, str(detail.amount)) == ("Annetus\n20260011", "4.00 EUR")


@pytest.mark.parametrize("heading", ["<RmtInf><Ustrd>laekumised 2</Ustrd></RmtInf>", "", amount("", of="TxAmt")])
@pytest.mark.parametrize("at", [0, 2])
def test_a_detail_without_an_amount_is_the_heading_of_those_that_add_up(heading: str, at: int) -> None:
    payments = [amount("4.00", of="TxAmt") + MARI, amount("6.00", of="TxAmt") + JAAN]
    payments.insert(at, heading)
    statement = HEAD + entry(details(*payments))
    (found,) = lines(statement)
    assert [(part.counterparty.name, part.money.signed_minor) for part in found.parts] == [("Mari", 400), ("Jaan", 600)]
    assert codes(document(statement)) == []


def test_a_heading_before_one_payment_leaves_one_payment() -> None:
    (found,) = lines(HEAD + entry(details("<RmtInf><Ustrd>laekumised</Ustrd></RmtInf>", amount("10.00") + MARI)))
    assert (found.counterparty.name, found.parts, found.details) == ("Mari", (), ())


def test_parts_keep_what_each_was_before() -> None:
    dollars = amount("6.60", of="InstdAmt", ccy="USD") + amount("6.00")
    (found,) = lines(HEAD + entry(details(dollars + MARI, amount("4.00") + JAAN)))
    assert [part.original and str(part.original) for part in found.parts] == ["6.60 USD", None]


def test_a_whole_is_of_the_kind_and_a_return_for_the_reason_that_its_payments_agree_on() -> None:
    code = "<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>FEES</SubFmlyCd></Fmly></Domn></BkTxCd>"
    told = code + "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    (found,) = lines(HEAD + entry(details(amount("4.00") + told, amount("5.00") + told)))
    assert (found.kind, found.is_reversal, found.return_reason) == (LineKind.FEE, True, "AC04")
