"""Small worlds by hand: one for each way in which books were once wrong and silent, and a calm one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.truth.acts import Act, ActKind, Script
from tests.truth.check_digits import estonian_iban, iban, personal_code, registry_code
from tests.truth.values import (
    Batches,
    Change,
    ChangeKind,
    Clarity,
    Download,
    Form,
    Habits,
    Ids,
    Kind,
    Meaning,
    Movement,
    OwnAccount,
    Party,
    Person,
    Purpose,
    Times,
    World,
)

OWN = OwnAccount(iban=estonian_iban("77", 700_000_001), bank="lhv", currencies=("EUR",), habits=Habits())
OTHER = OwnAccount(iban=estonian_iban("22", 220_000_002), bank="swedbank", currencies=("EUR",), habits=Habits())
PEOPLE = (
    Person(key=0, names=("Mari Kask",), ibans=(estonian_iban("22", 11), estonian_iban("10", 12)), code=""),
    Person(key=1, names=("Jaan Õun",), ibans=(estonian_iban("77", 13),), code=personal_code("3850412001")),
    Person(key=2, names=("Külli Põld",), ibans=(estonian_iban("42", 14),), code=personal_code("4790101002")),
    Person(key=3, names=("Trükikoda Täht OÜ",), ibans=(estonian_iban("10", 15),), code=registry_code("1234567")),
)
CODED = replace(PEOPLE[0], code=personal_code("4900101003"))
MARCH = date(2026, 3, 1)
_OURS = "MTÜ Jõe Ääres"


def march(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour)  # noqa: DTZ001 - clocks here are Estonian, without a zone


def gift(key: int, at: datetime, minor: int, who: int = 0, text: str = "Annetus", **more: object) -> Movement:
    person = PEOPLE[who]
    fields: dict[str, object] = {
        "party": Party(name=person.names[0], iban=person.ibans[0], code=person.code),
        "meaning": Meaning(purpose=Purpose.GIFT, giver=who),
        "account": OWN.iban,
    }
    return Movement(key=key, currency="EUR", at=at, minor=minor, text=text, **(fields | more))  # type: ignore[arg-type]


def other(key: int, at: datetime, minor: int, purpose: Purpose, party: Party, text: str, **more: object) -> Movement:
    meaning = Meaning(purpose=purpose, clarity=Clarity.ASK)
    return gift(key, at, minor, 0, text, party=party, **({"meaning": meaning} | more))


def download(
    key: int, first: int, last: int, *, form: Form = Form.CAMT_02, noon: bool = False, **more: object
) -> Download:
    """Return a download of days of March, made at noon of its last day or on the morning after."""
    end = MARCH + timedelta(days=last - 1)
    made = datetime.combine(end, datetime.min.time()) + timedelta(hours=12 if noon else 33)
    fields: dict[str, object] = {
        "account": OWN.iban,
        "currencies": ("EUR",),
        "first_day": MARCH + timedelta(days=first - 1),
        "last_day": end,
        "made_at": made,
    }
    return Download(key=key, form=form, **(fields | more))  # type: ignore[arg-type]


def scene(
    movements: tuple[Movement, ...],
    downloads: tuple[Download, ...],
    *acts: Act,
    habits: Habits | None = None,
    changes: tuple[Change, ...] = (),
    accounts: tuple[OwnAccount, ...] = (OWN,),
    people: tuple[Person, ...] = PEOPLE,
) -> Script:
    """Return the script in which these downloads are imported in their order, and then these acts are done."""
    own = accounts if habits is None else tuple(replace(each, habits=habits) for each in accounts)
    world = World(
        seed=0,
        organisation=_OURS,
        code=registry_code("8012345"),
        accounts=own,
        people=people,
        movements=tuple(sorted(movements, key=lambda each: (each.at, each.key))),
        changes=changes,
        openings=tuple((each.iban, "EUR", 100_000) for each in own),
        first_day=MARCH,
        last_day=MARCH + timedelta(days=30),
        themes=("by hand",),
    )
    imports = tuple(Act(ActKind.IMPORT, each.key) for each in downloads)
    return Script(world=world, downloads=downloads, acts=(*imports, Act(ActKind.COMPARE), *acts), is_late=True)


def calm() -> Script:
    """Gifts of three people in one file that proves the whole month."""
    gifts = tuple(gift(key, march(3 + 2 * key), 1000 + 100 * key, key % 3) for key in range(6))
    return scene(gifts, (download(1, 1, 31),))


def _on_other(moved: tuple[Movement, ...], downloads: tuple[Download, ...], habits: Habits | None = None) -> Script:
    """Return a scene on the other own account, which is at Swedbank."""
    return scene(
        tuple(replace(each, account=OTHER.iban) for each in moved),
        tuple(replace(each, account=OTHER.iban) for each in downloads),
        accounts=(OTHER,),
        habits=habits,
    )


def total_beside_a_single() -> Script:
    """The month in a table; until noon a batch of 30.00 in camt, and in the evening a single 30.00 of somebody else."""
    parts = gift(0, march(31, 8), 1000, batch=0), gift(1, march(31, 8), 2000, 1, batch=0)
    moved = (gift(3, march(5), 500), *parts, gift(2, march(31, 18), 3000, 2))
    return _on_other(moved, (download(1, 1, 31, form=Form.SWEDBANK_CSV), download(2, 1, 31, noon=True)))


def uncovered_day() -> Script:
    """As much comes as goes on a day that no file covers."""
    paid = other(1, march(11, 15), -5000, Purpose.COST, _supplier(), "Arve 7718")
    moved = (gift(2, march(1), 1000), gift(0, march(11), 5000, 1), paid, gift(3, march(21), 700, 2))
    return scene(moved, (download(1, 1, 10), download(2, 12, 31)), Act(ActKind.CLOSE, 202603))


def _supplier() -> Party:
    return Party(name="Telia Eesti AS", iban=estonian_iban("22", 999), code=registry_code("1023480"))


def noon_of_the_last_day() -> Script:
    """A file that was made at noon of the last day of a month, and nothing else."""
    return scene((gift(0, march(1), 1000),), (download(1, 1, 31, noon=True),), Act(ActKind.CLOSE, 202603))


def money_after_noon() -> Script:
    """The same, and money came in the evening."""
    moved = (gift(0, march(1), 1000), gift(1, march(31, 20), 2000, 1))
    return scene(moved, (download(1, 1, 31, noon=True),), Act(ActKind.CLOSE, 202603))


def numbered_per_download() -> Script:
    """OFX of a day, of the next until noon, and of all of it; each download has numbers of its own."""
    moved = (
        gift(0, march(1), 100),
        gift(1, march(2, 8), 1000),
        gift(2, march(2, 9), 2000, 1),
        gift(3, march(2, 19), 700, 2),
    )
    ofx = {"form": Form.OFX_1, "times": Times.DATES}
    files = download(1, 1, 1, **ofx), download(2, 2, 2, noon=True, **ofx), download(3, 2, 2, **ofx)  # type: ignore[arg-type]
    return scene(moved, files, habits=Habits(ofx_ids=Ids.PER_DOWNLOAD))


def camt_numbered_per_download() -> Script:
    """The same in camt with balances, of a week until a noon and until its evening."""
    moved = tuple(gift(key, march(1 + key // 3, 8 + key), 500 * (1 + key), key % 3) for key in range(8))
    late = gift(8, march(3, 21), 700, 2)
    return scene(
        (*moved, late), (download(1, 1, 3, noon=True), download(2, 1, 3)), habits=Habits(camt_ids=Ids.PER_DOWNLOAD)
    )


def half_day_numbered_per_download() -> Script:
    """A day until noon by itself, then the days until its evening, with numbers of its own each time."""
    moved = tuple(gift(key, march(1 + key // 3, 8 + key % 3), 500 * (1 + key), key % 3) for key in range(9))
    late = gift(9, march(3, 21), 700, 2)
    files = download(1, 3, 3, noon=True), download(2, 1, 3)
    return scene((*moved, late), files, habits=Habits(camt_ids=Ids.PER_DOWNLOAD))


def corrected_account() -> Script:
    """The bank corrects the payer's account; the line keeps its number."""
    moved = (gift(0, march(1), 900), gift(1, march(6), 1000, 1))
    change = Change(movement=1, since=march(8), kind=ChangeKind.PAYER, iban=estonian_iban("22", 233))
    files = download(1, 1, 6, form=Form.LHV_CSV), download(2, 1, 6, form=Form.LHV_CSV, made_at=march(9))
    return scene(moved, files, changes=(change,))


