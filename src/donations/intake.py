"""A file comes in: read, settled into payments, judged and booked in one transaction, or refused whole."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from sqlalchemy import Engine

from donations.bookkeeping import Touched, judge, settle_days
from donations.core.iban import AccountNumber, UnverifiedAccount, bank_name, masked
from donations.core.money import EUR, Currency, Minor
from donations.core.payment import PaymentId
from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.statement import Proof, Reading, Statement
from donations.identity.findings import REDATED_WITHIN, Conflict, Finding, Orphan, findings
from donations.identity.proof import DayState, Run, proof_of, runs
from donations.identity.seen import LineId, SeenStatement
from donations.matching.outcome import Ask
from donations.readers import READERS, Limits, read
from donations.store import people
from donations.store.coverage import ledger_facts
from donations.store.files import Ledger, active_import, add_file, add_statement, minor_of
from donations.store.findings import add_findings
from donations.store.ids import next_ids
from donations.store.payments import known_payments
from donations.store.session import WriteSession, as_reader, writing
from donations.store.tables import ImportedFileRow


class FileStatus(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    ALREADY_IMPORTED = "already_imported"
    NOTHING_NEW = "nothing_new"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file as it was given: the name is only shown, never used as a path or as evidence."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms files are taken."""

    by: str
    now: datetime
    limits: Limits = field(default_factory=Limits)
    add_accounts: bool = False
    accept_imbalance: str | None = None
    """The written reason for importing balances that do not add up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementResult:
    """One statement of an imported file; amounts in minor units."""

    account: str
    currency: str
    first_day: date
    last_day: date
    opening: Minor | None
    closing: Minor | None
    proof: Proof
    lines: int
    new: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of a file and what it brought."""

    name: str
    status: FileStatus
    format: str | None = None
    file_id: int | None = None
    statements: tuple[StatementResult, ...] = ()
    gifts: int = 0
    """Gifts booked now, on the file's new payments or on known ones that it says more of."""
    gift_totals: tuple[tuple[str, Minor], ...] = ()
    """Sum of these gifts by currency."""
    questions: int = 0
    """New payments that wait for a person."""
    problems: tuple[Problem, ...] = ()
    imported_at: datetime | None = None
    imported_by: str | None = None

    @property
    def gift_total(self) -> Minor:
        """The gifts in euros, or in the one other currency that there is."""
        totals = dict(self.gift_totals)
        return next(iter(totals.values())) if len(totals) == 1 else totals.get(EUR, 0)


def read_file(given: GivenFile, terms: Terms) -> Reading:
    """Read a file, and say so where its name promises another format; raises `Refused`."""
    reading = read(
        given.content,
        today=terms.now.date(),
        limits=terms.limits,
        accept_imbalance=terms.accept_imbalance is not None,
    )
    suffix = PurePath(given.name).suffix.lower()
    own = {ending for reader in READERS if reader.name == reading.format for ending in reader.suffixes}
    known = {ending for reader in READERS for ending in reader.suffixes}
    if suffix in known - own:
        notice = Problem.of(ProblemCode.FORMAT_DIFFERS, format=reading.format, suffix=suffix)
        return Reading(format=reading.format, statements=reading.statements, notices=(*reading.notices, notice))
    return reading


def refused(given: GivenFile, refusal: Refused) -> FileResult:
    """Return the result for a file that was refused."""
    return FileResult(name=shown_name(given.name), status=FileStatus.REFUSED, problems=refusal.problems)


