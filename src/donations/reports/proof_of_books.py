"""How far the books prove themselves, for who audits them: checks, chains, money under way, exceptions, the backup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from donations.acts.proving import proofs
from donations.core.calendar import day_of
from donations.core.language import N_
from donations.ledger.audit import Head
from donations.ledger.obstacles import read as set_aside
from donations.reports.checking import NAMES, sentence_of
from donations.reports.coverage import CoveredAccount, covered_accounts
from donations.reports.obstacles import UnderWayInWords, money_under_way, set_aside_in_words, under_way_in_words
from donations.reports.table import Column, ColumnKind, Row, Table
from donations.reports.words import OwnText, month_word
from donations.store.check_results import CheckRun, last_check_run
from donations.store.log.audit import head
from donations.store.log.backed_up import BackupMade, BackupTo, newest_backup
from donations.store.months import Closing, closings_in_force
from donations.store.payments.questions import waiting
from donations.store.publishing import KeptBlock, blocks
from donations.store.session import ReadSession
from donations.views.phrases import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckShown:
    """One check, and what the last run of all found."""

    name: str
    says: str
    """What the books are held to, marked for translation."""
    found: int | None
    """How much does not hold; None where it was not run yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOfBooks:
    """All that there is to see without opening a payment."""

    checks: tuple[CheckShown, ...]
    run: CheckRun | None
    """The last run; None where there was none."""
    log: Head
    """The newest entry of the audit log."""
    published: tuple[KeptBlock, ...]
    accounts: tuple[CoveredAccount, ...]
    under_way: tuple[UnderWayInWords, ...]
    exceptions: tuple[Closing, ...]
    """Months that were closed although something was in the way, the newest first."""
    closed: int
    """How many months are closed."""
    questions: int
    backup: BackupMade | None

    @property
    def broken(self) -> tuple[CheckShown, ...]:
        """The checks that found something."""
        return tuple(each for each in self.checks if each.found)


def proof_of_books(session: ReadSession, *, today: date, called: Callable[[str], str] = str) -> ProofOfBooks:
    """Return how things stand on this day (Europe/Tallinn); `called` is what a reader calls an own account."""
    proved, run = proofs(session), last_check_run(session)
    closed = sorted(closings_in_force(session).values(), key=lambda each: each.month, reverse=True)
    found = {} if run is None else run.found
    return ProofOfBooks(
        checks=tuple(CheckShown(name=each, says=sentence_of(each), found=found.get(each)) for each in NAMES),
        run=run,
        log=head(session),
        published=tuple(blocks(session)),
        accounts=covered_accounts(session, proved, today=today),
        under_way=tuple(under_way_in_words(session, money_under_way(session, proved, today=today), proved, called)),
        exceptions=tuple(each for each in closed if each.seal.reason is not None),
        closed=len(closed),
        questions=len(waiting(session, today=today)),
        backup=newest_backup(session),
    )


_TEXT = ColumnKind.TEXT
_EXCEPTIONS = (
    Column("month", N_("Month"), _TEXT),
    Column("closed_on", N_("Closed on"), ColumnKind.DAY),
    Column("by", N_("Person"), _TEXT),
    Column("what", N_("What was open"), _TEXT),
    Column("why", N_("Why all the same"), _TEXT),
)
_ACCOUNTS = (
    Column("name", N_("Account"), _TEXT),
    Column("currency_code", N_("Currency"), _TEXT),
    Column("proven_until", N_("Proven until"), ColumnKind.DAY),
    Column("statements_until", N_("Statements until"), ColumnKind.DAY),
)
_CHECKS = (Column("check", N_("Check"), _TEXT), Column("state", N_("State"), _TEXT))
_MOVING = (Column("what", N_("What"), _TEXT), Column("why", N_("Why"), _TEXT))
_STATES: dict[int | None, OwnText] = {None: OwnText(N_("not run yet")), 0: OwnText(N_("holds"), code="holds")}
_BROKEN = OwnText(N_("broken"), code="broken")


def exceptions_table(closed: Sequence[Closing], *, with_reasons: bool) -> Table:
    """Return what was open when months were closed all the same; what people wrote may name somebody."""
    rows: list[Row] = []
    for each in closed:
        for aside in set_aside(each.seal.reason):
            what = OwnText("{what}", ("what", set_aside_in_words(aside)))
            why = aside.reason if with_reasons else None
            rows.append((month_word(each.month), day_of(each.seal.at), each.seal.by, what, why))
    return Table(title=OwnText(N_("Months closed with something open")), columns=_EXCEPTIONS, rows=tuple(rows))


