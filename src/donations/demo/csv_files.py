"""Writes CSV as LHV and Swedbank export it in Estonian: the first without balances, the second without accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from donations.core.money import Minor
from donations.core.statement import LineKind
from donations.demo.excerpt import Excerpt, archive_id, servicer_id, total, unsigned
from donations.demo.movement import Movement

_LHV_COLUMNS = (
    "Kliendi konto",
    "Dokumendi number",
    "Kuupäev",
    "Saaja/maksja konto",
    "Saaja/maksja nimi",
    "Deebet/Kreedit (D/C)",
    "Summa",
    "Viitenumber",
    "Arhiveerimistunnus",
    "Selgitus",
    "Valuuta",
    "Isikukood või registrikood",
    "Saaja/maksja panga BIC",
    "Makse algataja nimi",
    "Kande viide",
    "Konto teenusepakkuja viide",
)
_SWEDBANK_COLUMNS = (
    "Kliendi konto",
    "Reatüüp",
    "Kuupäev",
    "Saaja/Maksja",
    "Selgitus",
    "Summa",
    "Valuuta",
    "Deebet/Kreedit",
    "Arhiveerimistunnus",
    "Tehingu tüüp",
    "Viitenumber",
    "Dokumendi number",
)
_SWEDBANK_KINDS = {LineKind.FEE: "KOM", LineKind.CARD: "K", LineKind.INTEREST: "AI"}


def lhv_csv(shown: Excerpt) -> bytes:
    """Return the file; its amounts are signed."""
    rows = [_LHV_COLUMNS, *(_lhv_row(movement, own=shown.account.iban) for movement in shown.movements)]
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows).encode()


def _lhv_row(movement: Movement, *, own: str) -> tuple[str, ...]:
    party = movement.party
    return (
        own,
        "",
        str(movement.day),
        party.iban,
        party.name,
        "C" if movement.minor > 0 else "D",
        ("" if movement.minor > 0 else "-") + unsigned(movement.minor),
        movement.reference,
        archive_id(movement),
        movement.text,
        "EUR",
        party.code if party.iban.startswith("EE") else "",
        "",
        movement.on_behalf_of,
        "",
        servicer_id(movement),
    )


def swedbank_csv(shown: Excerpt) -> bytes:
    """Return the file, with the rows of balances and turnovers."""
    return "".join(";".join(map(_quoted, row)) + ";\n" for row in _swedbank_rows(shown)).encode()


def _swedbank_rows(shown: Excerpt) -> Iterator[tuple[str, ...]]:
    own = shown.account.iban

    def row(kind: str, day: date, text: str, minor: Minor, code: str, *more: str) -> tuple[str, ...]:
        name, archive, reference = more or ("", "", "")
        flow = "K" if minor >= 0 else "D"
        amount = unsigned(minor).replace(".", ",")
        return (own, kind, f"{day:%d.%m.%Y}", name, text, amount, "EUR", flow, archive, code, reference, "")

    yield _SWEDBANK_COLUMNS
    yield row("10", shown.first_day, "Algsaldo", shown.opening, "AS")
    for each in shown.movements:
        code = _SWEDBANK_KINDS.get(each.kind, "MK")
        yield row("20", each.day, each.text, each.minor, code, each.party.name, archive_id(each), each.reference)
    yield row("82", shown.last_day, "Käive", total(shown.money_in), "K2")
    if shown.money_out:
        yield row("82", shown.last_day, "Käive", -total(shown.money_out), "K2")
    yield row("86", shown.last_day, "Lõppsaldo", shown.closing, "LS")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
