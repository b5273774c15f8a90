"""Did my gift arrive, on its page: answers that look alike from outside, and what strangers may ask at all."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import event, select
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, gifts_in, lived, published
from tests.book import Book, line
from tests.web.conftest import Clock, browser
from tests.web.reading_pages import text_of
from tests.written_once import written_once

from donations.access.turnstile import ABOUT_ACCOUNT_MONTH_MAX, FROM_ADDRESS_MAX
from donations.store.session import writing
from donations.store.tables import metadata
from donations.web import arriving

PAGE, BY_ACCOUNT, SETTINGS = "/find-my-gift", "/find-my-gift/account", "/treasurer/association/asking"
IBAN = "EE432200221000004321"
OTHER_IBAN = "EE307700771000000012"
IN_JANUARY, IN_MARCH, NEVER = "K7QM-3TZP", "2abc3def", "X9YZ-8WVU"
PAID = {"iban": IBAN, "amount": "777,77", "day": "2026-01-11"}
LATE = PAID | {"day": "2026-03-12"}
NO_GIFT = PAID | {"amount": "777,78"}
STRANGE = PAID | {"iban": OTHER_IBAN}


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time stands still for who answers; what would be waited is listed."""
    seconds: list[float] = []
    monkeypatch.setattr(arriving, "sleep", seconds.append)
    return seconds


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who never signed in and never asked."""
    with browser(app) as client:
        yield client


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Books of which January is published, with a canary in every field that a bank fills."""
    canary = line("01-11", 77_777, "Canary Bird", IBAN, f"annetus canarytext {IN_JANUARY}", code="38001085718")
    late = line("03-12", 77_777, "Canary Bird", IBAN, f"annetus {IN_MARCH}")
    lived(book, [*gifts_in(1, 12, minor=51_000), canary], gifts_in(2, 12), [*gifts_in(3, 12), late])
    published(book)
    return book


@pytest.fixture
def shown(written: Book, clock: Clock) -> Book:
    """The books when all of it is over."""
    clock.now = LATER
    return written


@pytest.fixture
def let(shown: Book, client: TestClient) -> Book:
    """The books of an association that lets strangers ask by account number."""
    assert client.post(SETTINGS, data={"by_account": "true"}, follow_redirects=False).status_code == 303
    return shown


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (IN_JANUARY, "The bank booked it on 11 January 2026. It is part of the published sum: January 2026."),
        (
            "  annetus k7qm 3tzp ",
            "The bank booked it on 11 January 2026. It is part of the published sum: January 2026.",
        ),
        (IN_MARCH, "The bank booked it on 12 March 2026. It is in no published month yet"),
        (NEVER, "No payment with this code is in the books."),
    ],
)
@pytest.mark.usefixtures("shown")
def test_a_giver_learns_whether_when_and_where(stranger: TestClient, code: str, said: str) -> None:
    answer = stranger.post(PAGE, data={"code": code})
    assert said in text_of(answer.text)
    assert (str(answer.url.path), answer.url.query, answer.headers["cache-control"]) == (PAGE, b"", "no-store")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (PAID, "It is part of the published sum: January 2026."),
        (PAID | {"iban": "ee43 2200 2210 0000 4321", "amount": " 777.77 € ", "day": "11.01.2026"}, "January 2026."),
        *((each, "No such gift is in the published months.") for each in (LATE, NO_GIFT, STRANGE)),
        (PAID | {"day": "2026-01-12"}, "No such gift is in the published months."),
    ],
)
@pytest.mark.usefixtures("let")
def test_by_account_all_of_it_must_be_right(stranger: TestClient, form: dict[str, str], said: str) -> None:
    answer = stranger.post(BY_ACCOUNT, data=form)
    assert said in text_of(answer.text)
    assert (str(answer.url.path), answer.url.query, answer.headers["cache-control"]) == (BY_ACCOUNT, b"", "no-store")


