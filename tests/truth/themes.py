"""Themes of real life, each a function that adds its movements: what statements of small associations are full of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.truth.movements import Making
from tests.truth.values import Clarity, Kind, Meaning, Movement, Party, Person, Purpose
from tests.truth.words import (
    GIFTS,
    GRANTS,
    INSTITUTIONS,
    OTHER_MONEY_IN,
    PAYERS_OUT,
    PAYOUTS,
    PRINTED,
    PUBLIC_BODIES,
    REFUNDS,
    STANDING,
    UNDECIDABLE,
)


def twins(making: Making) -> None:
    """The same gift twice or three times a day, and the same amount of others beside it."""
    who, other = making.crowd.person(), making.crowd.person()
    for _ in range(making.random.randint(1, 2)):
        day, minor = making.some_day(), making.amount()
        account, text = making.home().iban, making.random.choice(GIFTS)
        for _ in range(making.random.randint(2, 3)):
            making.gift(who, day, minor, text, account=account)
        if making.random.random() < 0.6:
            making.gift(other, day, minor, account=account)


def batches(making: Making) -> None:
    """Several gifts in one entry; singles beside it that equal the total or a part."""
    people = [making.crowd.person() for _ in range(4)]
    for _ in range(making.random.randint(1, 2)):
        day, account = making.some_day(), making.home().iban
        at, batch = making.moment(day, "morning"), making.batches
        making.batches += 1
        givers = making.random.sample(people, making.random.randint(2, 4))
        parts = [making.gift(who, day, account=account, at=at, batch=batch) for who in givers]
        total = sum(each.minor for each in parts)
        if making.random.random() < 0.6:
            late = making.moment(day, "evening")
            making.gift(making.random.choice(people), day, total, account=account, at=late)
        if making.random.random() < 0.5:
            again = making.random.choice(parts)
            making.gift(making.crowd.people[again.meaning.giver or 0], day, again.minor, again.text, account=account)


def refunds(making: Making) -> None:
    """A gift goes back: to its account, to another one, or by name alone; whole or in part."""
    for _ in range(making.random.randint(1, 2)):
        _refund(making, making.crowd.with_two_accounts(), making.gift)


def _refund(making: Making, who: Person, give: Callable[..., Movement]) -> Movement:
    gift = give(who, making.some_day(before_end=8))
    day = gift.day + timedelta(days=making.random.randint(1, 5))
    back = gift.minor if making.random.random() < 0.8 else max(gift.minor // 2, 1)
    way = making.random.random()
    iban = gift.party.iban if way < 0.5 else who.ibans[-1] if way < 0.8 else ""
    return making.add(
        day,
        -back,
        Party(name=gift.party.name, iban=iban, code=who.code),
        making.random.choice(REFUNDS),
        Meaning(purpose=Purpose.REFUND, giver=who.key, of=gift.key, clarity=Clarity.ASK),
        account=gift.account,
    )


def bounced(making: Making) -> None:
    """A refund that comes back: the account of the giver is closed."""
    who = making.crowd.person()
    refund = _refund(making, who, making.gift)
    day = min(refund.day + timedelta(days=making.random.randint(0, 2)), making.last_day)
    making.add(
        day,
        -refund.minor,
        refund.party,
        making.random.choice(("", refund.text, "Returned: account closed")),
        Meaning(purpose=Purpose.INCOME, giver=who.key, of=refund.key, clarity=Clarity.ASK),
        account=refund.account,
        kind=making.random.choice((Kind.RETURN, Kind.TRANSFER)),
    )


def own_transfers(making: Making) -> None:
    """Money between own accounts; it may be under way for a day or two, over the end of a month too."""
    if len(making.accounts) < 2:
        return
    for _ in range(making.random.randint(1, 3)):
        start, goal = making.random.sample(making.accounts, 2)
        move(making, start.iban, goal.iban, making.random.choice((5000, 10_000, 2500)))


def move(making: Making, start: str, goal: str, minor: int) -> None:
    """Add both sides of a transfer between own accounts."""
    at = making.moment(making.some_day(before_end=3))
    later = at + timedelta(days=making.random.choice((0, 0, 0, 1, 2)), minutes=3)
    text = making.random.choice(("Ülekanne", "Reservi", "oma kontole", "Annetused arvelduskontole"))
    for account, other, moment, signed in ((start, goal, at, -minor), (goal, start, later, minor)):
        making.add(
            moment.date(),
            signed,
            Party(name=making.organisation, iban=other, code=making.code),
            text,
            Meaning(purpose=Purpose.TRANSFER, of=len(making.made) + (1 if signed < 0 else -1)),
            account=account,
            at=moment,
        )


def came_back(making: Making) -> None:
    """What we paid comes back from the payee: an account that was closed, an order that was cancelled."""
    minor = making.random.choice((700, 1999, 4200))
    text = making.random.choice(PRINTED)
    paid = making.cost(making.some_day(before_end=4), minor, text)
    making.add(
        paid.day + timedelta(days=making.random.randint(1, 4)),
        minor,
        paid.party,
        making.random.choice((text, text, f"Tagastus: {text}")),
        Meaning(purpose=Purpose.INCOME, of=paid.key, clarity=Clarity.ASK),
        account=paid.account,
        kind=making.random.choice((Kind.RETURN, Kind.TRANSFER, Kind.TRANSFER)),
    )


def payouts(making: Making) -> None:
    """A payment provider pays out what many gave elsewhere."""
    name, code, country = making.random.choice(PAYERS_OUT)
    account = making.crowd.account(country)
    for _ in range(making.random.randint(1, 2)):
        making.add(
            making.some_day(),
            making.random.choice((14_325, 8810, 26_400)),
            Party(name=name, iban=account, code=code),
            making.random.choice(PAYOUTS),
            Meaning(purpose=Purpose.INCOME, clarity=Clarity.ASK),
        )


def institutions(making: Making) -> None:
    """Gifts of people through a pooled account of their bank: named behind it, or not at all."""
    name, code, country = making.random.choice(INSTITUTIONS)
    account = making.crowd.account(country)
    for _ in range(making.random.randint(1, 3)):
        who = making.crowd.person()
        behind = who.names[0] if making.random.random() < 0.4 else ""
        making.add(
            making.some_day(),
            making.amount(),
            Party(name=name, iban=account, code=code, on_behalf_of=behind),
            making.random.choice(GIFTS),
            Meaning(purpose=Purpose.GIFT, giver=who.key, clarity=Clarity.ASK),
        )


def grants(making: Making) -> None:
    """A ministry or a town pays a grant, sometimes with the word that donors write."""
    name, code = making.random.choice(PUBLIC_BODIES)
    making.add(
        making.some_day(),
        making.random.choice((50_000, 120_000, 2000)),
        Party(name=name, iban=making.crowd.account(), code=code if making.random.random() < 0.6 else ""),
        making.random.choice(GRANTS),
        Meaning(purpose=Purpose.INCOME, clarity=Clarity.ASK),
    )


def households(making: Making) -> None:
    """Joint accounts, and a parent who pays for a child with the child's code in the text."""
    one, other = making.crowd.couple()
    for who in (one, other, making.random.choice((one, other))):
        making.gift(who, making.some_day())
    parent, child = making.crowd.person(), making.crowd.person()
    making.gift(child, making.some_day())
    making.gift(parent, making.some_day())
    if child.code:
        making.add(
            making.some_day(),
            making.amount(),
            making.party(parent, making.first_day),
            f"Annetus {child.code}",
            Meaning(purpose=Purpose.GIFT, giver=parent.key, clarity=Clarity.ASK),
        )


