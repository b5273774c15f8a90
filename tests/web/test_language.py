"""The language of a page: what the reader chose, else the browser's best, else Estonian."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from starlette.requests import Request

from donations.core.language import Language
from donations.core.money import EUR, Balance
from donations.core.payment import Act, Cause
from donations.reports.table import Note
from donations.views import formats
from donations.views.language import _current
from donations.views.phrases import Phrase, Value
from donations.web import filters
from donations.web.language import language_wanted


def asked(*, accept: str = "", cookie: str = "") -> Language:
    headers = [(b"accept-language", accept.encode()), (b"cookie", f"language={cookie}".encode())]
    return language_wanted(Request({"type": "http", "headers": headers}))


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "et"),
        ("et", "et"),
        ("et-EE,et;q=0.9,en;q=0.8", "et"),
        ("en-GB", "en"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("fi,ru;q=0.3,en;q=0.7", "en"),
        ("fi, sv", "et"),
        ("ru;q=0, en;q=0.1", "en"),
        ("en;q=much, ru", "ru"),
        ("*", "et"),
        ("," * 5_000, "et"),
    ],
)
def test_the_browser_says_which_language(accept: str, language: str) -> None:
    assert asked(accept=accept) == language


def test_what_the_reader_chose_comes_first() -> None:
    assert asked(accept="en", cookie="ru") is Language.RUSSIAN
    assert asked(accept="en", cookie="../../etc") is Language.ENGLISH


@pytest.mark.parametrize(
    ("language", "day", "month", "months"),
    [
        (Language.ESTONIAN, "5. märts 2026", "märts 2026", "märts – mai 2026"),
        (Language.ENGLISH, "5 March 2026", "March 2026", "March – May 2026"),
        (Language.RUSSIAN, "5 марта 2026 г.", "март 2026", "март – май 2026"),
    ],
)
def test_days_are_written_as_the_language_does(language: Language, day: str, month: str, months: str) -> None:
    before = _current.set(language)
    try:
        assert " ".join(formats.day(date(2026, 3, 5)).split()) == day
        assert formats.month(date(2026, 3, 5)) == month
        assert formats.months(date(2026, 3, 1), date(2026, 5, 31)) == months
    finally:
        _current.reset(before)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            Language.ESTONIAN,
            "Parandatud 3. juuni 2026, tegija Mari: Muu tulu, \N{MINUS SIGN}7,00 €, makse 5. Lisandus import 7.",
        ),
        (
            Language.ENGLISH,
            "Corrected on 3 June 2026 by Mari: Other income, \N{MINUS SIGN}7,00 €, payment 5. Import 7 came.",
        ),
        (
            Language.RUSSIAN,
            "Исправлено 3 июня 2026 г. (Mari): Прочий доход, \N{MINUS SIGN}7,00 €, платёж 5. Добавлен импорт 7.",
        ),
    ],
)
def test_a_note_of_a_report_is_told_with_its_day_amount_purpose_and_reason(language: Language, told: str) -> None:
    values: tuple[tuple[str, Value], ...] = (
        ("day", date(2026, 6, 3)),
        ("by", "Mari"),
        ("what", Phrase("Other income")),
        ("change", Balance(-700, EUR)),
        ("payment", "5"),
        ("why", Cause(act=Act.IMPORTED, by="Mari", at=datetime(2026, 6, 3, tzinfo=UTC), file_id=7)),
    )
    given = Note("correction", "Corrected on {day} by {by}: {what}, {change}, payment {payment}. {why}", values)
    before = _current.set(language)
    try:
        assert " ".join(filters.note(given).split()) == told
    finally:
        _current.reset(before)
