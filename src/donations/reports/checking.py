"""All invariants run on the books as they are, and whether a script may go on."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import assert_never

from donations.acts.asking import judged_now
from donations.acts.proving import proofs
from donations.core.canonical import broken_links
from donations.core.donor import Claim, DonorId
from donations.core.iban import masked, parse_account
from donations.core.language import N_, Sentence
from donations.core.money import EUR
from donations.core.payment import Allocation, Decision, Payment
from donations.core.progress import Tell, silent
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.identity.donors import own
from donations.identity.proof import DayCause, DayState
from donations.ledger.audit import Head, complaints
from donations.ledger.booking import live
from donations.ledger.checked_books import CheckedBooks, Violation
from donations.ledger.checks import CHECKS, sentence
from donations.ledger.figures import added
from donations.matching.outcome import Ask, Gift, NotAGift, Outcome, Taught
from donations.published.document import block_complaints
from donations.reports.day_reasons import Reasons
from donations.reports.month import figures
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import OwnText, sentences
from donations.store.donors import people
from donations.store.donors.grouping import surroundings_of
from donations.store.donors.links import kept_links, links_of
from donations.store.donors.restricted import forgotten_payments, payments_of_restricted
from donations.store.giving.streams import wrongly_judged, wrongly_summed
from donations.store.log.audit import whole_log
from donations.store.months import changes, closings, closings_in_force
from donations.store.papers import KeptCertificate, certificates_of
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import attested_ids, has_payments, load_payments
from donations.store.public import newest_snapshot
from donations.store.public_sums import counted_by_block
from donations.store.publishing import blocks
from donations.store.reporting import books
from donations.store.session import ReadSession
from donations.store.spending import costs, published_so_far
from donations.views.phrases import PLAIN

_NONE_KEPT = Head()


def audit_log_chained(session: ReadSession, known: Head = _NONE_KEPT) -> Iterator[Violation]:
    """Every entry of the audit log is as it was written, and follows on the one before."""
    for number, what in complaints(whole_log(session), known=known):
        yield Violation(Sentence.of(N_("entry {number}"), number=number), what)


def certificates_whole(session: ReadSession) -> Iterator[Violation]:
    """Every certificate is as it was issued, says gifts of its year, and the numbers of each year have no gap."""
    numbers: defaultdict[int, int] = defaultdict(int)
    for each in certificates_of(session):
        numbers[each.year] += 1
        if each.number != numbers[each.year]:
            yield Violation(
                Sentence.of(N_("certificate {number}"), number=each.written_number),
                Sentence.of(N_("comes after a gap in the numbers")),
            )
            numbers[each.year] = each.number
        if each.name is not None and each.digest != each.own_digest:
            yield Violation(
                Sentence.of(N_("certificate {number}"), number=each.written_number),
                Sentence.of(N_("was changed after it was issued")),
            )
        if not _is_of_its_year(each):
            yield Violation(
                Sentence.of(N_("certificate {number}"), number=each.written_number),
                Sentence.of(N_("says what nobody gave in its year")),
            )


def _is_of_its_year(certificate: KeptCertificate) -> bool:
    """Gifts are of the year, what went back of them came in it or later, and something is left."""
    left: Counter[str] = Counter()
    for day, minor, currency, _ in json.loads(certificate.figures)["parts"]:
        left[currency] += minor
        year = date.fromisoformat(day).year
        if year < certificate.year or (minor > 0 and year != certificate.year):
            return False
    return max(left.values(), default=0) > 0


def closings_chained(session: ReadSession) -> Iterator[Violation]:
    """Every closing is as it was made, names the one before, and no month is closed twice."""
    chain = closings(session)
    for at in broken_links((each.seal, each.digest) for each in chain):
        yield Violation(
            Sentence.of(N_("month {month}"), month=chain[at].month),
            Sentence.of(N_("was changed after it was closed, or a closing before it is gone")),
        )
    for month, times in Counter(each.month for each in chain if each.reopening is None).items():
        if times > 1:
            yield Violation(Sentence.of(N_("month {month}"), month=month), Sentence.of(N_("is closed twice")))


def closed_months_add_up(session: ReadSession) -> Iterator[Violation]:
    """What was frozen and every correction since are what the closed months come to now."""
    standing = closings_in_force(session)
    proved, since = (proofs(session), changes(session, standing.values())) if standing else ([], {})
    for month, closing in standing.items():
        expected = added([closing.figures.sums, *(change.sums for change in since.get(closing.id, ()))])
        now = figures(session, month, proved).sums
        for figure in sorted(name for name in expected.keys() | now.keys() if expected[name] != now[name]):
            what = Sentence.of(
                N_("{frozen} {what} of {of} {currency} are explained, {now} stand in the books"),
                frozen=expected[figure],
                what=figure.what,
                of=figure.of,
                currency=figure.currency,
                now=now[figure],
            )
            yield Violation(Sentence.of(N_("month {month}"), month=month), what)


def days_without_conflict(session: ReadSession) -> Iterator[Violation]:
    """No day is in conflict, but of statements that do not add up and that a person accepted so in writing."""
    reasons = Reasons(session)
    for proved in proofs(session):
        number = parse_account(proved.number)
        account = proved.number if number is None else masked(number)
        for run in proved.runs:
            if run.state is DayState.CONFLICT and run.why is not None and run.why.cause is not DayCause.DOES_NOT_ADD_UP:
                found = reasons.of(proved, run)
                where = Sentence.of(
                    N_("account {account} {currency}, {first_day} to {last_day}"),
                    account=account,
                    currency=proved.currency,
                    first_day=run.first_day,
                    last_day=run.last_day,
                )
                said = "" if found.in_words is None else PLAIN.tell(found.in_words.phrase)
                why = ("why", sentences([found.why, None if found.near is None else found.near.phrase]))
                yield Violation(where, OwnText("{why}", why, code=f"{run.state}, {run.why.cause}: {said}"))


def donors_grouped(session: ReadSession) -> Iterator[Violation]:
    """Each claim is the donor's with whom the bank's lines and people's words put it, and no other link stands."""
    known = surroundings_of(session, people.all_claims(session))
    owned = own(known.groups, known.registered, seen=known.seen)
    numbers = people.claim_numbers(session, known.registered)
    for claim, donor in known.registered.items():
        if owned.owners.get(claim) != donor:
            yield Violation(
                Sentence.of(N_("claim {number}"), number=numbers[claim]),
                Sentence.of(N_("is not donor {donor}'s any more"), donor=donor),
            )
    pairs = {
        (min(owned.owners[one], owned.owners[other]), max(owned.owners[one], owned.owners[other]))
        for one, other in known.groups.links
        if {one, other} <= owned.owners.keys()
    }
    wanted = {(one, other) for one, other in pairs if one != other}
    standing = links_of(session)
    for one, other in sorted(wanted - standing):
        yield Violation(
            Sentence.of(N_("donor {number}"), number=one),
            Sentence.of(N_("is one with donor {other} by the bank's lines, and is not linked"), other=other),
        )
    for one, other in sorted(standing - wanted - kept_links(session)):
        yield Violation(
            Sentence.of(N_("donor {number}"), number=one),
            Sentence.of(N_("is linked with donor {other}, and no line says so"), other=other),
        )


