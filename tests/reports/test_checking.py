"""The checks run on real books: sound ones pass, and damage done behind the program's back is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Update, text, update
from tests.book import Book, gift, line, statement

from donations.acts.offering import Answer
from donations.core.language import Language
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.core.statement import IdScheme, bank_ids
from donations.reports.checking import NAMES, RULES_REPEATABLE, Checked, check
from donations.store.reporting import unguarded
from donations.store.session import ReadSession
from donations.store.statements.imports import original
from donations.store.tables import APPEND_ONLY, WordingRow
from donations.views.language import gettext, speaking
from donations.views.phrases import PLAIN


def test_sound_books_pass_every_check(quarter: Book) -> None:
    checked = _check(quarter)

    assert checked.exit_status == 0
    assert [row[:2] for row in checked.table.rows] == [(name, "holds") for name in NAMES]


def test_a_batch_that_another_file_shows_as_its_total_is_sound(book: Book) -> None:
    parts = (gift("01-05", 400), gift("01-05", 600))
    batch = line("01-05", 1000, parts=parts, ids=bank_ids((IdScheme.ACCOUNT_SERVICER, "2026010500001")))
    book.take(statement("01-01", "01-31", batch, opening=0))
    book.take(statement("01-01", "01-31", line("01-05", 1000, ids=batch.ids), opening=0))

    assert not _check(book).broken


def test_answered_undone_and_answered_again_stays_sound(quarter: Book) -> None:
    income = Answer(purpose=Purpose.INCOME, reason="a sale")
    quarter.answer(quarter.payment("01-20", 2500), income)
    quarter.undo(1)
    quarter.answer(quarter.payment("02-10", 1500), income)

    assert not _check(quarter).broken


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_every_append_only_table_refuses_changes_and_a_missing_trigger_is_told(quarter: Book, table: str) -> None:
    with quarter.trying() as session:
        assert unguarded(session) == ()
        _drop_guard(session, table, verb="delete")

        assert (table, "delete") in unguarded(session)
        assert check(session, ["append_only"]).exit_status == 1


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("source_kept", "UPDATE source_document SET content = substr(content, 2)"),
        ("statement_lines_complete", "DELETE FROM attestation WHERE payment_id = 1"),
        ("no_payment_without_line", "DELETE FROM attestation WHERE payment_id = 1"),
        ("statement_lines_complete", "UPDATE payment SET minor = 1001 WHERE id = 1"),
        ("one_line_per_statement", "UPDATE attestation SET payment_id = 1 WHERE payment_id = 2"),
        ("balances_chain", "UPDATE statement SET closing_minor = closing_minor + 1 WHERE id = 1"),
        ("allocations_within_payment", "UPDATE allocation SET minor = 1001 WHERE id = 1"),
        ("movement_conserved", "UPDATE allocation SET currency = 'USD' WHERE id = 1"),
        ("purposes_fit", "UPDATE payment SET minor = -minor WHERE id = 1"),
        ("gift_has_cause", "UPDATE decision SET evidence = '' WHERE id = 1"),
        ("gift_has_cause", "UPDATE payer SET account = ''"),
        ("merges_stand", "UPDATE donor SET merged_into_id = 3 WHERE id = 2"),
        ("rules_repeatable", update(WordingRow).values(text="arve")),
        ("rules_repeatable", "DELETE FROM keyword"),
    ],
)
def test_damage_is_told(quarter: Book, name: str, damage: str | Update) -> None:
    with quarter.trying() as session:
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                _drop_guard(session, table, verb=verb)
        session.execute(text(damage) if isinstance(damage, str) else damage)
        checked = check(session, [name])

    assert checked.broken == {name}
    assert checked.exit_status == 1
    assert {row[1] for row in checked.table.rows} == {"broken"}


def test_a_file_that_was_changed_is_told_and_given_to_nobody(quarter: Book) -> None:
    with quarter.trying() as session:
        _drop_guard(session, "source_document", verb="update")
        session.execute(text("UPDATE source_document SET content = substr(content, 2)"))
        (kept, *_) = session.execute(text("SELECT sha256 FROM source_document")).scalars().all()
        with pytest.raises(Refusal, match="broken_seal"):
            original(session, kept)
        assert check(session, ["source_kept"]).broken == {"source_kept"}


def test_what_is_wrong_is_said_in_the_readers_language(quarter: Book) -> None:
    with quarter.trying() as session:
        _drop_guard(session, "payment", verb="delete")
        table = check(session, ["append_only", "integers"]).table
    assert ("table payment", "nothing refuses delete") in [
        row[2:] for row in table.rows
    ]  # PostgreSQL has one guard for both
    assert table.rows[-1][2:] == (None, "Money is whole minor units everywhere.")
    with speaking(Language.ESTONIAN):
        spoken = table.translated(replace(PLAIN, translate=gettext))
    assert ("tabel payment", "miski ei keela: delete") in [row[2:] for row in spoken.rows]
    assert spoken.rows[-1][2:] == (None, "Raha on kõikjal täisarv sente.")


def test_erased_texts_break_no_check_but_the_one_that_judges_again(quarter: Book) -> None:
    with quarter.trying() as session:
        session.execute(text("UPDATE statement_line SET wording_id = NULL"))

        assert check(session).broken == {RULES_REPEATABLE}


def test_only_the_checks_that_were_named_are_run(quarter: Book) -> None:
    assert [row[0] for row in _check(quarter, ["twins_counted", "integers"]).table.rows] == [
        "integers",
        "twins_counted",
    ]


def test_a_name_that_is_no_check_is_refused(book: Book) -> None:
    with pytest.raises(Refusal, match="unknown_check") as refused:
        _check(book, ["balance"])
    assert str(refused.value.facts["checks"]).startswith("source_kept, ")


def _check(book: Book, names: Sequence[str] = ()) -> Checked:
    with book.reading() as session:
        return check(session, names)


def _drop_guard(session: ReadSession, table: str, *, verb: str) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"DROP TRIGGER {table}_refuses_{verb}"))
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
