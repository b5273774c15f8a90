"""What can go wrong with a request: every code with what happened, what it means for the money, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FailureCode(StrEnum):
    """Stable codes; tests and translations hang on them."""

    BAD_HOST = "bad_host"
    CSRF_FAILED = "csrf_failed"
    FILE_TOO_LARGE = "file_too_large"
    BAD_UPLOAD = "bad_upload"
    NO_FILE = "no_file"
    UPLOAD_GONE = "upload_gone"
    BAD_FORM = "bad_form"
    BAD_PART = "bad_part"
    PROPOSAL_OUTDATED = "proposal_outdated"
    UNKNOWN_PAGE = "unknown_page"
    UNKNOWN_PAYMENT = "unknown_payment"
    UNKNOWN_DONOR = "unknown_donor"
    UNKNOWN_IMPORT = "unknown_import"
    NOTHING_TO_UNDO = "nothing_to_undo"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BUSY = "busy"
    STORAGE_FULL = "storage_full"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One answer that is an error page."""

    code: str
    status: int
    what: str
    money: str = "Nothing was changed."
    remedy: str


class PageError(Exception):
    """The page cannot be shown or the step not be taken; `failure` says why."""

    def __init__(self, code: FailureCode) -> None:
        """Take the failure from the catalogue."""
        self.failure = FAILURES[code]
        super().__init__(code)


def _entry(code: FailureCode, status: int, what: str, remedy: str, *, money: str = "Nothing was changed.") -> Failure:
    return Failure(code=code, status=status, what=what, money=money, remedy=remedy)


_NOT_IMPORTED = "Nothing was imported."

FAILURES: dict[FailureCode, Failure] = {
    FailureCode(failure.code): failure
    for failure in (
        _entry(
            FailureCode.BAD_HOST,
            400,
            "These pages only answer on this computer.",
            "Open them on the computer that runs the program, at http://localhost.",
        ),
        _entry(
            FailureCode.CSRF_FAILED,
            403,
            "The request did not come from a page of this site.",
            "Open the page here again and repeat the step.",
        ),
        _entry(
            FailureCode.FILE_TOO_LARGE,
            413,
            "The files are larger than one upload may be.",
            "Upload fewer files at once, or export a shorter period from the bank.",
            money=_NOT_IMPORTED,
        ),
        _entry(
            FailureCode.BAD_UPLOAD, 400, "The upload did not arrive whole.", "Please try again.", money=_NOT_IMPORTED
        ),
        _entry(
            FailureCode.NO_FILE,
            400,
            "No file was chosen.",
            "Choose one or more bank statements first.",
            money=_NOT_IMPORTED,
        ),
        _entry(
            FailureCode.UPLOAD_GONE,
            404,
            "This upload is not waiting any more.",
            "It was imported or dropped, or it waited longer than an hour. Look at the imports, or upload it again.",
            money="The books are as the list of imports shows them.",
        ),
        _entry(FailureCode.BAD_FORM, 422, "The form was not filled in completely.", "Go back and fill it in."),
        _entry(
            FailureCode.BAD_PART,
            422,
            "The amount cannot be read.",
            "Write euros and cents with a comma or a point, for example 12,50; no spaces.",
        ),
        _entry(
            FailureCode.PROPOSAL_OUTDATED,
            409,
            "Something changed since the proposal was shown.",
            "Look at the question again; its proposals may be others now.",
        ),
        _entry(FailureCode.UNKNOWN_PAGE, 404, "There is no such page.", "Start again from the first page."),
        _entry(
            FailureCode.UNKNOWN_PAYMENT,
            404,
            "There is no such payment.",
            "It may have gone when its import was undone. Look for it in the ledger.",
        ),
        _entry(FailureCode.UNKNOWN_DONOR, 404, "There is no such donor.", "Look for the name in the list of donors."),
        _entry(FailureCode.UNKNOWN_IMPORT, 404, "There is no such import.", "Look for it in the list of imports."),
        _entry(FailureCode.NOTHING_TO_UNDO, 200, "This import was undone already.", "There is nothing left to do."),
        _entry(FailureCode.METHOD_NOT_ALLOWED, 405, "This page cannot be asked that way.", "Open it from its link."),
        _entry(FailureCode.BUSY, 503, "The books are being written to just now.", "Wait a moment and repeat the step."),
        _entry(
            FailureCode.STORAGE_FULL,
            503,
            "The storage is full or cannot be written to.",
            "Tell whoever looks after this computer.",
        ),
        _entry(
            FailureCode.INTERNAL,
            500,
            "Something went wrong.",
            "Repeat the step. If it happens again, tell us what you did and this code.",
        ),
    )
}
