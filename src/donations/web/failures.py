"""What can go wrong with a request: every code with what happened, what it means for the money, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from donations.core.language import N_


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


_UNCHANGED = N_("Nothing was changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One answer that is an error page."""

    code: str
    status: int
    what: str
    money: str = _UNCHANGED
    remedy: str


class PageError(Exception):
    """The page cannot be shown or the step not be taken; `failure` says why."""

    def __init__(self, code: FailureCode) -> None:
        """Take the failure from the catalogue."""
        self.failure = FAILURES[code]
        super().__init__(code)


def _entry(code: FailureCode, status: int, what: str, remedy: str, *, money: str = _UNCHANGED) -> Failure:
    return Failure(code=code, status=status, what=what, money=money, remedy=remedy)


_NOT_IMPORTED = N_("Nothing was imported.")

FAILURES: dict[FailureCode, Failure] = {
    FailureCode(failure.code): failure
    for failure in (
        _entry(
            FailureCode.BAD_HOST,
            400,
            N_("These pages only answer on this computer."),
            N_("Open them on the computer that runs the program, at http://localhost."),
        ),
        _entry(
            FailureCode.CSRF_FAILED,
            403,
            N_("The request did not come from a page of this site."),
            N_("Open the page here again and repeat the step."),
        ),
        _entry(
            FailureCode.FILE_TOO_LARGE,
            413,
            N_("The files are larger than one upload may be."),
            N_("Upload fewer files at once, or export a shorter period from the bank."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            FailureCode.BAD_UPLOAD,
            400,
            N_("The upload did not arrive whole."),
            N_("Please try again."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            FailureCode.NO_FILE,
            400,
            N_("No file was chosen."),
            N_("Choose one or more bank statements first."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            FailureCode.UPLOAD_GONE,
            404,
            N_("This upload is not waiting any more."),
            N_(
                "It was imported or dropped, or it waited longer than an hour. Look at the imports, or upload it again."
            ),
            money=N_("The books are as the list of imports shows them."),
        ),
        _entry(FailureCode.BAD_FORM, 422, N_("The form was not filled in completely."), N_("Go back and fill it in.")),
        _entry(
            FailureCode.BAD_PART,
            422,
            N_("The amount cannot be read."),
            N_("Write euros and cents with a comma or a point, for example 12,50; no spaces."),
        ),
        _entry(
            FailureCode.PROPOSAL_OUTDATED,
            409,
            N_("Something changed since the proposal was shown."),
            N_("Look at the question again; its proposals may be others now."),
        ),
        _entry(FailureCode.UNKNOWN_PAGE, 404, N_("There is no such page."), N_("Start again from the first page.")),
        _entry(
            FailureCode.UNKNOWN_PAYMENT,
            404,
            N_("There is no such payment."),
            N_("It may have gone when its import was undone. Look for it in the ledger."),
        ),
        _entry(
            FailureCode.UNKNOWN_DONOR,
            404,
            N_("There is no such donor."),
            N_("Look for the name in the list of donors."),
        ),
        _entry(
            FailureCode.UNKNOWN_IMPORT, 404, N_("There is no such import."), N_("Look for it in the list of imports.")
        ),
        _entry(
            FailureCode.NOTHING_TO_UNDO, 200, N_("This import was undone already."), N_("There is nothing left to do.")
        ),
        _entry(
            FailureCode.METHOD_NOT_ALLOWED, 405, N_("This page cannot be asked that way."), N_("Open it from its link.")
        ),
        _entry(
            FailureCode.BUSY,
            503,
            N_("The books are being written to just now."),
            N_("Wait a moment and repeat the step."),
        ),
        _entry(
            FailureCode.STORAGE_FULL,
            503,
            N_("The storage is full or cannot be written to."),
            N_("Tell whoever looks after this computer."),
        ),
        _entry(
            FailureCode.INTERNAL,
            500,
            N_("Something went wrong."),
            N_("Repeat the step. If it happens again, tell us what you did and this code."),
        ),
    )
}
