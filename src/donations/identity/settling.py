"""Which known payment each cluster of lines is, ids kept; and what must hold before that is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.money import Minor
from donations.core.payment import PaymentId
from donations.identity.assignment import assign
from donations.identity.clusters import Cluster
from donations.identity.content import LineId, SeenLine, SeenStatement


def broken(
    payments: Iterable[KnownPayment],
    statements: Iterable[SeenStatement],
    *,
    days: Collection[date],
    left_out: Collection[LineId],
) -> Iterator[tuple[str, str]]:
    """Yield where payments and lines are not one to one, and how; nothing where all is well.

    A line attests one payment of its own day and amount, or as a total all parts of one batch, which add up to it; a
    batch's total those that its own parts do not attest. No two lines of one statement attest one payment. Every line
    attests, but one that a person left out and the parts of a split that does not count, whose total does.
    """
    lines = {seen.id: seen for each in statements for seen in each.lines if seen.line.booked_on in days}
    attesting: defaultdict[LineId, list[KnownPayment]] = defaultdict(list)
    for payment in payments:
        shown = Counter(lines[line].statement for line in payment.lines)
        if max(shown.values(), default=0) > 1:
            yield f"payment {payment.id}", "two lines of one statement attest it"
        for line in payment.lines:
            attesting[line].append(payment)
    rest = Counter({seen.id: seen.line.money.signed_minor for seen in lines.values()})
    for seen in lines.values():
        if seen.batch is not None:
            rest[seen.batch] -= sum(payment.bucket[1] for payment in attesting[seen.id])
    for seen in lines.values():
        what = None if seen.id in left_out else _of_line(seen, attesting, lines, rest[seen.id])
        if what is not None:
            yield f"line {seen.id}", what


def _of_line(
    line: SeenLine, attesting: defaultdict[LineId, list[KnownPayment]], lines: dict[LineId, SeenLine], rest: Minor
) -> str | None:
    """Say what is wrong with a line, given what of its amount its own parts do not attest."""
    mine = attesting[line.id]
    if not mine:
        is_told = line.is_batch_total or (line.batch is not None and bool(attesting[line.batch]))
        return None if is_told else "attests no payment"
    if sum(payment.bucket[1] for payment in mine) != rest or {p.bucket[0] for p in mine} != {line.bucket[0]}:
        return "attests another day or amount"
    beside = [lines[each] for payment in mine for each in payment.lines]
    in_batch = any(each.batch is not None or each.is_batch_total for each in beside)
    is_sound = len(mine) == 1 or (line.batch is None and in_batch)
    return None if is_sound else "attests payments of no one batch"


Bucket = tuple[date, Minor]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPayment:
    """A payment with the lines that attest it; without lines it was reversed and may be used again."""

    id: PaymentId
    bucket: Bucket
    ordinal: int
    lines: frozenset[LineId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the payments of some days are now."""

    payments: tuple[KnownPayment, ...]
    """All that lines attest now."""
    created: frozenset[PaymentId]
    """Not in the ledger before, not even reversed: a row is needed."""
    arrived: frozenset[PaymentId]
    """Attested now and by no line before."""
    dissolved: frozenset[PaymentId]
    """Attested before and by no line now."""
    changed: frozenset[PaymentId]
    """Attested before and now, by other lines."""


def settle(clusters: Iterable[Cluster], known: Sequence[KnownPayment], new_ids: Iterator[int]) -> Settlement:
    """Give each cluster its payment: the one that shares most lines, else a reversed one, else a new one."""
    clusters_in: defaultdict[Bucket, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        clusters_in[cluster.lines[0].bucket].append(cluster)
    known_in: defaultdict[Bucket, list[KnownPayment]] = defaultdict(list)
    for payment in known:
        known_in[payment.bucket].append(payment)
    payments: list[KnownPayment] = []
    for bucket, group in clusters_in.items():
        payments += _settle_bucket(bucket, group, known_in[bucket], new_ids)
    before = {payment.id: payment.lines for payment in known}
    now = {payment.id: payment.lines for payment in payments}
    return Settlement(
        payments=tuple(payments),
        created=frozenset(now.keys() - before.keys()),
        arrived=frozenset(payment for payment in now if not before.get(payment)),
        dissolved=frozenset(payment for payment, lines in before.items() if lines and payment not in now),
        changed=frozenset(
            payment for payment, lines in now.items() if before.get(payment) and before[payment] != lines
        ),
    )


def _settle_bucket(
    bucket: Bucket, group: Sequence[Cluster], known: Sequence[KnownPayment], new_ids: Iterator[int]
) -> Iterator[KnownPayment]:
    """A payment that lines attest goes to a cluster with some of these lines or to none: decisions hang on it."""
    lines_of = [frozenset(line.id for line in (*cluster.lines, *cluster.totals)) for cluster in group]
    attested = sorted((payment for payment in known if payment.lines), key=lambda payment: payment.id)
    free = iter(sorted((payment for payment in known if not payment.lines), key=lambda payment: payment.ordinal))
    ordinal = max((payment.ordinal for payment in known), default=-1)
    for lines, at in zip(lines_of, _most_shared(lines_of, attested), strict=True):
        payment = next(free, None) if at is None else attested[at]
        if payment is None:
            ordinal += 1
            payment = KnownPayment(id=PaymentId(next(new_ids)), bucket=bucket, ordinal=ordinal)
        yield KnownPayment(id=payment.id, bucket=bucket, ordinal=payment.ordinal, lines=lines)


def _most_shared(lines_of: Sequence[frozenset[LineId]], attested: Sequence[KnownPayment]) -> list[int | None]:
    """Return for each cluster the payment it goes on as, so that as many lines as can be keep their payment."""
    payment_at = {line: at for at, payment in enumerate(attested) for line in payment.lines}
    shared = [Counter(payment_at[line] for line in lines if line in payment_at) for lines in lines_of]
    claimed = Counter(at for each in shared for at in each)
    if all(len(each) <= 1 for each in shared) and all(count == 1 for count in claimed.values()):
        return [next(iter(each), None) for each in shared]
    return assign([[each.get(at) for at in range(len(attested))] for each in shared])
