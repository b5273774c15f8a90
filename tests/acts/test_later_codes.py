"""What the bank says later of who pays: donors turn out to be one, and what hangs on them goes along."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement

from donations.acts.asking import review
from donations.acts.certificate import CertificateState
from donations.acts.closing import close
from donations.acts.donor_certificates import certificates_of_donor
from donations.acts.erasing import hold, release, restrict, retention_status_of
from donations.acts.importing import FileResult
from donations.acts.issuing import issue
from donations.acts.merging import call_two, forget_two, merge, part_link, unmerge
from donations.core.calendar import Month, Period
from donations.core.donor import DonorId
from donations.core.problem import ProblemCode
from donations.core.reference import parse_reference
from donations.core.refusal import Refusal
from donations.core.statement import StatementLine
from donations.ledger.retention import RetentionReason
from donations.ledger.retention import RetentionState as Forgotten
from donations.matching.likeness import Likeness
from donations.matching.outcome import AskReason
from donations.reports.corrections import corrections_of
from donations.reports.donor import known_donor
from donations.reports.duplicates import pairs_alike
from donations.reports.gifts import donors
from donations.reports.inf4 import inf4
from donations.store.donors import people
from donations.store.donors.donor_facts import correct_name, notes_of, write_note
from donations.store.donors.links import links_behind
from donations.store.donors.restricted import giving_again, partly_restricted, restricted_donors
from donations.store.months import closings_in_force, count_corrections
from donations.store.organisation import Letterhead
from donations.store.payments.allocations import allocations_of
from donations.store.session import writing
from donations.store.version import books_version

TODAY, NEW_YEAR = date(2026, 7, 1), date(2027, 1, 10)
AINO, LIIS = "49403136526", "37605030299"
SECOND_OWN = "EE717700771001735865"


def given(book: Book) -> dict[object, tuple[object, object]]:
    """Return what each donor number shows: its name, and how many gifts."""
    with book.reading() as session:
        return {row[0]: (row[1], row[2]) for row in donors(session, Period()).rows}


def codes(result: FileResult) -> dict[ProblemCode, str]:
    return {problem.code: dict(problem.values).get("count", "") for problem in result.problems}


def erased(book: Book, donor: int) -> None:
    with writing(book.engine) as session:
        restrict(session, DonorId(donor), why=RetentionReason.ASKED, by="treasurer", now=NOW, today=TODAY)


# Erased stays erased


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(gift("02-05", 700, "Aino Kask", MARI, code=AINO), id="a new gift with a code"),
        pytest.param(gift("01-05", 500, "Aino Kask", MARI, code=AINO), id="the same gift with a code"),
        pytest.param(gift("02-05", 700, "AINO KASK", MARI), id="in capitals"),
        pytest.param(line("01-05", 500, "Aino Kask", MARI, "Annetus, tagastage palun", code=AINO), id="another text"),
    ],
)
def test_whatever_a_later_file_says_who_was_forgotten_stays_a_number(book: Book, later: StatementLine) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI)))
    erased(book, 2)
    month = "02" if later.booked_on.month == 2 else "01"
    result = book.take(statement(f"{month}-01", f"{month}-28", later), name="later.csv")
    assert {name for name, _ in given(book).values() if "Kask" in str(name)} == set()
    assert given(book)[2][0] == "№ 2"
    assert (ProblemCode.FORGOTTEN_GAVE in codes(result)) is (month == "02")
    with book.reading() as session:
        assert giving_again(session) == ([DonorId(2)] if month == "02" else [])
    assert not book.broken()


def test_who_turns_out_to_be_one_with_somebody_forgotten_is_out_of_sight_until_no_line_says_so(book: Book) -> None:
    hers = gift("01-05", 500, "Aino Kask", MARI)
    book.take(statement("01-01", "01-31", hers, gift("01-06", 900, "Aino Vana", JAAN, code=AINO)))
    with writing(book.engine) as session:
        write_note(session, DonorId(3), "helistada", by="treasurer", at=NOW)
    erased(book, 2)
    assert given(book) == {2: ("№ 2", 1), 3: ("Aino Vana", 1)}
    result = book.take(statement("02-01", "02-28", gift("02-05", 500, "Aino Kask", MARI, code=AINO)))
    assert codes(result)[ProblemCode.FORGOTTEN_JOINED] == "1"
    assert given(book) == {2: ("№ 2", 3)}
    assert not book.broken()
    with book.reading() as session:
        assert partly_restricted(session) == [DonorId(2)]
        assert [note.text for note in notes_of(session, DonorId(2))] == ["helistada"]
    book.undo(result.file_id)
    assert given(book) == {2: ("№ 2", 1), 3: ("Aino Vana", 1)}
    assert not book.broken()


def test_who_was_forgotten_with_a_code_keeps_it_though_the_file_that_gave_it_is_taken_back(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI)), name="plain.xml")
    with_code = statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI, code=AINO))
    file = book.take(with_code, name="code.xml").file_id
    erased(book, 2)
    book.take(statement("02-01", "02-28", gift("02-05", 700, "Aino Tamm", JAAN, code=AINO)))
    book.undo(file)
    assert given(book) == {2: ("№ 2", 2)}
    book.take(with_code, name="code.xml")
    assert given(book) == {2: ("№ 2", 2)}
    assert not book.broken()


@pytest.mark.parametrize("is_known", [True, False])
def test_a_gift_that_another_file_shows_too_goes_with_its_giver_once_the_link_is_taken_back(
    book: Book, *, is_known: bool
) -> None:
    """Be the giver known before or not: the books are as if the file had never come."""
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI, code=AINO)))
    if is_known:
        book.take(statement("02-01", "02-28", gift("02-06", 900, "Aino Vana", JAAN)))
    erased(book, 2)
    linking = book.take(statement("03-01", "03-31", gift("03-06", 800, "Aino Vana", JAAN, code=AINO)))
    book.take(statement("03-01", "03-31", gift("03-06", 800, "Aino Vana", JAAN)), name="plain.csv")
    assert given(book) == {2: ("№ 2", 3 if is_known else 2)}
    book.undo(linking.file_id)
    assert given(book) == {2: ("№ 2", 1), 3: ("Aino Vana", 2 if is_known else 1)}
    assert not book.broken()


@pytest.mark.parametrize("code", ["", AINO])
def test_what_is_booked_for_somebody_forgotten_is_not_booked_anew_for_what_a_later_file_says(
    book: Book, code: str
) -> None:
    reference = parse_reference("1232")
    assert reference is not None
    with writing(book.engine) as session:
        people.add_appeal(session, "Kassid", keywords=[], references=[reference])
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI)))
    erased(book, 2)
    with book.reading() as session:
        before = allocations_of(session, [book.payment("01-05", 500)])
    later = gift("01-05", 500, "Aino Kask", MARI, code=code, reference=reference)
    book.take(statement("01-01", "01-31", later), name="later.csv")
    with book.reading() as session:
        assert allocations_of(session, [book.payment("01-05", 500)]) == before
    assert not book.broken()


def test_a_person_says_that_the_other_one_is_to_be_forgotten_too(book: Book) -> None:
    hers = gift("01-05", 500, "Aino Kask", MARI)
    book.take(statement("01-01", "01-31", hers, gift("01-06", 900, "Aino Vana", JAAN, code=AINO)))
    with writing(book.engine) as session:
        write_note(session, DonorId(3), "helistada", by="treasurer", at=NOW)
    erased(book, 2)
    linking = book.take(statement("02-01", "02-28", gift("02-05", 500, "Aino Kask", MARI, code=AINO)))
    erased(book, 2)
    with book.reading() as session:
        assert (partly_restricted(session), notes_of(session, DonorId(2))) == ([], [])
        assert restricted_donors(session) == [DonorId(2)]
    book.undo(linking.file_id)
    assert given(book) == {2: ("№ 2", 2)}
    with pytest.raises(Refusal):
        erased(book, 2)


def test_or_that_the_two_are_two(book: Book) -> None:
    hers = gift("01-05", 500, "Aino Kask", MARI)
    book.take(statement("01-01", "01-31", hers, gift("01-06", 900, "Liis Vana", JAAN, code=AINO)))
    erased(book, 2)
    book.take(statement("02-01", "02-28", gift("02-05", 500, "Aino Kask", MARI, code=AINO)))
    with book.reading() as session:
        (link,) = links_behind(session, DonorId(2))
    with writing(book.engine) as session:
        part_link(session, link.id, by="treasurer", now=NOW)
    assert given(book) == {2: ("№ 2", 2), 3: ("Liis Vana", 1)}
    assert not book.broken()


# What hangs on a donor goes along


def known(book: Book) -> Book:
    """One person from two accounts, merged, certified and closed."""
    book.take(
        statement(
            "01-01", "01-31", gift("01-05", 1_000, "Kalle Proov", MARI), gift("01-06", 2_000, "Kalle Proov", JAAN)
        )
    )
    with writing(book.engine) as session:
        merge(session, DonorId(3), into=DonorId(2), reason="x", by="treasurer", now=NOW)
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=TODAY, reasons=lambda _: "so")
        noon = datetime(2027, 1, 10, 12, tzinfo=UTC)
        issue(
            session,
            2026,
            donors=None,
            issuer=Letterhead(organisation="MTÜ Rohutirts"),
            by="treasurer",
            now=noon,
            today=NEW_YEAR,
        )
    return book


@pytest.mark.parametrize("account", [MARI, JAAN])
@pytest.mark.parametrize("month", ["01", "02"])
def test_a_merge_a_certificate_and_a_closed_month_stand_when_a_code_comes(book: Book, account: str, month: str) -> None:
    """Be it with the next year's gift or with the same one once more, on whichever account."""
    known(book)
    day, minor = ("05", 1_000) if account == MARI else ("06", 2_000)
    coded = gift(f"{month}-{day}", minor, "KALLE PROOV", account, code=LIIS)
    others = [gift("01-06", 2_000, "Kalle Proov", JAAN)] if (account, month) == (MARI, "01") else []
    others += [gift("01-05", 1_000, "Kalle Proov", MARI)] if (account, month) == (JAAN, "01") else []
    # What comes in another year changes no paper on this one: here it comes in the same, and one paper more is due.
    book.take(statement(f"{month}-01", f"{month}-28", coded, *others), name="coded.csv")
    with book.reading() as session:
        (issued,) = certificates_of_donor(
            session, people.donors(session, [DonorId(2)])[DonorId(2)], today=NEW_YEAR
        ).issued
        closed = closings_in_force(session)
        assert count_corrections(session, closed.values()) == {}
        assert pairs_alike(session) == []
    assert issued.state is (CertificateState.STANDS if month == "01" else CertificateState.VOID)
    assert given(book) == {2: ("Kalle Proov", 2 if month == "01" else 3)}
    assert not book.broken()


