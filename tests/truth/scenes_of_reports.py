"""Small worlds by hand of what banks send before a statement, and of statements whose first day is not told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.truth.acts import Script
from tests.truth.scenes import PEOPLE, download, gift, march, other, scene
from tests.truth.values import Form, Habits, Party, Purpose


def month_from_its_second_day() -> Script:
    """MT940 dates an opening balance by the evening before: the first day of the month is not in the file."""
    shop = Party(name=PEOPLE[3].names[0], iban=PEOPLE[3].ibans[0], code=PEOPLE[3].code)
    moved = (
        gift(0, march(1), 1000),
        other(1, march(1, 15), -1000, Purpose.COST, shop, "Arve 5"),
        gift(2, march(9), 2000, 1),
    )
    return scene(moved, (download(1, 2, 31, form=Form.MT940),))


def reports_of_a_day() -> Script:
    """The same gift twice a day: two reports show one and both of them, the month's statement all."""
    moved = (gift(0, march(17, 9), 2000), gift(1, march(17, 15), 2000), gift(2, march(18, 9), 500, 1))
    noon, evening = (
        download(key, 17, 17, form=form, made_at=march(17, hour))
        for key, form, hour in ((1, Form.CAMT_052, 12), (2, Form.MT942, 18))
    )
    return scene(moved, (noon, evening, download(3, 1, 31)))


def reports_alone() -> Script:
    """Reports of all days and no statement: everything is booked, and no day is proven."""
    moved = tuple(gift(key, march(1 + key), 1000 + key, key % 3) for key in range(4))
    forms = (Form.CAMT_052, Form.MT942)
    days = (download(1 + key, 1 + key, 1 + key, form=forms[key % 2], made_at=march(1 + key, 23)) for key in range(4))
    return scene(moved, tuple(days))


def announced_and_moved() -> Script:
    """A report of noon announces what is booked in the evening; that of the next morning has both days."""
    moved = (gift(0, march(4, 9), 700), gift(1, march(4, 16), 900, 1), gift(2, march(5, 8), 900, 1))
    noon = download(1, 4, 4, form=Form.CAMT_052, made_at=march(4, 12))
    both = download(2, 4, 5, form=Form.CAMT_052, made_at=march(5, 9) + timedelta(minutes=1))
    habits = Habits(shows_pending=True)
    return scene(moved, (noon, both, download(3, 4, 4, form=Form.MT940)), habits=habits)


SCENES: dict[str, Callable[[], Script]] = {
    each.__name__: each for each in (month_from_its_second_day, reports_of_a_day, reports_alone, announced_and_moved)
}