def other_end_to_end_ids() -> Script:
    """The bank's number stays, what the payer numbered comes out otherwise in each download."""
    moved = (gift(0, march(1), 900), gift(1, march(6), 1000, 1))
    return scene(moved, (download(1, 1, 6), download(2, 1, 6)), habits=Habits(end_to_end=Ids.PER_DOWNLOAD))


def code_of_another() -> Script:
    """Somebody writes the code of somebody else, and the bank gives no codes."""
    code = PEOPLE[2].code
    asks = Meaning(purpose=Purpose.GIFT, giver=1, clarity=Clarity.ASK)
    moved = (
        gift(0, march(2), 2000, 2, f"Annetus {code}"),
        gift(1, march(3), 300_000, 1, f"Annetus {code}", meaning=asks),
        gift(2, march(4), 1000, 1),
    )
    return scene(moved, (download(1, 1, 31),), habits=Habits(gives_codes=False))


def own_account_in_the_text() -> Script:
    """A donor writes our other account's number, in a file that names no payer's account."""
    asks = Meaning(purpose=Purpose.GIFT, giver=0, clarity=Clarity.ASK)
    moved = (
        gift(0, march(1), 5000, text=f"Annetus kontole {OTHER.iban}", meaning=asks),
        gift(1, march(1), 700, 1, account=OTHER.iban),
    )
    files = download(1, 1, 1, form=Form.OFX_1), download(2, 1, 1, account=OTHER.iban)
    return scene(moved, files, accounts=(OWN, OTHER), habits=Habits(ofx_names_only=True))


