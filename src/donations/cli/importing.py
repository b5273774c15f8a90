"""`donations import`, `undo`: files into the books and out of them again."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress
from sqlalchemy import Engine

from donations.cli import context
from donations.cli.show import as_json, errors, money, say, table
from donations.core.money import Minor
from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, RunningCode
from donations.intake import FileResult, FileStatus, GivenFile, Terms, refused, take, take_all
from donations.store.ids import ID_MAX
from donations.store.session import writing
from donations.undo import UndoResult, undo

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def import_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Statement files, or folders of them.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")] = False,
    add_accounts: Annotated[bool, typer.Option("--add-accounts", help="Register unknown accounts as yours.")] = False,
    accept_imbalance: Annotated[
        str | None, typer.Option(metavar="REASON", help="Import balances that do not add up, and keep the reason.")
    ] = None,
    json: Json = False,
) -> None:
    """Import bank statements: OFX, camt.053 and CSV, chosen by their content."""
    if accept_imbalance is not None and not accept_imbalance.strip():
        raise Refusal(AnswerCode.REASON_MISSING)
    missing = [path for path in paths if not (path.is_file() or path.is_dir())]
    if missing:
        raise Refusal(RunningCode.NO_SUCH_FILE, file=_printable(missing[0]))
    terms = Terms(
        by=context.person(),
        now=context.now(),
        limits=context.settings().limits,
        add_accounts=add_accounts,
        accept_imbalance=accept_imbalance,
    )
    files = list(files_in(paths))
    if not files:
        raise Refusal(RunningCode.NO_FILES)
    if dry_run:
        results = preview_files(files, terms)
    else:
        context.begin_books()
        results = import_files(files, terms, context.engine())
    if json:
        as_json(results_json(results))
    else:
        show_results(results)
        if dry_run:
            say("Nothing was changed: this was a dry run.")
    if any(result.status is FileStatus.REFUSED for _, result in results):
        raise typer.Exit(1)


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """Return the files named, and those in the folders named, in the order of their names."""
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            yield from (each for each in inside if not _is_ours(each.relative_to(path)))
        else:
            yield path


def _is_ours(path: Path) -> bool:
    """Hidden files, and what stands beside statements to explain them, are not statements."""
    return any(part.startswith(".") for part in path.parts) or path.suffix.lower() in {".expected", ".md"}


def import_files(paths: Sequence[Path], terms: Terms, engine: Engine) -> list[tuple[Path, FileResult]]:
    """Import each file in a transaction of its own, showing progress."""
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Importing", total=len(paths))
        results = []
        for path in paths:
            progress.update(task, description=f"Importing {_printable(path)}")
            results.append((path, _with_file(path, terms, lambda given: take(engine, given, terms))))
            progress.advance(task)
    return results


def preview_files(paths: Sequence[Path], terms: Terms) -> list[tuple[Path, FileResult]]:
    """Import all files in one transaction and roll it back: exactly what importing them would do."""
    with writing(context.engine_to_try(), keep=False) as session:
        return [(path, _with_file(path, terms, lambda given: take_all(session, [given], terms)[0])) for path in paths]


def _with_file(path: Path, terms: Terms, do: Any) -> FileResult:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= terms.limits.file_bytes else b""
    except OSError:
        return refused(GivenFile(name=path.name, content=b""), Refused([Problem.of(ProblemCode.CANNOT_OPEN)]))
    if size > terms.limits.file_bytes:
        problem = Problem.of(ProblemCode.FILE_TOO_LARGE, limit=terms.limits.file_size)
        return refused(GivenFile(name=path.name, content=b""), Refused([problem]))
    result: FileResult = do(GivenFile(name=path.name, content=content))
    return result


def results_json(results: Sequence[tuple[Path, FileResult]]) -> dict[str, Any]:
    """Return what became of the files, as one document; amounts in minor units."""
    files = [_file_json(path, result) for path, result in results]
    statements = [statement for _, result in results for statement in result.statements]
    return {
        "files": files,
        "totals": {
            "files": len(files),
            "imported": sum(result.status is FileStatus.IMPORTED for _, result in results),
            "refused": sum(result.status is FileStatus.REFUSED for _, result in results),
            "lines": sum(statement.lines for statement in statements),
            "new": sum(statement.new for statement in statements),
            "known": sum(statement.known for statement in statements),
            "gifts": sum(result.gifts for _, result in results),
            "gift_totals": _totals_json(gift_totals(results)),
            "questions": sum(result.questions for _, result in results),
        },
    }


def _printable(path: Path) -> str:
    """Return a path as text that can be printed: file systems allow names that no encoding has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _file_json(path: Path, result: FileResult) -> dict[str, Any]:
    return {
        "path": _printable(path),
        "status": result.status.value,
        "file_id": result.file_id,
        "format": result.format,
        "statements": [
            {
                "account": statement.account,
                "currency": statement.currency,
                "from": statement.first_day.isoformat(),
                "to": statement.last_day.isoformat(),
                "opening": statement.opening,
                "closing": statement.closing,
                "proof": statement.proof.value,
                "lines": statement.lines,
                "new": statement.new,
                "known": statement.known,
            }
            for statement in result.statements
        ],
        "gifts": result.gifts,
        "gift_totals": _totals_json(result.gift_totals),
        "questions": result.questions,
        "problems": [
            {"code": problem.code.value, "line": problem.line, "message": problem.message}
            for problem in result.problems
        ],
    }


