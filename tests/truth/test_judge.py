"""The judge judged: products that err in one thing each, and the fault that it must find; a calm world has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import FreshEngine
from tests.examples import ALL
from tests.truth.acts import Act, ActKind, Script
from tests.truth.books import FixtureBooks
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.play import Play
from tests.truth.product import Product
from tests.truth.scenes import (
    CODED,
    PEOPLE,
    account_without_statements,
    calm,
    download,
    gift,
    march,
    merged_and_coded,
    money_after_noon,
    noon_of_the_last_day,
    scene,
    uncovered_day,
    vanished_booking,
)
from tests.truth.told import Booked, Said, Took
from tests.truth.values import Form, GivenFile, Habits, Ids, Purpose, Times

Ledger = tuple[Booked, ...]
States = dict[tuple[str, str, date], str]


def played(fresh: FreshEngine, script: Script, kind: type[Product] = Product) -> Verdict:
    books = FixtureBooks(fresh, kind)
    verdict = Play(script, books).run()
    books.clear()
    return verdict


def test_a_calm_world_has_no_fault(fresh_sqlite: FreshEngine) -> None:
    verdict = played(fresh_sqlite, with_acts(calm(), *PAPERS))
    assert verdict.faults == []
    assert verdict.counts["gifts booked by rule"]
    assert verdict.counts["days proven"]


PAPERS = (
    *(Act(ActKind.CLOSE, 202603), Act(ActKind.KEEP_LIST), Act(ActKind.ISSUE), Act(ActKind.PUBLISH)),
    Act(ActKind.AGAIN),
)


def with_acts(script: Script, *acts: Act) -> Script:
    return replace(script, acts=(*script.acts, *acts))


def changed(payment: Booked, **more: Any) -> Booked:
    """Return a payment whose parts are otherwise."""
    return replace(payment, parts=tuple(replace(part, **more) for part in payment.parts))


class Forgetful(Product):
    """Loses a payment."""

    def ledger(self) -> Ledger:
        """Return all but the first."""
        return super().ledger()[1:]


class Doubling(Product):
    """Has one twice."""

    def ledger(self) -> Ledger:
        """Return the first once more."""
        found = super().ledger()
        return (*found, *(replace(each, id=-each.id) for each in found[:1]))


class OneForAll(Product):
    """Books all gifts for one donor."""

    def ledger(self) -> Ledger:
        """Return them so."""
        return tuple(changed(each, donor=9) for each in super().ledger())


class Misnaming(Product):
    """Shows all donors under one name."""

    def ledger(self) -> Ledger:
        """Return them so."""
        return tuple(changed(each, donor_name="Wise Europe SA") for each in super().ledger())


class Splitting(Product):
    """Makes each gift another donor's."""

    def ledger(self) -> Ledger:
        """Return them so."""
        return tuple(changed(each, donor=100 + each.id) for each in super().ledger())


class Miscalling(Product):
    """Calls gifts income."""

    def ledger(self) -> Ledger:
        """Return them so."""
        return tuple(changed(each, purpose=Purpose.INCOME.value, donor=None) for each in super().ledger())


def all_days(state: str) -> type[Product]:
    """Return a product that calls every day of March so."""

    class Sure(Product):
        """Knows one state only."""

        def states(self) -> States:
            """Return it for each day of each account that has one."""
            accounts = {(account, currency) for account, currency, _ in super().states()}
            days = [date(2026, 3, 1) + timedelta(days=day) for day in range(31)]
            return {(*account, day): state for account in accounts for day in days}

        def said(self) -> tuple[Said, ...]:
            """Say nothing."""
            return ()

    return Sure


class Unhindered(Product):
    """Lets every month be closed."""

    def obstacles(self, month: str) -> tuple[str, ...]:
        """See nothing in the way."""
        del month
        return ()


class OtherFigures(Product):
    """Reports a cent more."""

    def report(self, name: str, *, year: int | None = None, month: int | None = None) -> list[dict[str, Any]]:
        """Return the report with other amounts."""
        rows = super().report(name, year=year, month=month)
        return [row | {"minor": row["minor"] + 1} if "minor" in row else row for row in rows]


class OtherSums(Product):
    """Says that everybody kept a euro less."""

    def report(self, name: str, *, year: int | None = None, month: int | None = None) -> list[dict[str, Any]]:
        """Return the report with other sums."""
        rows = super().report(name, year=year, month=month)
        return [row | {"net": row["net"] - 100} if "net" in row else row for row in rows]


