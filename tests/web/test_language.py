"""The language of a page: what the reader chose, else the browser's best, else Estonian."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.requests import Request

from donations.core.language import Language
from donations.web import formats
from donations.web.language import _current, filled, language_wanted


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


def test_values_fill_a_message_and_braces_in_them_stay() -> None:
    assert filled("{a} and {b}", {"a": "one {x}", "b": "two"}) == "one {x} and two"
    assert filled("{kept} as it is", {}) == "{kept} as it is"
