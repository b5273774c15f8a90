"""Everything that can be wrong with a file, or worth saying about it: its code, what it means and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.language import N_
from donations.core.problem_code import ProblemCode


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One catalogue entry: does it refuse the file, what happened, and what to do (templates for `format`)."""

    refuses: bool
    what: str
    remedy: str = ""


_UNPACKED = N_("Nothing was imported. Unpack it on your computer and give the statements themselves.")
_IN_PARTS = N_("Nothing was imported. Give the statements themselves, a few at a time.")
_AGAIN = N_(
    "Nothing was imported. Download the statement again from the bank; if it comes out the same, choose another format"
    " there: XML (camt.053), CSV or OFX."
)
_AGAIN_OF_PROVIDER = N_(
    "Nothing was imported. Download the report again from the payment provider, with all rows that change the balance."
)
_ASK_BANK = N_(
    "Nothing was imported. Download it again; if it comes out the same, choose another format in the bank (XML, CSV or"
    " OFX), and send us the line number and this code."
)
_REPORT = N_(
    "Nothing was imported. Choose another format in the bank (XML, CSV or OFX), and please report this file's layout"
    " to us."
)

CATALOGUE: dict[ProblemCode, CatalogueEntry] = {
    ProblemCode.CANNOT_OPEN: CatalogueEntry(
        True,
        N_("The file could not be opened."),
        N_("Nothing was imported. Check that it is a file that you may read."),
    ),
    ProblemCode.EMPTY_FILE: CatalogueEntry(True, N_("The file is empty."), _AGAIN),
    ProblemCode.FILE_TOO_LARGE: CatalogueEntry(
        True,
        N_("The file is larger than {limit}."),
        N_("Nothing was imported. Export a shorter period, or raise the limit max_file_bytes."),
    ),
    ProblemCode.NOT_A_STATEMENT: CatalogueEntry(
        True, N_("This is {kind}, not a statement."), N_("Nothing was imported. {hint}")
    ),
    ProblemCode.COMPRESSED_FILE: CatalogueEntry(
        True,
        N_("This is a compressed file ({kind})."),
        N_("Nothing was imported. Give the statements themselves, or one ZIP that holds them and no other archive."),
    ),
    ProblemCode.ARCHIVE_DAMAGED: CatalogueEntry(
        True, N_("The ZIP archive is damaged, cut off, or packed in a way that cannot be opened."), _UNPACKED
    ),
    ProblemCode.ARCHIVE_ENCRYPTED: CatalogueEntry(True, N_("The ZIP archive needs a password."), _UNPACKED),
    ProblemCode.ARCHIVE_TOO_MANY: CatalogueEntry(True, N_("The ZIP archive holds more than {limit} files."), _IN_PARTS),
    ProblemCode.ARCHIVE_TOO_LARGE: CatalogueEntry(True, N_("The ZIP archive unpacks to more than {limit}."), _IN_PARTS),
    ProblemCode.ARCHIVE_NAMES: CatalogueEntry(
        True,
        N_("In the ZIP archive is a name twice, a link, or a path that leads out of it."),
        N_("Nothing was imported. An archive of a bank has none of them: give the statements themselves."),
    ),
    ProblemCode.ARCHIVE_EMPTY: CatalogueEntry(
        True, N_("No file is in the ZIP archive."), N_("Nothing was imported. Give the statements themselves.")
    ),
    ProblemCode.UNSUPPORTED_FORMAT: CatalogueEntry(
        True,
        N_("This is {kind}, which cannot be read yet."),
        N_(
            "Nothing was imported. In the internet bank choose the statement as XML (camt.053; Swedbank calls it"
            " ISO_XML_053, SEB “ISO väljavõte”), or else as CSV."
        ),
    ),
    ProblemCode.WRONG_DOCUMENT: CatalogueEntry(
        True,
        N_("This is {kind}, not an account statement (camt.053)."),
        N_("Nothing was imported. Choose the account statement in the internet bank."),
    ),
    ProblemCode.AMBIGUOUS_FORMAT: CatalogueEntry(
        True,
        N_("The file can be read as {formats}."),
        _REPORT,
    ),
    ProblemCode.UNSUPPORTED_ENCODING: CatalogueEntry(
        True, N_("The text encoding {encoding} is not supported."), N_("Nothing was imported. Save the file as UTF-8.")
    ),
    ProblemCode.BAD_ENCODING: CatalogueEntry(True, N_("There are characters here that cannot be read."), _AGAIN),
    ProblemCode.CONTROL_CHARACTERS: CatalogueEntry(True, N_("There are forbidden control characters here."), _AGAIN),
    ProblemCode.INCOMPLETE_FILE: CatalogueEntry(True, N_("The file ends too early."), _AGAIN),
    ProblemCode.FILE_TOO_COMPLEX: CatalogueEntry(
        True, N_("The file is unusually complex and was not processed ({what})."), _AGAIN
    ),
    ProblemCode.TOO_MANY_LINES: CatalogueEntry(
        True,
        N_("The file has more than {limit} lines."),
        N_("Nothing was imported. Export a shorter period, or raise the limit max_lines."),
    ),
    ProblemCode.TOOK_TOO_MUCH: CatalogueEntry(
        True,
        N_("Reading the file took more {what} than any statement needs, and was stopped."),
        N_(
            "Nothing was imported. Download the statement again from the bank, or a shorter period; if it comes out the"
            " same, choose another format there: XML (camt.053), CSV or OFX."
        ),
    ),
    ProblemCode.UNREADABLE_FILE: CatalogueEntry(
        True,
        N_("The file could not be read as {format}."),
        _REPORT,
    ),
    ProblemCode.READER_UNAVAILABLE: CatalogueEntry(
        True,
        N_("Files cannot be read at the moment: the part of the program that reads them does not start."),
        N_(
            "Nothing was imported. The file may be in order: try again in a minute, and if it stays so, tell whoever"
            " looks after the computer."
        ),
    ),
    ProblemCode.XML_DTD_FORBIDDEN: CatalogueEntry(
        True, N_("The XML contains a document type definition, which statements never need."), _AGAIN
    ),
    ProblemCode.BAD_XML: CatalogueEntry(True, N_("The XML is damaged here."), _AGAIN),
    ProblemCode.BAD_OFX: CatalogueEntry(True, N_("The OFX is damaged here: {what}."), _AGAIN),
    ProblemCode.BANK_ERROR: CatalogueEntry(
        True,
        N_("The bank answered with error {status} instead of a statement."),
        N_("Nothing was imported. Log in to the bank again and repeat the download."),
    ),
    ProblemCode.UNSUPPORTED_ACCOUNT: CatalogueEntry(
        True,
        N_("This is a statement of {kind}, and only bank accounts can be imported."),
        N_("Nothing was imported. Export the current account instead."),
    ),
    ProblemCode.MISSING_REFERENCE: CatalogueEntry(True, N_("The line has no bank reference (FITID)."), _ASK_BANK),
    ProblemCode.CORRECTION_UNSUPPORTED: CatalogueEntry(
        True,
        N_("The line replaces or deletes an earlier line of the bank (CORRECTFITID), which cannot be imported."),
        N_("Nothing was imported. Download the whole period again, or use the bank's XML statement (camt.053)."),
    ),
    ProblemCode.UNKNOWN_CSV_LAYOUT: CatalogueEntry(
        True,
        N_("This CSV layout is not known."),
        N_(
            "Nothing was imported. Say on the upload page what its columns mean: once for all tables with these"
            " headings. Known layouts: {known}. The bank's XML statement (camt.053) always works."
        ),
    ),
    ProblemCode.SPREADSHEET: CatalogueEntry(
        True,
        N_("This is a spreadsheet, and nobody said yet what its columns mean."),
        N_(
            "Nothing was imported. Say it on the upload page: once for all tables with these headings. The bank's XML"
            " statement (camt.053) needs none of it."
        ),
    ),
    ProblemCode.SPREADSHEET_DAMAGED: CatalogueEntry(
        True,
        N_("This spreadsheet is damaged, or it is none."),
        N_("Nothing was imported. Save it as CSV, or download the bank's XML statement (camt.053)."),
    ),
    ProblemCode.MISSING_HEADING: CatalogueEntry(
        True,
        N_("This table has no heading: its first row is not the names of the columns."),
        N_(
            "Nothing was imported. Say on the upload page what its columns mean, or download the statement again and"
            " import it as the bank gives it, with its first row."
        ),
    ),
    ProblemCode.BAD_CSV: CatalogueEntry(True, N_("The row is damaged: {what}."), _AGAIN),
    ProblemCode.UNKNOWN_ROW_TYPE: CatalogueEntry(True, N_("The row type {kind} is not known."), _ASK_BANK),
    ProblemCode.AMBIGUOUS_AMOUNT: CatalogueEntry(
        True,
        N_("The amount {text} can mean two things, and nothing else in the file decides."),
        N_("Nothing was imported. Export again with another decimal mark, or use the bank's XML statement."),
    ),
    ProblemCode.AMBIGUOUS_DATE: CatalogueEntry(
        True,
        N_("The dates can be read in two ways (day or month first), and no row of the file decides."),
        N_("Nothing was imported. Export again up to a later day of the month: from the 13th on it is certain."),
    ),
    ProblemCode.NET_MISMATCH: CatalogueEntry(
        True, N_("Amount and fee come to {computed}, but the row says {net}."), _AGAIN_OF_PROVIDER
    ),
    ProblemCode.RUNNING_BALANCE_MISMATCH: CatalogueEntry(
        True,
        N_("The balance is {balance} after this row, but the row before leads to {computed}: rows are missing."),
        _AGAIN_OF_PROVIDER,
    ),
    ProblemCode.BAD_CASH_COUNT: CatalogueEntry(
        True,
        N_("This is no cash count as this program wrote it: somebody changed the file, or it is damaged."),
        N_("Nothing was imported. Enter the count again on the page of the cash box."),
    ),
    ProblemCode.MISSING_FIELD: CatalogueEntry(True, N_("{field} is missing."), _ASK_BANK),
    ProblemCode.BAD_AMOUNT: CatalogueEntry(True, N_("The amount cannot be read."), _ASK_BANK),
    ProblemCode.AMOUNT_OUT_OF_RANGE: CatalogueEntry(True, N_("The amount is out of range."), _ASK_BANK),
    ProblemCode.SIGN_CONFLICT: CatalogueEntry(True, N_("Sign and direction of the amount disagree."), _ASK_BANK),
    ProblemCode.BAD_CURRENCY: CatalogueEntry(True, N_("The currency cannot be read."), _ASK_BANK),
    ProblemCode.CURRENCY_MISMATCH: CatalogueEntry(
        True, N_("The line is in {line_currency}, the statement in {statement_currency}."), _ASK_BANK
    ),
    ProblemCode.BAD_DATE: CatalogueEntry(True, N_("The date cannot be used."), _ASK_BANK),
    ProblemCode.DATE_OUTSIDE_PERIOD: CatalogueEntry(
        True, N_("The line is dated {day}, outside the statement ({first} to {last})."), _AGAIN
    ),
    ProblemCode.TEXT_TOO_LONG: CatalogueEntry(
        True, N_("The text is too long for a bank statement ({field})."), _ASK_BANK
    ),
    ProblemCode.NO_STATEMENT: CatalogueEntry(
        True,
        N_("There is no account statement in the file."),
        N_("Nothing was imported. Choose an account and a period."),
    ),
    ProblemCode.UNKNOWN_ACCOUNT: CatalogueEntry(
        True,
        N_("The statement is for account {account}, which is not one of yours."),
        N_("Nothing was imported. If it is yours: donations account add {command}"),
    ),
    ProblemCode.BALANCE_MISMATCH: CatalogueEntry(
        True,
        N_("Opening {opening} + lines {lines} = {computed}, but the file says {closing} (difference {difference})."),
        N_(
            "Nothing was imported. Download the whole period again; if the bank's file really is so, import it with"
            " --accept-imbalance and the reason."
        ),
    ),
    ProblemCode.COUNT_MISMATCH: CatalogueEntry(
        True, N_("The file’s own check fails: {what} should be {announced}, but is {found}."), _AGAIN
    ),
    ProblemCode.CONTRADICTING_BALANCES: CatalogueEntry(
        True,
        N_("The statement has two different {balances}, {one} and {other}, and only one can be true."),
        N_(
            "Nothing was imported. Download the whole period again; if the bank's file really is so, choose another"
            " format there: XML (camt.053) or CSV."
        ),
    ),
    ProblemCode.FORMAT_DIFFERS: CatalogueEntry(False, N_("Read as {format} although the name ends in {suffix}.")),
    ProblemCode.ENCODING_DETECTED: CatalogueEntry(False, N_("Read as {encoding}, although the file says otherwise.")),
    ProblemCode.ZERO_AMOUNT: CatalogueEntry(False, N_("A line of zero moves no money and was left out.")),
    ProblemCode.PENDING_SKIPPED: CatalogueEntry(
        False,
        N_("Entries that the bank has not booked yet were left out: {count}."),
        N_("They will come when the bank has booked them."),
    ),
    ProblemCode.REFERENCE_REUSED: CatalogueEntry(
        False, N_("Different lines carry the same bank reference: {count}."), N_("They were kept apart.")
    ),
    ProblemCode.ROW_REPEATED: CatalogueEntry(
        False,
        N_("The row stands in the file {count} times with the same bank reference; the first time on line {first}."),
        N_("Each was kept as a payment: compare them with the bank."),
    ),
    ProblemCode.CANCELLED_OUT: CatalogueEntry(
        False,
        N_("This line and line {next} take each other back: {amount} in and out on the same day."),
        N_("Compare both with the bank: a payer can write such a pair into a text, and no balance shows it."),
    ),
    ProblemCode.CANNOT_PROVE_WHOLE: CatalogueEntry(
        False,
        N_("This file cannot prove that it is whole: it lacks the balance before its lines or the one after them."),
        N_(
            "A missing line would not be noticed. The bank's XML statement (camt.053) has both; until balances cover"
            " these days, they stay unproven."
        ),
    ),
    ProblemCode.PAYOUT_INCOMPLETE: CatalogueEntry(
        False,
        N_("The payout of {day} was {paid}, but its lines in this file come to {found}."),
        N_(
            "If the payout is of days before this file, the report of those days has the rest. Else a line is missing:"
            " download the report again."
        ),
    ),
    ProblemCode.INTRADAY_REPORT: CatalogueEntry(
        False,
        N_("This is a report of a day that may not be over (camt.052). What is booked in it counts; it proves no day."),
        N_("Import the account statement (camt.053) of the day when it is over. What both show counts once."),
    ),
    ProblemCode.ACCOUNT_SKIPPED: CatalogueEntry(
        False, N_("The file also has a statement of {kind}, which was left out: only bank accounts are kept.")
    ),
    ProblemCode.IDS_SPOILT: CatalogueEntry(
        False,
        N_("Bank references that a spreadsheet program has overwritten: {count}."),
        N_("They were left out. Import the file as the bank gives it, without opening and saving it."),
    ),
    ProblemCode.BATCH_KEPT_WHOLE: CatalogueEntry(
        False, N_("The parts of a batch entry do not add up to {total} ({parts})."), N_("It was kept whole.")
    ),
    ProblemCode.PAGE_MISSING: CatalogueEntry(
        False, N_("This is page {page}, and more pages belong to it."), N_("Import the other pages too.")
    ),
    ProblemCode.BALANCE_UNREADABLE: CatalogueEntry(
        False,
        N_("A balance in the file is empty or cannot be read."),
        N_("Its days stay unproven until a balance covers them."),
    ),
    ProblemCode.PERIOD_WIDENED: CatalogueEntry(
        False,
        N_("Lines outside the stated period ({first} to {last}), which the balances count all the same: {count}."),
        N_("The period was taken from the lines."),
    ),
    ProblemCode.UNDATED_LINES: CatalogueEntry(
        False, N_("Lines without a date of their own: {count}. They are of the statement’s only day, {day}.")
    ),
    ProblemCode.ACCOUNT_UNVERIFIED: CatalogueEntry(
        False,
        N_("The statement's own account {account} fails its check digits."),
        N_("It was imported all the same, under the number as written: compare it with the bank's document."),
    ),
    ProblemCode.IMBALANCE_ACCEPTED: CatalogueEntry(
        False,
        N_("Opening {opening} + lines {lines} = {computed}, but the file says {closing} (difference {difference})."),
        N_("Imported all the same, with the reason given."),
    ),
    ProblemCode.ANSWERS_LOST: CatalogueEntry(
        False,
        N_("Answers taken back, because the file shows their payments as something else: {count}."),
        N_("See: donations questions"),
    ),
    ProblemCode.DONORS_JOINED: CatalogueEntry(
        False,
        N_("Donors who turned out to be one with another, because the bank’s lines say so: {count}."),
        N_("No gift was changed. Each page of a donor says who is the same, and they can be taken apart there."),
    ),
    ProblemCode.DONORS_PARTED: CatalogueEntry(
        False,
        N_("Donors who stand for themselves again, because no line says any more that they are one: {count}."),
        N_("What may be anybody’s is asked; all else stays as it was. If they are one: donations donors merge"),
    ),
    ProblemCode.FORGOTTEN_JOINED: CatalogueEntry(
        False,
        N_("Donors who turned out to be somebody who asked to be forgotten: {count}."),
        N_("Their names are out of sight now. On the donor’s page you say whether the rest is to be destroyed."),
    ),
    ProblemCode.FORGOTTEN_GAVE: CatalogueEntry(
        False,
        N_("Somebody who asked to be forgotten gave again; such gifts: {count}."),
        N_("They are counted under the donor’s number, and no name is shown. The first page names the number once."),
    ),
    ProblemCode.OVERLAP_CONFLICT: CatalogueEntry(
        False,
        N_("Lines whose bank reference has another amount or day in an earlier import: {count}."),
        N_("Both are kept apart; see: donations questions"),
    ),
    ProblemCode.ORPHANS: CatalogueEntry(
        False,
        N_("Known payments of these days that the statement does not show: {count}."),
        N_("See: donations questions"),
    ),
    ProblemCode.CORRECTED: CatalogueEntry(
        False,
        N_("Known payments that this statement shows with another payer or reference: {count}. One of both counts."),
        N_("Look at them, for a gift may have another donor now."),
    ),
    ProblemCode.OTHER_SPLIT: CatalogueEntry(
        False,
        N_("Payments of a batch that another file splits differently: {count}. Only one split counts."),
        N_("Look at them, for a gift may have another donor or amount now."),
    ),
    ProblemCode.GAP: CatalogueEntry(
        False, N_("No statement covers {first} to {last}."), N_("Download these days too.")
    ),
}