def gift_totals(results: Sequence[tuple[Path, FileResult]]) -> list[tuple[str, Minor]]:
    """Return the sum of all gifts, one for each currency."""
    gifts: Counter[str] = Counter()
    for _, result in results:
        gifts.update(dict(result.gift_totals))
    return sorted(gifts.items())


def _totals_json(totals: Sequence[tuple[str, Minor]]) -> list[dict[str, Any]]:
    return [{"minor": minor, "currency": currency} for currency, minor in totals]


_STATUS = {
    FileStatus.IMPORTED: "imported",
    FileStatus.ALREADY_IMPORTED: "already imported",
    FileStatus.NOTHING_NEW: "nothing new",
    FileStatus.REFUSED: "REFUSED",
}


def show_results(results: Sequence[tuple[Path, FileResult]]) -> None:
    """Print what became of the files as a table, then everything worth saying."""
    columns = ("File", "Result", "Account", "Period", "Opening", "Closing", "Proof", "New", "Known", "Gifts", "Asks")
    rows = []
    for _, result in results:
        head = (
            result.name if result.file_id is None else f"{result.name} (#{result.file_id})",
            _STATUS[result.status],
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
                    money(each.opening, each.currency),
                    money(each.closing, each.currency),
                    each.proof.value,
                    str(each.new),
                    str(each.known),
                    *(tail if at == 0 else ("", "")),
                )
            )
    table("Statements", columns, rows, right=("Opening", "Closing", "New", "Known", "Gifts", "Asks"))
    for _, result in results:
        if result.status is FileStatus.ALREADY_IMPORTED and result.imported_at is not None:
            say(f"{result.name}: already imported on {result.imported_at:%Y-%m-%d} by {result.imported_by}.")
        for problem in result.problems:
            say(f"{result.name}: {problem.message} ({problem.code.value})")
    sums = ", ".join(money(minor, currency) for currency, minor in gift_totals(results)) or money(0, "EUR")
    refusals = sum(result.status is FileStatus.REFUSED for _, result in results)
    say(
        f"{len(results)} files, {refusals} refused. {sum(r.gifts for _, r in results)} gifts, {sums}. "
        f"{sum(r.questions for _, r in results)} questions: donations questions"
    )


def undo_command(
    file_id: Annotated[
        int, typer.Argument(metavar="FILE-ID", min=1, max=ID_MAX, help="The number that import showed (#12 is 12).")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the consequences; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Take an import back: the books are then as if the file had never come."""
    with context.writer(keep=not dry_run) as session:
        result = undo(session, file_id, by=context.person(), now=context.now())
    if json:
        as_json(_undo_json(result, dry_run=dry_run))
        return
    sums = ", ".join(money(minor, currency) for currency, minor in result.gift_totals) or money(0, "EUR")
    say(
        f"{result.name}: {result.lines} lines withdrawn; {result.payments} payments that nothing else attests are"
        f" gone, with {result.gifts} gifts of {sums} and {result.decisions} answers of yours."
    )
    if dry_run:
        say("Nothing was changed: this was a dry run.")


def _undo_json(result: UndoResult, *, dry_run: bool) -> dict[str, Any]:
    return {
        "file_id": result.file_id,
        "undone": not dry_run,
        "lines": result.lines,
        "payments": result.payments,
        "gifts": result.gifts,
        "gift_totals": _totals_json(result.gift_totals),
        "decisions": result.decisions,
    }
