"""How banks number lines: the same number for ever, one per download, one per file, one for two, or none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from tests.truth.values import Download, Form, Habits, Ids, Kind, Line, Movement, World

Pairs = tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True)
class Numbering:
    """Ids of the lines of one download."""

    world: World
    download: Download

    @property
    def _habits(self) -> Habits:
        return self.world.account(self.download.account).habits

    @property
    def habit(self) -> Ids:
        """How this bank numbers in this format."""
        form, habits = self.download.form, self._habits
        if form.is_camt or form.is_swift or (form.is_csv and habits.one_family):
            return habits.camt_ids
        return habits.csv_ids if form.is_csv else habits.ofx_ids

    @property
    def scheme(self) -> str:
        """Which ids can be compared with each other."""
        form = self.download.form
        if form.is_camt or (form.is_csv and self._habits.one_family):
            return "camt"
        if form.is_swift:  # sixteen characters: longer ones are cut, and then they are others
            return "camt" if self._habits.one_family and self._bank != "lhv" else "swift"
        return "csv" if form.is_csv else "ofx"

    @property
    def _bank(self) -> str:
        return self.world.account(self.download.account).bank

    def of(self, one: Movement) -> Pairs:
        """Return the ids of a movement's line; those that depend on its place come later."""
        return (*self._pairs(str(one.key), one), *self._of_payer(one))

    def _of_payer(self, one: Movement) -> Pairs:
        """Return what camt carries besides the bank's own number: the payer's id (SWIFT too) and the first bank's."""
        form = self.download.form
        if not (form.is_camt or form.is_swift) or one.kind not in {Kind.TRANSFER, Kind.RETURN}:
            return ()
        habits, found = self._habits, []
        if habits.end_to_end is not Ids.MISSING:
            junk = f" {self.download.key}" if habits.end_to_end is Ids.PER_DOWNLOAD else ""
            found.append(("e2e", f"E2E-{self._digest(f'e2e {one.key}{junk}')[:12]}"))
        if habits.gives_transaction_ids and form.is_camt:
            found.append(("tx", f"TX{self._digest(f'tx {one.key}')[:16]}"))
        return tuple(found)

    def of_batch(self, first: Movement) -> Pairs:
        """Return the ids of a batch entry."""
        if self.download.form.is_csv and not self._habits.batch_id_in_csv:
            return ()
        return self._pairs(f"batch {first.batch}", first)

    def numbered(self, lines: list[Line]) -> tuple[Line, ...]:
        """Return the lines with ids that depend on their place in the file."""
        if self.habit is not Ids.PER_FILE or self.download.form is Form.TABLE:
            return tuple(lines)
        return tuple(replace(line, ids=((self.scheme, f"N{at:08}"), *line.ids)) for at, line in enumerate(lines, 1))

    def _pairs(self, what: str, one: Movement) -> Pairs:
        if self.download.form is Form.TABLE:
            return ()
        match self.habit:
            case Ids.STABLE:
                value = self._value(what, one)
            case Ids.PER_DOWNLOAD:
                value = self._value(f"{what} {self.download.key}", one)
            case Ids.REUSED:
                value = self._value(self._shared(what, one), one, has_day=False)
            case Ids.CONSTANT:
                value = "000000001X"
            case Ids.PER_FILE | Ids.MISSING:
                return ()
        return ((self.scheme, value),)

    def _shared(self, what: str, one: Movement) -> str:
        """Return what two movements of different days and amounts have in common: the bank begins anew."""
        earlier = next(
            (
                each
                for each in self.world.movements
                if each.key == one.key - 2 and each.minor != one.minor and each.day != one.day and each.key % 4 < 2
            ),
            None,
        )
        return what if earlier is None or what.startswith("batch") else str(earlier.key)

    def _digest(self, what: str) -> str:
        return hashlib.sha256(f"{self.world.seed} {what}".encode()).hexdigest().upper()

    def _value(self, what: str, one: Movement, *, has_day: bool = True) -> str:
        digest = self._digest(f"{self.scheme} {one.account} {what}")
        digits = f"{int(digest[:12], 16):015}"[-8:]
        day = f"{one.day:%Y%m%d}" if has_day else "20200101"
        match self._bank, self.download.form:
            case _, Form.OFX_1 | Form.OFX_2:
                return f"F{digest[:14]}"
            case "swedbank", _:
                return f"{day}{digits}" + ("-1" if self.scheme == "camt" and not self._habits.one_family else "")
            case "seb", _:
                return f"RO{digits}12L01"
            case _:
                return digest[: 16 if self.scheme == "swift" else 32] if self.scheme != "csv" else f"{day}{digits}"