def admit(session: WriteSession, given: GivenFile, reading: Reading, terms: Terms) -> FileResult:
    """Import a file that was read. Raises `Refused`, and has written nothing then, where an account is not ours."""
    digest = hashlib.sha256(given.content).hexdigest()
    earlier = active_import(as_reader(session), digest)
    if earlier is not None:
        return _already_imported(given, earlier)
    accounts = _own_accounts(session, reading, terms)
    file_id = next(next_ids(session, ImportedFileRow))
    row = ImportedFileRow(
        id=file_id,
        sha256=digest,
        name=shown_name(given.name),
        format=reading.format,
        imported_at=terms.now.astimezone(UTC),
        imported_by=terms.by,
        accepted_imbalance=terms.accept_imbalance if any(each.imbalance for each in reading.statements) else None,
    )
    add_file(session, row, given.content)
    taken = _Taken(session, file_id, digest)
    for number, statement in enumerate(reading.statements):
        taken.add(statement, number=number, account_id=accounts[statement.account])
    taken.settle()
    judged = judge(session, taken.touched, now=terms.now)
    gifts: Counter[Currency] = Counter()
    for gift in judged.new_gifts:
        gifts[gift.amount.currency] += gift.amount.minor
    results, notices = taken.results()
    return FileResult(
        name=row.name,
        status=FileStatus.IMPORTED if any(r.new or not r.lines for r in results) else FileStatus.NOTHING_NEW,
        format=reading.format,
        file_id=file_id,
        statements=results,
        gifts=len(judged.new_gifts),
        gift_totals=tuple(sorted(gifts.items())),
        questions=sum(isinstance(judged.outcomes[each], Ask) for each in taken.touched.arrived),
        problems=(*reading.notices, *notices),
    )


def take(engine: Engine, given: GivenFile, terms: Terms) -> FileResult:
    """Read and import one file in a transaction of its own; a refusal is a result too."""
    try:
        reading = read_file(given, terms)
        with writing(engine) as session:
            return admit(session, given, reading, terms)
    except Refused as refusal:
        return refused(given, refusal)


def take_all(session: WriteSession, files: Sequence[GivenFile], terms: Terms) -> list[FileResult]:
    """Import files one after another in the caller's transaction: kept, or rolled back for a preview."""
    results = []
    for given in files:
        try:
            results.append(admit(session, given, read_file(given, terms), terms))
        except Refused as refusal:
            results.append(refused(given, refusal))
    return results


def _already_imported(given: GivenFile, earlier: ImportedFileRow) -> FileResult:
    return FileResult(
        name=shown_name(given.name),
        status=FileStatus.ALREADY_IMPORTED,
        format=earlier.format,
        file_id=earlier.id,
        imported_at=earlier.imported_at,
        imported_by=earlier.imported_by,
    )


def _own_accounts(session: WriteSession, reading: Reading, terms: Terms) -> dict[AccountNumber, int]:
    found: dict[AccountNumber, int] = {}
    unknown: list[Problem] = []
    for number in dict.fromkeys(statement.account for statement in reading.statements):
        row = people.account_with(as_reader(session), number)
        if row is None and terms.add_accounts:
            named = None if isinstance(number, UnverifiedAccount) else bank_name(number)
            row = people.add_account(session, number, name=named or people.number_text(number))
        if row is None:
            command = people.number_text(number)
            unknown.append(Problem.of(ProblemCode.UNKNOWN_ACCOUNT, account=masked(number), command=command))
        else:
            found[number] = row.id
    if unknown:
        raise Refused(unknown)
    return found


