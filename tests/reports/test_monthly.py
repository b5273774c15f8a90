"""The report on a published block: what it compares, what it leaves out, and that it knows nothing of later blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from donations.core.calendar import Month
from donations.core.money import Minor
from donations.core.refusal import Refusal
from donations.published.document import Block, Goal, HowToGive, PublishedPart, Snapshot, TransferWay
from donations.reports.monthly import Monthly, monthly

HOME = "https://annetused.example"
GIVING = HowToGive(payee="MTÜ Rohutirts", iban="EE382200221020145685", ways=(TransferWay("Üldine", "Annetus"),))


def blocks(
    *spans: tuple[str, str, Minor], corrects: tuple[int, ...] = (), appeals: tuple[PublishedPart, ...] = ()
) -> Snapshot:
    """Return what is published; the last block has the corrections and appeals."""
    made: list[Block] = []
    for number, (first, last, minor) in enumerate(spans, start=1):
        is_last = number == len(spans)
        made.append(
            Block(
                number=number,
                first_day=Month.parse(first).first_day,
                last_day=Month.parse(last).last_day,
                published_on=date(2026, 7, 1),
                minor=minor,
                donors=12,
                donors_so_far=10,
                corrects=corrects if is_last else (),
                appeals=appeals if is_last else (),
                rest=minor - sum(each.minor for each in appeals) if is_last and appeals else 0,
                before=made[-1].digest if made else "",
            )
        )
    return Snapshot(
        organisation="MTÜ Rohutirts",
        donors_min=10,
        agrees_until=date(2026, 5, 31),
        goal=Goal(minor=100_000, text="Katus", since=date(2026, 1, 1)),
        giving=GIVING,
        blocks=tuple(made),
    )


def words(report: Monthly) -> list[str]:
    """Return every sentence in English."""
    return [*report.paragraphs, *(said for section in report.sections for said in section.paragraphs)]


def report(snapshot: Snapshot, number: int | None = None) -> Monthly:
    return monthly(snapshot, number or len(snapshot.blocks), home=HOME)


def test_it_says_what_came_in_and_how_to_give() -> None:
    found = report(blocks(("2026-01", "2026-01", 10_000), ("2026-02", "2026-02", 12_050)))
    assert found.title == "What came in: 2026-02"
    for sentence in (
        "MTÜ Rohutirts received gifts of 120.50 EUR. Donors: 12. Thank you.",
        "In the published months of 2026 so far: 220.50 EUR.",
        "Our goal: Katus. 220.50 EUR of 1000.00 EUR has come in, that is 22\N{NO-BREAK SPACE}%.",
        "That is 20.50 EUR more than in the published months before: 2026-01, 100.00 EUR.",
        "The books agree with the bank to the cent until 2026-05-31.",
        "Nothing that was published earlier had to be corrected.",
        "Make an ordinary transfer. Payee: MTÜ Rohutirts. Account: EE38 2200 2210 2014 5685.",
        "Explanation: Annetus (Üldine)",
    ):
        assert sentence in words(found)


@pytest.mark.parametrize(
    ("before", "said"),
    [(900, "1.00 EUR more"), (1_100, "1.00 EUR less"), (1_000, "as much as in the published months")],
)
def test_it_compares_with_the_months_before(before: Minor, said: str) -> None:
    found = report(blocks(("2026-01", "2026-01", before), ("2026-02", "2026-02", 1_000)))
    assert any(said in sentence for sentence in words(found))


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        ((("2025-02", "2025-02", 900),), "A year earlier it was 1.00 EUR less: 2025-02, 9.00 EUR."),
        ((("2025-01", "2025-01", 5), ("2025-02", "2025-02", 1_000)), "A year earlier it was as much"),
        ((("2025-01", "2025-02", 900),), None),
        ((("2025-02", "2025-03", 900),), None),
        ((("2024-02", "2024-02", 900),), None),
    ],
)
def test_it_compares_with_the_same_months_of_the_year_before_only(
    earlier: tuple[tuple[str, str, Minor], ...], said: str | None
) -> None:
    sentences = words(report(blocks(*earlier, ("2026-02", "2026-02", 1_000))))
    assert [each for each in sentences if "A year earlier" in each and (said or "") in each] == (
        [next(each for each in sentences if "A year earlier" in each)] if said else []
    )


def test_two_blocks_may_be_the_same_months_of_the_year_before() -> None:
    found = report(blocks(("2025-02", "2025-02", 400), ("2025-03", "2025-03", 500), ("2026-02", "2026-03", 1_000)))
    assert "A year earlier it was 1.00 EUR less: 2025-02 – 2025-03, 9.00 EUR." in words(found)


def test_months_are_not_compared_with_one_month() -> None:
    found = report(blocks(("2026-01", "2026-01", 900), ("2026-02", "2026-03", 1_000)))
    assert not [each for each in words(found) if "published months before" in each]


def test_corrections_are_said_without_their_size() -> None:
    found = report(blocks(("2026-01", "2026-01", 900), ("2026-02", "2026-02", 1_000), corrects=(1,)))
    assert "Corrections of months published earlier are a part of this sum: 2026-01." in words(found)


def test_purposes_add_up_to_the_sum() -> None:
    found = report(blocks(("2026-01", "2026-01", 1_000), appeals=(PublishedPart("Katus", 600),)))
    (table,) = (each.table for each in found.sections if each.heading == "What it was given for")
    assert table is not None
    assert [row[:2] for row in table.rows] == [("Katus", 600), ("Other", 400)]


def test_by_the_rule_of_now_donors_are_at_least_so_many_and_purposes_may_be_of_more_months() -> None:
    old = blocks(("2026-01", "2026-01", 400), ("2026-02", "2026-02", 600), appeals=(PublishedPart("Katus", 900),))
    newest = replace(old.blocks[1], rule=2, donors=10, appeals_of=(1, 2), rest=100)
    found = report(replace(old, blocks=(old.blocks[0], newest)))
    assert "MTÜ Rohutirts received gifts of 6.00 EUR. Donors: at least 10. Thank you." in words(found)
    assert "Of these months together, so that nobody's gift can be told: 2026-01, 2026-02." in words(found)


def test_an_old_report_says_nothing_of_later_months() -> None:
    snapshot = blocks(*((f"2026-0{number}", f"2026-0{number}", number * 1_000) for number in range(1, 6)))
    found = report(snapshot, 2)
    assert [row[1] for row in found.table.rows] == [2_000, 1_000]
    assert not [each for each in words(found) if "Our goal" in each]
    assert "In the published months of 2026 so far: 30.00 EUR." in words(found)


@pytest.mark.parametrize("number", [0, 3, -1])
def test_what_is_not_published_has_no_report(number: int) -> None:
    with pytest.raises(Refusal, match="nothing_published"):
        monthly(blocks(("2026-01", "2026-01", 1), ("2026-02", "2026-02", 1)), number, home=HOME)
