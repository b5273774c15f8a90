"""`donations import`, `undo`: files into the books and out of them again; and all of them judged anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from sqlalchemy import Engine

from donations.acts.agreeing import is_alone
from donations.acts.importing import FileStatus, take_read
from donations.acts.promise import refuse_outdated
from donations.acts.reading_files import ReadFile, Terms
from donations.acts.rejudging import Renewal, renew
from donations.acts.undoing import undo
from donations.cli import context
from donations.cli.given_files import files_in, is_there, printable, read_named
from donations.cli.own_accounts import own_account
from donations.cli.show import (
    UNCHANGED,
    Json,
    as_json,
    errors,
    money,
    money_text,
    print_mark,
    print_translated,
    show_line,
    sums_text,
    table,
    translated,
)
from donations.core.language import N_
from donations.core.progress import Tell, within
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, RunningCode
from donations.reports.imports import TakenFile, all_results, report_of, result_view, take_files
from donations.reports.words import PROOFS
from donations.store.session import ID_MAX, reading, writing
from donations.views.formats import PLAIN_TELLER
from donations.views.imported import AskedAccountView, ImportResultsView, undone_view
from donations.views.phrases import ProblemView
from donations.views.value import money_by_currency


def rejudge(*, keep: bool, json: bool) -> None:
    """Read and judge the whole books again, and print what that changes; with `keep` it stays so."""
    with context.writer(keep=keep) as session:
        found = renew(session, limits=context.settings().limits, by=context.person(), now=context.now())
    if json:
        as_json({"is_preview": not keep, **_document(found)})
        return
    table(
        translated(N_("What the readers and rules of today make of these books")), ("", ""), _rows(found), right=("",)
    )
    if found.otherwise:
        imports = ", ".join(map(str, found.otherwise))
        print_translated(
            N_(
                "These imports read otherwise today, line by line, and were left as they are: {imports}. "
                "To have them read anew, take each back and import its file again."
            ),
            imports=imports,
        )
    if found.payments:
        payments = ", ".join(map(str, found.payments))
        print_translated(
            N_("Payments that change: {payments}. What is known of one: donations why NUMBER"), payments=payments
        )
    if found.closed:
        months = ", ".join(map(str, found.closed))
        print_translated(
            N_("Closed months whose figures stay, with dated corrections beside them: {months}."), months=months
        )
    print_translated(N_("What people answered stays."))
    if keep:
        print_translated(N_("Done."))
    else:
        print_translated(N_("Nothing was changed. To have it so, copy the books and run: donations migrate --rejudge"))


def _rows(found: Renewal) -> list[tuple[str, str]]:
    change = found.change
    rows = [
        (N_("Files read again"), str(found.files)),
        (N_("Payments that come into the books"), str(found.came)),
        (N_("Payments that leave the books"), str(found.went)),
        (N_("Payments that become gifts"), str(change.became_gifts)),
        *((N_("  of"), money(minor, currency)) for currency, minor in change.gift_totals),
        (N_("Gifts that change their donor or appeal"), str(change.changed_gifts)),
        (N_("Gifts that are none any more"), str(change.lost_gifts)),
        (N_("Other payments that are booked otherwise"), str(change.became_other)),
        (N_("Questions before"), str(found.questions_before)),
        (N_("Questions then"), str(found.questions)),
    ]
    return [(translated(what), figure) for what, figure in rows]


def _document(found: Renewal) -> dict[str, object]:
    change = found.change
    return {
        "files": found.files,
        "imports_reading_otherwise": found.otherwise,
        "payments_coming": found.came,
        "payments_leaving": found.went,
        "becoming_gifts": change.became_gifts,
        "totals": [each.document() for each in money_by_currency(change.gift_totals)],
        "changed_gifts": change.changed_gifts,
        "lost_gifts": change.lost_gifts,
        "becoming_other": change.became_other,
        "questions_before": found.questions_before,
        "questions": found.questions,
        "payments": found.payments,
        "corrected_months": [str(month) for month in found.closed],
    }


AsShown = Annotated[
    str | None,
    typer.Option("--as-shown", metavar="MARK", help=N_("Refuse where it is not as it was shown with this mark.")),
]


Whose = Annotated[str, typer.Option(metavar="IBAN", help=N_("Whose account tables are of that do not say it."))]


def import_command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help=N_("Statement files, ZIPs or folders of them; - is standard input.")),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show what would happen; change nothing."))] = False,
    add_accounts: Annotated[
        bool, typer.Option("--add-accounts", help=N_("Register unknown accounts as yours."))
    ] = False,
    accept_imbalance: Annotated[
        str | None, typer.Option(metavar="REASON", help=N_("Import balances that do not add up, and keep the reason."))
    ] = None,
    account: Whose = "",
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Import bank statements: OFX, camt.053, camt.052 and CSV, chosen by their content, or ZIPs of them."""
    if accept_imbalance is not None and not accept_imbalance.strip():
        raise Refusal(AnswerCode.REASON_MISSING)
    for missing in (path for path in paths if not is_there(path)):
        raise Refusal(RunningCode.NO_SUCH_FILE, file=printable(missing))
    terms = Terms(
        by=context.person(),
        now=context.now(),
        limits=context.settings().limits,
        add_accounts=add_accounts,
        accept_imbalance=accept_imbalance,
        account=_own_number(account) if account else "",
    )
    files = list(files_in(paths))
    if not files:
        raise Refusal(RunningCode.NO_FILES)
    if not dry_run:
        context.begin_books()
    engine = context.engine_to_try() if dry_run else context.engine()
    if add_accounts:
        with reading(engine) as session:  # others are refused with the command by which they are wished
            terms = replace(terms, is_alone=is_alone(session, context.asker(session, "import")))
    with _progress(is_wanted=not json) as begin:
        if dry_run or as_shown is not None:
            taken = import_together(
                files, terms, engine, begin, keep=not dry_run, promised=None if dry_run else as_shown
            )
        else:
            taken = import_files(files, terms, engine, begin)
    found = all_results(
        (each, result_view(each, PLAIN_TELLER, is_preview=dry_run, sees_names=True, path=printable(path)))
        for path, each in taken
    )
    if json:
        as_json(found.document())
    else:
        show_results(found)
        _say_who_imported(found)
        if dry_run:
            print_translated(UNCHANGED)
            print_mark(found.digest)
    if found.sums.refused or found.sums.waiting:
        raise typer.Exit(1)


