"""What can go wrong with a request: every code with what happened, what it means for the money, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from donations.core.language import N_
from donations.web.failure_code import FailureCode

_UNCHANGED = N_("Nothing was changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One answer that is an error page."""

    code: str
    status: int
    what: str
    money: str = _UNCHANGED
    remedy: str
    values: Mapping[str, object] = field(default_factory=dict)
    """What fills the places in `what`."""

    def told(self, translate: Callable[[str], str]) -> str:
        """Return what happened, in the reader's language."""
        said = translate(self.what)
        return said % self.values if self.values else said


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
            N_("These pages do not answer under this name."),
            N_("On the computer that runs the program, open http://localhost. Other names are added to its settings."),
        ),
        _entry(
            FailureCode.CSRF_FAILED,
            403,
            N_("The request did not come from a page of this site, or from one that was open too long."),
            N_("Open the page again and repeat the step. Signing in needs cookies, and an address with https://."),
        ),
        _entry(
            FailureCode.NOT_ALLOWED,
            403,
            N_("Your roles do not include this page."),
            N_("If you need it, ask whoever looks after people in your organisation."),
        ),
        _entry(
            FailureCode.LINK_GONE,
            404,
            N_("This link is not good any more."),
            N_("Each works once and not for long. Ask for a new one."),
        ),
        _entry(
            FailureCode.SIGN_IN_BUSY,
            503,
            N_("Too many people are signing in just now."),
            N_("Wait a moment and try again."),
        ),
        _entry(
            FailureCode.UNKNOWN_PERSON,
            404,
            N_("There is no such person."),
            N_("Look for the name in the list of people."),
        ),
        _entry(
            FailureCode.LAST_ADMIN,
            409,
            N_("Then nobody would be left who can let people in."),
            N_("Make somebody else an administrator first, who has set a password."),
        ),
        _entry(
            FailureCode.FILE_TOO_LARGE,
            413,
            N_("The files are larger than one upload may be."),
            N_("Upload fewer files at once, or export a shorter period from the bank."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            FailureCode.BODY_TOO_SLOW,
            408,
            N_("What was sent came too slowly, so we stopped waiting for it."),
            N_("See whether your connection is good, and send it again. Upload fewer files at once if it is slow."),
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
            FailureCode.BAD_BALANCE,
            422,
            N_("The balance cannot be read."),
            N_("Write it as the bank shows it, for example 1 234,56; with a minus before it where you owe the bank."),
        ),
        _entry(
            FailureCode.BALANCE_TOO_EARLY,
            422,
            N_("That day is not over yet."),
            N_("Enter the balance at the end of yesterday, or of an earlier day."),
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
            N_("It may have gone when its import was taken back. Look for it in the ledger."),
        ),
        _entry(
            FailureCode.UNKNOWN_DONOR,
            404,
            N_("There is no such donor."),
            N_("Look for the name in the list of donors."),
        ),
        _entry(
            FailureCode.SAME_DONOR,
            422,
            N_("Both are the same donor."),
            N_("Choose another donor to merge with."),
        ),
        _entry(
            FailureCode.ANONYMOUS_DONOR,
            422,
            N_("The anonymous donor stands for many people."),
            N_("Nobody can be merged with it or recognised as it. Answer the single payments instead."),
        ),
        _entry(
            FailureCode.MERGED_ALREADY,
            409,
            N_("One of the donors was merged with another one already."),
            N_("Open the donor again from the list, and merge the one that stands for it."),
        ),
        _entry(
            FailureCode.TWO_CODES,
            422,
            N_("Two different personal or registry codes are two donors."),
            N_("If one gave for the other, answer those payments. If a code was given by hand, take it back first."),
        ),
        _entry(
            FailureCode.CODE_TAKEN,
            422,
            N_("Another donor has this code already."),
            N_("If it is the same person, merge the two donors."),
        ),
        _entry(
            FailureCode.BAD_CODE,
            422,
            N_("The check digit of this code is wrong."),
            N_("Compare it with the donor’s letter: a personal code has 11 digits, a registry code 8."),
        ),
        _entry(
            FailureCode.BAD_IBAN,
            422,
            N_("This is no valid IBAN."),
            N_("Compare it with the statement; its check digits are wrong or it is not whole."),
        ),
        _entry(
            FailureCode.KNOWN_ALREADY,
            422,
            N_("The donor is recognised by that already."),
            N_("There is nothing to do."),
        ),
        _entry(
            FailureCode.CLAIM_GIVEN,
            422,
            N_("Somebody said that this account and name pay for another donor."),
            N_("Take that back on the other donor’s page first."),
        ),
        _entry(
            FailureCode.UNKNOWN_CLAIM, 404, N_("This was taken back already."), N_("Look at the donor’s page again.")
        ),
        _entry(FailureCode.UNKNOWN_MERGE, 404, N_("There is no such merge."), N_("Look for it on the donor’s page.")),
        _entry(
            FailureCode.APART_ALREADY, 409, N_("This merge was taken apart already."), N_("There is nothing to do.")
        ),
        _entry(
            FailureCode.YEAR_NOT_FINAL,
            409,
            N_("Certificates are issued once the year is over and all its months are closed."),
            N_("Close the months that are still open first."),
        ),
        _entry(
            FailureCode.NOTHING_TO_ISSUE,
            409,
            N_("There is no certificate to issue."),
            N_("Look at the list: it was issued already, or it says what is in the way."),
        ),
        _entry(
            FailureCode.NAME_ERASED,
            410,
            N_("The name on this certificate was erased, so it cannot be printed any more."),
            N_("Its figures stay in the books."),
        ),
        _entry(
            FailureCode.TOO_LONG_FOR_PAPER,
            422,
            N_("This report is too long for a PDF."),
            N_("Choose fewer days, or take it as XLSX or CSV, which hold all of it."),
        ),
        _entry(
            FailureCode.RESTRICTED_DONOR,
            409,
            N_("This donor asked to be forgotten, so nothing more is written about the donor."),
            N_("Look at the donor’s page: it says what is kept and until when."),
        ),
        _entry(
            FailureCode.DONOR_HELD,
            409,
            N_("This donor’s data is on hold."),
            N_("Nothing was destroyed. When the reason for the hold is over, release the data first."),
        ),
        _entry(FailureCode.DONOR_NOT_HELD, 409, N_("This donor’s data is not on hold."), N_("There is nothing to do.")),
        _entry(
            FailureCode.DONOR_NOT_RESTRICTED,
            409,
            N_("The donor’s name is still in the books."),
            N_("Take it out first; the rest can be destroyed when the law lets it go."),
        ),
        _entry(FailureCode.DONOR_UNNAMED, 409, N_("Nothing names this donor any more."), N_("There is nothing to do.")),
        _entry(
            FailureCode.DONOR_STILL_NEEDED,
            409,
            N_("The law still asks for this donor’s payments with the payer’s name."),
            N_("Nothing was destroyed. The donor’s page says the day from which it can be."),
        ),
        _entry(
            FailureCode.FILE_LET_GO,
            410,
            N_("This file was destroyed when no law asked for it any more."),
            N_("Its payments and balances stay in the books."),
        ),
        _entry(
            FailureCode.NOTHING_PUBLISHED,
            404,
            N_("Nothing is published yet."),
            N_("Come back when the first months are published."),
        ),
        _entry(
            FailureCode.UNKNOWN_IMPORT, 404, N_("There is no such import."), N_("Look for it in the list of imports.")
        ),
        _entry(
            FailureCode.NOTHING_TO_UNDO,
            200,
            N_("This import was taken back already."),
            N_("There is nothing left to do."),
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
