"""What lines say of people is kept once, goes with the last line that says it, and takes nobody else's along."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col
from tests.book import JAAN, MARI, Book, gift, line, statement

from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, reading, writing
from donations.store.statements.wordings import erase_code, erase_wordings
from donations.store.tables import PayerRow, WordingRow

AINO = "49403136526"


def counts(session: ReadSession) -> tuple[int | None, int | None]:
    return tuple(session.scalar(select(func.count()).select_from(row)) for row in (PayerRow, WordingRow))  # type: ignore[return-value]


def said(session: ReadSession) -> list[tuple[int, str, str]]:
    query = select(line_texts.c.line_id, line_texts.c.name, line_texts.c.text).order_by(line_texts.c.line_id)
    return [(row.line_id, row.name, row.text) for row in session.execute(query)]


def test_each_payer_and_each_wording_of_a_payer_is_one_row_whatever_file_it_comes_in(book: Book) -> None:
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 500, "Mari Mets", MARI),
            gift("01-06", 700, "Mari Mets", MARI),
            gift("01-07", 700, "Jaan Tamm", JAAN),  # the same words, but another's
            line("01-08", 700, "Jaan Tamm", JAAN, "palk"),
        )
    )
    book.take(statement("02-01", "02-28", gift("02-05", 500, "Mari Mets", MARI)))
    with reading(book.engine) as session:
        assert counts(session) == (2, 3)
        names = [name for _, name, _ in said(session)]
    assert names == ["Mari Mets", "Mari Mets", "Jaan Tamm", "Jaan Tamm", "Mari Mets"]


def test_a_wording_goes_with_the_last_line_that_says_it(book: Book) -> None:
    lines = [gift(f"01-0{day}", 500, "Mari Mets", MARI) for day in (5, 6)]
    book.take(statement("01-01", "01-31", *lines, gift("01-07", 500, "Jaan Tamm", JAAN)))
    with writing(book.engine) as session:
        erase_wordings(session, [1])
    with reading(book.engine) as session:
        assert [each for each, _, _ in said(session)] == [2, 3]
        assert counts(session) == (2, 2)
    with writing(book.engine) as session:
        erase_wordings(session, [1, 2])
    with reading(book.engine) as session:
        assert [each for each, _, _ in said(session)] == [3]
        assert counts(session) == (1, 1)


def test_who_writes_again_after_it_was_erased_is_kept_anew(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Mari Mets", MARI)))
    with writing(book.engine) as session:
        erase_wordings(session, [1])
    book.take(statement("02-01", "02-28", gift("02-05", 500, "Mari Mets", MARI)))
    with reading(book.engine) as session:
        assert [(each, name) for each, name, _ in said(session)] == [(2, "Mari Mets")]


def test_a_code_that_was_taken_out_of_a_text_does_not_come_back_into_it(book: Book) -> None:
    written = line("01-05", 500, "Mari Mets", MARI, f"annetus {AINO}")
    book.take(statement("01-01", "01-31", written))
    with writing(book.engine) as session:
        erase_code(session, AINO)
    book.take(statement("02-01", "02-28", line("02-05", 500, "Mari Mets", MARI, f"annetus {AINO}")))
    with reading(book.engine) as session:
        assert [text for _, _, text in said(session)] == ["annetus ", f"annetus {AINO}"]
        assert session.scalars(select(col(WordingRow.claimed_code)).order_by(col(WordingRow.id))).all() == ["", AINO]
