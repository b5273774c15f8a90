"""Which known payment each cluster of lines is: payments keep their ids when lines come and go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.money import Minor
from donations.core.payment import PaymentId
from donations.identity.clusters import Cluster
from donations.identity.seen import LineId

Bucket = tuple[date, Minor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A payment with the lines that attest it; without lines it was reversed and may be used again."""

    id: PaymentId
    bucket: Bucket
    ordinal: int
    lines: frozenset[LineId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the payments of some days are now."""

    payments: tuple[Known, ...]
    """All that lines attest now."""
    created: frozenset[PaymentId]
    """Not in the ledger before, not even reversed: a row is needed."""
    arrived: frozenset[PaymentId]
    """Attested now and by no line before."""
    dissolved: frozenset[PaymentId]
    """Attested before and by no line now."""
    changed: frozenset[PaymentId]
    """Attested before and now, by other lines."""


def settle(clusters: Iterable[Cluster], known: Sequence[Known], new_ids: Iterator[int]) -> Settlement:
    """Give each cluster its payment: the one that shares most lines, else a reversed one, else a new one."""
    clusters_in: defaultdict[Bucket, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        clusters_in[cluster.lines[0].bucket].append(cluster)
    known_in: defaultdict[Bucket, list[Known]] = defaultdict(list)
    for payment in known:
        known_in[payment.bucket].append(payment)
    payments: list[Known] = []
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
    bucket: Bucket, group: Sequence[Cluster], known: Sequence[Known], new_ids: Iterator[int]
) -> Iterator[Known]:
    lines_of = [frozenset(line.id for line in (*cluster.lines, *cluster.totals)) for cluster in group]
    shared = (
        sorted(
            (-len(lines & payment.lines), payment.id, at, payment)
            for at, lines in enumerate(lines_of)
            for payment in known
            if lines & payment.lines
        )
        if known
        else []
    )
    taken: dict[int, Known] = {}
    used: set[PaymentId] = set()
    for _, payment_id, at, payment in shared:
        if at not in taken and payment_id not in used:
            taken[at] = payment
            used.add(payment_id)
    free = iter(sorted((payment for payment in known if payment.id not in used), key=lambda payment: payment.ordinal))
    ordinal = max((payment.ordinal for payment in known), default=-1)
    for at, lines in enumerate(lines_of):
        payment_now = taken.get(at) or next(free, None)
        if payment_now is None:
            ordinal += 1
            payment_now = Known(id=PaymentId(next(new_ids)), bucket=bucket, ordinal=ordinal)
        yield Known(id=payment_now.id, bucket=bucket, ordinal=payment_now.ordinal, lines=lines)
