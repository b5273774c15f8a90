"""Whether closed months hold: nobody changed what was frozen, and corrections explain every difference since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from donations.ledger.chain import broken_links
from donations.ledger.checks import Violation
from donations.ledger.figures import added
from donations.reports.month import figures
from donations.reports.proofs import proofs
from donations.store.months.closings import closings, standing_closings
from donations.store.months.corrections import changes
from donations.store.session import ReadSession


def closings_chained(session: ReadSession) -> Iterator[Violation]:
    """Every closing is as it was made, names the one before, and no month is closed twice."""
    chain = closings(session)
    for at in broken_links((each.seal, each.digest) for each in chain):
        yield Violation(f"month {chain[at].month}", "was changed after it was closed, or a closing before it is gone")
    for month, times in Counter(each.month for each in chain if each.reopening is None).items():
        if times > 1:
            yield Violation(f"month {month}", "is closed twice")


def closed_months_add_up(session: ReadSession) -> Iterator[Violation]:
    """What was frozen and every correction since are what the closed months come to now."""
    standing, proved = standing_closings(session), proofs(session)
    since = changes(session, standing.values())
    for month, closing in standing.items():
        expected = added([closing.figures.sums, *(change.sums for change in since.get(closing.id, ()))])
        now = figures(session, month, proved).sums
        for figure in sorted(name for name in expected.keys() | now.keys() if expected[name] != now[name]):
            what = f"{expected[figure]} {figure.what} of {figure.of} {figure.currency} are explained"
            yield Violation(f"month {month}", f"{what}, {now[figure]} stand in the books")
