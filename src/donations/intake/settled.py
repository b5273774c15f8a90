"""The statements of one file on their way into the ledger, and what is worth saying of their place there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from donations.bookkeeping import Touched, settle_days
from donations.core.cause import Cause
from donations.core.payment import PaymentId
from donations.core.problem import Problem, ProblemCode
from donations.core.statement import Statement
from donations.identity.findings import REDATED_WITHIN, Conflict, Finding, Orphan, findings
from donations.identity.proof import DayState, Run, proof_of, runs
from donations.identity.seen import LineId, SeenStatement
from donations.intake.result import StatementResult
from donations.store.donors import people
from donations.store.payments.payments import known_payments
from donations.store.session import WriteSession, as_reader
from donations.store.statements.coverage import ledger_facts
from donations.store.statements.files import Ledger, add_statement, minor_of
from donations.store.statements.findings import add_findings


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
            days = {line.line.booked_on for _, seen in group for line in seen.lines}
            if not days:
                continue
            settlement, around = settle_days(
                self._session,
                ledger,
                group[0][0].account,
                days,
                cause=self._cause,
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
        own = {line.id for _, seen, _ in self._statements for line in seen.lines if not line.is_batch_total}
        return {min(own & self._lines_of[payment], default=LineId(0)) for payment in self.touched.arrived}

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
