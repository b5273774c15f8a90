"""`python -m benchmarks` (make bench): every target with what was measured, all of them or the subjects named."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks import growth, importing, pages, postgres, public, reading, starting, table
from benchmarks.plan import Plan
from benchmarks.targets import Figure, results

_ALL = ["reading", "starting", "growth", "importing", "pages", "public"]
_QUICK_LINES, _QUICK_PAYMENTS = 5_000, 1_000
_WIDTH = 190
_DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    """Measure, print, and write what is to be written."""
    given = arguments(sys.argv[1:])
    console, where = Console(width=_WIDTH), table.machine()
    # What commands and servers leave where they are begun goes with the folder, as what is published from PostgreSQL.
    with TemporaryDirectory(prefix="bench-") as name, chdir(name):
        plan = Plan(
            lines=_QUICK_LINES if given.quick else given.lines,
            rounds=1 if given.quick else given.rounds,
            payments=_QUICK_PAYMENTS if given.quick else given.payments,
            repeat=given.repeat,
            million=given.million,
            peers=given.peers,
            folder=Path(name),
            books=given.books or Path(name),
            only=given.only,
            console=Console(stderr=True),
        )
        found = results(_figures(plan, given.what, console))
    table.show(console, found, plan, where)
    if given.json is not None:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(table.document(found, plan, where), ensure_ascii=False, indent=1) + "\n")
    if given.write:
        table.renew(_DOCUMENT, found, plan, where)


def _figures(plan: Plan, what: list[str], console: Console) -> Iterator[Figure]:
    with postgres.begun() as server:
        subjects: dict[str, Iterator[Figure]] = {
            "reading": reading.measure(plan),
            "starting": starting.measure(plan),
            "growth": growth.measure(plan),
            "importing": importing.measure(plan, server),
            "pages": pages.measure(plan, console, server),
            "public": public.measure(plan, server),  # the last, for it stops the server
        }
        for name in (each for each in subjects if each in what):
            try:
                yield from subjects[name]
            except Exception as error:  # noqa: BLE001 - hours of other measurements are not lost for it
                console.print(f"{name} broke off: {error!r}", markup=False)


def _subject(word: str) -> str:
    if word not in _ALL:  # `choices` would refuse to be asked for nothing
        raise argparse.ArgumentTypeError(f"it is none of {', '.join(_ALL)}")
    return word


def _path(word: str) -> Path:
    return Path(word).absolute()


def arguments(words: list[str]) -> argparse.Namespace:
    """Return what is asked for: all there is where no subject is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument(
        "what", nargs="*", type=_subject, default=_ALL, help=f"some of {', '.join(_ALL)}; all where none is named"
    )
    parser.add_argument("--quick", action="store_true", help="one round with few lines and payments, for trying out")
    parser.add_argument("--lines", type=int, default=100_000, help="of the files that are read and imported")
    parser.add_argument("--million", action="store_true", help="import ten times the lines too, for memory")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--payments", type=int, default=100_000, help="behind the pages; they are meant for 1,000,000")
    parser.add_argument("--repeat", type=int, default=9, help="requests of each page, after a first one")
    parser.add_argument("--only", default="", help="pages whose route contains this")
    parser.add_argument("--books", type=_path, help="a folder for the books behind the pages, to use them next time")
    parser.add_argument("--peers", type=_path, default=Path(sys.prefix) / "peers", help="where beancount is installed")
    parser.add_argument("--json", type=_path, help="write all of it as JSON to this file")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/performance.md")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
