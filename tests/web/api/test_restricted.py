"""Programs see no more of a restricted donor than people do: a number, and sums that stay."""

from __future__ import annotations

from datetime import date

from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book

from donations.acts.erasing import restrict
from donations.core.donor import DonorId
from donations.ledger.retention import RetentionReason
from donations.store.session import writing


def test_no_answer_names_a_restricted_donor(program: TestClient, lived_in: Book) -> None:
    donor = lived_in.donor("Jaan Kask")
    before = program.get("/api/v1/gifts").json()["items"]
    with writing(lived_in.engine) as session:
        restrict(session, DonorId(donor), why=RetentionReason.ASKED, by="treasurer", now=NOW, today=date(2026, 7, 1))

    after = program.get("/api/v1/gifts").json()["items"]
    assert [each["money"] for each in after] == [each["money"] for each in before]
    assert program.get(f"/api/v1/donors/{donor}").status_code == 404
    assert [each["name"] for each in program.get("/api/v1/donors").json()["items"]] == ["Anonymous", "Mari Mets"]
    payment = lived_in.payment("03-06", 2_000)
    for path in ("gifts", "payments", f"payments/{payment}", "donors?name=kask", "reports/gifts?all=true"):
        answer = program.get(f"/api/v1/{path}").text
        assert [each for each in ("Jaan", "Kask", JAAN) if each in answer] == [], path
    assert "№ 3" in program.get(f"/api/v1/payments/{payment}").text