def test_two_donors_whom_a_line_links_are_one_and_told_of_until_it_is_withdrawn(book: Book) -> None:
    book.take(
        statement(
            "01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "A. Kask", JAAN, code=AINO)
        )
    )
    before = book.ledger()
    with writing(book.engine) as session:
        write_note(session, DonorId(3), "helistada", by="treasurer", at=NOW)
        hold(session, DonorId(2), why=RetentionReason.DISPUTE, by="treasurer", now=NOW, today=TODAY)
    result = book.take(statement("02-01", "02-28", gift("02-05", 700, "Aino Kask", MARI, code=AINO)))
    assert codes(result)[ProblemCode.DONORS_JOINED] == "1"
    assert given(book) == {2: ("Aino Kask", 3)}
    with book.reading() as session:
        assert [note.text for note in notes_of(session, DonorId(2))] == ["helistada"]
        assert retention_status_of(session, DonorId(2)).is_on_legal_hold
        page = known_donor(session, 2)
        assert page is not None
        assert [(each.one, each.other) for each in page.links] == [(2, 3)]
        assert [each.code for each in inf4(session, 2026).lines] == [AINO]
    undone = book.undo(result.file_id)
    assert undone.parted == 1
    assert book.ledger() == before
    assert given(book) == {2: ("Aino Kask", 1), 3: ("A. Kask", 1)}


