"""Whether the certificates that were issued are whole: nobody changed one, and none is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from donations.ledger.checks import Violation
from donations.store.papers.certificates import certificates_of
from donations.store.session import ReadSession


def certificates_whole(session: ReadSession) -> Iterator[Violation]:
    """Every certificate is as it was issued, and the numbers of each year have no gap."""
    numbers: defaultdict[int, int] = defaultdict(int)
    for each in certificates_of(session):
        numbers[each.year] += 1
        if each.number != numbers[each.year]:
            yield Violation(f"certificate {each.written_number}", "comes after a gap in the numbers")
            numbers[each.year] = each.number
        if each.name is not None and each.digest != each.own_digest:
            yield Violation(f"certificate {each.written_number}", "was changed after it was issued")
