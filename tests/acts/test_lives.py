"""Whatever is imported, undone, merged, called two, given, held, erased, noted and issued, in whatever order.

After each step the donors are those of an independent model, and nothing that a person said has lost its effect.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col
from tests.acts.donor_model import Model, Node, Paid, Pair
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules

from donations.acts.asking import review
from donations.acts.claiming import recognise, take_back
from donations.acts.closing import close
from donations.acts.erasing import hold, refuse_restricted, release, restrict, retention_status_of
from donations.acts.issuing import issue, year_of_certificates
from donations.acts.merging import call_two, merge, unmerge
from donations.core.calendar import Month, Period
from donations.core.donor import DonorId, PayerClaim
from donations.core.iban import parse_iban
from donations.core.name import name_key
from donations.core.refusal import Refusal
from donations.ledger.retention import RetentionReason
from donations.ledger.retention import RetentionState as Forgotten
from donations.reports.catalogue import REPORTS
from donations.reports.inf4 import inf4
from donations.store.donors import people
from donations.store.donors.donor_facts import (
    ConsentKind,
    consents_of,
    correct_name,
    notes_of,
    record_consent,
    write_note,
)
from donations.store.donors.donor_search import DonorFilter, Order, found_donors, search
from donations.store.donors.merges import merges_of
from donations.store.donors.registered import claim_words
from donations.store.given import in_force
from donations.store.organisation import Letterhead
from donations.store.session import WriteSession, as_reader, writing
from donations.store.tables import AllocationRow, PaymentRow

TODAY, NEW_YEAR = date(2026, 7, 1), date(2027, 1, 10)
AINO, LIIS, ONE, OTHER = "49403136526", "37605030299", "38001085718", "47101010033"
FIRST: Pair = (MARI, "Aino Esimene")
SECOND: Pair = (JAAN, "Aino Teine")
ALONE: Pair = ("EE717700771001735865", "Peep Kolmas")
HERS: Pair = (OTHER_OWN, "Liis Neljas")
HIS: Pair = (OTHER_OWN, "Oskar Viies")
SAME: Pair = ("EE277700771001735881", "Sama Nimi")
PAIRS = (FIRST, SECOND, ALONE, HERS, HIS, SAME)
PAYMENTS = tuple(
    Paid(minor, on, pair, code)
    for minor, (on, pair, code) in enumerate(
        (
            ("01-03", FIRST, AINO),
            ("01-04", SECOND, ""),
            ("01-05", ALONE, ""),
            ("01-06", HERS, LIIS),
            ("01-07", HIS, ""),
            ("01-08", SAME, ONE),
            ("02-03", FIRST, ""),
            ("02-04", SECOND, AINO),
            ("02-05", HIS, ""),
            ("02-06", HERS, ""),
            ("02-07", SAME, ""),
            ("03-03", FIRST, ""),
            ("03-04", SECOND, ""),
            ("03-05", ALONE, LIIS),
            ("03-06", SAME, OTHER),
        ),
        start=1_000,
    )
)
"""Aino from two accounts with one code, a couple, somebody who turns out to be Liis, and one name with two codes."""


class Life:
    """Books, what the model says of them, and what people said."""

    def __init__(self, book: Book) -> None:
        self.book, self.model = book, Model(PAYMENTS)
        self.notes: list[tuple[DonorId, str]] = []
        self.consents: list[tuple[DonorId, str]] = []
        self.names: list[tuple[DonorId, str]] = []
        self.held: set[DonorId] = set()

    def write(self, act: Callable[[WriteSession], object]) -> bool:
        """Do something, as far as it may be done."""
        try:
            with writing(self.book.engine) as session:
                act(session)
        except Refusal:
            return False
        return True

    def donor_of(self, payment: Paid) -> tuple[DonorId, frozenset[Node]] | None:
        """Return who stands for the giver of a payment that is a gift, and by what the model knows the giver."""
        booked = self.gifts()
        payer = self.model.payer_of(payment) if payment in self.model.shown() else None
        if payment.minor not in booked or payer is None:
            return None
        return booked[payment.minor], self.model.groups()[0][payer]

    def gifts(self) -> dict[int, DonorId]:
        """Return the standing donor of each gift, by its amount."""
        query = select(col(PaymentRow.minor), col(AllocationRow.donor_id)).join(
            AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id)
        )
        with self.book.reading() as session:
            rows = session.execute(query.where(in_force(), col(AllocationRow.donor_id).is_not(None))).all()
            tops = people.donors(session, [DonorId(donor) for _, donor in rows])
            return {minor: tops[DonorId(donor)].id for minor, donor in rows}

    def top(self, donor: DonorId) -> DonorId:
        """Return who stands for a donor now."""
        with self.book.reading() as session:
            return people.donors(session, [donor])[donor].id

    def is_merged(self, known: frozenset[Node]) -> bool:
        """Whether a person's merge holds something of this; chains of merges are tested elsewhere."""
        pins = {pin for pair in self.model.merged.values() for pin in pair}
        return any(self.model.pins[pin] & known for pin in pins)

    # What can be done

    def imports(self, one: int, other: int) -> None:
        """A file of a month comes, with the payers' codes or without."""
        key = (one % 3 + 1, bool(other % 2))
        if key in self.model.active:
            return
        month, with_codes = key
        lines = [
            gift(each.on, each.minor, each.pair[1], each.pair[0], code=each.code if with_codes else "")
            for each in PAYMENTS
            if each.month == month
        ]
        result = self.book.take(statement(f"0{month}-01", f"0{month}-28", *lines), name=f"{key}.xml")
        assert result.file_id is not None
        self.model.active[key] = result.file_id

    def undoes(self, one: int, other: int) -> None:
        """A file is taken back."""
        del other
        if self.model.active:
            key = sorted(self.model.active)[one % len(self.model.active)]
            self.book.undo(self.model.active.pop(key))

    def merges(self, one: int, other: int) -> None:
        """A person says that two donors are one."""
        goes, into = self._two(one, other)
        if goes is None or into is None or self.is_merged(goes[1] | into[1]):
            return
        done = self.write(lambda s: merge(s, goes[0], into=into[0], reason="x", by="t", now=NOW))
        if done:
            pins = self.model.pin(goes[1]), self.model.pin(into[1])
            for pair, is_said in list(self.model.two.items()):
                sides = [self.model.pins[pin] for pin in pair]
                both = ((sides[0], sides[1]), (sides[1], sides[0]))
                if is_said and any(one <= goes[1] and other <= into[1] for one, other in both):
                    del self.model.two[pair]
            with self.book.reading() as session:
                self.model.merged[max(each.id for each in merges_of(session, into[0]))] = pins

    def parts(self, one: int, other: int) -> None:
        """A merge is taken apart."""
        del other
        if self.model.merged:
            number = sorted(self.model.merged)[one % len(self.model.merged)]
            if self.write(lambda s: unmerge(s, number, by="t", now=NOW)):
                self.model.two[self.model.merged.pop(number)] = False

    def calls_two(self, one: int, other: int) -> None:
        """A person says that two donors are two."""
        first, second = self._two(one, other)
        if first is None or second is None or first[0] == second[0] or self.is_merged(first[1] | second[1]):
            return
        self.write(lambda s: call_two(s, first[0], second[0], by="t", now=NOW))
        self.model.two[self.model.pin(first[1]), self.model.pin(second[1])] = True

    def gives(self, one: int, other: int) -> None:
        """A person says that an account with a name pays for a donor, or takes the word back."""
        pair, donor = PAIRS[one % len(PAIRS)], self._one(other)
        iban = parse_iban(pair[0])
        assert iban is not None
        if pair in self.model.given:
            with self.book.reading() as session:
                donors = [DonorId(number) for number in range(2, 40)]
                words = [each for donor in set(people.donors(session, donors)) for each in claim_words(session, donor)]
            claim = PayerClaim(iban, name_key(pair[1]))
            (number,) = {word.claim_id for word in words if word.claim == claim}
            if self.write(lambda s: take_back(s, number, now=NOW)):
                del self.model.given[pair]
        elif donor is not None and not self.is_merged(donor[1]) and pair not in donor[1]:
            claim = PayerClaim(iban, name_key(pair[1]))
            if self.write(lambda s: recognise(s, donor[0], claim, by="t", now=NOW)):
                self.model.given[pair] = self.model.pin(donor[1])

    def holds(self, one: int, other: int) -> None:
        """A donor is put on hold, or released."""
        donor = self._one(one)
        if donor is None:
            return
        is_on_legal_hold = self.top(donor[0]) in map(self.top, self.held)
        if other % 2 and is_on_legal_hold:
            assert self.write(lambda s: release(s, donor[0], by="t", now=NOW, today=TODAY))
            self.held = {each for each in self.held if self.top(each) != donor[0]}
        elif self.write(lambda s: hold(s, donor[0], why=RetentionReason.DISPUTE, by="t", now=NOW, today=TODAY)):
            self.held.add(donor[0])

    def erases(self, one: int, other: int) -> None:
        """A donor asks to be forgotten."""
        donor = self._one(one)
        if donor is None or other % 3:
            return
        if self.write(lambda s: restrict(s, donor[0], why=RetentionReason.ASKED, by="t", now=NOW, today=TODAY)):
            self.model.erased.append(self.model.pin(donor[1]))

    def says(self, one: int, other: int) -> None:
        """A note, a wish of the donor, or another name."""
        donor = self._one(one)
        text = f"Word {len(self.notes) + len(self.consents) + len(self.names)}"
        if donor is None:
            return

        def act(session: WriteSession) -> None:
            refuse_restricted(as_reader(session), [donor[0]])
            if other % 3 == 0:
                write_note(session, donor[0], text, by="t", at=NOW)
            elif other % 3 == 1:
                matter = ConsentKind.CONTACT
                record_consent(session, donor[0], matter, text, given_on=TODAY, source="x", by="t", at=NOW)
            else:
                correct_name(session, donor[0], f"{text} Nimi", by="t", at=NOW)

        if self.write(act):
            (self.notes, self.consents, self.names)[other % 3].append((donor[0], text))

    def issues(self, one: int, other: int) -> None:
        """The months are closed, and certificates issued."""
        del one, other
        for number in (1, 2, 3):
            month = Month(2026, number)
            self.write(lambda s, m=month: close(s, m, by="t", now=NOW, today=TODAY, reasons=lambda _: "so"))  # type: ignore[misc]
        by = Letterhead(organisation="MTÜ Rohutirts")
        noon = datetime(2027, 1, 10, 12, tzinfo=UTC)
        self.write(lambda s: issue(s, 2026, donors=None, issuer=by, by="t", now=noon, today=NEW_YEAR))

    def _one(self, number: int) -> tuple[DonorId, frozenset[Node]] | None:
        return self.donor_of(PAYMENTS[number % len(PAYMENTS)])

    def _two(
        self, one: int, other: int
    ) -> tuple[tuple[DonorId, frozenset[Node]] | None, tuple[DonorId, frozenset[Node]] | None]:
        return self._one(one), self._one(other)

    # What must hold

    def check(self) -> None:
        """Everything that must hold after a step."""
        assert not self.book.broken()
        self.check_groups()
        self.check_words()
        self.check_names()

    def check_groups(self) -> None:
        """The donors of gifts are the groups of the model; what could be several people's is asked."""
        booked, groups, hidden = self.gifts(), self.model.groups()[0], self.model.hidden()
        shown = self.model.shown()
        by_donor: dict[DonorId, frozenset[Node]] = {}
        for payment in shown:
            payer, donor = self.model.payer_of(payment), booked.get(payment.minor)
            if payment.pair[1] in hidden:  # what was theirs once stays so, whatever a later file says
                continue
            assert (payer is None) == (donor is None), payment
            if payer is not None and donor is not None:
                assert by_donor.setdefault(donor, groups[payer]) == groups[payer], payment
        assert len(set(by_donor.values())) == len(by_donor)
        assert booked.keys() <= {payment.minor for payment in shown}

    def check_words(self) -> None:
        """What was said of a number is said of whoever stands for it, until that one asks to be forgotten."""
        with self.book.reading() as session:
            latest: dict[DonorId, str] = {}
            for donor, text in self.names:
                latest[people.donors(session, [donor])[donor].id] = f"{text} Nimi"
            for donor in {each for each, _ in (*self.notes, *self.consents, *self.names)} | self.held:
                known = people.donors(session, [donor])[donor]
                standing = retention_status_of(session, known.id)
                assert not (donor in self.held and not standing.is_on_legal_hold)
                if standing.state is Forgotten.NAMED:
                    notes = {note.text for note in notes_of(session, known.id)}
                    assert notes >= {text for each, text in self.notes if each == donor}
                    wishes = consents_of(session, known.id)
                    said = {row.value for row in (*wishes.latest.values(), *wishes.earlier)}
                    assert said >= {text for each, text in self.consents if each == donor}
                    if known.id in latest:
                        assert known.name == latest[known.id]

    def check_names(self) -> None:
        """No name of those who asked to be forgotten stands anywhere; theirs is a number."""
        hidden = self.model.hidden()
        if not hidden:
            return
        with self.book.reading() as session:
            told: list[object] = [each.make(session, Period(), TODAY) for each in REPORTS.values()]
            told += [inf4(session, 2026), year_of_certificates(session, 2026, today=NEW_YEAR), review(session)]
            told += found_donors(session, search(session, DonorFilter()), year=2026, order=Order.NAME, start=0, size=99)
            told += people.donors(session, map(DonorId, range(2, 40))).values()
        words = repr(told)
        assert [name for name in hidden if name in words or name_key(name) in words] == []
        booked = self.gifts()
        with self.book.reading() as session:
            for payment in self.model.shown():
                if payment.pair[1] in hidden and payment.pair not in self.model.given and payment.minor in booked:
                    assert people.donors(session, [booked[payment.minor]])[booked[payment.minor]].name.startswith("№ ")


ACTS = (
    *(Life.imports, Life.imports, Life.imports, Life.undoes, Life.merges, Life.parts, Life.calls_two),
    *(Life.gives, Life.holds, Life.erases, Life.says, Life.says, Life.issues),
)


@of_rules()
@settings(
    max_examples=examples(20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 29), st.integers(0, 29)), min_size=4, max_size=14
    )
)
@example([(9, 1, 0), (2, 0, 1), (3, 2, 0)])  # who is erased by a code stays so once the file that stated it is undone
@example([(0, 10, 0), (4, 24, 25), (9, 11, 0), (0, 21, 19), (0, 0, 24), (3, 8, 24)])  # an undo frees whom a link hid
@example([(3, 1, 0), (0, 0, 1), (9, 11, 0), (0, 1, 1), (0, 1, 0), (3, 3, 0)])  # and what was booked by the link alone
def test_nothing_that_was_said_loses_its_effect(fresh_engine: FreshEngine, steps: list[tuple[int, int, int]]) -> None:
    with fresh_engine() as engine:
        life = Life(Book(engine))
        for number in (0, 1, 2):
            life.imports(number, number)
        for act, one, other in steps:
            ACTS[act](life, one, other)
            life.check()