class _Taken:
    """The statements of one file on their way into the ledger."""

    def __init__(self, session: WriteSession, file_id: int, digest: str) -> None:
        self._session, self._file_id, self._digest = session, file_id, digest
        self._statements: list[tuple[Statement, SeenStatement, Ledger]] = []
        self._lines_of: dict[PaymentId, frozenset[LineId]] = {}
        self._findings: list[Finding] = []
        self.touched = Touched()

    def add(self, statement: Statement, *, number: int, account_id: int) -> None:
        seen = add_statement(
            self._session,
            statement,
            file_id=self._file_id,
            account_id=account_id,
            fingerprint=f"{self._digest}:{number}",
        )
        self._statements.append((statement, seen, Ledger(account_id=account_id, currency=statement.currency)))

    def settle(self) -> None:
        """Let the new lines become payments, account by account, and see what statements disagree on."""
        groups: defaultdict[Ledger, list[tuple[Statement, SeenStatement]]] = defaultdict(list)
        for statement, seen, ledger in self._statements:
            groups[ledger].append((statement, seen))
        for ledger, group in groups.items():
            days = {line.line.booked_on for _, seen in group for line in seen.lines}
            if not days:
                continue
            settlement, around = settle_days(
                self._session,
                ledger,
                group[0][0].account,
                days,
                touched=self.touched,
                already=[seen for _, seen in group],
            )
            self._lines_of |= {payment.id: payment.lines for payment in settlement.payments}
            for _, seen in group:
                self._find(seen, around, ledger)
        add_findings(self._session, self._findings, file_id=self._file_id)

    def _find(self, seen: SeenStatement, around: Sequence[SeenStatement], ledger: Ledger) -> None:
        if len(around) > 1:
            first, last = seen.first_day - REDATED_WITHIN, seen.last_day + REDATED_WITHIN
            nearby = {first + timedelta(days=day) for day in range((last - first).days + 1)}
            self._findings += findings(seen, around, known_payments(as_reader(self._session), ledger, nearby))

    def results(self) -> tuple[tuple[StatementResult, ...], list[Problem]]:
        """Return each statement with its proof, and what is worth saying about the file's place in the books."""
        states = {ledger: self._runs(ledger) for ledger in dict.fromkeys(ledger for *_, ledger in self._statements)}
        new_lines = self._first_lines_of_arrived()
        results = tuple(
            self._result(statement, seen, states[ledger], new_lines) for statement, seen, ledger in self._statements
        )
        return results, [*self._finding_notices(), *self._gap_notices(states)]

    def _runs(self, ledger: Ledger) -> tuple[list[Run], dict[int, Any]]:
        facts = ledger_facts(as_reader(self._session), ledger)
        return runs(facts.stated, facts.by_day, facts.given), {each.id: each for each in facts.stated}

    def _first_lines_of_arrived(self) -> set[LineId]:
        """A payment that two statements of this file show is new in the first and known in the second."""
        return {min(self._lines_of[payment]) for payment in self.touched.arrived}

    def _result(
        self,
        statement: Statement,
        seen: SeenStatement,
        states: tuple[list[Run], dict[int, Any]],
        new_lines: set[LineId],
    ) -> StatementResult:
        known_runs, stated = states
        lines = [line.id for line in seen.lines if not line.is_batch_total]
        new = sum(line in new_lines for line in lines)
        return StatementResult(
            account=people.number_text(statement.account),
            currency=statement.currency,
            first_day=statement.first_day,
            last_day=statement.last_day,
            opening=minor_of(statement.opening),
            closing=minor_of(statement.closing),
            proof=proof_of(stated[seen.id], known_runs),
            lines=len(lines),
            new=new,
            known=len(lines) - new,
        )

    def _finding_notices(self) -> Iterable[Problem]:
        for kind, code in ((Conflict, ProblemCode.OVERLAP_CONFLICT), (Orphan, ProblemCode.ORPHANS)):
            count = sum(isinstance(finding, kind) for finding in self._findings)
            if count:
                yield Problem.of(code, count=count)

    def _gap_notices(self, states: dict[Ledger, tuple[list[Run], dict[int, Any]]]) -> Iterable[Problem]:
        for statement, _, ledger in self._statements:
            before, after = statement.first_day - timedelta(days=1), statement.last_day + timedelta(days=1)
            for run in states[ledger][0]:
                if run.state is DayState.MISSING and (run.last_day == before or run.first_day == after):
                    yield Problem.of(ProblemCode.GAP, first=run.first_day, last=run.last_day)


def shown_name(name: str) -> str:
    """Return a given name fit for showing: the last part of a path, printable, at most 120 characters."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in last)
    return " ".join(kept.split())[:120] or "unnamed"