def regular_gifts_current(session: ReadSession) -> Iterator[Violation]:
    """Judging anew who gives regularly would change nothing."""
    said = Sentence.of(N_("the gifts say something else of regular giving than what is kept"))
    for donor in wrongly_judged(session):
        yield Violation(Sentence.of(N_("donor {number}"), number=donor), said)
    other = Sentence.of(N_("other sums are kept than regular gifts come to"))
    yield from (Violation(Sentence.of("{day}", day=day), other) for day in wrongly_summed(session))


def published_blocks_chained(session: ReadSession) -> Iterator[Violation]:
    """Every published block is as it was made, names the one before, and is what the public sees."""
    kept, shown = blocks(session), newest_snapshot(session)
    for each in kept:
        if each.digest != each.block.digest:
            yield Violation(
                Sentence.of(N_("block {number}"), number=each.block.number),
                Sentence.of(N_("was changed after it was published")),
            )
    if shown is None:
        return
    document = json.loads(shown.content)
    for said in block_complaints(document):
        yield Violation(Sentence.of(N_("the public page")), said)
    if [each["sha256"] for each in document["blocks"]] != [each.digest for each in kept]:
        yield Violation(
            Sentence.of(N_("the public page")), Sentence.of(N_("shows other blocks than those that were published"))
        )