def test_two_by_a_persons_word_stay_two_whatever_comes(book: Book) -> None:
    both = (gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "Aino Kask", JAAN))
    book.take(statement("01-01", "01-31", *both))
    with writing(book.engine) as session:
        call_two(session, DonorId(2), DonorId(3), by="treasurer", now=NOW)
    linking = (gift("02-05", 700, "Aino Kask", MARI, code=AINO), gift("02-06", 800, "Aino Kask", JAAN, code=AINO))
    book.take(statement("02-01", "02-28", *linking))
    assert given(book) == {2: ("Aino Kask", 2), 3: ("Aino Kask", 2)}
    assert not book.broken()
    with writing(book.engine) as session:
        forget_two(session, DonorId(2), DonorId(3), now=NOW)
    assert given(book) == {2: ("Aino Kask", 4)}
    assert not book.broken()


def test_a_merge_that_was_taken_apart_is_apart_whatever_links_them(book: Book) -> None:
    both = (gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "Aino Kask", JAAN, code=AINO))
    book.take(statement("01-01", "01-31", *both))
    with writing(book.engine) as session:
        merge(session, DonorId(2), into=DonorId(3), reason="x", by="treasurer", now=NOW)
        unmerge(session, 1, by="treasurer", now=NOW)
    book.take(statement("02-01", "02-28", gift("02-05", 700, "Aino Kask", MARI, code=AINO)))
    assert given(book) == {2: ("Aino Kask", 2), 3: ("Aino Kask", 1)}
    assert not book.broken()