class WrongCode(Product):
    """Lists people with the code of somebody else."""

    def inf4(self, year: int) -> dict[str, Any]:
        """Return the list so."""
        found = super().inf4(year)
        return found | {"listed": [line | {"code": "38001085718"} for line in found["listed"]]}


class WrongCertificate(Product):
    """Certifies a euro more."""

    def certificates(self, year: int) -> list[dict[str, Any]]:
        """Return them so."""
        return [each | {"sums": {"EUR": each["sums"]["EUR"] + 100}} for each in super().certificates(year)]


class Voiding(Product):
    """Calls each certificate void, though nothing changed."""

    def certificates(self, year: int) -> list[dict[str, Any]]:
        """Return them so."""
        return [each | {"state": "void"} for each in super().certificates(year)]


class WrongPublic(Product):
    """Publishes what was not given, and agrees until a day that nobody knows."""

    def publish(self) -> dict[str, Any]:
        """Return such a document."""
        block = {"first_day": "2026-03-01", "last_day": "2026-03-31", "total_cents": 1}
        return {"blocks": [block], "agrees_with_the_bank_until": None}


class WrongUntil(WrongPublic):
    """Agrees with a bank that nobody asked."""

    def publish(self) -> dict[str, Any]:
        """Return such a document."""
        return {"blocks": [], "agrees_with_the_bank_until": "2026-03-31"}


class Thawing(Product):
    """Forgets closed months."""

    def frozen(self) -> dict[str, dict[str, Any]]:
        """Return none."""
        return {}


class Unerasing(Product):
    """Says that it erased somebody."""

    def erase(self, donor: int, *, keep: bool = True) -> str:
        """Do nothing."""
        del keep
        return f"№ {donor}"


class Unmerging(Product):
    """Says that it merged two."""

    def merge(self, goes: int, into: int) -> int:
        """Do nothing."""
        del goes, into
        return 1


class Unholding(Product):
    """Says that it holds."""

    def hold(self, donor: int) -> None:
        """Do nothing."""


class Keeping(Product):
    """Keeps what is undone."""

    def undo(self, file_id: int) -> None:
        """Do nothing."""


class Leaving(Product):
    """Leaves something behind when an import is undone."""

    rest = b""

    def undo(self, file_id: int) -> None:
        """Undo, and leave a line."""
        super().undo(file_id)
        self.rest = b"left\n"

    def dump(self) -> bytes:
        """Return the ledger and what is left."""
        return super().dump() + self.rest


class Careless(Product):
    """Keeps what it previews, and takes a file again as if it had not come."""

    def preview(self, files: list[GivenFile]) -> list[Took]:
        """Import."""
        return [self.take(file) for file in files]


class Counting(Product):
    """Its ledger depends on how often it was asked."""

    asked = 0

    def dump(self) -> bytes:
        """Return something else each time."""
        Counting.asked += 1
        return f"{Counting.asked}\n".encode()


class Broken(Product):
    """Breaks an invariant of its own."""

    def broken(self) -> frozenset[str]:
        """Name it."""
        return frozenset({"sums"})


class Refusing(Product):
    """Refuses files."""

    def take(self, file: GivenFile) -> Took:
        """Refuse."""
        del file
        return Took(status="refused", file_id=None, notices=("bad_csv",), lines=0, text="")


class Stopping(Product):
    """Stops."""

    def questions(self, only: int | None = None) -> tuple[Any, ...]:
        """Raise what nobody foresaw."""
        raise KeyError(only)


def without_second_file(script: Script) -> Script:
    return replace(script, acts=tuple(act for act in script.acts if act != Act(ActKind.IMPORT, 2)))


def undone() -> Script:
    return with_acts(replace(calm(), acts=(Act(ActKind.IMPORT, 1),)), Act(ActKind.UNDO, 1))


def undone_and_taken_again() -> Script:
    taken = Act(ActKind.IMPORT, 1)
    return replace(calm(), acts=(taken, Act(ActKind.UNDO, 1), taken, Act(ActKind.COMPARE)))


def previewed() -> Script:
    return replace(calm(), acts=(Act(ActKind.PREVIEW, 1),))


def held() -> Script:
    return with_acts(calm(), Act(ActKind.HOLD, 1))


def erased() -> Script:
    return with_acts(calm(), Act(ActKind.ERASE, 0))


def merged() -> Script:
    script = merged_and_coded()
    return replace(script, acts=script.acts[:3])


def papers() -> Script:
    return with_acts(calm(), *PAPERS)


