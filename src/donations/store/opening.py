"""Opens the books' database, SQLite or PostgreSQL, with what is watched in it: changes, texts, and the writer."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, Table, Text, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.dml import Update
from sqlmodel import AutoString

from donations.core.typed import DONOR_NAME_MAX, LINE_MAX, NAME_MAX, NOTE_MAX, REASON_MAX, UNREADABLE, text_refused
from donations.store.appending import LOOKS_AT_ROWS
from donations.store.aside import aside_of
from donations.store.data_keys import BooksKeys
from donations.store.host_key import KEY, HostKey
from donations.store.log.audit import note_seen
from donations.store.log.witness import SEEN, SeenActs, see_rows, watch
from donations.store.patience import PATIENCE, begin_sessions
from donations.store.place import driver_url, key_file_of
from donations.store.session import ASIDE, TURN, WATCHES, WRITES, TransactionWatch, WritersTurn
from donations.store.tables import metadata
from donations.store.tables.sealed import Sealed, hold_ciphers
from donations.store.turn import Turn

Columns = Mapping[str, int]
"""How many characters a column takes, by its name."""

_LIMITS = {
    "account.name": NAME_MAX,
    "decision.reason": REASON_MAX,
    "api_token.name": NAME_MAX,
    "name_in_language.name": LINE_MAX,
    "name_in_language.said": LINE_MAX,
    "appeal.name": NAME_MAX,
    "appeal_end.word": NAME_MAX,
    "closing.reason": REASON_MAX,
    "day_sum.purpose": 20,
    "donor_claim.code": 40,
    "donor_claim.iban": 60,
    "donor_consent.source": REASON_MAX,
    "donor_merge.reason": REASON_MAX,
    "donor_note.text": NOTE_MAX,
    "keyword.denying": 50_000,  # a keyword in all its cases, and what people add
    "keyword.forms": 50_000,
    "keyword.word": NAME_MAX,
    "name_in_language.language": 8,
    "webhook_delivery.about": 80,
    "webhook_delivery.event": 40,
    "ledger_view.name": NAME_MAX,
    "left_out_line.reason": REASON_MAX,
    "pair_decision.one": 200,
    "pair_decision.other": 200,
    "payment_note.text": NOTE_MAX,
    "publishing_terms.goal_text": LINE_MAX,
    "reopening.reason": REASON_MAX,
    "standing_rule.label": DONOR_NAME_MAX,
    "standing_rule.words": REASON_MAX,
}
"""What people write; any other column of one line takes `LINE_MAX`."""
MADE = frozenset(
    {
        *("decision.evidence", "audit_detail.details", "certificate.figures", "closing.figures"),
        *("document_setting.value", "idempotency_key.answer", "import_notice.filled", "job.arguments"),
        *("waiting_change.rests_on", "waiting_change.wanted"),
        # As long as somebody has given.
        *("regular_gift.pace", "regular_gift.loose", "regular_gift.dues"),
        *("mail.body", "webhook_delivery.body", "ledger_view.choice"),
        *("public_snapshot.content", "published_block.figures", "statement_line.ids"),
        # The readers bound what a file says.
        *("payer.name", "payer.on_behalf_of", "wording.text"),
        *("line_detail.name", "line_detail.on_behalf_of", "line_detail.text"),
    }
)
"""Long texts that the program makes, or has bounded before."""


def hold_texts(engine: Engine) -> None:
    """Refuse from now on what cannot be kept, with `Refusal`."""
    event.listen(engine, "before_cursor_execute", _look)


@cache
def limits_of(table: str) -> Columns:
    """Return how long the texts of a table may be."""
    columns = metadata.tables[table].columns if table in metadata.tables else ()
    limits = {each.name: _limit(f"{table}.{each.name}", each.type) for each in columns}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _limit(column: str, kind: Any) -> int | None:
    if column in _LIMITS:
        return _LIMITS[column]
    is_line = isinstance(kind, Sealed) or (isinstance(kind, AutoString) and not isinstance(kind, Text))
    return LINE_MAX if is_line and column not in MADE else None


def _look(_connection: Connection, _cursor: Any, _said: str, _given: Any, context: Any, _many: Any) -> None:
    if context is None or context.isddl or context.compiled is None:
        return
    is_change = context.isinsert or context.isupdate
    limits = limits_of(context.compiled.statement.table.name) if is_change else {}
    _refuse(context.compiled_parameters, limits)


def refuse_texts(_connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Look at rows that are about to be appended, by no statement of SQLAlchemy's. Raises `Refusal`.

    All texts of a column are looked at as one, for there are many; which is to be refused is asked only where one is.
    """
    limits = limits_of(table.name)
    for name in rows[0]:
        texts = {value for row in rows if isinstance(value := row[name], str)}
        if texts and (max(map(len, texts)) > limits.get(name, sys.maxsize) or UNREADABLE.search("".join(texts))):
            _refuse(rows, limits)