@pytest.mark.parametrize("language", ["et", "en", "ru"])
def test_answers_tell_nothing_else(
    let: Book, stranger: TestClient, caplog: pytest.LogCaptureFixture, waits: list[float], language: str
) -> None:
    """The same questions to the database, the same length and time, no cookie, no word of a donor or of the form."""
    asked: list[str] = []
    event.listen(let.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    words = ("Canary", "canary", "38001085718", IBAN, "4321", "77777", "777,77", "777.77", "Donor 1", OTHER_IBAN)
    codes = (IN_JANUARY, IN_JANUARY.replace("-", ""), IN_MARCH.upper(), NEVER)
    example = "K7QM-3TZP;"
    stranger.headers["accept-language"] = language
    with caplog.at_level(logging.DEBUG):
        for path, forms in (
            (PAGE, [{"code": each} for each in (IN_JANUARY, IN_MARCH, NEVER)]),
            (BY_ACCOUNT, [PAID, LATE, NO_GIFT]),
            (BY_ACCOUNT, [PAID | {"iban": OTHER_IBAN, "day": f"2026-01-{day}"} for day in (11, 12)]),
        ):
            shapes = set()
            for form in forms:
                asked.clear()
                answer = stranger.post(path, data=form)
                shapes.add((answer.status_code, len(answer.content), tuple(asked), tuple(answer.headers)))
                logged = re.sub(r'"request": "[0-9a-f]{32}"', "", caplog.text)  # by chance it has any four digits
                said = answer.text.replace(example, "") + repr(answer.headers) + logged
                assert not [word for word in (*words, *codes) if word in said]
                assert "set-cookie" not in answer.headers
            assert len(shapes) == 1
    assert len(waits) == 8
    assert all(0 <= each <= arriving.STEP_SECONDS for each in waits)


@pytest.mark.usefixtures("shown")
def test_an_answer_takes_whole_steps_of_time(
    stranger: TestClient, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    """However long the books were asked: an eighth of a second, three or six."""
    for took, waited in ((0.125, 0.375), (0.375, 0.125), (0.75, 0.25)):
        times = iter((100.0, 100.0 + took))
        monkeypatch.setattr(arriving, "monotonic", lambda times=times: next(times))
        stranger.post(PAGE, data={"code": NEVER})
        assert waits[-1] == waited


@pytest.mark.parametrize("code", ["", "K7QM", "K7QM-3TZPX", "ABCD-EFGH", "2345-6789", "K7QM-3TZP K7QM-3TZQ", "%", IBAN])
def test_what_is_no_code_is_said_and_not_counted(stranger: TestClient, code: str) -> None:
    for _ in range(FROM_ADDRESS_MAX + 1):
        answer = stranger.post(PAGE, data={"code": code})
        assert (answer.status_code, "That is no code." in text_of(answer.text)) == (422, True)


@pytest.mark.parametrize(
    "changed",
    [
        *({"iban": "4321"}, {"iban": "EE432200221000004322"}, {"iban": ""}),
        *({"amount": "many"}, {"amount": ""}),
        *({"day": "yesterday"}, {"day": "31.02.2026"}, {"day": ""}, {"day": "1.1.99999999999999999999"}),
    ],
)
@pytest.mark.usefixtures("let")
def test_what_cannot_be_read_is_said_and_not_counted(stranger: TestClient, changed: dict[str, str]) -> None:
    for _ in range(FROM_ADDRESS_MAX + 1):
        answer = stranger.post(BY_ACCOUNT, data=PAID | changed)
        assert (answer.status_code, "That cannot be read." in text_of(answer.text)) == (422, True)
    assert IBAN not in answer.text


@pytest.mark.usefixtures("shown")
def test_codes_cannot_be_tried_out(stranger: TestClient, clock: Clock) -> None:
    tried = [stranger.post(PAGE, data={"code": f"K7QM-{number}TZP"}) for number in "2456789" * 2]
    assert [each.status_code for each in tried] == [200] * FROM_ADDRESS_MAX + [429] * 4
    late = stranger.post(PAGE, data={"code": IN_JANUARY})
    assert (late.status_code, "January 2026" in late.text) == (429, False)
    clock.advance(timedelta(days=1))
    assert "January 2026" in stranger.post(PAGE, data={"code": IN_JANUARY}).text


@pytest.mark.usefixtures("let")
@pytest.mark.parametrize("iban", [IBAN, OTHER_IBAN], ids=["known", "unknown"])
def test_an_account_is_refused_after_the_same_try_known_or_not(stranger: TestClient, iban: str) -> None:
    tried = [stranger.post(BY_ACCOUNT, data=NO_GIFT | {"iban": iban}) for _ in range(ABOUT_ACCOUNT_MONTH_MAX + 1)]
    assert [each.status_code for each in tried] == [200] * ABOUT_ACCOUNT_MONTH_MAX + [429]
    assert "No more is answered about this account for now" in text_of(tried[-1].text)
    assert "January 2026" not in stranger.post(BY_ACCOUNT, data=PAID | {"iban": iban}).text


@pytest.mark.usefixtures("shown")
def test_by_account_nobody_is_answered_unless_the_association_says_so(client: TestClient, stranger: TestClient) -> None:
    def asked() -> tuple[int, bool]:
        form = "By account number" in text_of(stranger.get(PAGE).text)
        return stranger.post(BY_ACCOUNT, data=PAID).status_code, form

    assert asked() == (404, False)
    client.post(SETTINGS, data={"by_account": "true"})
    assert asked() == (200, True)
    client.post(SETTINGS, data={"gifts_tell_beliefs": "true"})
    assert asked() == (404, False)


@pytest.mark.usefixtures("let")
def test_where_gifts_tell_beliefs_both_cannot_be_kept(client: TestClient, stranger: TestClient) -> None:
    refused = client.post(SETTINGS, data={"by_account": "true", "gifts_tell_beliefs": "true"})
    assert (refused.status_code, "beliefs_asked" in refused.text) == (422, True)
    page = text_of(client.get("/treasurer/association").text)
    assert all(figure in page for figure in ("0.16 %", "3 % of all accounts", "in 8 %", "in 41 %"))
    assert stranger.post(BY_ACCOUNT, data=PAID).status_code == 200  # as it was


def test_switching_it_on_is_in_the_log_with_what_was_kept(let: Book) -> None:
    with let.reading() as session:
        told = session.execute(select(metadata.tables["audit_detail"].c.details)).scalars().all()
    assert [each for each in told if "is_on" in each and "true" in each]


def test_another_site_cannot_ask_through_its_visitors(app: FastAPI) -> None:
    with browser(app) as client:
        for path in (PAGE, BY_ACCOUNT):
            assert client.post(path, data={"code": NEVER}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("language", ["et", "en", "ru"])
def test_it_is_answered_in_each_language(stranger: TestClient, language: str) -> None:
    answer = stranger.post(PAGE, data={"code": IN_JANUARY}, headers={"accept-language": language})
    assert f'lang="{language}"' in answer.text
    assert '<div class="note" role="status">' in answer.text


def test_while_somebody_writes_nobody_waits_for_it(shown: Book, stranger: TestClient) -> None:
    """SQLite has one writer, and the question has to be counted: it is to be asked again."""
    with writing(shown.engine) as session:
        session.connection()
        answer = stranger.post(PAGE, data={"code": IN_JANUARY})
    is_sqlite = shown.engine.dialect.name == "sqlite"
    assert (answer.status_code, answer.headers.get("retry-after")) == ((503, "5") if is_sqlite else (200, None))
    assert "January 2026" in stranger.post(PAGE, data={"code": IN_JANUARY}).text
