"""`python -m benchmarks`: files read and imported, pages answered, the public page; `pages` measures one of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from benchmarks import pages, public, reading
from benchmarks.report import machine

_WIDTH = 150
_ALL = ["files", "pages", "public"]


def main() -> None:
    """Measure; fewer lines, payments and rounds make it quick for trying out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("what", nargs="*", choices=_ALL, default=_ALL)
    parser.add_argument("--lines", type=int, default=100_000, help="of the files that are read")
    parser.add_argument("--rounds", type=int, default=3, help="of reading")
    parser.add_argument("--payments", type=int, default=100_000, help="in the books behind the pages")
    parser.add_argument("--repeat", type=int, default=9, help="requests of each page, after a first one")
    parser.add_argument("--only", default="", help="measure pages whose route contains this")
    parser.add_argument("--books", type=Path, help="keep the books behind the pages here, and use them next time")
    parser.add_argument("--out", type=Path, help="write the report to this file too")
    given = parser.parse_args()
    console = Console(width=_WIDTH, record=given.out is not None)
    console.print(machine())
    if "files" in given.what:
        reading.measure(console, lines=given.lines, rounds=given.rounds)
    if "pages" in given.what:
        pages.measure(console, payments=given.payments, repeat=given.repeat, only=given.only, books=given.books)
    if "public" in given.what:
        public.measure(console, books=given.books)
    if given.out is not None:
        given.out.write_text(console.export_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
