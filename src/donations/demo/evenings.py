"""The treasurer's evenings, month after month: everything through the functions that the pages use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Engine

from donations.acts import registering
from donations.acts.asking import review
from donations.acts.closing import close
from donations.acts.importing import FileResult, FileStatus, take
from donations.acts.merging import merge
from donations.acts.offering import Answer
from donations.acts.publishing import blocks_ready, publish
from donations.acts.reading_files import Terms
from donations.acts.registering import NewAccount, NewNames
from donations.acts.teaching import make_rule
from donations.acts.undoing import undo
from donations.core.calendar import Month
from donations.core.donor import DonorId
from donations.core.iban import ValidIban, parse_iban
from donations.core.keyword import parse_keyword
from donations.core.money import EUR, Amount, Minor
from donations.core.name import name_key
from donations.core.payment import PaymentId, Purpose
from donations.core.reference import parse_reference
from donations.core.spending import BANKS_OWN, CategoryId, the_bank
from donations.core.statement import GivenFile
from donations.demo.answers import Knowledge, answer_all_but, answer_of
from donations.demo.giving import MEMBERSHIP_FEE, STANDING_ORDER
from donations.demo.itself import GOAL_TEXT, say_of_itself
from donations.demo.movement import GENERAL, KEYWORDS, MEADOW, MEADOW_REFERENCE, Movement, day_in
from donations.demo.story import DownloadedFile, Folder, Story
from donations.matching.standing_rules import Condition, Direction
from donations.published.document import Goal
from donations.readers import Limits
from donations.store.donors import people
from donations.store.donors.donor_facts import ConsentKind, record_consent, write_note
from donations.store.publishing import PublishingTerms, set_terms
from donations.store.session import WriteSession, as_reader, writing
from donations.store.spending import add_category, categorise_payees, categorise_payment, costs, keep_payee_categories

_WAGES, _ROOMS, _PRINT, _OFFICE, _BANK = (
    "Töötasud koos maksudega",
    "Ruumid",
    "Trükk ja post",
    "Arvutid ja tarvikud",
    "Pangatasud",
)
_TEXTS = {"Palk": _WAGES, "Maksud": _WAGES, "Ruumi üür": _ROOMS, "Ajakirja trükk": _PRINT, "Arve": _OFFICE}
"""How the texts of costs begin."""
_STAMPS, _STAMPS_LEFT = "Margid", timedelta(days=60)
"""Somebody looks at these one by one, and the newest are left to the visitor."""


def make_categories(session: WriteSession, *, by: str, now: datetime) -> dict[str, CategoryId]:
    """Make the categories, and give the bank its own."""
    names = (_WAGES, _ROOMS, _PRINT, _OFFICE, _BANK)
    made = {name: add_category(session, name, pays_people=name == _WAGES, by=by, at=now) for name in names}
    keep_payee_categories(session, dict.fromkeys(map(the_bank, BANKS_OWN), made[_BANK]), by=by, at=now)
    return made


def categorise(session: WriteSession, made: dict[str, CategoryId], *, by: str, now: datetime) -> None:
    """Give every payee that the texts tell a category, as one does who sits down to it."""
    wanted: dict[PaymentId, CategoryId | None] = {}
    for each in costs(as_reader(session)):
        text = "" if each.content is None else each.content.text
        name = next((name for begin, name in _TEXTS.items() if text.startswith(begin)), None)
        if each.category is None and name is not None:
            wanted[each.payment] = made[name]
        elif each.category is None and text == _STAMPS and each.booked_on < now.date() - _STAMPS_LEFT:
            categorise_payment(session, each.payment, made[_PRINT], by=by, at=now)
    categorise_payees(session, wanted, by=by, at=now)


_WHY_CLOSED = "What is open is small, and an answer that comes later corrects the month."


def make_rules(session: WriteSession, known: Knowledge, *, by: str, now: datetime) -> bool:
    """Make a rule for the membership fee, and one for a standing order that never says the keyword.

    Returns whether; not before both are asked about.
    """
    found = review(as_reader(session))
    asked = [(question, truth) for question in found.questions if (truth := known.about(question.payment)) is not None]
    fees = [question for question, _ in asked if question.payment.text.startswith("Liikmemaks")]
    orders = [(question, truth) for question, truth in asked if truth.why == STANDING_ORDER]
    if not fees or not orders:
        return False
    fee, (order, truth) = fees[0].payment, orders[0]
    amount = Amount(MEMBERSHIP_FEE, EUR)
    make_rule(
        session,
        Condition(direction=Direction.IN, words=("liikmemaks",), amount=amount),
        Answer(purpose=Purpose.INCOME, reason="Membership fee."),
        label="Membership fees",
        payment=fee,
        by=by,
        now=now,
    )
    iban = order.payment.counterparty.account
    make_rule(
        session,
        Condition(direction=Direction.IN, iban=ValidIban(str(iban)), words=("toetus",)),
        answer_of(as_reader(session), order, truth, found),
        label="A standing order that says Toetus",
        payment=order.payment,
        by=by,
        now=now,
    )
    return True


def merge_moved(session: WriteSession, movements: Sequence[Movement], *, left: int, by: str, now: datetime) -> int:
    """Merge donors who changed banks and whom no code recognises, but for some at the end; return how many."""
    accounts: defaultdict[str, set[str]] = defaultdict(set)
    for each in movements:
        if each.truth.purpose is Purpose.GIFT and each.truth.is_plain and not each.party.code:
            accounts[name_key(each.truth.donor)].add(each.party.iban)
    moved = [name for name, ibans in sorted(accounts.items()) if len(ibans) > 1]
    merged = 0
    for name in moved[: -left or None]:
        donors = sorted(_named(session, name))
        for goes in donors[1:]:
            reason = "The same person with a new account."
            merge(session, goes, into=donors[0], reason=reason, by=by, now=now)
            merged += 1
    return merged


def remember(session: WriteSession, movements: Sequence[Movement], *, by: str, now: datetime) -> None:
    """Note what those told who give most often, and whether their names may be shown."""
    often = Counter(each.truth.donor for each in movements if each.truth.purpose is Purpose.GIFT and each.truth.donor)
    told = (
        "Wants the certificate by post.",
        "Gives in memory of grandmother.",
        "Works at the library.",
    )
    for at, (name, _) in enumerate(often.most_common(12)):
        donor = min(_named(session, name), default=None)
        if donor is None:
            continue
        if at < len(told):
            write_note(session, donor, told[at], by=by, at=now)
        said, day = "yes" if at % 3 else "no", now.date() - timedelta(days=7)
        kind, source = ConsentKind.PUBLIC_NAME, "Answered our letter of thanks."
        record_consent(session, donor, kind, said, given_on=day, source=source, by=by, at=now)


def close_months(session: WriteSession, months: Sequence[Month], *, by: str, now: datetime) -> None:
    """Close months in their order; what is still asked is no hindrance, with a reason."""
    for month in months:
        close(session, month, by=by, now=now, today=now.date(), reasons=lambda _: _WHY_CLOSED)


def set_goal(
    session: WriteSession, *, minor: Minor, since: Month, spending_since: Month, by: str, now: datetime
) -> None:
    """Hope for a sum, counted from a month on, and publish what is spent from another on."""
    goal = Goal(minor=minor, text=GOAL_TEXT, since=since.first_day)
    set_terms(session, PublishingTerms(goal=goal, spending_since=spending_since.first_day), by=by, at=now)


def publish_months(session: WriteSession, *, organisation: str, by: str, now: datetime) -> None:
    """Publish what may be published by now."""
    if blocks_ready(as_reader(session), now=now):
        publish(session, organisation=organisation, by=by, now=now)


def _named(session: WriteSession, name: str) -> frozenset[DonorId]:
    key = name_key(name)
    return people.donors_named(as_reader(session), [key]).get(key, frozenset())


TREASURER = "Kadri"
LEFT_OPEN = 20
"""The newest questions, which the visitor finds open."""
MERGES_LEFT = 2
"""Donors with two accounts, whom the visitor may merge."""
MONTHS_OPEN = 3
"""The newest months, which are not closed yet."""

GOAL: Minor = 60_000_00
"""Hoped for in the last year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningDone:
    """What came of one evening."""

    month: Month
    """The last one that was downloaded."""
    files: int
    new: int
    """Lines that nothing had shown before."""
    known: int
    gifts: int
    minor: Minor
    """Of these gifts."""
    questions: int
    answered: int