def _refuse(rows: Iterable[Mapping[str, Any]], limits: Columns) -> None:
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str):
                limit = limits.get(name)
                if (limit is not None and len(value) > limit) or UNREADABLE.search(value):
                    raise text_refused(name, LINE_MAX if limit is None else limit)


BUSY_MILLISECONDS = 10_000
_WATCHES = (TransactionWatch(SEEN, SeenActs, note_seen),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long one waits, and how many do."""

    busy_seconds: float = BUSY_MILLISECONDS / 1000
    """For who writes to the books."""
    writers_waiting: int = 16
    """In this program; who comes then is told at once. The others of its forty threads are for reading."""
    connections: int = 15
    """To the database at once, from this program."""
    connection_seconds: float = 10
    """For one of them."""
    change_seconds: float = 3_600
    """PostgreSQL works on one statement of a change, a job or a command."""
    lock_seconds: float = 30
    """In PostgreSQL for what another program has locked; for the writer's turn it is `busy_seconds`."""
    idle_seconds: float = 900
    """A transaction of PostgreSQL stands while nothing is asked in it."""


DEFAULT_BOUNDS = Bounds()
STATEMENTS_MAX = 5_000
"""Compiled statements that are kept. There are some thousand different ones; of the usual 500 each is compiled anew."""
_CONNECT_SECONDS = 5
_PLAN = {"join_collapse_limit": 12, "from_collapse_limit": 12}
"""A gift with its payer's words joins ten tables, and PostgreSQL orders eight at once: so it read all gifts there are
before it looked whose were asked for."""
_UNPOOLED = "donations_unpooled"


def open_engine(url: str, *, key: str | HostKey = "", seals: bool = True, bounds: Bounds = DEFAULT_BOUNDS) -> Engine:
    """Open the database; `key` is what the host has, or the setting: empty where it is in the file beside the database.

    `seals` tells whether books that are made there, or brought over, are sealed; others are as they were made.
    """
    engine = _made(driver_url(url), bounds)
    host = key if isinstance(key, HostKey) else HostKey(key, key_file_of(engine.url), seals)
    keys = BooksKeys()
    if engine.dialect.name == "sqlite":
        _watch_sqlite(engine)
    watch(engine)
    hold_texts(engine)
    _bound(engine, bounds)
    engine.update_execution_options(
        **{
            WATCHES: _WATCHES,
            LOOKS_AT_ROWS: (refuse_texts, see_rows),
            KEY: host,
            TURN: WritersTurn(Turn(1, waiting_max=bounds.writers_waiting), bounds.busy_seconds),
            PATIENCE: bounds.change_seconds,
            ASIDE: aside_of(engine, keys, statements_max=STATEMENTS_MAX),
        }
    )
    engine.update_execution_options(**{_UNPOOLED: _unpooled(engine, keys, bounds)})
    hold_ciphers(engine, keys)
    return engine


def unpooled(engine: Engine) -> Engine:
    """Return an engine to the same books that opens a connection whenever one is asked for, and closes it after use."""
    made: Engine = engine.get_execution_options()[_UNPOOLED]
    return made


def _bound(engine: Engine, bounds: Bounds) -> None:
    begin_sessions(
        engine,
        plan=_PLAN,
        statement_timeout=bounds.change_seconds,
        lock_timeout=bounds.lock_seconds,
        idle_in_transaction_session_timeout=bounds.idle_seconds,
    )


def _unpooled(engine: Engine, keys: BooksKeys, bounds: Bounds) -> Engine:
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite and not engine.url.database:
        return engine
    limit = {} if is_sqlite else {"connect_timeout": _CONNECT_SECONDS}
    made = create_engine(
        engine.url, hide_parameters=True, poolclass=NullPool, connect_args=limit, query_cache_size=STATEMENTS_MAX
    )
    if is_sqlite:
        _watch_sqlite(made)
    _bound(made, bounds)
    made.update_execution_options(**engine.get_execution_options())
    hold_ciphers(made, keys)
    return made


def _made(url: str, bounds: Bounds) -> Engine:
    if url in {"sqlite://", "sqlite:///:memory:"}:
        return create_engine(url, hide_parameters=True, query_cache_size=STATEMENTS_MAX)
    kept = min(5, bounds.connections)
    return create_engine(
        url,
        hide_parameters=True,
        query_cache_size=STATEMENTS_MAX,
        pool_pre_ping=not url.startswith("sqlite"),
        pool_size=kept,
        pool_use_lifo=True,  # the one that has planned the most
        max_overflow=bounds.connections - kept,
        pool_timeout=bounds.connection_seconds,
    )


def bound_statements(engine: Engine, *, seconds: float) -> None:
    """Let PostgreSQL break off from now on what takes it longer, but for changes and jobs (`be_patient`)."""
    if engine.dialect.name == "postgresql":
        engine.dispose()
        for each in (engine, unpooled(engine)):
            begin_sessions(each, statement_timeout=seconds)


def _watch_sqlite(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # The driver opens transactions too late: updates were lost in silence.
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",  # first: what follows may have to wait
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "cache_size=-65536",
        "secure_delete=ON",  # some builds of SQLite leave what was deleted in free places
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    seconds = connection.get_execution_options().get(WRITES)
    if seconds is None:
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def close_books(engine: Engine, *, seconds: float = 0) -> bool:
    """Close what is open, so that SQLite's books are whole in their one file; False where somebody is still in them.

    SQLite writes into a log beside the file first, and folds it in when the last connection closes; a program that
    just ends leaves it there. So long others are waited for.
    """
    engine.dispose()
    if engine.dialect.name != "sqlite":
        return True
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
        _mark(cursor, _LEFT)
        is_busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    engine.dispose()
    return not is_busy


_LEFT, _SERVED = 1, 2
"""`user_version` of a file of books: while it is served its log is beside it, or it was copied without."""


def mark_served(engine: Engine) -> None:
    """Let the file itself say that it is being served, until `close_books`; commands come and go unmarked."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            _mark(cursor, _SERVED)
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _mark(cursor: Any, mark: int) -> None:
    with suppress(sqlite3.OperationalError):  # somebody writes for long, or nobody can
        if cursor.execute("PRAGMA user_version").fetchone() != (mark,):
            cursor.execute(f"PRAGMA user_version={mark}")


def lacks_log(file: Path) -> bool:
    """Whether a file of books was copied while it was served, without the log beside it: the newest is missing."""
    return is_served(file) and not file.with_name(f"{file.name}-wal").exists()


def is_served(file: Path) -> bool:
    """Whether a file of books says that a server has it open, or did when it was copied or the server was killed.

    The mark stands in the header (SQLite file format, 1.3: bytes 60 to 63).
    """
    with file.open("rb") as opened:
        header = opened.read(64)
    return int.from_bytes(header[60:64], "big") == _SERVED


def is_alone(engine: Engine) -> bool:
    """Whether nobody else has a file of books open: while somebody has, SQLite does not give up its log."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            mode, *_ = cursor.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = ""
    engine.dispose()
    return bool(mode == "delete")


def leave(engine: Engine) -> None:
    """Close what a command has open; after a server that was killed, say that nobody serves the books any more."""
    engine.dispose()
    file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
    if file is not None and file.is_file() and lacks_log(file):
        close_books(engine)


def note_unless_busy(engine: Engine, note: Update) -> None:
    """Change a row that no figure depends on; who only looks at something never waits for an import."""
    with beside_writers(engine, seconds=0) as connection, suppress(OperationalError):
        connection.execute(note)
        connection.commit()


def beside_writers(engine: Engine, *, seconds: float) -> Connection:
    """Open a connection to write what no figure depends on and no log tells; committed is what its user commits.

    It takes no turn among the writers of the books; where SQLite lets it wait longer, it raises `OperationalError`.
    """
    return engine.connect().execution_options(**{WRITES: seconds})