def _own_number(iban: str) -> str:
    with context.reader() as session:
        return own_account(session, iban).number


Begin = Callable[[str], Tell]
"""Begins with something, said in a word, and returns what is told how far it is."""


@contextmanager
def _progress(*, is_wanted: bool) -> Iterator[Begin]:
    """Show how far something is where a person looks at a terminal, and nothing elsewhere."""
    with Progress(console=errors, transient=True, disable=not (is_wanted and errors.file.isatty())) as progress:
        task = progress.add_task("", total=None)

        def begin(words: str) -> Tell:
            progress.reset(task, description=words, total=None)
            progress.refresh()  # what is quick is shown too
            return lambda done, total: progress.update(task, completed=done, total=total)

        yield begin


def import_files(paths: Sequence[Path], terms: Terms, engine: Engine, begin: Begin) -> list[tuple[Path, TakenFile]]:
    """Import each file in a transaction of its own."""
    results, told = [], begin(translated(N_("Importing")))
    for at, path in enumerate(paths):
        tell = within(told, 100 * at, 100 * at + 100, 100 * len(paths))
        for each in read_named(engine, path, terms):
            result = take_read(engine, each, replace(terms, tell=tell))
            with reading(engine) as session:
                results.append((path, TakenFile(result=result, report=report_of(session, result))))
        tell(1, 1)
    return results


def import_together(
    paths: Sequence[Path], terms: Terms, engine: Engine, begin: Begin, *, keep: bool, promised: str | None
) -> list[tuple[Path, TakenFile]]:
    """Import all files in one transaction, which is rolled back to show what importing them does.

    Raises `Refusal`: `preview_outdated` where they come to something else than was promised.
    """
    tell, read = begin(translated(N_("Reading"))), list[tuple[Path, ReadFile]]()
    for at, path in enumerate(paths, 1):
        read += [(path, each) for each in read_named(engine, path, terms)]
        tell(at, len(paths))
    with writing(engine, keep=keep) as session:
        taken = take_files(session, [each for _, each in read], replace(terms, tell=begin(translated(N_("Importing")))))
        refuse_outdated(promised, taken)
    return [(path, each) for (path, _), each in zip(read, taken, strict=True)]


STATUS = {
    FileStatus.IMPORTED: N_("imported"),
    FileStatus.ALREADY_IMPORTED: N_("already imported"),
    FileStatus.NOTHING_NEW: N_("nothing new"),
    FileStatus.WAITS: N_("waits"),
    FileStatus.REFUSED: N_("REFUSED"),
}


