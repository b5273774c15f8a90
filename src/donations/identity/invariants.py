"""What must hold of the payments of some days before they are written: cheap enough for every transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from donations.identity.seen import LineId, SeenLine, SeenStatement
from donations.identity.settling import Known


def broken(
    payments: Iterable[Known],
    statements: Iterable[SeenStatement],
    *,
    days: Collection[date],
    left_out: Collection[LineId],
) -> Iterator[tuple[str, str]]:
    """Yield where payments and lines are not one to one, and how; nothing where all is well.

    A line attests one payment of its own day and amount, or as a total all parts of one batch, which add up to it. No
    two lines of one statement attest one payment. Every line attests, but one that a person left out and the parts of
    a split that does not count, whose total does.
    """
    lines = {seen.id: seen for each in statements for seen in each.lines if seen.line.booked_on in days}
    attesting: defaultdict[LineId, list[Known]] = defaultdict(list)
    for payment in payments:
        shown = Counter(lines[line].statement for line in payment.lines)
        if max(shown.values(), default=0) > 1:
            yield f"payment {payment.id}", "two lines of one statement attest it"
        for line in payment.lines:
            attesting[line].append(payment)
    for seen in lines.values():
        what = None if seen.id in left_out else _of_line(seen, attesting, lines)
        if what is not None:
            yield f"line {seen.id}", what


def _of_line(line: SeenLine, attesting: defaultdict[LineId, list[Known]], lines: dict[LineId, SeenLine]) -> str | None:
    mine = attesting.get(line.id, [])
    if not mine:
        is_told = line.is_batch_total or (line.batch is not None and bool(attesting.get(line.batch)))
        return None if is_told else "attests no payment"
    if len(mine) == 1 and mine[0].bucket == line.bucket:
        return None
    if sum(payment.bucket[1] for payment in mine) != line.bucket[1] or {p.bucket[0] for p in mine} != {line.bucket[0]}:
        return "attests another day or amount"
    batches = {batch for payment in mine for batch in _batches_of(payment, lines)}
    return None if line.batch is None and batches else "attests payments of no one batch"


def _batches_of(payment: Known, lines: dict[LineId, SeenLine]) -> Iterator[LineId]:
    return (batch for line in payment.lines if (batch := lines[line].batch) is not None)
