"""Every invariant of the books by a name that a person can type, as a pure function over plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from donations.core.donor import DonorId
from donations.core.language import N_, Sentence
from donations.core.money import Currency, Minor
from donations.core.payment import Allocation, Purpose
from donations.ledger.booking import live
from donations.ledger.checked_books import CheckedBooks, Violation
from donations.ledger.day_sums import fold

_says = Sentence.of


def _allocation(number: int) -> Sentence:
    return _says(N_("allocation {number}"), number=number)


def _payment(number: int) -> Sentence:
    return _says(N_("payment {number}"), number=number)


def _line(number: int) -> Sentence:
    return _says(N_("line {number}"), number=number)


def _statement(number: int) -> Sentence:
    return _says(N_("statement {number}"), number=number)


Check = Callable[[CheckedBooks], Iterator[Violation]]


def allocations_within_payment(books: CheckedBooks) -> Iterator[Violation]:
    """What a payment was for never exceeds it, and is in its currency."""
    sums: Counter[int] = Counter()
    for row in live(books.allocations):
        sums[row.payment] += row.amount.minor
        if row.amount.currency != books.payments[row.payment].currency:
            yield Violation(_allocation(row.id), _says(N_("is in another currency than its payment")))
    for payment, minor in sums.items():
        if minor > abs(books.payments[payment].minor):
            yield Violation(
                _payment(payment),
                _says(N_("{minor} is allocated of {whole}"), minor=minor, whole=abs(books.payments[payment].minor)),
            )


_SIGNS = {Purpose.GIFT: 1, Purpose.INCOME: 1, Purpose.REFUND: -1, Purpose.COST: -1}
"""Which way money of a purpose moves; a transfer moves as its payment does."""


def purposes_fit(books: CheckedBooks) -> Iterator[Violation]:
    """Gifts and income come in, refunds and costs go out."""
    for row in live(books.allocations):
        sign = _sign(books.payments[row.payment].minor)
        if _SIGNS.get(row.purpose, sign) != sign:
            yield Violation(
                _allocation(row.id),
                _says(N_("{purpose} does not fit the direction of the money"), purpose=row.purpose.value),
            )


def movement_conserved(books: CheckedBooks) -> Iterator[Violation]:
    """Gifts, income and transfers in, less refunds, costs and transfers out, and what is unallocated, are the movement.

    For each account and currency.
    """
    purposes: Counter[tuple[int, Currency]] = Counter()
    allocated: Counter[int] = Counter()
    for row in live(books.allocations):
        payment = books.payments[row.payment]
        sign = _SIGNS.get(row.purpose, _sign(payment.minor))
        purposes[payment.account, row.amount.currency] += sign * row.amount.minor
        allocated[row.payment] += row.amount.minor
    moved: Counter[tuple[int, Currency]] = Counter()
    for payment in (books.payments[each] for each in books.attested):
        left = abs(payment.minor) - allocated[payment.id]
        purposes[payment.account, payment.currency] += _sign(payment.minor) * left
        moved[payment.account, payment.currency] += payment.minor
    for key in sorted(purposes.keys() | moved.keys()):
        if purposes[key] != moved[key]:
            yield Violation(
                _says(N_("account {account} {currency}"), account=key[0], currency=key[1]),
                _says(N_("{purposes} has a purpose or none, {moved} moved"), purposes=purposes[key], moved=moved[key]),
            )


def no_payment_without_line(books: CheckedBooks) -> Iterator[Violation]:
    """Nothing stands on a payment that no line attests."""
    attested = books.attested
    for row in live(books.allocations):
        if row.payment not in attested:
            yield Violation(
                _allocation(row.id),
                _says(N_("stands on payment {payment}, which no line attests"), payment=row.payment),
            )


def one_payment_per_line(books: CheckedBooks) -> Iterator[Violation]:
    """A line attests one payment; only the total of a batch attests several, which are the batch's parts."""
    of_batches = {line.id for line in books.lines.values() if line.is_total or line.batch is not None}
    in_batch = {payment for line, payment in books.attestations if line in of_batches}
    for line, payments in _payments_of_lines(books).items():
        if len(payments) > 1 and not in_batch.issuperset(payments):
            yield Violation(
                _line(line), _says(N_("attests payments {payments}"), payments=", ".join(map(str, sorted(payments))))
            )