def show_results(found: ImportResultsView) -> None:
    """Print what became of the files as a table, then everything worth saying."""
    at_ends = (N_("Opening"), N_("Closing"))
    counts = (N_("New"), N_("Known"), N_("Gifts"), N_("Asks"))
    columns = (N_("File"), N_("Result"), N_("Account"), N_("Period"), *at_ends, N_("Proof"), *counts)
    rows = []
    for result in found.items:
        head = (
            result.name if result.id is None else f"{result.name} (#{result.id})",
            translated(STATUS[result.status]),
        )
        tail = (str(result.gifts), str(result.questions))
        if not result.statements:
            rows.append((*head, *[""] * 7, *tail))
        for at, each in enumerate(result.statements):
            rows.append(
                (
                    *(head if at == 0 else ("", "")),
                    f"…{each.account[-4:]}",
                    f"{each.first_day} – {each.last_day}",
                    money_text(each.opening),
                    money_text(each.closing),
                    translated(PROOFS[each.proof].phrase.english),
                    str(each.new),
                    str(each.known),
                    *(tail if at == 0 else ("", "")),
                )
            )
    table(translated(N_("Statements")), columns, rows, right=(*at_ends, *counts))
    for asked, files in found.asked:
        _say_asked(asked, files)
    for result in found.items:
        for problem in result.notices if result.status is not FileStatus.WAITS else ():
            show_line(f"{result.name}: {problem_text(problem)} ({problem.code.value})")
        if result.effect is not None and result.effect.closed_months:
            closed = N_("{file}: it has payments of closed months, which become corrections: {months}.")
            print_translated(closed, file=result.name, months=", ".join(result.effect.closed_months))
    sums = found.sums
    print_translated(
        N_("{files} files, {refused} refused. {gifts} gifts, {sum}. Questions: {questions}.")
        if not sums.waiting
        else N_("{files} files, {waiting} wait, {refused} refused. {gifts} gifts, {sum}. Questions: {questions}."),
        files=sums.files,
        waiting=sums.waiting,
        refused=sums.refused,
        gifts=sums.gifts,
        sum=sums_text(sums.totals),
        questions=sums.questions,
    )
    if sums.questions:
        print_translated(N_("Answer them: donations questions"))
    if sums.donors:
        givers = N_("Donors who gave: {donors}; for the first time: {new}.")
        print_translated(givers, donors=sums.donors, new=sums.new_donors)


def _say_asked(each: AskedAccountView, files: int) -> None:
    """Print of which account files wait for a person's word, and the command that is the word."""
    named = (each.number, each.bank, each.owner and translated(N_("owner in the file: {name}"), name=each.owner))
    asked = N_("{files} files wait until you say that their account is yours: {account}. See: {command}")
    command = f"donations account add {each.number}"
    print_translated(asked, files=files, account=", ".join(filter(None, named)), command=command)


def problem_text(problem: ProblemView) -> str:
    """Return where, what happened and what to do."""
    where = "" if problem.line is None else translated(N_("Line {line}: "), line=problem.line)
    return f"{where}{problem.what} {problem.remedy}".strip()


def _say_who_imported(found: ImportResultsView) -> None:
    for each in found.items:
        if each.imported_at is not None:
            already = N_("{file}: already imported on {day} by {person}.")
            print_translated(already, file=each.name, day=f"{each.imported_at:%Y-%m-%d}", person=each.imported_by)


def undo_command(
    file_id: Annotated[
        int, typer.Argument(metavar="FILE-ID", min=1, max=ID_MAX, help=N_("The number that import showed (#12 is 12)."))
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show the consequences; change nothing."))] = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Take an import back: the books are then as if the file had never come."""
    with context.writer(keep=not dry_run) as session:
        result = undo(session, file_id, by=context.person(), now=context.now())
        refuse_outdated(as_shown, result)
    found = undone_view(result, is_preview=dry_run)
    if json:
        as_json(found.document())
        return
    print_translated(
        N_(
            "{file}: {lines} lines withdrawn; {payments} payments that nothing else attests are gone, with {gifts}"
            " gifts of {sum} and {decisions} answers of yours."
        ),
        file=found.name,
        lines=found.lines,
        payments=found.payments,
        gifts=found.gifts,
        sum=sums_text(found.totals),
        decisions=found.decisions,
    )
    if dry_run:
        print_translated(UNCHANGED)
        print_mark(found.digest)
