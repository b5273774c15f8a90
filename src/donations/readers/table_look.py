"""What the columns of an unknown table show, and what they probably mean: looked at in all rows, said by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from donations.core.iban import parse_iban
from donations.core.money import BadAmountError, BadCurrencyError, parse_currency
from donations.core.person_code import UnverifiedCode, parse_code
from donations.core.problem import Problem, Refused
from donations.core.table_layout import MARKS, NAME_MAX, ColumnLook, ColumnMeaning, DayOrder, TableLook
from donations.readers.csv_rows import column_name
from donations.readers.table_cells import amount_of, days_of
from donations.readers.table_rows import found_table

_SAMPLES, _WORDS_MAX = 3, 3
_LONG = 20
"""Characters of a word that stands for a direction."""
_CODE_LENGTHS = (8, 11)
"""Of a registry code and a personal code."""
_WORDS = {
    ColumnMeaning.BALANCE: "balance saldo jääk остаток баланс",
    ColumnMeaning.MONEY_IN: "credit kreedit haben deposit laekum sissetulek приход зачислен поступлен",
    ColumnMeaning.MONEY_OUT: "debit deebet soll withdrawal väljamaks väljaminek расход списан",
    ColumnMeaning.AMOUNT: "amount summa сумма betrag",
    ColumnMeaning.DAY: "date kuupäev kpv дата datum buchungstag",
    ColumnMeaning.CURRENCY: "currency valuuta валюта währung",
    ColumnMeaning.BANK_ID: "transaction arhiveerimistunnus archiv id",
    ColumnMeaning.REFERENCE: "viitenumber ссылки reference",
    ColumnMeaning.CODE: "isikukood registrikood code код",
    ColumnMeaning.ACCOUNT: "account iban konto счет",
    ColumnMeaning.NAME: "name nimi payee payer saaja maksja beneficiary partner имя получатель плательщик",
    ColumnMeaning.TEXT: "selgitus text description details memo explanation note verwendungszweck пояснение назначение",
}
"""What stands in the headings of such columns, in the languages of banks here."""
_NAMES = {meaning: tuple(map(column_name, words.split())) for meaning, words in _WORDS.items()}
_DIRECTIONS = [
    *({"c", "d"}, {"k", "d"}, {"h", "s"}, {"+", "-"}, {"in", "out"}, {"cr", "dr"}, {"crdt", "dbit"}),
    *({"credit", "debit"}, {"kreedit", "deebet"}, {"sisse", "välja"}, {"приход", "расход"}),
]
_DIRECTION_WORDS = "type direction suund liik тип направление richtung d/k k/d c/d d/c"
"""What stands above words that tell money in from money out, whatever the two words are."""
_DIRECTION_NAMES = tuple(map(column_name, _DIRECTION_WORDS.split()))
_TWO = 2
_ONE_OF_TWO = (ColumnMeaning.MONEY_IN, ColumnMeaning.MONEY_OUT)


def look_at(content: bytes) -> TableLook:
    """Return what a table shows; raises `Refused` where there is none, or where a row is damaged."""
    header, names, found = found_table(content)
    rows: list[tuple[str, ...]] = []
    for row in found:
        if isinstance(row, Problem):
            raise Refused([row])
        rows.append(row.cells)
    columns = [*zip(*rows, strict=True)] if rows else [() for _ in names]
    looks = [_look(name, cells) for name, cells in zip(names, columns, strict=True)]
    proposed = _proposed(looks, columns)
    return TableLook(
        separator=header.separator,
        heading=header.names,
        columns=tuple(replace(look, proposed=proposed.get(at)) for at, look in enumerate(looks)),
        rows=len(rows),
    )


def _look(name: str, cells: Sequence[str]) -> ColumnLook:
    said = [each for each in cells if each]
    different = [*dict.fromkeys(said)]
    amounts = {mark: _amounts(different, mark) if said else None for mark in MARKS}
    return ColumnLook(
        name=name[:NAME_MAX],
        samples=tuple(each[:NAME_MAX] for each in different[:_SAMPLES]),
        orders=tuple(each for each in DayOrder if said and all(each in days_of(cell) for cell in different)),
        marks=tuple(mark for mark, found in amounts.items() if found is not None),
        is_open=None not in amounts.values() and len({*amounts.values()}) > 1,
        is_signed=any(minor < 0 for found in amounts.values() if found is not None for minor in found),
        words=tuple(different) if 2 <= len(different) <= _WORDS_MAX and max(map(len, different)) <= _LONG else (),
        proposed=None,
    )


def _amounts(cells: Sequence[str], mark: str) -> tuple[int, ...] | None:
    try:
        return tuple(amount_of(each, currency="EUR", mark=mark) for each in cells)
    except BadAmountError:
        return None


def _proposed(looks: Sequence[ColumnLook], columns: Sequence[Sequence[str]]) -> dict[int, ColumnMeaning]:
    """Return what each column probably means: no meaning twice but text, and only what its cells can be."""
    found: dict[int, ColumnMeaning] = {}
    halves = _halves(looks, columns)
    for meaning in (*_ONE_OF_TWO, *_NAMES, ColumnMeaning.OWN_ACCOUNT, ColumnMeaning.DIRECTION):
        able = [at for at in range(len(looks)) if at not in found and _can_be(meaning, looks[at], columns[at])]
        if meaning in _ONE_OF_TWO:
            able = [at for at in able if at in halves]
        if meaning in {ColumnMeaning.AMOUNT, ColumnMeaning.DIRECTION} and set(found.values()) & set(_ONE_OF_TWO):
            continue
        if meaning is ColumnMeaning.DIRECTION and any(
            looks[at].is_signed for at in found if found[at] is ColumnMeaning.AMOUNT
        ):
            continue
        words = _NAMES.get(meaning, ())
        named = [at for at in able if any(word in column_name(looks[at].name) for word in words)]
        chosen = named or ([] if meaning in _BY_NAME_ONLY else able)
        if meaning is ColumnMeaning.TEXT:
            found |= dict.fromkeys(chosen[:2], meaning)
        elif chosen:
            found[chosen[0]] = meaning
    return found


_BY_NAME_ONLY = {
    *_ONE_OF_TWO,
    ColumnMeaning.BALANCE,
    ColumnMeaning.BANK_ID,
    ColumnMeaning.REFERENCE,
    ColumnMeaning.NAME,
    ColumnMeaning.TEXT,
}


def _halves(looks: Sequence[ColumnLook], columns: Sequence[Sequence[str]]) -> set[int]:
    """Return the columns of amounts of which in every row one or the other is empty or nothing."""
    amounts = [at for at, each in enumerate(looks) if each.marks]
    return {
        at
        for at in amounts
        for other in amounts
        if at != other
        and all(_is_nothing(one) != _is_nothing(two) for one, two in zip(columns[at], columns[other], strict=True))
    }


def _is_nothing(cell: str) -> bool:
    return not cell.strip("0.,- ")


def _can_be(meaning: ColumnMeaning, look: ColumnLook, cells: Sequence[str]) -> bool:  # noqa: PLR0911 - a case each
    said = [each for each in cells if each]
    if not said:
        return False
    match meaning:
        case ColumnMeaning.DAY:
            return bool(look.orders)
        case ColumnMeaning.AMOUNT | ColumnMeaning.BALANCE | ColumnMeaning.MONEY_IN | ColumnMeaning.MONEY_OUT:
            return bool(look.marks) and not look.orders and not all(map(_is_code, said))
        case ColumnMeaning.CURRENCY:
            return all(map(_is_currency, said))
        case ColumnMeaning.OWN_ACCOUNT:
            return len(set(said)) == 1 and parse_iban(said[0]) is not None
        case ColumnMeaning.ACCOUNT:
            return len(set(said)) > 1 and any(parse_iban(each) is not None for each in said)
        case ColumnMeaning.CODE:
            return all(map(_is_code, said))
        case ColumnMeaning.DIRECTION:
            is_named = any(word in column_name(look.name) for word in _DIRECTION_NAMES) and len(look.words) == _TWO
            is_said = is_named or {each.casefold() for each in look.words} in _DIRECTIONS
            return len(said) == len(cells) and is_said
        case _:
            return not look.orders


def _is_currency(cell: str) -> bool:
    try:
        return parse_currency(cell) == cell
    except BadCurrencyError:
        return False


def _is_code(cell: str) -> bool:
    code = parse_code(cell) if len(cell) in _CODE_LENGTHS and cell.isdigit() else None
    return code is not None and not isinstance(code, UnverifiedCode)
