"""Books of before the first release come over whole, from whatever revision, or stay as they are."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col
from tests.book import Book
from tests.examples import ALL
from tests.store.older_books import (
    BOOKS_REVISION,
    LAST_BOOKS,
    LAST_DUMP,
    REVISIONS,
    SHARED_BOOKS,
    Rows,
    catalogue,
    empty_postgres,
    empty_sqlite,
    make_books,
    make_tables,
    opened,
    rows_of,
)

from donations.core.giving_code import GivingCode
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.reports.dump import dump
from donations.reports.finding import Arrived, find_by_code
from donations.store import migrate as migrating
from donations.store.interning import DIGESTED
from donations.store.migrate import differences, is_current, migrate
from donations.store.revision import NEWEST, OLDER
from donations.store.session import reading, writing
from donations.store.tables import DecisionRow

MADE_ANEW = {
    "day_sum",
    "alembic_version",
    "books_version",
    "donor",  # each is called what is known now
    "donor_claim",  # with what lines say
    "finding",
    "idempotency_key",  # its answers are sealed
    "line_text",  # kept by payer and wording
    "regular_gift",
}
"""Tables whose rows migrating renews."""
GONE = {"statement": {"first_day_minor", "last_day_minor"}, "allocation": {"rule", "person", "reason", "evidence"}}
PERSON = """
INSERT INTO person (id, name, name_key, email, roles, sees_names, totp_confirmed, made_at)
VALUES (1, 'Mari', 'mari', '', 'admin', true, false, '2026-01-01 10:00:00+00')
"""
SESSION = """
INSERT INTO person_session (digest, person_id, is_complete, made_at, seen_at, address, browser)
VALUES ('d', 1, true, '2026-01-02 10:00:00+00', '2026-01-03 10:00:00+00', '', '')
"""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Name each of the two."""
    return str(request.param)


