"""The CSV layouts of Estonian banks (and Swedbank in Latvia and Lithuania), as data; a new bank is a new constant.

Headers are facts from the banks' descriptions and from public importers. Columns that mean nothing to the ledger are
not declared (LHV's `Kande viide`, which several rows share). Nor is SEB's `Teenustasu`: whether a fee there is
part of the amount is not known, so the amount column alone counts.
"""

from __future__ import annotations

from donations.core.statement import Flow, LineKind
from donations.readers.csv_dialect import Dialect
from donations.readers.csv_facts import Codes, RowType
from donations.readers.csv_rows import Columns

_LHV_MARKS = (
    "Konto teenusepakkuja viide",
    "Makse algataja nimi",
    "Kande viide",
    "Customer account no",
    "Account servicer reference",
    "Archiving code",
    "Archival ID",
    "Account service provider's reference",
    "Ссылка поставщика счета",
    "Признак архивирования",
)

LHV = Dialect(
    name="lhv-csv",
    columns=Columns(
        own_account=("Kliendi konto", "Customer account no", "Client account", "Счёт клиента"),
        booked_on=("Kuupäev", "Date", "Дата"),
        account=(
            "Saaja/maksja konto",
            "Sender/receiver account",
            "Beneficiary's/remitter's account",
            "Beneficiary's account",
            "Счёт плательщика/получателя",
        ),
        name=(
            "Saaja/maksja nimi",
            "Sender/receiver name",
            "Beneficiary's/remitter's name",
            "Beneficiary's name",
            "Имя плательщика/получателя",
        ),
        code=(
            "Isikukood või registrikood",
            "Personal code or register code",
            "Personal identification code or registry code",
            "Личный код или регистрационный код",
        ),
        bic=(
            "Saaja/maksja panga BIC",
            "Sender/receiver bank BIC",
            "Beneficiary's/remitter's bank's BIC",
            "BIC банка получателя/плательщика",
        ),
        on_behalf_of=(
            "Makse algataja nimi",
            "Ultimate debtor name",
            "Payment initiator's name",
            "Имя инициатора платежа",
        ),
        flow=("Deebet/Kreedit (D/C)", "Debit/Credit (D/C)", "Дебет/Кредит (D/C)"),
        amount=("Summa", "Amount", "Сумма"),
        currency=("Valuuta", "Currency", "Валюта"),
        reference=("Viitenumber", "Reference number", "Номер ссылки"),
        text=("Selgitus", "Description", "Details", "Пояснение"),
        row_type=(),
        kind=(),
        archive_id=("Arhiveerimistunnus", "Archiving code", "Archival ID", "Признак архивирования"),
        servicer_id=(
            "Konto teenusepakkuja viide",
            "Account servicer reference",
            "Account service provider's reference",
            "Ссылка поставщика счета",
        ),
        document_number=("Dokumendi number", "Document no", "Document number", "Номер документа"),
    ),
    marks=_LHV_MARKS,
    codes=Codes(flows={"C": Flow.IN, "D": Flow.OUT}),
    may_sign_money_out=True,  # exports with and without a minus are known
)

SEB = Dialect(
    name="seb-csv",
    columns=Columns(
        own_account=("Kliendi konto", "Account", "Client account", "Название счета"),
        booked_on=("Kuupäev", "Date", "Дата"),
        account=(
            "Saaja/maksja konto",
            "Beneficiary's account",
            "Beneficiary's/remitter's account",
            "Счёт получателя",
        ),
        name=(
            "Saaja/maksja nimi",
            "Beneficiary's name",
            "Beneficiary's/remitter's name",
            "Наименование получателя",
        ),
        code=(
            "Isikukood või registrikood",
            "ID code/Registry code",
            "Remitter's Reg. or ID code",
        ),
        bic=("Saaja panga kood", "Saaja/maksja panga kood", "BIC/SWIFT"),
        flow=("Deebet/Kreedit (D/C)", "(D/C)", "Debit/Credit (D/C)"),
        amount=("Summa", "Amount", "Сумма"),
        currency=("Valuuta", "Currency", "Валюта"),
        reference=("Viitenumber", "Reference no.", "Reference number", "Номер ссылки"),
        text=("Selgitus", "Description", "Описание"),
        row_type=(),
        kind=(),  # what MK, H and L mean has not been described
        on_behalf_of=(),
        servicer_id=(),
        archive_id=("Arhiveerimistunnus", "Archive ID", "Archiving ID", "Признак архивации"),
        document_number=("Dokumendi number", "Document No.", "Document number", "Номер документа"),
    ),
    marks=(
        "Saaja panga kood",
        "Saaja/maksja panga kood",
        "(D/C)",
        "Archiving ID",
    ),
    marks_of_others=_LHV_MARKS,  # LHV's old export has all of SEB's columns, and more
    codes=Codes(flows={"C": Flow.IN, "D": Flow.OUT}),
)

SWEDBANK = Dialect(
    name="swedbank-csv",
    columns=Columns(
        own_account=("Kliendi konto", "Client account", "Счёт клиента", "Klienta konts", "Sąskaitos Nr."),
        row_type=(
            "Reatüüp",
            "Row type",
            "Строковый тип",
            "Ieraksta tips",
            "",  # in Lithuania the column has no name
        ),
        booked_on=("Kuupäev", "Date", "Дата", "Datums", "Data"),
        name=(
            "Saaja/Maksja",
            "Beneficiary/Payer",
            "Получатель/Плательщик",
            "Saņēmējs/Maksātājs",
            "Gavėjas",
        ),
        account=("Saaja konto", "Beneficiary's account", "Счёт получателя"),  # in some exports only
        code=(),
        bic=(),
        on_behalf_of=(),
        servicer_id=(),
        text=("Selgitus", "Details", "Пояснение", "Informācija saņēmējam", "Paaiškinimai"),
        amount=("Summa", "Amount", "Сумма", "Suma"),
        currency=("Valuuta", "Currency", "Valūta", "Valiuta"),
        flow=("Deebet/Kreedit", "Debit/Credit", "Дебит/Кредит", "Debets/Kredīts", "D/K"),
        archive_id=("Arhiveerimistunnus", "Transfer reference", "Архивный признак", "Arhīva kods", "Įrašo Nr."),
        kind=("Tehingu tüüp", "Transaction type", "Тип сделки", "Maksājuma veids", "Kodas"),
        reference=(
            "Viitenumber",
            "Reference number",
            "Номер ссылки",
            "Refernces numurs",  # the bank's own spelling
            "Įmokos kodas",
        ),
        document_number=(
            "Dokumendi number",
            "Document number",
            "Номер документа",
            "Dokumenta numurs",
            "Dok. Nr.",
        ),
    ),
    codes=Codes(
        flows={"K": Flow.IN, "D": Flow.OUT},
        row_types={
            "10": RowType.OPENING,
            "20": RowType.LINE,
            "82": RowType.TURNOVER,
            "86": RowType.CLOSING,
        },
        kinds={"K": LineKind.CARD, "KOM": LineKind.FEE, "AI": LineKind.INTEREST},
    ),
    trailing_separator=True,  # of some rows only
)

DIALECTS = (LHV, SEB, SWEDBANK)
