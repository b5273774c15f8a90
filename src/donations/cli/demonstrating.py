"""A made-up association keeps its books for two years, an evening a month, and the pages are served over them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rich.progress import track
from sqlalchemy import Engine

from donations.cli import context
from donations.cli.server import GRACE, listen, serve
from donations.cli.show import errors, money, print_translated, table, translated
from donations.cli.workers import ending_in_peace
from donations.core.calendar import Month
from donations.core.language import N_
from donations.core.money import EUR
from donations.demo.evenings import LEFT_OPEN, EveningDone, Evenings
from donations.demo.story import Folder, Plot, Story, tell
from donations.settings import Settings
from donations.store.migrate import migrate
from donations.store.opening import close_books, open_engine

_FOLDER = Path("demo-data")
_COLUMNS = (
    N_("Month"),
    N_("Files"),
    N_("New"),
    N_("Known"),
    N_("Gifts"),
    N_("Sum"),
    N_("Asked"),
    N_("Answered"),
)


def show_demo(*, no_serve: bool, port: int, seed: int, donors: int) -> None:
    """Make fresh books, live through the story, and serve the pages unless told not to."""
    listening = None if no_serve else listen("127.0.0.1", port)
    _FOLDER.mkdir(exist_ok=True)
    database = _FOLDER / "donations.sqlite"
    for leftover in _FOLDER.glob("donations.sqlite*"):
        leftover.unlink()
    now = context.now()
    story = tell(Plot(last=Month.of(now.date()).before, donors=donors, seed=seed))
    settings = Settings(database_url=f"sqlite:///{database}", organisation=story.owner.name)
    engine = open_engine(settings.database_url)
    migrate(engine)
    live_through(engine, story, now=now)
    write_uploads(story, _FOLDER / "to-upload")
    place = N_("The demo's database is {file}; look into it with DONATIONS_DATABASE_URL={url}")
    print_translated(place, file=database, url=settings.database_url)
    if listening is None:
        close_books(engine, seconds=GRACE)
    else:
        with ending_in_peace():
            serve(settings, engine, listening, called=story.owner.name, demo=True)


def live_through(engine: Engine, story: Story, *, now: datetime) -> None:
    """Spend an evening on each month of the story, and print what came of it."""
    evenings = Evenings(engine, story, now=now).all()
    shown = track(
        evenings, total=len(story.span), description=translated(N_("Importing")), console=errors, transient=True
    )
    spent = list(shown)
    title = translated(N_("{association}, a made-up association"), association=story.owner.name)
    table(title, _COLUMNS, [*map(_row, spent), _totals(spent)], right=_COLUMNS)
    files = sum(each.files for each in spent)
    print_translated(
        N_("{files} files, 0 refused. The newest {open} questions are yours to answer."), files=files, open=LEFT_OPEN
    )


def write_uploads(story: Story, folder: Path) -> None:
    """Write the files that the visitor may upload; those of an earlier demo go."""
    folder.mkdir(exist_ok=True)
    for old in filter(Path.is_file, folder.iterdir()):
        old.unlink()
    files = list(Folder(story).to_upload())
    for file in files:
        (folder / file.name).write_bytes(file.content)
    overlapping = N_("{folder}: {count} files of {month} that overlap; drop them all on the upload page.")
    print_translated(overlapping, folder=folder, count=len(files), month=story.span[-1])


def _row(evening: EveningDone) -> tuple[str, ...]:
    return (str(evening.month), *_figures([evening]))


def _totals(evenings: list[EveningDone]) -> tuple[str, ...]:
    return (translated(N_("All")), *_figures(evenings))


def _figures(evenings: list[EveningDone]) -> tuple[str, ...]:
    return (
        str(sum(each.files for each in evenings)),
        str(sum(each.new for each in evenings)),
        str(sum(each.known for each in evenings)),
        str(sum(each.gifts for each in evenings)),
        money(sum(each.minor for each in evenings), EUR),
        str(sum(each.questions for each in evenings)),
        str(sum(each.answered for each in evenings)),
    )
