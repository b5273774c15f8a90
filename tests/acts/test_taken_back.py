"""A payer's text that closes its tag and writes a gift and its way back: no balance shows it, so a person is asked."""

from __future__ import annotations

from sqlalchemy import Engine
from tests.book import JAAN, NOW, OWN, Book, gift, statement
from tests.readers import ofx_sample

from donations.acts.asking import review
from donations.acts.importing import FileResult, take
from donations.acts.reading_files import Terms
from donations.core.statement import GivenFile
from donations.matching.outcome import Ask, AskReason
from donations.store.session import reading

TERMS = Terms(by="t", now=NOW, add_accounts=True)


def written(amount: str, name: str) -> str:
    """Return a line; money out goes to nobody who could have paid it in."""
    payee = "" if amount.startswith("-") else f"<BANKACCTTO><BANKID>X</BANKID><ACCTID>{JAAN}</ACCTID></BANKACCTTO>"
    return f"<STMTTRN><DTPOSTED>20260114<TRNAMT>{amount}<FITID>{name}<NAME>Jaan Tamm{payee}<MEMO>Annetus</STMTTRN>"


def take_ofx(engine: Engine, memo: str) -> FileResult:
    account = f"<BANKACCTFROM><BANKID>X</BANKID><ACCTID>{OWN}</ACCTID></BANKACCTFROM>"
    lines = f"<STMTTRN><DTPOSTED>20260114<TRNAMT>5.00<FITID>F9<NAME>Juhan Juurikas<MEMO>{memo}</STMTTRN>\n"
    content = ofx_sample.ofx(ofx_sample.statement(lines, account=account))
    return take(engine, GivenFile(name="a.ofx", content=content), TERMS)


def asked(engine: Engine) -> list[tuple[int, AskReason]]:
    with reading(engine) as session:
        return [
            (each.payment.money.signed_minor, each.outcome.why)
            for each in review(session).questions
            if isinstance(each.outcome, Ask)
        ]


def made_up(*lines: str) -> str:
    """Return a text that ends its own line, with others behind it, the last of which the file's own tag ends."""
    return f"Annetus</STMTTRN>{''.join(lines)}".removesuffix("</STMTTRN>")


def test_a_made_up_gift_with_its_way_back_is_asked_about(book: Book) -> None:
    taken = take_ofx(book.engine, made_up(written("9999.00", "X1"), written("-9999.00", "X2")))
    assert [each.lines for each in taken.statements] == [3]
    assert taken.gifts == 0
    assert (999_900, AskReason.TAKEN_BACK) in asked(book.engine)


def test_a_gift_that_a_safer_file_shows_too_is_one(book: Book) -> None:
    take_ofx(book.engine, made_up(written("9.00", "X1"), written("-9.00", "X2")))
    book.take(statement("01-01", "01-31", gift("01-14", 900, "Jaan Tamm", JAAN), opening=10_000))
    assert (900, AskReason.TAKEN_BACK) not in asked(book.engine)


def test_two_that_stand_apart_are_what_they_say(book: Book) -> None:
    apart = made_up(written("9.00", "X1"), written("1.00", "X3"), written("-9.00", "X2"))
    assert take_ofx(book.engine, apart).gifts == 2
