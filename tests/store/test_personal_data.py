"""Everything personal is declared: no column comes in that erasing, the letter or a preview does not know of."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields

from donations.store.as_kept import is_sealed_column
from donations.store.donors.forgetting import AT_ONCE, WHEN_DUE, Traces, WordsDestroyed
from donations.store.donors.subject_access import SubjectAccess
from donations.store.personal_data import BOOKED, HANGING, IMPERSONAL, PERSONAL, STRUCTURE, ErasureMethod, tables_going
from donations.store.tables import metadata

NAMING = [column for entry in PERSONAL for column in entry.columns]
NOT_NAMING = [column for columns in IMPERSONAL.values() for column in columns]


def test_every_text_is_declared_once() -> None:
    texts = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.type.python_type in {str, bytes}
    }
    declared = Counter([*NAMING, *NOT_NAMING])
    assert sorted(texts - declared.keys()) == [], "say in store/personal_data.py what it is and how it goes"
    assert [column for column, times in declared.items() if times > 1] == []


SEALED_OTHERWISE = {
    *("payer.digest", "wording.digest", "line_code.digest", "stranger_asked.subject"),  # keyed hashes
    *("payer.bic", "line_detail.bic"),  # of a bank
    *("job_piece.content", "idempotency_key.answer"),  # by the key of the host itself
}


def test_all_that_names_somebody_is_sealed() -> None:
    columns = {f"{table.name}.{column.name}": column for table in metadata.sorted_tables for column in table.columns}
    open_ = {name for name in NAMING if not is_sealed_column(columns[name].type)}
    assert open_ == SEALED_OTHERWISE
    assert {name for name, column in columns.items() if is_sealed_column(column.type)} - {*NAMING} == {
        "mail_server.password",
        *("webhook.url", "webhook.secret"),
        "digest_address.address",  # of the association’s own people
        "decision.evidence",  # what a rule read in a text
        *("statement_line.ids", "statement_line.return_reason"),  # what payers mark payments by, and banks say of them
    }


def test_whatever_points_at_a_donor_is_declared_once() -> None:
    pointing = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "donor" for key in column.foreign_keys)
    }
    assert Counter([*HANGING, *BOOKED, *STRUCTURE]) == Counter(pointing)


def test_everything_personal_goes_in_a_way_that_is_done() -> None:
    by_themselves = {ErasureMethod.NAME_TAKEN_OUT, ErasureMethod.EXPIRES}
    assert {entry.goes for entry in PERSONAL} == set(ErasureMethod)
    assert {*AT_ONCE.values(), *WHEN_DUE.values()} == set(ErasureMethod) - by_themselves
    assert {*AT_ONCE} == {each.name for each in fields(WordsDestroyed)}
    assert {*WHEN_DUE} == {each.name for each in fields(Traces)}


def test_everything_personal_is_in_the_letter_or_it_is_said_why_not() -> None:
    parts = {each.name for each in fields(SubjectAccess)}
    assert {entry.letter for entry in PERSONAL if entry.letter} <= parts
    assert [entry for entry in PERSONAL if bool(entry.letter) is bool(entry.why_not)] == []


def test_what_is_swept_are_tables() -> None:
    assert {"donor", "payer", "wording", "audit_detail"} <= set(tables_going(*ErasureMethod)) <= metadata.tables.keys()
