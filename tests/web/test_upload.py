"""Statements come in: shown first, then committed exactly as shown, or refused without a trace."""

from __future__ import annotations

import hashlib
import random
import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, QueuePool, event, func
from sqlmodel import select
from starlette.testclient import TestClient
from tests.readers.test_archive import zipped
from tests.store.test_waiting import somebody_writes
from tests.web.conftest import REFUSED, STATEMENTS, Clock
from tests.web.reading_pages import hidden_of, links_of, text_of

from donations.acts.erasing import restrict
from donations.acts.reading_files import ReadFile, Terms
from donations.acts.registering import rename
from donations.ledger.retention import RetentionReason
from donations.readers.door import read
from donations.reports.dump import dump
from donations.reports.imports import TakenFile, take_files
from donations.store.donors import people
from donations.store.reporting import donor_names
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.tables import ImportedFileRow, metadata
from donations.store.tables.rules import PendingUploadRow
from donations.web.site import Site
from donations.web.treasurer.statements import uploads

JANUARY = STATEMENTS / "lhv-2026-01-month.xml"
SAME_JANUARY = STATEMENTS / "lhv-2026-01-same-month.csv"
MULTIPART = {"content-type": "multipart/form-data; boundary=b"}
PART = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx\r\n'
TWO_FILES = PART + PART + b"--b--\r\n"
IBAN = "EE237700010000000016"


def rows(engine: Engine) -> dict[str, int]:
    """Count the rows of every table but the waiting room's."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name != PendingUploadRow.__tablename__
        }


def waiting(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(PendingUploadRow)) or 0


def upload(client: TestClient, *names: str) -> str:
    """Upload samples and return the address of their preview."""
    files = [("files", (name, (STATEMENTS / name).read_bytes())) for name in names]
    return str(client.post("/treasurer/upload", files=files).url)


def upload_text(client: TestClient, content: bytes, name: str = "statement.csv") -> str:
    return str(client.post("/treasurer/upload", files=[("files", (name, content))]).url)


def register(client: TestClient, preview: str, number: str = IBAN) -> None:
    client.post(f"{preview}/accounts", data={"number": number, "name": "Main account"})


def commit(client: TestClient, preview: str, **changed: str) -> tuple[int, str]:
    sent = hidden_of(client.get(preview).text, action="/commit") | changed
    answer = client.post(f"{preview}/commit", data=sent)
    return answer.status_code, answer.text


def test_an_unknown_account_is_offered_for_registration(client: TestClient, engine: Engine) -> None:
    before = rows(engine)
    preview = upload(client, JANUARY.name)
    page = client.get(preview).text
    said = text_of(page)
    assert "1 account found in your files" in said
    assert "LHV Pank EE23 7700 0100 0000 0016 owner in the file: MTÜ Rohutirts , 1 file" in said
    assert "refused" not in said
    assert "Import exactly this" not in page
    assert rows(engine) == before
    register(client, preview)
    said = text_of(client.get(preview).text)
    assert "unknown_account" not in said
    assert "Import exactly this" in said


def test_one_word_registers_all_accounts_or_one_of_them(client: TestClient, engine: Engine) -> None:
    preview = upload(client, JANUARY.name, "swedbank-2026-03-same-month.csv")
    page = client.get(preview).text
    assert "2 accounts found in your files" in text_of(page)
    numbers = re.findall(r'name="number" value="([^"]+)"', page)
    assert len(numbers) == 2
    sent = {"number": numbers, "name": ["", "Savings"]}
    one = text_of(client.post(f"{preview}/accounts", data=sent | {"only": numbers[1]}).text)
    assert "1 account found in your files" in one
    both = text_of(client.post(f"{preview}/accounts", data=sent).text)
    assert "found in your files" not in both
    with reading(engine) as session:
        assert [row.name for row in people.accounts(session)] == ["Savings", "LHV Pank …0016"]


def test_an_archive_is_shown_and_imported_as_its_files(client: TestClient, engine: Engine) -> None:
    archive = zipped((JANUARY.name, JANUARY.read_bytes()), ("__MACOSX/._x", b"x"), ("notes.pdf", b"%PDF-1"))
    preview = upload_text(client, archive, "bank.zip")
    register(client, preview)
    said = text_of(client.get(preview).text)
    assert f"bank.zip › {JANUARY.name}" in said
    assert "bank.zip › notes.pdf" in said
    assert "This is a PDF, not a statement." in said
    assert "__MACOSX" not in said
    commit(client, preview)
    with engine.connect() as connection:
        kept = select(ImportedFileRow.name, ImportedFileRow.sha256)
        assert [tuple(row) for row in connection.execute(kept)] == [
            (f"bank.zip › {JANUARY.name}", hashlib.sha256(JANUARY.read_bytes()).hexdigest())
        ]


def test_archives_that_come_to_too_much_together_are_refused(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "UNPACKED_BYTES_MAX", 2 * len(JANUARY.read_bytes()) - 1)
    files = [("files", (name, zipped(("a.xml", JANUARY.read_bytes())))) for name in ("a.zip", "b.zip")]
    answer = client.post("/treasurer/upload", files=files)
    assert answer.status_code == 413
    assert waiting(engine) == 0


def test_what_was_read_once_is_not_read_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = upload(client, JANUARY.name)
    client.get(preview)

    def again(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("donations.acts.reading_files.read", again)
    register(client, preview)
    assert commit(client, preview)[0] == 200


def test_what_cannot_be_used_is_a_line_with_its_code_folded(client: TestClient) -> None:
    page = client.get(upload_text(client, b"%PDF-1.7 x", "invoice.pdf")).text
    said = text_of(page)
    assert "1 file cannot be used invoice.pdf : This is a PDF, not a statement." in said
    folded = re.findall(r"<details>(.*?)</details>", page, re.DOTALL)
    assert any("not_a_statement" in each for each in folded)


def test_a_preview_says_everything_and_changes_nothing(client: TestClient, engine: Engine) -> None:
    preview = upload(client, JANUARY.name, SAME_JANUARY.name)
    register(client, preview)
    before = rows(engine)
    said = text_of(client.get(preview).text)
    assert "camt.053" in said
    assert "2 files 11 new lines, 11 known 7 gifts of 7 donors (7 new): 175,00 € 3 costs: 10,67 €" in said
    assert "1–31 Jan 2026 LHV Pank · Main account · EE23 7700 0100 0000 0016 · EUR" in said
    assert "EUR · owner in the file: MTÜ Rohutirts · ✓ proven" in said
    assert "opening 1 204,55 € + in 175,31 € − out 10,67 € = closing 1 369,19 € ✓ adds up" in said
    assert "readable, nothing new" in said
    assert "no balances to check with" in said
    assert rows(engine) == before


def test_a_preview_says_how_far_it_proves_and_why_not_further(client: TestClient) -> None:
    """Made at four minutes past noon of its last day, and the account is said to be somebody else's."""
    content = JANUARY.read_bytes().replace(b"2026-02-01T06:00:00", b"2026-01-31T12:04:00")
    preview = upload_text(client, content.replace("MTÜ Rohutirts".encode(), "MTÜ Vikerkaar".encode()), "early.xml")
    register(client, preview)
    page = client.get(preview).text
    said = text_of(page)
    assert "Proven until 30 January 2026. 31 January 2026 ½ not over" in said
    assert "The statement shows the day only until 12:04. Download the day again" in said
    assert "owner in the file: MTÜ Vikerkaar" in said
    assert "The bank calls the owner of this account otherwise than your organisation is called here." in said
    _, done = commit(client, preview)
    assert "only until 12:04" in text_of(done)
    assert "The bank calls the owner of this account otherwise" in text_of(client.get("/treasurer/imports/1").text)