def half_covered() -> Script:
    return with_acts(without_second_file(uncovered_day()), Act(ActKind.PUBLISH))


def twins_in_two_halves() -> Script:
    """One of two equal gifts is in the file until noon, the other in the one from noon on; nothing tells them apart."""
    moved = (gift(0, march(1), 500, 1), gift(1, march(5, 9), 1000), gift(2, march(5, 18), 1000))
    files = (
        download(1, 1, 5, noon=True, times=Times.NOMINAL),
        download(2, 5, 9, begins_at=march(5, 12), times=Times.NOMINAL),
    )
    return scene(moved, files, habits=Habits(camt_ids=Ids.MISSING))


@dataclass(frozen=True)
class Case:
    """A product that errs, what happens to its books, and the fault to be found."""

    kind: type[Product]
    script: Callable[[], Script]
    wrong: Wrong


CASES = (
    Case(Forgetful, calm, Wrong.LOST),
    Case(Doubling, calm, Wrong.DOUBLED),
    Case(OneForAll, calm, Wrong.TWO_IN_ONE),
    Case(Misnaming, calm, Wrong.DONOR),
    Case(Splitting, calm, Wrong.ONE_IN_TWO),
    Case(Miscalling, calm, Wrong.PURPOSE),
    Case(OtherSums, calm, Wrong.NET),
    Case(all_days("proven"), half_covered, Wrong.NOT_COVERED),
    Case(all_days("proven"), money_after_noon, Wrong.PROVEN_DENIED),
    Case(all_days("proven"), noon_of_the_last_day, Wrong.PROVEN_UNGROUNDED),
    Case(all_days("proven"), vanished_booking, Wrong.UNSAID),
    Case(all_days("proven"), twins_in_two_halves, Wrong.GUESSED),
    Case(all_days("conflict"), calm, Wrong.FALSE_CONFLICT),
    Case(Unhindered, uncovered_day, Wrong.CLOSABLE),
    Case(Unhindered, account_without_statements, Wrong.CLOSABLE),
    Case(OtherFigures, calm, Wrong.FIGURES),
    Case(WrongCode, calm, Wrong.TAX_LIST),
    Case(WrongCertificate, papers, Wrong.CERTIFICATE),
    Case(Voiding, papers, Wrong.CERTIFICATE),
    Case(WrongPublic, papers, Wrong.PUBLISHED),
    Case(WrongUntil, half_covered, Wrong.PUBLISHED),
    Case(Thawing, papers, Wrong.FROZEN),
    Case(Unerasing, erased, Wrong.ERASED_SHOWN),
    Case(Unmerging, merged, Wrong.WORD_LOST),
    Case(Unholding, held, Wrong.WORD_LOST),
    Case(Keeping, undone, Wrong.DOUBLED),
    Case(Leaving, undone_and_taken_again, Wrong.UNDO),
    Case(Careless, previewed, Wrong.PREVIEW),
    Case(Counting, calm, Wrong.ORDER),
    Case(Counting, papers, Wrong.AGAIN),
    Case(Broken, calm, Wrong.CHECK),
    Case(Refusing, calm, Wrong.REFUSED),
    Case(Stopping, lambda: with_acts(calm(), Act(ActKind.ANSWER, 1)), Wrong.STOPPED),
)


TRIED = CASES if ALL else CASES[::3]


@pytest.mark.parametrize("case", TRIED, ids=lambda case: f"{case.kind.__name__} {case.wrong.name}")
def test_each_fault_is_found(fresh_sqlite: FreshEngine, case: Case) -> None:
    verdict = played(fresh_sqlite, case.script(), case.kind)
    assert case.wrong in verdict.kinds


def test_no_kind_of_fault_is_never_found() -> None:
    """But for the two that are another kind with a word on it: the same, and said."""
    assert set(Wrong) - {case.wrong for case in CASES} == {Wrong.LOST_TOLD, Wrong.DOUBLED_TOLD}


def test_what_is_said_is_not_silent(fresh_sqlite: FreshEngine) -> None:
    """A payment too many on a day that is called a conflict is wrong, but not silent."""

    class Told(Doubling, all_days("conflict")):  # type: ignore[misc]
        """Doubles, and says so."""

    assert Wrong.DOUBLED_TOLD in played(fresh_sqlite, calm(), Told).kinds


def test_people_have_codes_that_differ() -> None:
    """The scenes rest on it."""
    codes = [each.code for each in (*PEOPLE, CODED) if each.code]
    assert len(codes) == len(set(codes)) == 4
    assert Form.CAMT_02.is_camt