def test_two_codes_of_one_account_and_name_are_two_people_and_without_a_code_it_is_asked(book: Book) -> None:
    bare, first = gift("01-05", 500, "Jaan Tamm", JAAN), gift("01-06", 600, "Jaan Tamm", JAAN, code=AINO)
    book.take(statement("01-01", "01-31", bare, first))
    assert given(book) == {2: ("Jaan Tamm", 2)}
    second = book.take(statement("02-01", "02-28", gift("02-05", 700, "Jaan Tamm", JAAN, code=LIIS)))
    assert given(book) == {2: ("Jaan Tamm", 1), 3: ("Jaan Tamm", 1)}
    with book.reading() as session:
        assert [question.payment.id for question in review(session).questions] == [book.payment("01-05", 500)]
    book.undo(second.file_id)
    assert given(book) == {2: ("Jaan Tamm", 2)}
    assert not book.broken()


# Names


def test_a_donor_is_called_as_the_newest_payment_says(book: Book) -> None:
    result = book.take(statement("01-01", "01-31", gift("01-05", 500, "Mari Tamm", MARI, code=AINO)))
    later = book.take(statement("02-01", "02-28", gift("02-05", 600, "MARI KASK", JAAN, code=AINO)))
    assert given(book) == {2: ("Mari Kask", 2)}
    with book.reading() as session:
        assert [(each.name, each.code) for each in inf4(session, 2026).lines] == [("Mari Kask", AINO)]
    book.undo(later.file_id)
    assert given(book) == {2: ("Mari Tamm", 1)}
    assert result.file_id is not None