def one_line_per_statement(books: CheckedBooks) -> Iterator[Violation]:
    """Two lines of one statement never attest the same payment: that is how twins stay two."""
    seen: Counter[tuple[int, int]] = Counter()
    for line, payment in books.attestations:
        if line in books.lines:
            seen[books.lines[line].statement, payment] += 1
    for (statement, payment), count in seen.items():
        if count > 1:
            yield Violation(
                _payment(payment),
                _says(N_("{count} lines of statement {statement} attest it"), count=count, statement=statement),
            )


def twins_counted(books: CheckedBooks) -> Iterator[Violation]:
    """Payments of one account, day and amount have each their own number."""
    seen: dict[tuple[int, Currency, date, Minor, int], int] = {}
    for each in books.payments.values():
        other = seen.setdefault(each[1:], each.id)
        if other != each.id:
            yield Violation(_payment(each.id), _says(N_("is counted as payment {other} is"), other=other))


def reversals_mirror(books: CheckedBooks) -> Iterator[Violation]:
    """A reversal takes back exactly one allocation, whole and once, and is not reversed itself."""
    by_id = {row.id: row for row in books.allocations}
    taken: set[int] = set()
    for row in books.allocations:
        if row.reverses is None:
            continue
        mirrored = by_id.get(row.reverses)
        if mirrored is None or mirrored.reverses is not None or _content(mirrored) != _content(row):
            yield Violation(_allocation(row.id), _says(N_("does not mirror allocation {other}"), other=row.reverses))
        if row.reverses in taken:
            yield Violation(_allocation(row.id), _says(N_("reverses allocation {other} once more"), other=row.reverses))
        taken.add(row.reverses)


def gift_has_cause(books: CheckedBooks) -> Iterator[Violation]:
    """A gift by a rule has a keyword or reference and a valid account number; any other is a person's decision.

    So is what a standing rule says, which a person made.
    """
    for row in live(books.allocations):
        decision = row.decision
        if row.purpose is not Purpose.GIFT or decision.person is not None or decision.rule in books.standing_rules:
            continue
        seen = {name for name, _ in decision.evidence}
        if not (decision.reason == "keyword" and "keyword" in seen) and not (
            decision.reason == "reference" and "field" in seen
        ):
            yield Violation(
                _allocation(row.id), _says(N_("is a gift by a rule that saw neither keyword nor reference"))
            )
        if row.payment in books.without_iban:
            yield Violation(_allocation(row.id), _says(N_("is a gift by a rule from no valid account")))


def statement_lines_complete(books: CheckedBooks) -> Iterator[Violation]:
    """Every line of an active statement is in the ledger, with its account, day and amount; nothing else is.

    The parts of a batch stand for its total; where another statement splits it otherwise, it stands for the others.
    """
    attesting = _payments_of_lines(books)
    by_parts: Counter[int] = Counter()
    for line in books.lines.values():
        if line.batch is not None and line.id in attesting:
            by_parts[line.batch] += line.minor
    for line in books.lines.values():
        payments = [books.payments[each] for each in attesting.get(line.id, ())]
        rest = line.minor - by_parts[line.id]
        if line.is_total and payments and not rest:
            yield Violation(_line(line.id), _says(N_("is the total of a batch and counted beside its parts")))
        elif not payments:
            is_told = line.is_total or line.batch in attesting
            if line.id not in books.left_out and not is_told:
                yield Violation(_line(line.id), _says(N_("attests no payment")))
        elif {each[1:4] for each in payments} != {line[2:5]} or sum(each.minor for each in payments) != rest:
            yield Violation(_line(line.id), _says(N_("attests another account, currency, day or amount")))
    for line_id in attesting.keys() - books.lines.keys():
        yield Violation(_line(line_id), _says(N_("attests a payment although its import does not count")))


def balances_chain(books: CheckedBooks) -> Iterator[Violation]:
    """Opening balance and lines make the closing balance, unless a person accepted in writing that they do not."""
    for each in books.statements:
        if each.opening is None or each.closing is None or each.accepted is not None:
            continue
        difference = each.closing - each.opening - each.moved
        if difference:
            yield Violation(
                _says(N_("statement {number} of import {file}"), number=each.id, file=each.file),
                _says(N_("does not add up by {difference}"), difference=difference),
            )


