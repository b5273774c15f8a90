"""The turnstile: how much strangers may ask, from one address, about one account and in all, on several servers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from tests.conftest import HOST_KEY

from donations.access.turnstile import (
    ABOUT_ACCOUNT_MONTH_MAX,
    ABOUT_ACCOUNT_YEAR_MAX,
    FROM_ADDRESS_MAX,
    IN_ALL_MAX,
    Admission,
    admission,
)
from donations.core.iban import ValidIban
from donations.store.opening import open_engine
from donations.store.session import reading, writing
from donations.store.strangers import counting
from donations.store.tables import metadata

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
ACCOUNT, OTHER = ValidIban("EE382200221020145685"), ValidIban("EE471000001020145685")
ADMITTED, TODAY, ABOUT_ACCOUNT = Admission.ADMITTED, Admission.TODAY, Admission.ABOUT_ACCOUNT


def asked(
    engine: Engine, *, address: str = "192.0.2.1", account: ValidIban | None = None, now: datetime = NOW
) -> Admission:
    with counting(engine) as count:
        return admission(count, address=address, account=account, now=now)


@pytest.mark.parametrize(("address", "admitted"), [("192.0.2.1", FROM_ADDRESS_MAX), ("{}", IN_ALL_MAX)])
def test_guesses_stop_soon(engine: Engine, address: str, admitted: int) -> None:
    answers = [asked(engine, address=address.format(number)) for number in range(admitted + 5)]
    assert answers == [ADMITTED] * admitted + [TODAY] * 5


def test_a_restart_forgets_nothing(engine: Engine) -> None:
    for number in range(FROM_ADDRESS_MAX):
        asked(engine, account=ACCOUNT if number < ABOUT_ACCOUNT_MONTH_MAX else None)
    again = open_engine(engine.url.render_as_string(hide_password=False), key=HOST_KEY)
    assert asked(again) is TODAY
    assert asked(again, address="192.0.2.2", account=ACCOUNT) is ABOUT_ACCOUNT
    again.dispose()


def test_who_asked_too_much_may_ask_again_the_next_day(engine: Engine) -> None:
    for _ in range(FROM_ADDRESS_MAX):
        assert asked(engine) is ADMITTED
    late = datetime(2026, 7, 1, 20, 59, tzinfo=UTC)  # a minute before midnight in Tallinn
    assert asked(engine, now=late) is TODAY
    assert asked(engine, now=late, address="192.0.2.2") is ADMITTED
    assert asked(engine, now=late + timedelta(minutes=1)) is ADMITTED


def test_about_an_account_three_are_answered_in_a_month_and_six_in_twelve(engine: Engine) -> None:
    first = datetime(2026, 1, 31, 12, tzinfo=UTC)
    later = [datetime(2026 + month // 12, month % 12 + 1, 1, 12, tzinfo=UTC) for month in range(1, 14)]

    def tried(now: datetime, account: ValidIban = ACCOUNT) -> list[Admission]:
        return [asked(engine, address=str(number), account=account, now=now) for number in range(5)]

    assert tried(first) == [ADMITTED] * ABOUT_ACCOUNT_MONTH_MAX + [ABOUT_ACCOUNT] * 2
    assert tried(later[0]) == [ADMITTED] * ABOUT_ACCOUNT_MONTH_MAX + [ABOUT_ACCOUNT] * 2
    assert ABOUT_ACCOUNT_YEAR_MAX == 2 * ABOUT_ACCOUNT_MONTH_MAX
    for now in later[1:11]:
        assert tried(now) == [ABOUT_ACCOUNT] * 5
    assert tried(later[5], OTHER) == [ADMITTED] * ABOUT_ACCOUNT_MONTH_MAX + [ABOUT_ACCOUNT] * 2
    assert tried(later[11]) == [ADMITTED] * ABOUT_ACCOUNT_MONTH_MAX + [ABOUT_ACCOUNT] * 2  # January counts no more
    assert tried(later[12]) == [ADMITTED] * ABOUT_ACCOUNT_MONTH_MAX + [ABOUT_ACCOUNT] * 2


def test_who_is_not_let_through_is_not_counted(engine: Engine) -> None:
    for number in range(ABOUT_ACCOUNT_MONTH_MAX + 4):
        asked(engine, address=f"192.0.2.{number}", account=ACCOUNT)
    answers = [asked(engine, address=str(number)) for number in range(IN_ALL_MAX)]
    assert answers.count(ADMITTED) == IN_ALL_MAX - ABOUT_ACCOUNT_MONTH_MAX


def test_several_servers_count_together(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as servers:
        answers = list(servers.map(lambda number: patient(engine, f"192.0.2.{number % 2}"), range(40)))
    assert answers.count(ADMITTED) == 2 * FROM_ADDRESS_MAX


def patient(engine: Engine, address: str) -> Admission:
    while True:
        try:
            return asked(engine, address=address)
        except OperationalError:  # on SQLite one writes at a time, and others are told so soon
            continue


def test_nobody_waits_long_for_who_writes_in_the_books(engine: Engine) -> None:
    with writing(engine) as session:
        session.connection()
        if engine.dialect.name == "sqlite":
            with pytest.raises(OperationalError):
                asked(engine)
        else:
            assert asked(engine) is ADMITTED
    assert asked(engine) is ADMITTED


def test_neither_address_nor_account_can_be_read_and_both_are_forgotten(engine: Engine) -> None:
    def kept() -> list[tuple[str, bool]]:
        with reading(engine) as session:
            row = metadata.tables["stranger_asked"]
            return [(subject, is_month) for subject, is_month in session.execute(select(row.c.subject, row.c.is_month))]

    asked(engine, account=ACCOUNT)
    assert sorted(len(subject) for subject, _ in kept()) == [0, 64, 64]
    assert [is_month for _, is_month in kept()].count(True) == 1
    asked(engine, now=NOW + timedelta(days=1))
    assert sorted(is_month for _, is_month in kept()) == [False, False, True]
    asked(engine, now=datetime(2027, 7, 1, 12, tzinfo=UTC))
    assert [is_month for _, is_month in kept()] == [False, False]
