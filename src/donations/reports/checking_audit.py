"""Whether the audit log holds: no entry was changed or taken out of the middle."""

from __future__ import annotations

from collections.abc import Iterator

from donations.ledger.audit import complaints
from donations.ledger.checks import Violation
from donations.store.log.audit import whole_log
from donations.store.session import ReadSession


def audit_log_chained(session: ReadSession) -> Iterator[Violation]:
    """Every entry of the audit log is as it was written, and follows on the one before."""
    for number, what in complaints(whole_log(session)):
        yield Violation(f"entry {number}", what)