@pytest.fixture
def nothing(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[Engine]:
    """Open a database of nothing."""
    if database == "sqlite":
        with empty_sqlite(tmp_path) as engine:
            yield engine
        return
    with request.getfixturevalue("fresh_postgres")() as used, empty_postgres(used) as engine:
        yield engine


@pytest.fixture
def older(nothing: Engine, tmp_path: Path) -> Engine:
    """Open the books of commit afc622a."""
    make_books(nothing, tmp_path)
    return nothing


def test_the_revisions_are_all_that_there_were() -> None:
    assert {*REVISIONS, "0022", "0023", "0024", "0025", "0026"} == OLDER


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(
    ("revision", "lacks"),
    [
        ("0022", ("waiting_change", "job_piece", "job", "line_code", "stranger_asked")),
        ("0023", ("waiting_change", "job_piece", "job")),
        ("0024", ("job_piece", "job")),
        ("0025", ()),
    ],
)
def test_books_of_the_last_programs_say_the_same(
    nothing: Engine, tmp_path: Path, revision: str, lacks: list[str]
) -> None:
    make_books(nothing, tmp_path, LAST_BOOKS)
    with nothing.execution_options(donations_writing=10).begin() as connection:
        for table in lacks:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": revision})
    before = said_of_lines(nothing, BEFORE_WORDINGS), why_booked(nothing, BEFORE_DECISIONS)
    assert all(before)
    migrate(nothing)
    assert (said_of_lines(nothing, WITH_WORDINGS), why_booked(nothing, WITH_DECISIONS)) == before
    assert differences(nothing) == []
    assert is_current(nothing)
    assert not Book(nothing).broken()
    with reading(nothing) as session:
        assert dump(session) == LAST_DUMP


@pytest.mark.parametrize("database", ["sqlite"])
def test_books_that_kept_values_once_already_say_the_same(nothing: Engine, tmp_path: Path) -> None:
    make_books(nothing, tmp_path, SHARED_BOOKS)
    before = rows_of(nothing)
    for row in before["source_document"]:
        row["content"] = zlib.decompress(row["content"])
    migrate(nothing)
    after = rows_of(nothing)
    after["document_setting"] = [row for row in after["document_setting"] if row["name"] != "host_key"]
    for table in before.keys() - MADE_ANEW - {"audit_entry", "audit_detail"}:
        for row in (*before[table], *after[table]):
            row.pop("digest" if table in DIGESTED else "", None)
        assert before[table] == after[table], table
    assert differences(nothing) == []
    assert not Book(nothing).broken()
    with reading(nothing) as session:
        assert dump(session) == LAST_DUMP


BEFORE_WORDINGS = "LEFT JOIN line_text t ON t.line_id = l.id"
WITH_WORDINGS = """
    LEFT JOIN (
        SELECT wording.id AS number, name, account, code, on_behalf_of, text, reference, claimed_code
        FROM wording JOIN payer ON payer.id = payer_id
    ) t ON t.number = l.wording_id
"""
BEFORE_DECISIONS, WITH_DECISIONS = "", "JOIN decision d ON d.id = a.decision_id"


def said_of_lines(engine: Engine, joined: str) -> list[tuple[object, ...]]:
    """Return what every line says of people."""
    columns = "t.name, t.account, t.code, t.on_behalf_of, t.text, t.reference, t.claimed_code"
    with engine.connect() as connection:
        said = text(f"SELECT l.id, {columns} FROM statement_line l {joined} ORDER BY l.id")  # noqa: S608
        found = connection.execute(said).all()
    return [(line, *map(partial(_opened, engine), SAID_IN, said)) for line, *said in found]


SAID_IN = (
    *(("payer", name) for name in ("name", "account", "code", "on_behalf_of")),
    *(("wording", name) for name in ("text", "reference", "claimed_code")),
)


def _opened(engine: Engine, where: tuple[str, str], kept: object) -> object:
    return opened(engine, *where, kept)


def why_booked(engine: Engine, joined: str) -> list[tuple[object, ...]]:
    """Return by whom, and why, every allocation was made."""
    with engine.connect() as connection:
        said = text(f"SELECT a.id, rule, person, reason, evidence FROM allocation a {joined} ORDER BY a.id")  # noqa: S608
        found = connection.execute(said).all()
    why = (("decision", "reason"), ("decision", "evidence"))
    return [(*by, *map(partial(_opened, engine), why, (reason, evidence))) for *by, reason, evidence in found]


ERASED = """
    DELETE FROM line_text WHERE line_id IN (SELECT min(line_id) FROM line_text);
    UPDATE line_text SET claimed_code = '' WHERE line_id IN (
        SELECT max(line_id) FROM line_text WHERE claimed_code <> '' GROUP BY name, account, code, text
        HAVING count(*) > 1
    );
    UPDATE allocation SET reason = '' WHERE person IS NOT NULL;
    UPDATE source_document SET content = CAST('' AS BYTEA) WHERE sha256 IN (SELECT min(sha256) FROM source_document)
"""


def test_what_was_erased_or_read_otherwise_comes_over_so(older: Engine) -> None:
    is_sqlite = older.dialect.name == "sqlite"
    with older.execution_options(donations_writing=10).begin() as connection:
        for said in ERASED.split(";"):
            changed = connection.execute(text(said.replace("BYTEA", "BLOB") if is_sqlite else said))
            assert changed.rowcount > 0, said
        before = connection.execute(text("SELECT count(*) FROM allocation WHERE person IS NOT NULL")).scalar_one()
    moved = said_of_lines(older, BEFORE_WORDINGS), why_booked(older, BEFORE_DECISIONS)
    migrate(older)
    assert (said_of_lines(older, WITH_WORDINGS), why_booked(older, WITH_DECISIONS)) == moved
    rows = rows_of(older)
    assert sum(row["person"] is not None for row in rows["decision"]) == before, "nobody's word is another's"
    assert sum(not row["content"] for row in rows["source_document"]) == 1
    assert sum(row["wording_id"] is None for row in rows["statement_line"]) == 1
    assert Book(older).broken() <= {"rules_repeatable", "source_kept"}
    with older.connect() as connection:
        temporary = {
            "sqlite": "SELECT name FROM sqlite_temp_master",
            "postgresql": "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'",
        }
        assert connection.execute(text(temporary[older.dialect.name])).all() == []


@pytest.mark.parametrize(
    ("database", "revision"),
    [
        *(("sqlite", each) for each in (REVISIONS if ALL else [*REVISIONS[:-1:3], REVISIONS[-1]])),
        *(("postgres", each) for each in ("0001", "0012", "0021")),
    ],
)
def test_books_of_every_revision_get_the_same_tables_as_new_ones(
    request: pytest.FixtureRequest, nothing: Engine, database: str, revision: str
) -> None:
    make_tables(nothing, revision)
    migrate(nothing)
    assert differences(nothing) == []
    assert is_current(nothing)
    with request.getfixturevalue(f"fresh_{database}")() as engine:
        assert catalogue(nothing) == catalogue(engine)
        before, after = rows_of(engine), rows_of(nothing)
    for keys in ("data_key", "document_setting"):  # the latter holds the check value of the host's key
        assert len(after.pop(keys)) == len(before.pop(keys)) > 0
    assert after.pop("books_version")[0]["number"] == before.pop("books_version")[0]["number"] + 1
    (told,) = [json.loads(row["details"]) for row in after["audit_detail"]]
    assert (told["from"], told["to"], len(told["digest"])) == (revision, NEWEST, 64)
    assert {**after, "audit_entry": [], "audit_detail": []} == before


def same_rows(before: Rows, after: Rows, table: str) -> None:
    """Compare in the columns that both have."""
    columns = before[table][0].keys() & after[table][0].keys()
    gone = {"first_day_minor", "last_day_minor"} | (
        {"rule", "person", "reason", "evidence"} if table == "allocation" else set()
    )
    assert columns >= before[table][0].keys() - gone
    cut = [[{name: row[name] for name in columns} for row in rows[table]] for rows in (before, after)]
    assert cut[0] == cut[1], table


def test_every_row_of_older_books_stays(older: Engine) -> None:
    before = rows_of(older)
    assert all(before.values()), "the books have rows in every table"
    moved = said_of_lines(older, BEFORE_WORDINGS), why_booked(older, BEFORE_DECISIONS)
    migrate(older)
    after = rows_of(older)
    assert (said_of_lines(older, WITH_WORDINGS), why_booked(older, WITH_DECISIONS)) == moved
    for table in ("audit_entry", "audit_detail"):  # and of it the log tells
        (told,) = [row for row in after[table] if row["number"] > len(before["audit_entry"])]
        after[table].remove(told)
    after["document_setting"] = [row for row in after["document_setting"] if row["name"] != "host_key"]
    for table in before.keys() - MADE_ANEW:
        same_rows(before, after, table)
    assert [row["id"] for row in after["donor"]] == [row["id"] for row in before["donor"]]
    claims = {row["id"]: (row["code"], row["iban"], row["name_key"]) for row in after["donor_claim"]}
    assert all(claims[row["id"]] == (row["code"], row["iban"], row["name_key"]) for row in before["donor_claim"])
    assert Book(older).broken() <= {"rules_repeatable"}  # which `--rejudge` mends


def test_what_people_said_of_donors_is_told_from_what_lines_say(older: Engine) -> None:
    migrate(older)
    rows = rows_of(older)
    assert {row["id"]: row["said_name"] for row in rows["donor"] if row["said_name"]} == {
        1: "Anonymous",
        13: "Uus Õigenimi",
    }
    kept = {row["donor_id"] for row in rows["donor_claim"] if row["is_kept"]}
    assert kept == {4, 5, 6, 8, 13, 29, 32}  # they differ, are one, or asked to be forgotten
    assert not any(row["is_typed"] for row in rows["donor_claim"])


def test_codes_of_givers_are_found_in_payments_of_before(older: Engine) -> None:
    with older.execution_options(donations_writing=10).begin() as connection:
        given = "SELECT min(a.line_id) FROM attestation a JOIN allocation b ON b.payment_id = a.payment_id"
        line = connection.execute(text(f"{given} WHERE b.purpose = 'gift'")).scalar_one()
        said = text("UPDATE line_text SET text = 'annetus k7qm 3tzp' WHERE line_id = :line")
        connection.execute(said, {"line": line})
    migrate(older)
    assert [row["line_id"] for row in rows_of(older)["line_code"]] == [line]
    with Book(older).reading() as session:
        assert isinstance(find_by_code(session, GivingCode("K7QM3TZP")), Arrived)


def test_who_is_signed_in_proved_it_when_the_session_began(nothing: Engine) -> None:
    make_tables(nothing, "0014")
    with nothing.begin() as connection:
        connection.exec_driver_sql(PERSON)
        connection.exec_driver_sql(SESSION)
    migrate(nothing)
    (session,) = rows_of(nothing)["person_session"]
    assert isinstance(session["proved_at"], datetime)
    assert session["proved_at"] == session["made_at"] != session["seen_at"]


@pytest.mark.parametrize("database", ["postgres"])  # SQLite counts from the rows
def test_a_number_of_a_row_that_is_gone_is_not_given_again(nothing: Engine) -> None:
    make_tables(nothing, BOOKS_REVISION)
    with nothing.begin() as connection:
        connection.execute(text("SELECT setval('donor_note_id_seq', 41)"))
    migrate(nothing)
    with nothing.connect() as connection:
        assert connection.execute(text("SELECT nextval('donor_note_id_seq')")).scalar_one() == 42


def test_a_reason_is_emptied_and_nothing_else_changed_with_it(older: Engine) -> None:
    migrate(older)
    with writing(older) as session:
        session.execute(update(DecisionRow).where(col(DecisionRow.id) == 1).values(reason=""))
    said = update(DecisionRow).where(col(DecisionRow.id) == 1).values(reason="", evidence="")
    with pytest.raises(DatabaseError, match="append_only"), writing(older) as session:
        session.execute(said)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("ALTER TABLE payment ADD COLUMN colour VARCHAR", "payment.colour"),
        (
            "DROP INDEX ix_line_text_claimed_code; ALTER TABLE line_text DROP COLUMN claimed_code",
            "line_text.claimed_code",
        ),
    ],
)
def test_unknown_tables_are_refused_and_stay(older: Engine, change: str, named: str) -> None:
    with older.begin() as connection:
        for said in change.split(";"):
            connection.exec_driver_sql(said)
    before = catalogue(older), rows_of(older)
    with pytest.raises(Refusal) as refused:
        migrate(older)
    assert refused.value.code is RunningCode.UNKNOWN_TABLES
    assert refused.value.facts["tables"] == named
    assert (catalogue(older), rows_of(older)) == before


def test_books_of_a_newer_version_are_refused(older: Engine) -> None:
    with older.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refusal) as refused:
        migrate(older)
    assert refused.value.code is RunningCode.NEWER_BOOKS


def test_all_comes_over_or_nothing(older: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = catalogue(older), rows_of(older)

    def fail(_session: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(migrating, "fill_regular_gifts", fail)
    with pytest.raises(ZeroDivisionError):
        migrate(older)
    assert (catalogue(older), rows_of(older)) == before
    monkeypatch.undo()
    migrate(older)
    assert is_current(older)