def test_a_persons_word_on_the_name_counts_and_a_newer_one_is_offered(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Mari Tamm", MARI, code=AINO)))
    with writing(book.engine) as session:
        correct_name(session, DonorId(2), "Mari-Liis Tamm", by="treasurer", at=NOW)
    book.take(statement("02-01", "02-28", gift("02-05", 600, "Mari Kask", JAAN, code=AINO)))
    assert given(book) == {2: ("Mari-Liis Tamm", 2)}
    with book.reading() as session:
        page = known_donor(session, 2)
        assert page is not None
    assert page.newer_name == "Mari Kask"


def test_of_two_corrected_names_the_later_one_counts(book: Book) -> None:
    book.take(
        statement(
            "01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "A. Kask", JAAN, code=AINO)
        )
    )
    with writing(book.engine) as session:
        correct_name(session, DonorId(2), "Aino Esimene", by="treasurer", at=NOW)
        correct_name(session, DonorId(3), "Aino Teine", by="treasurer", at=NOW)
    linking = book.take(statement("02-01", "02-28", gift("02-05", 700, "Aino Kask", MARI, code=AINO)))
    assert given(book) == {2: ("Aino Teine", 3)}
    book.undo(linking.file_id)
    assert given(book) == {2: ("Aino Esimene", 1), 3: ("Aino Teine", 1)}


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("Mari Tamm", "M. Tamm"), "Mari Tamm"),
        (("McCarthy Ann", "MCCARTHY ANN"), "McCarthy Ann"),
        (("MTÜ Pika Nimega Loomakaitse Selts", "MTÜ Pika Nimega Loomakai"), "MTÜ Pika Nimega Loomakaitse Selts"),
        (("Mari Tamm-Kask", "Mari Tamm"), "Mari Tamm"),
        (("OÜ Rohi", "OÜ ROHI JA MARI"), "OÜ Rohi ja Mari"),
    ],
)
def test_what_banks_shorten_is_written_out(book: Book, names: tuple[str, str], shown: str) -> None:
    lines = (gift(f"01-0{day}", 500, name, MARI, code=AINO) for day, name in enumerate(names, start=1))
    book.take(statement("01-01", "01-31", *lines))
    assert [name for name, _ in given(book).values()] == [shown]


def test_somebody_who_married_is_proposed(book: Book) -> None:
    """One account, one given name, and the gifts under the one name end as those under the other begin."""
    lines = [gift(f"0{month}-05", 500, "Mari Tamm" if month < 4 else "Mari Kask", MARI) for month in range(1, 7)]
    book.take(statement("01-01", "06-30", *lines, gift("01-07", 500, "Jaan Kask", MARI)))
    with book.reading() as session:
        assert pairs_alike(session) == [((DonorId(2), DonorId(3)), Likeness.CARRIES_ON)]


def test_a_couple_with_one_given_name_that_goes_on_side_by_side_is_not(book: Book) -> None:
    lines = [
        gift(f"0{month}-0{day}", 500, f"Mari {name}", MARI)
        for month in (1, 2)
        for day, name in ((1, "Tamm"), (2, "Kask"))
    ]
    book.take(statement("01-01", "06-30", *lines))
    with book.reading() as session:
        assert pairs_alike(session) == []


# A code in a text is a hint


def test_somebody_elses_code_in_a_text_moves_neither_gift_nor_name(book: Book) -> None:
    def typed(on: str, minor: int, name: str, account: str) -> StatementLine:
        return line(on, minor, name, account, f"Annetus {AINO}")

    book.take(
        statement(
            "03-01",
            "03-10",
            typed("03-01", 1_000, "Jaan Tamm", JAAN),
            typed("03-02", 2_000, "Mari Tamm", MARI),
            gift("03-03", 300_000, "Jaan Tamm", JAAN),
        )
    )
    assert given(book) == {2: ("Mari Tamm", 1), 3: ("Jaan Tamm", 1)}
    with book.reading() as session:
        (question,) = review(session).questions
        told = inf4(session, 2026)
    assert question.outcome.reason.code is AskReason.PAYER_DIFFERS
    assert [proposal.donor for proposal in question.outcome.proposals] == [2, 3]  # type: ignore[union-attr]
    assert [(each.name, each.code, each.minor) for each in told.lines] == [("Mari Tamm", AINO, 2_000)]
    assert not book.broken()


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_a_word_about_who_typed_anothers_code_holds_it_only_until_the_other_comes_with_it(
    book: Book, *, is_taken_back: bool
) -> None:
    plain = statement("01-01", "01-31", gift("01-05", 500, "Jaan Tamm", JAAN))
    book.take(plain, name="plain.xml")
    file = book.take(statement("02-01", "02-28", line("02-05", 500, "Jaan Tamm", JAAN, f"Annetus {AINO}"))).file_id
    erased(book, 2)
    if is_taken_back:
        book.undo(file)
    last = book.take(statement("03-01", "03-31", gift("03-05", 700, "Mari Tamm", MARI, code=AINO))).file_id
    shown = {number: name for number, (name, _) in given(book).items()}
    assert sorted(shown.values(), key=str) == ["Mari Tamm", "№ 2"]
    book.undo(last)
    assert {name for name, _ in given(book).values()} == {"№ 2"}
    assert not book.broken()


