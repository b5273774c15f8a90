"""`donations readers`: which formats are read, by ourselves and by packages that are installed beside us."""

from __future__ import annotations

from dataclasses import asdict

from donations.cli.show import Json, as_json, table, translated
from donations.core.language import N_
from donations.readers.door import known_readers
from donations.readers.protocol import KnownReader

_COLUMNS = (N_("Format"), N_("Endings of its files"), N_("Read by"))
_OURSELVES = N_("donations itself")
_NOT_USABLE = N_("{package}: cannot be used, it is passed over")


def readers_command(*, json: Json = False) -> None:
    """Show which formats are read, and what reads them."""
    found = known_readers()
    if json:
        as_json({"readers": list(map(asdict, found))})
        return
    table(translated(N_("Readers")), _COLUMNS, map(_row, found))


def _row(each: KnownReader) -> tuple[str, ...]:
    by = each.package or translated(_OURSELVES)
    return each.name, " ".join(each.suffixes), by if each.is_usable else translated(_NOT_USABLE, package=each.package)
