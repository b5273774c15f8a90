"""A file comes in: read outside transactions, then settled, judged and booked in one, or refused whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise

from sqlalchemy import Engine

from donations.acts.judging import ChangedPayments, Judged, judge
from donations.acts.reading_files import ReadFile, Terms, digest_of, found_in, read_new_file
from donations.acts.settling import settle_days
from donations.acts.uncollected import uncollected
from donations.core.iban import AccountNumber, UnverifiedAccount, masked
from donations.core.money import Minor, totals
from donations.core.own_account import name_of_own_account
from donations.core.payment import Act, Cause, PaymentId
from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.progress import within
from donations.core.statement import GivenFile, Proof, Reading, Statement, shown_name
from donations.identity.content import LineId, SeenStatement
from donations.identity.findings import Finding, findings
from donations.identity.proof import DayState, LedgerProof, proof_of
from donations.identity.settling import Settlement
from donations.store.donors import people
from donations.store.payments.directory import owners
from donations.store.session import WriteSession, as_reader, count_anew, next_ids, writing
from donations.store.statements.coverage import ledger_proof
from donations.store.statements.files import Ledger, active_import, add_file, add_statement, minor_of, seen_statements
from donations.store.statements.findings import (
    Disagreed,
    Disagreement,
    add_findings,
    add_notices,
    disagreed_lines,
)
from donations.store.statements.not_in_statements import renew_not_in_statements
from donations.store.tables import ImportedFileRow


class FileStatus(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    ALREADY_IMPORTED = "already_imported"
    NOTHING_NEW = "nothing_new"
    WAITS = "waits"
    """Nothing is wrong with it: a person has to say first that its accounts are the organisation's."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAccount:
    """An account of which a person has to say whether it is the organisation's."""

    number: str
    owner: str
    """As the bank writes the name; empty where the file does not say."""


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
    file_id: int | None = field(default=None, compare=False)
    """Others may take the number between a preview and the import."""
    statements: tuple[StatementResult, ...] = ()
    gifts: int = 0
    """Gifts booked now, on the file's new payments or on known ones that it says more of."""
    gift_totals: tuple[tuple[str, Minor], ...] = ()
    """Sum of these gifts by currency."""
    questions: int = 0
    """New payments that wait for a person."""
    problems: tuple[Problem, ...] = ()
    asks: tuple[AskedAccount, ...] = ()
    """The accounts for which it waits."""
    imported_at: datetime | None = None
    imported_by: str | None = None


def _split_otherwise(
    settlement: Settlement, own: Iterable[SeenStatement], around: Iterable[SeenStatement]
) -> set[PaymentId]:
    """Return the payments of the file whose batch one of two files splits otherwise: it attests them by its total."""
    totals = {line.id for seen in around for line in seen.lines if line.is_batch_total}
    shown = {line.id for seen in own for line in seen.lines}
    return {payment.id for payment in settlement.payments if payment.lines & totals and payment.lines & shown}