def merges_stand(books: CheckedBooks) -> Iterator[Violation]:
    """Donors who are one by merges and by the bank's lines point at one of them, and nobody else points anywhere.

    Whoever was merged stands for nobody.
    """
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in (*books.merges.items(), *books.links):
        beside[one].add(other)
        beside[other].add(one)
    waiting = {*beside, *books.merged_into}
    while waiting:
        new, together = {min(waiting)}, set[int]()
        while new:
            together |= new
            new = {other for each in new for other in beside[each]} - together
        waiting -= together
        tops = {each for each in together if each not in books.merged_into}
        shown = {donor: books.merged_into.get(DonorId(donor), donor) for donor in together}
        if len(tops) != 1 or not tops.isdisjoint(books.merges) or set(shown.values()) != tops:
            for donor, top in sorted(shown.items()):
                yield Violation(
                    _says(N_("donor {number}"), number=donor), _says(N_("is shown as donor {other}"), other=top)
                )


def append_only(books: CheckedBooks) -> Iterator[Violation]:
    """The database itself refuses to change or delete what was recorded."""
    for table, verb in books.unguarded:
        yield Violation(_says(N_("table {table}"), table=table), _says(N_("nothing refuses {verb}"), verb=verb))


def integers(books: CheckedBooks) -> Iterator[Violation]:
    """Money is whole minor units everywhere."""
    amounts: list[tuple[Sentence, object]] = [
        *((_payment(each.id), each.minor) for each in books.payments.values()),
        *((_allocation(each.id), each.amount.minor) for each in books.allocations),
        *((_line(each.id), each.minor) for each in books.lines.values()),
        *((_statement(each.id), each.opening or 0) for each in books.statements),
        *((_statement(each.id), each.closing or 0) for each in books.statements),
    ]
    for where, minor in amounts:
        if type(minor) is not int:
            yield Violation(where, _says(N_("has {minor} minor units"), minor=repr(minor)))


def source_kept(books: CheckedBooks) -> Iterator[Violation]:
    """The bytes of every imported file are kept as they came."""
    for each in books.documents:
        if each.bytes_now is None:
            yield Violation(_says(N_("file {digest}"), digest=each.kept_as[:12]), _says(N_("its bytes are gone")))
        elif each.bytes_now != each.kept_as:
            yield Violation(_says(N_("file {digest}"), digest=each.kept_as[:12]), _says(N_("its bytes have changed")))


def sums_kept(books: CheckedBooks) -> Iterator[Violation]:
    """What is kept of each day, and of what waits for a purpose, is what the allocations come to."""
    found = fold(books.payments, books.allocations, books.attested)
    for day in sorted({key.day for key, _ in found.sums.items() ^ books.day_sums.sums.items()}):
        yield Violation(_says("{day}", day=day), _says(N_("other sums are kept than the allocations come to")))
    for number in sorted(each for each, _ in found.open_parts.items() ^ books.day_sums.open_parts.items()):
        yield Violation(_payment(number), _says(N_("more or less is kept as open than the allocations leave")))


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        source_kept,
        append_only,
        integers,
        statement_lines_complete,
        one_payment_per_line,
        one_line_per_statement,
        no_payment_without_line,
        twins_counted,
        balances_chain,
        allocations_within_payment,
        sums_kept,
        purposes_fit,
        reversals_mirror,
        gift_has_cause,
        merges_stand,
        movement_conserved,
    )
}
"""From the bytes to the books. A check's name is what a person types; its sentence is the first of its docstring."""


def sentence(name: str) -> str:
    """Return what a check holds the books to; raises `KeyError` for a name that is none."""
    return (CHECKS[name].__doc__ or "").partition("\n")[0]


def _payments_of_lines(books: CheckedBooks) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for line, payment in books.attestations:
        found[line].append(payment)
    return found


def _sign(minor: Minor) -> int:
    return 1 if minor > 0 else -1


def _content(row: Allocation) -> tuple[object, ...]:
    return (row.payment, row.purpose, row.amount, row.donor, row.appeal, row.returns)