def test_a_childs_code_that_both_parents_always_write_is_asked(book: Book) -> None:
    typed = [
        line(f"03-0{day}", 1_000, name, account, f"Annetus {AINO}")
        for day, (name, account) in enumerate([("Mari Tamm", MARI), ("Jaan Tamm", JAAN)], start=1)
    ]
    book.take(statement("03-01", "03-10", typed[0]), name="one.xml")
    assert given(book) == {2: ("Mari Tamm", 1)}
    book.take(statement("03-01", "03-10", *typed), name="both.xml")
    assert given(book) == {}
    with book.reading() as session:
        assert {each.outcome.reason.code for each in review(session).questions} == {AskReason.PAYER_DIFFERS}
    assert not book.broken()


# The donor's page


def test_a_gift_that_two_files_show_is_one_gift_on_the_donors_page(book: Book) -> None:
    """One of them with the code, the other without, and once with another spelling."""
    days = ("01-05", "01-06", "01-07")
    book.take(statement("01-01", "01-31", *(gift(on, 500, "Külli Nõmm", MARI, code=AINO) for on in days)), name="a.csv")
    book.take(statement("01-01", "01-31", *(gift(on, 500, "KÜLLI NÕMM", MARI) for on in days)), name="b.xml")
    with book.reading() as session:
        page = known_donor(session, 2)
        assert page is not None
    assert page.gifts == 3
    assert [(each.number, each.names, each.payments) for each in page.used_accounts] == [(MARI, ["Külli Nõmm"], 3)]


def test_a_remembered_preview_is_made_again_once_somebody_is_forgotten_or_called_otherwise(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI)))
    versions = []
    for act in (
        lambda _: None,
        lambda session: correct_name(session, DonorId(2), "Aino Uus", by="treasurer", at=NOW),
        lambda session: restrict(session, DonorId(2), why=RetentionReason.ASKED, by="t", now=NOW, today=TODAY),
    ):
        with writing(book.engine) as session:
            act(session)
        with book.reading() as reader:
            versions.append(books_version(reader))
    assert len(set(versions)) == 3


def test_a_hold_follows_whoever_it_was_said_of(book: Book) -> None:
    """Held as one, both are held when no line says any more that they are one."""
    book.take(
        statement(
            "01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "A. Kask", JAAN, code=AINO)
        )
    )
    linking = book.take(statement("02-01", "02-28", gift("02-05", 700, "Aino Kask", MARI, code=AINO)))
    with writing(book.engine) as session:
        hold(session, DonorId(2), why=RetentionReason.AUDIT, by="treasurer", now=NOW, today=TODAY)
    book.undo(linking.file_id)
    for donor in (DonorId(2), DonorId(3)):
        with book.reading() as session:
            assert retention_status_of(session, donor).is_on_legal_hold
            assert retention_status_of(session, donor).state is Forgotten.NAMED
        with pytest.raises(Refusal):
            erased(book, donor)
    with writing(book.engine) as session:
        release(session, DonorId(3), by="treasurer", now=NOW, today=TODAY)
    erased(book, 3)


def test_corrections_say_nothing_of_what_was_only_said_again(book: Book) -> None:
    """A payment that a rule of another version, or another row of the same donor, books anew corrects nothing."""
    book.take(
        statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "Muu Isik", OTHER_OWN))
    )
    with writing(book.engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=TODAY, reasons=lambda _: "so")
    book.take(statement("01-01", "01-31", gift("01-05", 500, "Aino Kask", MARI, code=AINO)), name="coded.csv")
    book.take(statement("02-01", "02-28", gift("02-06", 700, "Aino Kask", SECOND_OWN, code=AINO)))
    with book.reading() as session:
        assert corrections_of(session, Period()).rows == ()