def test_a_preview_that_is_gone_or_there_waits_for_no_writer(client: TestClient, engine: Engine) -> None:
    preview = upload(client, JANUARY.name)
    with somebody_writes(engine):
        assert client.get(preview).status_code == 200
        assert client.get("/treasurer/upload/gone").status_code == 503


@pytest.fixture
def nothing_open(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections to the books were open whenever a file was read."""
    opened: list[int] = []

    def looking(content: bytes, **how: Any) -> Any:
        assert isinstance(engine.pool, QueuePool)
        opened.append(engine.pool.checkedout())
        return read(content, **how)

    monkeypatch.setattr("donations.acts.reading_files.read", looking)
    return opened


def test_files_are_read_before_anything_of_the_books_is_open(client: TestClient, nothing_open: list[int]) -> None:
    preview = upload(client, JANUARY.name, SAME_JANUARY.name)
    register(client, preview)
    commit(client, preview)
    assert set(nothing_open) == {0}


def test_a_preview_is_tried_once_for_as_long_as_the_books_are_the_same(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def counting(session: WriteSession, files: Sequence[ReadFile], terms: Terms) -> tuple[TakenFile, ...]:
        tried.append(len(files))
        return take_files(session, files, terms)

    monkeypatch.setattr("donations.web.treasurer.statements.uploads.take_files", counting)
    preview = upload(client, JANUARY.name)
    assert tried == [1]
    register(client, preview)
    assert tried == [1, 1]
    first, again = client.get(preview), client.get(preview, headers={"accept-language": "et"})
    assert (first.status_code, again.status_code, tried) == (200, 200, [1, 1])
    assert text_of(client.get(preview).text) == text_of(first.text) != text_of(again.text)


def test_a_commit_is_exactly_the_preview(client: TestClient, engine: Engine) -> None:
    preview = upload(client, JANUARY.name, SAME_JANUARY.name)
    register(client, preview)
    status, page = commit(client, preview)
    assert status == 200
    assert "11 new lines, 7 gifts: 175,00 €" in text_of(page)
    with reading(engine) as session:
        assert len(dump(session).splitlines()) == 11
    assert waiting(engine) == 0
    gone = client.post(f"{preview}/commit", data={"promised": "x"})
    assert (gone.status_code, "upload_gone" in gone.text) == (404, True)


def test_a_commit_that_would_differ_shows_the_new_preview(client: TestClient, engine: Engine) -> None:
    first, second = upload(client, JANUARY.name), upload(client, SAME_JANUARY.name)
    register(client, first)
    promised = hidden_of(client.get(second).text, action="/commit")
    assert commit(client, first)[0] == 200
    before = rows(engine)
    outdated = client.post(f"{second}/commit", data=promised)
    assert outdated.status_code == 409
    assert "preview_outdated" in outdated.text
    assert "New lines: 0 instead of 11 Known lines: 11 instead of 0 Gifts: 0 instead of 7" in text_of(outdated.text)
    assert rows(engine) == before
    assert client.post(f"{second}/commit", data=hidden_of(outdated.text, action="/commit")).status_code == 200


def test_balances_that_do_not_add_up_need_a_written_reason(client: TestClient, engine: Engine) -> None:
    preview = upload_text(client, (REFUSED / "balance_mismatch.xml").read_bytes(), "january.xml")
    refused = client.get(preview).text
    assert "balance_mismatch" in refused
    assert "Import exactly this" not in refused
    assert client.post(preview, data={"reason": " "}).status_code == 422
    register(client, preview)
    accepted = client.post(preview, data={"reason": "The bank says <so>"}).text
    assert "The bank says &lt;so&gt;" in accepted
    without_reason = hidden_of(accepted, action="/commit") | {"accepting": ""}
    before = rows(engine)
    assert client.post(f"{preview}/commit", data=without_reason).status_code == 409
    assert rows(engine) == before
    assert client.post(f"{preview}/commit", data=hidden_of(accepted, action="/commit")).status_code == 200
    assert "The bank says &lt;so&gt;" in client.get("/treasurer/imports").text


def test_a_refused_file_says_the_line_and_what_to_do(client: TestClient) -> None:
    preview = upload_text(client, (REFUSED / "bad_amount-exponent.ofx").read_bytes(), "x.ofx")
    said = text_of(client.get(preview).text)
    assert "refused" in said
    assert "Line " in said
    assert "bad_amount" in said
    assert "Nothing was imported." in said


def test_good_files_do_not_wait_for_bad_ones(client: TestClient, engine: Engine) -> None:
    files = [
        ("files", (JANUARY.name, JANUARY.read_bytes())),
        ("files", ("page.xml", b"<!doctype html><title>Log in</title>")),
    ]
    preview = str(client.post("/treasurer/upload", files=files).url)
    register(client, preview)
    status, page = commit(client, preview)
    assert status == 200
    assert "1 file was refused: nothing of it was imported." in text_of(page)
    assert rows(engine)["payment"] == 11


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"files": [("files", ("", b""))]}, 400, "no_file"),
        ({"files": [("files", ("a.csv", b"x" * 200_000))]}, 413, "file_too_large"),
        ({"files": [("files", (f"{n}.csv", b"x")) for n in range(21)]}, 400, "bad_upload"),
        ({"files": [("files", ("", b""))], "data": {f"f{n}": "x" for n in range(9)}}, 400, "bad_upload"),
        ({"data": {"files": "no file"}}, 400, "bad_upload"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "bad_upload"),
        ({"content": TWO_FILES[:-6], "headers": MULTIPART}, 400, "bad_upload"),
        ({"content": TWO_FILES[:80], "headers": MULTIPART}, 400, "bad_upload"),
        ({"content": b"nonsense", "headers": MULTIPART}, 400, "bad_upload"),
        (
            {"content": b"--b\r\nA: " + b"x" * 90_000 + b"\r\n\r\n\r\n--b--\r\n", "headers": MULTIPART},
            400,
            "bad_upload",
        ),
        ({"content": b"--b\r\n" + b"A: x\r\n" * 15_000 + b"\r\n--b--\r\n", "headers": MULTIPART}, 400, "bad_upload"),
        ({"content": b"\r\n" * 45_000 + b"--b--\r\n", "headers": MULTIPART}, 400, "no_file"),
    ],
    ids=[
        *("no name", "too large", "too many files", "many fields", "no multipart", "no boundary"),
        *("end cut off", "second file cut off", "nonsense", "a long header", "many headers", "blank lines first"),
    ],
)
def test_uploads_that_are_none(
    client: TestClient, engine: Engine, sent: dict[str, object], status: int, code: str
) -> None:
    answer = client.post("/treasurer/upload", **sent)  # type: ignore[arg-type]
    assert (answer.status_code, code in answer.text) == (status, True), answer.text
    assert "Nothing was imported." in answer.text
    assert waiting(engine) == 0


def test_an_upload_may_be_larger_than_a_form(client: TestClient) -> None:
    assert "not_a_statement" in client.get(upload_text(client, b"x" * 90_000)).text


def test_a_lie_about_the_length_is_found_out(client: TestClient) -> None:
    """Without a length in advance the body is counted while it is read."""

    def stream() -> object:
        yield PART
        for _ in range(300):
            yield b"x" * 1_000

    answer = client.post(
        "/treasurer/upload",
        content=stream(),  # type: ignore[arg-type]
        headers={"content-type": "multipart/form-data; boundary=b"},
    )
    assert (answer.status_code, "file_too_large" in answer.text) == (413, True)


def test_one_large_file_is_refused_by_the_readers_limit_too(app: FastAPI, client: TestClient) -> None:
    """The body may hold a little more than one file, for the form has parts of its own."""
    preview = upload_text(client, b"x" * 100_001)
    assert "file_too_large" in client.get(preview).text
    assert app.state.site.settings.upload_limits.file_bytes == 100_000


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\bank\\a.csv", "a\x00b.csv", "\u202efdp.csv", "<b>x</b>.csv"])
def test_a_file_name_is_only_shown(client: TestClient, name: str) -> None:
    preview = upload_text(client, JANUARY.read_bytes(), name)
    page = client.get(preview).text
    assert "etc/passwd" not in page
    assert "C:" not in text_of(page)
    assert "\u202e" not in page
    assert "<b>x" not in page
    register(client, preview)
    assert commit(client, preview)[0] == 200


def test_an_upload_waits_for_an_hour(client: TestClient, engine: Engine, clock: Clock) -> None:
    preview = upload(client, JANUARY.name)
    clock.advance(timedelta(minutes=59))
    assert client.get(preview).status_code == 200
    clock.advance(timedelta(minutes=2))
    gone = client.get(preview)
    assert (gone.status_code, "upload_gone" in gone.text) == (404, True)
    assert waiting(engine) == 0


def test_an_upload_can_be_dropped(client: TestClient, engine: Engine) -> None:
    preview = upload(client, JANUARY.name)
    assert waiting(engine) == 1
    client.post(f"{preview}/drop")
    assert waiting(engine) == 0


def test_a_token_cannot_be_guessed(client: TestClient) -> None:
    tokens = {upload(client, JANUARY.name).rpartition("/")[2] for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 32 for token in tokens)


def test_what_is_registered_is_judged_again(client: TestClient) -> None:
    """A transfer to an account that nobody knew for an own one is a transfer once it is registered."""
    preview = upload(client, "lhv-2026-05-eur-usd-batch-return.xml")
    register(client, preview)
    assert commit(client, preview)[0] == 200
    preview = upload(client, "seb-2026-05-sgml.ofx")
    assert "own account" not in text_of(client.get("/treasurer/ledger/2026-05?show=transfer").text)
    register(client, preview, "EE251000030000000038")
    assert "+150,00" in text_of(client.get("/treasurer/ledger/2026-05?show=transfer").text)


def test_what_will_be_asked_is_shown_before(client: TestClient) -> None:
    preview = upload(client, "lhv-2026-02-near-misses.xml")
    register(client, preview)
    said = text_of(client.get(preview).text)
    assert "What will be asked" in said
    assert "Äijö Esimerkki 20 February 2026 +30,00 € Donation" in said


def test_one_file_can_be_left_out(client: TestClient, engine: Engine) -> None:
    preview = upload(client, JANUARY.name, SAME_JANUARY.name)
    register(client, preview)
    assert text_of(client.post(f"{preview}/drop", data={"number": "1"}).text).count(JANUARY.name) == 0
    assert waiting(engine) == 1
    over = client.post(f"{preview}/drop", data={"number": "2"})
    assert over.url.path == "/treasurer/upload"


def test_the_very_same_file_does_nothing(client: TestClient) -> None:
    preview = upload(client, JANUARY.name)
    register(client, preview)
    commit(client, preview)
    again = client.get(upload(client, JANUARY.name)).text
    assert "nothing will happen" in text_of(again)
    assert "All of it is in the books already." in text_of(again)
    assert "Import exactly this" not in again


def test_a_script_is_told_where_the_preview_is(client: TestClient) -> None:
    files = [("files", (JANUARY.name, JANUARY.read_bytes()))]
    answer = client.post("/treasurer/upload", files=files, headers={"accept": "application/json"})
    assert answer.status_code == 201
    assert client.get(answer.json()["preview"]).status_code == 200


def test_what_failed_is_said_on_the_form_itself(client: TestClient) -> None:
    answer = client.post("/treasurer/upload", content=b"--b--\r\n", headers=MULTIPART)
    assert answer.status_code == 400
    assert "No file was chosen. Nothing was imported." in text_of(answer.text)
    assert "Choose bank statements" in answer.text


def test_figures_that_somebody_changed_are_not_compared(client: TestClient) -> None:
    preview = upload(client, JANUARY.name)
    register(client, preview)
    status, page = commit(client, preview, promised="x", shown="1.2.<b>")
    assert status == 409
    assert "instead of" not in page


def test_after_the_commit_the_questions_are_next(client: TestClient) -> None:
    preview = upload(client, "lhv-2026-02-near-misses.xml")
    register(client, preview)
    _, page = commit(client, preview)
    assert "Answer 6 questions" in text_of(page)
    assert "/treasurer/imports/1/undo" in links_of(page)


MARI_LIIS = "Mari-Liis Näidis"
LATER = (
    '"Kliendi konto","Dokumendi number","Kuupäev","Saaja/maksja konto","Saaja/maksja nimi","Deebet/Kreedit (D/C)",'
    '"Summa","Viitenumber","Arhiveerimistunnus","Selgitus","Valuuta","Isikukood või registrikood",'
    '"Saaja/maksja panga BIC","Makse algataja nimi","Kande viide","Konto teenusepakkuja viide"\n'
    f'"{IBAN}","","2026-06-10","EE822200001000001011","{MARI_LIIS}","C","15.00","","20260610","tere","EUR","","","","K",""'
)


def restricted(site: Site) -> None:
    with writing(site.engine) as session:
        (donor,) = (donor for donor, name in donor_names(as_reader(session)).items() if name == MARI_LIIS)
        restrict(session, donor, why=RetentionReason.ASKED, by="treasurer", now=site.clock(), today=site.today)


def renamed(site: Site) -> None:
    with writing(site.engine) as session:
        rename(session, name="Old main account", account=1)


@pytest.mark.parametrize(("change", "gone", "come"), [(restricted, MARI_LIIS, ""), (renamed, " Main", "Old main")])
def test_a_preview_that_was_looked_at_forgets_itself_when_anything_changes(
    app: FastAPI, client: TestClient, change: Callable[[Site], None], gone: str, come: str
) -> None:
    first = upload(client, JANUARY.name)
    register(client, first)
    commit(client, first)
    preview = upload_text(client, f"{LATER}\n".encode())
    assert gone in text_of(client.get(preview).text)
    change(app.state.site)
    said = text_of(client.get(preview).text)
    assert gone not in said
    assert come in said


FULL, READ_ONLY = "PRAGMA max_page_count=1", "PRAGMA query_only=ON"


@pytest.mark.parametrize("fresh_engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("limit", [FULL, READ_ONLY])
def test_a_full_disk_or_one_for_reading_only_is_told_and_nothing_is_imported(
    client: TestClient, engine: Engine, limit: str
) -> None:
    # Large enough, and not to be compressed: a few rows find room on the pages that there are.
    preview = upload_text(
        client, JANUARY.read_bytes() + f"<!-- {random.Random(1).randbytes(20_000).hex()} -->\n".encode()
    )
    register(client, preview)
    sent, before = hidden_of(client.get(preview).text, action="/commit"), rows(engine)

    def let(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(limit)

    engine.dispose()  # it holds for whoever opens the books from now on
    event.listen(engine, "connect", let)
    try:
        answer = client.post(f"{preview}/commit", data=sent)
    finally:
        event.remove(engine, "connect", let)
        engine.dispose()
    assert (answer.status_code, "storage_full" in answer.text) == (503, True)
    assert "Traceback" not in answer.text
    assert rows(engine) == before
    assert client.post(f"{preview}/commit", data=sent).status_code == 200
