"""Many rows go in as they are on both databases, whatever letters and bytes they are of, or none of them."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from donations.core.refusal import Refusal
from donations.store.appending import append
from donations.store.session import reading, writing
from donations.store.tables import AppealRow, DecisionRow, PayerRow

ODD = [
    "\\N",
    "\\.",
    "\\",
    "a\tb",
    "a\nb",
    "\r\n",
    "\b\f\v",
    "%s",
    "$1",
    "?",
    "'",
    '"',
    "{a,NULL}",
    "",
    "õ\u2028🎁",
    "NULL",
]


def test_many_rows_are_kept_letter_for_letter_and_byte_for_byte(engine: Engine) -> None:
    rows = [
        {
            "id": number,
            "digest": bytes(range(number, number + 16)),
            **dict.fromkeys(("name", "account", "code", "on_behalf_of", "bic"), ODD[number % len(ODD)]),
        }
        for number in range(1, 241)
    ]
    reasons = [
        {"id": number, "digest": None, "rule": None, "person": text, "reason": text, "evidence": text}
        for number, text in enumerate(ODD * 2, 1)
    ]
    with writing(engine) as session:
        append(session, PayerRow, iter(rows))
        append(session, DecisionRow, iter(reasons))
    with reading(engine) as session:
        assert [each.model_dump() for each in session.exec(select(PayerRow).order_by("id"))] == rows
        assert [each.model_dump() for each in session.exec(select(DecisionRow).order_by("id"))] == reasons


@pytest.mark.parametrize(("odd", "error"), [("a\x00", Refusal), ("\ud800", Refusal), ("name 3", IntegrityError)])
def test_one_bad_row_among_many_lets_none_of_them_in(engine: Engine, odd: str, error: type[Exception]) -> None:
    names = [f"name {number}" for number in range(40)]
    with pytest.raises(error), writing(engine) as session:
        append(session, AppealRow, ({"id": at, "name": each} for at, each in enumerate([*names, odd], 10)))
    with reading(engine) as session:
        assert session.exec(select(AppealRow.name)).all() == ["General"]
