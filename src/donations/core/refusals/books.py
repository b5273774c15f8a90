"""Refusals of what the books are about: the organisation, accounts, appeals, imports, months, papers, publishing."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import NOTHING_TO_DO, RefusalCode
from donations.core.refusal import RefusalKind as Kind


class BooksCode(RefusalCode):
    """What is refused of acts on the books."""

    ORGANISATION_UNNAMED = (
        Kind.CONFLICT,
        N_("Nobody has said yet what your organisation is called."),
        N_("Say it in the settings of the association, and then do this again."),
    )
    ORGANISATION_DIFFERS = (
        Kind.CONFLICT,
        N_("The settings of the program call your organisation otherwise than these books do."),
        N_("If it is called otherwise now, say so in the settings of the association; else mend those of the program."),
    )

    BAD_LISTED_DAYS = (
        Kind.WRONG_INPUT,
        N_("These days on the tax board’s list cannot be."),
        N_("Write the first day, and the last one only where you are not on the list any more."),
    )
    BAD_CONTACT = (
        Kind.WRONG_INPUT,
        N_("The contact cannot be used."),
        N_(
            "Write an e-mail address such as info@example.org; for security an e-mail address, or a page whose address "
            "begins with https://."
        ),
    )
    BAD_WEB_ADDRESS = (
        Kind.WRONG_INPUT,
        N_("The web address cannot be used."),
        N_("Write it whole, such as https://example.org/about, with at most 200 characters."),
    )
    BAD_PHONE_SHOWN = (
        Kind.WRONG_INPUT,
        N_("The phone number cannot be used."),
        N_("Write digits, such as +372 5555 5555."),
    )
    BAD_COLOUR = (
        Kind.WRONG_INPUT,
        N_("The colour cannot be read."),
        N_("Write it with # and six signs, such as #1c6b50."),
    )
    BAD_LOGO = (
        Kind.WRONG_INPUT,
        N_("This picture cannot be the logo."),
        N_("Take a PNG, JPEG or WebP of at most 200 kB and a million pixels (such as 1000 × 1000)."),
    )
    NAMES_NEVER_SHOWN = (
        Kind.CONFLICT,
        N_("Where gifts tell beliefs, no donor’s name is shown in public."),
        N_("Nothing was kept. Thank the donor in another way."),
    )

    # Own accounts and their days
    UNKNOWN_ACCOUNT = (
        Kind.ABSENT,
        N_("There is no such own account."),
        N_("Look for it among your accounts in the settings."),
    )
    IBAN_INVALID = (
        Kind.WRONG_INPUT,
        N_("The check digits of this IBAN are wrong."),
        N_("Compare it with the bank’s document."),
    )
    BAD_CURRENCY = (Kind.WRONG_INPUT, N_("The currency cannot be read."), N_("Write it with three letters, like EUR."))
    ALREADY_REGISTERED = Kind.CONFLICT, N_("This account is registered already."), NOTHING_TO_DO
    MOVED_BEFORE = (
        Kind.CONFLICT,
        N_("A payment of {day} is older."),
        N_("Let the account begin on that day or before."),
    )
    MOVED_AFTER = (Kind.CONFLICT, N_("A payment of {day} is younger."), N_("Let the account end on that day or later."))
    DAY_NOT_OVER = (Kind.WRONG_INPUT, N_("{day} is not over yet."), N_("An account ends with a day that is over."))
    BALANCE_LEFT = (
        Kind.CONFLICT,
        N_("The account still holds {amount}."),
        N_("Import the statement with the transfer out, or say which account it became."),
    )
    BECAME_ITSELF = (
        Kind.WRONG_INPUT,
        N_("An account becomes another one, not itself."),
        N_("Name the account that the bank made of it."),
    )
    ENDS_BEFORE_IT_BEGINS = Kind.WRONG_INPUT, N_("An account ends after it began."), N_("Choose another day.")
    NOT_ENDED = Kind.CONFLICT, N_("The account was not ended."), NOTHING_TO_DO
    NOT_QUIET = (
        Kind.CONFLICT,
        N_("Only days that no statement covers can be confirmed, between two balances of the bank that agree."),
        N_("Look at the coverage: it says what is known of these days."),
    )
    NOT_CONFIRMED = Kind.CONFLICT, N_("Nobody confirmed these days."), NOTHING_TO_DO
    NO_BALANCE = Kind.CONFLICT, N_("No balance of that day was entered."), NOTHING_TO_DO
    BAD_BALANCE = (
        Kind.WRONG_INPUT,
        N_("The balance cannot be read."),
        N_("Write it as the bank shows it, for example 1 234,56; with a minus before it where you owe the bank."),
    )
    BALANCE_TOO_EARLY = (
        Kind.WRONG_INPUT,
        N_("That day is not over yet."),
        N_("Enter the balance at the end of yesterday, or of an earlier day."),
    )

    # Views of the ledger
    TOO_MANY_VIEWS = (
        Kind.CONFLICT,
        N_("You keep {limit} views, which is as many as there can be."),
        N_("Remove one first."),
    )
    VIEW_NAME_TAKEN = Kind.CONFLICT, N_("Another view has this name."), N_("Choose another name.")

    # Appeals and what names them
    UNKNOWN_APPEAL = Kind.ABSENT, N_("There is no such appeal."), N_("Choose one from the list.")
    APPEAL_NAME_TAKEN = (Kind.CONFLICT, N_("There is an appeal named “{appeal}” already."), N_("Choose another name."))
    NAME_NEEDED = Kind.WRONG_INPUT, N_("It has no name."), N_("Give it a name.")
    NAME_TAKEN = (
        Kind.CONFLICT,
        N_("“{word}” belongs to the appeal “{appeal}” already."),
        N_("Choose another word or number."),
    )
    KEYWORD_NEEDED = (
        Kind.WRONG_INPUT,
        N_("There is no keyword in it."),
        N_("Write at least one keyword or reference number."),
    )
    BAD_KEYWORD = (
        Kind.WRONG_INPUT,
        N_("“{word}” is no keyword."),
        N_("A keyword begins with a letter or digit and has at least 3 letters."),
    )
    BAD_REFERENCE = (
        Kind.WRONG_INPUT,
        N_("“{word}” is no reference number: its check digit is wrong."),
        N_("Compare it with the bank’s document."),
    )
    UNKNOWN_KEYWORD = Kind.ABSENT, N_("There is no keyword “{word}”."), N_("Look for it in the list of appeals.")
    FORM_NEEDED = (
        Kind.WRONG_INPUT,
        N_("There is no form of the keyword in it."),
        N_("Write at least one form of the keyword."),
    )

    # Imports
    UNKNOWN_IMPORT = Kind.ABSENT, N_("There is no such import."), N_("Look for it in the list of imports.")
    NOTHING_TO_UNDO = Kind.CONFLICT, N_("This import was taken back already."), NOTHING_TO_DO
    FILE_LET_GO = (
        Kind.CONFLICT,
        N_("This file was destroyed when no law asked for it any more."),
        N_("Its payments and balances stay in the books."),
    )

    # Days and months
    BAD_DAY = Kind.WRONG_INPUT, N_("That is no day."), N_("Write it like 2026-10-31 or 31.10.2026.")
    BAD_MONTH = Kind.WRONG_INPUT, N_("That is no month."), N_("Write it like 2026-10.")
    CANNOT_CLOSE = (
        Kind.CONFLICT,
        N_("The month cannot be closed now."),
        N_("Look at its page: it says what comes first."),
    )
    REASON_NEEDED = (
        Kind.CONFLICT,
        N_("Closing is blocked, and no reason was given."),
        N_("Say why it is done all the same."),
    )
    REASON_NEEDS_NUMBER = (
        Kind.WRONG_INPUT,
        N_("{count} things are in the way, and it is not said which one a reason is for."),
        N_("Write --reason 1=TEXT for each, with the numbers of: donations month show"),
    )
    NOT_CLOSED = Kind.CONFLICT, N_("The month is not closed."), N_("There is nothing to open again.")
    NOT_NEWEST = (
        Kind.CONFLICT,
        N_("Only the newest closed month can be opened again."),
        N_("What comes to an older one is listed there as a correction."),
    )

    # Publishing
    BOOKS_BROKEN = (
        Kind.CONFLICT,
        N_("A check of the books does not hold, so nothing was published: {checks}."),
        N_("Run donations check on the computer that runs the program: it names what is wrong and where."),
    )
    NOTHING_NEW = (
        Kind.CONFLICT,
        N_("The public sees everything already that may be shown."),
        N_("Close more months first."),
    )
    NOTHING_PUBLISHED = (
        Kind.ABSENT,
        N_("Nothing is published yet."),
        N_("Come back when the first months are published."),
    )
    BELIEFS_ASKED = (
        Kind.WRONG_INPUT,
        N_("Where gifts tell beliefs, nobody is answered by account number."),
        N_("Choose only one of the two. Givers can always ask by a code of their own."),
    )
    BAD_PAYEE = (
        Kind.WRONG_INPUT,
        N_("The payee’s name cannot be used."),
        N_("It has at most 70 characters on one line, as banks take it."),
    )
    ACCOUNT_IN_TEXT = (
        Kind.CONFLICT,
        N_("Another account than the one that gifts are asked to would be published within a text: “{word}”."),
        N_("Take it out of the text. To which account gifts are asked stands in the terms of publishing."),
    )
    BAD_GOAL = (
        Kind.WRONG_INPUT,
        N_("The goal cannot be read."),
        N_("Write euros, for example 20000 or 20000,00, and the day it counts from."),
    )
    BAD_SPENDING_DAY = (
        Kind.WRONG_INPUT,
        N_("The day cannot be read."),
        N_("Write the first day of a month, for example 2026-01-01."),
    )
    BAD_RULES = (
        Kind.WRONG_INPUT,
        N_("Fewer donors or another percentage would show too much."),
        N_("At least 10 donors, and a percentage from 15 to 50."),
    )
    PUBLIC_FIGURES_BROKEN = (
        Kind.CONFLICT,
        N_("The published figures do not hold: {what}."),
        N_("Ask whoever published them, and keep the file."),
    )
    NOT_PUBLIC_FIGURES = (
        Kind.WRONG_INPUT,
        N_("That is no transparency.json."),
        N_("Name the file, or the address of the public page."),
    )
    CANNOT_READ = (
        Kind.WRONG_INPUT,
        N_("It cannot be read ({cause})."),
        N_("Name a file, an https address, or an address of this computer."),
    )

    # Spending
    UNKNOWN_CATEGORY = Kind.ABSENT, N_("There is no such category."), N_("Choose one from the list.")
    CATEGORY_NAME_TAKEN = Kind.CONFLICT, N_("There is a category of that name already."), N_("Choose another name.")

    # Reports, papers and the log
    UNKNOWN_REPORT = (Kind.WRONG_INPUT, N_("There is no such report."), N_("There are: {reports}."))
    UNKNOWN_CHECK = Kind.WRONG_INPUT, N_("There is no such check."), N_("There are: {checks}.")
    CHECK_OR_REJUDGE = (
        Kind.WRONG_INPUT,
        N_("Checks were named, and all was to be judged again."),
        N_("Name checks, or ask for --rejudge, which looks at all."),
    )
    OUTPUT_NEEDED = (
        Kind.WRONG_INPUT,
        N_("A format and a file belong together."),
        N_("Name both: --format FORMAT --output FILE."),
    )
    PERIOD_TWICE = (
        Kind.WRONG_INPUT,
        N_("The days are said in more than one way."),
        N_("Name a year, a month, or the first and the last day."),
    )
    TOO_LONG_FOR_PAPER = (
        Kind.WRONG_INPUT,
        N_("This report is too long for a PDF."),
        N_("Choose fewer days, or take it as XLSX or CSV, which hold all of it."),
    )
    YEAR_NOT_FINAL = (
        Kind.CONFLICT,
        N_("Certificates are issued once the year is over and all its months are closed."),
        N_("Close the months that are still open first."),
    )
    NOTHING_TO_ISSUE = (
        Kind.CONFLICT,
        N_("No certificates to issue."),
        N_("Look at the list: it was issued already, or it says what is in the way."),
    )
    UNKNOWN_CERTIFICATE = (
        Kind.ABSENT,
        N_("There is no such certificate."),
        N_("Look for it in the list of certificates."),
    )
    NOTHING_TO_WRITE = (Kind.CONFLICT, N_("No certificate of that year stands."), N_("Issue them first."))
    NOTHING_TO_LIST = (Kind.CONFLICT, N_("Nobody can be listed for that year."), N_("Look at the list: it says why."))
    NOT_FOR_MERIT = (
        Kind.CONFLICT,
        N_("Merit takes account numbers of at most 8 signs and project codes of at most 20; one is missing or longer."),
        N_("Write the numbers of your accountant under Account numbers on the page of the journal."),
    )
    CASH_COUNTERS = (
        Kind.WRONG_INPUT,
        N_("Two different people count the cash box."),
        N_("Write the names of both."),
    )
    CASH_DAYS = (
        Kind.WRONG_INPUT,
        N_("A day of this count cannot be."),
        N_(
            "It is counted at the end of a day after the last count and not later than today; what came and went is of"
            " the days between."
        ),
    )
    CASH_MISCOUNT = (
        Kind.CONFLICT,
        N_("{counted} was counted, but there should be {expected}: the difference is {difference}."),
        N_(
            "Count again, or write what is missing below. If it stays so, say that you want to go on all the same: you"
            " are asked why."
        ),
    )
    CASH_PIECES = (
        Kind.WRONG_INPUT,
        N_("The coins and notes do not come to the counted sum."),
        N_("Count them again, and write their numbers as whole numbers or leave all of them out."),
    )
    LOG_BROKEN = (
        Kind.CONFLICT,
        N_("The log does not hold: {what}."),
        N_("Keep a copy of the books as they are, and find out who could write to them."),
    )
    BAD_HEAD = (Kind.WRONG_INPUT, N_("That is no head of the log."), N_("Write it as it was shown: NUMBER:SHA256."))
