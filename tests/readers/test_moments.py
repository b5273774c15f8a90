"""Moments are read with their zone, and a day that a bank writes as a moment is told from one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from donations.core.calendar import TALLINN, names_a_day
from donations.readers.draft import iso_moment, made_at, ofx_moment

LAST = date(2026, 3, 31)
NOON = datetime(2026, 3, 31, 12, 4, 5, tzinfo=TALLINN)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-31T12:04:05", NOON),
        ("2026-03-31T12:04:05+03:00", NOON),
        ("2026-03-31T09:04:05Z", NOON),
        ("2026-03-31T12:04:05.000", NOON),
        ("2026-03-31T12:04:05.000000000+03:00", NOON),
        ("2026-03-31T12:04", NOON.replace(second=0)),
        ("2026-01-31T12:04:05", datetime(2026, 1, 31, 10, 4, 5, tzinfo=UTC)),
        ("2026-03-31", None),
        ("2026-03-31T24:00:00", None),
        ("2026-03-31T12:61:00", None),
        ("2026-02-30T12:00:00", None),
        ("2026-W14-2T12:00:00", None),
        ("12:00", None),
        ("", None),
    ],
)
def test_a_moment_of_iso_8601_without_a_zone_is_estonian(text: str, moment: datetime | None) -> None:
    assert iso_moment(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260331120405", NOON + timedelta(hours=3)),
        ("20260331120405[+3:EEST]", NOON),
        ("20260331120405.000[+3:EEST]", NOON),
        ("20260331120405 [3]", NOON),
        ("20260331040405[-5:EST]", NOON),
        ("20260331053405[-3.5:NST]", NOON),
        ("20260331093405[0.5]", NOON),
        ("202603311204[+3]", NOON.replace(second=0)),
        ("20260331", datetime(2026, 3, 31, tzinfo=UTC)),
        ("20260331[+3:EEST]", datetime(2026, 3, 31, tzinfo=timezone(timedelta(hours=3)))),
        ("00000000000000", None),
        ("20260231120000", None),
        ("20260331250000", None),
        ("20260331120405[+99:X]", None),
        ("31.03.2026", None),
        ("", None),
    ],
)
def test_a_moment_of_ofx_without_a_zone_is_greenwichs(text: str, moment: datetime | None) -> None:
    assert ofx_moment(text) == moment


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("00:00:00", True),
        ("00:00:01", False),
        ("12:00:00", False),
        ("23:59:58", False),
        ("23:59:59", True),
        ("23:59:59.999", True),
    ],
)
def test_the_first_and_the_last_second_name_a_day(time: str, expected: bool) -> None:
    moment = iso_moment(f"2026-03-31T{time}")
    assert moment is not None
    assert names_a_day(moment) is expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (["2026-03-31T12:04:05", "2026-07-01T00:00:00"], "2026-03-31T12:04:05"),
        (["2026-03-31T12:04:05", "2026-04-01T06:00:00"], "2026-03-31T12:04:05"),
        (["2026-03-31T00:00:00", "2026-04-01T06:00:00"], "2026-04-01T06:00:00"),
        (["2026-03-31T23:59:59", "2026-03-31T12:04:05"], "2026-03-31T12:04:05"),
        (["2026-03-31T23:59:59", "2026-04-01T00:00:00"], "2026-04-01T00:00:00"),
        (["", "2026-04-01T06:00:00"], "2026-04-01T06:00:00"),
        (["2026-03-31T23:59:59", "2026-03-31T23:59:59"], None),
        (["2026-03-31T00:00:00", ""], None),
        (["2026-04-01", ""], None),
        (["", ""], None),
    ],
)
def test_a_statement_was_made_when_its_own_moment_says_and_a_mere_day_tells_only_if_it_is_later(
    stated: list[str], expected: str | None
) -> None:
    assert made_at(map(iso_moment, stated), last_day=LAST) == (None if expected is None else iso_moment(expected))


def test_without_a_last_day_a_mere_day_tells_nothing() -> None:
    assert made_at([iso_moment("2026-04-01T00:00:00")], last_day=None) is None