def published_blocks_add_up(session: ReadSession) -> Iterator[Violation]:
    """Every published block is what the ledger counted for it when it was made, with the corrections it carries."""
    kept = blocks(session)
    for each, counted in zip(kept, counted_by_block(session, kept), strict=True):
        if each.block.minor != counted.minor and not each.block.is_rounded:
            found = Sentence.of(
                N_("is {published} cents, the ledger had {counted}"), published=each.block.minor, counted=counted.minor
            )
            yield Violation(Sentence.of(N_("block {number}"), number=each.block.number), found)


def published_spending_adds_up(session: ReadSession) -> Iterator[Violation]:
    """The spending that blocks tell is what the ledger's costs were when the newest of them was made."""
    tellers = [(each.block.spending, each) for each in blocks(session) if each.block.spending is not None]
    if not tellers or any(each.block.is_rounded for _, each in tellers):
        return
    newest_told, teller = tellers[-1]
    found = costs(
        session,
        first_day=tellers[0][0].first_day,
        last_day=newest_told.last_day,
        after_allocation=teller.last_allocation,
    )
    expected = sum(each.minor - each.late for each in found if each.currency == EUR)
    public, kept = sum(told.minor for told, _ in tellers), published_so_far(session).total()
    if not expected == public == kept:
        yield Violation(
            Sentence.of(N_("the published spending")),
            Sentence.of(
                N_("is {published} cents, {kept} by category, the ledger had {counted}"),
                published=public,
                kept=kept,
                counted=expected,
            ),
        )


COLUMNS = (
    Column("check", N_("Check"), ColumnKind.TEXT),
    Column("state", N_("State"), ColumnKind.TEXT),
    Column("where", N_("Where"), ColumnKind.TEXT),
    Column("what", N_("What"), ColumnKind.TEXT),
)
SHOWN_MAX = 20
"""Of one check; the first ones tell what is wrong."""


def _own(said: Sentence | str) -> str:
    return OwnText(said.english, *said.values) if isinstance(said, Sentence) else said