def paper_tables(found: ProofOfBooks, *, with_reasons: bool) -> tuple[Table, ...]:
    """Return the parts of the paper that are tables."""
    return (
        Table(
            title=OwnText(N_("Checks of the books")),
            columns=_CHECKS,
            rows=tuple((OwnText(each.says), _STATES.get(each.found, _BROKEN)) for each in found.checks),
        ),
        Table(
            title=OwnText(N_("Own accounts")),
            columns=_ACCOUNTS,
            rows=tuple((each.name, each.currency, each.proven_until, each.last_day) for each in found.accounts),
        ),
        Table(
            title=OwnText(N_("Money under way between your accounts")),
            columns=_MOVING,
            rows=tuple(
                (OwnText("{said}", ("said", each.sides)), OwnText("{said}", ("said", each.waits)))
                for each in found.under_way
            ),
        ),
        exceptions_table(found.exceptions, with_reasons=with_reasons),
    )


_NOT_RUN = N_("The checks were not run yet.")
_HOLD = N_("Checks that hold: {held} of {all}. Run on {day}.")
_HOLD_BY = N_("Checks that hold: {held} of {all}. Run on {day}, asked for by {by}.")
_OPEN = N_("Questions that wait for an answer: {count}.")
_CLOSED = N_("Closed months: {count}, of these with something open: {open}.")
_MOVING_COUNT = N_("Own transfers of which one side is not in the books: {count}.")
_LOG = N_("Entries in the audit log: {count}.")
_BLOCKS = N_("Published blocks: {count}.")
_NO_BACKUP = N_("Nobody has made a backup of these books yet.")
_BACKED_UP = N_("Last backup: {day}, {to}, {locked}.")
_TO = {
    BackupTo.DOWNLOAD: N_("downloaded from a page"),
    BackupTo.FOLDER: N_("into the folder of the nightly ones"),
    BackupTo.FILE: N_("into a file by a command"),
}
_LOCKED = {True: N_("encrypted"), False: N_("not encrypted: whoever has the file can read it")}
_LOG_NEWEST = N_("Newest fingerprint of the audit log: {digest}")
_BLOCK_NEWEST = N_("Newest fingerprint of what is published: {digest}")
_SPELT = 8
"""Signs in a row: paper breaks lines at blanks."""


def facts_of(found: ProofOfBooks) -> tuple[Phrase, ...]:
    """Return how things stand, a sentence each."""
    return (
        _run_told(found),
        _counted(_OPEN, found.questions),
        Phrase(_CLOSED, (("count", str(found.closed)), ("open", str(len(found.exceptions))))),
        _counted(_MOVING_COUNT, len(found.under_way)),
        _counted(_LOG, found.log.number),
        _counted(_BLOCKS, len(found.published)),
        backup_told(found.backup),
    )


def fingerprints(found: ProofOfBooks) -> tuple[Phrase, ...]:
    """Return the newest fingerprints of both chains, to be kept elsewhere."""
    newest = [(_LOG_NEWEST, found.log.digest), *((_BLOCK_NEWEST, each.digest) for each in found.published[-1:])]
    return tuple(Phrase(said, (("digest", _spelt(digest)),)) for said, digest in newest if digest)


def _spelt(digest: str) -> str:
    return " ".join(digest[at : at + _SPELT] for at in range(0, len(digest), _SPELT))


def _counted(said: str, count: int) -> Phrase:
    return Phrase(said, (("count", str(count)),))


def _run_told(found: ProofOfBooks) -> Phrase:
    if found.run is None:
        return Phrase(_NOT_RUN)
    counts = (("held", str(len(found.checks) - len(found.broken))), ("all", str(len(found.checks))))
    when = ("day", day_of(found.run.at))
    return Phrase(_HOLD_BY, (*counts, when, ("by", found.run.by))) if found.run.by else Phrase(_HOLD, (*counts, when))


def backup_told(made: BackupMade | None) -> Phrase:
    """Return when the books were backed up last, where to, and who could read it."""
    if made is None:
        return Phrase(_NO_BACKUP)
    how = (("to", Phrase(_TO[made.to])), ("locked", Phrase(_LOCKED[made.is_encrypted])))
    return Phrase(_BACKED_UP, (("day", day_of(made.at)), *how))