class FileStatements:
    """The statements of one file: added first, then settled together, then told."""

    def __init__(self, session: WriteSession, file_id: int, digest: str, cause: Cause) -> None:
        self._session, self._file_id, self._digest, self._cause = session, file_id, digest, cause
        self._statements: list[tuple[Statement, SeenStatement, Ledger]] = []
        self._lines_of: dict[PaymentId, frozenset[LineId]] = {}
        self._findings: list[Finding] = []
        self._split_otherwise: set[PaymentId] = set()
        self.touched = ChangedPayments()

    def add(self, statement: Statement, *, number: int, account_id: int) -> None:
        """Append a statement of the file, `number` counted from 0, as it was read."""
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
            own = around = [seen for _, seen in group]
            days = {line.line.booked_on for seen in own for line in seen.lines}
            if days:
                settlement, around = settle_days(
                    self._session,
                    ledger,
                    group[0][0].account,
                    days,
                    cause=self._cause,
                    touched=self.touched,
                    already=own,
                )
                self._lines_of |= {payment.id: payment.lines for payment in settlement.payments}
                self._split_otherwise |= _split_otherwise(settlement, own, around)
            self._compare(ledger, own, around)
        add_findings(self._session, self._findings)

    def _compare(self, ledger: Ledger, own: Sequence[SeenStatement], around: Sequence[SeenStatement]) -> None:
        """See what the new statements disagree on with each other and with those before, and what they do not show."""
        first, last = min(each.first_day for each in own), max(each.last_day for each in own)
        others = seen_statements(as_reader(self._session), ledger, {first, last}, already=[*own, *around])
        for at, seen in enumerate(own):
            beside = [each for each in others if each not in own[: at + 1]]
            self._findings += findings(seen, [each for each in beside if _overlap(each, seen)])
        renew_not_in_statements(self._session, ledger, first_day=first, last_day=last)

    def results(self) -> tuple[tuple[StatementResult, ...], list[Problem]]:
        """Return each statement with its proof, and what is worth saying about the file's place in the books."""
        ledgers = dict.fromkeys(ledger for *_, ledger in self._statements)
        states = {ledger: ledger_proof(as_reader(self._session), ledger) for ledger in ledgers}
        new_lines = self._first_lines_of_arrived()
        results = tuple(
            self._result(statement, seen, states[ledger], new_lines) for statement, seen, ledger in self._statements
        )
        return results, [*self._finding_notices(states), *self._gap_notices(states)]

    def _first_lines_of_arrived(self) -> set[LineId]:
        """A payment that two statements of this file show is new in the first and known in the second."""
        own = {line.id for _, seen, _ in self._statements for line in seen.lines if not line.is_batch_total}
        return {min(own & self._lines_of[payment], default=LineId(0)) for payment in self.touched.arrived}

    def _result(
        self,
        statement: Statement,
        seen: SeenStatement,
        known: LedgerProof,
        new_lines: set[LineId],
    ) -> StatementResult:
        lines = [line.id for line in seen.lines if not line.is_batch_total]
        new = sum(line in new_lines for line in lines)
        return StatementResult(
            account=people.number_text(statement.account),
            currency=statement.currency,
            first_day=statement.first_day,
            last_day=statement.last_day,
            opening=minor_of(statement.opening),
            closing=minor_of(statement.closing),
            proof=proof_of(seen.id, known),
            lines=len(lines),
            new=new,
            known=len(lines) - new,
        )

    def _finding_notices(self, states: Mapping[Ledger, LedgerProof]) -> Iterable[Problem]:
        own = {seen.id for _, seen, _ in self._statements}
        orphans = {
            missed.payment
            for known in states.values()
            for witness in known.witnesses
            for missed in witness.missed
            if witness.stated.id in own or self._lines_of.get(missed.payment)
        }
        mine = {line for finding in self._findings for line in (finding.line, finding.other)}
        disagreed = disagreed_lines(as_reader(self._session)) if mine else ()  # most files disagree with nothing
        counts = Counter(each.kind for each in disagreed if self._shows(each, mine))
        for code, count in (
            (ProblemCode.OVERLAP_CONFLICT, counts[Disagreement.CONFLICT]),
            (ProblemCode.ORPHANS, len(orphans)),
            (ProblemCode.CORRECTED, counts[Disagreement.CORRECTED]),
            (ProblemCode.OTHER_SPLIT, len(self._split_otherwise)),
        ):
            if count:
                yield Problem.of(code, count=count)

    def _shows(self, found: Disagreed, lines: AbstractSet[LineId]) -> bool:
        """Whether some of these lines show what is disagreed on."""
        payments = (found.payment, found.payment if found.other is None else found.other)
        return any(self._lines_of.get(each, frozenset()) & lines for each in payments)

    def _gap_notices(self, states: Mapping[Ledger, LedgerProof]) -> Iterable[Problem]:
        for statement, _, ledger in self._statements:
            before, after = statement.first_day - timedelta(days=1), statement.last_day + timedelta(days=1)
            for run in states[ledger].runs:
                is_gap = run.state in {DayState.MISSING, DayState.UNCHANGED}
                if is_gap and (run.last_day == before or run.first_day == after):
                    yield Problem.of(ProblemCode.GAP, first=run.first_day, last=run.last_day)


def _overlap(one: SeenStatement, other: SeenStatement) -> bool:
    return one.first_day <= other.last_day and one.last_day >= other.first_day


def admit(session: WriteSession, given: GivenFile, found: Reading, terms: Terms) -> FileResult:
    """Import a file that was read. Raises `Refused`, and has written nothing then, where an account is not ours."""
    digest = digest_of(given)
    earlier = active_import(as_reader(session), digest)
    if earlier is not None:
        return _already_imported(given, earlier)
    registered = {row.number for row in people.accounts(as_reader(session))}
    accounts = _own_accounts(session, found, terms)
    owned_by = owners(as_reader(session))
    file_id = next(next_ids(session, ImportedFileRow))
    row = ImportedFileRow(
        id=file_id,
        sha256=digest,
        name=shown_name(given.name),
        format=found.format,
        imported_at=terms.now.astimezone(UTC),
        imported_by=terms.by,
        accepted_imbalance=terms.accept_imbalance if any(each.imbalance for each in found.statements) else None,
    )
    add_file(session, row, given.content)
    taken = FileStatements(
        session, file_id, digest, Cause(act=Act.IMPORTED, by=terms.by, at=terms.now, file_id=file_id)
    )
    for number, statement in enumerate(found.statements):
        taken.add(statement, number=number, account_id=accounts[statement.account])
    terms.tell(10, 100)  # so many hundredths of its time a file of 20,000 lines has taken by now
    taken.settle()
    terms.tell(25, 100)
    taken.touched.accounts |= {people.number_text(number) for number in accounts} - registered
    taken.touched.names = owners(as_reader(session)) - owned_by
    judged = judge(session, taken.touched, now=terms.now, tell=within(terms.tell, 40, 85, 100))
    results, noticed = taken.results()
    notices = (*found.notices, *_unverified(found), *noticed, *_became(judged))
    add_notices(session, file_id, notices)
    count_anew(session, sum(each.lines for each in results))
    return FileResult(
        name=row.name,
        status=FileStatus.IMPORTED if any(r.new or not r.lines for r in results) else FileStatus.NOTHING_NEW,
        format=found.format,
        file_id=file_id,
        statements=results,
        gifts=len(judged.new_gifts),
        gift_totals=totals(judged.new_gifts),
        questions=len(judged.questions),
        problems=notices,
    )


