"""A file comes in: read, settled into payments, judged and booked in one transaction, or refused whole."""

from donations.core.statement_file import GivenFile, shown_name
from donations.intake.admitting import admit, refused, take, take_all
from donations.intake.given import Terms, read_file
from donations.intake.result import FileResult, FileStatus, StatementResult

__all__ = [
    "FileResult",
    "FileStatus",
    "GivenFile",
    "StatementResult",
    "Terms",
    "admit",
    "read_file",
    "refused",
    "shown_name",
    "take",
    "take_all",
]