def _batch(day: int, *minors: int) -> tuple[Movement, ...]:
    return tuple(gift(key, march(day, 9), minor, key % 3, batch=0) for key, minor in enumerate(minors))


def one_detail_of_three() -> Script:
    """An entry of 30.00 shows one of its three payments only."""
    return scene(_batch(5, 1000, 500, 1500), (download(1, 1, 31),), habits=Habits(camt_batches=Batches.FIRST_DETAIL))


def paid_and_came_back() -> Script:
    """What we paid to a printer comes back."""
    party = Party(name=PEOPLE[3].names[0], iban=PEOPLE[3].ibans[0])
    moved = (
        other(0, march(5), -700, Purpose.COST, party, "Arve 12 annetuskarbid"),
        other(1, march(8), 700, Purpose.INCOME, party, "Arve 12 annetuskarbid"),
        gift(2, march(9), 700, 1),
    )
    return scene(moved, (download(1, 1, 31, form=Form.LHV_CSV),))


def no_donors() -> Script:
    """A payout, two strangers through one bank's account, a fintech as the name, and a ministry."""

    def through(name: str, key: int, giver: int | None = None, purpose: Purpose = Purpose.GIFT) -> Movement:
        party = Party(name=name, iban=iban("LT", f"{32500000000 + len(name):016}"))
        meaning = Meaning(purpose=purpose, giver=giver, clarity=Clarity.ASK)
        return other(key, march(2 + key), 1500 + key, purpose, party, "Annetus", meaning=meaning)

    moved = (
        through("Montonio Finance UAB", 0, purpose=Purpose.INCOME),
        through("AS SEB Pank", 1, 0),
        through("AS SEB Pank", 2, 1),
        through("Wise Europe SA", 3, 2),
        through("Kultuuriministeerium", 4, purpose=Purpose.INCOME),
    )
    return scene(moved, (download(1, 1, 31),))