class BadStoryError(Exception):
    """A file of the story was refused: the story is wrong, not the reader."""


class Evenings:
    """Keeps the books of a story in a fresh database."""

    def __init__(
        self,
        engine: Engine,
        story: Story,
        *,
        now: datetime,
        left_open: int = LEFT_OPEN,
        limits: Limits | None = None,
    ) -> None:
        self._engine, self._story, self._now = engine, story, now
        self._left_open = left_open
        self._limits = limits or Limits()
        self._folder = Folder(story)
        self._known = Knowledge.of(story.movements)
        self._has_undone = self._has_rules = False
        self._categories: dict[str, CategoryId] = {}

    def all(self, *, first: int = 1) -> Iterator[EveningDone]:
        """Register accounts and appeals, spend an evening on each month, and tidy up.

        On the first evening so many months come at once, as with somebody who begins with years of statements.
        """
        with writing(self._engine) as session:
            register(session, self._story, now=self._now)
            span, year = self._story.span, Month(self._story.span[-1].year, 1)
            say_of_itself(session, by=TREASURER, now=self._now)
            set_goal(session, minor=GOAL, since=year, spending_since=span[0], by=TREASURER, now=self._now)
            self._categories = make_categories(session, by=TREASURER, now=self._now)
        yield self._evening(0, first)
        for at in range(first, len(self._story.span)):
            yield self._evening(at, at + 1)
        with writing(self._engine) as session:
            movements = self._story.movements
            merge_moved(session, movements, left=MERGES_LEFT, by=TREASURER, now=self._now)
            remember(session, movements, by=TREASURER, now=self._now)

    def _evening(self, start: int, end: int) -> EveningDone:
        """Spend an evening on the months from `start` to before `end`, counted from 0."""
        whole = self._story.span
        span, closable = whole[start:end], whole[max(0, start - MONTHS_OPEN) : max(0, end - MONTHS_OPEN)]
        now = min(self._now, datetime.combine(day_in(span[-1].next, 4), time(18, 30), tzinfo=UTC))
        results = [self._take(download, now) for download in self._folder.of_months(span)]
        self._undo_once(results, now)
        with writing(self._engine) as session:
            if not self._has_rules and end > len(whole) // 2:
                self._has_rules = make_rules(session, self._known, by=TREASURER, now=now)
            answered = answer_all_but(session, self._known, left=self._left_open, by=TREASURER, now=now)
            close_months(session, closable, by=TREASURER, now=now)
            categorise(session, self._categories, by=TREASURER, now=now)
            publish_months(session, organisation=self._story.owner.name, by=TREASURER, now=now)
        statements = [statement for result in results for statement in result.statements]
        return EveningDone(
            month=span[-1],
            files=len(results),
            new=sum(each.new for each in statements),
            known=sum(each.known for each in statements),
            gifts=sum(result.gifts for result in results),
            minor=sum(dict(result.gift_totals).get(EUR, 0) for result in results),
            questions=sum(result.questions for result in results),
            answered=answered,
        )

    def _take(self, download: DownloadedFile, now: datetime) -> FileResult:
        given = GivenFile(name=download.name, content=download.content)
        result = take(self._engine, given, Terms(by=TREASURER, now=now, limits=self._limits))
        if result.status in {FileStatus.REFUSED, FileStatus.WAITS}:
            raise BadStoryError(result.problems)
        return result

    def _undo_once(self, results: Sequence[FileResult], now: datetime) -> None:
        """Take the first file back that showed nothing new, as somebody does who wants to see whether it works."""
        spare = [result.file_id for result in results if result.status is FileStatus.NOTHING_NEW]
        if self._has_undone or not spare or spare[0] is None:
            return
        with writing(self._engine) as session:
            undo(session, spare[0], by=TREASURER, now=now)
        self._has_undone = True


def register(session: WriteSession, story: Story, *, now: datetime) -> None:
    """Register the own accounts, and the appeals with their keywords and reference."""
    for account in story.accounts:
        number = parse_iban(account.iban)
        if number is not None:
            registering.register(session, NewAccount(number=number, name=account.name), now=now)
    first = people.appeals(as_reader(session))[0]
    registering.rename(session, name=GENERAL, appeal=first.id)
    known = {GENERAL: first}
    reference = parse_reference(MEADOW_REFERENCE)
    for name, words in KEYWORDS.items():
        has = known[name].keywords if name in known else ()
        names = NewNames(
            appeal=known[name].id if name in known else name,
            keywords=tuple(word for word in map(parse_keyword, words) if word not in has),
            references=(reference,) if name == MEADOW and reference is not None else (),
        )
        registering.register(session, names, now=now)