_HOLDS = OwnText(N_("holds"), code="holds")
_BROKEN = OwnText(N_("broken"), code="broken")
_CONFLICT = OwnText(N_("conflict"), code="conflict")
_EMPTY = Note("nothing_to_check", N_("There is no payment in these books: nothing was checked."))


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found."""

    table: Table
    broken: frozenset[str]
    """The names of the invariants that do not hold."""
    has_conflict: bool = False
    """Days of an own account contradict: no fault of the books, but a person must look."""

    is_empty: bool = False
    """There is no payment to check anything of: what holds of nothing may be the wrong books."""

    @property
    def exit_status(self) -> int:
        """0 where everything holds, else 1."""
        return 1 if self.broken or self.has_conflict or self.is_empty else 0


def check(session: ReadSession, names: Sequence[str] = (), *, known: Head = _NONE_KEPT, tell: Tell = silent) -> Checked:
    """Run the checks of these names (none: all) on everything; raises `Refusal` for another name.

    A head of the log that was kept elsewhere has to be in it. Told is how many checks are over.
    """
    if not set(names) <= set(NAMES):
        raise Refusal(BooksCode.UNKNOWN_CHECK, checks=", ".join(NAMES))
    wanted = {*names, audit_log_chained.__name__} if names and known.number else names
    chosen = [name for name in NAMES if name in wanted or not names]
    rows: list[Row] = []
    broken: set[str] = set()
    tell(0, len(chosen))
    for at, (name, found) in enumerate(run_checks(session, chosen, known=known), 1):
        tell(at, len(chosen))
        state = _CONFLICT if name == DAYS else _BROKEN
        rows += [(name, state, _own(each.where), _own(each.what)) for each in found] or [
            (name, _HOLDS, None, OwnText(sentence_of(name)))
        ]
        broken |= {name} if found else set()
    is_empty = not has_payments(session)
    table = Table(title=OwnText(N_("Checks")), columns=COLUMNS, rows=tuple(rows), notes=(_EMPTY,) if is_empty else ())
    return Checked(table, frozenset(broken - {DAYS}), has_conflict=DAYS in broken, is_empty=is_empty)


_Ran = tuple[str, list[Violation]]


def run_checks(session: ReadSession, names: Sequence[str], *, known: Head = _NONE_KEPT) -> Iterator[_Ran]:
    """Run these checks one after the other, and yield after each what it found, `SHOWN_MAX` at most."""
    facts = books(session) if any(name in CHECKS for name in names) else CheckedBooks()
    for name in names:
        yield name, list(islice(_violations(session, name, facts, known), SHOWN_MAX))


def rules_repeatable(session: ReadSession) -> Iterator[Violation]:
    """Judging every payment again would change nothing; what is booked for a donor who is out of sight stays so."""
    attested = set(attested_ids(session))
    stay = forgotten_payments(session, attested) | payments_of_restricted(session, attested)
    payments = load_payments(session, attested - stay)
    outcomes = judged_now(session, payments)
    claims = [outcome.claim for outcome in outcomes.values() if isinstance(outcome, Gift)]
    donors = people.donors_claimed(session, claims)
    standing = allocations_of(session, outcomes)
    tops = _tops(session, outcomes.values(), standing.values(), donors.values())
    for payment in payments:
        booked = live(standing.get(payment.id, []))
        by_person = any(row.decision.person is not None for row in booked)
        wanted = _wanted(payment, outcomes[payment.id], donors, tops)
        if not by_person and [_booked(row, tops) for row in booked] != wanted:
            yield Violation(
                Sentence.of(N_("payment {number}"), number=payment.id),
                Sentence.of(N_("the rules would book it otherwise now; see: donations check --rejudge")),
            )


_Tops = Mapping[DonorId | None, DonorId]


def _tops(
    session: ReadSession, outcomes: Iterable[Outcome], booked: Iterable[list[Allocation]], claimed: Iterable[DonorId]
) -> _Tops:
    """Return who stands for each donor: what is booked for one of several who are one is right."""
    taught = (outcome.donor for outcome in outcomes if isinstance(outcome, Taught))
    ids = {*claimed, *taught, *(row.donor for rows in booked for row in rows)}
    known = people.donors(session, [donor for donor in ids if donor is not None])
    return {donor: each.id for donor, each in known.items()}


def _booked(row: Allocation, tops: _Tops) -> tuple[object, ...]:
    return (row.purpose, row.amount, tops.get(row.donor), row.appeal, row.decision.rule_kept)


def _wanted(
    payment: Payment, outcome: Outcome, donors: Mapping[Claim, DonorId], tops: _Tops
) -> list[tuple[object, ...]]:
    rule = Decision(reason="", rule=outcome.reason.rule).rule_kept
    match outcome:
        case Ask():
            return []
        case Gift(appeal=appeal, claim=claim):
            return [("gift", payment.money.amount, tops.get(donors.get(claim)), appeal, rule)]
        case NotAGift(purpose=purpose):
            return [(purpose, payment.money.amount, None, None, rule)]
        case Taught(purpose=purpose, donor=donor, appeal=appeal):
            return [(purpose, payment.money.amount, tops.get(donor), appeal, rule)]
        case _:
            assert_never(outcome)


RULES_REPEATABLE = rules_repeatable.__name__
DAYS = days_without_conflict.__name__
"""What no fault of the books breaks."""
_OF_DATABASE: dict[str, Callable[[ReadSession], Iterator[Violation]]] = {
    each.__name__: each
    for each in (
        *(days_without_conflict, rules_repeatable, donors_grouped, regular_gifts_current),
        *(closings_chained, closed_months_add_up, certificates_whole),
        *(published_blocks_chained, published_blocks_add_up, published_spending_adds_up, audit_log_chained),
    )
}
"""Checks that ask the database more than the ledger's plain values hold."""

NAMES = (*CHECKS, *_OF_DATABASE)
"""What a person can type, in the order in which they are run."""


def _violations(session: ReadSession, name: str, facts: CheckedBooks, known: Head) -> Iterable[Violation]:
    if name == audit_log_chained.__name__:
        return audit_log_chained(session, known)
    return CHECKS[name](facts) if name in CHECKS else _OF_DATABASE[name](session)


def sentence_of(name: str) -> str:
    """Return what the books are held to by a check, marked for translation."""
    return sentence(name) if name in CHECKS else _OF_DATABASE[name].__doc__ or ""