def take(engine: Engine, given: GivenFile, terms: Terms) -> FileResult:
    """Read one file, and import it in a transaction of its own; a refusal is a result too."""
    return take_read(engine, read_new_file(engine, given, terms), terms)


def take_read(engine: Engine, file: ReadFile, terms: Terms) -> FileResult:
    """Import a file that was read in a transaction of its own; a refusal is a result too."""
    if isinstance(file.found, Refused):
        return refused(file.given, file.found)
    with writing(engine) as session:
        return _taken(session, file, terms)


def take_all(session: WriteSession, files: Sequence[ReadFile], terms: Terms) -> list[FileResult]:
    """Import files one after another in the caller's transaction: kept, or rolled back for a preview."""
    ends = list(accumulate((file.lines for file in files), initial=0))
    parts = (within(terms.tell, first, last, ends[-1]) for first, last in pairwise(ends))
    return [_taken(session, file, replace(terms, tell=tell)) for file, tell in zip(files, parts, strict=True)]


def _taken(session: WriteSession, file: ReadFile, terms: Terms) -> FileResult:
    found = file.found
    if found is None:
        earlier = active_import(as_reader(session), digest_of(file.given))
        if earlier is not None:
            return _already_imported(file.given, earlier)
        found = found_in(file.given, terms)  # somebody took it back meanwhile
    if isinstance(found, Refused):
        return refused(file.given, found)
    try:
        with uncollected():
            return admit(session, file.given, found, terms)
    except Refused as refusal:
        return replace(refused(file.given, refusal), asks=_asked(found, refusal))


def _asked(found: Reading, refusal: Refused) -> tuple[AskedAccount, ...]:
    numbers = {dict(each.values)["command"] for each in refusal.problems if each.code is ProblemCode.UNKNOWN_ACCOUNT}
    owned = {people.number_text(each.account): each.provenance.owner for each in found.statements}
    return tuple(AskedAccount(number=number, owner=owner) for number, owner in owned.items() if number in numbers)


def _became(judged: Judged) -> Iterable[Problem]:
    """Yield what the file changed of answers and of who is who; no name is in it."""
    counts = {
        ProblemCode.ANSWERS_LOST: judged.lost_answers,
        ProblemCode.DONORS_JOINED: judged.united.joined,
        ProblemCode.DONORS_PARTED: judged.parted,
        ProblemCode.FORGOTTEN_JOINED: judged.united.hidden,
        ProblemCode.FORGOTTEN_GAVE: judged.again,
    }
    return (Problem.of(code, count=count) for code, count in counts.items() if count)


def _unverified(reading: Reading) -> Iterable[Problem]:
    for number in dict.fromkeys(statement.account for statement in reading.statements):
        if isinstance(number, UnverifiedAccount) and number.is_failed_iban:
            yield Problem.of(ProblemCode.ACCOUNT_UNVERIFIED, account=masked(number))


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
    reader = as_reader(session)
    numbers = dict.fromkeys(each.account for each in reading.statements)
    rows = {number: people.account_with(reader, number) for number in numbers}
    unknown = [number for number, row in rows.items() if row is None]
    is_first = len(unknown) == 1 and not people.accounts(reader)
    if unknown and not (terms.add_accounts and (terms.is_alone or is_first)):
        commands = ((masked(number), people.number_text(number)) for number in unknown)
        raise Refused([Problem.of(ProblemCode.UNKNOWN_ACCOUNT, account=told, command=text) for told, text in commands])
    for number in unknown:
        rows[number] = people.add_account(session, number, name=name_of_own_account(number))
    return {number: row.id for number, row in rows.items() if row is not None}


def refused(given: GivenFile, refusal: Refused) -> FileResult:
    """Return the result for a file that was refused, or only waits for a person's word on its accounts."""
    waits = {each.code for each in refusal.problems} == {ProblemCode.UNKNOWN_ACCOUNT}
    status = FileStatus.WAITS if waits else FileStatus.REFUSED
    return FileResult(name=shown_name(given.name), status=status, problems=refusal.problems)
