"""The statements of one file on their way into the ledger, and what is worth saying of their place there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta

from donations.bookkeeping import Touched
from donations.core.cause import Cause
from donations.core.payment import PaymentId
from donations.core.problem import Problem, ProblemCode
from donations.core.statement import Statement
from donations.identity.findings import Finding, findings
from donations.identity.proof import DayState, LedgerProof, proof_of
from donations.identity.seen import LineId, SeenStatement
from donations.intake.result import StatementResult
from donations.settling import settle_days
from donations.store.donors import people
from donations.store.session import WriteSession, as_reader
from donations.store.statements.coverage import ledger_proof
from donations.store.statements.files import Ledger, add_statement, minor_of, seen_statements
from donations.store.statements.findings import Disagreed, Disagreement, add_findings, disagreed_lines
from donations.store.statements.unshown import renew_unshown


class Taken:
    """The statements of one file: added first, then settled together, then told."""

    def __init__(self, session: WriteSession, file_id: int, digest: str, cause: Cause) -> None:
        self._session, self._file_id, self._digest, self._cause = session, file_id, digest, cause
        self._statements: list[tuple[Statement, SeenStatement, Ledger]] = []
        self._lines_of: dict[PaymentId, frozenset[LineId]] = {}
        self._findings: list[Finding] = []
        self.touched = Touched()

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
            self._compare(ledger, own, around)
        add_findings(self._session, self._findings)

    def _compare(self, ledger: Ledger, own: Sequence[SeenStatement], around: Sequence[SeenStatement]) -> None:
        """See what the new statements disagree on with each other and with those before, and what they do not show."""
        first, last = min(each.first_day for each in own), max(each.last_day for each in own)
        others = seen_statements(as_reader(self._session), ledger, {first, last}, already=[*own, *around])
        for at, seen in enumerate(own):
            beside = [each for each in others if each not in own[: at + 1]]
            self._findings += findings(seen, [each for each in beside if _overlap(each, seen)])
        renew_unshown(self._session, ledger, first_day=first, last_day=last)

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
