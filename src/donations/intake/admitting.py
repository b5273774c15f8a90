"""A file comes in: settled into payments, judged and booked in one transaction, or refused whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC

from sqlalchemy import Engine

from donations.bookkeeping import Judged, judge
from donations.core.cause import Act, Cause
from donations.core.iban import AccountNumber, UnverifiedAccount, bank_name, masked
from donations.core.money import totals
from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.statement import Reading
from donations.core.statement_file import GivenFile, shown_name
from donations.intake.given import Terms, read_file
from donations.intake.result import FileResult, FileStatus
from donations.intake.settled import Taken
from donations.store.donors import people
from donations.store.ids import next_ids
from donations.store.payments.past import owners
from donations.store.session import WriteSession, as_reader, writing
from donations.store.statements.files import active_import, add_file
from donations.store.statements.notices import add_notices
from donations.store.tables import ImportedFileRow


def admit(session: WriteSession, given: GivenFile, reading: Reading, terms: Terms) -> FileResult:
    """Import a file that was read. Raises `Refused`, and has written nothing then, where an account is not ours."""
    digest = hashlib.sha256(given.content).hexdigest()
    earlier = active_import(as_reader(session), digest)
    if earlier is not None:
        return _already_imported(given, earlier)
    registered = {row.number for row in people.accounts(as_reader(session))}
    accounts = _own_accounts(session, reading, terms)
    owned_by = owners(as_reader(session))
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
    taken = Taken(session, file_id, digest, Cause(act=Act.IMPORTED, by=terms.by, at=terms.now, file_id=file_id))
    for number, statement in enumerate(reading.statements):
        taken.add(statement, number=number, account_id=accounts[statement.account])
    taken.settle()
    taken.touched.accounts |= {people.number_text(number) for number in accounts} - registered
    taken.touched.names = owners(as_reader(session)) - owned_by
    judged = judge(session, taken.touched, now=terms.now)
    results, found = taken.results()
    notices = (*reading.notices, *_unverified(reading), *found, *_became(judged))
    add_notices(session, file_id, notices)
    return FileResult(
        name=row.name,
        status=FileStatus.IMPORTED if any(r.new or not r.lines for r in results) else FileStatus.NOTHING_NEW,
        format=reading.format,
        file_id=file_id,
        statements=results,
        gifts=len(judged.new_gifts),
        gift_totals=totals(judged.new_gifts),
        questions=len(judged.questions),
        problems=notices,
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


def refused(given: GivenFile, refusal: Refused) -> FileResult:
    """Return the result for a file that was refused."""
    return FileResult(name=shown_name(given.name), status=FileStatus.REFUSED, problems=refusal.problems)