def marriages(making: Making) -> None:
    """Standing orders under a name that changes on the way."""
    who = making.crowd.married()
    day, text = making.first_day, making.random.choice(STANDING)
    minor = making.amount()
    while day <= making.last_day:
        making.gift(who, day, minor, text)
        day += timedelta(days=7)


def namesakes(making: Making) -> None:
    """Two people of one name, and one with two accounts."""
    for who in (*making.crowd.namesakes(), making.crowd.with_two_accounts()):
        for _ in range(making.random.randint(1, 3)):
            making.gift(who, making.some_day())


def standing_orders(making: Making) -> None:
    """The same every week, some from abroad, one from a company."""
    crowd = making.crowd
    account = making.home().iban
    for who in (crowd.person(), crowd.foreigner(), crowd.organisation()):
        day = making.first_day + timedelta(days=making.random.randrange(7))
        text, minor = making.random.choice(STANDING), making.amount()
        while day <= making.last_day:
            making.gift(who, day, minor, text, account=account)
            day += timedelta(days=7)


def other_money(making: Making) -> None:
    """Invoices, fees and tickets, of strangers and of people who give."""
    known = making.crowd.person()
    making.gift(known, making.some_day())
    for _ in range(making.random.randint(1, 4)):
        who = known if making.random.random() < 0.5 else making.crowd.person()
        making.add(
            making.some_day(),
            making.amount(),
            making.party(who, making.first_day),
            making.random.choice(OTHER_MONEY_IN),
            Meaning(purpose=Purpose.INCOME, clarity=Clarity.ASK),
        )


