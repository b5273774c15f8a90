"""`donations serve`, `demo`: the pages, over the books or over a made-up association."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import Engine

from donations import assets
from donations.cli import context
from donations.cli.importing import files_in, import_files, show_results
from donations.cli.show import say
from donations.core.keyword import parse_keyword
from donations.core.reference import parse_reference
from donations.intake import Terms
from donations.settings import Settings
from donations.store import people
from donations.store.migrate import migrate
from donations.store.session import open_engine, writing
from donations.web import create_app

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where to serve.")]

DEMO_FOLDER = Path("demo-data")


def serve_command(
    *, host: Annotated[str, typer.Option(help="127.0.0.1 is this computer only.")] = "127.0.0.1", port: Port = 8000
) -> None:
    """Serve the pages until stopped (Ctrl-C)."""
    serve(context.settings(), context.engine(), host=host, port=port)


def demo_command(
    *, no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the table.")] = False, port: Port = 8000
) -> None:
    """Show a made-up association: a fresh database, all sample statements, and the pages over them."""
    DEMO_FOLDER.mkdir(exist_ok=True)
    database = DEMO_FOLDER / "donations.sqlite"
    for leftover in DEMO_FOLDER.glob("donations.sqlite*"):
        leftover.unlink()
    settings = Settings(database_url=f"sqlite:///{database}", organisation="MTÜ Rohutirts")
    engine = open_engine(settings.database_url)
    migrate(engine)
    reference = parse_reference("20260011")
    with writing(engine) as session:
        people.add_appeal(session, "General", keywords=[parse_keyword("donation")], references=[])
        people.add_appeal(
            session,
            "Niidufond",
            keywords=[parse_keyword("Niidufond")],
            references=[] if reference is None else [reference],
        )
    terms = Terms(by="demo", now=context.now(), limits=settings.limits, add_accounts=True)
    show_results(import_files(list(files_in([assets.directory("statements")])), terms, engine))
    say(f"The demo's database is {database}; look into it with DONATIONS_DATABASE_URL={settings.database_url}")
    if not no_serve:
        serve(settings, engine, host="127.0.0.1", port=port)


def serve(settings: Settings, engine: Engine, *, host: str, port: int) -> None:
    """Run the server in this process: one worker, for SQLite has one writer."""
    say(f"Serving on http://{host}:{port} - stop with Ctrl-C")
    uvicorn.run(create_app(settings, engine), host=host, port=port, log_level="warning", server_header=False)
