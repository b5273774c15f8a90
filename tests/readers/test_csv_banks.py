"""Every known layout of every bank states the same gift and the same fee."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from donations.core.iban import parse_iban
from donations.core.money import decimal_text
from donations.core.problem import ProblemCode, Refused
from donations.core.reference import parse_reference, viitenumber
from donations.core.statement import BankId, IdScheme, LineKind, Statement, StatementLine
from donations.readers.csv_banks import DIALECTS
from donations.readers.csv_dialect import Dialect
from donations.readers.csv_rows import column_name
from donations.readers.finalise import finalise
from donations.readers.sniffer import choose

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TODAY = date(2026, 7, 1)

OWN = "EE947700771001112226"
PAYER = "EE782200221020001114"
GIFT = {
    "own": OWN, "day": "2026-01-05", "account": PAYER, "name": "Mari-Liis Näidis", "code": "49403136526",
    "in": "C", "amount": "20.00", "reference": viitenumber("123456"), "archive": "2026010500123456",
    "text": "annetus", "currency": "EUR", "servicer": "A1B2C3D4E5F60718293A4B5C6D7E8F90", "document": "17",
    "for": "Jüri Näidis", "row type": "20", "kind": "MK", "in or out": "K",
}  # fmt: skip
FEE = GIFT | {
    "amount": "0.35", "in": "D", "in or out": "D", "account": "", "name": "Pank", "code": "", "reference": "",
    "archive": "2026010500123457", "text": "teenustasu", "servicer": "B1", "document": "", "for": "", "kind": "KOM",
}  # fmt: skip
DOTTED = {"day": "05.01.2026"}

# Bank, separator, and each column's name with what of the payment stands in it ("" is a column without meaning).
LHV_ET = "lhv-csv", ",", {
    "Kliendi konto": "own", "Dokumendi number": "document", "Kuupäev": "day", "Saaja/maksja konto": "account",
    "Saaja/maksja nimi": "name", "Deebet/Kreedit (D/C)": "in", "Summa": "amount", "Viitenumber": "reference",
    "Arhiveerimistunnus": "archive", "Selgitus": "text", "Valuuta": "currency", "Isikukood või registrikood": "code",
    "Saaja/maksja panga BIC": "", "Makse algataja nimi": "for", "Kande viide": "",
    "Konto teenusepakkuja viide": "servicer",
}  # fmt: skip
LHV_ET_OLD = "lhv-csv", ",", {
    "Kliendi konto": "own", "Dokumendi number": "document", "Kuupäev": "day", "Saaja/maksja konto": "account",
    "Saaja/maksja nimi": "name", "Saaja panga kood": "", "Tühi": "", "Deebet/Kreedit (D/C)": "in", "Summa": "amount",
    "Viitenumber": "reference", "Arhiveerimistunnus": "archive", "Selgitus": "text", "Teenustasu": "",
    "Valuuta": "currency", "Isikukood või registrikood": "code", "Saaja/maksja panga BIC": "",
    "Makse algataja nimi": "for", "Kande viide": "", "Konto teenusepakkuja viide": "servicer",
}  # fmt: skip
LHV_EN = "lhv-csv", ",", {
    "Customer account no": "own", "Document no": "document", "Date": "day", "Sender/receiver account": "account",
    "Sender/receiver name": "name", "Debit/Credit (D/C)": "in", "Amount": "amount", "Reference number": "reference",
    "Archiving code": "archive", "Description": "text", "Currency": "currency",
    "Personal code or register code": "code", "Sender/receiver bank BIC": "", "Ultimate debtor name": "for",
    "Transaction reference": "", "Account servicer reference": "servicer",
}  # fmt: skip
LHV_EN_SEMICOLON = "lhv-csv", ";", {
    "Client account": "own", "Document number": "document", "Date": "day",
    "Beneficiary's/remitter's account": "account", "Beneficiary's/remitter's name": "name",
    "Debit/Credit (D/C)": "in", "Amount": "amount", "Reference number": "reference", "Archival ID": "archive",
    "Details": "text", "Currency": "currency", "Personal identification code or registry code": "code",
    "Beneficiary's/remitter's bank's BIC": "", "Payment initiator's name": "for", "Entry reference": "",
    "Account service provider's reference": "servicer",
}  # fmt: skip
LHV_RU = "lhv-csv", ",", {
    "Счёт клиента": "own", "Номер документа": "document", "Дата": "day", "Счёт плательщика/получателя": "account",
    "Имя плательщика/получателя": "name", "Дебет/Кредит (D/C)": "in", "Сумма": "amount",
    "Номер ссылки": "reference", "Признак архивирования": "archive", "Пояснение": "text", "Валюта": "currency",
    "Личный код или регистрационный код": "code", "BIC банка получателя/плательщика": "",
    "Имя инициатора платежа": "for", "Ссылка проводки": "", "Ссылка поставщика счета": "servicer",
}  # fmt: skip
SEB_ET = "seb-csv", ";", {
    "Kliendi konto": "own", "Dokumendi number": "document", "Kuupäev": "day", "Saaja/maksja konto": "account",
    "Saaja/maksja nimi": "name", "Saaja panga kood": "", "Tüüp": "", "Deebet/Kreedit (D/C)": "in",
    "Summa": "amount", "Viitenumber": "reference", "Arhiveerimistunnus": "archive", "Selgitus": "text",
    "Teenustasu": "", "Valuuta": "currency", "Isikukood või registrikood": "code",
}  # fmt: skip
SEB_EN = "seb-csv", ";", {
    "Account": "own", "Document No.": "document", "Date": "day", "Beneficiary's account": "account",
    "Beneficiary's name": "name", "BIC/SWIFT": "", "Type": "", "(D/C)": "in", "Amount": "amount",
    "Reference no.": "reference", "Archive ID": "archive", "Description": "text", "Commission fee": "",
    "Currency": "currency", "ID code/Registry code ": "code",
}  # fmt: skip
SEB_RU = "seb-csv", "\t", {
    "Название счета": "own", "Валюта": "currency", "Дата": "day", "Наименование получателя": "name",
    "Описание": "text", "Сумма": "amount", "Номер ссылки": "reference", "(D/C)": "in",
    "Признак архивации": "archive", "тип": "", "Номер документа": "document", "Счёт получателя": "account",
}  # fmt: skip
SWEDBANK_ET = "swedbank-csv", ";", {
    "Kliendi konto": "own", "Reatüüp": "row type", "Kuupäev": "day", "Saaja/Maksja": "name", "Selgitus": "text",
    "Summa": "amount", "Valuuta": "currency", "Deebet/Kreedit": "in or out", "Arhiveerimistunnus": "archive",
    "Tehingu tüüp": "kind", "Viitenumber": "reference", "Dokumendi number": "document", "": "",
}  # fmt: skip
SWEDBANK_EN = "swedbank-csv", ";", {
    "Client account": "own", "Row type": "row type", "Date": "day", "Beneficiary/Payer": "name",
    "Beneficiary's account": "account", "Details": "text", "Amount": "amount", "Currency": "currency",
    "Debit/Credit": "in or out", "Transfer reference": "archive", "Transaction type": "kind",
    "Reference number": "reference", "Document number": "document", "": "",
}  # fmt: skip
SWEDBANK_RU = "swedbank-csv", ";", {
    "Сч\u00ebт клиент\u0061": "own", "Строковый тип": "row type", "Дата": "day", "Получатель/Плательщик": "name",
    "Пояснение": "text", "Сумма": "amount", "Currency": "currency", "Дебит/Кредит": "in or out",
    "Архивный признак": "archive", "Тип сделки": "kind", "Номер ссылки": "reference", "Номер документа": "document",
}  # fmt: skip
SWEDBANK_LV = "swedbank-csv", ";", {
    "Klienta konts": "own", "Ieraksta tips": "row type", "Datums": "day", "Saņēmējs/Maksātājs": "name",
    "Informācija saņēmējam": "text", "Summa": "amount", "Valūta": "currency", "Debets/Kredīts": "in or out",
    "Arhīva kods": "archive", "Maksājuma veids": "kind", "Refernces numurs": "reference",
    "Dokumenta numurs": "document",
}  # fmt: skip
LAYOUTS = [LHV_ET, LHV_ET_OLD, LHV_EN, LHV_EN_SEMICOLON, LHV_RU, SEB_ET, SEB_EN, SEB_RU, SWEDBANK_ET, SWEDBANK_EN]
LAYOUTS += [SWEDBANK_RU, SWEDBANK_LV]

Layout = tuple[str, str, dict[str, str]]


def written(layout: Layout, *payments: dict[str, str]) -> bytes:
    _, separator, columns = layout
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([payment.get(meaning, "") for meaning in columns.values()] for payment in payments)
    return text.getvalue().encode()


def statements(content: bytes, *, name: str) -> tuple[Statement, ...]:
    reader = choose(content, DIALECTS)
    assert reader.name == name
    facts = reader.facts(content)
    reading = finalise(facts, format_name=name, today=TODAY, lines_max=1000, accept_imbalance=False)
    return reading.statements


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: f"{layout[0]}-{next(iter(layout[2]))}")
@pytest.mark.parametrize("day", [{}, DOTTED], ids=["iso", "dotted"])
def test_a_layout_states_the_gift_and_the_fee(layout: Layout, day: dict[str, str]) -> None:
    (statement,) = statements(written(layout, GIFT | day, FEE | day), name=layout[0])
    assert statement.account == OWN
    assert statement.currency == "EUR"
    assert [line.money.signed_minor for line in statement.lines] == [2000, -35]
    meanings = set(layout[2].values())
    assert_gift(statement.lines[0], meanings)
    is_marked_fee = "kind" in meanings
    assert statement.lines[1].kind is (LineKind.FEE if is_marked_fee else LineKind.TRANSFER)


def assert_gift(line: StatementLine, meanings: set[str]) -> None:
    assert line.row == 2
    assert line.booked_on == date(2026, 1, 5)
    assert line.text == "annetus"
    assert line.reference == parse_reference(GIFT["reference"])
    other = line.counterparty
    assert other.name == "Mari-Liis Näidis"
    assert other.account == (parse_iban(PAYER) if "account" in meanings else None)
    assert other.code == ("49403136526" if "code" in meanings else None)
    assert other.on_behalf_of == ("Jüri Näidis" if "for" in meanings else "")
    schemes = {
        "servicer": IdScheme.ACCOUNT_SERVICER,
        "archive": IdScheme.ARCHIVE,
        "document": IdScheme.INSTRUCTION,
    }
    assert line.ids == tuple(BankId(scheme, GIFT[name]) for name, scheme in schemes.items() if name in meanings)


def test_swedbank_in_lithuania_has_a_nameless_column_and_the_account_behind_the_name() -> None:
    header = '"Sąskaitos Nr.","","Data","Gavėjas","Paaiškinimai","Suma","Valiuta","D/K","Įrašo Nr.","Kodas",'
    row = f'"{OWN}","20","2026-01-05","Mari Näidis | {PAYER}","auka","20.00","EUR","K","2026010500123456","MK",'
    (statement,) = statements(f"{header}\n{row}\n".encode("cp1257"), name="swedbank-csv")
    (line,) = statement.lines
    assert line.counterparty.name == "Mari Näidis"
    assert line.counterparty.account == PAYER


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_no_name_means_two_columns_of_one_bank(dialect: Dialect) -> None:
    names = [column_name(name) for known in dialect.columns for name in known]
    assert len(names) == len(set(names))


def read_corpus(path: Path) -> tuple[Statement, ...]:
    content = path.read_bytes()
    reader = choose(content, DIALECTS)
    facts = reader.facts(content)
    reading = finalise(facts, format_name=reader.name, today=TODAY, lines_max=100_000, accept_imbalance=False)
    return reading.statements


needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of foreign test data is not here")


@needs_corpus
def test_the_derived_baltic_files_add_up_as_their_makers_say() -> None:
    expected = json.loads((CORPUS / "derived" / "EXPECTED.json").read_text())
    for path in sorted((CORPUS / "derived").glob("*.csv")):
        if "no_header" not in path.name:
            (statement,) = read_corpus(path)
            total = decimal_text(sum(line.money.signed_minor for line in statement.lines), statement.currency)
            said = expected[path.name]
            assert (path.name, len(statement.lines), total) == (path.name, said["transactions"], said["net"])


TOLD = {ProblemCode.UNKNOWN_CSV_LAYOUT, ProblemCode.MISSING_HEADING, ProblemCode.NOT_A_STATEMENT}


@needs_corpus
def test_csv_of_other_banks_is_refused_unread() -> None:
    for path in sorted(path for path in (CORPUS / "csv").rglob("*") if path.is_file()):
        with pytest.raises(Refused) as refusal:
            choose(path.read_bytes(), DIALECTS)
        (problem,) = refusal.value.problems
        assert problem.code in TOLD, path.name
