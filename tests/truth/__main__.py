"""`python -m tests.truth SEED` tells one seed's story; `--seeds 500` plays many and prints what came out."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.truth.acts import Script, make_script
from tests.truth.books import Books, PostgresBooks, SqliteBooks
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.play import Play
from tests.truth.shrink import smallest
from tests.truth.story import tell
from tests.truth.table import Tally


def main() -> int:
    """Play what was asked for; 1 where something was wrong."""
    asked = _arguments()
    return _many(asked) if asked.seed is None else _one(asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.truth", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int)
    parser.add_argument("--seeds", type=int, default=100, help="how many, without SEED")
    parser.add_argument("--start", type=int, default=0, help="the first of them")
    parser.add_argument("--jobs", type=int, default=1, help="processes, without SEED")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite (default)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL")
    parser.add_argument("--theme", action="append", help="only these themes; may be repeated")
    parser.add_argument("--contradicts", action="store_true", help="the bank changes bookings later, in each world")
    parser.add_argument(
        *("--shrink", "-s"),
        nargs="*",
        metavar="KIND",
        help="print the smallest story of each kind of fault, or of these only: DOUBLED LOST ...",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="with every line of every file")
    return parser.parse_args()


@contextmanager
def _books(asked: argparse.Namespace) -> Iterator[Books]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="truth")))
        books: Books = PostgresBooks(folder) if asked.postgres else SqliteBooks(folder)
        stack.callback(books.end)
        yield books


def _script(asked: argparse.Namespace, seed: int) -> Script:
    themes = tuple(asked.theme) if asked.theme else None
    return make_script(seed, themes=themes, contradicts=True if asked.contradicts else None)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _play(books: Books, script: Script) -> Play:
    play = Play(script, books)
    try:
        play.run()
    finally:
        books.clear()
    return play


def _one(asked: argparse.Namespace) -> int:
    script = _script(asked, asked.seed)
    with _books(asked) as books:
        play = _play(books, script)
        if asked.shrink is None or not play.verdict.faults:
            _say(tell(script, play.verdict, play.told, lines=asked.verbose))
        for wrong in _to_shrink(asked, play.verdict):
            _say_smallest(books, script, wrong, asked)
    return bool(play.verdict.faults)


def _to_shrink(asked: argparse.Namespace, verdict: Verdict) -> list[Wrong]:
    if asked.shrink is None:
        return []
    return sorted(wrong for wrong in verdict.kinds if not asked.shrink or wrong.name in asked.shrink)


def _say_smallest(books: Books, script: Script, wrong: Wrong, asked: argparse.Namespace) -> None:
    found = smallest(script, wrong, partial(_play, books))
    _say(f"The smallest with: {wrong.value}\n{tell(*found, lines=asked.verbose)}")


def _many(asked: argparse.Namespace) -> int:
    seeds = range(asked.start, asked.start + asked.seeds)
    tally, told = Tally(), set[Wrong]()
    with _books(asked) as books:
        for seed, verdict in _verdicts(asked, seeds):
            tally.add(seed, verdict)
            for wrong in (each for each in _to_shrink(asked, verdict) if each not in told):
                told.add(wrong)
                _say_smallest(books, _script(asked, seed), wrong, asked)
    _say(tally.written())
    return bool(tally.seeds_with_faults)


def _verdicts(asked: argparse.Namespace, seeds: range) -> Iterator[tuple[int, Verdict]]:
    if asked.jobs == 1:
        yield from _of_seeds(asked, seeds)
        return
    runs = [seeds[at : at + 10] for at in range(0, len(seeds), 10)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        for found in pool.map(partial(_listed, asked), runs):
            yield from found


def _listed(asked: argparse.Namespace, seeds: Iterable[int]) -> list[tuple[int, Verdict]]:
    return list(_of_seeds(asked, seeds))


def _of_seeds(asked: argparse.Namespace, seeds: Iterable[int]) -> Iterator[tuple[int, Verdict]]:
    with _books(asked) as books:
        for seed in seeds:
            yield seed, _play(books, _script(asked, seed)).verdict


if __name__ == "__main__":
    sys.exit(main())