def undecidable(making: Making) -> None:
    """Payments of which nobody can know by the statement alone what they were for."""
    for _ in range(making.random.randint(1, 3)):
        who = making.crowd.person()
        if making.random.random() < 0.5:
            making.gift(who, making.some_day())
        is_gift = making.random.random() < 0.6
        meaning = (
            Meaning(purpose=Purpose.GIFT, giver=who.key, clarity=Clarity.ASK)
            if is_gift
            else Meaning(purpose=Purpose.INCOME, clarity=Clarity.ASK)
        )
        text = making.random.choice(UNDECIDABLE)
        making.add(making.some_day(), making.amount(), making.party(who, making.last_day), text, meaning)


def pasted_accounts(making: Making) -> None:
    """Donors who write an own account's number into the text, as they copied it from the page."""
    for _ in range(making.random.randint(1, 2)):
        who = making.crowd.person()
        making.add(
            making.some_day(),
            making.random.choice((5000, 2500, 10_000)),
            making.party(who, making.first_day),
            f"Annetus kontole {making.random.choice(making.accounts).iban}",
            Meaning(purpose=Purpose.GIFT, giver=who.key, clarity=Clarity.ASK),
        )


def dollars(making: Making) -> None:
    """Gifts in another currency, on the same account number."""
    homes = [each for each in making.seen if "USD" in each.currencies]
    for home in homes:
        who = making.crowd.foreigner()
        for _ in range(making.random.randint(1, 3)):
            making.gift(who, making.some_day(), currency="USD", account=home.iban)


def interest(making: Making) -> None:
    """Interest and its income tax, which some banks book under one reference."""
    day = making.last_day - timedelta(days=making.random.randint(0, 5))
    account = making.home().iban
    making.bank_own(day, 412, Kind.INTEREST, "Intress", account=account)
    making.bank_own(day, -91, Kind.TAX, "Tulumaks intressilt", account=account)


def compensated(making: Making) -> None:
    """A day on which as much goes out as comes in."""
    day, minor = making.some_day(before_end=1), making.random.choice((5000, 3000))
    account = making.home().iban
    making.gift(making.crowd.person(), day, minor, account=account)
    making.cost(day, minor, account=account)


def circle(making: Making) -> None:
    """Fourteen people who give every month: enough to publish."""
    people = [making.crowd.person() for _ in range(14)]
    account = making.seen[0].iban
    for who in people:
        day = making.first_day + timedelta(days=making.random.randrange(20))
        text = making.random.choice(STANDING)
        while day <= making.last_day:
            making.gift(who, day, making.amount(), text, account=account)
            day += timedelta(days=30)


THEMES: dict[str, tuple[Callable[[Making], None], int]] = {
    "twins": (twins, 9),
    "batches": (batches, 9),
    "refunds": (refunds, 6),
    "bounced": (bounced, 4),
    "own_transfers": (own_transfers, 8),
    "came_back": (came_back, 5),
    "payouts": (payouts, 4),
    "institutions": (institutions, 5),
    "grants": (grants, 4),
    "households": (households, 6),
    "marriages": (marriages, 3),
    "namesakes": (namesakes, 5),
    "standing_orders": (standing_orders, 7),
    "other_money": (other_money, 7),
    "undecidable": (undecidable, 4),
    "pasted_accounts": (pasted_accounts, 4),
    "dollars": (dollars, 4),
    "interest": (interest, 4),
    "compensated": (compensated, 7),
    "circle": (circle, 2),
}
"""By name, with how often each is drawn among the others."""
