"""Whether the certificates that were issued are whole: nobody changed one, none is missing, each is of its year."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from donations.ledger.checks import Violation
from donations.store.papers.certificates import KeptCertificate, certificates_of
from donations.store.session import ReadSession


def certificates_whole(session: ReadSession) -> Iterator[Violation]:
    """Every certificate is as it was issued, says gifts of its year, and the numbers of each year have no gap."""
    numbers: defaultdict[int, int] = defaultdict(int)
    for each in certificates_of(session):
        numbers[each.year] += 1
        if each.number != numbers[each.year]:
            yield Violation(f"certificate {each.written_number}", "comes after a gap in the numbers")
            numbers[each.year] = each.number
        if each.name is not None and each.digest != each.own_digest:
            yield Violation(f"certificate {each.written_number}", "was changed after it was issued")
        if not _is_of_its_year(each):
            yield Violation(f"certificate {each.written_number}", "says what nobody gave in its year")


def _is_of_its_year(certificate: KeptCertificate) -> bool:
    """Gifts are of the year, what went back of them came in it or later, and something is left."""
    left: Counter[str] = Counter()
    for day, minor, currency, _ in json.loads(certificate.figures)["parts"]:
        left[currency] += minor
        year = date.fromisoformat(day).year
        if year < certificate.year or (minor > 0 and year != certificate.year):
            return False
    return max(left.values(), default=0) > 0
