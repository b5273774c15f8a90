"""Fills a fresh database with a made-up association's past, and prints it: one line a month."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rich.progress import track
from sqlalchemy import Engine

from donations.cli.show import errors, money, say, table
from donations.core.money import EUR
from donations.demo.downloads import Folder
from donations.demo.evenings import LEFT_OPEN, Evening, Evenings
from donations.demo.story import Story

_COLUMNS = ("Month", "Files", "New", "Known", "Gifts", "Sum", "Asked", "Answered")


def live_through(engine: Engine, story: Story, *, now: datetime) -> None:
    """Spend an evening on each month of the story, and print what came of it."""
    evenings = Evenings(engine, story, now=now).all()
    shown = track(evenings, total=len(story.span), description="Importing", console=errors, transient=True)
    spent = list(shown)
    table(f"{story.owner.name}, a made-up association", _COLUMNS, [*map(_row, spent), _totals(spent)], right=_COLUMNS)
    say(f"{sum(each.files for each in spent)} files, 0 refused. The newest {LEFT_OPEN} questions are yours to answer.")


def write_uploads(story: Story, folder: Path) -> None:
    """Write the files that the visitor may upload; those of an earlier demo go."""
    folder.mkdir(exist_ok=True)
    for old in filter(Path.is_file, folder.iterdir()):
        old.unlink()
    files = list(Folder(story).to_upload())
    for file in files:
        (folder / file.name).write_bytes(file.content)
    say(f"{folder}: {len(files)} files of {story.span[-1]} that overlap; drop them all on the upload page.")


def _row(evening: Evening) -> tuple[str, ...]:
    return (str(evening.month), *_figures([evening]))


def _totals(evenings: list[Evening]) -> tuple[str, ...]:
    return ("All", *_figures(evenings))


def _figures(evenings: list[Evening]) -> tuple[str, ...]:
    return (
        str(sum(each.files for each in evenings)),
        str(sum(each.new for each in evenings)),
        str(sum(each.known for each in evenings)),
        str(sum(each.gifts for each in evenings)),
        money(sum(each.minor for each in evenings), EUR),
        str(sum(each.questions for each in evenings)),
        str(sum(each.answered for each in evenings)),
    )