def balance_of_the_day_of_download() -> Script:
    """OFX of 20 days states the balance of the day on which it was fetched; money came on that day."""
    moved = (gift(0, march(3), 1000), gift(1, march(21, 8), 2000, 1), gift(2, march(25), 700, 2))
    first = download(1, 1, 20, form=Form.OFX_1, made_at=march(21, 12), balance_of_download=True)
    return scene(moved, (first, download(2, 1, 31)))


def two_splits() -> Script:
    """Two files split one entry differently."""
    return scene(_batch(1, 1000, 2000), (download(1, 1, 1), download(2, 1, 1, batches=Batches.OTHER_SPLIT)))


def total_and_single_of_one_giver() -> Script:
    """A table shows a batch as its total, and a single of one of its givers; camt shows all."""
    parts = _batch(8, 500, 500, 1500)
    moved = (*parts, gift(3, march(8, 15), 500), gift(4, march(7), 500, 1))
    files = download(1, 5, 14, form=Form.SEB_CSV), download(2, 7, 22)
    return scene(moved, files, habits=Habits(csv_batches=Batches.TOTAL, batch_id_in_csv=False))


def account_without_statements() -> Script:
    """Money goes to an own account of which nobody fetches statements."""
    party = Party(name=_OURS, iban=OTHER.iban)
    out = other(
        1, march(10), -5000, Purpose.TRANSFER, party, "Reservi", meaning=Meaning(purpose=Purpose.TRANSFER, of=2)
    )
    back = Party(name=_OURS, iban=OWN.iban)
    arrived = replace(out, key=2, account=OTHER.iban, minor=5000, party=back, meaning=replace(out.meaning, of=1))
    silent = replace(OTHER, is_silent=True)
    moved = (gift(0, march(2), 1000), out, arrived)
    return scene(moved, (download(1, 1, 31),), Act(ActKind.CLOSE, 202603), accounts=(OWN, silent))


def gap_behind_a_noon() -> Script:
    """The afternoon of a day is in no file; the files before and after it are true."""
    moved = (gift(0, march(2), 1000), gift(1, march(7, 16), 1000, 1), gift(2, march(9), 500, 2))
    return scene(moved, (download(1, 1, 7, form=Form.OFX_1, noon=True), download(2, 8, 11, form=Form.OFX_1)))


def moved_booking() -> Script:
    """The bank books a payment again on another day."""
    change = Change(movement=1, since=march(12), kind=ChangeKind.MOVED, days=1)
    moved = (gift(0, march(2), 1000), gift(1, march(10), 2500, 1))
    return scene(moved, (download(1, 1, 11, made_at=march(12, 6)), download(2, 1, 31)), changes=(change,))


def vanished_booking() -> Script:
    """The bank takes a booking out again."""
    change = Change(movement=1, since=march(12), kind=ChangeKind.VANISHED)
    moved = (gift(0, march(2), 1000), gift(1, march(10), 2500, 1))
    return scene(moved, (download(1, 1, 11, made_at=march(12, 6)), download(2, 1, 31)), changes=(change,))


def _coded(key: int, at: datetime, minor: int, account: int) -> Movement:
    party = Party(name=CODED.names[0], iban=CODED.ibans[account], code=CODED.code)
    return gift(key, at, minor, party=party)


def erased_and_coded() -> Script:
    """Somebody is erased; then files come that carry the code which the first did not."""
    moved = (_coded(0, march(2), 3000, 0), _coded(1, march(20), 1000, 0))
    acts = (Act(ActKind.ERASE, 0), Act(ActKind.IMPORT, 2), Act(ActKind.IMPORT, 3))
    files = download(1, 1, 10, form=Form.OFX_1), download(2, 1, 10, form=Form.LHV_CSV), download(3, 11, 31)
    return _later(scene(moved, files, *acts, people=(CODED, *PEOPLE[1:])))


