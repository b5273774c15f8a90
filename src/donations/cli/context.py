"""What every command needs: settings, the database, who is asking, and what time it is."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Engine, make_url

from donations.access.event import Origin
from donations.cli.show import complain, translated
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.settings import Settings, read_settings, unknown_variables
from donations.store.host_key import HostKey
from donations.store.log.audit import acting_as
from donations.store.log.looks import AccessNotes
from donations.store.opening import close_books, leave, open_engine
from donations.store.place import driver_url, is_open_to_others, key_file_at, key_file_of, place_of, sqlite_file
from donations.store.revision import BooksAt, books_at
from donations.store.session import ReadSession, WriteSession, reading, writing
from donations.views.language import speak

if TYPE_CHECKING:
    from donations.acts.agreeing import Asker

# What few commands need is imported where it is needed: a command that reads starts in half the time.
_UNUSABLE = {
    BooksAt.NONE: RunningCode.NO_BOOKS,
    BooksAt.OLDER: RunningCode.OLDER_BOOKS,
    BooksAt.NEWER: RunningCode.NEWER_BOOKS,
    BooksAt.FOREIGN: RunningCode.FOREIGN_DATABASE,
    BooksAt.WITHOUT_LOG: RunningCode.WITHOUT_LOG,
}

_NOT_SWEPT = N_(
    "Somebody was busy: copies of what is sealed now are left open in the file. To wipe them: donations keys seal"
)


@cache
def settings() -> Settings:
    """Read the settings once; raises `Refusal`."""
    found = read_settings()
    if found.language is not None:
        speak(found.language)
    for name in unknown_variables():
        complain("unknown_setting", translated(N_("There is no setting {name}; it was passed over."), name=name))
    return found


@cache
def engine() -> Engine:
    """Open the books that are there; raises `Refusal`."""
    return _opened(books_at(settings().database_url))


def engine_unseen() -> Engine:
    """Open the books without a look at what is there."""
    return _open(settings().database_url)


def begin_books() -> None:
    """Make books where there are none yet; only commands that begin with empty ones do."""
    if books_at(settings().database_url) is BooksAt.NONE:
        migrate_books()


def engine_to_try() -> Engine:
    """Open the books to try something in them; where there are none, empty ones in memory, so that none are made."""
    if books_at(settings().database_url) is not BooksAt.NONE:
        return engine()
    from donations.store.migrate import migrate  # noqa: PLC0415

    empty = open_engine("sqlite://")
    migrate(empty)
    return empty


def migrate_books(*, accept_copy: bool = False) -> BooksAt:
    """Bring the books to the newest tables; returns what was there before. Raises `Refusal`.

    With `accept_copy` a file whose log is missing is taken as it is.
    """
    url = settings().database_url
    found = books_at(url)
    if found is BooksAt.WITHOUT_LOG and accept_copy:
        close_books(open_engine(url))
        found = books_at(url)
    if found in {BooksAt.NONE, BooksAt.OLDER}:
        from donations.store.migrate import migrate  # noqa: PLC0415

        opened = _open(url)
        if not migrate(opened):
            complain("not_swept", translated(_NOT_SWEPT))
        opened.dispose()
    else:
        _opened(found).dispose()
    return found


def _opened(found: BooksAt) -> Engine:
    url = settings().database_url
    if found is not BooksAt.CURRENT:
        raise Refusal(_UNUSABLE[found], place=place_of(url))
    return _open(url)


def _open(url: str) -> Engine:
    return open_engine(url, key=host_key(), bounds=settings().bounds)


def host_key() -> HostKey:
    """Return what this computer has for a key of the books."""
    url = settings().database_url
    return HostKey(settings().secret_key.get_secret_value(), key_file_of(make_url(driver_url(url))), settings().sealed)


def close() -> None:
    """Close the database if it was opened: nothing of the books is beside their one file when a command is over."""
    if engine.cache_info().currsize:
        leave(engine())
        engine.cache_clear()


def warn_of_open_files() -> None:
    """Say where others on this computer can read the books or their key: older files may be so."""
    url = settings().database_url
    books = sqlite_file(url)
    files = [each for each in (books, key_file_at(url)) if each is not None and is_open_to_others(each)]
    if files:
        said = N_("Others on this computer can read {files}. To stop that: chmod 600 {files}")
        complain("open_to_others", translated(said, files=" ".join(map(str, files))))


@contextmanager
def reader() -> Iterator[ReadSession]:
    """Open a transaction that reads."""
    with reading(engine()) as session:
        yield session


@contextmanager
def writer(*, keep: bool = True) -> Iterator[WriteSession]:
    """Open the writing transaction, in the name of who types."""
    with acting_as(person(), at=now()), writing(engine(), keep=keep) as session:
        yield session


def write_waiting_looks() -> None:
    """Bring the looks into the log that wait in files: a server was stopped while somebody wrote."""
    AccessNotes().write_waiting(engine())


@contextmanager
def reader_of_log() -> Iterator[ReadSession]:
    """Open a transaction that reads, with all looks in the log."""
    write_waiting_looks()
    with reader() as session:
        yield session


def name_given_out(session: WriteSession) -> str:
    """Return the organisation's name for what is given out, and keep it. Raises `Refusal`."""
    from donations.acts.registering import given_out  # noqa: PLC0415

    return given_out(session, configured=settings().organisation, by=person(), at=now())


def origin(command: str) -> Origin:
    """Return where an act on people comes from."""
    return Origin(address="", browser=f"donations {command}", at=now(), by=person())


def asker(session: ReadSession, command: str) -> Asker:
    """Return who asks for what nobody changes alone."""
    from donations.acts.agreeing import asker_called  # noqa: PLC0415

    return asker_called(session, origin(command))


def person() -> str:
    """Return who is named as having decided: `DONATIONS_USER`, else the login name."""
    try:
        return settings().user or getpass.getuser()
    except (KeyError, OSError) as error:  # a container's user may have no name
        raise Refusal(RunningCode.NO_USER) from error


def now() -> datetime:
    """Return the time that is kept with what is done."""
    return datetime.now(UTC)
