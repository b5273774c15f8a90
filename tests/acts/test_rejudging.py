"""Books of an older program: what newer readers and rules make of them, shown first and then done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text, update
from sqlmodel import col, select
from tests.acts.test_importing import MONTH, SAME_MONTH, STATEMENTS, TERMS
from tests.book import NOW, Book

from donations.acts.importing import take
from donations.acts.rejudging import Renewal, renew
from donations.core.payment import Payment, Purpose
from donations.core.statement import GivenFile
from donations.matching.judge import Judge
from donations.matching.outcome import NotAGift, Outcome, OutcomeCause, Reason
from donations.readers import Limits
from donations.reports.checking import check
from donations.reports.dump import dump
from donations.store.session import reading, table_of, writing
from donations.store.statements import wordings
from donations.store.statements.files import changes_allowed
from donations.store.statements.lines import lines_query
from donations.store.statements.wordings import erase_code, erase_wordings
from donations.store.tables import PayerRow, StatementLineRow, StatementRow, WordingRow


def renewed(engine: Engine, *, keep: bool = True) -> Renewal:
    with writing(engine, keep=keep) as session:
        return renew(session, limits=Limits(), by="upgrade", now=NOW)


def facts(engine: Engine) -> list[object]:
    tables = ("statement", "stated_balance", "attestation", "unshown_payment")
    with reading(engine) as session:
        rows = [session.execute(text(f"SELECT * FROM {each} ORDER BY 1, 2")).all() for each in tables]  # noqa: S608
        return [*rows, session.execute(lines_query().order_by(table_of(StatementLineRow).c.id)).all()]


def test_what_an_older_reader_passed_over_is_filled_in_and_nothing_else_changes(engine: Engine) -> None:
    for file in (MONTH, SAME_MONTH):
        take(engine, file, TERMS)
    known = facts(engine)
    with writing(engine) as session, changes_allowed(session, ("statement", "statement_line")):
        session.execute(update(StatementRow).values(made_at=None, ends_at=None, owner=""))
        session.execute(update(StatementLineRow).values(value_date=None, ids=""))
        for row in (*session.exec(select(PayerRow)), *session.exec(select(WordingRow))):
            row.digest = b"%d" % row.id  # as if they had read otherwise
        session.flush()
        session.execute(update(PayerRow).values(bic=""))
    assert facts(engine) != known
    found = renewed(engine)
    assert (found.files, found.otherwise, found.came, found.went) == (2, (), 0, 0)
    assert facts(engine) == known
    with reading(engine) as reader:
        assert not check(reader).broken


def test_payments_are_judged_by_the_rules_of_today_and_answers_stay(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def old(_: Judge, payment: Payment) -> Outcome:
        purpose = Purpose.INCOME if payment.money.signed_minor > 0 else Purpose.COST
        return NotAGift(purpose=purpose, reason=Reason(rule="old/1", code=OutcomeCause.OWN_ACCOUNT))

    with monkeypatch.context() as older:
        older.setattr(Judge, "judge", old)
        take(engine, MONTH, TERMS)
    book = Book(engine)
    before = book.ledger()
    shown = renewed(engine, keep=False)
    assert (shown.change.became_gifts, len(shown.payments)) == (7, 11)
    assert book.ledger() == before, "a preview changes nothing"
    assert renewed(engine) == shown
    with reading(engine) as session:
        assert dump(session).count(b'"purpose":"gift"') == 7
    again = renewed(engine)
    assert replace(again, questions_before=0) == replace(
        shown, questions_before=0, payments=(), change=again.change, closed=()
    )
    assert again.change.became_gifts == 0


def test_a_text_that_was_erased_stays_erased(engine: Engine) -> None:
    take(engine, MONTH, TERMS)
    with writing(engine) as session:
        erase_wordings(session, [1])
    renewed(engine)
    with reading(engine) as session:
        assert session.get_one(StatementLineRow, 1).wording_id is None
        assert session.get_one(StatementLineRow, 2).wording_id is not None


APRIL = GivenFile(name="april.csv", content=(STATEMENTS / "lhv-2026-04-english.csv").read_bytes())
TYPED = "41111114143"
"""A code that a payer wrote into a text of April."""


def typed(engine: Engine) -> list[tuple[str, str]]:
    query = select(col(WordingRow.text), col(WordingRow.claimed_code))
    with reading(engine) as session:
        return sorted((text, code) for text, code in session.exec(query) if text.startswith("Annetus "))


def test_a_code_that_was_erased_from_a_text_stays_erased(engine: Engine) -> None:
    take(engine, APRIL, TERMS)
    assert typed(engine) == [(f"Annetus {TYPED}", TYPED)]
    with writing(engine) as session:
        erase_code(session, TYPED)
    renewed(engine)
    assert typed(engine) == [("Annetus ", "")]


def test_a_code_that_an_older_program_did_not_see_in_a_text_is_seen(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(wordings, "claimed_code", lambda *_, **__: None)
        take(engine, APRIL, TERMS)
    assert typed(engine) == [(f"Annetus {TYPED}", "")]
    renewed(engine)
    assert typed(engine) == [(f"Annetus {TYPED}", TYPED)]


def test_the_database_refuses_changes_again_afterwards(engine: Engine) -> None:
    take(engine, MONTH, TERMS)
    renewed(engine)
    with pytest.raises(Exception, match="append_only"), writing(engine) as session:
        session.execute(update(StatementRow).values(owner="Somebody"))
