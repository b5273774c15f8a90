"""Refusals of running the program: its settings, the place of the books, files and ports of the computer."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import NOT_IMPORTED, RefusalCode
from donations.core.refusal import RefusalKind as Kind

_FINISHED = N_("What was finished before stands; doing the same again counts nothing twice.")
_ELSEWHERE = N_("Say in DONATIONS_DATABASE_URL where they are.")
_MEND_FILE = N_("Mend the file.")


class RunningCode(RefusalCode):
    """What is refused because of the computer or of how the program is set up."""

    # Settings
    BAD_SETTINGS = (
        Kind.WRONG_INPUT,
        N_("These settings cannot be used: {settings}."),
        N_("Mend them in the environment or in the file."),
    )
    NO_CONFIG_FILE = (
        Kind.WRONG_INPUT,
        N_("{file} is no file that can be read ({cause})."),
        N_("Name the file of the settings in DONATIONS_CONFIG, or take the name away."),
    )
    BAD_CONFIG_FILE = Kind.WRONG_INPUT, N_("{file}, line {line}: {cause}."), _MEND_FILE
    UNKNOWN_SETTING = Kind.WRONG_INPUT, N_("{file}: there is no setting {settings}."), _MEND_FILE
    NO_USER = (Kind.WRONG_INPUT, N_("Nobody is named as deciding."), N_("Say who in DONATIONS_USER."))

    # Where the books are
    NO_BOOKS = (
        Kind.WRONG_INPUT,
        N_("There are no books at {place}."),
        N_("Say in DONATIONS_DATABASE_URL where they are, or begin: donations serve"),
        N_("Nothing was made."),
    )
    OLDER_BOOKS = (
        Kind.WRONG_INPUT,
        N_("An older version kept the books at {place}."),
        N_("Copy them, and run: donations migrate"),
    )
    NEWER_BOOKS = (Kind.WRONG_INPUT, N_("A newer version kept the books at {place}."), N_("Install that version."))
    UNKNOWN_TABLES = (
        Kind.WRONG_INPUT,
        N_("The books at {place} have other tables than any version that is known: {tables}."),
        N_("Go on with the version that kept them, or begin new books and import the statement files again."),
    )
    FOREIGN_DATABASE = Kind.WRONG_INPUT, N_("Another program keeps {place}."), _ELSEWHERE
    NO_DATABASE = (Kind.WRONG_INPUT, N_("What is to be the file of the books is none."), _ELSEWHERE)
    DATABASE_SILENT = (
        Kind.BUSY,
        N_("The database does not answer."),
        N_("See whether it runs, and where DONATIONS_DATABASE_URL says that it is."),
        _FINISHED,
    )
    NO_DRIVER = (
        Kind.WRONG_INPUT,
        N_("PostgreSQL needs one thing more."),
        N_("Install it: pip install donations[postgres]"),
    )
    BUSY = (Kind.BUSY, N_("The books are being written to just now."), N_("Wait a moment and repeat the step."))
    STORAGE_FULL = (
        Kind.BUSY,
        N_("The storage is full or cannot be written to."),
        N_("Tell whoever looks after this computer."),
        _FINISHED,
    )
    DAMAGED = (
        Kind.BUSY,
        N_("The file of the books cannot be read whole."),
        N_("Take the newest copy of it."),
        _FINISHED,
    )

    # Files and ports of the computer
    FILE_SYSTEM = (
        Kind.WRONG_INPUT,
        N_("A file or folder cannot be used ({cause})."),
        N_("Name another one, or mend its rights."),
        _FINISHED,
    )
    NO_SUCH_FILE = (
        Kind.WRONG_INPUT,
        N_("There is no file or folder {file}."),
        N_("Look at how it is written."),
        NOT_IMPORTED,
    )
    NO_FILES = (
        Kind.ABSENT,
        N_("There is no statement file in what was named."),
        N_("See whether the download brought one."),
        NOT_IMPORTED,
    )
    CANNOT_SERVE = (
        Kind.WRONG_INPUT,
        N_("Nothing can be served on {host}, port {port} ({cause})."),
        N_("Name another port: --port 8001"),
    )
    BAD_USAGE = (Kind.WRONG_INPUT, N_("The command cannot be read: {what}."), N_("Its options are told by --help."))
