"""A world from a seed: own accounts with their banks' habits, people, true movements, and later changes of bookings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from tests.truth.check_digits import registry_code
from tests.truth.movements import Making, everyday
from tests.truth.people import Crowd
from tests.truth.themes import THEMES
from tests.truth.values import (
    Batches,
    Change,
    ChangeKind,
    Clarity,
    Habits,
    Ids,
    Meaning,
    Movement,
    OwnAccount,
    Party,
    Purpose,
    World,
)

ORGANISATION = "MTÜ Jõe Ääres"
BANKS = {"lhv": "77", "swedbank": "22", "seb": "10"}


def make_world(seed: int, *, themes: tuple[str, ...] | None = None, contradicts: bool | None = None) -> World:
    """Return the world of a seed; with `themes` these instead of drawn ones, with `contradicts` changed bookings."""
    random = Random(f"world {seed}")
    chosen = themes or _themes(random)
    crowd = Crowd(random)
    first_day = date(2025, 1, 1) + timedelta(days=random.randrange(420))
    days = random.randint(62, 75) if "circle" in chosen else random.randint(14, 40)
    code = registry_code("8" + f"{random.randrange(10**6):06}")
    making = Making(
        random=random,
        crowd=crowd,
        accounts=_accounts(random, crowd, chosen),
        first_day=first_day,
        last_day=first_day + timedelta(days=days),
        organisation=ORGANISATION,
        code=code,
    )
    everyday(making)
    for theme in chosen:
        THEMES[theme][0](making)
    openings = _openings(random, making)
    swept = _swept(random, making, openings)
    changed = random.random() < 0.25 if contradicts is None else contradicts
    return World(
        seed=seed,
        organisation=ORGANISATION,
        code=code,
        accounts=making.accounts,
        people=tuple(crowd.people),
        movements=tuple(sorted(making.made, key=lambda each: (each.at, each.key))),
        changes=_changes(random, making) if changed else (),
        openings=openings,
        first_day=first_day,
        last_day=making.last_day,
        themes=(*chosen, *(("swept",) if swept else ())),
    )


def _themes(random: Random) -> tuple[str, ...]:
    names = list(THEMES)
    weights = [weight for _, weight in THEMES.values()]
    return tuple(dict.fromkeys(random.choices(names, weights, k=random.randint(2, 4))))


def _accounts(random: Random, crowd: Crowd, themes: tuple[str, ...]) -> tuple[OwnAccount, ...]:
    needs_two = {"own_transfers", "pasted_accounts"} & set(themes)
    wanted = random.choice((2, 2, 3)) if needs_two else random.choice((1, 1, 2, 3))
    found: list[OwnAccount] = []
    for number in range(wanted):
        bank = random.choice(tuple(BANKS))
        made = crowd.account()
        while not made[4:].startswith(BANKS[bank]):
            made = crowd.account()
        currencies = ("EUR", "USD") if number == 0 and "dollars" in themes else ("EUR",)
        is_silent = number > 0 and number == wanted - 1 and random.random() < 0.25
        found.append(
            OwnAccount(iban=made, bank=bank, currencies=currencies, habits=_habits(random, bank), is_silent=is_silent)
        )
    return tuple(found)


def _habits(random: Random, bank: str) -> Habits:
    def ids(*rare: Ids) -> Ids:
        return Ids.STABLE if random.random() < 0.6 else random.choice(rare)

    return Habits(
        camt_ids=ids(Ids.PER_DOWNLOAD, Ids.PER_DOWNLOAD, Ids.PER_FILE, Ids.REUSED, Ids.CONSTANT, Ids.MISSING),
        csv_ids=ids(Ids.PER_DOWNLOAD, Ids.REUSED, Ids.MISSING, Ids.MISSING),
        ofx_ids=ids(Ids.PER_DOWNLOAD, Ids.PER_DOWNLOAD, Ids.PER_FILE, Ids.REUSED),
        one_family=bank == "seb" or random.random() < 0.3,
        csv_batches=random.choice((Batches.PARTS, Batches.TOTAL)),
        camt_batches=Batches.PARTS if random.random() < 0.8 else random.choice((Batches.TOTAL, Batches.FIRST_DETAIL)),
        batch_id_in_csv=random.random() < 0.5,
        text_length=random.choice((140, 140, 70, 35)),
        name_length=random.choice((70, 70, 35)),
        capitals=random.random() < 0.3,
        gives_codes=random.random() < 0.75,
        numbers=random.random() < 0.4,
        newest_first=random.random() < 0.25,
        shows_pending=random.random() < 0.3,
        shows_owner=random.random() < 0.7,
        iban_in_memo=random.random() < 0.25,
        ofx_names_only=random.random() < 0.3,
        end_to_end=random.choice((Ids.MISSING, Ids.MISSING, Ids.STABLE, Ids.PER_DOWNLOAD)),
        gives_transaction_ids=random.random() < 0.2,
        swift_names=random.random() < 0.4,
    )


def _openings(random: Random, making: Making) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (account.iban, currency, random.choice((0, 100_000, 12_345, 50_000)))
        for account in making.accounts
        for currency in account.currencies
    )


def _swept(random: Random, making: Making, openings: tuple[tuple[str, str, int], ...]) -> bool:
    """Empty the first account every evening into another, in one world of eight that have two."""
    if len(making.accounts) < 2 or random.random() > 0.12:
        return False
    own, goal = making.accounts[0].iban, making.accounts[1].iban
    held = next(minor for iban, currency, minor in openings if (iban, currency) == (own, "EUR"))
    for day in sorted({each.day for each in making.made if each.account == own}):
        at = datetime.combine(day, time(23, 30))
        held += sum(each.minor for each in making.made if (each.account, each.currency, each.day) == (own, "EUR", day))
        if held > 0:
            for account, other, signed in ((own, goal, -held), (goal, own, held)):
                making.add(
                    day,
                    signed,
                    Party(name=making.organisation, iban=other, code=making.code),
                    "Cash pool",
                    Meaning(purpose=Purpose.TRANSFER, of=len(making.made) + (1 if signed < 0 else -1)),
                    account=account,
                    at=at,
                )
            held = 0
    return True


def _changes(random: Random, making: Making) -> tuple[Change, ...]:
    """Let the bank change one to three bookings later: the payer's account, the text, the day, or all away."""
    gifts = [
        each
        for each in making.made
        if each.meaning.purpose is Purpose.GIFT
        and each.meaning.clarity is Clarity.PLAIN
        and each.batch is None
        and each.day <= making.last_day - timedelta(days=4)
        and not any(other.meaning.of == each.key for other in making.made)
    ]
    chosen = random.sample(gifts, min(len(gifts), random.randint(1, 3)))
    return tuple(_change(random, making, each) for each in chosen)


def _change(random: Random, making: Making, one: Movement) -> Change:
    since = one.at + timedelta(days=random.randint(1, 3), hours=random.randint(0, 9))
    kind = random.choice(tuple(ChangeKind))
    return Change(
        movement=one.key,
        since=since,
        kind=kind,
        iban=making.crowd.account() if kind is ChangeKind.PAYER else "",
        text=f"{one.text} {one.party.name.split()[0]}" if kind is ChangeKind.TEXT else "",
        days=random.choice((-1, 1, 2)) if kind is ChangeKind.MOVED else 0,
    )
