"""Refusals before any act: requests that cannot be read or served, and what a program needs of its computer to run."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import NOT_IMPORTED, RefusalCode
from donations.core.refusal import RefusalKind as Kind


class RequestCode(RefusalCode):
    """What is refused of a request before anything of the books is asked."""

    BAD_HOST = (
        Kind.NOT_ALLOWED,
        N_("These pages do not answer under this name."),
        N_("On the computer that runs the program, open http://localhost. Other names are added to its settings."),
    )
    CSRF_FAILED = (
        Kind.NOT_ALLOWED,
        N_("The request did not come from a page of this site, or from one that was open too long."),
        N_("Open the page again and repeat the step. Signing in needs cookies, and an address with https://."),
    )
    UNKNOWN_PAGE = Kind.ABSENT, N_("There is no such page."), N_("Start again from the first page.")
    METHOD_NOT_ALLOWED = Kind.WRONG_INPUT, N_("This page cannot be asked that way."), N_("Open it from its link.")
    BAD_FORM = (Kind.WRONG_INPUT, N_("The form was not filled in completely."), N_("Go back and fill it in."))
    TEXT_REFUSED = (
        Kind.WRONG_INPUT,
        N_("The text in “{field}” cannot be kept: it has at most {limit} characters, all of them readable."),
        N_("Write it shorter, by hand rather than pasted."),
    )
    INTERNAL = (
        Kind.UNFORESEEN,
        N_("Something went wrong."),
        N_("Repeat the step. If it happens again, tell us what you did and this code."),
        N_("What was finished before stands; doing the same again counts nothing twice."),
    )

    # Files
    FILE_TOO_LARGE = (
        Kind.WRONG_INPUT,
        N_("The files are larger than one upload may be."),
        N_("Upload fewer files at once, or export a shorter period from the bank."),
        NOT_IMPORTED,
    )
    BODY_TOO_SLOW = (
        Kind.WRONG_INPUT,
        N_("What was sent came too slowly, so we stopped waiting for it."),
        N_("See whether your connection is good, and send it again. Upload fewer files at once if it is slow."),
    )
    BAD_UPLOAD = Kind.WRONG_INPUT, N_("The upload did not arrive whole."), N_("Please try again."), NOT_IMPORTED
    NO_FILE = (
        Kind.WRONG_INPUT,
        N_("No file was chosen."),
        N_("Choose one or more bank statements first."),
        NOT_IMPORTED,
    )
    UPLOAD_GONE = (
        Kind.ABSENT,
        N_("This upload is not waiting any more."),
        N_("It was imported or dropped, or it waited longer than an hour. Look at the imports, or upload it again."),
        N_("The books are as the list of imports shows them."),
    )
    NO_TABLE = (
        Kind.WRONG_INPUT,
        N_("No table with dates and amounts can be found in this file."),
        N_("Save it as CSV once more, with one row for each transaction, or download XML (camt.053) from the bank."),
        N_("Nothing was imported."),
    )

    # Of programs
    INVALID_INPUT = (
        Kind.WRONG_INPUT,
        N_("The request is not what the description says."),
        N_("Compare it with the description at /docs."),
    )
    BAD_JSON = (
        Kind.WRONG_INPUT,
        N_("The body is not JSON in UTF-8, or names a field twice."),
        N_("Send one JSON object and the header “Content-Type: application/json”."),
    )
    BAD_CURSOR = (
        Kind.WRONG_INPUT,
        N_("The cursor is not valid."),
        N_("Follow the link “next” of the page before, or begin without a cursor."),
    )
    UNSUPPORTED_MEDIA_TYPE = (
        Kind.WRONG_INPUT,
        N_("A file comes as the body itself, not as a form."),
        N_("Send the bytes of one file with “Content-Type: application/octet-stream”."),
        NOT_IMPORTED,
    )
    FILE_REFUSED = (
        Kind.WRONG_INPUT,
        N_("The file was refused, all of it."),
        N_("Every problem is named with what to do about it."),
        NOT_IMPORTED,
    )
    PREVIEW_OUTDATED = (
        Kind.CONFLICT,
        N_("Something changed since the preview: it would come out otherwise now."),
        N_("Look at a new preview and send its digest."),
    )
    IDEMPOTENCY_KEY_MISSING = (
        Kind.WRONG_INPUT,
        N_("An import needs the header “Idempotency-Key”."),
        N_("Send a new random key with each file, and the same key when you send the same file again."),
        NOT_IMPORTED,
    )
    IDEMPOTENCY_KEY_REUSED = (
        Kind.WRONG_INPUT,
        N_("This Idempotency-Key came with another request before."),
        N_("Send a new random key with each file."),
        NOT_IMPORTED,
    )
    IDEMPOTENCY_KEY_IN_FLIGHT = (
        Kind.CONFLICT,
        N_("The request with this Idempotency-Key is still being worked on."),
        N_("Repeat it in a few seconds to get its answer."),
        N_("The request before decides; this one changed nothing."),
    )


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
    WITHOUT_LOG = (
        Kind.WRONG_INPUT,
        N_("{place} was copied while the books were open, without the file {place}-wal beside it."),
        N_(
            "Copy both again, or restore a backup: donations restore. If that file is lost, or another program had the"
            " books open last, take what is there: donations migrate --accept-copy"
        ),
        N_("The newest payments and answers may be missing in it. Nothing was changed."),
    )
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
    STATEMENT_TOO_LONG = (
        Kind.BUSY,
        N_("The database worked on this for longer than it may, and broke it off."),
        N_("Ask for less at once, or raise DONATIONS_STATEMENT_SECONDS, of changes DONATIONS_CHANGE_SECONDS."),
        _FINISHED,
    )
    TRANSACTION_IDLE = (
        Kind.BUSY,
        N_("This step stood still for so long that the database took it back."),
        N_("Repeat it. If it happens again: raise DONATIONS_IDLE_SECONDS."),
        _FINISHED,
    )
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
    NO_LAYOUT = (
        Kind.WRONG_INPUT,
        N_("This file does not say what the columns of a table mean."),
        N_("Give the file that “donations dialect export” wrote, or that the page “Layouts of tables” gave you."),
    )
    UNKNOWN_LAYOUT = (
        Kind.ABSENT,
        N_("Nothing was said of such tables."),
        N_("Look at “donations dialect list”."),
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
    ONE_WORKER = (
        Kind.WRONG_INPUT,
        N_("Several workers serve books on PostgreSQL only: in a file of SQLite one program writes at a time."),
        N_("Leave --workers away: one worker is enough for most. Or move the books to PostgreSQL: docs/operations.md"),
        N_("Nothing was served."),
    )
    CANNOT_SERVE = (
        Kind.WRONG_INPUT,
        N_("Nothing can be served on {host}, port {port} ({cause})."),
        N_("Name another port: --port 8001"),
    )
    BAD_USAGE = (Kind.WRONG_INPUT, N_("The command cannot be read: {what}."), N_("Its options are told by --help."))


_LIVING_SAFE = N_("The books that are there stay as they are.")


class BackupCode(RefusalCode):
    """What is refused of backups, whole books in one file."""

    NO_BACKUP = (
        Kind.WRONG_INPUT,
        N_("{file} is no backup of these books."),
        N_("Name a file that donations backup has written."),
        _LIVING_SAFE,
    )
    DAMAGED_BACKUP = (
        Kind.WRONG_INPUT,
        N_("The backup is damaged or was changed: {what}."),
        N_("Take another one, and make a new one of the books soon."),
        _LIVING_SAFE,
    )
    BAD_RECIPIENT = (
        Kind.WRONG_INPUT,
        N_("This is no public key of age."),
        N_("It begins with age1; age-keygen makes one, and the secret key that opens the backup again."),
    )
    NO_SECRET = (
        Kind.WRONG_INPUT,
        N_("The backup is encrypted."),
        N_("Name the file of its secret key with --identity, or its passphrase in DONATIONS_BACKUP_PASSPHRASE."),
        _LIVING_SAFE,
    )
    BACKUP_NOT_OPENED = (
        Kind.WRONG_INPUT,
        N_("The key or passphrase does not open this backup."),
        N_("Look for the one that was kept with it."),
        _LIVING_SAFE,
    )
    SHORT_PASSPHRASE = (
        Kind.WRONG_INPUT,
        N_("A passphrase of fewer than {least} characters can be guessed."),
        N_("Take several words."),
    )
    PASSPHRASES_DIFFER = (
        Kind.WRONG_INPUT,
        N_("The two passphrases are not the same."),
        N_("Write the same one twice."),
    )
    FILE_IS_THERE = (
        Kind.CONFLICT,
        N_("{file} is there already."),
        N_("Name another file, or a folder: each backup gets a name of its own there."),
    )
    BOOKS_ARE_SERVED = (
        Kind.CONFLICT,
        N_("The books at {place} are in use: a server or a worker has their file open."),
        N_("Stop the server and the worker, and repeat the command."),
        _LIVING_SAFE,
    )
    BOOKS_ARE_THERE = (
        Kind.CONFLICT,
        N_("There are books at {place}."),
        N_("Name another place in DONATIONS_DATABASE_URL, or put the file of the books aside: --replace"),
        _LIVING_SAFE,
    )