def merged_and_coded() -> Script:
    """Two accounts of one person are merged, the certificate is issued; then a file brings the code for one."""
    moved = (_coded(0, march(2), 1000, 0), _coded(1, march(3), 2000, 1), _coded(2, march(20), 1200, 1))
    acts = (
        *(Act(ActKind.MERGE, 0), Act(ActKind.CLOSE, 202603), Act(ActKind.ISSUE), Act(ActKind.IMPORT, 2)),
        Act(ActKind.IMPORT, 3),
    )
    files = download(1, 1, 10, form=Form.OFX_1), download(2, 1, 10, form=Form.LHV_CSV), download(3, 11, 31)
    return _later(scene(moved, files, *acts, people=(CODED, *PEOPLE[1:])))


def _later(script: Script) -> Script:
    """Let only the first file come before what people say."""
    first = [act for act in script.acts if act == Act(ActKind.IMPORT, 1)]
    rest = script.acts[len(script.downloads) :]
    return replace(script, acts=(*first, *rest))


def refunds_by_other_ways() -> Script:
    """Refunds to another account of the donor with the code, and by name alone."""
    person = CODED
    back = Meaning(purpose=Purpose.REFUND, giver=0, of=0, clarity=Clarity.ASK)
    to_other = Party(name=person.names[0], iban=person.ibans[1], code=person.code)
    moved = (
        _coded(0, march(1), 5000, 0),
        gift(1, march(2), 2000, 1),
        gift(2, march(3), -5000, party=to_other, text="Annetuse tagastus", meaning=back),
        gift(
            3,
            march(4),
            -2000,
            party=Party(name=PEOPLE[1].names[0]),
            text="Annetuse tagastus",
            meaning=replace(back, giver=1, of=1),
        ),
    )
    return scene(moved, (download(1, 1, 31),), Act(ActKind.ANSWER, 5), people=(CODED, *PEOPLE[1:]))


def refund_that_came_back() -> Script:
    """A refund comes back: the gift is a gift again."""
    back = Meaning(purpose=Purpose.REFUND, giver=1, of=0, clarity=Clarity.ASK)
    again = Meaning(purpose=Purpose.INCOME, giver=1, of=1, clarity=Clarity.ASK)
    moved = (
        gift(0, march(1), 2000, 1),
        gift(1, march(5), -2000, 1, "Annetuse tagastus", meaning=back),
        gift(2, march(6), 2000, 1, "Annetuse tagastus", meaning=again, kind=Kind.RETURN),
    )
    return scene(moved, (download(1, 1, 31),), Act(ActKind.ANSWER, 5))


def denials() -> Script:
    """Texts with the word that donors write, which say that it is none."""
    texts = ("see ei ole annetus", "Arve 17, v.a annetus", "annetuskarp, arve 31", "palk märts annetus")
    party = Party(name=PEOPLE[1].names[0], iban=PEOPLE[1].ibans[0], code=PEOPLE[1].code)
    moved = tuple(other(key, march(2 + key), 1000, Purpose.INCOME, party, text) for key, text in enumerate(texts))
    return scene(moved, (download(1, 1, 31),))


SCENES: dict[str, Callable[[], Script]] = {
    each.__name__: each
    for each in (
        *(calm, total_beside_a_single, uncovered_day, noon_of_the_last_day, money_after_noon, numbered_per_download),
        *(camt_numbered_per_download, half_day_numbered_per_download, corrected_account, other_end_to_end_ids),
        *(code_of_another,),
        *(own_account_in_the_text, one_detail_of_three, paid_and_came_back, no_donors),
        *(balance_of_the_day_of_download, two_splits, total_and_single_of_one_giver, account_without_statements),
        *(gap_behind_a_noon, moved_booking, vanished_booking, erased_and_coded, merged_and_coded),
        *(refunds_by_other_ways, refund_that_came_back, denials),
    )
}
